"""What moderators put right: kept apart from the source, and laid over every version of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.errors import Trouble
from bot.programme.names import display_name
from bot.programme.source import Source, SourcePaper, SourceSession
from bot.programme.text import clean

About = Literal["paper", "session"]

UNNAMED: Final = "?"
"""Stands in a text of authors for one whom the source leaves unnamed."""

FIELDS: Final[Mapping[About, tuple[str, ...]]] = {
    "paper": ("title", "authors", "abstract", "number"),
    "session": ("name", "room", "starts_at", "ends_at"),
}
"""What can be corrected."""

LIMITS: Final[Mapping[str, int]] = {
    "title": 300,
    "authors": 4000,
    "abstract": 4000,
    "number": 12,
    "name": 200,
    "room": 100,
    "starts_at": 40,
    "ends_at": 40,
}
"""The most characters each correction has."""

_AUTHOR_LIMIT = 100
_REQUIRED: Final = frozenset({"title", "name"})
_TIMES: Final = frozenset({"starts_at", "ends_at"})
_WORDS: Final[Mapping[str, str]] = {"name": "session's name", "starts_at": "start", "ends_at": "end"}

_Place = tuple[str, str, str]
"""What it is, its key and the field."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One field of one paper or session as a moderator wants it.

    Attributes:
        about: which of the two it is.
        key: the key of the paper or session.
        field: one of `FIELDS`.
        value: what it shall say, in the form `validated` returns; empty for nothing.
        was: what the source said when it was corrected, in the form `field_text` returns.
    """

    about: About
    key: str
    field: str
    value: str
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A corrected field for which the source now says something new, other than the correction.

    Attributes:
        correction: the correction, which stays in force.
        source_value: what the source says, in the form `field_text` returns.
    """

    correction: Correction
    source_value: str


def lay_over(source: Source, corrections: Iterable[Correction]) -> Source:
    """Return a source whose keys are assigned with the corrections in it.

    Corrections of what is gone are not used. Of several for a field the last one counts. A session's end that is not
    after its start, as when only the start was corrected, is left out.
    """
    values: dict[_Place, str] = {(one.about, one.key, one.field): one.value for one in corrections}
    return replace(source, sessions=tuple(_session(session, values) for session in source.sessions))


def conflicts(source: Source, corrections: Iterable[Correction]) -> tuple[Conflict, ...]:
    """Return the corrections about whose field the source, without corrections, has changed its mind."""
    return tuple(
        Conflict(correction, text)
        for correction, text in _present(source, corrections)
        if text is not None
        and not _says(text, correction, correction.value)
        and not _says(text, correction, correction.was)
    )


def redundant(source: Source, corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """Return the corrections that the source, without corrections, already says by itself."""
    return tuple(
        correction for correction, text in _present(source, corrections) if _says(text, correction, correction.value)
    )


def field_text(thing: SourcePaper | SourceSession, field: str) -> str | None:
    """Return a field of a source in the form of corrections, or None when the source has nothing there.

    Authors are a line each, with `UNNAMED` for one without a name; times are in ISO 8601 and UTC.
    """
    if field == "authors" and isinstance(thing, SourcePaper):
        return "\n".join(" ".join(name.split()) or UNNAMED for name in thing.byline) or None
    value: str | datetime | None = getattr(thing, field)
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value or None


def validated(about: About, field: str, text: str, zone: ZoneInfo) -> str:
    """Return what a moderator typed in the form a correction is kept in.

    Args:
        about: "paper" or "session".
        field: which field of it.
        text: what was typed. Names are separated by ";" or line breaks. A time such as "2026-05-18 18:00" is local
            time in `zone`, unless it ends with an offset.
        zone: the conference's time zone.

    Raises:
        Trouble: it can't be used; the message says why, and what would do.
    """
    if field not in FIELDS[about]:
        raise Trouble(f"I can't correct “{field}” of a {about}; what I can is {', '.join(FIELDS[about])}.")
    # Half of a character, which nothing can store, is the only thing this takes away.
    text = text.encode("utf-8", "ignore").decode().replace("\0", "").strip()
    value = _shaped(field, text, zone)
    if len(value) > LIMITS[field]:
        raise Trouble(f"The {_word(field)} may have {LIMITS[field]} characters; this has {len(value)}.")
    if field in _REQUIRED and not clean(value).plain:
        raise Trouble(f"The {_word(field)} can't be empty.")
    return value


def _word(field: str) -> str:
    return _WORDS.get(field, field)


def _shaped(field: str, text: str, zone: ZoneInfo) -> str:
    if field in _TIMES:
        return _moment(text, zone).isoformat() if text else ""
    if field == "authors":
        return "\n".join(_checked(name) or UNNAMED for name in _byline(text))
    return text if field == "abstract" else " ".join(text.split())


# --- laying over


def _session(session: SourceSession, values: Mapping[_Place, str]) -> SourceSession:
    def value(field: str, was: str | None) -> str | None:
        new = values.get(("session", session.key, field))
        return was if new is None else new or None

    def moment(field: str, was: datetime | None) -> datetime | None:
        new = values.get(("session", session.key, field))
        return was if new is None else _read_moment(new)

    starts_at, ends_at = moment("starts_at", session.starts_at), moment("ends_at", session.ends_at)
    corrected = (starts_at, ends_at) != (session.starts_at, session.ends_at)
    if corrected and starts_at and ends_at and ends_at <= starts_at:
        ends_at = None
    return replace(
        session,
        name=value("name", session.name) or session.name,
        room=value("room", session.room),
        starts_at=starts_at,
        ends_at=ends_at,
        papers=tuple(_paper(paper, values) for paper in session.papers),
    )


def _paper(paper: SourcePaper, values: Mapping[_Place, str]) -> SourcePaper:
    new = {field: values[place] for field in FIELDS["paper"] if (place := ("paper", paper.key, field)) in values}
    if not new:
        return paper
    return replace(
        paper,
        title=new.get("title") or paper.title,
        byline=_byline(new["authors"]) if "authors" in new else paper.byline,
        abstract=new["abstract"] or None if "abstract" in new else paper.abstract,
        number=new["number"] or None if "number" in new else paper.number,
    )


def _byline(text: str) -> tuple[str, ...]:
    names = (" ".join(name.split()) for name in re.split(r"[;\n]", text))
    return tuple("" if name == UNNAMED else name for name in names if name)


def _checked(name: str) -> str:
    if len(name) > _AUTHOR_LIMIT:
        raise Trouble(
            f"“{name[:40]}…” is too long for a name. Separate the authors with “;” or put each on a line of its own."
        )
    if name and not display_name(name):
        raise Trouble(f"“{name}” is no name; write “{UNNAMED}” for an author whose name is not known.")
    return name


# --- comparing


def _present(source: Source, corrections: Iterable[Correction]) -> Iterator[tuple[Correction, str | None]]:
    things: dict[tuple[str, str], SourcePaper | SourceSession] = {}
    for session in source.sessions:
        things["session", session.key] = session
        things |= {("paper", paper.key): paper for paper in session.papers}
    for correction in corrections:
        if thing := things.get((correction.about, correction.key)):
            yield correction, field_text(thing, correction.field)


def _says(text: str | None, correction: Correction, value: str | None) -> bool:
    return _comparable(correction.field, text) == _comparable(correction.field, value)


def _comparable(field: str, text: str | None) -> object:
    if field in _TIMES:
        return _read_moment(text or "")
    return _byline(text or "") if field == "authors" else " ".join((text or "").split())


# --- times


_MOMENT = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})[T ]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.0+)?)?\s*"
    r"(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE | re.ASCII,
)


def _read_moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """Read a time as somebody typed it; return it in UTC."""
    match = _MOMENT.fullmatch(text.replace("−", "-"))
    try:
        moment = datetime.fromisoformat(_iso(match)) if match else None
    except ValueError:
        moment = None
    if moment is None:
        raise Trouble(
            f"“{text[:60]}” is no date and time. Write it as 2026-05-18 18:00, which is taken as time in {zone.key}, "
            "or with its offset, as 2026-05-18 18:00-07:00."
        )
    if not 2000 <= moment.year < 2100:
        raise Trouble(f"The year {moment.year:04} is hardly meant.")
    return (moment if moment.tzinfo else _local(moment, zone)).astimezone(UTC)


def _iso(match: re.Match[str]) -> str:
    offset = (match["offset"] or "").upper().replace("Z", "+00:00")
    return f"{match['date']}T{match['hour']:0>2}:{match['minute']}:{match['second'] or '00'}{offset}"


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    first, second = moment.replace(tzinfo=zone, fold=0), moment.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    told = f"{moment:%Y-%m-%d %H:%M}"
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        # In the hour that is left out the first reading is by the clock before the change, and so later in fact.
        later = first.astimezone(UTC).astimezone(zone)
        raise Trouble(
            f"{told} does not exist in {zone.key}: the clocks go forward over it. You may mean {later:%Y-%m-%d %H:%M}."
        )
    raise Trouble(
        f"{told} comes twice in {zone.key}, where the clocks go back. Write {told}{_offset(first)} for the first time "
        f"or {told}{_offset(second)} for the second."
    )


def _offset(moment: datetime) -> str:
    minutes = (moment.utcoffset() or timedelta()) // timedelta(minutes=1)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"

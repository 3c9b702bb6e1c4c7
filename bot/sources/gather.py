"""Sessions made of papers that each say which one is theirs, and the source made of these sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.errors import UserError
from bot.programme.source import Source, SourcePaper, SourceSession
from bot.sources.field_names import TIME_NAMES
from bot.sources.problems import Problems, shown
from bot.sources.remarks import remark
from bot.sources.sound import sound

MOST_PAPERS = 100_000
"""The most papers, and the most sessions, that a source may hold: ten times those of the largest conferences."""

NO_SESSION = "Papers"
"""The session of papers that name none."""

_SPOKEN = {
    "session_key": "key",
    "session_kind": "kind",
    "session": "name",
    "room": "room",
    "starts_at": "start",
    "ends_at": "end",
}


@dataclass(slots=True)
class SessionDraft:
    """A session being gathered.

    Attributes:
        texts: its fields as the source has them, by the names of `SESSION_NAMES`.
        line: where it begins.
        papers: its papers so far.
    """

    texts: dict[str, str | None]
    line: int | None = None
    papers: list[SourcePaper] = field(default_factory=list)


class Sessions:
    """Gathers the sessions of papers that each say which one is theirs."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._by_place: dict[str, SessionDraft] = {}
        self._by_name: dict[str, SessionDraft] = {}
        self._drafts: list[SessionDraft] = []

    def session(
        self, texts: Mapping[str, str | None], line: int | None = None, where: str = "", place: str | None = None
    ) -> SessionDraft:
        """Return the session with these fields, which a later paper may complete but not change.

        Args:
            texts: the fields by the names of `SESSION_NAMES`.
            line: where in the source this is.
            where: the same for messages, where there are no lines.
            place: what tells sessions of the same name apart.
        """
        given = dict(texts)
        if given.get("session") is None or (place is None and not (given["session"] or "").strip()):
            given["session"] = NO_SESSION
        name = " ".join((given["session"] or "").casefold().split())
        known = self._by_name.get(name) if place is None else self._by_place.get(place)
        if known is None:
            known = SessionDraft(given, line)
            self._drafts.append(known)
        else:
            self._complete(known, given, line, where)
        self._by_name.setdefault(name, known)
        if place is not None:
            self._by_place[place] = known
        return known

    def drafts(self) -> Sequence[SessionDraft]:
        """Return the sessions in the order in which they first came."""
        return self._drafts

    def _complete(self, known: SessionDraft, given: Mapping[str, str | None], line: int | None, where: str) -> None:
        for field_name, text in given.items():
            before = known.texts.get(field_name)
            if before is None:
                known.texts[field_name] = text
            elif text not in (None, before) and _value(field_name, text) != _value(field_name, before):
                self._problems.note(
                    f"another {_SPOKEN[field_name]}",
                    f"{f'{where}: ' if where else ''}Session “{shown(known.texts['session'] or '')}” has the "
                    f"{_SPOKEN[field_name]} “{shown(text)}” here, but “{shown(before)}” before; the first one is kept.",
                    line,
                )


def _value(field_name: str, text: str) -> object:
    """Return what two ways of writing a field's value have in common."""
    if field_name in TIME_NAMES:
        try:
            return _moment(text)
        except ValueError:
            return text
    return " ".join(text.casefold().split()) if field_name == "session" else text.strip()


def check_count(name: str, papers: int, sessions: int = 0) -> None:
    """Refuse the file of a name when it holds too much; to be called before it is all in memory."""
    for count, what in ((papers, "papers"), (sessions, "sessions")):
        if count > MOST_PAPERS:
            raise UserError(
                f"{name}: it has more than {MOST_PAPERS:,} {what}, which is more than the bot can serve. "
                "Leave out what is not of this conference."
            )


def finish(form: str, drafts: Sequence[SessionDraft], problems: Problems) -> Source:
    """Make a source of what was gathered.

    Args:
        form: the reader's name and revision.
        drafts: the sessions.
        problems: what was found so far.
    """
    sessions = sound((_session(draft, problems) for draft in drafts), problems)
    remark(sessions, problems)
    return Source(form, sessions, problems.listed())


def _session(draft: SessionDraft, problems: Problems) -> SourceSession:
    texts = draft.texts
    return SourceSession(
        key=texts.get("session_key") or "",
        line=draft.line,
        kind=texts.get("session_kind") or "",
        name=texts.get("session") or "",
        room=texts.get("room"),
        starts_at=_time(draft, "starts_at", problems),
        ends_at=_time(draft, "ends_at", problems),
        papers=tuple(draft.papers),
    )


def _time(draft: SessionDraft, field_name: str, problems: Problems) -> datetime | None:
    text = draft.texts.get(field_name)
    if not text or not text.strip():
        return None
    about = f"Session “{shown(draft.texts.get('session') or '')}”: the {_SPOKEN[field_name]} “{shown(text)}”"
    try:
        moment = _moment(text)
    except ValueError:
        problems.action(
            "a time that can't be read",
            f"{about} is no time and is left out. Write it like 2026-05-18T18:00:00-07:00, or give the session its "
            "time in the configuration.",
            draft.line,
        )
        return None
    if moment.tzinfo is None:
        problems.action(
            "a time without an offset",
            f"{about} has no offset from UTC and is left out. Put one after it, like 2026-05-18T18:00:00-07:00, or "
            "give the session its time in the configuration.",
            draft.line,
        )
        return None
    return moment


def _moment(text: str) -> datetime:
    """Return a time in UTC, or naive when it is written without an offset; raise `ValueError` when it is none."""
    moment = datetime.fromisoformat(text.strip())
    try:
        return moment if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None

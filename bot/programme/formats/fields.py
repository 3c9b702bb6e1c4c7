"""What the forms with named fields share: the fields' names, the values they may have, and sessions made of papers."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.errors import Trouble
from bot.programme.identity import KEY_LIMIT
from bot.programme.source import Link, Problem, Severity, Source, SourcePaper, SourceSession

MOST_PAPERS = 100_000
"""The most papers, and the most sessions, that a source may hold: ten times those of the largest conferences."""

MOST_OF_A_KIND = 50
"""The most problems of one kind that are listed; nobody reads more of them."""

NO_SESSION = "Papers"
"""The session of papers that name none."""

# --- text


def decode(data: bytes, name: str) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark, or in UTF-16 with one.

    Raises:
        Trouble: it is in another encoding.
    """
    encoding = _encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        # The error counts from behind the byte order mark.
        before = error.object[: error.start].decode(encoding, "replace")
        line = len(re.split(r"\r\n|\r|\n", before))
        raise Trouble(
            f"{name}: line {line}: byte 0x{error.object[error.start]:02x} is not "
            f"{'UTF-16' if encoding == 'utf-16' else 'UTF-8'}. Save the file as UTF-8."
        ) from None


def beginning(data: bytes) -> str:
    """Return the first lines of what may be a text, without what comes before them. Never raises."""
    head = data[: 64 * 1024]
    return head.decode(_encoding(head), "replace").lstrip()


def shown(text: str, limit: int = 60) -> str:
    """Return a text as a message may quote it: on one line, short, and with nothing a terminal would obey."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text[: 4 * limit]).split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def without_surrogates(text: str) -> str:
    """Return a text that can be written in UTF-8: halves of characters become the replacement character."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


_SURROGATE = re.compile("[\ud800-\udfff]")


def _encoding(data: bytes) -> str:
    return "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"


# --- names of fields


class FieldNames:
    """The names under which fields come; case, spaces and underscores in them don't matter."""

    def __init__(self, **names: str) -> None:
        """Take the names of each field, separated by spaces, the surest first."""
        self._known = {
            name: (field_name, rank) for field_name, text in names.items() for rank, name in enumerate(text.split())
        }

    def find(self, given: Iterable[str]) -> dict[str, int]:
        """Return, for each field that is there, which of the given names is its."""
        best: dict[str, tuple[int, int]] = {}
        for position, name in enumerate(given):
            if known := self._known.get(name) or self._known.get(_bare(name)):
                field_name, rank = known
                best[field_name] = min(best.get(field_name, (rank, position)), (rank, position))
        return {field_name: position for field_name, (_, position) in best.items()}


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


_TIMES = {"starts_at": "startsat startat starttime start", "ends_at": "endsat endat endtime end"}

PAPER_NAMES = {
    "key": "key paperkey",
    "title": "title papertitle name",
    "authors": "authors author authornames",
    "abstract": "abstract summary",
    "number": "number posternumber posterposition poster",
    "id": "id uid paperid",
    "links": "links",
    "url": "url link",
    "pdf": "pdf pdfurl",
}
SESSION_NAMES = {
    "session_key": "sessionkey",
    "session_kind": "sessionkind kind",
    "session": "session sessionname sessiontitle",
    "room": "room location",
    **_TIMES,
}
NESTED_SESSION_NAMES = {
    "session_key": "key sessionkey",
    "session_kind": "kind sessionkind",
    "session": "name sessionname session title",
    "room": "room location",
    **_TIMES,
    "papers": "papers",
}
LINK_LABELS = {"url": "Page", "pdf": "PDF"}
"""What links are called that come in a field of their own, by field."""

# --- lists in one text

_PART = re.compile(r'\s*(?:(?P<quoted>"(?:[^"]|"")*")\s*|(?P<plain>[^;]*))(?P<end>;|\Z)')
_AND = re.compile(r",?\sand\s", re.IGNORECASE)
_NOT_PLAIN = re.compile(r'[;"|,]|\sand\s|^[\s\ufeff\u200b]*[=+\-@＝＋－＠\']', re.IGNORECASE)


def joined(parts: Iterable[str]) -> str:
    """Return texts as one, separated by semicolons; `split` takes it apart exactly.

    What would be read as something else is in quotation marks, those in it doubled, as in a CSV file.
    """
    return "; ".join(
        '"{}"'.format(part.replace('"', '""')) if not part or part != part.strip() or _NOT_PLAIN.search(part) else part
        for part in parts
    )


def split(text: str) -> tuple[str, ...]:
    """Return the texts that semicolons separate. What is blank between two of them is kept, after the last one not."""
    return tuple(value for value, _ in _parts(text))


def split_names(text: str) -> tuple[str, ...]:
    """Return the names of a text as people write them: separated by semicolons, or else bars, "and" or commas.

    A comma beside an "and" is taken for part of a name ("Lovelace, Ada and Hopper, Grace") if the last name has one.
    """
    parts = list(_parts(text))
    if len(parts) != 1 or parts[0][1] or ";" in text:
        return tuple(value for value, _ in parts)
    text = text.strip()
    if "|" in text:
        names = text.split("|")
    else:
        names = _AND.split(text)
        if "," not in names[-1] or len(names) == 1:
            names = [name for group in names for name in group.split(",")]
    names = [name.strip() for name in names]
    return tuple(names if names[-1] else names[:-1])


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield what semicolons separate, each with whether it was in quotation marks."""
    position, ended = 0, not text.strip()
    while not ended:
        match = _PART.match(text, position)
        assert match is not None  # noqa: S101 - the pattern matches anything
        position, ended = match.end(), not match["end"]
        if match["quoted"]:
            yield match["quoted"][1:-1].replace('""', '"'), True
        elif match["plain"].strip() or not ended:
            yield match["plain"].strip(), False


# --- problems


class Problems:
    """Gathers what is wrong with a source, so that it can be read through."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._counts: Counter[tuple[str, Severity]] = Counter()

    def note(self, kind: str, message: str, line: int | None = None) -> None:
        """Add something the reader put right or assumed; `kind` says what all like it have in common."""
        self._add(kind, Severity.NOTE, message, line)

    def action(self, kind: str, message: str, line: int | None = None) -> None:
        """Add something that only a person can put right."""
        self._add(kind, Severity.ACTION, message, line)

    def listed(self) -> tuple[Problem, ...]:
        """Return the problems in the order of the file, then what was left out of the list."""
        more = (
            Problem(None, severity, f"There are {count} problems “{kind}”, of which {MOST_OF_A_KIND} are listed.")
            for (kind, severity), count in self._counts.items()
            if count > MOST_OF_A_KIND
        )
        return (*sorted(self._problems, key=lambda problem: problem.line or 0), *more)

    def _add(self, kind: str, severity: Severity, message: str, line: int | None) -> None:
        self._counts[kind, severity] += 1
        if self._counts[kind, severity] <= MOST_OF_A_KIND:
            self._problems.append(Problem(line, severity, message))


# --- sessions made of papers


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


_SPOKEN = {
    "session_key": "key",
    "session_kind": "kind",
    "session": "name",
    "room": "room",
    "starts_at": "start",
    "ends_at": "end",
}


def _value(field_name: str, text: str) -> object:
    """Return what two ways of writing a field's value have in common."""
    if field_name in _TIMES:
        try:
            return _moment(text)
        except ValueError:
            return text
    return " ".join(text.casefold().split()) if field_name == "session" else text.strip()


def check_count(name: str, papers: int, sessions: int = 0) -> None:
    """Refuse the file of a name when it holds too much; to be called before it is all in memory."""
    for count, what in ((papers, "papers"), (sessions, "sessions")):
        if count > MOST_PAPERS:
            raise Trouble(
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
    _remark(sessions, problems)
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


# --- what a source may hold

_KEY = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{KEY_LIMIT - 1}}}")
_ADDRESS = re.compile(r"https?://[^\s<>\x00-\x1f\x7f]+", re.IGNORECASE)


def sound(sessions: Iterable[SourceSession], problems: Problems) -> tuple[SourceSession, ...]:
    """Return sessions without what no source may hold: other keys than `identity` makes, other links, negative time."""
    session_keys: set[str] = set()
    paper_keys: set[str] = set()
    return tuple(
        replace(
            session,
            key=_sound_key(session, session_keys, problems),
            ends_at=_sound_end(session, problems),
            papers=tuple(
                replace(paper, key=_sound_key(paper, paper_keys, problems), links=_sound_links(paper, problems))
                for paper in session.papers
            ),
        )
        for session in sessions
    )


def _sound_key(owner: SourceSession | SourcePaper, taken: set[str], problems: Problems) -> str:
    key = owner.key
    if not key:
        return ""
    if not _KEY.fullmatch(key):
        problems.note(
            "a key that is none",
            f"{_called(owner)}: the key “{shown(key)}” is left out. A key has 1 to {KEY_LIMIT} small letters, digits "
            "and hyphens, with no hyphen first.",
            owner.line,
        )
        return ""
    if key in taken:
        problems.note(
            "a key that another one has", f"{_called(owner)}: another one has the key “{key}”, left out.", owner.line
        )
        return ""
    taken.add(key)
    return key


def _sound_links(paper: SourcePaper, problems: Problems) -> tuple[Link, ...]:
    for link in paper.links:
        if not _ADDRESS.fullmatch(link.url):
            problems.note(
                "a link that is no web address",
                f"{_called(paper)}: the link “{shown(link.url)}” is left out; it is no address with http or https.",
                paper.line,
            )
    return tuple(link for link in paper.links if _ADDRESS.fullmatch(link.url))


def _sound_end(session: SourceSession, problems: Problems) -> datetime | None:
    if session.starts_at and session.ends_at and session.ends_at < session.starts_at:
        problems.action(
            "an end before the start",
            f"{_called(session)} ends before it starts; its end {session.ends_at:%Y-%m-%d %H:%M} UTC is left out. "
            "Correct it, or give the session its time in the configuration.",
            session.line,
        )
        return None
    return session.ends_at


def _called(owner: SourceSession | SourcePaper) -> str:
    if isinstance(owner, SourceSession):
        return f"Session “{shown(owner.name)}”"
    texts = (owner.title, owner.abstract, "; ".join(owner.byline), owner.source_id, owner.key)
    name = next((text for text in texts if text and text.strip()), None)
    return f"Paper “{shown(name)}”" if name else "A paper without any text"


# --- what people would miss


def _remark(sessions: Sequence[SourceSession], problems: Problems) -> None:
    """Add what is missing from sessions and papers, and what looks like a mistake."""
    for session in sessions:
        if not session.name.strip():
            problems.action("a session without a name", "A session without a name. Give it one.", session.line)
    papers = [paper for session in sessions for paper in session.papers]
    _missing("title", [paper for paper in papers if not (paper.title or "").strip()], len(papers), problems)
    _missing("authors", [paper for paper in papers if not paper.byline], len(papers), problems)
    _missing("abstract", [paper for paper in papers if not (paper.abstract or "").strip()], len(papers), problems)
    ids: set[str] = set()
    for paper in papers:
        if blank := sum(not name.strip() for name in paper.byline):
            problems.action(
                "a blank author slot",
                f"{_called(paper)}: {blank} author {'slot is' if blank == 1 else 'slots are'} blank; shown as not "
                "named in the source.",
                paper.line,
            )
        if paper.source_id and paper.source_id in ids:
            problems.note(
                "an id that another paper has",
                f"{_called(paper)}: another paper has the id “{shown(paper.source_id)}” too.",
                paper.line,
            )
        ids.add(paper.source_id or "")


def _missing(what: str, papers: Sequence[SourcePaper], total: int, problems: Problems) -> None:
    add = problems.note if what == "abstract" else problems.action
    if len(papers) == total > 1:
        add(f"no {what}", f"No paper has {'an' if what == 'abstract' else 'any'} {what}.")
        return
    for paper in papers:
        add(f"no {what}", f"{_called(paper)} has no {what}; it is shown with what there is.", paper.line)


def left_out(names: Iterable[str], what: str, problems: Problems, line: int | None = None) -> None:
    """Note which names of fields are not known to the bot."""
    unknown = [f"“{shown(name)}”" for name in dict.fromkeys(names)]
    if unknown:
        more = f" and {len(unknown) - 20} more" if len(unknown) > 20 else ""
        problems.note(
            f"unknown {what}", f"Left out, because the bot knows no such {what}: {', '.join(unknown[:20])}{more}.", line
        )

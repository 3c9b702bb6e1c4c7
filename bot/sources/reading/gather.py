"""Gathering a programme record by record: each record is accounted for, and what belongs together meets.

A reader makes one `Gathering`, and for each record of its file calls `paper`, `session_record` or `leave_out` exactly
once; `appear` puts papers into sessions. `finish` makes the source, checks what no source may hold, and adds what is
missing to the problems.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.config import YEARS
from bot.errors import UserError
from bot.programme.local_time import ClockChange, moment_at
from bot.programme.source import Credit, Link, Source, SourceAppearance, SourcePaper, SourceSession
from bot.sources.reading.capping import Cap
from bot.sources.reading.file import Account, Hints, Reading
from bot.sources.reading.limits import MOST_PAPERS
from bot.sources.reading.problems import Problems, shown
from bot.sources.reading.visibility import is_public

KEY_LIMIT = 32
_KEY = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{KEY_LIMIT - 1}}}")
_ADDRESS = re.compile(r"https?://[^\s<>\x00-\x1f\x7f]+", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(slots=True, eq=False)
class PaperDraft:
    """A paper being gathered, at its place in the source."""

    place: int
    paper: SourcePaper


@dataclass(slots=True, eq=False)
class SessionDraft:
    """A session being gathered.

    Attributes:
        session: what is known of it so far.
        appearances: what appears in it so far.
        held: the same, to see at once what is there already.
    """

    session: SourceSession
    appearances: list[SourceAppearance] = field(default_factory=list)
    held: set[SourceAppearance] = field(default_factory=set)


class Gathering:
    """One file being read.

    Attributes:
        file: what messages call the file.
        problems: what is wrong with it.
        hints: what the configuration says about it.
        zone: the zone of times without an offset: the given one, or the file's own once a reader has set it, or the
            conference's.
        exact: whether the file says all there is, as the bot's own forms do: no time or room of a session is worked
            out from what appears in it, and what appears twice stays so.
    """

    def __init__(self, file: str, form: str, hints: Hints) -> None:
        """Begin to read.

        Args:
            file: what messages call the file.
            form: the reader's name and revision, such as "frab/1".
            hints: what the configuration says about it.
        """
        self.file = file
        self.problems = Problems()
        self.hints = hints
        self.zone: ZoneInfo = hints.zone
        self.exact = False
        self._form = form
        self._papers: list[PaperDraft] = []
        self._by_mark: dict[Hashable, PaperDraft] = {}
        self._sessions: list[SessionDraft] = []
        self._session_by_mark: dict[Hashable, SessionDraft] = {}
        self._zone_used = False
        self._merged = 0
        self._session_records = 0
        self._left_out: Counter[str] = Counter()

    # --- the file's own zone, and times

    def use_zone(self, name: str | None) -> None:
        """Take times without an offset in the zone the file names, unless the configuration gives one for it."""
        if not name or self.hints.zone_given:
            return
        try:
            self.zone = ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self.problems.note("an unknown zone", f"The file names the time zone “{shown(name)}”, which is unknown.")

    def moment(  # noqa: PLR0911 - each way in which a time can be wrong
        self, value: str | datetime | None, about: str, line: int | None = None
    ) -> datetime | None:
        """Return a time in UTC; one that can't be read is a problem, and None.

        Args:
            value: ISO 8601 with or without offset, or a datetime, naive or aware.
            about: what it is the time of, for messages, such as “Session “Opening”: the start”.
            line: where it is in the file.
        """
        if isinstance(value, str):
            text = value.strip()
            if not text:
                return None
            try:
                value = datetime.fromisoformat(text)
            except ValueError:
                self.problems.action(
                    "a time that can't be read",
                    f"{about} “{shown(text)}” is no time and is left out. Write it like 2026-05-18T18:00:00-07:00.",
                    line,
                )
                return None
        if value is None:
            return None
        if value.year not in YEARS:
            self.problems.action("a strange year", f"{about}: the year {value.year} is hardly meant; left out.", line)
            return None
        if value.tzinfo is not None:
            return value.astimezone(UTC)
        self._zone_used = True
        try:
            return moment_at(value, self.zone)
        except ClockChange as change:
            self.problems.action(
                "a time when the clocks change",
                f"{about}: {change} in {self.zone.key}, where the clocks change; taken as {change.first:%H:%M} UTC. "
                "Write it with its offset.",
                line,
            )
            return change.first

    # --- records

    def leave_out(self, reason: str, what: str = "", line: int | None = None) -> None:
        """Account for a record that becomes nothing: why, in a few words such as "rejected", and what it is."""
        self._left_out[reason] += 1
        if what:
            self.problems.note(f"left out: {reason}", f"Left out ({reason}): “{shown(what)}”.", line)

    def may_show(self, status: str | None, what: str, line: int | None = None) -> bool:
        """Tell whether a record's status lets everybody see it; if not, account for it as left out.

        Nothing is said of most records, and they are public. An unknown status is left out, and a person is asked.
        """
        if status is None or not status.strip():
            return True
        public = is_public(status, self.hints.public)
        if public:
            return True
        bare = shown(" ".join(status.split()), 40)
        if public is None:
            self._left_out[f"unknown status “{bare}”"] += 1
            self.problems.action(
                f"unknown status “{bare}”",
                f"“{shown(what)}” has the status “{bare}”, which the bot does not know, and is left out. If everybody "
                f"may see such papers, add it to `public` of this source in the configuration.",
                line,
            )
        else:
            self._left_out[bare.casefold()] += 1
        return False

    def paper(self, paper: SourcePaper, mark: Hashable | None = None) -> PaperDraft:
        """Account for a record that is a paper, or that completes the one of the same mark.

        Args:
            paper: what the record says. One without a title and with a `source_id` completes a paper of another file.
            mark: what all records of the same paper have in common; None for a paper of its own.
        """
        if self.hints.in_use:
            paper = self.hints.in_use.shared(paper)
        known = self._by_mark.get(mark) if mark is not None else None
        if known is not None:
            self._merged += 1
            known.paper = self.completed(known.paper, paper)
            return known
        self._check_count(len(self._papers) + 1, "papers")
        draft = PaperDraft(len(self._papers), paper)
        self._papers.append(draft)
        if mark is not None:
            self._by_mark[mark] = draft
        return draft

    def known_paper(self, mark: Hashable) -> PaperDraft | None:
        """Return the paper of a mark, if there is one; this accounts for nothing."""
        return self._by_mark.get(mark)

    def session(self, session: SourceSession, mark: Hashable) -> SessionDraft:
        """Return the session of a mark; what is said of it later completes it but changes nothing.

        This accounts for no record: call `session_record` as well where a record is a session and nothing else.
        """
        known = self._session_by_mark.get(mark)
        if known is None:
            self._check_count(len(self._sessions) + 1, "sessions")
            known = SessionDraft(session)
            self._sessions.append(known)
            self._session_by_mark[mark] = known
        else:
            self._complete_session(known, session)
        return known

    def session_record(self) -> None:
        """Account for a record that is a session, or says something of one, and is no paper."""
        self._session_records += 1

    def appear(
        self,
        session: SessionDraft,
        paper: PaperDraft,
        *,
        starts_at: datetime | None = None,
        ends_at: datetime | None = None,
        room: str | None = None,
        board: str | None = None,
    ) -> None:
        """Put a paper into a session. Put in twice, it is there once, unless the times differ."""
        appearance = SourceAppearance(paper.place, starts_at, ends_at, room, board)
        if self.exact or appearance not in session.held:
            session.held.add(appearance)
            session.appearances.append(appearance)

    # --- the end

    def finish(self) -> Reading:
        """Make the reading. Sessions without a time of their own last as long as what appears in them.

        Raises:
            UserError: there are neither papers nor sessions, and nothing was left out either.
        """
        if not self._papers and not self._sessions and not self._left_out:
            raise UserError(f"{self.file}: there are no papers and no sessions in it.")
        cap = Cap(self.problems)
        sessions = tuple(cap.capped(self._session(draft), _called) for draft in self._sessions)
        papers = tuple(cap.capped(draft.paper, _called) for draft in self._papers)
        sessions, papers = self._sound(sessions, papers)
        self._remark(sessions, papers)
        account = Account(
            records=len(self._papers) + self._merged + self._session_records + self._left_out.total(),
            papers=len(self._papers),
            sessions=self._session_records,
            merged=self._merged,
            left_out=dict(self._left_out),
        )
        source = Source(self._form, sessions, papers, self.problems.listed())
        return Reading(self.file, source, account, self.zone.key if self._zone_used else None)

    def completed(self, before: SourcePaper, after: SourcePaper) -> SourcePaper:
        """Return a paper with what a later record of it adds; what both say stays as it was said first."""
        changes: dict[str, Any] = {}
        for name in (part.name for part in fields(SourcePaper)):
            old, new = changes.get(name, getattr(before, name)), getattr(after, name)
            if not new or old == new:
                continue
            if not old:
                changes[name] = new
            elif name in ("topics", "links", "other_ids"):
                changes[name] = _together(old, new)
            elif name == "source_id":
                changes["other_ids"] = _together(before.other_ids, (new,))
            elif name in ("title", "abstract", "authors"):
                self.problems.note(
                    f"another {name}",
                    f"“{shown(before.title or before.source_id or '')}” has another {name} in a later record; the "
                    "first one is kept.",
                    after.line,
                )
        return replace(before, **changes) if changes else before

    def _complete_session(self, known: SessionDraft, given: SourceSession) -> None:
        before = known.session
        changes: dict[str, object] = {}
        for name in (part.name for part in fields(SourceSession)):
            old, new = getattr(before, name), getattr(given, name)
            if not new or old == new or name in ("line", "appearances"):
                continue
            if not old:
                changes[name] = new
            elif name in ("links", "chairs"):
                changes[name] = _together(old, new)
            else:
                self.problems.note(
                    f"another {name}",
                    f"Session “{shown(before.name)}” has another {name.removesuffix('s_at')} here: "
                    f"“{shown(str(new))}”, but “{shown(str(old))}” before; the first one is kept.",
                    given.line,
                )
        if changes:
            known.session = replace(before, **changes)  # type: ignore[arg-type]

    def _check_count(self, count: int, what: str) -> None:
        if count > MOST_PAPERS:
            raise UserError(
                f"{self.file}: it has more than {MOST_PAPERS:,} {what}, which is more than the bot can serve. "
                "Leave out what is not of this conference."
            )

    def _session(self, draft: SessionDraft) -> SourceSession:
        session, appearances = draft.session, draft.appearances
        if self.exact:
            return replace(session, appearances=tuple(appearances))
        starts_at, ends_at = session.starts_at, session.ends_at
        if starts_at is None:
            starts_at = min((one.starts_at for one in appearances if one.starts_at), default=None)
            ends_at = ends_at or max((one.ends_at for one in appearances if one.ends_at), default=None)
        room = session.room
        if room is None and appearances:
            rooms = {one.room for one in appearances}
            room = rooms.pop() if len(rooms) == 1 else None
        return replace(session, starts_at=starts_at, ends_at=ends_at, room=room, appearances=tuple(appearances))

    def _sound(
        self, sessions: Sequence[SourceSession], papers: Sequence[SourcePaper]
    ) -> tuple[tuple[SourceSession, ...], tuple[SourcePaper, ...]]:
        """Leave out what no source may hold: keys that are none or doubled, links that are none, negative time."""
        taken: set[str] = set()
        taken_papers: set[str] = set()
        return (
            tuple(
                replace(
                    session,
                    key=self._sound_key(session.key, _called(session), taken, session.line),
                    ends_at=self._sound_end(session),
                    links=self._sound_links(session.links, _called(session), session.line),
                    appearances=tuple(map(_sound_appearance, session.appearances)),
                )
                for session in sessions
            ),
            tuple(
                _with(
                    paper,
                    self._sound_key(paper.key, _called(paper), taken_papers, paper.line),
                    self._sound_links(paper.links, _called(paper), paper.line),
                )
                for paper in papers
            ),
        )

    def _sound_key(self, key: str, called: str, taken: set[str], line: int | None) -> str:
        if not key:
            return ""
        if not _KEY.fullmatch(key):
            self.problems.note(
                "a key that is none",
                f"{called}: the key “{shown(key)}” is left out. A key has 1 to {KEY_LIMIT} small letters, digits and "
                "hyphens, with no hyphen first.",
                line,
            )
            return ""
        if key in taken:
            self.problems.note(
                "a key that another one has", f"{called}: another one has the key “{key}”, left out.", line
            )
            return ""
        taken.add(key)
        return key

    def _sound_links(self, links: tuple[Link, ...], called: str, line: int | None) -> tuple[Link, ...]:
        good = tuple(link for link in dict.fromkeys(links) if _ADDRESS.fullmatch(link.url))
        if len(good) == len(links):
            return links
        for link in links:
            if not _ADDRESS.fullmatch(link.url):
                self.problems.note(
                    "a link that is no web address",
                    f"{called}: the link “{shown(link.url)}” is left out; it is no address with http or https.",
                    line,
                )
        return good

    def _sound_end(self, session: SourceSession) -> datetime | None:
        if session.starts_at and session.ends_at and session.ends_at < session.starts_at:
            self.problems.action(
                "an end before the start",
                f"{_called(session)} ends before it starts; its end {session.ends_at:%Y-%m-%d %H:%M} UTC is left out.",
                session.line,
            )
            return None
        return session.ends_at

    def _remark(self, sessions: Sequence[SourceSession], papers: Sequence[SourcePaper]) -> None:
        """Add what is missing from sessions and papers, and what looks like a mistake."""
        for session in sessions:
            if not session.name.strip():
                self.problems.action("a session without a name", "A session without a name. Give it one.", session.line)
        own = [paper for paper in papers if not is_stub(paper)]
        remark_missing(own, self.problems)
        for paper in own:
            if blank := sum(not name.strip() for name in paper.byline):
                self.problems.action(
                    "a blank author slot",
                    f"{_called(paper)}: {blank} author {'slot is' if blank == 1 else 'slots are'} blank; shown as not "
                    "named in the source.",
                    paper.line,
                )


def remark_missing(papers: Sequence[SourcePaper], problems: Problems) -> None:
    """Add to the problems which papers have no title, no authors or no abstract."""
    for what, lacking in (
        ("title", [paper for paper in papers if not (paper.title or "").strip()]),
        ("authors", [paper for paper in papers if not paper.authors]),
        ("abstract", [paper for paper in papers if not (paper.abstract or "").strip()]),
    ):
        add = problems.action if what == "title" else problems.note
        if len(lacking) == len(papers) > 1:
            add(f"no {what}", f"No paper has {'an' if what == 'abstract' else 'any'} {what}.")
            continue
        for paper in lacking:
            add(f"no {what}", f"{_called(paper)} has no {what}; it is shown with what there is.", paper.line)


def is_stub(paper: SourcePaper) -> bool:
    """Tell whether this only completes a paper of another file: it has an identifier and no title."""
    return paper.title is None and paper.source_id is not None


def credits_of(names: Iterable[str], affiliations: Sequence[str | None] = ()) -> tuple[Credit, ...]:
    """Make credits of names, each with the affiliation at the same place where there is one."""
    names = list(names)
    held = affiliations if len(affiliations) == len(names) else [None] * len(names)
    return tuple(
        Credit(name, (where,) if where and where.strip() else ()) for name, where in zip(names, held, strict=True)
    )


def without_surrogates(text: str) -> str:
    """Return a text that can be written in UTF-8: halves of characters become the replacement character."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _together(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what is in either, in order; a hundred are never added to, lest merging many records takes for ever."""
    return old if len(old) >= 100 else tuple(dict.fromkeys((*old, *new)))


def _sound_appearance(one: SourceAppearance) -> SourceAppearance:
    backwards = one.starts_at and one.ends_at and one.ends_at < one.starts_at
    return replace(one, ends_at=None) if backwards else one


def _with(paper: SourcePaper, key: str, links: tuple[Link, ...]) -> SourcePaper:
    return paper if key == paper.key and links is paper.links else replace(paper, key=key, links=links)


def _called(owner: SourceSession | SourcePaper) -> str:
    if isinstance(owner, SourceSession):
        return f"Session “{shown(owner.name)}”"
    texts = (owner.title, owner.abstract, "; ".join(owner.byline), owner.source_id, owner.key)
    name = next((text for text in texts if text and text.strip()), None)
    return f"Paper “{shown(name)}”" if name else "A paper without any text"

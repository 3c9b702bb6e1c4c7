"""A programme as it was made, in a file beside the database, so that a restart need not make it again.

It is not taken either when another version of the code that cleans texts made it; see `parts` for the rest.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

import msgspec

from bot.editions.parts import Parts, in_parts, taken_up, written
from bot.letting_go import empty, let_go
from bot.programme.build import Memory
from bot.programme.kinds import Kind
from bot.programme.model import Appearance, Author, Paper, Programme, Session, Unnamed
from bot.programme.source import Link, Problem
from bot.programme.text import Span, Text
from bot.programme.vocabulary import Vocabulary

FORM: Final = b"programme 1\n"
"""The first line of the file; raise its number whenever the form changes."""

_PAPERS: Final = 100
"""How many papers a part has; a part of so many takes a millisecond or two."""

_SMALL: Final = 2_000
"""How many people or words a part has."""


_Spans = str | tuple[tuple[str, bool, bool, bool], ...] | None
"""A text: plain, or its spans, each with whether it is bold, italic and an address."""


class _Person(msgspec.Struct, array_like=True, gc=False):
    key: str
    name: str
    raw: str | None
    affiliations: tuple[str, ...]


class _Appearance(msgspec.Struct, array_like=True, gc=False):
    session: str
    starts_at: datetime | None
    ends_at: datetime | None
    room: str | None
    board: str | None
    has_slot: bool


class _Paper(msgspec.Struct, array_like=True, gc=False):
    key: str
    title: _Spans
    label: str | None
    byline: tuple[int, ...]
    abstract: _Spans
    kind: Kind
    kind_name: str
    track: str | None
    topics: tuple[str, ...]
    links: tuple[tuple[str, str, bool], ...]
    appearances: tuple[_Appearance, ...]
    line: int | None
    answers: dict[str, bool] | None


class _Session(msgspec.Struct, array_like=True, gc=False):
    key: str
    name: str
    kind: Kind
    kind_name: str
    track: str | None
    room: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    chairs: tuple[int, ...]
    abstract: _Spans
    links: tuple[tuple[str, str, bool], ...]
    papers: tuple[int, ...]


class _Words(msgspec.Struct, array_like=True, gc=False):
    words: str
    counts: tuple[int, ...]


class _Counts(msgspec.Struct, array_like=True, gc=False):
    """The first part: how many there are of everything that follows, and what was wrong with the source."""

    people: int
    papers: int
    sessions: int
    words: int
    unscheduled: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an edition.

    Attributes:
        programme: the programme.
        memory: what helps to make the next one.
        problems: what was wrong with its source.
    """

    programme: Programme
    memory: Memory
    problems: tuple[Problem, ...] = ()


def dump(kept: Kept, stamp: bytes) -> Iterator[bytes]:
    """Yield the file's content, part by part.

    Args:
        kept: what to write.
        stamp: 32 bytes that name the state of the programme.

    Raises:
        UnicodeEncodeError: there is half a character in it, which no file holds.
    """
    return written(FORM, stamp, _Writer(kept).parts())


def restore(path: Path, stamp: bytes, zone: tzinfo) -> Kept | None:
    """Return what was kept of this state of the programme; None, with a line in the log, where it can't be taken."""
    return taken_up(path, FORM, stamp, lambda parts: _Reader(parts, zone).kept())


class _Writer:
    """Takes a programme apart."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._people: dict[Author, int] = {}

    def parts(self) -> Iterator[object]:
        programme, memory = self._kept.programme, self._kept.memory
        papers, words = list(programme.papers.values()), list(memory.words.items())
        for paper in papers:
            for author in paper.authors:
                self._people.setdefault(author, len(self._people))
        for session in programme.sessions:
            for chair in session.chairs:
                self._people.setdefault(chair, len(self._people))
        places = {paper.key: place for place, paper in enumerate(papers)}
        yield _Counts(
            len(self._people),
            len(papers),
            len(programme.sessions),
            len(words),
            len(programme.unscheduled),
            self._kept.problems,
        )
        yield from in_parts(map(_person, self._people), _SMALL)
        yield from in_parts(map(self._paper, papers), _PAPERS)
        yield from in_parts((self._session(session, places) for session in programme.sessions), _PAPERS)
        for part in in_parts(words, _SMALL):
            yield _Words("\n".join(word for word, _ in part), tuple(count for _, count in part))
        let_go(words)
        empty(self._people, places)

    def _paper(self, paper: Paper) -> _Paper:
        title = _spans(paper.title)
        return _Paper(
            paper.key,
            title,
            None if paper.label == title else paper.label,
            tuple(-one.count if isinstance(one, Unnamed) else self._people[one] for one in paper.byline),
            _spans(paper.abstract),
            paper.kind,
            paper.kind_name,
            paper.track,
            paper.topics,
            _links(paper.links),
            tuple(
                _Appearance(one.session_key, one.starts_at, one.ends_at, one.room, one.board, one.has_slot)
                for one in paper.appearances
            ),
            paper.line,
            dict(answers) if (answers := self._kept.memory.answers.get(paper.key)) else None,
        )

    def _session(self, session: Session, places: dict[str, int]) -> _Session:
        return _Session(
            session.key,
            session.name,
            session.kind,
            session.kind_name,
            session.track,
            session.room,
            session.starts_at,
            session.ends_at,
            tuple(self._people[chair] for chair in session.chairs),
            _spans(session.abstract),
            _links(session.links),
            tuple(places[paper.key] for paper in session.papers),
        )


def _person(author: Author) -> _Person:
    return _Person(author.key, author.name, None if author.raw == author.name else author.raw, author.affiliations)


def _spans(text: Text | None) -> _Spans:
    if text is None:
        return None
    if text.spans == (Span(text.plain),):
        return text.plain
    return tuple((span.text, span.bold, span.italic, span.url is not None) for span in text.spans)


def _links(links: Iterable[Link]) -> tuple[tuple[str, str, bool], ...]:
    return tuple((link.label, link.url, link.listed) for link in links)


@dataclass(slots=True)
class _Reader:
    """Puts a programme together again; texts that many papers share are shared again."""

    parts: Parts
    zone: tzinfo
    shared: dict[str, str] = field(default_factory=dict)
    people: list[Author] = field(default_factory=list)

    def kept(self) -> Kept:
        counts = self.parts.next(_COUNTS)
        self.people = [self._person(one) for one in self.parts.all(_PEOPLE, counts.people)]
        answers: dict[str, dict[str, bool]] = {}
        papers: list[Paper] = []
        for one in self.parts.all(_PAPER_LIST, counts.papers):
            papers.append(self._paper(one))
            if one.answers:
                answers[one.key] = one.answers
        sessions = tuple(self._session(one, papers) for one in self.parts.all(_SESSIONS, counts.sessions))
        words: dict[str, int] = {}
        while len(words) < counts.words:
            part = self.parts.next(_WORDS)
            words.update(zip(part.words.split("\n"), part.counts, strict=True))
        self.parts.end()
        unscheduled = tuple(papers[len(papers) - counts.unscheduled :])
        return Kept(Programme(sessions, unscheduled), Memory(Vocabulary(words), answers), counts.problems)

    def _share(self, text: str) -> str:
        return self.shared.setdefault(text, text)

    def _share_any(self, text: str | None) -> str | None:
        return None if text is None else self.shared.setdefault(text, text)

    def _person(self, one: _Person) -> Author:
        raw = one.name if one.raw is None else one.raw
        return Author(one.key, one.name, raw, tuple(map(self._share, one.affiliations)))

    def _paper(self, one: _Paper) -> Paper:
        title = _text(one.title)
        return Paper(
            one.key,
            title,
            title.plain if one.label is None and title else one.label or "",
            tuple(Unnamed(-place) if place < 0 else self.people[place] for place in one.byline),
            _text(one.abstract),
            one.kind,
            self._share(one.kind_name),
            self._share_any(one.track),
            tuple(map(self._share, one.topics)),
            _links_from(one.links),
            tuple(
                Appearance(
                    one.key,
                    self._share(shown.session),
                    shown.starts_at,
                    shown.ends_at,
                    self._share_any(shown.room),
                    shown.board,
                    shown.has_slot,
                    self.zone,
                )
                for shown in one.appearances
            ),
            one.line,
        )

    def _session(self, one: _Session, papers: Sequence[Paper]) -> Session:
        return Session(
            self._share(one.key),
            one.name,
            one.kind,
            self._share(one.kind_name),
            self._share_any(one.track),
            self._share_any(one.room),
            one.starts_at,
            one.ends_at,
            tuple(self.people[place] for place in one.chairs),
            _text(one.abstract),
            _links_from(one.links),
            tuple(papers[place] for place in one.papers),
            self.zone,
        )


def _text(spans: _Spans) -> Text | None:
    if spans is None:
        return None
    if isinstance(spans, str):
        return Text((Span(spans),))
    return Text(tuple(Span(text, bold, italic, text if is_url else None) for text, bold, italic, is_url in spans))


def _links_from(links: Iterable[tuple[str, str, bool]]) -> tuple[Link, ...]:
    return tuple(Link(*link) for link in links)


_COUNTS: Final = msgspec.msgpack.Decoder(_Counts)
_PEOPLE: Final = msgspec.msgpack.Decoder(tuple[_Person, ...])
_PAPER_LIST: Final = msgspec.msgpack.Decoder(tuple[_Paper, ...])
_SESSIONS: Final = msgspec.msgpack.Decoder(tuple[_Session, ...])
_WORDS: Final = msgspec.msgpack.Decoder(_Words)

"""The source of the programme in use, in a file beside the database.

A change is worked out from it. The tables have it too, but taking it from there takes several times as long.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, NoReturn

import msgspec

from bot.editions.parts import Parts, in_parts, taken_up, written
from bot.letting_go import empty
from bot.programme.model import Paper, Programme
from bot.programme.source import Credit, Link, Problem, Source, SourceAppearance, SourcePaper, SourceSession
from bot.programme.text import Text

FORM: Final = b"source 2\n"
"""The first line of the file; raise its number whenever the form changes."""

_PAPERS: Final = 200
"""How many papers a part has."""

_PEOPLE: Final = 2_000

_Pairs = tuple[tuple[str, str], ...]
_Raw = str | Literal[True] | None
"""A text as the source has it; True where it is that of the programme, which is in memory already."""


_AsMade = Literal[True]
"""Stands for what the programme has as well, and the very same."""


class _Credit(msgspec.Struct, array_like=True, gc=False):
    name: str
    affiliations: tuple[str, ...]


class _Paper(msgspec.Struct, array_like=True, gc=False):
    key: str
    line: int | None
    title: _Raw
    authors: tuple[int, ...]
    abstract: _Raw
    kind: str
    track: str | None
    topics: tuple[str, ...] | _AsMade
    source_id: str | None
    other_ids: tuple[str, ...]
    links: _Pairs | _AsMade


class _Appearance(msgspec.Struct, array_like=True, gc=False):
    paper: int
    starts_at: datetime | None
    ends_at: datetime | None
    room: str | None
    board: str | None


class _Session(msgspec.Struct, array_like=True, gc=False):
    key: str
    line: int | None
    kind: str
    name: str
    track: str | None
    room: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    chairs: tuple[int, ...]
    abstract: str | None
    source_id: str | None
    links: _Pairs
    appearances: tuple[_Appearance, ...]


class _Head(msgspec.Struct, array_like=True, gc=False):
    format: str
    people: int
    papers: int
    sessions: int
    problems: tuple[Problem, ...]


def dump(source: Source, programme: Programme, stamp: bytes) -> Iterator[bytes]:
    """Yield the file's content, part by part.

    Args:
        source: the source, whose keys are assigned.
        programme: what was made of it; what both have is written once.
        stamp: 32 bytes that name the state of the programme.

    Raises:
        UnicodeEncodeError: there is half a character in it, which no file holds.
    """
    return written(FORM, stamp, _parts(source, programme))


def restore(path: Path, programme: Programme, stamp: bytes) -> Source | None:
    """Return the source that was kept beside a programme; None, with a line in the log, where it can't be taken."""
    return taken_up(path, FORM, stamp, lambda parts: _source(parts, programme))


def _parts(source: Source, programme: Programme) -> Iterator[object]:
    people: dict[Credit, int] = {}
    for thing in (*(paper.authors for paper in source.papers), *(session.chairs for session in source.sessions)):
        for credit in thing:
            people.setdefault(credit, len(people))
    yield _Head(source.format, len(people), len(source.papers), len(source.sessions), source.problems)
    yield from in_parts((_Credit(one.name, one.affiliations) for one in people), _PEOPLE)
    yield from in_parts((_paper(one, programme.papers.get(one.key), people) for one in source.papers), _PAPERS)
    yield from in_parts((_session(one, people) for one in source.sessions), _PAPERS)
    empty(people)


def _paper(one: SourcePaper, made: Paper | None, people: dict[Credit, int]) -> _Paper:
    return _Paper(
        one.key,
        one.line,
        _raw(one.title, made.title if made else None),
        tuple(people[credit] for credit in one.authors),
        _raw(one.abstract, made.abstract if made else None),
        one.kind,
        one.track,
        True if made and made.topics == one.topics else one.topics,
        one.source_id,
        one.other_ids,
        True if made and made.links == one.links else _pairs(one.links),
    )


def _session(one: SourceSession, people: dict[Credit, int]) -> _Session:
    return _Session(
        one.key,
        one.line,
        one.kind,
        one.name,
        one.track,
        one.room,
        one.starts_at,
        one.ends_at,
        tuple(people[credit] for credit in one.chairs),
        one.abstract,
        one.source_id,
        _pairs(one.links),
        tuple(
            _Appearance(shown.paper, shown.starts_at, shown.ends_at, shown.room, shown.board)
            for shown in one.appearances
        ),
    )


def _raw(text: str | None, made: Text | None) -> _Raw:
    return True if text is not None and made is not None and made.plain == text else text


def _pairs(links: Iterable[Link]) -> _Pairs:
    return tuple((link.label, link.url) for link in links)


def _source(parts: Parts, programme: Programme) -> Source:
    head = parts.next(_HEADS)
    shared: dict[str, str] = {}
    people = [Credit(one.name, one.affiliations) for one in parts.all(_CREDITS, head.people)]
    made_of = {key: paper for key, paper in programme.papers.items()}  # noqa: C416 - in one go it would hold others up

    def paper(one: _Paper) -> SourcePaper:
        made = made_of.get(one.key, _NO_PAPER)
        title, abstract = made.title, made.abstract
        return SourcePaper(
            one.key,
            one.line,
            (title.plain if title else _missing()) if one.title is True else one.title,
            tuple([people[place] for place in one.authors]),
            (abstract.plain if abstract else _missing()) if one.abstract is True else one.abstract,
            shared.setdefault(one.kind, one.kind),
            one.track if one.track is None else shared.setdefault(one.track, one.track),
            made.topics if one.topics is True else one.topics,
            one.source_id,
            one.other_ids,
            made.links if one.links is True else tuple([Link(*link) for link in one.links]),
        )

    papers = tuple([paper(one) for one in parts.all(_PAPER_LIST, head.papers)])
    sessions = tuple(
        SourceSession(
            one.key,
            one.line,
            one.kind,
            one.name,
            one.track,
            one.room,
            one.starts_at,
            one.ends_at,
            tuple(people[place] for place in one.chairs),
            one.abstract,
            one.source_id,
            tuple(Link(*link) for link in one.links),
            tuple(
                SourceAppearance(shown.paper, shown.starts_at, shown.ends_at, shown.room, shown.board)
                for shown in one.appearances
            ),
        )
        for one in parts.all(_SESSIONS, head.sessions)
    )
    parts.end()
    return Source(head.format, sessions, papers, head.problems)


def _missing() -> NoReturn:
    raise ValueError("it is not of this programme")


_NO_PAPER: Final = Paper("", None, "")
_HEADS: Final = msgspec.msgpack.Decoder(_Head)
_CREDITS: Final = msgspec.msgpack.Decoder(tuple[_Credit, ...])
_PAPER_LIST: Final = msgspec.msgpack.Decoder(tuple[_Paper, ...])
_SESSIONS: Final = msgspec.msgpack.Decoder(tuple[_Session, ...])

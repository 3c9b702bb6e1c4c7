"""From a source as it was to the programme as people see it."""

import hashlib
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from typing import Final

from bot.letting_go import empty
from bot.programme.identity import label_of, system_name
from bot.programme.kinds import kind_of
from bot.programme.model import Appearance, Author, Paper, Programme, Session, Unnamed
from bot.programme.names import display_name, fold
from bot.programme.slots import kind_of_session, lasts_throughout, take_along
from bot.programme.source import (
    Credit,
    Problem,
    Severity,
    Source,
    SourceAppearance,
    SourcePaper,
    SourceSession,
)
from bot.programme.text import Text, clean
from bot.programme.vocabulary import Asked, Vocabulary

AUTHOR_KEY_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Times:
    """When a session takes place, both moments aware and in UTC."""

    starts_at: datetime
    ends_at: datetime | None = None


Answers = Mapping[str, bool]
"""What the vocabulary said of the words that a text asked about."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What making a programme leaves for making the next one.

    Attributes:
        words: the words of its titles and abstracts.
        answers: by the key of each paper that asked, what these words told of its line breaks.
    """

    words: Vocabulary
    answers: Mapping[str, Answers]


@dataclass(frozen=True, slots=True)
class Built:
    """A programme with what it was made of: its source, whose keys are assigned, corrections and times in it."""

    source: Source
    programme: Programme
    memory: Memory


def build(source: Source, times: Mapping[str, Times] | None = None, zone: tzinfo = UTC) -> Programme:
    """Make the programme of a source whose keys are assigned.

    Args:
        source: a source with keys.
        times: times by session key, which win over those of the source.
        zone: the conference's zone.
    """
    return rebuild(with_times(source, times) if times else source, zone=zone).programme


def rebuild(source: Source, before: Built | None = None, zone: tzinfo = UTC) -> Built:
    """Make the programme of a source whose keys are assigned, after another one of the same conference.

    The same comes out as from the source alone, but what is the same as before is not made again: its papers, sessions
    and people are the very objects they were.
    """
    building = _Building(source, before, zone)
    built = building.built()
    building.let_go()
    return built


_Texts = tuple[Text | None, str, Text | None]
"""A paper's title, label and abstract."""

_NO_PAPER: Final = SourcePaper()


class _Building:
    """One programme in the making, with what many of its papers share: rooms, tracks, people and where they work."""

    def __init__(self, source: Source, before: Built | None, zone: tzinfo) -> None:
        self._source = source
        self._zone = zone
        self._papers = {paper.key: paper for paper in before.source.papers} if before else {}
        self._sessions = {session.key: session for session in before.source.sessions} if before else {}
        self._before = before.programme if before else Programme()
        self._told: Mapping[str, Answers] = before.memory.answers if before else {}
        self._words = self._vocabulary(before)
        self._answers: dict[str, Answers] = {}
        self._lines: dict[str, str] = {}
        self._authors: dict[tuple[str, tuple[str, ...]], Author | None] = {}

    def built(self) -> Built:
        source = self._source
        shown: dict[int, list[Appearance]] = {}
        order: list[list[int]] = []
        for session in source.sessions:
            throughout = lasts_throughout(session)
            appearances = [
                (one.paper, self._appearance(one, session, source.papers[one.paper].key, has_slot=not throughout))
                for one in session.appearances
            ]
            # What has a slot comes in its order; what has none stays as the source has it.
            appearances.sort(key=lambda entry: _start(entry[1]))
            order.append([place for place, _ in appearances])
            for place, appearance in appearances:
                shown.setdefault(place, []).append(appearance)
        papers = [
            self._paper(paper, tuple(sorted(shown.get(place, ()), key=_start)))
            for place, paper in enumerate(source.papers)
        ]
        sessions = tuple(
            self._session(session, tuple(papers[place] for place in dict.fromkeys(places)))
            for session, places in zip(source.sessions, order, strict=True)
        )
        unscheduled = tuple(paper for place, paper in enumerate(papers) if place not in shown)
        empty(shown)
        programme = Programme(sessions, unscheduled, self._before)
        return Built(source, programme, Memory(self._words, self._answers))

    def let_go(self) -> None:
        """Free what is of no use any more, so that others have a turn in between."""
        empty(self._papers, self._sessions, self._lines, self._authors)

    def _vocabulary(self, before: Built | None) -> Vocabulary:
        new = {paper.key: paper for paper in self._source.papers}
        # Papers of one key would be taken for one.
        if before is None or len(new) < len(self._source.papers) or len(self._papers) < len(before.source.papers):
            self._papers = {}
            return Vocabulary.of(self._source.papers)
        gone = [
            one
            for key, one in self._papers.items()
            if (other := new.get(key)) is not one and not _same_texts(one, other)
        ]
        come = [
            one
            for key, one in new.items()
            if (other := self._papers.get(key)) is not one and not _same_texts(one, other)
        ]
        if 2 * max(len(gone), len(come)) > len(self._papers):
            return Vocabulary.of(self._source.papers)
        return before.memory.words.changed(gone, come) if gone or come else before.memory.words

    def _appearance(
        self, source: SourceAppearance, session: SourceSession, paper_key: str, *, has_slot: bool
    ) -> Appearance:
        return Appearance(
            paper_key,
            session.key,
            source.starts_at or session.starts_at,
            source.ends_at if source.starts_at else session.ends_at,
            self._line(source.room or session.room or "") or None,
            self._line(source.board or "") or None,
            has_slot=has_slot and source.starts_at is not None,
            zone=self._zone,
        )

    def _session(self, source: SourceSession, papers: tuple[Paper, ...]) -> Session:
        was, made = self._sessions.get(source.key), self._before.session(source.key)
        session = Session(
            key=source.key,
            name=self._line(source.name) or source.key,
            kind=kind_of_session(source),
            kind_name=self._line(source.kind),
            track=self._line(source.track or "") or None,
            room=self._line(source.room or "") or None,
            starts_at=source.starts_at,
            ends_at=source.ends_at,
            chairs=tuple(author for chair in source.chairs if (author := self._author(chair))),
            abstract=made.abstract if was and made and was.abstract == source.abstract else _text(source.abstract),
            links=source.links,
            papers=papers,
            zone=self._zone,
        )
        return made if made == session else session

    def _paper(self, source: SourcePaper, appearances: tuple[Appearance, ...]) -> Paper:
        was, made = self._papers.get(source.key), self._before.papers.get(source.key)
        if was is None or made is None:
            was, made = _NO_PAPER, Paper("", None, "")
        texts = self._same_texts(source, was, made) or self._texts(source)
        if was is source and appearances == made.appearances and texts == (made.title, made.label, made.abstract):
            return made
        title, label, abstract = texts
        paper = Paper(
            key=source.key,
            title=title,
            label=label,
            byline=made.byline if was.authors == source.authors else self._byline(source.authors),
            abstract=abstract,
            kind=kind_of(source.kind),
            kind_name=self._line(source.kind),
            track=self._line(source.track or "") or None,
            topics=made.topics if was.topics == source.topics else self._each(source.topics),
            links=source.links,
            appearances=appearances,
            line=source.line,
        )
        return made if made == paper else paper

    def _same_texts(self, source: SourcePaper, was: SourcePaper, made: Paper) -> _Texts | None:
        """Return the texts of a paper as they were, where they would come out the same."""
        told = self._told.get(source.key, {})
        if made.key != source.key or not _same_texts(was, source):
            return None
        if any((word in self._words) != answer for word, answer in told.items()):
            return None
        if told:
            self._answers[source.key] = told
        return made.title, made.label, made.abstract

    def _texts(self, source: SourcePaper) -> _Texts:
        """Return the title, the label and the abstract, and note what they were told of their line breaks."""
        asked = Asked(self._words)
        # Its own name stands for macros, and there are none without a backslash.
        has_macros = "\\" in (source.title or "") or "\\" in (source.abstract or "")
        name = system_name(source.title, source.abstract) if has_macros else None
        title, abstract = _text(source.title, name, asked), _text(source.abstract, name, asked)
        if asked.answers:
            self._answers[source.key] = asked.answers
        return title, title.plain if title else label_of(None, source.abstract, source.key), abstract

    def _byline(self, credited: tuple[Credit, ...]) -> tuple[Author | Unnamed, ...]:
        entries: list[Author | Unnamed] = []
        for blank, authors in groupby(map(self._author, credited), key=lambda author: author is None):
            if blank:
                entries.append(Unnamed(len(list(authors))))
            else:
                entries.extend(author for author in authors if author)
        return tuple(entries)

    def _author(self, credit: Credit) -> Author | None:
        """Return the person a credit names, or None for a slot that was left blank."""
        written = credit.name, credit.affiliations
        if written not in self._authors:
            name = display_name(credit.name)
            affiliations = self._each(credit.affiliations)
            self._authors[written] = Author(author_key(name), name, credit.name, affiliations) if name else None
        return self._authors[written]

    def _each(self, raw: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, map(self._line, raw))))

    def _line(self, raw: str) -> str:
        line = self._lines.get(raw)
        if line is None:
            line = self._lines[raw] = clean(raw).plain
        return line


def with_times(source: Source, times: Mapping[str, Times]) -> Source:
    """Return a source whose sessions take place at these times, by session key, whatever it says itself."""
    sessions = (
        take_along(session, replace(session, starts_at=known.starts_at, ends_at=known.ends_at))
        if (known := times.get(session.key))
        else session
        for session in source.sessions
    )
    return replace(source, sessions=tuple(sessions))


def unfinished(source: Source, times: Mapping[str, Times]) -> tuple[Problem, ...]:
    """List what neither the source nor the configuration says but people will ask for: the sessions' times."""
    known = {session.key for session in source.sessions}
    without_time = (
        Problem(
            session.line,
            Severity.ACTION,
            f"Session “{session.name}” has no announced time. Give it one in the configuration: "
            f'[sessions."{session.key}"] start = …',
        )
        for session in source.sessions
        if session.starts_at is None and session.key not in times
    )
    without_session = (
        Problem(
            None,
            Severity.ACTION,
            f'The configuration gives a time to [sessions."{key}"], which is no session of this programme. '
            f"Its sessions: {', '.join(sorted(known))}.",
        )
        for key in times
        if key not in known
    )
    return (*without_time, *without_session)


def _start(appearance: Appearance) -> datetime:
    return appearance.starts_at or datetime.max.replace(tzinfo=UTC)


def _same_texts(one: SourcePaper, other: SourcePaper | None) -> bool:
    return other is not None and one.title == other.title and one.abstract == other.abstract


def _text(raw: str | None, name: str | None = None, vocabulary: Container[str] = frozenset()) -> Text | None:
    text = clean(raw, system_name=name, vocabulary=vocabulary) if raw else None
    return text if text and text.plain else None


def author_key(name: str) -> str:
    """Return the key shared by every way of writing a name: at most 40 characters, no spaces."""
    key = "-".join(fold(name).split() or name.split())
    if len(key) <= AUTHOR_KEY_LIMIT:
        return key
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{key[: AUTHOR_KEY_LIMIT - 9]}-{digest}"

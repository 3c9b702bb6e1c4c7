"""From the parts of a page to the programme: sessions, papers, their times, and what is worth a look."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import chain, pairwise

from bot.programme.names import display_name, fold
from bot.programme.source import Credit, SourcePaper, SourceSession
from bot.programme.text import undefined_macros
from bot.sources.formats.page_text.headings import Block
from bot.sources.formats.page_text.lines import Line, Shape, ends_sentence
from bot.sources.formats.page_text.marks import board_and_place, unbracketed
from bot.sources.formats.page_text.names import name_and_affiliation
from bot.sources.formats.page_text.page import Page
from bot.sources.formats.page_text.papers import Draft
from bot.sources.formats.page_text.times import Clock, clock_of, together
from bot.sources.formats.page_text.zones import zone_meant
from bot.sources.reading.gather import Gathering, SessionDraft
from bot.sources.reading.problems import shown

_PLAIN_NAME = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+")
"""A name that is shown as it is written; most are."""


def gather_session(
    gathering: Gathering, page: Page, part: Block, drafts: Sequence[Draft], titles: dict[str, int]
) -> None:
    """Add one part of a page: its session and the session's papers.

    Args:
        gathering: what is added to.
        page: the whole page.
        part: the session's part of it.
        drafts: its papers.
        titles: the line of each title so far, by the folded title; added to.
    """
    session = _session(gathering, part, has_papers=bool(drafts))
    if session is None and drafts:
        gathering.problems.action(
            "papers without a heading",
            "There is no heading before this paper, so that no session is known for it and those after it. Put the "
            "kind of session, its name and its room on three lines before it.",
            drafts[0].texts[0].number,
        )
    day = part.clock.day if part.clock else None
    for draft in drafts:
        line = draft.texts[0].number
        _remark(gathering, page, draft, titles)
        where = [_board_and_place(mark) for mark in draft.marks if mark.shape in (Shape.BOARD, Shape.PLACE)]
        badges = dict.fromkeys(unbracketed(mark.text) for mark in draft.marks if mark.shape is Shape.BADGE)
        paper = gathering.paper(
            SourcePaper(
                line=line,
                title=draft.title.text if draft.title else None,
                authors=_authors(page.names_of(draft.byline)) if draft.byline else (),
                abstract=_abstract(draft.abstract),
                kind=", ".join(badges),
            )
        )
        if session is None:
            continue
        clock = together(filter(None, (clock_of(unbracketed(mark.text)) for mark in draft.marks)))
        about = f"Paper “{shown(draft.texts[0].text)}”"
        starts_at, ends_at = _moments(gathering, clock, day, about, line) if clock else (None, None)
        room = next((place for _, place in where if place), None)
        gathering.appear(
            session,
            paper,
            starts_at=starts_at,
            ends_at=ends_at,
            room=room if room and (part.room is None or fold(room) != fold(part.room.text)) else None,
            board=next((board for board, _ in where if board), None),
        )


def _session(gathering: Gathering, part: Block, *, has_papers: bool) -> SessionDraft | None:
    lines = part.heading
    if not lines and part.clock is None:
        return None
    line = lines[0].number if lines else None
    name = part.name.text if part.name else ""
    about = f"Session “{shown(name)}”"
    if has_papers and part.room is None:
        gathering.problems.action("a heading without a room", f"{about}: the heading has no line for the room.", line)
    if has_papers and part.kind is None:
        gathering.problems.note(
            "a heading without a kind", f"{about}: the heading has no line for the kind of session.", line
        )
    for extra in part.more:
        gathering.problems.note(
            "more lines in a heading", f"{about}: “{shown(extra.text)}” is taken for a description.", extra.number
        )
    starts_at, ends_at = _moments(gathering, part.clock, None, about, line) if part.clock else (None, None)
    gathering.session_record()
    return gathering.session(
        SourceSession(
            line=line,
            kind=part.kind.text if part.kind else "",
            name=name,
            room=part.room.text if part.room else None,
            starts_at=starts_at,
            ends_at=ends_at,
            chairs=tuple(map(Credit, part.chairs)),
            abstract="\n".join(extra.text for extra in part.more) or None,
        ),
        mark=line,
    )


def _moments(
    gathering: Gathering, clock: Clock, day: date | None, about: str, line: int | None
) -> tuple[datetime | None, datetime | None]:
    """Return the start and the end that a clock means, in UTC; what can't be told is a problem and None."""
    starts, ends = clock.moments(day)
    if starts is None:
        if clock.day_without_year and day is None:
            gathering.problems.action(
                "a day without a year",
                f"{about}: the year of “{clock.day_without_year}” is missing, so that its time is left out. Write it "
                "like “Dec 9, 2025 • 11:00 AM – 2:00 PM”.",
                line,
            )
        elif clock.starts and day is None:
            gathering.problems.action(
                "a time without a day",
                f"{about}: the day of “{clock.starts:%H:%M}” is missing, so that its time is left out. Write it like "
                "“Dec 9, 2025 • 11:00 AM – 2:00 PM”.",
                line,
            )
        return None, None
    if clock.zone:
        zone = zone_meant(clock.zone, starts, gathering.zone)
        if zone is None:
            gathering.problems.note(
                "letters of a zone that mean several or none",
                f"{about}: “{shown(clock.zone)}” can mean several zones or none on that day; its time is taken in the "
                f"conference's zone, {gathering.zone.key}.",
                line,
            )
        elif zone is not gathering.zone:
            starts, ends = starts.replace(tzinfo=zone), ends.replace(tzinfo=zone) if ends else None
    return (
        gathering.moment(starts, f"{about}: the start", line),
        gathering.moment(ends, f"{about}: the end", line),
    )


def _authors(names: Sequence[str]) -> tuple[Credit, ...]:
    """Make credits of names; what stands behind most of them in brackets is where they work."""
    split = [name_and_affiliation(name) for name in names]
    if 2 * sum(where is not None for _, where in split) <= len(names):
        return tuple(map(Credit, names))
    return tuple(Credit(name, (where,) if where else ()) for name, where in split)


def _board_and_place(mark: Line) -> tuple[str | None, str | None]:
    board, place = board_and_place(unbracketed(mark.text))
    return board if place or mark.shape is not Shape.BOARD else board or mark.text, place


def _abstract(lines: Sequence[Line]) -> str | None:
    """Put paragraphs together; a line that ends within a sentence was only too long for the page."""
    if not lines:
        return None
    parts = [lines[0].text]
    for before, line in pairwise(lines):
        parts += ["\n" if ends_sentence(before.text) else " ", line.text]
    return "".join(parts)


def _remark(gathering: Gathering, page: Page, draft: Draft, titles: dict[str, int]) -> None:
    """Note what was put right or assumed in a paper."""
    problems, line = gathering.problems, draft.texts[0].number
    if draft.title and (first := titles.setdefault(fold(draft.title.text), line)) != line:
        problems.note("the same title twice", f"Same title as the paper on line {first}.", line)
    if draft.byline:
        names = [author.name for author in _authors(page.names_of(draft.byline))]
        if len(names) == 1:
            problems.note("an only author", f"Read as the paper's only author: {names[0]}.", draft.byline.number)
        for name in names:
            if not _PLAIN_NAME.fullmatch(name) and (better := display_name(name)) != name:
                problems.note(
                    "an author's name put right", f"Author “{name}” is shown as “{better}”.", draft.byline.number
                )
    for paragraph in draft.doubtful:
        problems.note(
            "a paragraph that may be another paper's",
            f"“{shown(paragraph.text)}” is read as a further paragraph of “{shown(draft.texts[0].text)}”. If it is "
            "another paper's, put that paper's title and authors before it.",
            paragraph.number,
        )
    for text in _written_by_authors(draft):
        if "\\" in text.text and (macros := undefined_macros(text.text)):
            problems.note(
                "an undefined macro",
                f"Undefined macro {', '.join(macros)}; read as the paper's own name.",
                text.number,
            )


def _written_by_authors(draft: Draft) -> Iterable[Line]:
    return chain([draft.title] if draft.title else [], draft.abstract)

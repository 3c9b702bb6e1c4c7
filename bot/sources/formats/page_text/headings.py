"""The sessions of a page: where each begins, and what the lines of its heading say."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.programme.kinds import Kind, kind_of
from bot.programme.names import fold
from bot.sources.formats.page_text.lines import Line, Shape, ends_sentence, is_sentence
from bot.sources.formats.page_text.marks import is_place, unbracketed
from bot.sources.formats.page_text.names import names_between_commas
from bot.sources.formats.page_text.times import Clock, clock_of, together

_HEADING_LINES: Final = 3
_HEADING_WORDS: Final = 6
_LONGEST_HEADING: Final = 100
_SESSION_WORDS: Final = frozenset({"session", "seance", "sitzung", "sesion", "sessione", "sessao"})
_CHAIRS = re.compile(
    r"(?:session )?(?:chairs?|chaired by|moderators?|moderated by|organi[sz]ers?)\s?:?\s(?P<names>\S.*)", re.IGNORECASE
)
_CONTENT: Final = frozenset({Shape.SHORT, Shape.PLACE, Shape.BADGE})


@dataclass(frozen=True, slots=True)
class Block:
    """One session's part of a page.

    Attributes:
        kind: the line that says what kind of session it is, or None.
        name: the line of its name.
        room: the line of its room.
        more: further lines of the heading.
        clock: what the heading tells of the time.
        chairs: the names of its chairs.
        body: the lines of its papers.
    """

    kind: Line | None
    name: Line | None
    room: Line | None
    more: tuple[Line, ...]
    clock: Clock | None
    chairs: tuple[str, ...]
    body: tuple[Line, ...]

    @property
    def heading(self) -> tuple[Line, ...]:
        """The lines of the heading that are no time and no chairs, in order."""
        return tuple(line for line in (self.kind, self.name, self.room, *self.more) if line)


def begins_like_heading(text: str) -> bool:
    """Tell whether a line names a kind of session, such as "Session", "Poster Session 2" or "Tutorial"."""
    if len(text) > _LONGEST_HEADING or len(text.split()) > _HEADING_WORDS or ends_sentence(text):
        return False
    return not _SESSION_WORDS.isdisjoint(fold(text).split()) or kind_of(text) not in (Kind.OTHER, Kind.PAPER)


def title_before(lines: Sequence[Line], byline: int, *, has_abstracts: bool) -> int | None:
    """Return the place of the title that belongs to the byline at a place, or None when it is lost."""
    place = byline - 1
    while place >= 0 and lines[place].shape not in (Shape.SHORT, Shape.PARAGRAPH, Shape.NAMES):
        place -= 1
    if place < 0 or lines[place].shape is Shape.NAMES:
        return None
    before = next((line for line in reversed(lines[max(place - 8, 0) : place]) if line.shape not in _MARKS), None)
    follows_names = has_abstracts and before is not None and before.shape is Shape.NAMES
    if lines[place].shape is Shape.PARAGRAPH:
        return None if lines[place].is_long or follows_names else place
    # A sentence between two bylines is the abstract of the first, not the title of the second.
    return None if follows_names and is_sentence(lines[place].text) else place


_MARKS: Final = frozenset({Shape.TIME, Shape.BOARD, Shape.PLACE, Shape.BADGE, Shape.BUTTON})


def blocks(lines: Sequence[Line], *, has_abstracts: bool) -> Iterator[Block]:
    """Cut a page into its sessions."""
    starts = [*dict.fromkeys((0, *_starts(lines, has_abstracts=has_abstracts))), len(lines)]
    for start, end in pairwise(starts):
        if start < end:
            yield _block(lines[start:end], has_abstracts=has_abstracts)


def _starts(lines: Sequence[Line], *, has_abstracts: bool) -> Iterator[int]:
    """Yield where headings begin: among the short lines before a title, a paragraph or the end of the page."""
    first = fold(lines[0].text[:_LONGEST_HEADING]) if lines else ""
    start = 0
    for end in range(len(lines) + 1):
        if end < len(lines) and lines[end].shape not in (Shape.NAMES, Shape.PARAGRAPH):
            continue
        if start < end:
            yield from _starts_between(lines, start, end, first, has_abstracts=has_abstracts)
        start = end + 1


def _starts_between(lines: Sequence[Line], start: int, end: int, first: str, *, has_abstracts: bool) -> Iterator[int]:
    """Yield where headings begin in a run of short lines that ends at a byline, a paragraph or the end of the page."""
    follower = lines[end].shape if end < len(lines) else None
    title = title_before(lines, end, has_abstracts=has_abstracts) if follower is Shape.NAMES else None
    last = title if title is not None and title >= start else end
    if last < end and any(line.shape is Shape.PLACE for line in lines[last + 1 : end]):
        last = end  # kind, name and room of a session of one talk
    content = [place for place in range(start, last) if lines[place].shape in _CONTENT]
    latest = 0 if start == 0 else None
    for at, place in enumerate(content):
        text = lines[place].text
        if at == latest or lines[place].shape is Shape.PLACE or _CHAIRS.fullmatch(text[:_LONGEST_HEADING]):
            continue
        if not begins_like_heading(text) and fold(text[:_LONGEST_HEADING]) != first:
            continue
        rest = content[at + 1 : at + 3]
        enough = len(rest) == 2 if follower is Shape.PARAGRAPH else bool(rest) or follower is Shape.NAMES
        if lines[place].shape is Shape.BADGE:
            enough = any(lines[other].shape is Shape.SHORT for other in rest)
        # A heading of three lines may have the words of another one in its second and third line.
        is_inside = latest is not None and (at - latest < 2 or len(content) - latest <= _HEADING_LINES)
        if enough and not is_inside:
            latest = at
            yield place


def _block(lines: Sequence[Line], *, has_abstracts: bool) -> Block:
    end = next((place for place, line in enumerate(lines) if line.shape in (Shape.NAMES, Shape.PARAGRAPH)), len(lines))
    has_names = end < len(lines) and lines[end].shape is Shape.NAMES
    title = title_before(lines, end, has_abstracts=has_abstracts) if has_names else None
    zone = lines[: end if title is None else title]
    body = list(lines[end if title is None else title :])
    one_talk = title is not None and any(line.shape is Shape.PLACE for line in lines[title + 1 : end]) and title > 0
    if one_talk and title is not None:
        # Kind, name and room of a session, and at once the speakers: the session is one talk of the same name.
        zone, body = lines[:end], [lines[title], *lines[end:]]
    chairs: list[str] = []
    content: list[Line] = []
    leading: list[Line] = []
    times: list[Line] = []
    for line in zone:
        match = _CHAIRS.fullmatch(line.text) if content and len(line.text) < 500 else None
        if match:
            chairs += names_between_commas(match["names"])
        elif line.shape is Shape.TIME:
            times.append(line)
        elif (
            line.shape in (Shape.BOARD, Shape.BUTTON)
            or (line.shape is Shape.PLACE and len(content) >= _HEADING_LINES)
            or (line.shape is Shape.BADGE and len(content) == _HEADING_LINES - 1)
        ):
            leading.append(line)
        else:
            content.append(line)
    if len(content) > 1 and content[-1].shape is Shape.BADGE and any(line.shape is Shape.BADGE for line in body):
        leading.insert(0, content.pop())
    if times and _is_of_first_paper(times, body):
        leading.append(times.pop())
    more = content[_HEADING_LINES:]
    if more and (not has_names or len(more) > 1):
        body, more = [*more, *leading, *body], []
    elif len(content) > 1 and not has_names and all(line.shape is Shape.PARAGRAPH for line in body):
        body, more = [], body  # a session that is described and has no papers
    else:
        body = [*leading, *body]
    kind, name, room = _roles(content[:_HEADING_LINES])
    clock = together(filter(None, (clock_of(unbracketed(line.text)) for line in times)))
    return Block(kind, name, room, tuple(more), clock, tuple(chairs), tuple(body))


def _is_of_first_paper(times: Sequence[Line], body: Sequence[Line]) -> bool:
    """Tell whether the last time before the first title is the first paper's, as the later ones come before titles."""
    bylines = [place for place, line in enumerate(body) if line.shape is Shape.NAMES]
    later = [place for place, line in enumerate(body) if line.shape is Shape.TIME]
    if not bylines or (later and later[-1] > bylines[-1]):
        return False
    clock = clock_of(unbracketed(times[-1].text))
    is_enough = len(times) > 1 or bool(clock and clock.day is None)
    return is_enough and (bool(later) or (len(bylines) == 1 and len(times) > 1))


def _roles(content: Sequence[Line]) -> tuple[Line | None, Line | None, Line | None]:
    """Tell kind, name and room in a heading's lines."""
    if not content:
        return None, None, None
    if len(content) == 1:
        return None, content[0], None
    first, second = content[0], content[1]
    if len(content) == 2 and is_place(second.text) and not is_place(first.text) and any(map(str.isdigit, first.text)):
        return None, first, second
    return first, second, content[2] if len(content) > 2 else None

"""The papers of one session's part of a page: what belongs to which, and what got lost between two."""

import re
import statistics
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.sources.formats.page_text.headings import title_before
from bot.sources.formats.page_text.lines import TEXTS, Line, Shape, ends_sentence

_USUAL_ABSTRACT: Final = 1000
"""How many characters an abstract has where a page has too few of them to tell."""

# By the share of the usual abstract. Of 300 abstracts of several paragraphs of five conferences none reaches all of
# these; the two of the first conference that lost their titles do.
_COMPLETE: Final = 0.6
_TWO_ABSTRACTS: Final = 1.7
_LONG_ENOUGH: Final = 0.4

_MARKS: Final = frozenset({Shape.TIME, Shape.BOARD, Shape.PLACE, Shape.BADGE})

_ITEM = re.compile(r"[(\[•*–-]|\d{1,2}[.)]\s|[A-Za-z][.)]\s")
_WORD = re.compile(r"[^\W\d_]{2,}")
_POINTS_BACK = re.compile(
    r"(?:we|our|ours|this|these|those|that|such|it|its|they|their|here|both|each|yet|but|and|so|or|by|across|through"
    r"|however|thus|hence|therefore|also|moreover|furthermore|additionally|more|unlike|instead|rather|compared|using"
    r"|based on|inspired|motivated|first|second|third|firstly|secondly|lastly|finally|then|next|overall|together"
    r"|specifically|concretely|notably|remarkably|surprisingly|interestingly|importantly|conversely|meanwhile"
    r"|accordingly|consequently|crucially|extensive|experiments?|experimental|empirical|empirically|theoretically"
    r"|keywords?|index terms|tl;?dr|notes?|warning|trigger warning|disclaimer|supplementary|github|see|available"
    r"|results?|code|data|project|website|videos?|key|on (?:the|our|a)"
    r"|the (?:code|results?|project|proposed|data|model)"
    r"|in (?:this|our|addition|particular|contrast|summary|experiments?|simulation|practice|total|fact|the)"
    r"|to (?:this|that|the|our|do|address|overcome|tackle|facilitate|evaluate|bridge|solve|achieve|demonstrate|improve"
    r"|validate|further))\b",
    re.IGNORECASE,
)
"""How the second paragraph of an abstract begins, and hardly ever an abstract."""


@dataclass(slots=True)
class Draft:
    """A paper being put together.

    Attributes:
        title: the line of its title, or None when it got lost.
        byline: the line of its authors.
        abstract: the lines of its abstract.
        marks: the lines that say its board, its time and the like.
        doubtful: the paragraphs of the abstract that are as long as one of its own.
    """

    title: Line | None = None
    byline: Line | None = None
    abstract: list[Line] = field(default_factory=list)
    marks: list[Line] = field(default_factory=list)
    doubtful: list[Line] = field(default_factory=list)

    @property
    def texts(self) -> tuple[Line, ...]:
        """The lines of the paper itself, in order."""
        return tuple(line for line in (self.title, self.byline, *self.abstract) if line)

    @property
    def length(self) -> int:
        """How many characters its abstract has."""
        return sum(len(line.text) for line in self.abstract)


@dataclass(frozen=True, slots=True)
class _Segment:
    """What belongs to one byline: its title, and all that follows up to the next title."""

    title: Line | None
    byline: Line | None
    marks: tuple[Line, ...]
    rest: tuple[Line, ...]

    def texts(self) -> list[Line]:
        return [line for line in self.rest if line.shape in TEXTS]


def usual_abstract(bodies: Iterable[Sequence[Line]], *, has_abstracts: bool) -> float:
    """Return how many characters an abstract of a page has: as many as the one in the middle."""
    lengths = [
        sum(len(line.text) for line in texts)
        for body in bodies
        for segment in _segments(body, has_abstracts=has_abstracts)
        if (texts := segment.texts())
    ]
    return statistics.median(lengths) if len(lengths) >= 3 else _USUAL_ABSTRACT


def papers_in(body: Sequence[Line], usual: float, *, has_abstracts: bool) -> Iterator[Draft]:
    """Yield the papers of a session in order.

    Args:
        body: the lines after the heading.
        usual: how many characters an abstract has on this page.
        has_abstracts: whether papers have abstracts on this page.
    """
    leading = _leading_shapes(body, has_abstracts=has_abstracts)
    held: list[Line] = []
    for segment in _segments(body, has_abstracts=has_abstracts):
        assembly = _Assembly(segment, held, leading, usual)
        texts = segment.texts()
        left = sum(len(line.text) for line in texts)
        following = iter([*texts[1:], None])
        for line in segment.rest:
            if line.shape in TEXTS:
                assembly.add_text(line, next(following), left, has_abstracts=has_abstracts)
                left -= len(line.text)
            elif line.shape is not Shape.BUTTON:
                assembly.add_mark(line)
        drafts, held = assembly.finish()
        yield from drafts


def _segments(body: Sequence[Line], *, has_abstracts: bool) -> Iterator[_Segment]:
    """Cut a session at its bylines; what comes before the first one is a segment without one."""
    start = 0
    title: Line | None = None
    byline: Line | None = None
    marks: tuple[Line, ...] = ()
    for place, line in enumerate(body):
        if line.shape is not Shape.NAMES:
            continue
        at = title_before(body, place, has_abstracts=has_abstracts)
        end = place if at is None or at < start else at
        if byline or end > start:
            yield _Segment(title, byline, marks, tuple(body[start:end]))
        title, byline = (body[end] if end < place else None), line
        marks = tuple(body[end + 1 : place])
        start = place + 1
    if byline or start < len(body):
        yield _Segment(title, byline, marks, tuple(body[start:]))


def _leading_shapes(body: Sequence[Line], *, has_abstracts: bool) -> Collection[Shape]:
    """Tell which marks stand before the title of their paper: those that do before the first one, or after no last."""
    bylines = [place for place, line in enumerate(body) if line.shape is Shape.NAMES]
    if not bylines:
        return _MARKS
    first, last = title_before(body, bylines[0], has_abstracts=has_abstracts), bylines[-1]
    before = {line.shape for line in body[: bylines[0] if first is None else first]}
    after = {line.shape for line in body[last + 1 :]}
    return {shape for shape in _MARKS if shape in before or shape not in after}


class _Assembly:
    """The papers of one segment being put together line by line: its own, and those behind it that lost their bylines.

    Attributes:
        drafts: the papers so far; the last one is still growing, and may be nothing but marks of the next title.
    """

    def __init__(self, segment: _Segment, held: Sequence[Line], leading: Collection[Shape], usual: float) -> None:
        self.drafts = [Draft(segment.title, segment.byline, marks=[*held, *segment.marks])]
        self._leading = leading
        self._usual = usual
        self._undecided: list[Line] = []

    def add_mark(self, mark: Line) -> None:
        """Add what says something about this paper, or about the next one if such marks come before titles."""
        current = self.drafts[-1]
        if mark.shape not in self._leading or not current.texts:
            current.marks.append(mark)
        elif current.abstract:
            self.drafts.append(Draft(marks=[mark]))
        else:
            self._undecided.append(mark)

    def add_text(self, line: Line, after: Line | None, left: int, *, has_abstracts: bool) -> None:
        """Add a line to the paper, or to another one that begins with it.

        Args:
            line: the line.
            after: the next line of text before the next title, if there is one.
            left: how many characters of text there are from this line to the next title.
            has_abstracts: whether papers have abstracts on this page.
        """
        marks, self._undecided = self._undecided, []
        current = self.drafts[-1]
        if has_abstracts:
            current.marks += marks
            begins = bool(current.texts) and _begins_another(line, after, current, left, self._usual)
        else:
            begins = bool(marks) or (bool(current.texts) and line.shape is Shape.SHORT)
        if begins:
            current = Draft(marks=[] if has_abstracts else marks)
            self.drafts.append(current)
        if not current.texts and line.shape is Shape.SHORT:
            current.title = line
            return
        if current.abstract and len(line.text) >= _COMPLETE * self._usual and _begins_anew(line, current.abstract[-1]):
            current.doubtful.append(line)
        current.abstract.append(line)

    def finish(self) -> tuple[list[Draft], list[Line]]:
        """Return the papers, and the marks that belong to the next title."""
        last = self.drafts[-1]
        if last.texts:
            return self.drafts, self._undecided
        return self.drafts[:-1], [*last.marks, *self._undecided]


def _begins_another(line: Line, after: Line | None, current: Draft, left: int, usual: float) -> bool:
    """Tell whether a line behind a byline and its abstract begins another paper, whose authors got lost."""
    if not current.abstract or not _begins_anew(line, current.abstract[-1]):
        return False
    if line.shape is Shape.PARAGRAPH:
        parts = (current.length, left, len(line.text))
        return min(parts) >= _COMPLETE * usual and current.length + left >= _TWO_ABSTRACTS * usual
    if not _looks_like_title(line.text) or current.length < _LONG_ENOUGH * usual:
        return False
    return after is None or (after.shape is Shape.PARAGRAPH and len(after.text) >= _LONG_ENOUGH * usual)


def _looks_like_title(text: str) -> bool:
    if (ends_sentence(text) and not text.endswith("?")) or "://" in text or _ITEM.match(text):
        return False
    return len(_WORD.findall(text)) >= 2


def _begins_anew(line: Line, before: Line) -> bool:
    """Tell whether a line can be the first one of an abstract, or a title, behind another paragraph."""
    return ends_sentence(before.text) and not line.text[:1].islower() and not _POINTS_BACK.match(line.text)

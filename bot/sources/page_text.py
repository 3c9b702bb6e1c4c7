"""The form "page text": a session's page as copied by hand from a conference's web site.

Three heading lines (kind, session, room), then for each paper a title, a byline whose names are separated by `⋅`
or the like, and an abstract. Any of the three may have been lost on the way, blank lines mean nothing, and a line
that repeats the first heading begins another session.

What a line is shows in its own shape; where that is not enough, in its neighbours. Two lines of the same kind in a
row belong to two papers: whatever is between them was lost, and gluing them together would hide that.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from bot.errors import UserError
from bot.programme.names import display_name, fold
from bot.programme.source import Problem, Severity, Source, SourcePaper, SourceSession
from bot.programme.text import undefined_macros
from bot.sources.encoding import decode

FORMAT = "page-text/1"
DESCRIPTION = "page text (three heading lines, then title, authors and abstract on a line each)"

_HEADING_LINES = 3
_ABSTRACT_WORDS = 40
_ABSTRACT_CHARACTERS = 250
_NAME_CHARACTERS = 80
_NAME_WORDS = 8
_SEPARATOR = re.compile(r"[⋅•∙‧]|(?<!\w)·|·(?!\w)")
"""A middle dot inside a word is a letter of Catalan ("Col·lell"), not a separator."""

_BLANK_ENDS = re.compile(r"^[\s\ufeff\u200b]+|[\s\ufeff\u200b]+$")
_SENTENCE = re.compile(r".*[a-z\d%)][.!?]")
_SENTENCE_END = re.compile(r"[a-z\d%)][.!?](?:\s|$)")
_LONE_NAME = re.compile(r"(?:[A-ZÀ-ÖØ-Þ][\w.'’-]*|van|von|de|der|den|del|di|da|la|le|bin|al|el)(?:\s|$)")


class _Kind(IntEnum):
    """What a line is, in the order in which a paper's lines come."""

    TITLE = 0
    BYLINE = 1
    ABSTRACT = 2


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    kind: _Kind


@dataclass(slots=True)
class _Draft:
    """A paper being gathered: at most one line of each kind."""

    lines: dict[_Kind, _Line] = field(default_factory=dict)

    def takes(self, kind: _Kind) -> bool:
        return not self.lines or kind > max(self.lines)

    def text(self, kind: _Kind) -> str | None:
        line = self.lines.get(kind)
        return line.text if line else None

    @property
    def number(self) -> int:
        return min(line.number for line in self.lines.values())


def can_read(data: bytes) -> bool:
    """Tell whether this is text at all, and not the beginning of some structured form."""
    return b"\0" not in data[:4096].replace(b"\xff\xfe", b"") and data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (
        b"{",
        b"[",
        b"<",
    )


def read(data: bytes, name: str) -> Source:
    """Read a session's page.

    Args:
        data: the file's bytes, UTF-8 with or without a byte order mark.
        name: what messages call the file.

    Raises:
        UserError: the bytes are not UTF-8, or there is no paper after the headings.
    """
    lines = _classify(decode(data, name))
    sessions: list[SourceSession] = []
    problems: list[Problem] = []
    for block in _blocks(lines) if lines else ():
        headings, body = _headings(block, problems)
        papers = tuple(_papers(body, problems))
        kind, title, room = (line.text if line else None for line in headings)
        sessions.append(
            SourceSession(line=block[0].number, kind=kind or "", name=title or "", room=room, papers=papers)
        )
    if not any(session.papers for session in sessions):
        raise UserError(
            f"{name}: no paper found. Expected three heading lines (kind, session, room), then a title, "
            "the authors separated by ⋅ and an abstract for each paper, on a line each."
        )
    problems.sort(key=lambda problem: problem.line or 0)
    return Source(FORMAT, tuple(sessions), tuple(problems))


def _classify(text: str) -> list[_Line]:
    """Tell what each line is that is not blank."""
    numbered = [
        (number, stripped)
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1)
        if (stripped := _BLANK_ENDS.sub("", line))
    ]
    lines = [_Line(number, text, _shape(text)) for number, text in numbered]
    return [_in_context(lines, position) for position in range(len(lines))]


def _shape(text: str) -> _Kind:
    slots = _SEPARATOR.split(text)
    if len(slots) > 1 and all(len(slot) <= _NAME_CHARACTERS and len(slot.split()) <= _NAME_WORDS for slot in slots):
        return _Kind.BYLINE
    words = len(text.split())
    if words >= _ABSTRACT_WORDS or len(text) >= _ABSTRACT_CHARACTERS or len(_SENTENCE_END.findall(text)) >= 2:
        return _Kind.ABSTRACT
    return _Kind.TITLE


def _in_context(lines: Sequence[_Line], position: int) -> _Line:
    """Put right what a line's own shape gets wrong: an only author, a short abstract, a title with a dot in it."""
    line = lines[position]
    before = lines[position - 1].kind if position > _HEADING_LINES else None
    after = lines[position + 1].kind if position + 1 < len(lines) else None
    if line.kind is _Kind.TITLE and before is _Kind.TITLE and after is _Kind.ABSTRACT and _looks_like_a_name(line.text):
        return _Line(line.number, line.text, _Kind.BYLINE)
    if line.kind is _Kind.TITLE and before is _Kind.BYLINE and _SENTENCE.fullmatch(line.text):
        return _Line(line.number, line.text, _Kind.ABSTRACT)
    if line.kind is _Kind.BYLINE and before is not _Kind.TITLE and after is _Kind.BYLINE:
        return _Line(line.number, line.text, _Kind.TITLE)
    return line


def _looks_like_a_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 5 and all(_LONE_NAME.fullmatch(word) for word in words)


def _blocks(lines: list[_Line]) -> Iterator[list[_Line]]:
    """Cut the page where a line repeats its first heading and is followed by titles only."""
    start = 0
    for position in range(_HEADING_LINES, len(lines)):
        following = lines[position : position + _HEADING_LINES]
        if (
            fold(lines[position].text) == fold(lines[0].text)
            and len(following) == _HEADING_LINES
            and all(line.kind is _Kind.TITLE for line in following)
        ):
            yield lines[start:position]
            start = position
    yield lines[start:]


def _headings(block: list[_Line], problems: list[Problem]) -> tuple[list[_Line | None], list[_Line]]:
    """Split a block into its kind, session and room lines and the lines of its papers.

    When the authors already come on the fourth line, the third is a title and the room is what got lost.
    """
    titles = next(
        (count for count, line in enumerate(block) if line.kind is not _Kind.TITLE),
        len(block),
    )
    count = min(_HEADING_LINES, titles)
    if titles < len(block) and block[titles].kind is _Kind.BYLINE:
        count = max(0, min(_HEADING_LINES, titles - 1))
    names = ("kind of session", "session's name", "room")
    problems.extend(
        Problem(block[0].number, Severity.ACTION, f"The heading has no line for the {name}.") for name in names[count:]
    )
    headings: list[_Line | None] = [*block[:count], *[None] * (_HEADING_LINES - count)]
    return headings, block[count:]


def _papers(lines: list[_Line], problems: list[Problem]) -> Iterator[SourcePaper]:
    draft = _Draft()
    titles: dict[str, int] = {}
    for line in lines:
        if not draft.takes(line.kind):
            yield _finish(draft, titles, problems)
            draft = _Draft()
        draft.lines[line.kind] = line
    if draft.lines:
        yield _finish(draft, titles, problems)


def _finish(draft: _Draft, titles: dict[str, int], problems: list[Problem]) -> SourcePaper:
    title, byline, abstract = (draft.text(kind) for kind in _Kind)
    names = tuple(slot.strip() for slot in _SEPARATOR.split(byline)) if byline else ()
    problems.extend(_missing(draft))
    problems.extend(_notes(draft, names))
    if title and (first := titles.setdefault(fold(title), draft.number)) != draft.number:
        problems.append(Problem(draft.number, Severity.NOTE, f"Same title as the paper on line {first}."))
    return SourcePaper(line=draft.number, title=title, byline=names, abstract=abstract)


def _missing(draft: _Draft) -> Iterator[Problem]:
    lost = [name for kind, name in zip(_Kind, ("title", "authors", "abstract"), strict=True) if kind not in draft.lines]
    if lost:
        which = " and ".join(lost)
        yield Problem(
            draft.number,
            Severity.ACTION,
            f"A paper without its {which}; it is shown with what there is. Add what is missing on "
            f"{'a line' if len(lost) == 1 else 'lines'} of its own.",
        )


def _notes(draft: _Draft, names: tuple[str, ...]) -> Iterator[Problem]:
    byline = draft.lines.get(_Kind.BYLINE)
    if byline:
        blank = sum(not name for name in names)
        if blank:
            yield Problem(
                byline.number,
                Severity.ACTION,
                f"{blank} author {'slot is' if blank == 1 else 'slots are'} blank; shown as not named in the source.",
            )
        if len(names) == 1:
            yield Problem(byline.number, Severity.NOTE, f"Read as the paper's only author: {names[0]}.")
        for raw in names:
            shown = display_name(raw)
            if shown != raw:
                yield Problem(byline.number, Severity.NOTE, f"Author “{raw}” is shown as “{shown}”.")
    for line in draft.lines.values():
        if line.kind is not _Kind.BYLINE and (macros := undefined_macros(line.text)):
            yield Problem(
                line.number,
                Severity.NOTE,
                f"Undefined macro {', '.join(macros)}; read as the paper's own name.",
            )

"""Text into Discord's Markdown: what is meant as emphasis is, and everything else is the characters it is."""

import re
from collections.abc import Iterable

from bot.programme.text import Span, Text
from bot.ui.limits import clip, size

_CHARACTERS = re.compile(r"[\\*_~`|<>@#\[\]:\n]")
_LIST = re.compile(r"[ \t]*[-+\d]")
_SPECIAL = re.compile(
    r"[\\*_~`|<>@#\[\]]"  # emphasis, code, spoilers, quotes, mentions, headings, masked links
    r"|:(?=//|[\w+-]+:)"  # an address becomes a link, a name between colons an emoji
    r"|(?P<indent>^[ \t]*)(?P<list>[-+](?=\s)|\d+(?P<dot>\.)(?=\s))",  # a list, with marks or with numbers
    re.MULTILINE,
)
_BETWEEN = "\u200b"


def escape(text: str) -> str:
    """Make every character of a text show as itself: no emphasis, mention, link, emoji or list comes of it."""
    # Most texts have nothing of it, which is seen far sooner than what is to be escaped.
    if _CHARACTERS.search(text) is None and _LIST.match(text) is None:
        return text
    return _SPECIAL.sub(_escaped, text)


def escaped(text: str, limit: int) -> str:
    """Escape a text and cut it so that the result has at most `limit` characters."""
    return render((Span(text),), limit)


def escaped_line(text: str, limit: int) -> str:
    """Put a text on one line, escape it and cut it as `escaped` does."""
    return escaped(" ".join(text.split()), limit)


def render(text: Text | Iterable[Span], limit: int) -> str:
    """Write a text as Discord Markdown of at most `limit` characters, cut at a whole word with an ellipsis."""
    out, taken = "", 0
    for span in text.spans if isinstance(text, Text) else text:
        # Asterisks of neighbours would run together and mean something else.
        between = _BETWEEN if out.endswith("*") and (span.bold or span.italic) else ""
        piece = between + _markdown(span)
        if (more := size(piece)) > limit - taken:
            rest = _cut(span, limit - taken - size(between))
            return (out + between + rest if rest else out).rstrip()
        out += piece
        taken += more
    return out


def _markdown(span: Span) -> str:
    if span.url:
        # Without the brackets the link would take in whatever follows, a backslash of ours among it.
        return f"<{span.url}>"
    marks = ("**" if span.bold else "") + ("*" if span.italic else "")
    if not marks or not (words := span.text.strip()):
        return escape(span.text)
    before, after = span.text.split(words, 1)
    return f"{before}{marks}{escape(words)}{marks[::-1]}{after}"


def _cut(span: Span, room: int) -> str:
    """Return as much of a span as fits into so many characters of Markdown, ending in an ellipsis."""
    if span.url or room < 8:
        return "…" if room > 0 else ""
    length = room
    while length > 1:
        piece = _markdown(Span(clip(span.text, length), span.bold, span.italic))
        if (excess := size(piece) - room) <= 0:
            return piece
        length -= max(excess // 2, 1)
    return "…"


def _escaped(match: re.Match[str]) -> str:
    if match["list"] is None:
        return "\\" + match.group()
    number = match["list"].removesuffix(".")
    return f"{match['indent']}{number}\\." if match["dot"] else f"{match['indent']}\\{match['list']}"

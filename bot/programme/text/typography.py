"""White space, dashes, quotation marks, and what nobody sees."""

import re
import unicodedata
from typing import Final

from bot.programme.text.marks import BOLD_OFF, BOLD_ON

# Controls, format characters (zero-width, bidirectional, soft hyphens), private use and lone surrogates.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs"})
# The last two code points of the private planes are no characters, and not private either; the shields would take them
# for their own.
_NO_CHARACTERS: Final = frozenset("\U000ffffe\U000fffff\U0010fffe\U0010ffff")
_DASHES = re.compile(r"""(?<=[^\s<>!(\[{"'`“‘-])-{2,3}(?=[^\s<>)-])|(?<=\s)-{2,3}(?=\s)""")
_QUOTED = re.compile(r"``((?:[^`']|'(?!'))++)''")
_STRAY_SPACE = re.compile(r"(?<=\S) (?=[:,;](?:\s|$))")
_MARKDOWN_BOLD = re.compile(r"(?<![\w*])\*\*(?![\s*])([^*]++)(?<!\s)\*\*(?![\w*])")


def tidy(raw: str) -> str:
    """Return a text without what nobody sees or should: control and direction characters, runs of white space."""
    if raw.isascii() and raw.isprintable() and "  " not in raw and raw.strip() == raw:
        return raw
    text = " ".join(raw.split())
    if not text.isascii():
        plain = text.replace("\N{HYPHEN}", "-").replace("\N{NON-BREAKING HYPHEN}", "-")
        text = unicodedata.normalize("NFC", plain)
    if not text.isprintable():
        text = unicodedata.normalize("NFC", text.translate(_SEEN))
        text = " ".join(text.split())
    return raw if text == raw else text


class _Seen(dict[int, str | None]):
    """What becomes of each character when what nobody sees goes; a category is looked up once for each."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        unseen = char in _NO_CHARACTERS or (unicodedata.category(char) in _UNSEEN and not char.isspace())
        return self.setdefault(code, None if unseen else char)


_SEEN: Final = _Seen()


def typeset(marked: str) -> str:
    """Return a marked text with dashes and quotation marks as in print, and with Markdown's bold as marks."""
    if "--" in marked:
        marked = _DASHES.sub(lambda match: "\N{EN DASH}" if len(match[0]) == 2 else "\N{EM DASH}", marked)
    if "``" in marked:
        marked = _QUOTED.sub("\N{LEFT DOUBLE QUOTATION MARK}\\1\N{RIGHT DOUBLE QUOTATION MARK}", marked)
    marked = _STRAY_SPACE.sub("", marked)
    return _MARKDOWN_BOLD.sub(f"{BOLD_ON}\\1{BOLD_OFF}", marked) if "**" in marked else marked

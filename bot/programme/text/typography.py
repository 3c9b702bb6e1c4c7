"""White space, dashes, quotation marks, and what nobody sees."""

import re
import unicodedata
from typing import Final

from bot.programme.text.marks import BOLD_OFF, BOLD_ON

# The last two code points of the private planes are no characters, and not private either; the shields would take them
# for their own.
_NO_CHARACTERS: Final = "\U000ffffe\U000fffff\U0010fffe\U0010ffff"
_PLAIN: Final = str.maketrans("\N{HYPHEN}\N{NON-BREAKING HYPHEN}", "--", _NO_CHARACTERS)
# Controls, format characters (zero-width, bidirectional, soft hyphens), private use and lone surrogates.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs"})
_DASHES = re.compile(r"""(?<=[^\s<>!(\[{"'`“‘-])-{2,3}(?=[^\s<>)-])|(?<=\s)-{2,3}(?=\s)""")
_QUOTED = re.compile(r"``((?:[^`']|'(?!'))++)''")
_STRAY_SPACE = re.compile(r"(?<=\S) (?=[:,;](?:\s|$))")
_MARKDOWN_BOLD = re.compile(r"(?<![\w*])\*\*(?![\s*])([^*]++)(?<!\s)\*\*(?![\w*])")


def tidy(raw: str) -> str:
    """Return a text without what nobody sees or should: control and direction characters, runs of white space."""
    text = unicodedata.normalize("NFC", raw.translate(_PLAIN))
    seen = "".join(char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN)
    return " ".join(unicodedata.normalize("NFC", seen).split())


def typeset(marked: str) -> str:
    """Return a marked text with dashes and quotation marks as in print, and with Markdown's bold as marks."""
    text = _DASHES.sub(lambda match: "\N{EN DASH}" if len(match[0]) == 2 else "\N{EM DASH}", marked)
    text = _QUOTED.sub("\N{LEFT DOUBLE QUOTATION MARK}\\1\N{RIGHT DOUBLE QUOTATION MARK}", text)
    text = _STRAY_SPACE.sub("", text)
    return _MARKDOWN_BOLD.sub(f"{BOLD_ON}\\1{BOLD_OFF}", text)

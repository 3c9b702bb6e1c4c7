"""How names and titles are compared, found and typed."""

import re
import unicodedata
from typing import Final

APOSTROPHES: Final = "'’‘ʼʻ`´"
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_SEPARATORS = re.compile(r"[-‐‑‒–—−.·_]")
_ASCII_FOLDING: Final = str.maketrans({"'": None, "`": None, "-": " ", ".": " ", "_": " "})
_ASCII_WORD = re.compile(r"[a-z0-9]+")
# Letters that Unicode does not regard as another letter with an accent, but everybody's keyboard does.
_BASE_LETTERS: Final = str.maketrans(
    {
        "æ": "ae",
        "ð": "d",
        "đ": "d",
        "ħ": "h",
        "ı": "i",
        "ł": "l",
        "ŋ": "n",
        "ø": "o",
        "œ": "oe",
        "þ": "th",
        "ŧ": "t",
    }
)


def fold(text: str) -> str:
    """Return a text without what people leave out or vary when they type it, for comparing.

    Accents, case, apostrophes and the choice between hyphen, dot and space no longer matter: "Jean-Pierre
    O'Brien" and "jean pierre obrien" fold to the same.
    """
    if text.isascii():  # the same in a tenth of the time
        return " ".join(text.translate(_ASCII_FOLDING).lower().split())
    bare = _without_accents(_without_accents(text).casefold().translate(_BASE_LETTERS))
    spaced = _SEPARATORS.sub(" ", _APOSTROPHE.sub("", bare))
    return unicodedata.normalize("NFC", " ".join(spaced.split()))


def slug(text: str, limit: int = 32) -> str:
    """Return a short ASCII key that is easy to type: lower-case words joined by hyphens.

    Args:
        text: The title or name to make the key from.
        limit: The most characters the key may have. It ends with a whole word where even one fits.

    Returns:
        The key, or "" when nothing of the text can be written in ASCII.
    """
    key = "-".join(_ASCII_WORD.findall(fold(text)))
    if len(key) <= limit:
        return key
    whole_words, _, _ = key[: limit + 1].rpartition("-")
    return whole_words or key[:limit]


def _without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))

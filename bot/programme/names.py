"""People's names: how they are shown, and how they are compared, found and typed."""

import re
import unicodedata
from typing import Final

from bot.programme.text import clean


def display_name(raw: str) -> str:
    """Return a name as its owner would write it.

    Puts right what forms and exports do to names: a missing middle name spelt out as "None", a name typed
    with caps lock or without the shift key. What may be deliberate stays: initials ("JP"), particles
    ("van der") and capitals inside a word ("DeVito").
    """
    words = _without_absent_middle_names(clean(raw).plain.split())
    shouted = _is_shouted(words)
    return " ".join(_recase(words, at, shouted=shouted) for at in range(len(words)))


def fold(text: str) -> str:
    """Return a text without what people leave out or vary when they type it, for comparing.

    Accents, case, apostrophes and the choice between hyphen, dot and space no longer matter: "Jean-Pierre
    O'Brien" and "jean pierre obrien" fold to the same.
    """
    bare = _without_accents(_without_accents(text).casefold().translate(_BASE_LETTERS))
    spaced = _SEPARATORS.sub(" ", _APOSTROPHES.sub("", bare))
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


_APOSTROPHE_MARKS: Final = "'’‘ʼʻ`´"

# --- case

# Letters, each with the accents that have no composed form.
_LETTERS = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_SOUND = re.compile(rf"[^\W\d_]{{2}}[{_APOSTROPHE_MARKS}]")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+")
_ABSENT: Final = frozenset({"none", "null"})
_PARTICLES: Final = frozenset(
    {"af", "al", "av", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du"}
    | {"e", "el", "ibn", "la", "le", "ten", "ter", "van", "vom", "von", "y", "zu", "zum", "zur"}
)
# In a shouted name only these cannot be anything else: "LE" and "DU" are surnames, and "VAN" a given name
# unless one of these follows it.
_SURE_PARTICLES: Final = frozenset({"DE", "DEL", "DELLA", "DEN", "DER", "DOS", "VON", "ZU"})
_NUMERALS: Final = frozenset({"II", "III", "IV"})
_ELIDED: Final = frozenset({"d", "l"})
_VOWELS: Final = frozenset("aeiouy")


def _without_absent_middle_names(words: list[str]) -> list[str]:
    return [*words[:1], *(word for word in words[1:-1] if word.casefold() not in _ABSENT), *words[1:][-1:]]


def _is_shouted(words: list[str]) -> bool:
    """Tell whether a whole name is in capitals, so that even its short words are no initials."""
    parts = [part for word in words if not _INITIALS.fullmatch(word) for part in _LETTERS.findall(word)]
    long_parts = [part for part in parts if len(part) > 1]
    return any(len(part) > 2 for part in long_parts) and all(_is_capitals(part) for part in long_parts)


def _is_capitals(part: str) -> bool:
    """Tell whether a part is in capitals, but for one slip of the shift key ("JOHn") or a "Mc"."""
    has_slip = len(part) > 3 and (part[1:].isupper() or part[:-1].isupper())
    return part.isupper() or has_slip or (part.startswith("Mc") and len(part) > 4 and part[2:].isupper())


def _recase(words: list[str], at: int, *, shouted: bool) -> str:
    word, is_last = words[at], at == len(words) - 1
    if any(char.isnumeric() for char in word):
        return word
    if word.islower():
        return word if word in _PARTICLES and not is_last else _LETTERS.sub(_capitalise_lower, word)
    if shouted and at > 0 and not is_last and _is_sure_particle(word, words[at + 1]):
        return word.lower()
    if word in _NUMERALS or _INITIALS.fullmatch(word):
        return word
    return _LETTERS.sub(
        lambda match: _capitalise(match) if _is_wrong(match[0], is_last, shouted=shouted) else match[0], word
    )


def _is_sure_particle(word: str, following: str) -> bool:
    return word in _SURE_PARTICLES or (word == "VAN" and following in _SURE_PARTICLES)


def _is_wrong(part: str, is_last: bool, *, shouted: bool) -> bool:
    """Tell whether a part's capitals come from caps lock rather than being initials or the name's own.

    In a name not all in capitals two letters are initials: "DJ Patil", and "Karthikeyan SP", as Tamil names
    put theirs last. So are more letters without a vowel, for nobody could say them: "JRR Tolkien". In a name
    all in capitals two letters are a name if they can be said or come last: "HONGCHAO DU", "ANDREW NG".
    """
    if len(part) < 2 or not _is_capitals(part):
        return False
    can_be_said = not part.isascii() or not _VOWELS.isdisjoint(part.casefold())
    return (can_be_said or (shouted and is_last)) and (shouted or len(part) > 2)


def _capitalise_lower(match: re.Match[str]) -> str:
    """Capitalise a part of a word typed without the shift key, unless it is a particle: "d'", "al-"."""
    after = match.string[match.end() : match.end() + 1]
    is_particle = (after == "-" and match[0] in _PARTICLES) or (after in _APOSTROPHE_MARKS and match[0] in _ELIDED)
    return match[0] if after and is_particle else _capitalise(match)


def _capitalise(match: re.Match[str]) -> str:
    """Return a part of a name as its word has it, given what stands before it there."""
    # After one letter an apostrophe begins a name (O'Brien, N'Diaye); after more it is a sound (Sa'ad).
    return (
        match[0].lower()
        if _SOUND.match(match.string[max(0, match.start() - 3) : match.start()])
        else _title_case(match[0])
    )


def _title_case(part: str) -> str:
    # Turkish: the lower case of a dotted capital I is spelt with a combining dot that no reader expects.
    lower = part.lower().replace("i\u0307", "i")
    if lower.startswith("mc") and len(lower) > 4:
        return "Mc" + lower[2:].title()
    first = part[:1].title()
    # Some letters have no capital of their own, such as a sharp s or a ligature: those words stay as they are.
    return first + lower[1:] if len(first) == 1 else part


# --- comparing

_APOSTROPHES = re.compile(f"[{_APOSTROPHE_MARKS}]")
_SEPARATORS = re.compile(r"[-‐‑‒–—−.·_]")
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


def _without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))

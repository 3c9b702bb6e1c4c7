"""How a person's name is shown."""

import re
from typing import Final

from bot.programme.names.folding import APOSTROPHES
from bot.programme.text import clean

# Letters, each with the accents that have no composed form.
_LETTERS = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_SOUND = re.compile(rf"[^\W\d_]{{2}}[{APOSTROPHES}]")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+")
_ABSENT: Final = frozenset({"none", "null"})
_PARTICLES: Final = frozenset(
    {"af", "al", "av", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du"}
    | {"e", "el", "ibn", "la", "le", "ten", "ter", "van", "vom", "von", "y", "zu", "zum", "zur"}
)
# In a name all in capitals only these cannot be anything else: "LE" and "DU" are surnames, and "VAN" a given name
# unless one of these follows it.
_SURE_PARTICLES: Final = frozenset({"DE", "DEL", "DELLA", "DEN", "DER", "DOS", "VON", "ZU"})
_NUMERALS: Final = frozenset({"II", "III", "IV"})
_ELIDED: Final = frozenset({"d", "l"})
_VOWELS: Final = frozenset("aeiouy")


def display_name(raw: str) -> str:
    """Return a name as its owner would write it.

    Puts right what forms and exports do to names: a missing middle name spelt out as "None", a name typed
    with caps lock or without the shift key. What may be deliberate stays: initials ("JP"), particles
    ("van der") and capitals inside a word ("DeVito").
    """
    words = clean(raw).plain.split()
    middle = [word for word in words[1:-1] if word.casefold() not in _ABSENT]
    words = [*words[:1], *middle, *words[1:][-1:]]
    if all(map(str.istitle, words)):  # as most names are; no rule below changes such a word
        return " ".join(words)
    all_capitals = _is_all_capitals(words)
    return " ".join(_recase(words, at, all_capitals=all_capitals) for at in range(len(words)))


def _is_all_capitals(words: list[str]) -> bool:
    """Tell whether a whole name is in capitals, so that even its short words are no initials."""
    parts = [part for word in words if not _INITIALS.fullmatch(word) for part in _LETTERS.findall(word)]
    long_parts = [part for part in parts if len(part) > 1]
    return any(len(part) > 2 for part in long_parts) and all(_is_capitals(part) for part in long_parts)


def _is_capitals(part: str) -> bool:
    """Tell whether a part is in capitals, but for one slip of the shift key ("JOHn") or a "Mc"."""
    has_slip = len(part) > 3 and (part[1:].isupper() or part[:-1].isupper())
    return part.isupper() or has_slip or (part.startswith("Mc") and len(part) > 4 and part[2:].isupper())


def _recase(words: list[str], at: int, *, all_capitals: bool) -> str:
    word, is_last = words[at], at == len(words) - 1
    if any(char.isnumeric() for char in word):
        return word
    if word.islower():
        return word if word in _PARTICLES and not is_last else _LETTERS.sub(_capitalise_lower, word)
    is_inside = at > 0 and not is_last
    if all_capitals and is_inside and (word in _SURE_PARTICLES or (word == "VAN" and words[at + 1] in _SURE_PARTICLES)):
        return word.lower()
    if word in _NUMERALS or _INITIALS.fullmatch(word):
        return word
    return _LETTERS.sub(
        lambda match: _capitalise(match) if _is_wrong(match[0], is_last, all_capitals=all_capitals) else match[0], word
    )


def _is_wrong(part: str, is_last: bool, *, all_capitals: bool) -> bool:
    """Tell whether a part's capitals come from caps lock rather than being initials or the name's own.

    In a name not all in capitals two letters are initials: "DJ Patil", and "Karthikeyan SP", as Tamil names
    put theirs last. So are more letters without a vowel, for nobody could say them: "JRR Tolkien". In a name
    all in capitals two letters are a name if they can be said or come last: "HONGCHAO DU", "ANDREW NG".
    """
    if len(part) < 2 or not _is_capitals(part):
        return False
    can_be_said = not part.isascii() or not _VOWELS.isdisjoint(part.casefold())
    return (can_be_said or (all_capitals and is_last)) and (all_capitals or len(part) > 2)


def _capitalise_lower(match: re.Match[str]) -> str:
    """Capitalise a part of a word typed without the shift key, unless it is a particle: "d'", "al-"."""
    after = match.string[match.end() : match.end() + 1]
    is_particle = (after == "-" and match[0] in _PARTICLES) or (after in APOSTROPHES and match[0] in _ELIDED)
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

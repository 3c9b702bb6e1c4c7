"""Words that a line break cut in two, and left with a hyphen and a space in the middle ("Net- works")."""

import re
from collections.abc import Container
from typing import Final

from bot.programme.text.typography import tidy

LETTER: Final = r"[^\W\d_]"
_BREAK = re.compile(rf"(?<!{LETTER})({LETTER}++)- (?=({LETTER}++)(-?))")
_WORD = re.compile(rf"{LETTER}++")
_WHOLE_WORD = re.compile(rf"(?<!{LETTER})(?<!{LETTER}- ){LETTER}++(?!- {LETTER})")
_ASCII_WORDS: Final = "".join(char.lower() if char.isalpha() else " " for char in map(chr, range(128)))
_AFTER_SUSPENDED_HYPHEN: Final = frozenset(
    "and or nor but to than versus vs rather as well und oder bis et ou y e o".split()
)


def words_of(text: str) -> set[str]:
    """Return the folded words of a text, for the vocabulary that `clean` asks about line breaks.

    The two halves of a word that such a break cut in two are left out: they are what is in question.
    """
    tidied = tidy(text)
    if tidied.isascii() and "- " not in tidied:  # the same in a tenth of the time
        return set(tidied.translate(_ASCII_WORDS).split())
    words = (_WHOLE_WORD if "- " in tidied else _WORD).findall(tidied)
    return set(map(str.casefold, words))


def join_broken_words(text: str, vocabulary: Container[str]) -> str:
    """Return a text with the two halves of each such word together."""
    if "- " not in text:
        return text
    return _BREAK.sub(lambda match: match[1] + _hyphen_at_break(match[1], match[2], match[3], vocabulary), text)


def _hyphen_at_break(left: str, right: str, then: str, vocabulary: Container[str]) -> str:
    """Return what stands between two halves of a word: nothing, its own hyphen, or a suspended one."""
    if right.casefold() in _AFTER_SUSPENDED_HYPHEN:
        # "pre- and post-training", but "peer- to-peer" has only been broken at its first hyphen.
        return "-" if then else "- "
    if (left + right).casefold() in vocabulary:
        return ""
    both_known = left.casefold() in vocabulary and right.casefold() in vocabulary
    # Inside a word the case does not change: "LLM- based" and "Multi- GPU" had a hyphen before the break.
    case_changes = left[-1].isupper() != right[0].isupper()
    return "-" if both_known or case_changes else ""

"""The passes in which a field is read.

A pass shields what no rule may touch (addresses, characters that are already literal) by moving it into private-use
code points, lets LaTeX mark emphasis with four more of them, tidies the typography around the marks, and only then
cuts the text at the marks into spans.
"""

import unicodedata
from collections.abc import Container
from typing import Final

from bot.programme.text.addresses import shield_addresses
from bot.programme.text.broken_words import join_broken_words
from bot.programme.text.formulas import has_formula
from bot.programme.text.latex import read_latex
from bot.programme.text.marks import collapse_spaces, spans_of
from bot.programme.text.spans import Span, Text
from bot.programme.text.typography import tidy, typeset

_MAX_PASSES: Final = 4
_WITHOUT_MARKUP: Final = dict.fromkeys(map(ord, "$*`"))
# What each rule looks for: a text with none of it is read as it stands, and most are such.
_MARKUP: Final = ("\\", "$", "``", "**", "--", "- ", " :", " ,", " ;", "://")


def clean(raw: str, *, system_name: str | None = None, vocabulary: Container[str] = frozenset()) -> Text:
    r"""Turn a raw title or abstract into text fit to be shown.

    Any string is accepted, and cleaning what is already clean changes nothing.

    Args:
        raw: The field as the source holds it.
        system_name: What the paper calls its own system. It stands in for macros nobody defined, such as
            `\nickname`; without it they read as their own name.
        vocabulary: Folded words known from elsewhere (see `words_of`), to decide whether a hyphen before a
            line break belongs to its word.
    """
    tidied = tidy(raw)
    if not _has_markup(tidied):
        return _unstyled(tidied)
    # The own name stands for macros, and there are none without a backslash.
    own_name = clean(system_name).plain if system_name and "\\" in tidied else ""
    text = _read(tidied, own_name, vocabulary)
    for _ in range(_MAX_PASSES):
        again = _read(tidy(text.plain), own_name, vocabulary)
        if again.plain == text.plain:
            return text
        text = again
    # Only markup nested on purpose still changes now. Without its characters a pass has nothing to undo.
    return _read(tidy(text.plain.translate(_WITHOUT_MARKUP)), own_name, vocabulary)


def _has_markup(tidied: str) -> bool:
    return any(map(tidied.__contains__, _MARKUP))


def _unstyled(tidied: str) -> Text:
    return Text((Span(tidied),) if tidied else ())


def _read(tidied: str, own_name: str, vocabulary: Container[str]) -> Text:
    if not _has_markup(tidied):
        return _unstyled(tidied)
    text = shield_addresses(tidied)
    if "\\" in text or has_formula(text):
        text = read_latex(text, own_name)
    text = collapse_spaces(unicodedata.normalize("NFC", text))
    return Text(tuple(spans_of(typeset(join_broken_words(text, vocabulary)))))

"""What lists and menus say of papers, remembered: it is the same for every reader."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from bot.programme.model import Paper
from bot.remembered import Remembered

P = ParamSpec("P")

_MOST: Final = 2**13
"""How many texts of each kind are remembered, in half a KB each."""


def said_once(say: Callable[Concatenate[Paper, P], str]) -> Callable[Concatenate[Paper, P], str]:
    """Remember what a function says of papers and nothing else but what it is given."""
    # A paper is known by being that very object, which is held meanwhile: to compare it takes longer than to say it.
    known: Remembered[tuple[object, ...], tuple[Paper, str]] = Remembered(_MOST)

    @wraps(say)
    def said(paper: Paper, /, *args: P.args, **kwargs: P.kwargs) -> str:
        asked = (id(paper), *args, *kwargs.items())
        return known.get(asked, lambda: (paper, say(paper, *args, **kwargs)))[1]

    return said

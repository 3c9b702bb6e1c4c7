"""Some answers about a programme, to see how it looks before anybody asks."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import discord

from bot.lookup.answers.papers import paper_answer
from bot.lookup.answers.sessions import session_answer
from bot.programme.model import Programme

_Any = TypeVar("_Any")


def sample(programme: Programme, number: int) -> Iterator[discord.Embed]:
    """Yield what the bot answers about this many papers and sessions, taken from all over the programme."""
    answers = [
        *(paper_answer(programme, paper, marked=None) for paper in _spread(list(programme.papers.values()), number)),
        *(session_answer(session, 0) for session in _spread(programme.sessions, number)),
    ]
    for answer in answers:
        yield from answer.embeds


def _spread(entries: Sequence[_Any], number: int) -> Sequence[_Any]:
    """Return this many entries at most, evenly spread."""
    taken = min(number, len(entries))
    return [entries[place * len(entries) // taken] for place in range(taken)]

"""What the bot and the process that finds say to each other: a line of JSON each, over two pipes."""

from typing import TypeAlias

import msgspec

from bot.finding.model import Suggested, Wanted
from bot.search.snippet import Marks

LONGEST_LINE = 2**20
"""No line is longer, in bytes: what people type and what a page shows have their limits."""


class Begin(msgspec.Struct, tag=True, frozen=True):
    """The first thing that is said.

    Attributes:
        folder: where the programme in use and its index are kept.
        zone: the conference's zone, an IANA name.
        api: the address of Discord's API.
    """

    folder: str
    zone: str
    api: str


class TakeUp(msgspec.Struct, tag=True, frozen=True):
    """Find in this state of the programme from now on, and in no other."""

    stamp: bytes


class TakenUp(msgspec.Struct, tag=True, frozen=True):
    """That is so; or it is not kept, and nothing is found."""

    stamp: bytes
    done: bool


class Suggest(msgspec.Struct, tag=True, frozen=True):
    """Answer somebody who types, in Discord.

    Attributes:
        number: names what is asked.
        kind: what to suggest.
        typed: what was typed so far.
        interaction: Discord's id of what is to be answered.
        token: lets answer that, and nothing else, for some minutes.
    """

    number: int
    kind: Suggested
    typed: str
    interaction: int
    token: str


class Answered(msgspec.Struct, tag=True, frozen=True):
    """Somebody who types has suggestions, or can't be given any in time."""

    number: int
    in_time: bool


class Search(msgspec.Struct, tag=True, frozen=True):
    """Find a page."""

    number: int
    wanted: Wanted


class FoundPage(msgspec.Struct, tag=True, frozen=True):
    """What was found.

    Attributes:
        number: names what was asked.
        papers: the keys of the papers on the page, each with where its abstract is marked.
        page: which page it is, counted from 0.
        pages: how many there are.
        total: how many papers there are in all.
        corrected: see `Found`.
    """

    number: int
    papers: tuple[tuple[str, Marks], ...]
    page: int
    pages: int
    total: int
    corrected: str | None


class NotFound(msgspec.Struct, tag=True, frozen=True):
    """It was not looked for: the programme is another one by now."""

    number: int


Asked: TypeAlias = Begin | TakeUp | Suggest | Search
Told: TypeAlias = TakenUp | Answered | FoundPage | NotFound

asked: msgspec.json.Decoder[Asked] = msgspec.json.Decoder(Asked)
told: msgspec.json.Decoder[Told] = msgspec.json.Decoder(Told)


def line(said: Asked | Told) -> bytes:
    """Write what is said."""
    return _encode(said) + b"\n"


_encode = msgspec.json.Encoder().encode

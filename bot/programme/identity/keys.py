"""Making keys: of the words a person would type, and never one that ever meant something else."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain, count
from typing import TypeVar

from bot.programme.identity.labels import label_of, system_name
from bot.programme.names import fold, slug
from bot.programme.source import SourcePaper, SourceSession
from bot.programme.text import clean

KEY_LIMIT = 32
"""The most characters a key has: two fit into a button's custom id of 100 with room to spare."""


class NamesNeeded(Exception):
    """Something is new, so that one must know what each key was ever given to."""


Thing = TypeVar("Thing", SourcePaper, SourceSession)

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def carried_keys(things: Sequence[SourcePaper] | Sequence[SourceSession]) -> list[str]:
    """Return the keys a source brings with it; one that is no key, or is there twice, counts as none."""
    written = Counter(thing.key for thing in things)
    return [
        thing.key if written[thing.key] == 1 and len(thing.key) <= KEY_LIMIT and _KEY.fullmatch(thing.key) else ""
        for thing in things
    ]


def keys_for(
    things: Sequence[Thing],
    carried: Sequence[str],
    kept: Mapping[int, str],
    held: Collection[str],
    wanted: Callable[[Thing], tuple[str, str]],
    gone: Mapping[str, str] | None,
) -> list[str]:
    """Return the key of each session or paper: the source's own, the one it keeps, or a new one.

    Args:
        things: the sessions or papers.
        carried: the keys that they bring with them.
        kept: the keys of those that were recognised, by place.
        held: the keys of the version in use, which no other thing may get.
        wanted: tells the key a thing would best have, and its name or title.
        gone: the keys that were ever given, each with the last title or name of what it was given to; None for what
            was not looked up yet.

    Raises:
        NamesNeeded: something gets a new key, and `gone` is None.
    """
    taken = {key for keys in (carried, held) for key in keys}  # a set of all at once would hold others up
    keys: list[str] = []
    for place, thing in enumerate(things):
        key = carried[place] or kept.get(place)
        if not key:
            if gone is None:
                raise NamesNeeded
            key = _new_key(*wanted(thing), taken, gone)
        taken.add(key)
        keys.append(key)
    return keys


def wanted_session_key(session: SourceSession) -> tuple[str, str]:
    """Return the key a session would best have, and its name."""
    return slug(clean(session.name).plain, KEY_LIMIT - 4) or _digest("s", session.name), session.name


def wanted_paper_key(paper: SourcePaper) -> tuple[str, str]:
    """Return the key a paper would best have, and its title."""
    name = system_name(paper.title, None) or label_of(paper.title, paper.abstract, "")
    key = slug(name, KEY_LIMIT - 8) or _digest("p", f"{paper.title}\n{paper.byline}\n{paper.abstract}")
    return key, paper.title or ""


def _digest(prefix: str, text: str) -> str:
    return prefix + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _new_key(wanted: str, name: str, taken: Collection[str], gone: Mapping[str, str]) -> str:
    """Return the wanted key, or the next one like it that leads nobody to something else."""
    keys = chain((wanted,), (f"{wanted}-{number}" for number in count(2)))
    return next(key for key in keys if key not in taken and (key not in gone or fold(gone[key]) == fold(name)))

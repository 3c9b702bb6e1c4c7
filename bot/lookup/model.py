"""A search as its buttons name it, and what somebody calls themselves."""

import hashlib
import re
from collections.abc import Container
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from bot.ui.answer import AnyButton
from bot.ui.limits import size
from bot.ui.questions import KEY_LENGTH

_WORDS, _NARROWED, _BETWEEN = "=", "+", "|"


class Narrowed(NamedTuple):
    """Something that a search is narrowed down to: the option of `/search` that says so, and its name."""

    option: str
    name: str


@dataclass(frozen=True, slots=True)
class Addition:
    """What another part adds to the answer about a paper.

    Attributes:
        name: what its field is called.
        text: what that says, as Markdown; empty for no field.
        buttons: further buttons.
    """

    name: str
    text: str = ""
    buttons: tuple[AnyButton, ...] = ()


_NAME_ENDS = re.compile(r"[(\[{|/,@•·–—~]|\s-\s")
"""Where a name ends that somebody shows on Discord, and their pronouns, place or affiliation begin."""


def names_within(shown: str) -> list[str]:
    """Return what may be somebody's name in what they call themselves: all of it, and what comes before other things.

    One word is nobody's name: it may be anybody's.
    """
    names = (shown, _NAME_ENDS.split(shown, maxsplit=1)[0])
    return [name for name in dict.fromkeys(" ".join(name.split()) for name in names) if " " in name]


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search as it was asked.

    Attributes:
        query: the words.
        session_key: only papers of this session.
        author_key: only papers by this person.
        topic: only papers of this track or topic, by its folded name.
        affiliation: only papers by somebody who works there, by its folded name.
    """

    query: str
    session_key: str | None = None
    author_key: str | None = None
    topic: str | None = None
    affiliation: str | None = None

    def narrowed_by(self, options: Container[str]) -> Self:
        """Return the same search narrowed down by some options of `/search` alone."""
        return replace(
            self,
            session_key=self.session_key if "session" in options else None,
            author_key=self.author_key if "author" in options else None,
            topic=self.topic if "track" in options else None,
            affiliation=self.affiliation if "affiliation" in options else None,
        )

    @property
    def key(self) -> str | None:
        """The whole search as the key of a question, or None where that would be too long.

        It is told from a token by its first character, which says whether the search is narrowed down.
        """
        narrowed = [part or "" for part in (self.session_key, self.author_key, self.topic, self.affiliation)]
        if any(_BETWEEN in part for part in narrowed):
            return None
        key = _NARROWED + _BETWEEN.join((*narrowed, self.query)) if any(narrowed) else _WORDS + self.query
        return key if size(key) <= KEY_LENGTH else None

    @classmethod
    def from_key(cls, key: str) -> Self | None:
        """Return the search that a key says; None where it says none, as a token does not."""
        if key.startswith(_WORDS):
            return cls(key.removeprefix(_WORDS))
        parts = key.removeprefix(_NARROWED).split(_BETWEEN, 4)
        if not key.startswith(_NARROWED) or len(parts) < 5:
            return None
        return cls(parts[4], *(part or None for part in parts[:4]))

    @property
    def token(self) -> str:
        """A short name for the search, the same each time it is asked: ten hexadecimal digits."""
        parts = [self.query, self.session_key or "", self.author_key or ""]
        if self.topic or self.affiliation:
            # Without these it is the name it always had.
            parts += [self.topic or "", self.affiliation or ""]
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:10]

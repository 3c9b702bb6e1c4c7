"""An answer before it is sent: an embed, and the buttons and menus that ask further questions."""

from dataclasses import dataclass, field
from typing import Self

import discord

from bot.questions import Question
from bot.ui import limits
from bot.ui.limits import clip, size

COLOUR = discord.Colour.from_rgb(79, 109, 245)


@dataclass(frozen=True, slots=True)
class Button:
    """A button that asks a question; one that turns a page does it in place."""

    label: str
    question: Question
    turns: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class BookmarkButton:
    """A button that bookmarks a paper, or takes the bookmark away.

    Attributes:
        key: the paper's key.
        marked: whether the reader has it bookmarked; None where there are many readers.
    """

    key: str
    marked: bool | None = None


@dataclass(frozen=True, slots=True)
class ActionButton:
    """A button that does something.

    Attributes:
        label: what it says.
        action: what it does.
        dangerous: whether that can't be taken back.
        verb: whose action it is: "own" is about what is the presser's own.
    """

    label: str
    action: str
    dangerous: bool = False
    verb: str = "own"


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that opens an address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a menu; picking it asks a question, or hands its value to the menu's verb."""

    label: str
    question: Question | str
    description: str = ""

    @property
    def value(self) -> str:
        """What Discord sends when it is picked."""
        return self.question if isinstance(self.question, str) else self.question.code


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu of at most 25 options.

    Attributes:
        placeholder: what it says before something is picked.
        options: what can be picked.
        verb: what picking does: "menu" asks the option's question, "unmark" removes a paper's bookmark, "markall"
            bookmarks papers.
        most: how many options can be picked at once.
    """

    placeholder: str
    options: tuple[Option, ...]
    verb: str = "menu"
    most: int = 1


AnyButton = Button | BookmarkButton | ActionButton | LinkButton
Row = tuple[AnyButton, ...] | Menu


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question is answered with.

    Attributes:
        embed: the embed, within Discord's limits.
        rows: at most five rows: up to five buttons, or one menu.
        question: what was asked, so that the answer can be shared; None for what is not worth sharing.
    """

    embed: discord.Embed
    rows: tuple[Row, ...] = ()
    question: Question | None = None


@dataclass(slots=True)
class Card:
    """Builds an embed that keeps Discord's limits whatever is put in: parts are cut in the order they were added.

    All texts are Markdown already, except the footer, which Discord shows as it is.
    """

    title: str
    footer: str = ""
    description: str = ""
    fields: list[tuple[str, str, bool]] = field(default_factory=list)

    def add(self, name: str, value: str, *, inline: bool = False) -> Self:
        """Add a field; one without a value is left out."""
        if value:
            self.fields.append((name, value, inline))
        return self

    @property
    def room(self) -> int:
        """How many characters the description may have, given what else is on the card."""
        taken = size(self._title) + size(self._footer)
        taken += sum(size(name) + size(value) for name, value, _ in self._fields)
        return max(min(limits.EMBED_DESCRIPTION, limits.EMBED_TOTAL - taken), 0)

    def embed(self) -> discord.Embed:
        """Make the embed."""
        embed = discord.Embed(title=self._title, description=clip(self.description, self.room) or None, colour=COLOUR)
        for name, value, inline in self._fields:
            embed.add_field(name=name, value=value, inline=inline)
        if self._footer:
            embed.set_footer(text=self._footer)
        return embed

    @property
    def _title(self) -> str:
        return clip(self.title, limits.EMBED_TITLE)

    @property
    def _footer(self) -> str:
        return clip(self.footer, 200)

    @property
    def _fields(self) -> list[tuple[str, str, bool]]:
        return [
            (clip(name, limits.EMBED_FIELD_NAME), clip(value, limits.EMBED_FIELD_VALUE), inline)
            for name, value, inline in self.fields[:4]
        ]

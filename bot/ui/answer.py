"""An answer before it is sent: an embed, and the buttons and menus that ask further questions."""

from dataclasses import dataclass

import discord

from bot.ui.questions import Question


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
    """One line of a menu; picking it asks a question, or hands its value to the menu's verb.

    Attributes:
        label: what it says.
        question: what picking it asks, or its value.
        description: a second line.
        picked: whether it is picked already when the menu is shown.
    """

    label: str
    question: Question | str
    description: str = ""
    picked: bool = False

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
        verb: what picking does: "menu" asks the option's question, "unmark" removes papers' bookmarks, "marks" makes
            the picked papers the bookmarked ones of the list.
        most: how many options can be picked at once.
        fewest: how many must be.
        about: what the verb is about besides what is picked; its place in the message where that is nothing.
    """

    placeholder: str
    options: tuple[Option, ...]
    verb: str = "menu"
    most: int = 1
    fewest: int = 1
    about: str | None = None


AnyButton = Button | BookmarkButton | ActionButton | LinkButton
Row = tuple[AnyButton, ...] | Menu


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question is answered with.

    Attributes:
        embed: the embed, within Discord's limits; None where there is only content.
        rows: at most five rows: up to five buttons, or one menu.
        question: what was asked, so that the answer can be shared; None for what is not worth sharing.
        content: plain text above the embed, in Markdown.
        above: an embed that is shown above the other one.
        files: files to hand out, by their names.
    """

    embed: discord.Embed | None
    rows: tuple[Row, ...] = ()
    question: Question | None = None
    content: str = ""
    above: discord.Embed | None = None
    files: tuple[tuple[str, bytes], ...] = ()

    @property
    def embeds(self) -> list[discord.Embed]:
        """The embeds in the order in which they are shown."""
        return [embed for embed in (self.above, self.embed) if embed]

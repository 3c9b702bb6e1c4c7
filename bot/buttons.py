"""The buttons and menus of answers, and what pressing them does.

A press never changes what somebody else reads: a page turns in place only in a private answer and only for the one who
asked; everywhere else the presser gets a private answer of their own.
"""

import io
import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.errors import Trouble
from bot.questions import About, Question
from bot.ui import agenda
from bot.ui.answer import ActionButton, Answer, AnyButton, BookmarkButton, LinkButton, Menu
from bot.ui.limits import ROW_BUTTONS, ROWS

if TYPE_CHECKING:
    from bot.client import ConferenceBot

    Interaction = discord.Interaction[ConferenceBot]


def view_of(answer: Answer, *, shareable: bool, shared: bool = False) -> ui.View:
    """Make the buttons and menus of an answer.

    Args:
        answer: the answer.
        shareable: whether to offer sharing it.
        shared: whether that has happened.
    """
    view = ui.View(timeout=None)
    rows = list(answer.rows)
    if shareable and answer.question:
        _add_share(view, rows, ShareButton(answer.question.code, done=shared))
    for number, row in enumerate(rows[:ROWS]):
        if isinstance(row, Menu):
            view.add_item(_menu(row, number))
        else:
            for button in row[:ROW_BUTTONS]:
                view.add_item(_button(button, number))
    return view


class QuestionButton(ui.DynamicItem[ui.Button[ui.View]], template=r"(?P<how>ask|turn):(?P<code>.+)"):
    """A button that asks a question, and goes on doing so after a restart."""

    def __init__(
        self, code: str, *, turns: bool, label: str = "…", disabled: bool = False, row: int | None = None
    ) -> None:
        custom_id = f"{'turn' if turns else 'ask'}:{code}"
        super().__init__(ui.Button(label=label, custom_id=custom_id, disabled=disabled, row=row), row=row)
        self._code = code
        self._turns = turns

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - the signature is discord.py's
        item: ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
        /,
    ) -> Self:
        """Read the button back from its custom id."""
        return cls(match["code"], turns=match["how"] == "turn")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the button's question."""
        async with interaction.client.answering(interaction):
            answer = await interaction.client.desk.answer(Question.from_code(self._code), interaction.user.id)
            await (_turn if self._turns else _reply_to_press)(interaction, answer)


class ReminderButton(ui.DynamicItem[ui.Button[ui.View]], template=r"due:(?P<token>[0-9a-f]+):(?P<code>.+)"):
    """A button on a reminder that asks a question; its custom id also names the delivery, for finding it again."""

    def __init__(self, token: str, code: str, *, label: str = "…", row: int | None = None) -> None:
        super().__init__(ui.Button(label=label, custom_id=f"{mark_of(token)}{code}", row=row), row=row)
        self._code = code

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - the signature is discord.py's
        item: ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
        /,
    ) -> Self:
        """Read the button back from its custom id."""
        return cls(match["token"], match["code"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the button's question."""
        async with interaction.client.answering(interaction):
            question = Question.from_code(self._code)
            await _reply_to_press(interaction, await interaction.client.desk.answer(question, interaction.user.id))


def mark_of(token: str) -> str:
    """Return how the custom ids of a delivery's buttons begin."""
    return f"due:{token}:"


class QuestionMenu(ui.DynamicItem[ui.Select[ui.View]], template=r"menu:.+"):
    """A menu whose every option is a question."""

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - the signature is discord.py's
        item: ui.Item[Any],
        match: re.Match[str],  # noqa: ARG003
        /,
    ) -> Self:
        """Take the menu as it is in its message."""
        assert isinstance(item, ui.Select)  # noqa: S101 - the library matches the custom id of menus only
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the question that was picked."""
        async with interaction.client.answering(interaction):
            question = Question.from_code(self.item.values[0])
            await _reply_to_press(interaction, await interaction.client.desk.answer(question, interaction.user.id))


class ShareButton(ui.DynamicItem[ui.Button[ui.View]], template=r"share:(?P<code>.+)"):
    """A button that shows a private answer to everyone in the channel."""

    def __init__(self, code: str, *, done: bool = False, row: int | None = None) -> None:
        super().__init__(
            ui.Button(
                label="Shared" if done else "Share",
                style=discord.ButtonStyle.primary,
                custom_id=f"share:{code}",
                disabled=done,
                row=row,
            ),
            row=row,
        )
        self._code = code

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - the signature is discord.py's
        item: ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
        /,
    ) -> Self:
        """Read the button back from its custom id."""
        return cls(match["code"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Post the answer for all, if the presser could post there too."""
        async with interaction.client.answering(interaction):
            if not may_post(interaction):
                raise Trouble("You can't post in this channel, so I can't share this here for you.")
            question = Question.from_code(self._code)
            answer = await interaction.client.desk.answer(question, None)
            if answer.question is None:  # what it was about is gone, which is news for the presser alone
                await _reply_to_press(interaction, answer)
                return
            interaction.client.timings.handed_over(interaction)
            await interaction.response.defer()
            await interaction.followup.send(
                f"Shared by {interaction.user.mention}",
                embed=answer.embed,
                view=view_of(answer, shareable=False),
                ephemeral=False,
            )
            if _is_own(interaction):
                own = await interaction.client.desk.answer(question, interaction.user.id)
                await interaction.edit_original_response(view=view_of(own, shareable=True, shared=True))


class MarkButton(ui.DynamicItem[ui.Button[ui.View]], template=r"mark:(?P<key>.+)"):
    """A button that bookmarks a paper for the presser, or takes their bookmark away."""

    def __init__(self, key: str, *, marked: bool | None = None, row: int | None = None) -> None:
        label = "Remove bookmark" if marked else "Bookmark"
        super().__init__(ui.Button(label=label, custom_id=f"mark:{key}", row=row), row=row)
        self._key = key

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - the signature is discord.py's
        item: ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
        /,
    ) -> Self:
        """Read the button back from its custom id."""
        return cls(match["key"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Set or remove the presser's bookmark, and show which it was."""
        async with interaction.client.answering(interaction):
            confirmation = await interaction.client.desk.toggle_bookmark(interaction.user.id, self._key)
            if _is_own(interaction):
                question = Question(About.PAPER, self._key)
                await _turn(interaction, await interaction.client.desk.answer(question, interaction.user.id))
            else:
                await _reply_to_press(interaction, confirmation)


class RemovalMenu(ui.DynamicItem[ui.Select[ui.View]], template=r"unmark:.+"):
    """A menu that takes the bookmark of the picked paper away."""

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - the signature is discord.py's
        item: ui.Item[Any],
        match: re.Match[str],  # noqa: ARG003
        /,
    ) -> Self:
        """Take the menu as it is in its message."""
        assert isinstance(item, ui.Select)  # noqa: S101 - the library matches the custom id of menus only
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Remove the bookmark and show the agenda without it."""
        async with interaction.client.answering(interaction):
            question = Question.from_code(self.item.values[0])
            await interaction.client.desk.remove_bookmark(interaction.user.id, question.key)
            await _turn(interaction, interaction.client.desk.agenda(interaction.user.id, question.page))


class OwnButton(ui.DynamicItem[ui.Button[ui.View]], template=r"own:(?P<action>.+)"):
    """A button that does something to what is the presser's own, whosever message it stands on."""

    def __init__(self, action: str, *, label: str = "…", dangerous: bool = False, row: int | None = None) -> None:
        style = discord.ButtonStyle.danger if dangerous else discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=label, style=style, custom_id=f"own:{action}", row=row), row=row)
        self._action = action

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - the signature is discord.py's
        item: ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
        /,
    ) -> Self:
        """Read the button back from its custom id."""
        return cls(match["action"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the button says."""
        bot, user_id = interaction.client, interaction.user.id
        async with bot.answering(interaction):
            match self._action:
                case agenda.EXPORT:
                    await _hand_out_calendar(interaction)
                case agenda.FORGET:
                    await _turn(interaction, bot.desk.forget_question(user_id))
                case agenda.FORGET_SURELY:
                    await _turn(interaction, await bot.desk.forget(user_id))
                case _:
                    Question.from_code(self._action)


_KNOWN = "|".join(("ask", "turn", "menu", "share", "mark", "unmark", "own", "due"))


class ForeignButton(ui.DynamicItem[ui.Item[ui.View]], template=rf"(?!(?:{_KNOWN}):.|[0-9a-f]{{32}}$).+"):
    """A button or menu that no part of the bot knows, such as one made by another version of it.

    The ids that discord.py makes up, 32 hexadecimal digits, belong to forms that are waiting for their answer.
    """

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - the signature is discord.py's
        item: ui.Item[Any],
        match: re.Match[str],  # noqa: ARG003
        /,
    ) -> Self:
        """Take the button as it is in its message."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Say that nothing comes of the press."""
        async with interaction.client.answering(interaction):
            Question.from_code("")


DYNAMIC_ITEMS = (
    QuestionButton,
    ReminderButton,
    QuestionMenu,
    ShareButton,
    MarkButton,
    RemovalMenu,
    OwnButton,
    ForeignButton,
)


def may_post(interaction: "Interaction") -> bool:
    """Tell whether whoever pressed could post a message in this channel themselves."""
    permissions = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    return permissions.send_messages_in_threads if in_thread else permissions.send_messages


def _add_share(view: ui.View, rows: list[Any], button: ShareButton) -> None:
    """Put the share button before the first row of buttons that has room, or into a row of its own."""
    for number, row in enumerate(rows):
        if not isinstance(row, Menu) and len(row) < ROW_BUTTONS:
            button.row = number
            view.add_item(button)
            return
    if len(rows) < ROWS:
        button.row = len(rows)
        view.add_item(button)


def _button(button: AnyButton, row: int) -> ui.Item[Any]:
    match button:
        case LinkButton():
            return ui.Button(label=button.label, url=button.url, row=row)
        case BookmarkButton():
            return MarkButton(button.key, marked=button.marked, row=row)
        case ActionButton():
            return OwnButton(button.action, label=button.label, dangerous=button.dangerous, row=row)
        case _:
            code, label = button.question.code, button.label
            return QuestionButton(code, turns=button.turns, label=label, disabled=button.disabled, row=row)


def _menu(menu: Menu, row: int) -> ui.Item[Any]:
    options = [
        discord.SelectOption(label=option.label, value=option.question.code, description=option.description or None)
        for option in menu.options
    ]
    kind, prefix = (RemovalMenu, "unmark") if menu.removes else (QuestionMenu, "menu")
    return kind(ui.Select(custom_id=f"{prefix}:{row}", placeholder=menu.placeholder, options=options, row=row))


async def _turn(interaction: "Interaction", answer: Answer) -> None:
    """Put an answer in place of the pressed one where that is the presser's alone, else answer them privately."""
    if not _is_own(interaction):
        await _reply_to_press(interaction, answer)
        return
    interaction.client.timings.handed_over(interaction)
    await interaction.response.edit_message(
        embed=answer.embed, view=view_of(answer, shareable=interaction.guild is not None)
    )


async def _hand_out_calendar(interaction: "Interaction") -> None:
    conference = interaction.client.config.conference.name
    data = interaction.client.desk.calendar(interaction.user.id, conference)
    if data is None:
        raise Trouble("Nothing in your agenda has an announced time yet, so there is nothing to export.")
    interaction.client.timings.handed_over(interaction)
    await interaction.response.send_message(
        "Open this file with your calendar. Importing it again later brings it up to date.",
        file=discord.File(io.BytesIO(data), "agenda.ics"),
        ephemeral=interaction.guild is not None,
    )


async def _reply_to_press(interaction: "Interaction", answer: Answer) -> None:
    in_guild = interaction.guild is not None
    interaction.client.timings.handed_over(interaction)
    await interaction.response.send_message(
        embed=answer.embed, view=view_of(answer, shareable=in_guild), ephemeral=in_guild
    )


def _is_own(interaction: "Interaction") -> bool:
    """Tell whether the pressed message is the presser's alone: private, and theirs."""
    message = interaction.message
    if message is None:
        return False
    if interaction.guild is None:
        return True
    asked = message.interaction_metadata
    return message.flags.ephemeral and (asked is None or asked.user.id == interaction.user.id)

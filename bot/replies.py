"""How an answer reaches Discord, and what its buttons do.

An answer is private unless its channel is one for public answers. A press never changes what somebody else reads: a
page turns in place only in a private answer and only for the one who asked; everywhere else the presser gets a
private answer of their own.
"""

import re
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands, ui

from bot.audience import is_named
from bot.errors import Trouble
from bot.questions import Question
from bot.ui.answer import Answer, Button, LinkButton, Menu
from bot.ui.limits import CHOICES, ROW_BUTTONS, ROWS

if TYPE_CHECKING:
    from bot.client import ConferenceBot

    Interaction = discord.Interaction[ConferenceBot]


async def reply(interaction: "Interaction", answer: Answer) -> None:
    """Send an answer to whoever asked: privately, or to all where the channel is one for public answers."""
    private = interaction.guild is not None and not _is_public(interaction)
    interaction.client.timings.handed_over(interaction)
    await interaction.response.send_message(
        embed=answer.embed, view=view_of(answer, shareable=private), ephemeral=private
    )


def suggest(interaction: "Interaction", choices: Iterable[tuple[str, str]]) -> list[app_commands.Choice[str]]:
    """Make the suggestions for an option out of their names and values, as many as Discord shows."""
    made = [app_commands.Choice(name=name, value=value) for name, value in islice(choices, CHOICES)]
    interaction.client.timings.handed_over(interaction)
    return made


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
            view.add_item(QuestionMenu.of(row, number))
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
            answer = await interaction.client.desk.answer(Question.from_code(self._code))
            if self._turns and _is_own(interaction):
                interaction.client.timings.handed_over(interaction)
                await interaction.response.edit_message(
                    embed=answer.embed, view=view_of(answer, shareable=interaction.guild is not None)
                )
            else:
                await _reply_to_press(interaction, answer)


class QuestionMenu(ui.DynamicItem[ui.Select[ui.View]], template=r"menu:\d"):
    """A menu whose every option is a question."""

    @classmethod
    def of(cls, menu: Menu, row: int) -> Self:
        """Make the menu that stands in a row of an answer."""
        options = [
            discord.SelectOption(label=option.label, value=option.question.code, description=option.description or None)
            for option in menu.options
        ]
        return cls(ui.Select(custom_id=f"menu:{row}", placeholder=menu.placeholder, options=options, row=row))

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
            await _reply_to_press(interaction, await interaction.client.desk.answer(question))


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
            answer = await interaction.client.desk.answer(Question.from_code(self._code))
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
                await interaction.edit_original_response(view=view_of(answer, shareable=True, shared=True))


class ForeignButton(ui.DynamicItem[ui.Item[ui.View]], template=r"(?!(?:ask|turn|share):.|menu:\d$|[0-9a-f]{32}$).+"):
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


DYNAMIC_ITEMS = (QuestionButton, QuestionMenu, ShareButton, ForeignButton)


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


def _button(button: Button | LinkButton, row: int) -> ui.Item[Any]:
    if isinstance(button, LinkButton):
        return ui.Button(label=button.label, url=button.url, row=row)
    return QuestionButton(
        button.question.code, turns=button.turns, label=button.label, disabled=button.disabled, row=row
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


def _is_public(interaction: "Interaction") -> bool:
    """Tell whether answers in this channel, or the one its thread belongs to, are for everybody."""
    channel = interaction.channel
    parent = channel.parent if isinstance(channel, discord.Thread) else None
    public = interaction.client.config.discord.public_channels
    return any(
        is_named(place, place.name, public)
        for place in (channel, parent)
        if isinstance(place, discord.abc.GuildChannel | discord.Thread)
    )

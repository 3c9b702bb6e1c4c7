"""The buttons and menus of answers, and what pressing them does.

A press never changes what somebody else reads: a page turns in place only in a private answer and only for the one who
asked; everywhere else the presser gets a private answer of their own.

A custom id is a verb, a colon, and what the verb is about; it needs no memory of the message it stands on.
"""

import io
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord import ui

from bot.errors import Trouble
from bot.questions import NOT_UNDERSTOOD, About, Question
from bot.ui import agenda, reminders
from bot.ui.answer import ActionButton, Answer, AnyButton, BookmarkButton, LinkButton, Menu
from bot.ui.limits import ROW_BUTTONS, ROWS

if TYPE_CHECKING:
    from bot.client import ConferenceBot

    Interaction = discord.Interaction[ConferenceBot]

Handler: TypeAlias = Callable[["Interaction", str], Awaitable[None]]
"""Answers a press, given what the custom id is about, or the options picked in a menu, on a line each."""


class Control(ui.DynamicItem[ui.Item[ui.View]], template=r"(?![0-9a-f]{32}$)(?P<verb>[^:]*):?(?P<about>.*)"):
    """Any button or menu of the bot's, which goes on working after a restart.

    The ids that discord.py makes up, 32 hexadecimal digits, are not among them: they belong to forms that are waiting
    for their answer.
    """

    def __init__(self, item: ui.Button[ui.View] | ui.Select[ui.View] | ui.Item[Any]) -> None:
        super().__init__(item)
        if isinstance(item, ui.Button | ui.Select):
            self.row = item.row

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - the signature is discord.py's
        item: ui.Item[Any],
        match: re.Match[str],  # noqa: ARG003
        /,
    ) -> Self:
        """Take the button or menu as it is in its message."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the verb says."""
        verb, _, about = self.custom_id.partition(":")
        if isinstance(self.item, ui.Select):
            about = "\n".join(self.item.values)
        async with interaction.client.answering(interaction):
            await _HANDLERS.get(verb, _not_understood)(interaction, about)


def on_press(verb: str, handler: Handler) -> None:
    """Let a handler answer the presses of buttons whose custom ids begin with a verb."""
    _HANDLERS[verb] = handler


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
        _add_share(view, rows, answer.question.code, shared=shared)
    for number, row in enumerate(rows[:ROWS]):
        if isinstance(row, Menu):
            view.add_item(_menu(row, number))
        else:
            for button in row[:ROW_BUTTONS]:
                view.add_item(_button(button, number))
    return view


def reminder_view(token: str, questions: Iterable[tuple[str, Question]], *, stops: bool = False) -> ui.View:
    """Make the buttons of a reminder.

    Args:
        token: names the delivery; the custom ids begin with its mark.
        questions: what the buttons ask, with their labels.
        stops: whether to add the button by which a person ends their reminders.
    """
    view = ui.View(timeout=None)
    for label, question in questions:
        view.add_item(Control(ui.Button(label=label, custom_id=f"{mark_of(token)}{question.code}")))
    if stops:
        view.add_item(Control(ui.Button(label="Stop reminding me", custom_id=f"own:{reminders.STOP}")))
    return view


def mark_of(token: str) -> str:
    """Return how the custom ids of a delivery's buttons begin, by which its message is known again."""
    return f"due:{token}:"


def may_post(interaction: "Interaction") -> bool:
    """Tell whether whoever pressed could post a message in this channel themselves."""
    permissions = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    return permissions.send_messages_in_threads if in_thread else permissions.send_messages


def _add_share(view: ui.View, rows: list[Any], code: str, *, shared: bool) -> None:
    """Put the share button before the first row of buttons that has room, or into a row of its own."""
    room = (place for place, row in enumerate(rows) if not isinstance(row, Menu) and len(row) < ROW_BUTTONS)
    place = next(room, len(rows))
    if place < ROWS:
        label, style = "Shared" if shared else "Share", discord.ButtonStyle.primary
        view.add_item(
            Control(ui.Button(label=label, style=style, custom_id=f"share:{code}", disabled=shared, row=place))
        )


def _button(button: AnyButton, row: int) -> ui.Item[Any]:
    made: ui.Button[ui.View]
    match button:
        case LinkButton():
            return ui.Button(label=button.label, url=button.url, row=row)
        case BookmarkButton():
            label = "Remove bookmark" if button.marked else "Bookmark"
            made = ui.Button(label=label, custom_id=f"mark:{button.key}", row=row)
        case ActionButton():
            style = discord.ButtonStyle.danger if button.dangerous else discord.ButtonStyle.secondary
            made = ui.Button(label=button.label, style=style, custom_id=f"{button.verb}:{button.action}", row=row)
        case _:
            custom_id = f"{'turn' if button.turns else 'ask'}:{button.question.code}"
            made = ui.Button(label=button.label, custom_id=custom_id, disabled=button.disabled, row=row)
    return Control(made)


def _menu(menu: Menu, row: int) -> ui.Item[Any]:
    options = [
        discord.SelectOption(label=option.label, value=option.value, description=option.description or None)
        for option in menu.options
    ]
    custom_id, most = f"{menu.verb}:{row}", min(menu.most, len(options))
    select = ui.Select[ui.View](
        custom_id=custom_id, placeholder=menu.placeholder, options=options, max_values=most, row=row
    )
    return Control(select)


# --- presses


async def _ask(interaction: "Interaction", code: str) -> None:
    question = Question.from_code(code)
    await _reply_to_press(interaction, await interaction.client.desk.answer(question, interaction.user.id))


async def _ask_from_reminder(interaction: "Interaction", token_and_code: str) -> None:
    await _ask(interaction, token_and_code.partition(":")[2])


async def _turn_page(interaction: "Interaction", code: str) -> None:
    question = Question.from_code(code)
    await _turn(interaction, await interaction.client.desk.answer(question, interaction.user.id))


async def _share(interaction: "Interaction", code: str) -> None:
    """Post the answer for all, if the presser could post there too."""
    if not may_post(interaction):
        raise Trouble("You can't post in this channel, so I can't share this here for you.")
    question = Question.from_code(code)
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


async def _toggle_bookmark(interaction: "Interaction", key: str) -> None:
    confirmation = await interaction.client.desk.toggle_bookmark(interaction.user.id, key)
    if _is_own(interaction):
        answer = await interaction.client.desk.answer(Question(About.PAPER, key), interaction.user.id)
        await _turn(interaction, answer, shared=_was_shared(interaction))
    else:
        await _reply_to_press(interaction, confirmation)


async def _remove_bookmark(interaction: "Interaction", code: str) -> None:
    """Remove the bookmark of the paper that was picked, and show the agenda without it."""
    question = Question.from_code(code)
    await interaction.client.desk.remove_bookmark(interaction.user.id, question.key)
    await _turn(interaction, interaction.client.desk.agenda(interaction.user.id, question.page))


async def _bookmark_all(interaction: "Interaction", codes: str) -> None:
    """Bookmark the papers that were picked, and show the list they were picked from."""
    desk, user_id = interaction.client.desk, interaction.user.id
    questions = [Question.from_code(code) for code in codes.splitlines()]
    for question in questions:
        await desk.add_bookmark(user_id, question.key)
    await _turn(interaction, desk.marking_like(questions[0], user_id))


async def _own(interaction: "Interaction", action: str) -> None:
    """Do something to what is the presser's own, whosever message the button stands on."""
    desk, user_id = interaction.client.desk, interaction.user.id
    match action:
        case agenda.EXPORT:
            await _hand_out_calendar(interaction)
        case reminders.STOP:
            await interaction.client.agendas.wish(user_id, None)
            await _reply_to_press(interaction, reminders.wish_answer(None, 0))
        case agenda.FORGET:
            await _turn(interaction, agenda.forget_answer())
        case agenda.FORGET_SURELY:
            await _turn(interaction, await desk.forget(user_id))
        case _:
            await _not_understood(interaction, action)


async def _not_understood(_interaction: "Interaction", _about: str) -> None:
    raise Trouble(NOT_UNDERSTOOD)


_HANDLERS: dict[str, Handler] = {
    "ask": _ask,
    "menu": _ask,
    "due": _ask_from_reminder,
    "turn": _turn_page,
    "share": _share,
    "mark": _toggle_bookmark,
    "unmark": _remove_bookmark,
    "markall": _bookmark_all,
    "own": _own,
}


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


async def _turn(interaction: "Interaction", answer: Answer, *, shared: bool = False) -> None:
    """Put an answer in place of the pressed one where that is the presser's alone, else answer them privately."""
    if not _is_own(interaction):
        await _reply_to_press(interaction, answer)
        return
    interaction.client.timings.handed_over(interaction)
    await interaction.response.edit_message(
        embed=answer.embed, view=view_of(answer, shareable=interaction.guild is not None, shared=shared)
    )


async def _reply_to_press(interaction: "Interaction", answer: Answer) -> None:
    in_guild = interaction.guild is not None
    interaction.client.desk.note_look(interaction.user.id, answer)
    interaction.client.timings.handed_over(interaction)
    await interaction.response.send_message(
        embed=answer.embed, view=view_of(answer, shareable=in_guild), ephemeral=in_guild
    )


def _was_shared(interaction: "Interaction") -> bool:
    """Tell whether the pressed message says that it was shared."""
    rows = interaction.message.components if interaction.message else []
    buttons = (item for row in rows if isinstance(row, discord.ActionRow) for item in row.children)
    return any(
        isinstance(item, discord.Button) and item.disabled and (item.custom_id or "").startswith("share:")
        for item in buttons
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

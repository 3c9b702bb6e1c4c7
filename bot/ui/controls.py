"""The buttons and menus of answers, as Discord has them.

A custom id is a verb, a colon, and what the verb is about; it needs no memory of the message it stands on, so that a
press is answered also after a restart. `bot.ui.presses` has what the verbs do.
"""

import re
from collections.abc import Iterable
from typing import Any, Self

import discord
from discord import ui

from bot.ui.answer import ActionButton, Answer, AnyButton, BookmarkButton, LinkButton, Menu
from bot.ui.interaction import Interaction
from bot.ui.limits import ROW_BUTTONS, ROWS
from bot.ui.questions import Question


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
        interaction: Interaction,  # noqa: ARG003 - the signature is discord.py's
        item: ui.Item[Any],
        match: re.Match[str],  # noqa: ARG003
        /,
    ) -> Self:
        """Take the button or menu as it is in its message."""
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:
        """Hand the press to the client, which knows who answers it."""
        verb, _, about = self.custom_id.partition(":")
        if isinstance(self.item, ui.Select):
            about = "\n".join(self.item.values)
        await interaction.client.presses.handle(interaction, verb, about)


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


def message_view(token: str, questions: Iterable[tuple[str, Question]], own: Iterable[ActionButton] = ()) -> ui.View:
    """Make the buttons of a message that the bot sends by itself.

    Args:
        token: names the message; the custom ids of the first buttons begin with its mark.
        questions: what the buttons ask, with their labels.
        own: further buttons.
    """
    view = ui.View(timeout=None)
    for label, question in questions:
        view.add_item(Control(ui.Button(label=label, custom_id=f"{mark_of(token)}{question.code}")))
    for button in own:
        view.add_item(_button(button, None))
    return view


def mark_of(token: str) -> str:
    """Return how the custom ids of a message's buttons begin, by which the message is known again."""
    return f"due:{token}:"


def bears_mark(message: discord.Message, mark: str) -> bool:
    """Tell whether one of a message's buttons has a custom id that begins with the mark."""
    return any((button.custom_id or "").startswith(mark) for button in buttons_of(message))


def buttons_of(message: discord.Message) -> list[discord.Button]:
    """Return the buttons of a message in their order."""
    return [
        item
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for item in row.children
        if isinstance(item, discord.Button)
    ]


def _add_share(view: ui.View, rows: list[Any], code: str, *, shared: bool) -> None:
    """Put the share button before the first row of buttons that has room, or into a row of its own."""
    room = (place for place, row in enumerate(rows) if not isinstance(row, Menu) and len(row) < ROW_BUTTONS)
    place = next(room, len(rows))
    if place < ROWS:
        label, style = "Shared" if shared else "Share", discord.ButtonStyle.primary
        view.add_item(
            Control(ui.Button(label=label, style=style, custom_id=f"share:{code}", disabled=shared, row=place))
        )


def _button(button: AnyButton, row: int | None) -> ui.Item[Any]:
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

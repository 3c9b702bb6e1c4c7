"""The buttons and menus of answers, as Discord has them.

A custom id is a verb, a colon, and what the verb is about; it needs no memory of the message it stands on, so that a
press is answered also after a restart. `bot.ui.presses` has what the verbs do.

discord.py is to remember none of them: it would keep every view for ever, and answer no press whose message or custom
id it does not know. What is stopped before it is sent is not remembered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

import discord
from discord import ui

from bot.ui.answer import ActionButton, Answer, AnyButton, BookmarkButton, Button, LinkButton, Menu, Row
from bot.ui.limits import ROW_BUTTONS, ROWS
from bot.ui.questions import Question, QuestionKind

MARKED: Final = "due"
"""The verb of the buttons that bear the mark of their message."""

ACTS: Final = "!"
"""Stands after a message's mark where its button does something, and before the verb: it asks no question."""


def view_of(answer: Answer, *, shareable: bool, shared: bool = False) -> ui.View:
    """Make the buttons and menus of an answer.

    Args:
        answer: the answer.
        shareable: whether to offer sharing it.
        shared: whether that has happened.
    """
    view = _view()
    rows = list(answer.rows)
    if shareable and answer.question:
        _add_share(view, rows, answer.question.code, shared=shared)
    _add_rows(view, rows[:ROWS])
    return _unwatched(view)


def message_view(
    token: str, questions: Iterable[tuple[str, Question]], own: Iterable[AnyButton] = (), rows: Sequence[Row] = ()
) -> ui.View:
    """Make the buttons of a message that the bot sends by itself.

    Args:
        token: names the message; the custom ids of the buttons that ask begin with its mark.
        questions: what the buttons ask, with their labels.
        own: further buttons. Where there are no questions, the first of these bears the mark.
        rows: whole rows above these, which then have one row.
    """
    view = _view()
    _add_rows(view, rows)
    last, marked = len(rows) or None, False
    for label, question in questions:
        marked = True
        view.add_item(ui.Button(label=label, custom_id=f"{mark_of(token)}{question.code}", row=last))
    for button in own:
        if isinstance(button, ActionButton) and not marked:
            view.add_item(_button(replace(button, verb=f"{mark_of(token)}{ACTS}{button.verb}"), last))
            marked = True
        else:
            view.add_item(_button(button, last))
    return _unwatched(view)


def _view() -> ui.View:
    view = ui.View(timeout=None)
    view.stop()
    return view


def mark_of(token: str) -> str:
    """Return how the custom ids of a message's buttons begin, by which the message is known again."""
    return f"{MARKED}:{token}:"


def bears_mark(message: discord.Message, mark: str) -> bool:
    """Tell whether one of a message's buttons has a custom id that begins with the mark."""
    return any((button.custom_id or "").startswith(mark) for button in buttons_of(message))


def token_in(message: discord.Message) -> str | None:
    """Return what names a message that the bot sent by itself, as its buttons bear it; None for one without a mark."""
    marks = (button.custom_id.split(":") for button in buttons_of(message) if button.custom_id)
    return next((parts[1] for parts in marks if parts[0] == MARKED and len(parts) > 1), None)


def bearing(answer: Answer, token: str | None) -> Answer:
    """Let the first button bear a message's mark, so that the message is known again once it is this answer."""
    if token is None or not answer.rows or isinstance(answer.rows[0], Menu):
        return answer
    first, *rest = answer.rows[0]
    match first:
        case ActionButton():
            marked: AnyButton = replace(first, verb=f"{mark_of(token)}{ACTS}{first.verb}")
        case Button():
            marked = ActionButton(first.label, first.question.code, verb=f"{MARKED}:{token}")
        case _:
            return answer
    return replace(answer, rows=((marked, *rest), *answer.rows[1:]))


def buttons_of(message: discord.Message) -> list[discord.Button]:
    """Return the buttons of a message in their order."""
    return [
        item
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for item in row.children
        if isinstance(item, discord.Button)
    ]


def questions_in(message: discord.Message) -> list[Question]:
    """Return what the buttons and the options of a message of the bot's own ask, each once, in their order.

    What bookmarks a paper counts as asking about it.
    """
    codes: list[str] = []
    for row in message.components:
        for item in row.children if isinstance(row, discord.ActionRow) else ():
            verb, _, about = (getattr(item, "custom_id", None) or "").partition(":")
            if isinstance(item, discord.SelectMenu):
                values = [option.value for option in item.options]
                codes += [Question(QuestionKind.PAPER, value).code for value in values] if verb == "marks" else values
            elif verb == "mark":
                codes.append(Question(QuestionKind.PAPER, about).code)
            else:
                codes.append(about.partition(":")[2] if verb == MARKED else about)
    return list(dict.fromkeys(filter(None, map(Question.read, codes))))


def _unwatched(view: ui.View) -> ui.View:
    """Spare discord.py from watching a view for a quarter of an hour, in a task for each: `Control` has all presses."""
    view.stop()
    return view


def _add_rows(view: ui.View, rows: Iterable[Row]) -> None:
    for number, row in enumerate(rows):
        if isinstance(row, Menu):
            view.add_item(_menu(row, number))
        else:
            for button in row[:ROW_BUTTONS]:
                view.add_item(_button(button, number))


def _add_share(view: ui.View, rows: list[Any], code: str, *, shared: bool) -> None:
    """Put the share button where it always is: first, in the first row, which is made if there is none with room."""
    if not rows or isinstance(rows[0], Menu) or len(rows[0]) == ROW_BUTTONS:
        if len(rows) == ROWS:
            return
        rows.insert(0, ())
    label, style = "Shared" if shared else "Share", discord.ButtonStyle.primary
    view.add_item(ui.Button(label=label, style=style, custom_id=f"share:{code}", disabled=shared, row=0))


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
    return made


def _menu(menu: Menu, row: int) -> ui.Item[Any]:
    options = [
        discord.SelectOption(
            label=option.label, value=option.value, description=option.description or None, default=option.picked
        )
        for option in menu.options
    ]
    about, most = row if menu.about is None else menu.about, min(menu.most, len(options))
    return ui.Select(
        custom_id=f"{menu.verb}:{about}",
        placeholder=menu.placeholder,
        options=options,
        min_values=menu.fewest,
        max_values=most,
        row=row,
    )

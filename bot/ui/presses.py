"""What pressing a button or picking from a menu does: each capability says which verbs it answers."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord

from bot.errors import UserError
from bot.permissions import Audience, Permissions
from bot.ui.controls import ACTS, MARKED
from bot.ui.interaction import Interaction
from bot.ui.questions import NOT_UNDERSTOOD
from bot.ui.responder import Responder
from bot.ui.timings import UNKNOWN

Handler: TypeAlias = Callable[[Interaction, str], Awaitable[None]]
"""Answers a press, given what the custom id is about, or the options picked in a menu, on a line each."""


@dataclass(frozen=True, slots=True)
class _Press:
    handler: Handler
    audiences: tuple[Audience, ...]


def about_of(interaction: Interaction) -> str:
    """Return what the custom id of a press is about; a menu's handler is given only what was picked."""
    data: Any = interaction.data or {}
    return str(data.get("custom_id", "")).partition(":")[2]


def ticked_in(interaction: Interaction) -> frozenset[str]:
    """Return the values that the menu showed as picked already, before somebody picked from it."""
    data: Any = interaction.data or {}
    menus = (
        item
        for row in (interaction.message.components if interaction.message else ())
        if isinstance(row, discord.ActionRow)
        for item in row.children
        if isinstance(item, discord.SelectMenu) and item.custom_id == data.get("custom_id")
    )
    return frozenset(option.value for menu in menus for option in menu.options if option.default)


class Presses:
    """Hands each press to who answers it, if the presser may do what the button does at this moment."""

    def __init__(self, responder: Responder, permissions: Permissions) -> None:
        self._responder = responder
        self._permissions = permissions
        self._presses: dict[str, _Press] = {}

    def on(self, verb: str, handler: Handler, *, only: Iterable[Audience] = ()) -> None:
        """Let a handler answer the presses whose custom ids begin with a verb.

        Args:
            verb: how the custom ids begin, up to the first colon.
            handler: answers the press.
            only: whom the button is for; everybody, unless given.
        """
        if verb in self._presses:
            raise ValueError(f"two handlers for the verb {verb!r}")
        self._presses[verb] = _Press(handler, tuple(only))

    @property
    def guarded(self) -> Mapping[str, tuple[Audience, ...]]:
        """Whom the verbs are for that are not for everybody."""
        return {verb: press.audiences for verb, press in self._presses.items() if press.audiences}

    async def handle(self, interaction: Interaction) -> None:
        """Answer a press, whatever its custom id is; one that nobody knows gets a polite answer."""
        data: Any = interaction.data or {}
        verb, _, about = str(data.get("custom_id", "")).partition(":")
        if "values" in data:
            about = "\n".join(data["values"])
        if verb == MARKED and (acts := about.partition(":")[2]).startswith(ACTS):
            verb, _, about = acts.removeprefix(ACTS).partition(":")
        press = self._presses.get(verb)
        async with self._responder.answering(interaction, verb if press else UNKNOWN):
            if press is None:
                raise UserError(NOT_UNDERSTOOD)
            if press.audiences:
                self._permissions.check(interaction, press.audiences)
            await press.handler(interaction, about)

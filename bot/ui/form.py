"""Forms that are filled in and handed back."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.permissions import Audience, Permissions
from bot.ui.interaction import Interaction
from bot.ui.limits import MODAL_TITLE, clip
from bot.ui.responder import Responder

OPEN_FOR = 3600.0
"""How long a form can be handed back, in seconds."""

Submitted: TypeAlias = Callable[[Interaction, Mapping[str, str]], Awaitable[None]]
"""Answers a form, given what was typed, by the fields' names."""


@dataclass(frozen=True, slots=True)
class TextField:
    """A text field of a form.

    Attributes:
        name: what the answer calls it.
        label: what people call it.
        value: what stands in it at first.
        limit: the most characters it takes.
        description: a line below the label, or nothing.
        required: whether it must be filled in.
        long: whether it has several lines.
    """

    name: str
    label: str
    value: str
    limit: int
    description: str = ""
    required: bool = False
    long: bool = False


class Forms:
    """Opens forms; whoever hands one back must still be allowed to."""

    def __init__(self, responder: Responder, permissions: Permissions) -> None:
        self._responder = responder
        self._permissions = permissions

    async def open(
        self,
        interaction: Interaction,
        title: str,
        fields: Iterable[TextField],
        submitted: Submitted,
        *,
        only: Iterable[Audience],
    ) -> None:
        """Show a form.

        Args:
            interaction: what it answers.
            title: its title, cut where it is too long.
            fields: its fields, at most five.
            submitted: answers what was typed.
            only: who may hand it back.
        """
        audiences = tuple(only)

        async def answer(answered: Interaction, typed: Mapping[str, str]) -> None:
            async with self._responder.answering(answered, "form"):
                self._permissions.check(answered, audiences)
                await submitted(answered, typed)

        await self._responder.open_form(interaction, _Form(clip(title, MODAL_TITLE), fields, answer))


class _Form(ui.Modal):
    def __init__(self, title: str, fields: Iterable[TextField], answer: Submitted) -> None:
        super().__init__(title=title, timeout=OPEN_FOR)
        self._answer = answer
        self._inputs: dict[str, ui.TextInput[Any]] = {}
        for field in fields:
            self._inputs[field.name] = ui.TextInput(
                custom_id=field.name,
                style=discord.TextStyle.paragraph if field.long else discord.TextStyle.short,
                default=field.value or None,
                required=field.required,
                max_length=field.limit,
            )
            self.add_item(
                ui.Label(text=field.label, description=field.description or None, component=self._inputs[field.name])
            )

    async def on_submit(self, interaction: Interaction) -> None:
        await self._answer(interaction, {name: field.value for name, field in self._inputs.items()})

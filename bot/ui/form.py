"""Forms that are filled in and handed back."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.clock import Clock
from bot.errors import UserError
from bot.permissions import Audience, Permissions
from bot.ui.interaction import Interaction
from bot.ui.limits import MENU_OPTIONS, MODAL_TITLE, OPTION_TEXT, clip
from bot.ui.pending import Pending
from bot.ui.questions import NOT_UNDERSTOOD
from bot.ui.responder import Responder

_EACH = 20
_MOST = 500
"""How many forms can be open, one person's and all together."""

_VERB = "form:"

_STANDING = "stands-"

Submitted: TypeAlias = Callable[[Interaction, Mapping[str, str]], Awaitable[None]]
"""Answers a form, given what was typed, by the fields' names; what was picked is a line each."""

SubmittedAbout: TypeAlias = Callable[[Interaction, str, Mapping[str, str]], Awaitable[None]]
"""Answers a form of everybody's, given what it is about and what was typed, by the fields' names."""


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


@dataclass(frozen=True, slots=True)
class ChannelField:
    """A field of a form in which text channels of the server are picked; it answers with their ids.

    Attributes:
        name: what the answer calls it.
        label: what people call it.
        picked: the ids of those that are picked at first.
        description: a line below the label, or nothing.
        required: whether one must be picked.
    """

    name: str
    label: str
    picked: tuple[int, ...] = ()
    description: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """A field of a form in which one of a few choices is picked, or none where none must be.

    Attributes:
        name: what the answer calls it.
        label: what people call it.
        choices: what can be picked, 25 at most.
        picked: what is picked at first, or nothing.
        description: a line below the label, or nothing.
        required: whether one must be picked.
    """

    name: str
    label: str
    choices: tuple[str, ...]
    picked: str = ""
    description: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class FileField:
    """A field of a form into which one file is put, or none; it answers with the id that Discord has for the upload.

    Attributes:
        name: what the answer calls it.
        label: what people call it.
        description: a line below the label, or nothing.
    """

    name: str
    label: str
    description: str = ""


Field: TypeAlias = TextField | ChannelField | ChoiceField | FileField


@dataclass(frozen=True, slots=True)
class _Form:
    names: tuple[str, ...]
    submitted: Submitted
    audiences: tuple[Audience, ...]


class Forms:
    """Opens forms; whoever hands one back must still be allowed to.

    A form can be handed back again for as long as it is kept: Discord shows it until its acknowledgement has arrived.
    """

    def __init__(self, responder: Responder, permissions: Permissions, clock: Clock) -> None:
        self._responder = responder
        self._permissions = permissions
        self._open: Pending[_Form] = Pending(clock, each=_EACH, most=_MOST)
        self._standing: dict[str, SubmittedAbout] = {}

    async def open(
        self,
        interaction: Interaction,
        title: str,
        fields: Iterable[Field],
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
        shown = tuple(fields)
        form = _Form(tuple(field.name for field in shown), submitted, tuple(only))
        token = self._open.keep(interaction.user.id, form)
        await self._responder.open_form(interaction, _modal(f"{_VERB}{token}", title, shown))

    def on(self, name: str, submitted: SubmittedAbout) -> None:
        """Let somebody answer the forms of a name, which everybody may hand back, also after a restart."""
        self._standing[name] = submitted

    async def open_standing(
        self, interaction: Interaction, name: str, about: str, title: str, fields: Iterable[Field]
    ) -> None:
        """Show a form that is answered by its name and by what it is about, which its custom id says."""
        custom_id = f"{standing_id(name)}{about}"
        await self._responder.open_form(interaction, _modal(custom_id, title, tuple(fields)))

    async def handle(self, interaction: Interaction) -> None:
        """Answer a form that was handed back; one that nobody knows gets a polite answer."""
        async with self._responder.answering(interaction, "form"):
            data: Any = interaction.data or {}
            token = str(data.get("custom_id", "")).removeprefix(_VERB)
            typed = dict(_typed(data.get("components", ())))
            name, _, about = token.removeprefix(_STANDING).partition(":")
            if token.startswith(_STANDING) and name in self._standing:
                await self._standing[name](interaction, about, typed)
                return
            form = self._open.find(interaction.user.id, token)
            if form is None:
                raise UserError(NOT_UNDERSTOOD)
            self._permissions.check(interaction, form.audiences)
            await form.submitted(interaction, {name: typed.get(name, "") for name in form.names})


def standing_id(name: str) -> str:
    """Return how the custom ids of the forms of a name begin."""
    return f"{_VERB}{_STANDING}{name}:"


def _modal(custom_id: str, title: str, fields: Iterable[Field]) -> ui.Modal:
    modal = ui.Modal(title=clip(title, MODAL_TITLE), custom_id=custom_id, timeout=None)
    for field in fields:
        modal.add_item(ui.Label(text=field.label, description=field.description or None, component=_component(field)))
    # discord.py is not to remember it; it would take it back once.
    modal.stop()
    return modal


def _component(field: Field) -> ui.Item[Any]:
    match field:
        case ChannelField():
            return ui.ChannelSelect(
                custom_id=field.name,
                channel_types=[discord.ChannelType.text, discord.ChannelType.news],
                required=field.required,
                min_values=1 if field.required else 0,
                max_values=MENU_OPTIONS,
                default_values=[discord.Object(channel) for channel in field.picked[:MENU_OPTIONS]],
            )
        case ChoiceField():
            options = [
                discord.SelectOption(label=clip(choice, OPTION_TEXT), value=choice, default=choice == field.picked)
                for choice in field.choices[:MENU_OPTIONS]
            ]
            fewest = 1 if field.required else 0
            return ui.Select(custom_id=field.name, options=options, required=field.required, min_values=fewest)
        case FileField():
            return ui.FileUpload(custom_id=field.name, required=False, min_values=0, max_values=1)
        case _:
            return ui.TextInput(
                custom_id=field.name,
                style=discord.TextStyle.paragraph if field.long else discord.TextStyle.short,
                default=field.value or None,
                required=field.required,
                max_length=field.limit,
            )


def _typed(components: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield what was typed or picked, with the fields' names; each field is within its label."""
    for label in components:
        field = label.get("component") or {}
        if "custom_id" in field:
            picked = "\n".join(map(str, field.get("values") or ()))
            yield str(field["custom_id"]), str(field.get("value") or picked)

"""How answers reach Discord: in one place, so that none pings anybody and every one is counted."""

import io
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from typing import Any, TypeAlias

import aiohttp
import discord
from discord import app_commands, ui

from bot.config import NameOrId, is_named
from bot.connection.contexts import in_direct_messages, is_elsewhere
from bot.connection.patience import FAILURES, in_words
from bot.connection.refusals import code_of
from bot.errors import UserError
from bot.ui.answer import Answer
from bot.ui.controls import buttons_of, view_of
from bot.ui.interaction import Choice, Interaction
from bot.ui.limits import CHOICES
from bot.ui.timings import Outcome, Timings

AfterAnswer: TypeAlias = Callable[[Interaction, Answer], Awaitable[None]]

_TOO_LATE = 10062
"""Discord's code for an interaction it knows nothing of any more; it waits three seconds."""

_ACKNOWLEDGED_ALREADY = 40060
_ACKNOWLEDGED = "acknowledged"

_NOBODY = discord.AllowedMentions.none()

log = logging.getLogger(__name__)


class Responder:
    """Sends answers, counts how long people wait for them, and turns errors into answers.

    Attributes:
        timings: how long people wait.
        late: how many commands and suggestions there was no time for while Discord waited.
    """

    def __init__(self, public_channels: Sequence[NameOrId]) -> None:
        self.timings = Timings()
        self.late = 0
        self._public_channels = public_channels
        self._after: list[AfterAnswer] = []
        self._discreet: list[str] = []

    def after_answer(self, follow: AfterAnswer) -> None:
        """Have something done after each answer that was sent to whoever asked."""
        self._after.append(follow)

    def keep_discreet(self, beginning: str) -> None:
        """Never write down what comes after this beginning of a custom id, whatever goes wrong."""
        self._discreet.append(beginning)

    def reader_of(self, interaction: Interaction) -> int | None:
        """Return the id of the one who will read the answer; None in a channel for public answers."""
        return None if self._is_public(interaction) else interaction.user.id

    # What follows sends.

    async def send(self, interaction: Interaction, answer: Answer, *, private: bool = False) -> None:
        """Send an answer to whoever asked or pressed.

        Args:
            interaction: what it answers.
            answer: the answer.
            private: whether it is private also in a channel for public answers. In direct messages nothing is.
        """
        hidden = not in_direct_messages(interaction) and (private or not self._is_public(interaction))
        self.timings.handed_over(interaction)
        await _acknowledge(
            interaction,
            lambda: interaction.response.send_message(
                answer.content or None,
                embeds=answer.embeds,
                view=view_of(answer, shareable=hidden and not is_elsewhere(interaction)),
                files=_files(answer),
                ephemeral=hidden,
                allowed_mentions=_NOBODY,
            ),
        )
        for follow in self._after:
            try:
                await follow(interaction, answer)
            except Exception:
                # The answer is there; what follows it is no part of what was asked for.
                log.exception("what follows the answer to %s failed", self._described(interaction))

    async def turn(self, interaction: Interaction, answer: Answer, *, shared: bool = False) -> None:
        """Put an answer in place of the pressed one where that is the presser's alone, else send it to them."""
        if is_own(interaction):
            shareable = not in_direct_messages(interaction) and not is_elsewhere(interaction)
            await self.update(interaction, answer, shareable=shareable, shared=shared)
        else:
            await self.send(interaction, answer, private=True)

    async def update(
        self, interaction: Interaction, answer: Answer, *, shareable: bool = False, shared: bool = False
    ) -> None:
        """Put an answer in place of the message that was pressed, or of the sign that the bot is at work."""
        self.timings.handed_over(interaction)
        edit: Callable[..., Awaitable[object]] = (
            interaction.edit_original_response if was_acknowledged(interaction) else interaction.response.edit_message
        )

        async def show() -> None:
            await edit(
                content=answer.content or None,
                embeds=answer.embeds,
                view=view_of(answer, shareable=shareable, shared=shared),
                allowed_mentions=_NOBODY,
                **({"attachments": _files(answer)} if answer.files else {}),
            )

        await (show() if was_acknowledged(interaction) else _acknowledge(interaction, show))

    async def conclude(self, interaction: Interaction, answer: Answer) -> None:
        """Show what was done, in place of the pressed message or else as one of its own.

        What was done stays done: that nobody can be shown it is logged, and is not told as a failure.
        """
        try:
            await self.update(interaction, answer)
        except FAILURES as error:
            log.warning("an answer could not be changed, and is sent anew: %s", in_words(error))
            try:
                await self.follow_up(interaction, answer)
            except FAILURES as again:
                log.warning("what was done could not be told: %s", in_words(again))

    async def defer(self, interaction: Interaction) -> None:
        """Ask for patience; `update`, `conclude` or `follow_up` brings the answer."""
        self.timings.handed_over(interaction)
        patience = {"ephemeral": True, "thinking": interaction.message is None}
        await _acknowledge(interaction, lambda: interaction.response.defer(**patience))

    async def follow_up(self, interaction: Interaction, answer: Answer) -> None:
        """Send a further message to whoever asked."""
        await interaction.followup.send(
            answer.content,
            embeds=answer.embeds,
            view=view_of(answer, shareable=False),
            files=_files(answer),
            ephemeral=not in_direct_messages(interaction),
            allowed_mentions=_NOBODY,
        )

    async def share(self, interaction: Interaction, answer: Answer, own: Answer | None) -> None:
        """Post an answer for all; `own` is what its owner sees, who then sees that it was shared."""
        self.timings.handed_over(interaction)
        await _acknowledge(interaction, interaction.response.defer)
        await interaction.followup.send(
            f"Shared by {interaction.user.mention}",
            embeds=answer.embeds,
            view=view_of(answer, shareable=False),
            files=_files(answer),
            ephemeral=False,
            allowed_mentions=_NOBODY,
        )
        if own:
            await interaction.edit_original_response(view=view_of(own, shareable=True, shared=True))

    async def open_form(self, interaction: Interaction, form: ui.Modal) -> None:
        """Show a form."""
        self.timings.handed_over(interaction)
        await _acknowledge(interaction, lambda: interaction.response.send_modal(form))

    def suggest(self, interaction: Interaction, choices: Iterable[tuple[str, str]]) -> list[Choice]:
        """Make the suggestions for an option out of their names and values, as many as Discord shows."""
        made = [app_commands.Choice(name=name, value=value) for name, value in islice(choices, CHOICES)]
        self.timings.handed_over(interaction)
        self.timings.ended(interaction, Outcome.ANSWERED)
        return made

    def suggested(self, interaction: Interaction, *, in_time: bool) -> None:
        """Count an interaction to which another process has sent the suggestions, or could not in time."""
        if in_time:
            self.timings.handed_over(interaction)
        self.timings.ended(interaction, Outcome.ANSWERED if in_time else Outcome.FAILED)

    @asynccontextmanager
    async def answering(self, interaction: Interaction, name: str) -> AsyncIterator[None]:
        """Turn whatever goes wrong inside into an answer for the person who pressed the button of this name."""
        self.timings.arrived(interaction)
        outcome = Outcome.ANSWERED
        try:
            yield
        except Exception as error:  # noqa: BLE001 - this is where all errors end
            outcome = await self._explain(interaction, error)
        self.timings.ended(interaction, outcome, name)

    async def explain(self, interaction: Interaction, error: Exception) -> None:
        """Tell somebody in plain words that their command failed, and log why under the same reference."""
        self.timings.ended(interaction, await self._explain(interaction, error))

    def too_late(self, interaction: Interaction) -> None:
        """Count an interaction that Discord no longer waits for, so that nothing was done about it."""
        self.late += 1
        self.timings.ended(interaction, Outcome.FAILED)
        if interaction.type is not discord.InteractionType.autocomplete:
            log.warning("%s came when there was more to do than could be done in time", self._described(interaction))

    async def _explain(self, interaction: Interaction, error: Exception) -> Outcome:
        if isinstance(error, UserError):
            await _tell(interaction, str(error))
            return Outcome.REFUSED
        if code_of(error) == _TOO_LATE:
            # Discord itself says so, and what was to be done waits for another try.
            log.warning("%s was not acknowledged in time: %s", self._described(interaction), in_words(error))
            return Outcome.FAILED
        reference = secrets.token_hex(2)
        described = self._described(interaction)
        log.error("%s failed (ref %s)", described, reference, exc_info=error, extra={"reference": reference})
        await _tell(
            interaction,
            f"Something went wrong (ref {reference}). Try again; if it stays, tell the organizers that reference.",
        )
        return Outcome.FAILED

    def _described(self, interaction: Interaction) -> str:
        """Describe what was asked, for the log: the command with its options, or the button."""
        if isinstance(interaction.command, app_commands.Command | app_commands.ContextMenu):
            options = " ".join(f"{name}:{value!r}" for name, value in vars(interaction.namespace).items())
            return f"/{interaction.command.qualified_name} {options}".rstrip()
        data: Any = interaction.data or {}
        custom_id = str(data.get("custom_id", "interaction"))
        for beginning in self._discreet:
            if custom_id.startswith(beginning):
                return f"{beginning}…"
        return f"{custom_id} {data.get('values', '')}".rstrip()

    def _is_public(self, interaction: Interaction) -> bool:
        """Tell whether answers in this channel, or the one its thread belongs to, are for everybody.

        Where nobody has invited the bot none are, whatever the channel is called.
        """
        if is_elsewhere(interaction):
            return False
        channel = interaction.channel
        parent = channel.parent if isinstance(channel, discord.Thread) else None
        return any(
            is_named(place, place.name, self._public_channels)
            for place in (channel, parent)
            if isinstance(place, discord.abc.GuildChannel | discord.Thread)
        )


def is_own(interaction: Interaction) -> bool:
    """Tell whether the pressed message is the presser's alone: private, and theirs."""
    message = interaction.message
    if message is None:
        return False
    if in_direct_messages(interaction):
        return True
    asked = message.interaction_metadata
    return message.flags.ephemeral and (asked is None or asked.user.id == interaction.user.id)


def was_shared(interaction: Interaction) -> bool:
    """Tell whether the pressed message says that it was shared."""
    buttons = buttons_of(interaction.message) if interaction.message else []
    return any(button.disabled and (button.custom_id or "").startswith("share:") for button in buttons)


def may_post(interaction: Interaction) -> bool:
    """Tell whether whoever pressed could post a message in this channel themselves, and the bot is at home there."""
    if is_elsewhere(interaction):
        return False
    permissions = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    return permissions.send_messages_in_threads if in_thread else permissions.send_messages


def was_acknowledged(interaction: Interaction) -> bool:
    """Tell whether Discord has an acknowledgement, whether or not it could confirm it."""
    return interaction.response.is_done() or _ACKNOWLEDGED in interaction.extras


async def _acknowledge(interaction: Interaction, respond: Callable[[], Awaitable[object]]) -> bool:
    """Acknowledge an interaction; tell whether Discord has confirmed it.

    A connection that broke off may have brought it there. It is tried once more; that it is there already is as good.
    """
    for last in (False, True):
        try:
            await respond()
        except discord.HTTPException as error:
            if error.code != _ACKNOWLEDGED_ALREADY:
                raise
            interaction.extras[_ACKNOWLEDGED] = True
            return False
        except (aiohttp.ClientError, OSError):
            if last:
                raise
        else:
            break
    return True


def _files(answer: Answer) -> list[discord.File]:
    return [discord.File(io.BytesIO(data), name) for name, data in answer.files]


async def _tell(interaction: Interaction, text: str) -> None:
    """Say something privately, whether or not the interaction was answered already."""
    if interaction.type is discord.InteractionType.autocomplete:
        return
    private = not in_direct_messages(interaction)
    try:
        if not was_acknowledged(interaction) and await _acknowledge(
            interaction, lambda: interaction.response.send_message(text, ephemeral=private)
        ):
            return
        await interaction.followup.send(text, ephemeral=private)
    except FAILURES as error:
        log.warning("could not tell the user: %s", in_words(error))

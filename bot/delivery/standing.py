"""Messages that stay where they are and are edited whenever what they say has changed."""

import logging
from collections.abc import Mapping
from enum import Enum, auto
from http import HTTPStatus
from typing import Any, Final

import discord

from bot.background import BackgroundTasks
from bot.connection.patience import FAILURES, in_words
from bot.connection.refusals import IS_ARCHIVED, code_of, is_final, is_gone, is_trouble
from bot.delivery.model import Entry, Kind

_TOO_MANY_EDITS: Final = 30046
"""Discord's code for a message older than an hour that was edited too often (its documentation, JSON Error Codes)."""

_PATIENCE: Final = 20.0
"""How long Discord may take to change a message, in seconds: old ones may be edited only rarely, and discord.py would
wait until this one may."""

_NOBODY = discord.AllowedMentions.none()

log = logging.getLogger(__name__)


class Edited(Enum):
    """What came of an edit."""

    DONE = auto()
    GONE = auto()
    """There is no such message any more."""

    WORN = auto()
    """It was edited too often, and can't be edited now: another one has to take its place."""

    ASLEEP = auto()
    """Its thread is archived."""

    AGAIN = auto()
    NOT_ALLOWED = auto()
    """Discord refuses it, and would again."""


async def edit(
    background: BackgroundTasks,
    message: discord.PartialMessage,
    what: str,
    **changes: Any,  # noqa: ANN401 - as discord.py takes it
) -> Edited:
    """Edit a message, pinging nobody.

    Args:
        background: where an edit goes on that takes too long.
        message: the message.
        what: what the log calls it.
        changes: what it is to say.
    """
    try:
        return await background.within(_PATIENCE, _try_to_edit(message, what, changes), f"editing {what}")
    except TimeoutError:
        log.info("Discord makes %s in channel %d wait", what, message.channel.id)
        return Edited.WORN


async def delete(background: BackgroundTasks, message: discord.PartialMessage, what: str) -> bool:
    """Delete a message; tell whether it is gone."""
    try:
        await background.within(_PATIENCE, message.delete(), f"deleting {what}")
    except FAILURES as error:
        if is_gone(error):
            return True
        log.warning("could not delete %s in channel %d: %s", what, message.channel.id, in_words(error))
        return False
    return True


async def _try_to_edit(message: discord.PartialMessage, what: str, changes: Mapping[str, Any]) -> Edited:
    """Edit a message; what may go on when nobody waits for it any more tells its failure by what it returns."""
    try:
        await message.edit(**changes, allowed_mentions=_NOBODY)
    except FAILURES as error:
        if is_gone(error):
            return Edited.GONE
        if _has_to_rest(error):
            return Edited.WORN
        if code_of(error) == IS_ARCHIVED:
            return Edited.ASLEEP
        log.warning("could not edit %s in channel %d: %s", what, message.channel.id, in_words(error))
        return Edited.NOT_ALLOWED if is_final(error) else Edited.AGAIN
    return Edited.DONE


def number_of(entry: Entry) -> int:
    """Return the how manieth of its kind a message is for its target, counted from 1."""
    return int(entry.delivery.key.rpartition(":")[2])


def next_key(kind: Kind, target_id: int, latest: Entry | None) -> str:
    """Return the key of the message that takes the place of the latest one of its kind for its target."""
    return f"{kind.name}:{target_id}:{number_of(latest) + 1 if latest else 1}"


def _has_to_rest(error: BaseException) -> bool:
    """Tell whether a message was edited too often."""
    if not isinstance(error, discord.HTTPException):
        return isinstance(error, discord.RateLimited)
    limited = error.status == HTTPStatus.TOO_MANY_REQUESTS and not is_trouble(error)
    return limited or error.code == _TOO_MANY_EDITS

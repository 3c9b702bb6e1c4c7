"""What a refusal of Discord's means, by its JSON error code; the status alone may be that of a proxy in between.

The codes are those of Discord's documentation, "JSON Error Codes".
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

import discord

_GONE: Final = frozenset({10003, 10004, 10008, 10013, 10070})
"""Unknown channel, guild, message, user, scheduled event."""

_NO_MEMBER: Final = frozenset({10007, 10013})
"""Unknown member, user."""

_NOT_ALLOWED: Final = frozenset({50001, 50013})
"""Missing access, missing permissions."""

_TAKES_NONE: Final = frozenset({50007, 50278})
"""The person takes no direct messages from the bot, or has no server in common with it."""

_MALFORMED: Final = frozenset({50006, 50008, 50024, 50033, 50035, 50109, 200000, 200001, 240000})
"""Nothing to send, no channel for it, an invalid recipient or form, or a text that is blocked."""

HAS_A_THREAD: Final = 160004
"""The code for a message that has its thread already."""

IS_ARCHIVED: Final = 50083
"""The code for a change in a thread that is archived."""

_DIRECT_PAUSES: Final = {40003: 600.0, 20026: 3600.0}
"""Direct messages are opened too fast, or the bot is under suspicion of spam; for how long to send none, in seconds."""


def code_of(error: BaseException) -> int | None:
    """Return Discord's code; 0 where an answer has none, and None where there was no answer."""
    return error.code if isinstance(error, discord.HTTPException) else None


def is_final(error: BaseException) -> bool:
    """Tell whether trying again would change nothing."""
    return code_of(error) in _GONE | _NOT_ALLOWED | _TAKES_NONE | _MALFORMED


def is_gone(error: BaseException) -> bool:
    """Tell whether Discord says that what was asked for is not there any more."""
    return code_of(error) in _GONE


def is_no_member(error: BaseException) -> bool:
    """Tell whether Discord says that somebody is in a server no more, or never was."""
    return code_of(error) in _NO_MEMBER


def is_about_permissions(error: BaseException) -> bool:
    """Tell whether the bot lacks a permission."""
    return code_of(error) in _NOT_ALLOWED


def takes_no_messages(error: BaseException) -> bool:
    """Tell whether a person can't be written to at all."""
    return code_of(error) in _TAKES_NONE | {10013}


def direct_pause(error: discord.HTTPException) -> float | None:
    """Return for how long no direct message is to be sent at all, in seconds; None where the refusal says nothing."""
    return _DIRECT_PAUSES.get(error.code)


class PassingOver:
    """Passes over the failures of a kind, such as those of `is_gone`, in a `with` block; every other one is raised."""

    def __init__(self, judge: Callable[[BaseException], bool]) -> None:
        self._judge = judge

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _where: object) -> bool:
        return error is not None and self._judge(error)


def is_json(error: discord.HTTPException) -> bool:
    """Tell whether it was Discord itself that answered, for which its headers stand."""
    return error.response.headers.get("Content-Type", "").startswith("application/json")


def is_trouble(error: BaseException) -> bool:
    """Tell whether it was no answer of Discord's to what was asked: it is in trouble, or the line to it is.

    A proxy's page has no code, whatever its status; Discord's own general errors have the code 0.
    """
    if isinstance(error, discord.HTTPException):
        return error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or (error.code == 0 and not is_json(error))
    return not isinstance(error, discord.RateLimited)

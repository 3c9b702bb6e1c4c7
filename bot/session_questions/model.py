"""Questions to a session: what they are, what is allowed, and in which order they are shown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.delivery.model import Kind
from bot.errors import UserError

LENGTH: Final = 250
"""How many characters a question may have: ten are shown in one message, and five on a screen."""

NAME_LENGTH: Final = 40
"""How many characters of somebody's name are kept with a question."""

EACH: Final = 5
"""How many questions to one session one person may have."""

MOST: Final = 500
"""How many questions a session may have."""

ASKS_AT_ONCE: Final = 3
ASKS_PER_HOUR: Final = 12
"""How many questions one person may ask without a pause, and in an hour."""

VOTES_AT_ONCE: Final = 30
VOTES_PER_MINUTE: Final = 30
"""How often one person may change their votes without a pause, and in a minute."""

LIST: Final = Kind("questions", folds=False, called="the questions to a session")
"""The message in a session's place that lists its questions. The subject is the session's key."""

SCREEN: Final = Kind("questions-screen", folds=False, called="a screen of questions")
"""A message with the first questions in large letters, in a channel where a chair wanted it. The subject likewise."""

EVERYWHERE: Final = ""
"""Stands for the key of a session where all of them are meant."""

_JOINERS: Final = "\u200c\u200d"
"""What joins letters, or keeps them apart, in some scripts, and joins emoji."""

_LINK = re.compile(r"https://(?:ptb\.|canary\.)?discord(?:app)?\.com/channels/(\d{15,20})/(\d{15,20})/(\d{15,20})")


class State(StrEnum):
    """How far a question is."""

    OPEN = "open"
    ANSWERED = "answered"
    HIDDEN = "hidden"
    MERGED = "merged"
    """Another one asks the same, and has its votes."""


@dataclass(frozen=True, slots=True)
class SessionQuestion:
    """A question to a session.

    Attributes:
        id: names it for ever.
        session_key: the session.
        number: what people call it: the how manieth of its session it is.
        asker_id: Discord's id of who asked.
        name: their name, as it was then; None where they asked without it.
        text: what they ask.
        asked_at: when, in UTC.
        state: how far it is.
        merged_into: the id of the question that has taken its place, where it is merged.
        answer_url: where in Discord the answer is, if that was said.
        settled_at: when its state was changed last, in UTC; None for never.
    """

    id: int
    session_key: str
    number: int
    asker_id: int
    name: str | None
    text: str
    asked_at: datetime
    state: State = State.OPEN
    merged_into: int | None = None
    answer_url: str | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """A question before it is kept.

    Attributes:
        session_key: the session.
        asker_id: Discord's id of who asks.
        name: their name; None where they ask without it.
        text: what they ask, on one line.
        asked_at: when, in UTC.
    """

    session_key: str
    asker_id: int
    name: str | None
    text: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Vote:
    """Somebody's vote, or that they take it back.

    Attributes:
        user_id: Discord's id of the person.
        question_ids: the question; where it is taken back, also those that are merged into it.
        at: when, in UTC.
        wanted: whether they vote for it.
    """

    user_id: int
    question_ids: tuple[int, ...]
    at: datetime
    wanted: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question with how many people voted for it, or for one that is merged into it."""

    question: SessionQuestion
    votes: int


def in_order(ranked: Iterable[Ranked]) -> list[Ranked]:
    """Return questions in the order of their votes; of as many, what was asked first comes first."""
    return sorted(ranked, key=lambda one: (-one.votes, one.question.number))


def on_one_line(text: str, limit: int = LENGTH) -> str:
    """Return what somebody typed on one line, without what can't be seen, such as marks that turn a text around."""
    seen = (mark if mark.isprintable() or mark in _JOINERS else " " if mark.isspace() else "" for mark in text)
    return " ".join("".join(seen).split())[:limit].strip()


def answer_link(typed: str, server_id: int) -> str | None:
    """Read the link to a message of a server; None where nothing was typed.

    Raises:
        UserError: it leads elsewhere, or is none.
    """
    if not typed.strip():
        return None
    match = _LINK.fullmatch(typed.strip())
    if match is None:
        raise UserError(
            "That is no link to a message. In the menu of the answer's message choose “Copy Message Link”, and paste "
            "that; or leave the link empty. Nothing was changed."
        )
    server, channel, message = map(int, match.groups())
    if server != server_id:
        raise UserError("That link leads to another server. Give one to a message in this server. Nothing was changed.")
    return message_link(server, channel, message)


def message_link(server_id: int, channel_id: int, message_id: int) -> str:
    """Return the address of a message."""
    return f"https://discord.com/channels/{server_id}/{channel_id}/{message_id}"

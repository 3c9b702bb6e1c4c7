"""What a place to talk is about, and where it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self, TypeAlias

import discord

from bot.errors import UserError
from bot.ui.answer import AnyButton
from bot.ui.questions import NOT_UNDERSTOOD, Question, QuestionKind


class SubjectKind(StrEnum):
    """What people talk about."""

    PAPER = "paper"
    SESSION = "session"


_KINDS: Final = {QuestionKind(kind.value): kind for kind in SubjectKind}


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """What a place is about.

    Attributes:
        kind: whether it is a paper or a session.
        key: its key in the programme.
    """

    kind: SubjectKind
    key: str

    @property
    def code(self) -> str:
        """The subject as a string that is short enough for a custom id."""
        return f"{self.kind}:{self.key}"

    @property
    def question(self) -> Question:
        """The question that shows it."""
        return Question(QuestionKind(self.kind), self.key)

    @classmethod
    def from_code(cls, code: str) -> Self:
        """Read a subject back.

        Raises:
            UserError: it is none.
        """
        kind, _, key = code.partition(":")
        if kind not in list(SubjectKind) or not key:
            raise UserError(NOT_UNDERSTOOD)
        return cls(SubjectKind(kind), key)

    @classmethod
    def of_question(cls, question: Question | None) -> Self | None:
        """Return what a question is about where that can have a place."""
        kind = _KINDS.get(question.kind) if question else None
        return cls(kind, question.key) if question and kind else None


def paper_subject(key: str) -> Subject:
    """Return the paper of a key as a subject."""
    return Subject(SubjectKind.PAPER, key)


def session_subject(key: str) -> Subject:
    """Return the session of a key as a subject."""
    return Subject(SubjectKind.SESSION, key)


@dataclass(frozen=True, slots=True)
class Place:
    """Where people talk about something.

    Attributes:
        subject: what it is about.
        server_id: the server.
        channel_id: the forum, or the text channel, that the thread is in.
        thread_id: the thread.
        starter_id: its first message, in a forum's post or, for a thread of a text channel, in that channel.
        is_post: whether it is a post of a forum.
        shown: fingerprints of the name, the tags and the first message as they were shown last.
        messages: how many messages people wrote there.
        last_message_id: the last of these, None for none.
    """

    subject: Subject
    server_id: int
    channel_id: int
    thread_id: int
    starter_id: int
    is_post: bool
    shown: str = ""
    messages: int = 0
    last_message_id: int | None = None

    @property
    def url(self) -> str:
        """The address that opens it."""
        return f"https://discord.com/channels/{self.server_id}/{self.thread_id}"

    @property
    def starter_channel_id(self) -> int:
        """Where its first message is."""
        return self.thread_id if self.is_post else self.channel_id

    @property
    def last_at(self) -> datetime | None:
        """When somebody last wrote there, in UTC."""
        return discord.utils.snowflake_time(self.last_message_id) if self.last_message_id else None


@dataclass(frozen=True, slots=True)
class Talk:
    """How people come to talk about something.

    Attributes:
        subject: what it is.
        place: where they do so already, None for nowhere yet.
    """

    subject: Subject
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Addition:
    """What another part adds to the first message of a place, within a field of its own.

    Attributes:
        name: the field's name.
        lines: what it says, as Markdown: texts of people are escaped already.
        buttons: further buttons.
        image: the https address of a picture that is shown below, if there is one.
    """

    name: str
    lines: Sequence[str] = ()
    buttons: Sequence[AnyButton] = ()
    image: str = ""


Shows: TypeAlias = Callable[[Subject], Addition | None]
"""Returns what a part adds to the first message of a place, from memory; None for nothing."""

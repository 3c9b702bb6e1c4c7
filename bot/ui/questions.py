"""Questions: what a command, a button or a menu asks, in a form short enough for a button to carry.

A button's custom id holds its whole question, so that it works for as long as its message exists, whatever was
restarted in between.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from bot.errors import UserError

NOT_UNDERSTOOD = "I no longer understand this button or form: it is older than I am. Ask again with a command."

KEY_LENGTH = 79
"""How many characters the key of a question has at most: `share:results:999999:` leaves so many of a custom id."""

_DIGITS = 10

_CODE = re.compile(rf"(?P<kind>[a-z]+):(?P<page>\d{{1,6}}):(?P<key>.{{0,{KEY_LENGTH}}})", re.DOTALL)


def number_in(text: str) -> int:
    """Return the number that a part of a custom id is.

    Raises:
        UserError: it is none that the bot would have written there.
    """
    if text.isascii() and text.isdecimal() and len(text) < _DIGITS:
        return int(text)
    raise UserError(NOT_UNDERSTOOD)


class QuestionKind(StrEnum):
    """What kind of thing a question is about; its key says which one."""

    PAPER = "paper"
    SIMILAR = "similar"
    """The papers near the paper of this key."""

    BYLINE = "byline"
    """The authors of the paper of this key, with their other papers."""

    AUTHOR = "author"
    SESSION = "session"
    MARKING = "marking"
    """What is shown in the session of this key, to bookmark some of it."""

    SESSIONS = "sessions"
    """All sessions; the key is empty."""

    SCHEDULE = "schedule"
    """The sessions of the day of this key, an ISO date; all sessions without one."""

    NOW = "now"
    NEXT = "next"
    ROOM = "room"
    """The room that the key stands for."""

    ROOMS = "rooms"
    """All rooms; the key is empty."""

    AGENDA = "agenda"
    """The asker's own bookmarks; the key is empty."""

    ROUTE = "route"
    """The asker's own bookmarked posters in the order of their boards; the key is empty."""

    FOR_YOU = "foryou"
    """What the asker may want to see besides their bookmarks; the key is empty."""

    BROWSE = "browse"
    """A part of the programme, and what it is divided into; the key says where somebody is."""

    NOTES = "notes"
    """The asker's own notes on papers; the key is empty."""

    QUESTIONS = "questions"
    """What was asked in the session of this key."""
    MEETUP = "meetup"
    """The meetup of this number."""

    MEETUPS = "meetups"
    """The meetups to come; with a key, the asker's own."""

    MY_PAPERS = "mypapers"
    """The papers that the asker has shown to be an author of; the key is empty."""

    RESULTS = "results"
    """The search that the key says, or that is kept under the token that the key is."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something the bot can answer.

    Attributes:
        kind: what kind of thing is asked about.
        key: which one, at most `KEY_LENGTH` characters.
        page: which page of the answer, counted from 0.
    """

    kind: QuestionKind
    key: str = ""
    page: int = 0

    @property
    def code(self) -> str:
        """The question as a string, short enough for a custom id to begin with a verb."""
        return f"{self.kind}:{self.page}:{self.key}"

    @classmethod
    def from_code(cls, code: str) -> Self:
        """Read a question back.

        Raises:
            UserError: it is no question, such as that of a button made by another version of the bot.
        """
        question = cls.read(code)
        if question is None:
            raise UserError(NOT_UNDERSTOOD)
        return question

    @classmethod
    def read(cls, code: str) -> Self | None:
        """Read a question back; None where it is none."""
        match = _CODE.fullmatch(code)
        if match is None or match["kind"] not in list(QuestionKind):
            return None
        return cls(QuestionKind(match["kind"]), match["key"], int(match["page"]))

    def on_page(self, page: int) -> Self:
        """Return the same question for another page."""
        return replace(self, page=page)

"""What people ask the help desk for, what they report, and how much of it at once."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from bot.delivery.model import Delivery, Kind

TEXT: Final = 1200
"""How many characters a request, a report or a word about one has at most."""

_QUOTED: Final = 4000
"""How many characters of a reported message are kept: as many as a message can have."""

_FILES: Final = 10
"""How many files a message can have."""

OPEN_AT_ONCE: Final = 3
"""How many requests for help of one person can be open: each has a thread in which they can go on."""

HELP_AN_HOUR: Final = 6
"""How many requests for help one person can make in an hour."""

AT_ONCE: Final = 5
"""How many reports, or words about them, of one person go out at once and with a ping, in an hour."""

SPACED: Final = timedelta(minutes=10)
"""How far apart the others of that hour go out, without a ping."""

HOUR: Final = timedelta(hours=1)

REPORT: Final = Kind("conduct-report", folds=False, called="conduct reports")
"""A report that must reach the conduct team's channel."""

WORD: Final = Kind("conduct-word", folds=False, called="what reporters add")
"""What a reporter adds to a report, for that channel too."""

ANSWER: Final = Kind("conduct-answer", to_person=True, folds=False, called="answers to reporters")
"""What the team, or the bot, lets a reporter know."""

CONDUCT_KINDS: Final = (REPORT, WORD, ANSWER)
"""What copies of the database leave out goes by how their names begin."""

_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH: Final = 8


class About(StrEnum):
    """What somebody turns to the help desk with."""

    HELP = "help"
    CONDUCT = "conduct"


class Step(StrEnum):
    """How far a request's thread is."""

    OPENING = "opening"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


def new_token() -> str:
    """Return a name for a request, a report or a word, short enough to be read out."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def is_token(text: str) -> bool:
    """Tell whether a text is one that `new_token` might have made."""
    return len(text) == _LENGTH and all(letter in _LETTERS for letter in text)


@dataclass(frozen=True, slots=True)
class Quote:
    """A message that somebody reports, as it was when they did.

    Attributes:
        author_id: Discord's id of who wrote it.
        author: what they are called.
        text: what it says; None where that is not known any more.
        link: its address.
        written_at: when it was written, in UTC.
        files: the names and addresses of its files.
    """

    author_id: int
    author: str
    text: str | None
    link: str
    written_at: datetime
    files: tuple[tuple[str, str], ...] = ()

    @property
    def kept(self) -> str:
        """The quote as the database has it."""
        return json.dumps({**asdict(self), "written_at": self.written_at.isoformat()}, ensure_ascii=False)

    @classmethod
    def read(cls, kept: str | None) -> Self | None:
        """Read it back."""
        if kept is None:
            return None
        parts = json.loads(kept)
        parts["written_at"] = datetime.fromisoformat(parts["written_at"])
        parts["files"] = tuple((name, url) for name, url in parts["files"])
        return cls(**parts)

    @classmethod
    def of(
        cls,
        author_id: int,
        author: str,
        text: str | None,
        link: str,
        written_at: datetime,
        files: Sequence[tuple[str, str]] = (),
    ) -> Self:
        """Quote a message."""
        kept = None if text is None else text[:_QUOTED]
        return cls(author_id, author[:100], kept, link, written_at, tuple(files[:_FILES]))


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody handed in.

    Attributes:
        token: names it, the same however often the form is sent.
        user_id: who it was.
        text: what they wrote.
        quote: the message it is about, if it is about one.
        made_at: when that was, in UTC.
    """

    token: str
    user_id: int
    text: str
    quote: Quote | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """A request for help.

    Attributes:
        token: names it.
        server_id: the server in which it was made.
        channel_id: the channel in which its thread is or is to be.
        user_id: who asks.
        text: what they wrote, None once the thread says it.
        quote: the message it is about; None where there is none, and once the thread says it.
        made_at: when it was made, in UTC.
        step: how far its thread is.
        thread_id: the thread, once there is one.
        starter_id: the message in it that says what it is about, once it is there.
        taken_by: who of those on duty takes care of it.
        closed_by: who closed it.
        attempts: how often somebody has begun to make what is still to be made.
    """

    token: str
    server_id: int
    channel_id: int
    user_id: int
    text: str | None
    quote: Quote | None
    made_at: datetime
    step: Step
    thread_id: int | None = None
    starter_id: int | None = None
    taken_by: int | None = None
    closed_by: int | None = None
    attempts: int = 0

    @property
    def url(self) -> str | None:
        """Where its thread is, once there is one."""
        return f"https://discord.com/channels/{self.server_id}/{self.thread_id}" if self.thread_id else None


@dataclass(frozen=True, slots=True)
class Report:
    """A report of somebody's conduct.

    Attributes:
        token: names it.
        channel_id: the channel of the team that reads it.
        reporter_id: who reports; None once they had all deleted that is kept about them.
        named: whether the team may know that.
        text: what they wrote, None once the message is there.
        quote: the message it is about; None where there is none, and once the message is there.
        made_at: when it was made, in UTC.
        delete_at: when it is deleted, in UTC.
        taken_by: who of the team takes care of it.
        closed: whether it is closed.
    """

    token: str
    channel_id: int
    reporter_id: int | None
    named: bool
    text: str | None
    quote: Quote | None
    made_at: datetime
    delete_at: datetime
    taken_by: int | None = None
    closed: bool = False

    def delivery(self, due_at: datetime) -> Delivery:
        """Return what brings it to the team: it helps until it is deleted."""
        key = f"{REPORT.name}:{self.token}"
        return Delivery(key, self.channel_id, self.token, due_at, due_at, self.delete_at, REPORT)


@dataclass(frozen=True, slots=True)
class Word:
    """What a conduct team and a reporter write to each other.

    Attributes:
        token: names it.
        report: the report that it is about.
        to_reporter: whether it goes to the reporter; else it comes from them.
        text: what it says, None once it is there.
        made_at: when it was written, in UTC.
    """

    token: str
    report: str
    to_reporter: bool
    text: str | None
    made_at: datetime

    def delivery(self, report: Report, due_at: datetime) -> Delivery | None:
        """Return what brings it to whom it is for; None where nobody knows any more who that is."""
        kind, target = (ANSWER, report.reporter_id) if self.to_reporter else (WORD, report.channel_id)
        if target is None:
            return None
        return Delivery(f"{kind.name}:{self.token}", target, self.report, due_at, due_at, report.delete_at, kind)


def due_at(now: datetime, before: int) -> datetime:
    """Return when something of a person's goes out, of whom so many others came within the hour.

    Nothing is refused for its number: what is too much for one hour goes out later, one by one.
    """
    return now + SPACED * max(before + 1 - AT_ONCE, 0)

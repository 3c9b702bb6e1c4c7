"""Who is an author of what: claims, requests, what authors say, and the kinds of messages that follow."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.delivery.model import Delivery, Kind
from bot.programme.model import Paper
from bot.programme.source import Link

REVIEW: Final = Kind("author-review", folds=False, called="what authors ask")
"""The moderators are shown a request, a claim or what an author says."""

NOTE: Final = Kind("author-note", to_person=True)
"""An author hears what was decided, or that somebody writes about their paper."""

PICTURE: Final = Kind("author-picture", folds=False, called="authors' pictures")
"""A picture of a poster goes to its paper's place."""

MOST_REQUESTS: Final = 5
"""How many requests of one person may wait for the moderators."""

ASK_AGAIN: Final = timedelta(hours=24)
"""After how long somebody may ask again whom the moderators refused."""

NAME_LENGTH: Final = 100
NOTE_LENGTH: Final = 300
TEXT_LENGTH: Final = 300
LINKS_LENGTH: Final = 2000
"""How many characters the fields of the forms take."""

BUNDLED: Final = timedelta(minutes=1)
"""How long news of several papers wait for each other, to become one direct message."""

_USEFUL: Final = timedelta(days=30)
"""How late any of it may come: nobody is told a second time before they have looked."""


class Way(StrEnum):
    """How somebody showed to be an author."""

    CODE = "code"
    """By the code that the organizers mailed."""

    TICKET = "ticket"
    """By the name on their ticket."""

    MODERATOR = "moderator"
    """A moderator confirmed it."""


class About(StrEnum):
    """What something that authors say is: both are looked at and taken back apart."""

    WORDS = "words"
    """A sentence and links."""

    PICTURE = "picture"


class Stage(StrEnum):
    """Who sees what an author says."""

    WAITING = "waiting"
    """The moderators and the author."""

    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Slot:
    """One author of a paper, as the programme names them.

    Attributes:
        paper_key: the paper.
        author_key: the author's key; None where the source does not name them.
        number: which one of several of one name on this paper, counted from 0.
        name: their name, for people.
    """

    paper_key: str
    author_key: str | None
    number: int
    name: str

    @property
    def identity(self) -> tuple[str, str | None, int]:
        """What tells it apart, whatever the name looks like."""
        return self.paper_key, self.author_key, self.number


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody is an author of a paper.

    Attributes:
        id: its number.
        user_id: Discord's id of the person.
        slot: which author they are.
        way: how they showed it.
        claimed_at: since when, in UTC.
        quiet: whether they want to hear nothing.
        told: whether they were told that somebody writes, and have not looked since.
        turn: how often they were told.
        heard: the last message there that they were told of or have seen, by Discord's id.
    """

    id: int
    user_id: int
    slot: Slot
    way: Way
    claimed_at: datetime
    quiet: bool = False
    told: bool = False
    turn: int = 0
    heard: int = 0

    @property
    def paper_key(self) -> str:
        """The paper."""
        return self.slot.paper_key


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks the moderators to confirm that they are an author.

    Attributes:
        id: its number.
        user_id: Discord's id of the person.
        slot: which author they say they are.
        note: what they say for the moderators, and what the bot found.
        asked_at: since when it waits, in UTC.
        refused_at: when a moderator refused it, in UTC; None while it waits.
    """

    id: int
    user_id: int
    slot: Slot
    note: str
    asked_at: datetime
    refused_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the moderators have still to decide."""
        return self.refused_at is None


@dataclass(frozen=True, slots=True)
class Saying:
    """What an author says about their paper: a sentence with links, or a picture.

    Attributes:
        id: its number; what was changed has another one.
        claim_id: the claim by which they may.
        about: which of both it is.
        stage: who sees it.
        text: the sentence; empty for none.
        links: the links.
        url: where the picture is; only for as long as Discord keeps what was uploaded.
        made_at: when they said it, in UTC.
    """

    id: int
    claim_id: int
    about: About
    stage: Stage
    text: str
    links: tuple[Link, ...]
    url: str
    made_at: datetime

    @property
    def subject(self) -> str:
        """What the deliveries about it call it."""
        return f"saying:{self.id}"


class Taken(Exception):
    """Somebody else is that author already, or they are one of this paper's."""


class Decided(Exception):
    """Somebody else has decided about it, or it was taken back."""


def slots_of(paper: Paper) -> Iterator[Slot]:
    """Yield the authors whom the source names, in their order; two of one name are told apart by their number."""
    seen: Counter[str] = Counter()
    for author in paper.authors:
        yield Slot(paper.key, author.key, seen[author.key], author.name)
        seen[author.key] += 1


def review_of(subject: str, channel_id: int, now: datetime) -> Delivery:
    """Return what shows something to the moderators in a channel."""
    return Delivery(f"{REVIEW.name}:{subject}:{channel_id}", channel_id, subject, now, now, now + _USEFUL, REVIEW)


def picture_of(saying: Saying, thread_id: int, now: datetime) -> Delivery:
    """Return what brings a picture to its paper's place."""
    key = f"{PICTURE.name}:{saying.id}:{thread_id}"
    return Delivery(key, thread_id, saying.subject, now, now, now + _USEFUL, PICTURE)


def note_of(user_id: int, what: str, paper_key: str, number: int, now: datetime) -> Delivery:
    """Return what tells somebody what became of something about their paper.

    Args:
        user_id: who hears it.
        what: one of the words that `bot.authors.messages` has a sentence for.
        paper_key: the paper.
        number: tells it apart from another one like it.
        now: the present moment.
    """
    key = f"{NOTE.name}:{user_id}:{what}:{number}"
    return Delivery(key, user_id, f"{what}:{paper_key}", now, now, now + _USEFUL, NOTE)


def news_of(claim: Claim, now: datetime) -> Delivery:
    """Return what tells an author that somebody writes about their paper; others of theirs come along with it."""
    due = now + BUNDLED
    key = f"{NOTE.name}:{claim.user_id}:news:{claim.id}:{claim.turn}"
    return Delivery(key, claim.user_id, f"news:{claim.paper_key}", due, due, now + _USEFUL, NOTE)

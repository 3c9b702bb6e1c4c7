"""Announcements: what one says, what it may say, and how far one is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

from bot.delivery.model import Entry, Kind, State
from bot.errors import UserError
from bot.ui.limits import EMBED_TITLE, size

ANNOUNCEMENT = Kind("announcement", folds=False, published=True, called="the announcement")

TEXT = 4000
"""The most characters of a text: a form takes no more, and an embed's description would hold a few more."""

ADDRESS = 1000
"""The most characters of a link or of an image's address."""

USEFUL_FOR = timedelta(hours=2)
"""How long after its time an announcement is still worth sending, such as when the bot was away."""

SAME_WITHIN = timedelta(minutes=15)
"""For how long the same text once more is likely to be a mistake."""

_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}")


class Status(StrEnum):
    """How far an announcement is, seen as a whole."""

    SCHEDULED = "scheduled"
    """Nothing of it has been tried yet."""

    UNDERWAY = "underway"
    """It is being sent, or tried again."""

    SENT = "sent"
    """It is in one channel at least, and goes to no more."""

    LOST = "lost"
    """It is nowhere: the bot was away too long, or Discord refused it everywhere."""

    CANCELLED = "cancelled"
    """It is nowhere, and nobody wants it to be."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the organizers have to say, from when on.

    Attributes:
        id: its number; 0 until it has one.
        title: its title.
        text: its text, in Discord's Markdown.
        link: where the title leads, or None.
        image: the address of an image, or None.
        role: the name of the role that it pings, or None.
        due_at: when it goes out, in UTC.
        author_id: Discord's id of the organizer.
        made_at: when it was written, in UTC.
        corrected_at: when it was last corrected after it had gone out, in UTC.
        cancelled: whether what has not gone out is not to go out any more.
        deliveries: how far it is in each channel.
    """

    id: int
    title: str
    text: str
    link: str | None
    image: str | None
    role: str | None
    due_at: datetime
    author_id: int
    made_at: datetime
    corrected_at: datetime | None = None
    cancelled: bool = False
    deliveries: tuple[Entry, ...] = ()

    @property
    def status(self) -> Status:
        """How far it is as a whole."""
        found = {entry.state for entry in self.deliveries}
        if State.CLAIMED in found or {State.PLANNED, State.SENT} <= found:
            return Status.UNDERWAY
        for state, status in (
            (State.PLANNED, Status.SCHEDULED),
            (State.SENT, Status.SENT),
            (State.FAILED, Status.LOST),
            (State.MISSED, Status.LOST),
        ):
            if state in found:
                return status
        return Status.CANCELLED

    def in_state(self, *states: State) -> list[Entry]:
        """Return those of its deliveries that are in one of some states."""
        return [entry for entry in self.deliveries if entry.state in states]

    def says_the_same(self, other: "Announcement") -> bool:
        """Tell whether somebody would take the other one for this one sent again."""
        own, others = (f"{one.title} {one.text}".casefold().split() for one in (self, other))
        return own == others


class Purpose(StrEnum):
    """What a draft is for."""

    POST = "post"
    EDIT = "edit"
    CORRECT = "correct"


@dataclass(frozen=True, slots=True)
class Draft:
    """What an organizer is about to do.

    Attributes:
        purpose: what it is for.
        user_id: Discord's id of the organizer.
        channels: Discord's ids of the channels.
        picked: those of them that are picked in the form; without any, they are the configured ones.
        elsewhere: those of them that the form can't show, since they are on other servers; they stay.
        title: the title, as it was typed, like the four that follow.
        text: the text.
        link: where the title leads.
        image: the address of an image.
        when: when it goes out.
        role: the name of the role to be pinged, or None.
        everywhere: whether every server is meant to hear it.
        due_at: when it goes out, in UTC; None for now.
        about: the announcement that is edited or corrected.
    """

    purpose: Purpose
    user_id: int
    channels: tuple[int, ...]
    title: str = ""
    text: str = ""
    link: str = ""
    image: str = ""
    when: str = ""
    role: str | None = None
    everywhere: bool = False
    due_at: datetime | None = None
    about: Announcement | None = None
    picked: tuple[int, ...] = ()
    elsewhere: tuple[int, ...] = ()

    def filled_in(self, typed: Mapping[str, str]) -> Self:
        """Return it with what was typed into a form, by the fields' names, and picked; what was not asked stays."""
        draft = replace(
            self,
            title=typed.get("title", self.title),
            text=typed.get("text", self.text),
            link=typed.get("link", self.link),
            image=typed.get("image", self.image),
            when=typed.get("when", self.when),
        )
        if "role" in typed:
            draft = replace(draft, role=typed["role"] or None)
        if "channels" in typed:
            draft = replace(draft, picked=tuple(int(one) for one in typed["channels"].split() if one.isdecimal()))
        return draft

    @property
    def faults(self) -> list[str]:
        """Everything for which its text can't become an announcement, in plain words."""
        found = (
            _length("title", self.title.strip(), EMBED_TITLE),
            _length("text", self.text.strip(), TEXT),
            _address("link", self.link.strip()),
            _address("image's address", self.image.strip()),
        )
        return [fault for fault in found if fault]

    def announcement(self, now: datetime) -> Announcement:
        """Return the announcement it makes, or what becomes of the one that is edited or corrected.

        Raises:
            UserError: it says too much, nothing, or has an address that is none.
        """
        if faults := self.faults:
            raise UserError(" ".join(faults))
        title, text, link, image = (part.strip() for part in (self.title, self.text, self.link, self.image))
        due_at = self.due_at or now
        if self.about is None:
            return Announcement(0, title, text, link or None, image or None, self.role, due_at, self.user_id, now)
        said = replace(self.about, title=title, text=text, link=link or None, image=image or None)
        if self.purpose is Purpose.CORRECT:
            return replace(said, corrected_at=now)
        return replace(said, role=self.role, due_at=due_at)


@dataclass(frozen=True, slots=True)
class Review:
    """A draft, looked at before it is sent.

    Attributes:
        draft: the draft.
        faults: why it can't be sent as it is.
        warnings: what will go wrong, or may.
        places: where it goes, a line each.
        ping: the mention of the role that it pings, or nothing.
        reach: how many people that pings; None where nobody knows.
    """

    draft: Draft
    faults: Sequence[str] = ()
    warnings: Sequence[str] = ()
    places: Sequence[str] = ()
    ping: str = ""
    reach: int | None = None


def _length(what: str, text: str, limit: int) -> str:
    if not text:
        return f"The {what} is empty."
    if (long := size(text)) > limit:
        return f"The {what} has {long:,} characters, {long - limit:,} more than the {limit:,} that Discord shows."
    return ""


def _address(what: str, address: str) -> str:
    if not address:
        return ""
    if size(address) > ADDRESS:
        return f"The {what} has {size(address):,} characters; {ADDRESS:,} are possible."
    return "" if _is_address(address) else f"The {what} must be a whole address that begins with https:// or http://."


def _is_address(address: str) -> bool:
    if not _ADDRESS.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        # Reading the port checks it.
        return parts.port != 0 and parts.username is None and bool(_HOST.fullmatch(parts.hostname or ""))
    except ValueError:
        return False

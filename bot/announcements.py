"""Announcements: what one says, what it may say, and how far one is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from bot.due import State
from bot.errors import Trouble
from bot.ui.limits import EMBED_TITLE, size

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


@dataclass(frozen=True, slots=True)
class Wording:
    """What an announcement says.

    Attributes:
        title: its title.
        text: its text, in Discord's Markdown.
        link: where the title leads, or None.
        image: the address of an image, or None.
    """

    title: str
    text: str
    link: str | None = None
    image: str | None = None

    def says_the_same(self, other: "Wording") -> bool:
        """Tell whether somebody would take the other one for this one sent again."""
        return _bare(self.title, self.text) == _bare(other.title, other.text)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the organizers have to say, from when on.

    Attributes:
        id: its number; 0 until it has one.
        wording: what it says.
        role: the name of the role that it pings, or None.
        due_at: when it goes out, in UTC.
        author_id: Discord's id of the organizer.
        made_at: when it was written, in UTC.
        corrected_at: when it was last corrected after it had gone out, in UTC.
        cancelled: whether what has not gone out is not to go out any more.
    """

    id: int
    wording: Wording
    role: str | None
    due_at: datetime
    author_id: int
    made_at: datetime
    corrected_at: datetime | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the fields of the form, as it was typed."""

    title: str = ""
    text: str = ""
    link: str = ""
    image: str = ""
    when: str = ""


class Purpose(StrEnum):
    """What a form is filled in for."""

    POST = "post"
    EDIT = "edit"
    CORRECT = "correct"


@dataclass(frozen=True, slots=True)
class Draft:
    """What an organizer is about to do.

    Attributes:
        purpose: what the form is for.
        form: its fields.
        channels: Discord's ids of the channels.
        role: the name of the role to be pinged, or None.
        due_at: when it goes out, in UTC; None for now.
        about: the announcement that is edited or corrected.
        everywhere: whether every server is meant to hear it.
    """

    purpose: Purpose
    form: Form
    channels: tuple[int, ...]
    role: str | None = None
    due_at: datetime | None = None
    about: Announcement | None = None
    everywhere: bool = False


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


def status_of(states: Iterable[State]) -> Status:
    """Return how far an announcement is, from how far its deliveries are."""
    found = set(states)
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


def form_of(wording: Wording, when: str = "") -> Form:
    """Fill in a form with what an announcement says."""
    return Form(wording.title, wording.text, wording.link or "", wording.image or "", when)


def faults_of(form: Form) -> list[str]:
    """Tell everything for which a form can't become an announcement, in plain words."""
    title, text, link, image = (part.strip() for part in (form.title, form.text, form.link, form.image))
    return [
        fault
        for fault in (
            _length("title", title, EMBED_TITLE),
            _length("text", text, TEXT),
            _address("link", link),
            _address("image's address", image),
        )
        if fault
    ]


def worded(form: Form) -> Wording:
    """Return what a form says.

    Raises:
        Trouble: it says too much, nothing, or has an address that is none.
    """
    if faults := faults_of(form):
        raise Trouble(" ".join(faults))
    return Wording(form.title.strip(), form.text.strip(), form.link.strip() or None, form.image.strip() or None)


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


def _bare(title: str, text: str) -> list[str]:
    return f"{title} {text}".casefold().split()

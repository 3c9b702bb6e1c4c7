"""What a meetup is, who comes to it, and what joining, leaving and changing it make of that: plain data and rules."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from bot.delivery.model import Delivery, Kind
from bot.errors import UserError
from bot.ui.limits import size

MEETUP = Kind("meetup", folds=False, called="meetups")
"""A channel has a message about a meetup."""

MEETUP_REMINDER = Kind("meetup-reminder", to_person=True, replanned=True, folds=False)
"""Somebody who comes hears that it begins soon."""

MEETUP_NEWS = Kind("meetup-news", to_person=True, folds=False)
"""Somebody who comes, or waits, hears what has become of a meetup."""

TOPIC: Final = 100
"""How many characters a topic may have: as many as the name of a thread."""

PLACE: Final = 100
ABOUT: Final = 500
REASON: Final = 300

FEWEST: Final = 2
"""For how few people a meetup may be, the one who opens it included."""

CHANGES: Final = 5
"""How often somebody may change a meetup in an hour: those who come hear of it each time."""

KEPT: Final = timedelta(days=30)
"""How long it is kept after its end who came to a meetup."""

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

_STILL_HELPS: Final = timedelta(minutes=30)
"""How long after the beginning a reminder helps somebody who is late."""

_NUMBER = re.compile(r"\d{1,6}")


class End(StrEnum):
    """Why a meetup is over."""

    OVER = "over"
    """It has taken place."""

    CANCELLED = "cancelled"
    """Whoever opened it has called it off."""

    CLOSED = "closed"
    """The organizers have closed it."""

    GONE = "gone"
    """Whoever opened it has had everything deleted that was kept about them."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who comes to a meetup, or waits for a place.

    Attributes:
        user_id: Discord's id of them.
        position: which one they were to join.
        since: since when they come, or wait, in UTC.
        waits: whether they are on the waiting list.
        in_thread: whether they were added to the thread.
        unreachable: whether Discord refused a message about it, and they have not heard that yet.
    """

    user_id: int
    position: int
    since: datetime
    waits: bool = False
    in_thread: bool = False
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What a meetup was before whoever opened it changed it.

    Attributes:
        number: which change of this meetup, counted from 1.
        made_at: when, in UTC.
        topic: what the topic was; None where that is the same. Likewise the others.
    """

    number: int
    made_at: datetime
    topic: str | None = None
    place: str | None = None
    starts_at: datetime | None = None

    @property
    def is_heard(self) -> bool:
        """Whether those who come hear of it."""
        return not (self.topic is None and self.place is None and self.starts_at is None)


@dataclass(frozen=True, slots=True)
class Meetup:
    """A meetup.

    Attributes:
        id: its number; 0 until it has one.
        server_id: Discord's id of the server it is in.
        channel_id: Discord's id of the channel with the message about it.
        opener_id: Discord's id of whoever opened it; None once that was deleted, with what they had written.
        topic: what it is about, on one line.
        about: more about it, or nothing.
        place: where it is.
        starts_at: when it begins, in UTC.
        ends_at: when it is over, in UTC.
        people: how many may come.
        made_at: when it was opened, in UTC.
        guests: who comes and who waits, in the order in which they joined.
        changes: what it was before.
        ended_as: why it is over; None as long as it is not.
        ended_at: since when it is over, in UTC.
        reason: why the organizers closed it, or nothing.
        posts: how often a message about it was put into the channel.
        message_id: Discord's id of the message, once it is known.
        thread_id: Discord's id of the thread, once it was made; 0 when it is gone.
        shown: a fingerprint of what the message says.
        settled: whether all is over also in Discord.
    """

    id: int
    server_id: int
    channel_id: int
    opener_id: int | None
    topic: str
    about: str
    place: str
    starts_at: datetime
    ends_at: datetime
    people: int
    made_at: datetime
    guests: tuple[Guest, ...] = ()
    changes: tuple[Change, ...] = ()
    ended_as: End | None = None
    ended_at: datetime | None = None
    reason: str = ""
    posts: int = 1
    message_id: int | None = None
    thread_id: int | None = None
    shown: str = ""
    settled: bool = False

    @property
    def coming(self) -> list[Guest]:
        """Those who come."""
        return [guest for guest in self.guests if not guest.waits]

    @property
    def waiting(self) -> list[Guest]:
        """Those who wait for a place, the next one first."""
        return [guest for guest in self.guests if guest.waits]

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self.ended_as is None

    @property
    def number(self) -> str:
        """Its number as deliveries and buttons have it."""
        return str(self.id)

    def guest(self, user_id: int | None) -> Guest | None:
        """Return somebody, if they come or wait."""
        return next((guest for guest in self.guests if guest.user_id == user_id), None)

    def joined(self, user_id: int, now: datetime) -> Self:
        """Return it with somebody more, who waits where no place is free; who is there already stays."""
        if self.guest(user_id):
            return self
        position = max((guest.position for guest in self.guests), default=0) + 1
        guest = Guest(user_id, position, now, waits=len(self.coming) >= self.people)
        return replace(self, guests=(*self.guests, guest))

    def left(self, user_id: int, now: datetime) -> Self:
        """Return it without somebody, whose place the first one takes who waits."""
        return replace(self, guests=tuple(one for one in self.guests if one.user_id != user_id)).moved_up(now)

    def moved_up(self, now: datetime) -> Self:
        """Return it with all free places taken by those who wait, in their order."""
        free = self.people - len(self.coming)
        up = {guest.user_id for guest in self.waiting[: max(free, 0)]}
        guests = (replace(one, waits=False, since=now) if one.user_id in up else one for one in self.guests)
        return replace(self, guests=tuple(guests))

    def changed(self, draft: "Draft", starts_at: datetime, now: datetime) -> Self:
        """Return it as a draft says that it is to be, with what it was before where something has changed."""
        length = timedelta(hours=draft.hours) if draft.hours else self.ends_at - self.starts_at
        after = replace(
            self,
            topic=draft.topic,
            about=draft.about,
            place=draft.place,
            starts_at=starts_at,
            ends_at=starts_at + length,
            people=draft.number_of_people(self.people),
        )
        if after == self:
            return self
        change = Change(
            len(self.changes) + 1,
            now,
            self.topic if self.topic != after.topic else None,
            self.place if self.place != after.place else None,
            self.starts_at if self.starts_at != after.starts_at else None,
        )
        return replace(after, changes=(*self.changes, change)).moved_up(now)

    def ended(self, how: End, now: datetime, reason: str = "") -> Self:
        """Return it as it is once it is over."""
        return replace(self, ended_as=how, ended_at=now, reason=reason)

    def without_words(self) -> Self:
        """Return it without whoever opened it and what they had written; its message and thread are to follow."""
        return replace(
            self, opener_id=None, topic="", about="", place="", reason="", changes=(), shown="", settled=False
        )

    def changes_since(self, moment: datetime) -> list[Change]:
        """Return the changes made after a moment."""
        return [change for change in self.changes if change.made_at > moment]


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed who opens or changes a meetup.

    Attributes:
        topic: the topic, like all that follows as it was typed.
        when: when it begins.
        place: where it is.
        people: for how many people, empty for as many as may be.
        about: more about it.
        hours: how long it lasts; None for as long as usual.
        meetup_id: the meetup that is changed; None for a new one.
    """

    topic: str = ""
    when: str = ""
    place: str = ""
    people: str = ""
    about: str = ""
    hours: int | None = None
    meetup_id: int | None = None

    def filled_in(self, typed: Mapping[str, str]) -> Self:
        """Return it with what was typed into a form, by the fields' names."""
        texts: dict[str, Any] = {name: typed[name] for name in FIELDS if name in typed}
        return replace(self, **texts)

    def tidied(self) -> Self:
        """Return it without superfluous blanks and what can't be seen; all but what it is about on one line."""
        texts: dict[str, Any] = {name: " ".join(_visible(getattr(self, name)).split()) for name in FIELDS}
        return replace(self, **(texts | {"about": _visible(self.about).strip()}))

    def number_of_people(self, otherwise: int) -> int:
        """Return for how many people it is, or the other number where it does not say."""
        found = _NUMBER.search(self.people)
        return int(found.group()) if found else otherwise

    def faults(self, largest: int, coming: int = 0) -> list[str]:
        """Return all that is wrong with it besides its time, a sentence each.

        Args:
            largest: for how many people a meetup may be at most.
            coming: how many people come already.
        """
        found = [
            _length("topic", self.topic, TOPIC, needed=True),
            _length("place", self.place, PLACE, needed=True),
            _length("text about it", self.about, ABOUT),
            self._people_fault(largest, coming),
        ]
        return [fault for fault in found if fault]

    def _people_fault(self, largest: int, coming: int) -> str:
        if not self.people:
            return ""
        if not _NUMBER.search(self.people):
            return f"How many people: write a number from {FEWEST} to {largest}, or nothing."
        number = self.number_of_people(0)
        if not FEWEST <= number <= largest:
            return f"How many people: a meetup is for {FEWEST} to {largest} people, you included."
        if number < coming:
            return f"How many people: {coming} come already, so it can't be for fewer."
        return ""


FIELDS: Final = ("topic", "when", "place", "people", "about")
"""The fields of a form."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one person may open.

    Attributes:
        at_once: how many meetups that are not over.
        per_day: how many within 24 hours.
    """

    at_once: int
    per_day: int

    def check(self, own: Iterable[Meetup], now: datetime) -> None:
        """Let somebody open another one.

        Raises:
            UserError: they have as many as one may have.
        """
        meetups = list(own)
        if sum(one.is_open for one in meetups) >= self.at_once:
            raise UserError(
                f"You have {_meetups(self.at_once)} open, which is as many as one person may have at a time. Cancel "
                "one with `/meetup cancel`, or wait until one is over."
            )
        lately = sorted(one.made_at for one in meetups if one.made_at > now - _DAY)
        if len(lately) >= self.per_day:
            again = int((lately[-self.per_day] + _DAY).timestamp())
            raise UserError(
                f"You have opened {_meetups(len(lately))} within a day, and {self.per_day} is as many as one person "
                f"may. You can open the next one <t:{again}:R>."
            )


def check_changes(meetup: Meetup, now: datetime) -> None:
    """Let a meetup be changed once more.

    Raises:
        UserError: it was changed too often lately.
    """
    lately = meetup.changes_since(now - _HOUR)
    if len(lately) >= CHANGES:
        again = int((lately[-CHANGES].made_at + _HOUR).timestamp())
        raise UserError(
            f"It was changed {len(lately)} times within an hour, and those who come hear of it each time. You can "
            f"change it again <t:{again}:R>; your text is not kept until then."
        )


def post_of(meetup: Meetup, now: datetime) -> Delivery:
    """Return the delivery of the message about a meetup to its channel."""
    return Delivery(
        key=f"{MEETUP.name}:{meetup.id}:{meetup.posts}",
        target_id=meetup.channel_id,
        subject=meetup.number,
        starts_at=meetup.starts_at,
        due_at=now,
        useful_until=meetup.ends_at,
        kind=MEETUP,
    )


def reminders_of(
    meetups: Iterable[Meetup], lead: timedelta, now: datetime, user_ids: Collection[int] | None = None
) -> list[Delivery]:
    """Return the reminders that can still help, of all people or of some.

    Who joins when it is due already, or hears then that the time has changed, is not reminded.

    Args:
        meetups: the meetups.
        lead: how long before the beginning.
        now: the present moment.
        user_ids: the people it is about, None for all.
    """
    due: list[Delivery] = []
    for meetup in meetups:
        due_at = meetup.starts_at - lead
        useful_until = min(meetup.starts_at + _STILL_HELPS, meetup.ends_at)
        moved_at = max((one.made_at for one in meetup.changes if one.starts_at), default=meetup.made_at)
        if not meetup.is_open or useful_until <= now or due_at <= moved_at:
            continue
        due += [
            Delivery(
                key=f"{MEETUP_REMINDER.name}:{meetup.id}:{guest.user_id}",
                target_id=guest.user_id,
                subject=meetup.number,
                starts_at=meetup.starts_at,
                due_at=due_at,
                useful_until=useful_until,
                kind=MEETUP_REMINDER,
            )
            for guest in meetup.coming
            if due_at > guest.since and (user_ids is None or guest.user_id in user_ids)
        ]
    return due


class News(StrEnum):
    """What somebody hears of a meetup."""

    UP = "up"
    """They have moved up from the waiting list."""

    CHANGED = "changed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class NewsSubject:
    """What a piece of news is about, as its delivery has it.

    Attributes:
        meetup_id: the meetup's number.
        news: what is told.
        number: which change it is, or when somebody moved up, in seconds since 1970; 0 otherwise.
    """

    meetup_id: int
    news: News
    number: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a subject back."""
        meetup_id, news, number = text.split(":")
        return cls(int(meetup_id), News(news), int(number))

    def __str__(self) -> str:
        return f"{self.meetup_id}:{self.news}:{self.number}"


def news_of(before: Meetup, after: Meetup, now: datetime) -> list[Delivery]:
    """Return what people are to hear of what has just become of a meetup, except whoever opened it."""
    told: list[tuple[int, NewsSubject]] = []
    others = [guest for guest in after.guests if guest.user_id not in (before.opener_id, after.opener_id)]
    if before.is_open and not after.is_open:
        if after.ended_as is not End.OVER:
            told += [(guest.user_id, NewsSubject(after.id, News.ENDED)) for guest in others]
            if after.ended_as is End.CLOSED and after.opener_id is not None:
                told.append((after.opener_id, NewsSubject(after.id, News.ENDED)))
    else:
        change = after.changes[-1] if len(after.changes) > len(before.changes) else None
        up = [one for one in others if not one.waits and (was := before.guest(one.user_id)) and was.waits]
        told += [(guest.user_id, NewsSubject(after.id, News.UP, int(guest.since.timestamp()))) for guest in up]
        if change and change.is_heard:
            heard = [guest for guest in others if guest not in up]
            told += [(guest.user_id, NewsSubject(after.id, News.CHANGED, change.number)) for guest in heard]
    return [
        Delivery(
            key=f"{MEETUP_NEWS.name}:{subject}:{user_id}",
            target_id=user_id,
            subject=str(subject),
            starts_at=after.starts_at,
            due_at=now,
            # That it is off helps at least until somebody would be there in vain.
            useful_until=max(after.ends_at, now + _HOUR),
            kind=MEETUP_NEWS,
        )
        for user_id, subject in told
    ]


def _length(what: str, text: str, limit: int, *, needed: bool = False) -> str:
    if needed and not text:
        return f"The {what} is empty."
    if (long := size(text)) > limit:
        return f"The {what} has {long} characters; {limit} are possible."
    return ""


def _visible(text: str) -> str:
    """Leave out what has no look of its own, such as what turns the direction of writing; it joins emoji at most."""
    return "".join(one for one in text if one.isprintable() or one in "\n\t\u200d").strip("\u200d")


def _meetups(count: int) -> str:
    return f"{count} meetup{'' if count == 1 else 's'}"

"""All meetups, in memory for reading and in the database for keeping."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.errors import UserError
from bot.meetups.model import KEPT, Draft, End, Limits, Meetup, check_changes, news_of
from bot.meetups.rows import MeetupStore
from bot.store.audit import AuditEntry

NO_MEETUP = "I don't know that meetup any more. `/meetup list` shows those to come."


class Meetups:
    """The meetups by number, those that are over for as long as they are kept.

    Attributes:
        changed: called with the ids of people after something has changed for them; None for everybody.
    """

    def __init__(self, store: MeetupStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._meetups: dict[int, Meetup] = {}
        # One change at a time: the database takes one at a time, too.
        self._changing = asyncio.Lock()
        self._left: dict[int, set[int]] = {}
        self._unreachable: set[int] = set()
        self.changed: Callable[[Iterable[int] | None], None] = _ignore

    async def open(self) -> None:
        """Read all meetups."""
        self._meetups = {meetup.id: meetup for meetup in await self._store.all()}
        guests = (guest for meetup in self._meetups.values() for guest in meetup.guests)
        self._unreachable = {guest.user_id for guest in guests if guest.unreachable}

    # Reading.

    @property
    def all(self) -> Sequence[Meetup]:
        """All meetups, in the order in which they were opened."""
        return tuple(self._meetups.values())

    def to_come(self, now: datetime) -> list[Meetup]:
        """Return those that are not over, in the order of time."""
        found = [one for one in self._meetups.values() if one.is_open and one.ends_at > now]
        return sorted(found, key=lambda one: (one.starts_at, one.id))

    def opened_by(self, user_id: int) -> list[Meetup]:
        """Return somebody's own meetups."""
        return [one for one in self._meetups.values() if one.opener_id == user_id]

    def joined_by(self, user_id: int) -> list[Meetup]:
        """Return the meetups that somebody comes to, has come to, or waits for."""
        return [one for one in self._meetups.values() if one.guest(user_id)]

    def find(self, number: int) -> Meetup | None:
        """Return a meetup; None where there is none any more."""
        return self._meetups.get(number)

    def get(self, number: int) -> Meetup:
        """Return a meetup.

        Raises:
            UserError: there is none any more.
        """
        meetup = self._meetups.get(number)
        if meetup is None:
            raise UserError(NO_MEETUP)
        return meetup

    async def look_up(self, number: int) -> Meetup | None:
        """Return a meetup as the database has it, which another process on it may have changed; None for none."""
        async with self._changing:
            found = await self._store.get(number)
            if found:
                self._meetups[number] = found
            else:
                self._meetups.pop(number, None)
        return found

    # What people do.

    async def add(self, meetup: Meetup, limits: Limits | None) -> Meetup:
        """Keep a new meetup, to which whoever opens it comes; return it with its number.

        Raises:
            UserError: it is there already, or they have opened as many as one may.
        """
        opener, now = meetup.opener_id or 0, meetup.made_at
        async with self._changing:
            own = self.opened_by(opener)
            for one in own:
                if (
                    one.is_open
                    and one.topic.casefold() == meetup.topic.casefold()
                    and one.starts_at == meetup.starts_at
                ):
                    raise UserError("You have opened this meetup already. `/meetup list` shows it.")
            if limits:
                limits.check(own, now)
            made = await self._store.add(meetup.joined(opener, now), now)
            self._meetups[made.id] = made
        self.changed((opener,))
        return made

    async def join(self, number: int, user_id: int) -> Meetup:
        """Let somebody come, or wait where no place is free; who does already stays as they are.

        Raises:
            UserError: there is no such meetup any more, or it is over.
        """
        async with self._changing:
            before = self.open_one(number)
            after = before.joined(user_id, self._clock.now())
            await self._keep(before, after)
        self._left.get(number, set()).discard(user_id)
        self.changed((user_id,))
        return after

    async def leave(self, number: int, user_id: int) -> Meetup:
        """Let somebody not come any more; whoever waits longest takes the place.

        Raises:
            UserError: there is no such meetup any more, it is over, or it is their own.
        """
        async with self._changing:
            before = self.open_one(number)
            if before.opener_id == user_id:
                raise UserError("You have opened this meetup: cancel it with `/meetup cancel` if you can't come.")
            after = await self._without(before, user_id)
        self.changed(_differ(before, after))
        return after

    async def change(self, draft: Draft, starts_at: datetime, user_id: int) -> Meetup:
        """Change somebody's own meetup; those who come hear of it.

        Raises:
            UserError: there is no such meetup any more, it is over, it is not theirs, or it was changed too often.
        """
        now = self._clock.now()
        async with self._changing:
            before = self.own(draft.meetup_id or 0, user_id)
            after = before.changed(draft, starts_at, now)
            if after != before:
                check_changes(before, now)
            await self._keep(before, after)
        self.changed(None)
        return after

    def own(self, number: int, user_id: int) -> Meetup:
        """Return a meetup that is not over, which somebody has opened.

        Raises:
            UserError: there is no such meetup any more, it is over, or it is not theirs.
        """
        meetup = self.open_one(number)
        if meetup.opener_id != user_id:
            raise UserError("Only whoever opened a meetup can change or cancel it; the organizers can close it.")
        return meetup

    async def end(self, number: int, how: End, *, reason: str = "", record: AuditEntry | None = None) -> Meetup:
        """End a meetup, once; those who come hear of it unless it has just taken place.

        Raises:
            UserError: there is no such meetup any more, or it is over.
        """
        async with self._changing:
            before = self.open_one(number)
            after = before.ended(how, self._clock.now(), reason)
            await self._keep(before, after, record)
        self.changed(None)
        return after

    async def take_place(self, number: int) -> Meetup:
        """End a meetup whose time is over; one that has ended already stays as it is."""
        async with self._changing:
            before, now = self.get(number), self._clock.now()
            return await self._keep(before, before.ended(End.OVER, now) if before.is_open else before)

    async def post_again(self, number: int) -> Meetup:
        """Have a new message about a meetup put into the channel, where the one that was there is gone.

        Raises:
            UserError: there is no such meetup any more, it is over, or its message is there, as far as is known.
        """
        async with self._changing:
            before = self.open_one(number)
            if before.message_id is not None or not await self._store.is_lost(before):
                raise UserError("Its message is there already, or on its way.")
            after = replace(before, posts=before.posts + 1, shown="", thread_id=before.thread_id or None)
            await self._keep(before, after, posts=True)
        self.changed(None)
        return after

    async def forget(self, user_id: int) -> None:
        """Delete everything of somebody's: their own meetups end, and their places are others'."""
        now = self._clock.now()
        async with self._changing:
            for before in (*self.opened_by(user_id), *self.joined_by(user_id)):
                current = self._meetups[before.id]
                if current.opener_id == user_id:
                    over = current.ended(End.GONE, now) if current.is_open else current
                    current = await self._keep(current, over.without_words())
                if current.guest(user_id):
                    await self._without(current, user_id)
        self.changed(None)

    # What Discord shows.

    async def note(self, number: int, **what: Any) -> Meetup | None:  # noqa: ANN401 - each of its own type
        """Note what there is of a meetup in Discord, by the names of its attributes; None where it is gone."""
        async with self._changing:
            before = self._meetups.get(number)
            return await self._keep(before, replace(before, **what)) if before else None

    async def note_in_thread(self, number: int, user_id: int) -> Meetup | None:
        """Note that somebody who comes was added to a meetup's thread."""
        return await self._note_guest(number, user_id, in_thread=True)

    def take_left(self, number: int) -> set[int]:
        """Return who has left a meetup since this was asked last."""
        return self._left.pop(number, set())

    async def lost_message(self, number: int) -> Meetup | None:
        """Note that the message about a meetup is gone."""
        await self._store.forget_posts(number)
        return await self.note(number, message_id=None, shown="")

    async def set_unreachable(self, user_id: int) -> None:
        """Remember that somebody takes no direct messages, for whoever is to tell them."""
        for meetup in self.joined_by(user_id):
            if meetup.is_open:
                self._unreachable.add(user_id)
                await self._note_guest(meetup.id, user_id, unreachable=True)

    async def take_unreachable(self, user_id: int) -> bool:
        """Tell, once, whether somebody has to hear that a direct message about a meetup did not arrive."""
        # This is asked after each answer to anybody.
        if user_id not in self._unreachable:
            return False
        self._unreachable.discard(user_id)
        for meetup in self.joined_by(user_id):
            await self._note_guest(meetup.id, user_id, unreachable=False)
        return True

    async def purge(self, now: datetime) -> None:
        """Forget what was over long ago."""
        over = [one for one in self._meetups.values() if one.settled and one.ended_at and one.ended_at <= now - KEPT]
        # The newest number stays, with nothing about anybody, so that it is not given again: buttons and deliveries
        # have it for ever.
        newest = max(self._meetups, default=0)
        async with self._changing:
            for meetup in over:
                await self._keep(meetup, replace(meetup.without_words(), guests=(), settled=True))
            if old := [meetup.id for meetup in over if meetup.id != newest]:
                await self._store.remove(old)
            self._meetups = {number: one for number, one in self._meetups.items() if number not in old}

    def open_one(self, number: int) -> Meetup:
        """Return a meetup that is not over.

        Raises:
            UserError: there is no such meetup any more, or it is over.
        """
        meetup = self.get(number)
        if not meetup.is_open or meetup.ends_at <= self._clock.now():
            raise UserError("This meetup is over. `/meetup list` shows those to come.")
        return meetup

    async def _without(self, before: Meetup, user_id: int) -> Meetup:
        """Take somebody out of a meetup, and out of its thread as soon as may be."""
        guest = before.guest(user_id)
        if guest is None:
            return before
        if before.is_open:
            after = before.left(user_id, self._clock.now())
        else:
            after = replace(before, guests=tuple(one for one in before.guests if one != guest))
        if guest.in_thread:
            self._left.setdefault(before.id, set()).add(user_id)
        return await self._keep(before, after)

    async def _note_guest(self, number: int, user_id: int, **what: Any) -> Meetup | None:  # noqa: ANN401 - likewise
        async with self._changing:
            before = self._meetups.get(number)
            if before is None or before.guest(user_id) is None:
                return before
            guests = (replace(one, **what) if one.user_id == user_id else one for one in before.guests)
            return await self._keep(before, replace(before, guests=tuple(guests)))

    async def _keep(
        self, before: Meetup, after: Meetup, record: AuditEntry | None = None, *, posts: bool = False
    ) -> Meetup:
        """Write a change with all that people are to hear of it, in one transaction."""
        if after != before:
            now = self._clock.now()
            await self._store.keep(before, after, news_of(before, after, now), record, now if posts else None)
            self._meetups[after.id] = after
        return after


def _differ(before: Meetup, after: Meetup) -> list[int]:
    """Return the ids of those for whom something is different."""
    return [one.user_id for one in {*before.guests} ^ {*after.guests}]


def _ignore(_user_ids: Iterable[int] | None) -> None:
    pass

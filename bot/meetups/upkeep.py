"""Keeps what Discord shows of meetups in step: their messages, their threads and who is in these, and their ends."""

import logging
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.delivery.model import UNSETTLED, Entry, State
from bot.delivery.rounds import Rounds
from bot.meetups.answers import fingerprint, thread_name
from bot.meetups.meetups import Meetups
from bot.meetups.messages import MeetupWriter
from bot.meetups.model import End, Meetup
from bot.meetups.rows import MeetupStore
from bot.meetups.threads import Done, MeetupThreads, with_its_thread

_AGAIN: Final = timedelta(seconds=5)
"""After how long it is looked again where something is on its way or has failed, and by how much later each time that
goes on."""

_UNDERWAY: Final = timedelta(seconds=1)
"""After how long it is looked again where a message is on its way for the first time."""

_LONGEST_PAUSE: Final = timedelta(seconds=60)

_PACE: Final = timedelta(seconds=2)
"""How long a message stays as it is at least: many who join in that time are one edit. Discord allows five edits in
five seconds in a channel."""

_EDIT, _THREAD = "edit", "thread"
"""What Discord may refuse."""

log = logging.getLogger(__name__)


class MeetupUpkeep:
    """Looks at all meetups that are not settled, in one task, whenever something changes or is due."""

    def __init__(
        self, meetups: Meetups, store: MeetupStore, writer: MeetupWriter, threads: MeetupThreads, clock: Clock
    ) -> None:
        """Make it.

        Args:
            meetups: the meetups.
            store: tells how far their messages are.
            writer: writes what these say.
            threads: changes messages and threads in Discord.
            clock: tells the time.
        """
        self._meetups = meetups
        self._store = store
        self._writer = writer
        self._threads = threads
        self._clock = clock
        self._edited: dict[int, datetime] = {}
        self._refused: set[tuple[int, str]] = set()
        self._failures = self._waits = 0
        failed = "the meetups could not be looked at"
        self._rounds = Rounds(self._look, clock, _AGAIN, name="meetups", failed=failed)

    def open(self) -> None:
        """Begin to look; to do so again only looks at once."""
        self._rounds.open()

    def ask(self) -> None:
        """Look now: something has changed."""
        self._rounds.ask()

    def allowed(self) -> None:
        """Try again what Discord refused: the bot may have the permission now."""
        self._refused.clear()
        self.ask()

    async def close(self) -> None:
        """End the task."""
        await self._rounds.close()

    async def _look(self) -> datetime:
        """Bring all meetups up to date; return when to look again."""
        now = self._clock.now()
        await self._meetups.purge(now)
        unsettled = [one for one in self._meetups.all if not one.settled or self._threads.is_left(one)]
        asked = [one for one in unsettled if one.message_id is None or not one.is_open or one.ends_at <= now]
        posts = await self._store.posts(asked) if asked else {}
        steps = [await self._keep(one, posts.get(one.id), now) for one in unsettled]
        now = self._clock.now()
        self._failures = self._failures + 1 if Done.AGAIN in steps else 0
        if self._failures:
            return now + min(_AGAIN * self._failures, _LONGEST_PAUSE)
        self._waits = self._waits + 1 if any(map(_is_underway, posts.values())) else 0
        if self._waits:
            return now + min(_UNDERWAY * self._waits, _LONGEST_PAUSE)
        ends = [one.ends_at for one in self._meetups.all if one.is_open]
        paced = [moment + _PACE for number, moment in self._edited.items() if self._differs(number)]
        return min([*ends, *paced], default=now + _LONGEST_PAUSE)

    async def _keep(self, meetup: Meetup, post: Entry | None, now: datetime) -> Done:
        """Bring one meetup up to date; tell whether it is, as far as may be now.

        Args:
            meetup: the meetup.
            post: how far its message is; None also where nobody asked, for a meetup that was not to end then.
            now: the moment at which that was asked. One that has ended since is for the next look.
        """
        if meetup.is_open and meetup.ends_at <= now:
            meetup = await self._meetups.take_place(meetup.id)
        if meetup.message_id is None and post and post.state is State.SENT:
            shown = self._writer.written.pop(meetup.id, "")
            meetup = await self._meetups.note(meetup.id, message_id=post.message_id, shown=shown) or meetup
        edited = await self._edit(meetup, post.token if post else None)
        done = Done.AGAIN if Done.AGAIN in (edited, await self._keep_thread(meetup)) else Done.YES
        if edited is Done.GONE and done is Done.YES:  # only now: its id may be all that leads to the thread
            meetup = await self._meetups.lost_message(meetup.id) or meetup
        over = not meetup.is_open and not (meetup.message_id is None and _is_underway(post))
        if over and done is Done.YES and not self._differs(meetup.id):
            await self._meetups.note(meetup.id, settled=True)
            self._edited.pop(meetup.id, None)
        return done

    def _differs(self, number: int) -> bool:
        """Tell whether a message is to say something else, and may be changed, as far as is known."""
        meetup = self._meetups.find(number)
        if meetup is None or meetup.message_id is None or meetup.settled or (number, _EDIT) in self._refused:
            return False
        return fingerprint(self._writer.embed(meetup)) != meetup.shown

    async def _edit(self, meetup: Meetup, token: str | None) -> Done:
        """Let the message say what is so now, unless it does, or was changed just now."""
        now = self._clock.now()
        if not self._differs(meetup.id):
            return Done.YES
        if meetup.is_open and meetup.id in self._edited and now < self._edited[meetup.id] + _PACE:
            return Done.YES
        embed = self._writer.embed(meetup)
        self._edited[meetup.id] = now
        done = await self._threads.edit(meetup, embed, token)
        if done is Done.YES:
            await self._meetups.note(meetup.id, shown=fingerprint(embed))
        elif done is Done.REFUSED:
            self._refused.add((meetup.id, _EDIT))
        return done

    async def _keep_thread(self, meetup: Meetup) -> Done:
        """Make the thread, let those in who come and those out who have left, and archive it at the end."""
        if (meetup.id, _THREAD) in self._refused:
            return Done.REFUSED
        done = await self._end_thread(meetup) if not meetup.is_open else await self._fill_thread(meetup)
        if done is Done.REFUSED:
            self._refused.add((meetup.id, _THREAD))
        return done

    async def _end_thread(self, meetup: Meetup) -> Done:
        found = with_its_thread(meetup)
        if not found.thread_id:
            return Done.YES
        done = await self._threads.archive(found, thread_name(meetup), locked=meetup.ended_as is End.CLOSED)
        if done is Done.YES:
            await self._meetups.note(meetup.id, thread_id=found.thread_id)
        return done

    async def _fill_thread(self, meetup: Meetup) -> Done:
        name = thread_name(meetup)
        if meetup.thread_id is None:
            if meetup.message_id is None:
                return Done.YES
            started = await self._threads.start(meetup, name)
            if started is not Done.YES:
                return started
            meetup = await self._meetups.note(meetup.id, thread_id=meetup.message_id) or meetup
        if not meetup.thread_id:
            return Done.YES
        done = [await self._threads.rename(meetup, name)]
        for user_id in self._meetups.take_left(meetup.id):
            # Who can't be taken out now can leave by themselves.
            await self._threads.remove(meetup, user_id)
        for guest in meetup.coming:
            if guest.in_thread:
                continue
            added = await self._threads.add(meetup, guest.user_id)
            if added is Done.GONE:
                await self._meetups.note(meetup.id, thread_id=0)
                return Done.YES
            if added is Done.YES:
                await self._meetups.note_in_thread(meetup.id, guest.user_id)
            done.append(added)
        return next((one for one in (Done.AGAIN, Done.REFUSED) if one in done), Done.YES)


def _is_underway(post: Entry | None) -> bool:
    return post is not None and post.state in UNSETTLED

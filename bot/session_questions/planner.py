"""When the lists and the screens are written: soon after something has changed, and never often.

However many vote, the list of a session is edited once in some seconds, with all that has happened since. Discord takes
five messages or edits in five seconds in one channel, and of a message older than an hour fewer edits, it does not say
how few: one that it does not take any more is posted anew, and the old one deleted.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.background import BackgroundTasks
from bot.clock import Clock
from bot.delivery.channels import Channels
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.model import Delivery, Entry, Kind, State
from bot.delivery.nap import LONGEST_NAP
from bot.delivery.rounds import Rounds
from bot.delivery.rows import Outbox
from bot.delivery.standing import Edited, delete, edit, next_key, number_of
from bot.discussion.model import Place, session_subject
from bot.discussion.service import Places
from bot.editions.service import Library
from bot.errors import UserError
from bot.session_questions.messages import QuestionWriter, Shown
from bot.session_questions.model import LIST, SCREEN
from bot.session_questions.screens import Screens
from bot.session_questions.service import QuestionService

BUNDLED: Final = timedelta(seconds=1)
"""How long a change waits for others before it is shown."""

PACE: Final = timedelta(seconds=5)
"""How long at least there is between two edits of a session's list: with a screen in the same channel these are two
edits in five seconds, where Discord takes five."""

_AGAIN: Final = timedelta(seconds=2)
"""After how long it is looked again where a message is on its way or could not be edited, and by how much later each
time that goes on."""

_LONGEST_PAUSE: Final = timedelta(seconds=60)
_USEFUL: Final = timedelta(days=7)
"""How long a list that can't be posted is still tried."""

_SCREEN_LASTS: Final = timedelta(hours=12)
"""For how long a screen is kept up to date."""

_OVER: Final = timedelta(days=1)
"""How long after a session's end its list is looked at when the bot starts."""

log = logging.getLogger(__name__)


class QuestionPlanner:
    """Keeps a list in each session's place that was asked anything, and the screens; in one task."""

    def __init__(
        self,
        service: QuestionService,
        writer: QuestionWriter,
        screens: Screens,
        places: Places,
        library: Library,
        outbox: Outbox,
        channels: Channels,
        dispatcher: Dispatcher,
        background: BackgroundTasks,
        clock: Clock,
    ) -> None:
        self._service = service
        self._writer = writer
        self._screens = screens
        self._places = places
        self._library = library
        self._outbox = outbox
        self._channels = channels
        self._dispatcher = dispatcher
        self._background = background
        self._clock = clock
        self._due: dict[str, datetime] = {}
        self._wanted: dict[str, int] = {}
        self._not_before: dict[str, datetime] = {}
        self._failures: dict[str, int] = {}
        self._at_work: set[str] = set()
        self._shown: dict[int, Shown] = {}
        failed = "the questions could not be looked at"
        self._rounds = Rounds(self._look, clock, _AGAIN, name="questions", failed=failed)

    def open(self) -> None:
        """Begin to keep them, where questions are taken; to do so again only looks at all of them."""
        if not self._service.switches.enabled:
            return
        self._rounds.open()
        self.look_at_all()

    async def close(self) -> None:
        """End the task."""
        await self._rounds.close()

    def look_at_all(self) -> None:
        """Look at the lists of all sessions that are not long over: their names or places may have changed."""
        now, programme = self._clock.now(), self._library.edition.programme
        for key in self._service.ledger.sessions:
            session = programme.session(key)
            if session and (session.ends_at is None or session.ends_at > now - _OVER):
                self.changed(key)

    def changed(self, session_key: str) -> None:
        """Show soon what has changed in a session's questions; all that changes until then is shown with it."""
        if session_key not in self._due:
            soon = self._clock.now() + BUNDLED
            self._plan(session_key, max(soon, self._not_before.get(session_key, soon)))

    def asked(self, session_key: str, server_id: int) -> None:
        """Show a new question, also where the session has no place in that server yet, or lost it."""
        self._wanted[session_key] = server_id
        self.changed(session_key)

    def _plan(self, session_key: str, due: datetime) -> None:
        self._due[session_key] = min(due, self._due.get(session_key, due))
        self._rounds.ask()

    async def _look(self) -> datetime:
        """Begin to bring up to date what is due; return when something is due next."""
        now = self._clock.now()
        ready = [key for key, due in self._due.items() if due <= now and key not in self._at_work]
        for key in ready:
            del self._due[key]
            self._at_work.add(key)
            # In a task for each: one that Discord makes wait holds up no other.
            self._background.start(self._bring(key), "questions")
        waiting = (due for key, due in self._due.items() if key not in self._at_work)
        return min(waiting, default=now + timedelta(seconds=LONGEST_NAP))

    async def _bring(self, session_key: str) -> None:
        """Bring a session's list and its screens up to date, and look again where that is not done yet."""
        done = False
        try:
            done = await self._bring_list(session_key) and await self._bring_screens(session_key)
        except UserError as error:  # said once, not at every try
            if not self._failures.get(session_key):
                log.warning("the questions to %s can't be shown: %s", session_key, error)
        except Exception:
            log.exception("the questions to %s can't be shown; trying again", session_key)
        finally:
            self._at_work.discard(session_key)
            now = self._clock.now()
            self._not_before[session_key] = now + PACE
            self._failures[session_key] = failures = 0 if done else self._failures.get(session_key, 0) + 1
            if failures:
                self._plan(session_key, now + min(_AGAIN * failures, _LONGEST_PAUSE))
            elif session_key in self._due:
                self._due[session_key] = max(self._due[session_key], now + PACE)
            self._rounds.ask()

    async def _bring_list(self, session_key: str) -> bool:
        """Bring the lists of a session up to date, one in each server's place; tell whether they are."""
        if self._library.edition.programme.session(session_key) is None:
            return True
        subject = session_subject(session_key)
        places = [found for one in self._channels.guilds if (found := self._places.of(subject, one.id))]
        entries = await self._outbox.of_kind(LIST, session_key)
        server_id = self._wanted.get(session_key)
        lost = not places and not entries and self._service.ledger.of_session(session_key)
        # A place that somebody deleted is made again when somebody asks, and not before.
        if lost or (server_id and server_id not in [place.server_id for place in places]):
            places.append(await self._places.open(subject, server_id))
        self._wanted.pop(session_key, None)
        there = {
            place.thread_id: [one for one in entries if one.delivery.target_id == place.thread_id] for place in places
        }
        done = [await self._keep_list(place, session_key, there[place.thread_id]) for place in places]
        for one in entries:
            if one.delivery.target_id not in there and places:  # its place was made anew
                await self._outbox.forget(one.delivery.key)
        return all(done)

    async def _keep_list(self, place: Place, session_key: str, entries: Sequence[Entry]) -> bool:
        ordered = sorted(entries, key=number_of)
        latest = ordered[-1] if ordered else None
        if latest is None and not self._service.ledger.of_session(session_key):
            return True
        match latest.state if latest else None:
            case State.FAILED:
                return True
            case State.PLANNED | State.CLAIMED:
                return False
            case State.SENT if latest:
                edited = await self._edit(latest)
                if edited is Edited.ASLEEP:
                    await self._places.open(place.subject, place.server_id)
                    return False
                if edited not in (Edited.GONE, Edited.WORN):
                    await self._take_away(ordered[:-1])
                    return edited is not Edited.AGAIN
        now = self._clock.now()
        key = next_key(LIST, place.thread_id, latest)
        await self._outbox.put(Delivery(key, place.thread_id, session_key, now, now, now + _USEFUL, LIST))
        self._dispatcher.wake()
        return False

    async def _bring_screens(self, session_key: str) -> bool:
        """Bring the screens of a session up to date; tell whether they are."""
        by_channel: dict[int, list[Entry]] = {}
        for one in sorted(await self._outbox.of_kind(SCREEN, session_key), key=number_of):
            by_channel.setdefault(one.delivery.target_id, []).append(one)
        return all([await self._keep_screen(entries) for entries in by_channel.values()])

    async def _keep_screen(self, entries: Sequence[Entry]) -> bool:
        *older, latest = entries
        if latest.state in (State.PLANNED, State.CLAIMED):
            return False
        stands = latest.sent_at and latest.sent_at > self._clock.now() - _SCREEN_LASTS
        edited = await self._edit(latest) if stands else Edited.GONE
        await self._take_away(older)
        if edited is Edited.GONE:  # taken down by hand, or too old, or it never came
            await self._outbox.forget(latest.delivery.key)
        elif edited is Edited.WORN:
            await self._screens.post(latest.delivery.target_id, latest.delivery.subject, latest)
        return edited not in (Edited.AGAIN, Edited.WORN)

    async def _edit(self, posted: Entry) -> Edited:
        """Let a message say what is so now, unless it does."""
        delivery, message_id = posted.delivery, posted.message_id or 0
        message = self._channels.message(delivery.target_id, message_id)
        if message is None:
            return Edited.AGAIN
        shown = self._writer.shown(delivery.kind, delivery.subject)
        if (
            self._shown.get(message_id) or self._writer.written.pop((delivery.kind, delivery.target_id), None)
        ) == shown:
            self._shown[message_id] = shown
            return Edited.DONE
        edited = await edit(self._background, message, _called(delivery.kind), **shown.changes(posted.token or ""))
        if edited is Edited.DONE:
            self._shown[message_id] = shown
        return edited

    async def _take_away(self, old: Sequence[Entry]) -> None:
        """Delete messages that another one has replaced; what can't be deleted now is tried again the next time."""
        for one in old:
            if one.state in (State.PLANNED, State.CLAIMED):
                continue
            message = self._channels.message(one.delivery.target_id, one.message_id) if one.message_id else None
            if message and not await delete(self._background, message, f"the old one of {_called(one.delivery.kind)}"):
                continue
            await self._outbox.forget(one.delivery.key)
            self._shown.pop(one.message_id or 0, None)


def _called(kind: Kind) -> str:
    return "a list of questions" if kind is LIST else "a screen of questions"

"""What people do with their digest: look at it, wish for one, end it."""

from collections.abc import Mapping, Sequence
from datetime import time
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.digest import answers
from bot.digest.messages import DigestWriter
from bot.digest.model import EARLIEST, LATEST, day_to_show, how_many_alike, plan_digests
from bot.digest.wishes import DigestWishes
from bot.editions.service import Library
from bot.errors import UserError
from bot.programme.days import end_of_day
from bot.ui.answer import Answer
from bot.ui.interaction import Interaction
from bot.ui.when import read_when_in_thread

OFF = "off"
"""What is typed for no digest."""


class DigestService:
    """Answers about digests."""

    def __init__(
        self, library: Library, wishes: DigestWishes, writer: DigestWriter, clock: Clock, zone: ZoneInfo
    ) -> None:
        self._library = library
        self._wishes = wishes
        self._writer = writer
        self._clock = clock
        self._zone = zone

    async def show(self, reader: int) -> Answer:
        """Answer with somebody's digest of today, or of the next day of the conference."""
        wish = self._wishes.all.get(reader)
        at = wish.at if wish else None
        day = day_to_show(self._library.edition.programme.sessions, self._zone, self._clock.now())
        if day is None:
            return answers.no_digest_answer(at)
        return answers.digest_answer(await self._writer.embed(reader, day), day, at)

    async def wish(self, reader: int, typed: str) -> Answer:
        """Keep that somebody wants a digest at a time of day, or, for "off", that they want none.

        Raises:
            UserError: it is no time of a morning.
        """
        if typed.strip().casefold() == OFF:
            await self._wishes.wish(reader, None)
            return answers.wish_answer(None, 0)
        at = await self._time_of(typed)
        await self._wishes.wish(reader, at)
        wish, sessions = self._wishes.all[reader], self._library.edition.programme.sessions
        due = plan_digests(sessions, {reader: wish}, how_many_alike([wish]), 1, self._zone, self._clock.now())
        return answers.wish_answer(at, len(due))

    def times_like(self, typed: str) -> Sequence[tuple[str, str]]:
        """Return the times to suggest for what is typed so far, with what each is called."""
        halves = range(EARLIEST.hour * 2, LATEST.hour * 2 + 1)
        times = [f"{time(half // 2, 30 * (half % 2)):%H:%M}" for half in halves]
        # The usual ones first.
        times.sort(key=lambda one: (not "06:00" <= one <= "10:00", one))
        wish = typed.strip().casefold()
        named = [(f"{one} by the conference's own clock", one) for one in times if wish in one]
        return [*named, *([("Not at all", OFF)] if wish in ("", *(OFF[:end] for end in range(1, 4)), "no") else [])]

    def told(self, reader: int) -> Sequence[str]:
        """Tell what is kept about somebody; nothing where nothing is."""
        wish = self._wishes.all.get(reader)
        return [answers.kept_line(wish.at)] if wish else []

    def exported(self, reader: int) -> Mapping[str, object]:
        """Return that as what JSON can say."""
        wish = self._wishes.all.get(reader)
        return {"digest": {"at": f"{wish.at:%H:%M}", "since": wish.since.isoformat()}} if wish else {}

    async def forget(self, reader: int) -> None:
        """Delete that somebody wants a digest."""
        await self._wishes.forget(reader)

    async def tell_unreachable(self, interaction: Interaction, _answer: Answer) -> None:
        """Tell whoever just asked something, once, that their digest does not arrive."""
        if await self._wishes.tell_unreachable(interaction.user.id):
            await interaction.followup.send(answers.UNREACHABLE, ephemeral=interaction.guild is not None)

    async def _time_of(self, typed: str) -> time:
        """Return the time of day that is meant."""
        now = self._clock.now()
        tomorrow = end_of_day(now, self._zone).astimezone(self._zone).date()
        moment = await read_when_in_thread(typed, now, self._zone, tomorrow)
        at = moment.astimezone(self._zone).time().replace(second=0)
        if not EARLIEST <= at <= LATEST:
            raise UserError(
                f"A digest is about the day that begins: choose a time from {EARLIEST:%H:%M} to {LATEST:%H:%M}, by the "
                "conference's own clock, such as “7:30”; or “off” for none."
            )
        return at

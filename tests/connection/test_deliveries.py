"""What becomes of a reminder when Discord, or what is between, answers it with all that can go wrong."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.client import ConferenceBot
from bot.config import Config
from tests.support.process import TOKEN
from tests.support.running import LeapingClock, running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Guild, Person, discord_stand_in, faults

NOW = datetime(2026, 1, 1, 1, 59, 0, tzinfo=UTC)
QUICK = 0.02
TABLES: dict[str, Any] = {
    "discord": {"organizers": ["Organizers"], "organizers_channel": "organizers", "welcome": False, "events": False},
    "sessions": {"poster-session-1-opening": {"start": "2026-01-01T03:00:00Z", "end": "2026-01-01T05:00:00Z"}},
    "reminders": {"channel": "announcements"},
}
"""A session whose first reminder is due a minute from now."""

PASSING: dict[str, tuple[faults.Fault, int]] = {
    "a limit": (faults.limited(1.0), 2),
    "a limit for everything": (faults.limited(1.0, everywhere=True), 1),
    "a ban by Cloudflare": (faults.banned(1), 1),
    "a proxy's 400": (faults.html(400), 1),
    "a proxy's 403": (faults.html(403), 1),
    "a proxy's 404": (faults.html(404), 1),
    "503": (faults.unavailable(503), 2),
    "502 for a while": (faults.unavailable(502), 6),
    "a cut connection": (faults.reset(), 1),
    "a cut connection once it is stored": (faults.done(faults.reset()), 1),
    "a proxy's 502 once it is stored": (faults.done(faults.html(502)), 1),
    "an overloaded resource": (faults.error(130000, 503), 1),
}


class World:
    """A server with a channel for the organizers, and a bot whose next reminder is due in a minute."""

    def __init__(self, folder: Path) -> None:
        self.clock = LeapingClock(NOW)
        self.guild = Guild("announcements", clock=self.clock.now)
        self.organizers = self.guild.channel("organizers")
        self.config: Config = config_in(folder, **TABLES)

    def states(self) -> list[str]:
        with sqlite3.connect(self.config.database.path) as database:
            return [state for (state,) in database.execute("SELECT state FROM delivery ORDER BY due_at")]

    async def due(self, bot: ConferenceBot) -> None:
        await until(lambda: len(self.states()) == 3)
        self.clock.leap(61)
        bot.services.dispatcher.wake()

    async def settled(self, bot: ConferenceBot) -> None:
        """Let time pass until the first reminder is sent or given up."""

        def settled() -> bool:
            if self.states()[0] in ("planned", "claimed"):
                self.clock.leap(0.3)
                bot.services.dispatcher.wake()
                return False
            return True

        await until(settled)


@pytest.mark.parametrize("trouble", PASSING)
async def test_what_passes_delays_a_reminder_and_neither_loses_nor_doubles_it(trouble: str, tmp_path: Path) -> None:
    fault, times = PASSING[trouble]
    world = World(tmp_path)
    async with (
        discord_stand_in(TOKEN, world.guild) as discord,
        running_bot(discord, world.config, world.clock, hurry=QUICK) as bot,
    ):
        met = discord.fail(faults.MESSAGES, fault, times=times)
        await world.due(bot)
        await world.settled(bot)
    assert met.met >= 1
    assert world.states() == ["sent", "planned", "planned"]
    assert len(world.guild.messages) == 1
    assert world.organizers.messages == []


@pytest.mark.parametrize(("slept", "posted"), [(30, 2), (400, 1)])
async def test_a_reminder_is_repeated_only_while_discord_knows_it_again(
    slept: float, posted: int, tmp_path: Path
) -> None:
    world = World(tmp_path)
    lost: list[str] = []

    async def lose_the_answer(point: str) -> int | None:
        if point == "stored" and not lost:
            lost.append(point)
            world.clock.leap(slept)
            return 502
        return None

    world.guild.intervene = lose_the_answer
    async with (
        discord_stand_in(TOKEN, world.guild) as discord,
        running_bot(discord, world.config, world.clock, hurry=QUICK) as bot,
    ):
        await world.due(bot)
        await world.settled(bot)
        assert discord.requests.count(("POST", f"/channels/{world.guild.first.id}/messages")) == posted
    assert len(world.guild.messages) == 1
    assert world.states()[0] == "sent"


@pytest.mark.parametrize("code", [50001, 50013, 10003])
async def test_a_refusal_of_discords_own_is_final_and_the_organizers_hear_of_it(code: int, tmp_path: Path) -> None:
    world = World(tmp_path)
    async with (
        discord_stand_in(TOKEN, world.guild) as discord,
        running_bot(discord, world.config, world.clock, hurry=QUICK) as bot,
    ):
        discord.fail(f"POST /channels/{world.guild.first.id}/messages", faults.error(code, 403, "Missing Access"))
        await world.due(bot)
        await world.settled(bot)
        await until(lambda: world.organizers.messages)
    assert world.states() == ["failed", "planned", "planned"]
    assert "Missing Access" in world.organizers.texts[0]


async def test_a_general_error_of_discords_own_is_no_outage(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    world = World(tmp_path)
    async with (
        discord_stand_in(TOKEN, world.guild) as discord,
        running_bot(discord, world.config, world.clock, hurry=QUICK) as bot,
    ):
        discord.fail(f"POST /channels/{world.guild.first.id}/messages", faults.error(0, 409, "Not now"), times=1)
        await world.due(bot)
        await world.settled(bot)
    assert world.states() == ["sent", "planned", "planned"]
    assert "Not now" in caplog.text
    assert "can't be reached" not in caplog.text


async def test_a_limit_for_everything_met_by_one_reminder_leaves_later_calls_free(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with (
        discord_stand_in(TOKEN, world.guild) as discord,
        running_bot(discord, world.config, world.clock) as bot,
    ):
        met = discord.fail(faults.MESSAGES, faults.limited(1.5, everywhere=True), times=1)
        await world.due(bot)
        await until(lambda: "sent" in world.states())
        assert await bot.guilds[0].role_member_counts()
    assert met.met == 1
    with sqlite3.connect(world.config.database.path) as database:
        assert database.execute("SELECT attempts FROM delivery WHERE state = 'sent'").fetchall() == [(1,)]


async def wished(bot: ConferenceBot, *people: Person) -> None:
    """Let people wish to be reminded of a poster of the session's, 55 minutes before."""
    paper = next(iter(bot.services.library.edition.programme.papers))
    for person in people:
        await bot.services.agenda.agendas.toggle(int(person.id), paper)
        await bot.services.agenda.agendas.wish(int(person.id), 55)


@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        (faults.error(40003, 403, "You are opening direct messages too fast."), 600),
        (faults.error(20026, 400, "Your bot has been flagged by our anti-spam system."), 3600),
        (faults.html(403), 5),
    ],
)
async def test_what_is_not_about_the_person_only_puts_off_their_message(
    fault: faults.Fault, pause: int, tmp_path: Path
) -> None:
    world = World(tmp_path)
    ann, ben = world.guild.person("ann"), world.guild.person("ben")
    config = world.config.model_copy(update={"reminders": world.config.reminders.model_copy(update={"channel": None})})
    async with (
        discord_stand_in(TOKEN, world.guild) as discord,
        running_bot(discord, config, world.clock, hurry=QUICK) as bot,
    ):
        await wished(bot, ann, ben)
        met = discord.fail(faults.OPENING_DIRECT, fault, times=1)
        await until(lambda: len(world.states()) == 2)
        world.clock.leap(6 * 60 + 5)
        bot.services.dispatcher.wake()
        await met.struck.wait()
        await until(lambda: "claimed" in world.states())
        if pause > 60:
            world.clock.leap(pause - 60)
            bot.services.dispatcher.wake()
            await asyncio.sleep(0.2)
            assert not world.guild.direct_messages(ann)
            assert not world.guild.direct_messages(ben)

        def both_heard() -> bool:
            world.clock.leap(0.5)
            bot.services.dispatcher.wake()
            return all(map(world.guild.direct_messages, (ann, ben)))

        if pause < 3600:  # the session has begun when the longer one is over
            await until(both_heard)
        assert met.met == 1
        assert not any(wish.unreachable for wish in bot.services.agenda.agendas.wishes.values())


async def test_a_person_who_takes_no_messages_is_noted_by_discords_own_code(tmp_path: Path) -> None:
    world = World(tmp_path)
    ann = world.guild.person("ann")
    async with (
        discord_stand_in(TOKEN, world.guild) as discord,
        running_bot(discord, world.config, world.clock, hurry=QUICK) as bot,
    ):
        await wished(bot, ann)
        discord.fail(faults.OPENING_DIRECT, faults.error(50007, 403, "Cannot send messages to this user"))
        await until(lambda: len(world.states()) == 4)
        world.clock.leap(6 * 60 + 5)
        bot.services.dispatcher.wake()
        await until(lambda: bot.services.agenda.agendas.wishes[int(ann.id)].unreachable)
        await until(lambda: "failed" in world.states())

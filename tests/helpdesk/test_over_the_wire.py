"""The help desk over real HTTP and WebSocket: one thread and one report each, whatever Discord or the bot does."""

from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord as library
import pytest

from bot.client import ConferenceBot
from bot.config import Config
from bot.delivery import nap
from bot.helpdesk.answers import HIDDEN, SHOWN
from bot.helpdesk.model import About
from tests.helpdesk.conftest import CONDUCT, CONFIG, HELP
from tests.support.database import rows
from tests.support.process import TOKEN
from tests.support.running import LeapingClock, running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Channel, Exchange, Guild, StandIn, discord_stand_in, faults
from tests.support.stand_in.guild import said
from tests.support.stand_in.people import ALL_PERMISSIONS, APPLICATION_ID, BOT

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
QUICK = 0.02
VIEW = str(library.Permissions(view_channel=True).value)


def close_button(thread: Channel) -> str:
    """Return the custom id of the button that closes a request, on the first message of its thread."""
    buttons = (button for row in thread.messages[0]["components"] for button in row["components"])
    (close,) = (button["custom_id"] for button in buttons if button["label"] == "Close")
    return str(close)


async def late(discord: StandIn, world: "World", thread: Channel) -> None:
    """Let Discord make a thread like another, as it was asked to before."""
    asked = {"name": thread.name, "type": 12}
    made = world.guild.open_thread(world.help, world.guild.new_message_id(), asked, BOT)
    await discord.gateway.tell("THREAD_CREATE", {**made.describe(), "newly_created": True})


class World:
    """A server with a channel for threads and one that the conduct team and the bot see, and an attendee."""

    def __init__(self, folder: Path) -> None:
        self.clock = LeapingClock(NOW)
        self.guild = Guild("general", clock=self.clock.now)
        self.guild.everyone.permissions = ALL_PERMISSIONS & ~library.Permissions(administrator=True).value
        self.guild.role("Helpers")
        team = self.guild.role("Conduct team")
        self.help = self.guild.channel("help-desk")
        self.conduct = self.guild.channel("conduct")
        self.conduct.overwrites = [
            {"id": self.guild.id, "type": 0, "allow": "0", "deny": VIEW},
            {"id": team.id, "type": 0, "allow": VIEW, "deny": "0"},
            {"id": APPLICATION_ID, "type": 1, "allow": VIEW, "deny": "0"},
        ]
        self.ann = self.guild.person("ann")
        self.config: Config = config_in(
            folder,
            discord={"organizers": ["Organizers"], "welcome": False, "events": False},
            help_desk=CONFIG,
        )

    def bot(self, discord: StandIn) -> AbstractAsyncContextManager[ConferenceBot]:
        return running_bot(discord, self.config, self.clock, hurry=QUICK)

    async def opened(self, discord: StandIn) -> Exchange:
        form = await discord.command(self.ann, "help-desk")
        await until(lambda: form.form)
        return form

    async def send(self, discord: StandIn, form: Exchange, about: About) -> Exchange:
        picked = {"about": HELP if about is About.HELP else CONDUCT}
        return await discord.submit(self.ann, form, **picked, what="He follows me", name=HIDDEN)

    @property
    def threads(self) -> list[str]:
        """What each thread says; a thread that says nothing yet counts as well."""
        return ["\n".join(map(said, thread.messages)) for thread in self.help.threads]

    def known(self) -> list[tuple[str, int]]:
        return rows(self.config.database.path, "SELECT step, thread_id FROM help_request")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(nap, "LONGEST_NAP", QUICK)  # the test's clock leaps, and nobody is told
    return World(tmp_path)


THREADS, MEMBERS = faults.THREADS, "PUT /channels/*/thread-members/*"
TROUBLES: dict[str, tuple[str, faults.Fault]] = {
    "the thread is stored, and the line is cut": (THREADS, faults.done(faults.reset())),
    "the thread is stored, and 502 is answered": (THREADS, faults.done(faults.html(502))),
    "the thread is stored, and 500 is answered": (THREADS, faults.done(faults.unavailable(500))),
    "no thread is stored, and 502 is answered": (THREADS, faults.unavailable(502)),
    "a rate limit": (THREADS, faults.limited(0.5)),
    "nobody is added": (MEMBERS, faults.reset()),
    "the message is stored, and the line is cut": (faults.MESSAGES, faults.done(faults.reset())),
    "no message is stored, and 503 is answered": (faults.MESSAGES, faults.unavailable(503)),
}


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_there_is_one_thread_whatever_becomes_of_a_request(trouble: str, world: World) -> None:
    route, fault = TROUBLES[trouble]
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        form = await world.opened(discord)
        met = discord.fail(route, fault, times=1)
        answer = await world.send(discord, form, About.HELP)
        await until(lambda: answer.shown)
        world.clock.leap(90)
        await until(lambda: world.known()[0][0] == "open")

        assert met.met == 1
        (thread,) = world.help.threads
        assert world.known() == [("open", int(thread.id))]
        assert world.threads[0].count("He follows me") == 1
        assert thread.private
        assert set(thread.added) == {world.ann.id}


@pytest.mark.parametrize("point", ["thread received", "thread stored", "received", "stored"])
async def test_a_bot_that_dies_in_between_leaves_one_thread(point: str, world: World, abandoning: None) -> None:
    world.guild.nonce_window = timedelta()
    async with discord_stand_in(TOKEN, world.guild) as discord:
        async with world.bot(discord):
            form = await world.opened(discord)
            reached = world.guild.hang_at(point)
            await world.send(discord, form, About.HELP)
            await reached.wait()
        world.clock.leap(61)  # the lease of the one that died is over
        async with world.bot(discord):
            again = await world.send(discord, form, About.HELP)
            await until(lambda: world.known()[0][0] == "open")
            await until(lambda: again.shown)

            (thread,) = world.help.threads
            assert world.known() == [("open", int(thread.id))]
            assert world.threads[0].count("He follows me") == 1


@pytest.mark.parametrize("asleep", [False, True], ids=["while the bot works", "while it is down"])
async def test_a_thread_that_comes_when_the_request_has_another_by_now_goes(asleep: bool, world: World) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord:
        async with world.bot(discord):
            form = await world.opened(discord)
            met = discord.fail(THREADS, faults.unavailable(503), times=1)
            await world.send(discord, form, About.HELP)
            await world.clock.until(lambda: met.met and world.known() and world.known()[0][0] == "open")
            (thread,) = world.help.threads
            if not asleep:
                await late(discord, world, thread)
                await until(lambda: world.help.threads == [thread])
        if asleep:
            await late(discord, world, thread)
            async with world.bot(discord):
                await until(lambda: world.help.threads == [thread])
    assert world.known() == [("open", int(thread.id))]


async def test_a_machine_that_sleeps_before_discord_py_asks_again_says_nothing_twice(world: World) -> None:
    lost: list[str] = []

    async def lose_the_answer(point: str) -> int | None:
        if point == "stored" and not lost:
            lost.append(point)
            world.clock.leap(3600)  # Discord has forgotten the nonce when it is asked again
            return 502
        return None

    world.guild.intervene = lose_the_answer
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        form = await world.opened(discord)
        await world.send(discord, form, About.HELP)
        await world.clock.until(lambda: world.known() and world.known()[0][0] == "open")

    assert lost
    assert [text.count("He follows me") for text in world.threads] == [1]


async def test_a_permission_that_is_back_takes_nothing_from_whoever_is_at_it(world: World) -> None:
    world.guild.nonce_window = timedelta()
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord) as bot:
        form = await world.opened(discord)
        late = discord.fail(MEMBERS, faults.slow(1.0), times=1)
        first = await world.send(discord, form, About.HELP)
        await late.struck.wait()
        bot.services.permissions_changed()
        await until(lambda: first.shown and world.known()[0][0] == "open")

    assert [text.count("He follows me") for text in world.threads] == [1]


async def test_who_comes_back_when_another_has_opened_the_thread_says_nothing(world: World) -> None:
    world.guild.nonce_window = timedelta()
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        form = await world.opened(discord)
        late = discord.fail(MEMBERS, faults.slow(1.0), times=1)
        first = await world.send(discord, form, About.HELP)
        await late.struck.wait()
        world.clock.leap(61)  # the lease is over
        await world.send(discord, form, About.HELP)
        await until(lambda: world.known()[0][0] == "open")
        await until(lambda: first.shown)

    assert [text.count("He follows me") for text in world.threads] == [1]


@pytest.mark.parametrize("point", ["received", "stored"])
async def test_a_bot_that_dies_while_it_hands_a_report_on_leaves_one(
    point: str, world: World, abandoning: None
) -> None:
    world.guild.nonce_window = timedelta()
    reached = world.guild.hang_at(point)
    async with discord_stand_in(TOKEN, world.guild) as discord:
        async with world.bot(discord):
            form = await world.opened(discord)
            await world.send(discord, form, About.CONDUCT)
            await reached.wait()
        world.clock.leap(61)
        async with world.bot(discord):
            again = await world.send(discord, form, About.CONDUCT)
            await until(lambda: "Your report" in str(again.shown))
            sent = "SELECT count(*) FROM delivery WHERE state = 'sent'"
            await until(lambda: rows(world.config.database.path, sent) == [(1,)])
    assert [text.count("He follows me") for text in world.conduct.texts] == [1]
    assert not any("He follows me" in text for text in (*world.guild.first.texts, *world.help.texts))


async def test_a_closed_thread_is_closed_though_the_bot_dies_first(world: World, abandoning: None) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord:
        async with world.bot(discord):
            form = await world.opened(discord)
            await world.send(discord, form, About.HELP)
            await until(lambda: world.known() and world.known()[0][0] == "open")
            (thread,) = world.help.threads
            met = discord.fail("PATCH /channels/*", faults.slow(60), times=1)
            close = close_button(thread)
            await discord.press_on(world.ann, thread, close, thread.messages[0])
            await met.struck.wait()
        assert not thread.archived
        world.clock.leap(61)
        async with world.bot(discord):
            await until(lambda: world.known()[0][0] == "closed")
    assert (thread.archived, thread.locked) == (True, True)
    assert sum("Closed" in message["content"] for message in thread.messages) == 1


async def test_a_proxys_403_for_the_closed_threads_does_not_lead_to_a_second_one(world: World) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        form = await world.opened(discord)
        met = discord.fail(THREADS, faults.done(faults.reset()), times=1)
        answer = await world.send(discord, form, About.HELP)
        await until(lambda: met.met and answer.shown)
        (thread,) = world.help.threads
        thread.archived = True
        met = discord.fail("GET /channels/*/users/@me/threads/archived/private", faults.html(403), times=1)
        await world.clock.until(lambda: world.known() == [("open", int(thread.id))])
        assert met.met == 1
        assert world.help.threads == [thread]


async def test_a_thread_that_was_archived_unheard_is_filled_all_the_same(world: World) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        form = await world.opened(discord)
        met = discord.fail(MEMBERS, faults.html(403), times=1)
        await world.send(discord, form, About.HELP)
        await until(lambda: met.met)
        (thread,) = world.help.threads
        thread.archived = True
        await world.clock.until(lambda: world.known() == [("open", int(thread.id))])
        assert world.help.threads == [thread]


async def test_a_proxys_404_does_not_leave_a_thread_open_that_was_closed(world: World) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord:
        async with world.bot(discord):
            form = await world.opened(discord)
            await world.send(discord, form, About.HELP)
            await until(lambda: world.known() and world.known()[0][0] == "open")
        (thread,) = world.help.threads
        thread.archived = True  # Discord does so with what is quiet for a week
        close = close_button(thread)
        async with world.bot(discord):
            met = discord.fail(f"GET /channels/{thread.id}", faults.html(404), times=1)
            await discord.press_on(world.ann, thread, close, thread.messages[0])
            await world.clock.until(lambda: world.known() == [("closed", int(thread.id))])
    assert met.met == 1
    assert (thread.archived, thread.locked) == (True, True)
    assert "Closed" in said(thread.messages[-1])


ON_ITS_WAY_OUT = {
    "deleting the message": ("DELETE /channels/*/messages/*", faults.html(404)),
    "looking for a thread below it: 404": ("GET /channels/{thread}", faults.html(404)),
    "looking for a thread below it: 403": ("GET /channels/{thread}", faults.html(403)),
}


@pytest.mark.parametrize("step", ON_ITS_WAY_OUT)
async def test_a_proxys_page_does_not_leave_a_report_undeleted(step: str, world: World) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        form = await world.opened(discord)
        await world.send(discord, form, About.CONDUCT)
        await until(lambda: "He follows me" in str(world.conduct.texts))
        report = world.conduct.messages[0]["id"]
        world.guild.open_thread(world.conduct, report, {"name": "What to do"}, world.ann.describe())
        await until(lambda: rows(world.config.database.path, "SELECT state FROM delivery") == [("sent",)])
        route, fault = ON_ITS_WAY_OUT[step]
        # As often as it is tried on the day: the day's own sweep, the deletion at the date, and the sweep after it.
        met = discord.fail(route.format(thread=report), fault, times=3)

        world.clock.leap(world.config.help_desk.delete_after.total_seconds())
        await world.clock.until(lambda: not world.conduct.messages and not world.conduct.threads)
        assert met.met == 3


async def test_a_proxys_404_does_not_leave_a_name_on_a_report(world: World) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        form = await world.opened(discord)
        await discord.submit(world.ann, form, about=CONDUCT, what="He follows me", name=SHOWN)
        await until(lambda: f"<@{world.ann.id}>" in str(world.conduct.messages))
        await until(lambda: rows(world.config.database.path, "SELECT state FROM delivery") == [("sent",)])
        met = discord.fail(f"GET /channels/{world.conduct.id}/messages/*", faults.html(404), times=1)
        data = await discord.command(world.ann, "mydata")
        await until(lambda: data.shown)
        sure = await discord.press(world.ann, data, "Delete everything")
        await until(lambda: "Yes, delete everything" in str(sure.messages))
        await discord.press(world.ann, sure, "Yes, delete everything")
        await world.clock.until(lambda: world.ann.id not in str(world.conduct.messages))
        assert met.met == 1
        assert "He follows me" in str(world.conduct.texts)

"""Which servers are the conference's own, and what a stranger gets who invites the bot to theirs: answers."""

from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle

from tests.support.database import rows
from tests.support.messages import embed_of, shown
from tests.support.server import Server, StartServer

SESSION = "poster-session-1-opening"
MANAGER = discord.Permissions(manage_guild=True)
NAMES = ("announcements", "organizers", "moderators", "bot-log")
CONFIGURED: dict[str, Any] = {
    "sessions": {SESSION: {"start": "2026-01-01T02:00:00Z", "end": "2026-01-01T04:00:00Z"}},
    "reminders": {"channel": "announcements"},
    "announcements": {"channels": ["announcements"]},
    "discord": {
        "organizers": ["Organizers"],
        "moderators": ["Moderators"],
        "organizers_channel": "organizers",
        "moderators_channel": "moderators",
        "log_channel": "bot-log",
    },
}
SERIOUS = ("announce post", "announce list", "programme history", "programme undo", "status")


@pytest.fixture
async def home(start_server: StartServer) -> Server:
    """The conference's server, which the bot was in first."""
    server = await start_server(check_errors=False, **CONFIGURED)
    await server.env.settle()
    server.guild.create_role("Organizers", permissions=MANAGER)
    for name in NAMES:
        server.guild.create_text_channel(name)
    await server.env.settle()
    return server


class Stranger:
    """Whoever invites the bot to a server of theirs that is made to look like the conference's."""

    def __init__(self, server: Server) -> None:
        self.guild: GuildHandle = server.env.create_guild("MLSys 2026")
        self.channels: list[ChannelHandle] = [self.guild.create_text_channel(name) for name in ("general", *NAMES)]
        roles = [self.guild.create_role(name, permissions=MANAGER) for name in ("Organizers", "Moderators")]
        self.person: MemberActor = self.guild.add_member(server.env.create_user("stranger"), roles=roles)

    def heard(self) -> list[str]:
        """Return all that was written in the server's channels."""
        return [message.content or "…" for channel in self.channels for message in channel.history()]


async def events_in(server: Server, guild: GuildHandle) -> list[discord.ScheduledEvent]:
    found = server.bot.get_guild(guild.id)
    assert found
    return list(await found.fetch_scheduled_events(with_counts=False))


async def refusal(who: MemberActor, channel: ChannelHandle, command: str) -> str:
    answer = await who.slash(channel, command)
    assert answer.ephemeral
    return shown(answer).content


async def test_a_stranger_who_invites_the_bot_gets_answers_and_nothing_else(home: Server) -> None:
    stranger = Stranger(home)
    await home.env.settle()
    general = stranger.channels[0]

    for command in SERIOUS:
        said = await refusal(stranger.person, general, command)
        assert "This works in the conference's own server only." in said
        assert f"servers = [{stranger.guild.id}] under [discord]" in said
    assert await stranger.person.autocomplete(general, "programme fix paper", "paper", "app") == []
    helped = embed_of(await stranger.person.slash(general, "help"))
    assert [field.name for field in helped.fields if field.name == "For organizers"] == []
    assert "AgenticCache" in (embed_of(await stranger.person.slash(general, "paper", paper="AgenticCache")).title or "")

    await home.advance(2 * 3600 + 60)
    assert len(home.guild.channels["announcements"].history()) >= 3, "the conference's own server is reminded"
    assert stranger.heard() == []
    assert await events_in(home, stranger.guild) == []


async def test_the_first_server_stays_the_conferences_own_after_a_restart(home: Server) -> None:
    stranger = Stranger(home)
    await home.env.settle()

    await home.restart()
    await home.env.settle()

    assert rows(home.config.database.path, "SELECT server_id FROM home") == [(home.guild.id,)]
    organizer = home.member("olga", "Organizers")
    assert "own server only" not in shown(await organizer.slash(home.channel, "announce list")).content
    assert "own server only" in await refusal(stranger.person, stranger.channels[0], "announce list")
    assert len(await events_in(home, home.guild)) == 1
    assert await events_in(home, stranger.guild) == []
    assert stranger.heard() == []


async def test_it_stays_so_when_the_bot_is_left_with_the_strangers_alone(home: Server) -> None:
    stranger = Stranger(home)
    await home.env.settle()
    home.env.backend.remove_guild(home.guild.id)

    await home.restart()
    await home.env.settle()

    assert "own server only" in await refusal(stranger.person, stranger.channels[0], "programme history")


@pytest.fixture
async def undecided(start_server: StartServer) -> tuple[Server, Stranger]:
    """A bot that is in two servers before any of them was chosen."""
    server = await start_server(check_errors=False, **CONFIGURED)
    stranger = Stranger(server)
    server.guild.create_text_channel("announcements")
    await server.env.settle()
    return server, stranger


async def test_in_several_servers_of_which_none_was_chosen_none_counts(undecided: tuple[Server, Stranger]) -> None:
    server, stranger = undecided
    organizer = server.guild.add_member(
        server.env.create_user("olga"), roles=[server.guild.create_role("Organizers", permissions=MANAGER)]
    )

    for who, channel in ((organizer, server.channel), (stranger.person, stranger.channels[0])):
        said = await refusal(who, channel, "announce list")
        assert "I am in several servers, and nobody has told me yet which is the conference's own." in said
    await server.advance(2 * 3600 + 60)
    assert server.guild.channels["announcements"].history() == []
    assert stranger.heard() == []
    lines = list(server.services.status.service.report(1, ["help"]))
    assert any("does not know which is the conference's own" in line and "servers = [ID]" in line for line in lines)

    chosen = server.config.discord.model_copy(update={"servers": (server.guild.id,)})
    await server.restart(server.config.model_copy(update={"discord": chosen}))
    await server.env.settle()
    assert embed_of(await organizer.slash(server.channel, "announce list")).title == "Announcements"
    assert "own server only" in await refusal(stranger.person, stranger.channels[0], "announce list")


async def test_leaving_all_but_one_decides_nothing_before_the_next_start(undecided: tuple[Server, Stranger]) -> None:
    server, stranger = undecided
    server.env.backend.remove_guild(server.guild.id)
    await server.env.settle()
    stranger.guild.create_text_channel("more")
    await server.env.settle()

    assert "own server only" in await refusal(stranger.person, stranger.channels[0], "programme history")
    assert rows(server.config.database.path, "SELECT server_id FROM home") == []


async def test_what_was_planned_for_a_server_that_no_longer_counts_is_not_sent(home: Server) -> None:
    other = await home.own_server("Workshops", "announcements")
    organizer = home.member("olga", "Organizers")
    opened = await organizer.slash(home.channel, "announce post", everywhere=True)
    preview = await organizer.submit_modal(opened, {"title": "Lunch", "text": "Lunch is served.", "when": "in 1 hour"})
    await organizer.click(shown(preview), label="Schedule")

    own = home.config.discord.model_copy(update={"servers": (home.guild.id,)})
    await home.restart(home.config.model_copy(update={"discord": own}))
    await home.advance(3700)

    told = [embed.title for message in home.guild.channels["announcements"].history() for embed in message.embeds]
    assert "Lunch" in told
    there = [embed.title for message in other.channels["announcements"].history() for embed in message.embeds]
    assert "Lunch" not in there
    states = rows(home.config.database.path, "SELECT state, reason FROM delivery WHERE kind = 'announcement'")
    assert ("failed", "its server is not the conference's own") in states

"""Organizers and moderators see how the bot is."""

from datetime import UTC, datetime, timedelta

import discord
import pytest
from simcord.actors import MemberActor

from bot.admin.answers import status_answer
from bot.admin.condition import Condition
from bot.admin.model import Contents, DeliveryReport, Health, SourceReport
from bot.delivery.model import Delivery, Entry, State
from bot.news.model import NEWS
from bot.programme.model import Programme
from bot.sources.watch_state import WatchState
from tests.support.messages import assert_within_limits, embed_of, shown
from tests.support.moderating import moderator
from tests.support.server import Server, StartServer

MANAGER = discord.Permissions(manage_guild=True)


def organizer(server: Server) -> MemberActor:
    role = server.guild.create_role("Organizers", permissions=MANAGER)
    return server.guild.add_member(server.env.create_user("olga"), roles=[role])


async def status(who: MemberActor, server: Server) -> dict[str, str]:
    """Return the parts of the status by their headings; what stands first is under the title."""
    result = await who.slash(server.channel, "status")
    assert shown(result).ephemeral
    assert_within_limits(shown(result))
    embed = embed_of(result)
    return {embed.title or "": embed.description or "", **{part.name or "": part.value or "" for part in embed.fields}}


async def test_the_status_tells_of_programme_and_machine(small_server: Server) -> None:
    parts = await status(moderator(small_server), small_server)

    assert "version 1 from first-papers.txt" in parts["Status"]
    assert "1 session, 13 papers" in parts["Status"]
    assert "1 session has no announced time" in parts["Status"]
    assert "Started <t:" in parts["The bot"]
    assert "MiB of memory" in parts["The bot"]
    assert "MiB of database" in parts["The bot"]
    assert parts["Deliveries"] == "Nothing is planned."
    assert parts["Failed deliveries"] == "None."


async def test_organizers_see_it_too_and_attendees_are_told_that_it_is_not_for_them(
    start_server: StartServer,
) -> None:
    roles = {"organizers": ["Organizers"], "moderators": ["Moderators"], "strict_roles": True}
    small_server = await start_server(check_errors=False, discord=roles)
    assert "version 1" in (await status(organizer(small_server), small_server))["Status"]

    role = small_server.guild.create_role("Managers", permissions=MANAGER)
    ada = small_server.guild.add_member(small_server.env.create_user("ada"), roles=[role])
    refused = await ada.slash(small_server.channel, "status")
    assert "for organizers and moderators only" in shown(refused).content
    assert shown(refused).ephemeral


async def test_the_speed_of_answers_is_counted(small_server: Server) -> None:
    mo = moderator(small_server)
    for _ in range(3):
        await mo.slash(small_server.channel, "paper", paper="helios")

    assert "3 × application command: half within" in (await status(mo, small_server))["The bot"]


@pytest.fixture
async def reminding(start_server: StartServer) -> Server:
    """A server whose session opens in five hours and whose reminders go to a channel that is yet to be made."""
    return await start_server(
        sessions={"poster-session-1-opening": {"start": "2026-01-01T05:00:00+00:00"}},
        reminders={"channel": "news", "minutes_before": [10], "ping": "Posters"},
        announcements={"channels": ["news", "hall"], "roles": ["Staff"]},
        discord={"moderators": ["Moderators"], "log_channel": "log", "events": True},
    )


async def test_what_comes_next_and_what_failed_is_listed_with_the_reason(reminding: Server) -> None:
    news = reminding.guild.create_text_channel("news")
    await reminding.env.settle()
    mo = moderator(reminding)
    due = (await status(mo, reminding))["Deliveries"]
    assert f"reminder (poster-session-1-opening) to <#{news.id}>" in due

    reminding.env.inject_error("POST", f"/channels/{news.id}/messages", status=403, code=50013)
    await reminding.advance(5 * 3600 - 300)

    failed = (await status(mo, reminding))["Failed deliveries"]
    assert f"to <#{news.id}>: Discord refuses" in failed


async def test_missing_channels_roles_and_permissions_are_named(reminding: Server) -> None:
    reminding.guild.create_text_channel("news")
    reminding.guild.create_role("Staff")

    missing = (await status(moderator(reminding), reminding))["Permission problems"]

    assert "`announcements.channels`: this server has no text channel called hall." in missing
    assert "`discord.log_channel`: this server has no text channel called log." in missing
    assert "A role that is to be pinged is not in this server: Posters" in missing


def test_a_status_with_endless_troubles_keeps_the_limits() -> None:
    now = datetime(2026, 5, 18, tzinfo=UTC)
    entry = Entry(
        Delivery("key", 1, "x" * 200, now, now, now + timedelta(hours=1), NEWS),
        State.FAILED,
        None,
        None,
        "y" * 900,
    )
    answer = status_answer(
        Contents(Programme(), None, (), 0),
        SourceReport([WatchState("n" * 300).failed(now, "r" * 900, unreadable=False)] * 50, now),
        DeliveryReport([entry] * 50, 5_000, [entry] * 50, 7),
        Health(
            Condition(now, now, True, now, None), 0.1, 1, 1, {f"kind {number}": (1, 1.0, 2.0) for number in range(5)}
        ),
        ["z" * 300] * 50,
    )
    assert answer.embed
    assert len(answer.embed) <= 6000
    assert all(1 <= len(part.value or "") <= 1024 for part in answer.embed.fields)
    for part in answer.embed.fields[:2]:
        assert (part.value or "").endswith(" more")

"""Announcements in several channels and servers."""

import discord
import pytest

from bot.config import Announcements
from tests.support.announcing import FORM, Hall, OpenHall, for_ever, note
from tests.support.messages import shown


async def test_it_goes_to_the_configured_channels_of_every_server(hall: Hall) -> None:
    workshops = await hall.another_server()
    role = workshops.create_role("Attendees", mentionable=True)
    await hall.another_server("Somebody else's", channel="lobby")

    preview = await hall.preview(role=hall.attendees)
    assert f"- {hall.news.mention} in MLSys 2026" in note(preview)
    assert f"- {workshops.channels['announcements'].mention} in MLSys workshops" in note(preview)
    assert "⚠️ Somebody else's hears nothing: it has no channel that is configured" in note(preview)
    await hall.olga.click(preview, label="Send")

    assert [message.content for message in hall.news.history()] == [hall.attendees.mention]
    assert [message.content for message in workshops.channels["announcements"].history()] == [role.mention]
    assert note(preview).count("✅") == 2


async def test_a_server_without_the_role_hears_it_without_a_ping_and_that_is_told_before(hall: Hall) -> None:
    workshops = await hall.another_server()
    there = workshops.channels["announcements"]

    preview = await hall.preview(role=hall.attendees)
    assert f"⚠️ In {there.mention} in MLSys workshops there is no role Attendees that I may ping." in note(preview)
    await hall.olga.click(preview, label="Send")

    (message,) = there.history()
    assert message.content == ""
    assert message.embeds[0].description == FORM["text"]


async def test_a_role_is_pinged_only_where_the_configuration_means_it(open_hall: OpenHall) -> None:
    hall = await open_hall()
    tables = {"channels": ["announcements"], "roles": [hall.attendees.id]}
    await hall.server.restart(
        hall.server.config.model_copy(update={"announcements": Announcements.model_validate(tables)})
    )
    workshops = await hall.another_server()
    workshops.create_role("Attendees", mentionable=True)
    namesake = hall.server.guild.create_role("Attendees", mentionable=True)
    await hall.server.env.settle()

    assert "may not ping" in shown(await hall.form(role=namesake)).content
    await hall.announce(role=hall.attendees)

    assert hall.news.history()[0].content == hall.attendees.mention
    assert workshops.channels["announcements"].history()[0].content == ""


async def test_a_channel_that_is_named_is_the_only_one(hall: Hall) -> None:
    workshops = await hall.another_server()
    await hall.announce(channel=hall.channel)

    assert len(hall.channel.history()) == 1
    assert hall.news.history() == []
    assert workshops.channels["announcements"].history() == []


async def test_several_channels_hear_it_once_each(hall: Hall) -> None:
    await hall.announce({"channels": f"{hall.channel.id} {hall.news.id}"}, everywhere=True)

    assert len(hall.channel.history()) == 1
    assert len(hall.news.history()) == 1


async def test_an_announcement_channel_is_published(hall: Hall) -> None:
    wide = hall.server.guild.create_news_channel("wide")

    preview = await hall.preview(channel=wide)
    assert f"- {wide.mention}, and published to the servers that follow it" in note(preview)
    await hall.olga.click(preview, label="Send")

    (message,) = wide.history()
    # SimCord sets the flag that the copies have in Discord.
    assert message.flags.crossposted or message.flags.is_crossposted
    assert f"[the message](<{message.jump_url}>), published to the servers that follow this channel" in note(preview)


async def test_what_discord_publishes_later_is_told(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = hall.server.guild.create_news_channel("wide")
    preview = await hall.preview(channel=wide)
    monkeypatch.setattr("bot.announcing.sent_messages.PATIENCE", 0.05)
    monkeypatch.setattr(discord.PartialMessage, "fetch", for_ever)

    await hall.olga.click(preview, label="Send")

    assert "not passed on to the servers that follow this channel yet: Discord makes me wait" in note(preview)


async def test_what_can_not_be_published_is_there_all_the_same_and_that_is_told(hall: Hall) -> None:
    wide = hall.server.guild.create_news_channel("wide")
    hall.server.env.inject_error(
        "POST",
        f"/channels/{wide.id}/messages/*/crosspost",
        status=403,
        code=50013,
        message="Missing Permissions",
        times=None,
    )

    outcome = await hall.announce(channel=wide)

    (message,) = wide.history()
    assert not message.flags.value
    assert f"✅ {wide.mention}: [the message]" in note(outcome)
    assert "but not passed on to the servers that follow this channel: Missing Permissions" in note(outcome)


async def test_a_channel_that_goes_before_send_is_told(hall: Hall) -> None:
    second = hall.server.guild.create_text_channel("second")
    preview = await hall.preview({"when": "in 20 minutes"}, channel=second, everywhere=True)
    await hall.olga.click(preview, label="Schedule")
    hall.server.env.backend.delete_channel(second.id)
    await hall.server.env.settle()

    edited = await hall.edited("edit", {})
    assert "⚠️ One of the channels is gone" in note(edited)
    await hall.server.advance(1210)

    assert len(hall.news.history()) == 1
    assert "a channel that is gone: Discord refuses: Unknown Channel" in (await hall.listed())["Sent"]

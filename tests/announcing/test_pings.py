"""Whom an announcement pings, and what of that is told before."""

import re

import discord
import pytest

from bot.announcing.model import Announcement
from bot.config import Announcements
from tests.support.announcing import RECORD, Hall, OpenHall, deny, note, posts
from tests.support.messages import assert_within_limits, shown


async def test_nobody_is_pinged_by_default_whatever_the_text_says(hall: Hall) -> None:
    preview = await hall.preview()
    assert "**Pings:** nobody" in note(preview)

    await hall.olga.click(preview, label="Send")

    (payload,) = posts(hall.server)
    assert payload["allowed_mentions"] == {"parse": []}
    assert not payload.get("content")
    message = hall.news.history()[0]
    assert not message.mention_everyone
    assert message.role_mentions == message.mentions == []


async def test_only_the_chosen_role_is_pinged(hall: Hall) -> None:
    text = f"{hall.server.guild.roles['Staff'].mention} @everyone {hall.olga.mention}"

    await hall.announce({"text": text}, role=hall.attendees)

    (payload,) = posts(hall.server)
    assert payload["allowed_mentions"] == {"parse": [], "roles": [hall.attendees.id]}
    assert payload["content"] == hall.attendees.mention
    message = hall.news.history()[0]
    assert [role.id for role in message.role_mentions] == [hall.attendees.id]
    assert not message.mention_everyone


async def name_everyone(hall: Hall) -> None:
    """Let the configuration allow what it can't name otherwise: the role of everyone, by its id."""
    tables = {"channels": ["announcements"], "roles": [hall.server.guild.default_role.id]}
    announcements = Announcements.model_validate(tables)
    await hall.server.restart(hall.server.config.model_copy(update={"announcements": announcements}))


async def test_everyone_is_not_pinged_even_if_the_database_says_so(open_hall: OpenHall) -> None:
    hall = await open_hall()
    await name_everyone(hall)
    now = hall.server.env.now()
    new = Announcement(0, "Lunch", "Now.", None, None, "@everyone", now, hall.olga.id, now)

    await hall.store.add(new, [hall.news.id], RECORD)
    hall.server.bot.services.dispatcher.wake()
    await hall.server.env.settle()

    (payload,) = posts(hall.server)
    assert payload["allowed_mentions"] == {"parse": []}
    assert not payload.get("content")


async def test_the_preview_itself_pings_nobody(hall: Hall) -> None:
    preview = await hall.preview(role=hall.attendees)

    assert preview.content == hall.attendees.mention
    assert preview.message.flags.ephemeral
    patches = [entry.json or {} for entry in hall.server.env.http_requests if entry.path.endswith("/@original")]
    assert [payload["allowed_mentions"] for payload in patches] == [{"parse": []}]


async def test_a_role_that_is_not_configured_is_refused_with_those_that_are(hall: Hall) -> None:
    for name in ("Staff", "@everyone", "Organizers"):
        refused = await hall.form(role=hall.server.guild.roles[name])

        assert refused.modal is None
        assert refused.ephemeral
        assert "may not ping" in shown(refused).content
        assert "Those it may ping: Attendees." in shown(refused).content


async def test_many_roles_that_may_be_pinged_are_still_told(open_hall: OpenHall) -> None:
    names = [f"{number:02}" + "r" * 98 for number in range(30)]
    hall = await open_hall(announcements={"channels": ["announcements"], "roles": names})
    for name in names:
        hall.server.guild.create_role(name)

    refused = await hall.form(role=hall.attendees)

    assert re.search(r"Those it may ping: \d\dr+, .* and \d+ more\.", shown(refused).content)
    assert_within_limits(shown(refused).message)


async def test_without_configured_roles_every_role_is_refused_even_everyone_by_id(open_hall: OpenHall) -> None:
    hall = await open_hall(announcements={"channels": ["announcements"]})
    refused = await hall.form(role=hall.attendees)
    assert "may not ping Attendees. None is configured" in shown(refused).content

    await name_everyone(hall)
    refused = await hall.form(role=hall.server.guild.default_role)
    assert "may not ping" in shown(refused).content


def count(monkeypatch: pytest.MonkeyPatch, counts: dict[str, int]) -> None:
    """Let Discord tell how many people have a role in a server; SimCord does not."""

    async def role_member_counts(guild: discord.Guild) -> dict[discord.Role, int]:
        return {
            role: counts[f"{guild.name}/{role.name}"] for role in guild.roles if f"{guild.name}/{role.name}" in counts
        }

    monkeypatch.setattr(discord.Guild, "role_member_counts", role_member_counts)


async def test_the_preview_tells_how_many_people_the_ping_reaches(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    count(monkeypatch, {"MLSys 2026/Attendees": 1, "MLSys 2026/Staff": 7, "MLSys workshops/Attendees": 1234})
    preview = await hall.preview(role=hall.attendees, channel=hall.news)
    assert f"**Pings:** {hall.attendees.mention} (1 person)" in note(preview)

    (await hall.another_server()).create_role("Attendees", mentionable=True)
    preview = await hall.preview(role=hall.attendees)
    assert "(1,235 people)" in note(preview)


async def test_a_number_that_discord_does_not_tell_keeps_nobody_from_announcing(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_guild: discord.Guild) -> dict[discord.Role, int]:
        raise TimeoutError

    monkeypatch.setattr(discord.Guild, "role_member_counts", refuse)

    preview = await hall.preview(role=hall.attendees)

    assert "I can't tell how many people have it" in note(preview)
    await hall.olga.click(preview, label="Send")
    assert len(hall.news.history()) == 1


async def test_a_role_that_the_bot_can_not_ping_is_told_before(hall: Hall) -> None:
    hall.server.env.backend.edit_role(hall.server.guild.id, hall.attendees.id, {"mentionable": False})
    deny(hall.server, hall.news, mention_everyone=True)

    preview = await hall.preview(role=hall.attendees)

    assert f"⚠️ I can't ping {hall.attendees.mention} in {hall.news.mention}" in note(preview)
    assert posts(hall.server) == []

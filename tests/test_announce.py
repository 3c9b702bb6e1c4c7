"""/announce through the real bot: who may, what is seen before, what arrives where, and what is told of it."""

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from simcord.actors import MemberActor, _component_interaction
from simcord.backend.errors import SetupError
from simcord.backend.models import Overwrite
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle
from simcord.enums import OverwriteType
from simcord.results import InteractionResult, ResponseMessage

from bot.announcements import Announcement, Wording
from bot.config import Announcements
from bot.delivery.courier import LEASE
from bot.errors import Trouble
from bot.store import AuditEntry
from tests.conftest import Server, StartServer, assert_within_limits, buttons_of, embed_of, shown

ZONE = ZoneInfo("America/Los_Angeles")
FORM = {"title": "Lunch", "text": "Lunch is in **hall B**, <@1> @everyone @here.", "when": "now"}
CONFIGURED = {"channels": ["announcements"], "roles": ["Attendees"]}
DISCORD = {"organizers": ["Organizers"], "moderators": ["Moderators"], "log_channel": "bot-log"}


class Hall:
    """A server with an organizer, a channel for announcements, and a role that they may ping."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.channel = server.channel
        self.manager = discord.Permissions(manage_guild=True)
        for name in ("Organizers", "Moderators", "Staff"):
            server.guild.create_role(name, permissions=self.manager)
        self.attendees: RoleHandle = server.guild.create_role("Attendees", mentionable=True)
        self.news = server.guild.create_text_channel("announcements")
        self.log = server.guild.create_text_channel("bot-log")
        self.olga = server.member("olga", "Organizers")

    async def form(self, **options: Any) -> InteractionResult:
        """Open the form of a new announcement."""
        return await self.olga.slash(self.channel, "announce post", **options)

    async def preview(self, form: dict[str, str] | None = None, **options: Any) -> ResponseMessage:
        """Fill in the form of a new announcement, and look at the preview."""
        return shown(await self.olga.submit_modal(await self.form(**options), {**FORM, **(form or {})}))

    async def announce(self, form: dict[str, str] | None = None, **options: Any) -> ResponseMessage:
        """Post or schedule an announcement, and read what became of it."""
        preview = await self.preview(form, **options)
        await self.olga.click(preview, label="Schedule" if "Schedule" in buttons_of(preview) else "Send")
        return preview

    async def edited(self, command: str, form: dict[str, str], **options: Any) -> ResponseMessage:
        """Open the form of an announcement that is there already, change it, and look at the preview."""
        opened = await self.olga.slash(self.channel, f"announce {command}", announcement="1", **options)
        return shown(await self.olga.submit_modal(opened, {**fields(opened), **form}))

    async def listed(self) -> dict[str, str]:
        answer = await self.olga.slash(self.channel, "announce list")
        assert answer.ephemeral
        assert_within_limits(shown(answer))
        return {field.name or "": field.value or "" for field in embed_of(answer).fields}

    async def record(self) -> list[AuditEntry]:
        return await self.server.bot.store.audit()

    def another_server(self, name: str = "MLSys workshops", *, channel: str = "announcements") -> GuildHandle:
        guild = self.server.env.create_guild(name)
        guild.create_text_channel(channel)
        return guild


_halls: list[Hall] = []


@pytest.fixture(autouse=True)
def nothing_but_refusals() -> Iterator[None]:
    """Check that no command failed but by refusing, which SimCord takes for an error as well."""
    _halls.clear()
    yield
    errors = [error for hall in _halls for error in hall.server.env._errors]
    assert [error for error in errors if not isinstance(error.__cause__, Trouble)] == []


OpenHall = Callable[..., Awaitable[Hall]]


@pytest.fixture
def open_hall(start_server: StartServer, tmp_path: Path) -> OpenHall:
    """Start a server with a small programme; keywords replace tables of the configuration."""

    async def opened(**tables: Any) -> Hall:
        page = tmp_path / "page.txt"
        page.write_text("Session\nSystems\nHall A\nA Paper\nAda Lovelace\nWhat it is about.\n", encoding="utf-8")
        fixed = {"programme": {"source": page}, "announcements": CONFIGURED, "discord": DISCORD}
        hall = Hall(await start_server(check_errors=False, **{**fixed, **tables}))
        _halls.append(hall)
        await hall.server.env.settle()
        return hall

    return opened


@pytest.fixture
async def hall(open_hall: OpenHall) -> Hall:
    return await open_hall()


def fields(opened: InteractionResult) -> dict[str, str]:
    """Return what stands in the fields of a form."""
    assert opened.modal
    return {
        label["component"]["custom_id"]: label["component"].get("value") or "" for label in opened.modal["components"]
    }


def note(message: ResponseMessage) -> str:
    """Return what a preview tells beside the announcement, or what became of one."""
    return message.embeds[-1].description or ""


def texts(channel: ChannelHandle) -> list[str]:
    return [message.embeds[0].description or "" for message in channel.history()]


def deny(server: Server, channel: ChannelHandle, **permissions: bool) -> None:
    """Take permissions in a channel from everybody."""
    everyone = channel.guild.default_role.id if channel.guild else 0
    rule = Overwrite(everyone, OverwriteType.ROLE, 0, discord.Permissions(**permissions).value)
    server.env.backend.set_overwrite(channel.id, rule)


def dismiss(hall: Hall) -> None:
    """Take the organizer's role away; Discord still shows them the command."""
    guild = hall.server.guild
    hall.server.env.backend.add_member_role(guild.id, hall.olga.id, guild.roles["Staff"].id)
    hall.server.env.backend.remove_member_role(guild.id, hall.olga.id, guild.roles["Organizers"].id)


def posts(server: Server) -> list[dict[str, Any]]:
    """Return the messages that the bot sent to channels, as they went to Discord; the log is not among them."""
    log = server.guild.channels["bot-log"].id
    return [
        entry.json or {}
        for entry in server.env.http_requests
        if entry.method == "POST" and entry.path.endswith("/messages") and str(log) not in entry.path
    ]


def states(server: Server) -> list[str]:
    with sqlite3.connect(server.config.database.path) as database:
        rows = database.execute("SELECT state FROM delivery WHERE kind = 'announcement' ORDER BY key").fetchall()
    database.close()
    return [state for (state,) in rows]


# --- a preview, and then what it shows


async def test_the_form_asks_for_what_an_announcement_has(hall: Hall) -> None:
    opened = await hall.form(when="in 20 minutes")

    assert fields(opened) == {"title": "", "text": "", "link": "", "image": "", "when": "in 20 minutes"}
    assert opened.modal
    required = [part["component"]["custom_id"] for part in opened.modal["components"] if part["component"]["required"]]
    assert required == ["title", "text"]


async def test_nothing_is_posted_before_send_and_then_exactly_what_was_shown(hall: Hall) -> None:
    form = {**FORM, "link": "https://example.org/lunch", "image": "https://example.org/lunch.png"}

    preview = await hall.preview(form, role=hall.attendees)

    assert preview.ephemeral
    assert_within_limits(preview)
    assert list(buttons_of(preview)) == ["See the schedule", "Send", "Edit", "Cancel"]
    assert preview.embeds[1].title == "Preview: nothing is posted yet"
    assert posts(hall.server) == []
    assert hall.news.history() == []
    before, content = preview.embeds[0].to_dict(), preview.content

    await hall.olga.click(preview, label="Send")

    (message,) = hall.news.history()
    assert message.embeds[0].to_dict() == before
    assert message.embeds[0].description == FORM["text"]
    assert message.embeds[0].url == form["link"]
    assert message.embeds[0].image.url == form["image"]
    assert message.content == content == hall.attendees.mention
    assert list(buttons_of(message)) == ["See the schedule"]
    assert buttons_of(preview) == {}
    assert f"✅ {hall.news.mention}: [the message](<{message.jump_url}>)" in note(preview)


async def test_the_buttons_of_the_preview_and_of_the_message_show_the_schedule(hall: Hall) -> None:
    preview = await hall.preview()
    titles = {embed_of(await hall.olga.click(preview, label="See the schedule")).title}
    await hall.olga.click(preview, label="Send")
    ann = hall.server.member("ann")

    result = await ann.click(hall.news.history()[0], label="See the schedule")

    assert result.ephemeral
    assert {embed_of(result).title} == titles


async def test_cancelling_the_preview_posts_nothing(hall: Hall) -> None:
    preview = await hall.preview()

    await hall.olga.click(preview, label="Cancel")

    assert preview.embeds[0].title == "Nothing was posted."
    assert buttons_of(preview) == {}
    assert posts(hall.server) == []
    assert await hall.record() == []


async def test_editing_the_preview_opens_the_form_as_it_was_filled_in(hall: Hall) -> None:
    preview = await hall.preview({"link": "https://example.org"}, role=hall.attendees)
    stale, rows = buttons_of(preview)["Send"]["custom_id"], preview.components

    again = await hall.olga.click(preview, label="Edit")
    assert fields(again) == {**FORM, "link": "https://example.org", "image": ""}
    result = await hall.olga.submit_modal(again, {**FORM, "text": "Lunch is in hall C."})

    assert shown(result).id == preview.id
    assert preview.embeds[0].description == "Lunch is in hall C."
    assert posts(hall.server) == []
    refused = await pressed(hall.olga, preview, stale, rows)
    assert "Nothing was changed" in shown(refused).content
    assert posts(hall.server) == []
    await hall.olga.click(preview, label="Send")
    assert texts(hall.news) == ["Lunch is in hall C."]
    assert hall.news.history()[0].content == hall.attendees.mention


async def pressed(
    who: MemberActor, message: ResponseMessage, custom_id: str, rows: list[dict[str, Any]] | None = None
) -> InteractionResult:
    """Press a button of a message as it was, or one that was never shown to them."""
    stored = who._env.backend.get_message(message.channel_id, message.id)
    now, stored.components = stored.components, rows or stored.components
    data = {"custom_id": custom_id, "component_type": discord.ComponentType.button.value}
    result = await _component_interaction(who, stored, data)
    stored.components = now
    assert isinstance(result, InteractionResult)
    return result


async def test_pressing_send_twice_sends_once(hall: Hall) -> None:
    preview = await hall.preview()
    custom_id, rows = buttons_of(preview)["Send"]["custom_id"], preview.components

    await hall.olga.click(preview, label="Send")
    again = await pressed(hall.olga, preview, custom_id, rows)

    assert len(hall.news.history()) == 1
    assert again.ephemeral
    assert "used already" in shown(again).content


async def test_a_preview_is_its_owners_alone(hall: Hall) -> None:
    preview = await hall.preview()
    otto = hall.server.member("otto", "Organizers")

    refused = await pressed(otto, preview, buttons_of(preview)["Send"]["custom_id"])

    assert refused.ephemeral
    assert "Nothing was changed" in shown(refused).content
    assert posts(hall.server) == []


async def test_after_a_restart_a_preview_says_that_nothing_was_done(hall: Hall) -> None:
    preview = await hall.preview()
    await hall.server.restart()

    for label in ("Send", "Edit", "Cancel"):
        result = await hall.olga.click(preview, label=label)
        assert result.ephemeral
        assert "Nothing was changed; use the command again." in shown(result).content
    assert posts(hall.server) == []


# --- who is pinged


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


async def test_everyone_is_not_pinged_even_if_the_database_says_so(open_hall: OpenHall) -> None:
    hall = await open_hall(announcements={"channels": ["announcements"], "roles": ["@everyone"]})
    now = hall.server.env.now()
    new = Announcement(0, Wording("Lunch", "Now."), "@everyone", now, hall.olga.id, now)

    await hall.server.bot.store.announcements.add(new, [hall.news.id])
    hall.server.bot.office.courier.wake()
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


async def test_without_configured_roles_every_role_is_refused_even_everyone_by_name(open_hall: OpenHall) -> None:
    hall = await open_hall(announcements={"channels": ["announcements"]})
    refused = await hall.form(role=hall.attendees)
    assert "may not ping Attendees. None is configured" in shown(refused).content

    tables = {"channels": ["announcements"], "roles": ["@everyone"]}
    await hall.server.restart(
        hall.server.config.model_copy(update={"announcements": Announcements.model_validate(tables)})
    )
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

    hall.another_server().create_role("Attendees", mentionable=True)
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


# --- what can go wrong is told before


async def test_a_channel_where_the_bot_may_not_write_is_told_before_and_after(hall: Hall) -> None:
    closed = hall.server.guild.create_text_channel("closed")
    deny(hall.server, closed, send_messages=True, embed_links=True)

    preview = await hall.preview(channel=closed, everywhere=True)

    assert f"⚠️ I can't post in {closed.mention}: I lack Send Messages, Embed Links." in note(preview)
    await hall.olga.click(preview, label="Send")
    assert f"❌ {closed.mention}: Discord refuses: Missing Permissions" in note(preview)
    assert f"✅ {hall.news.mention}" in note(preview)
    assert closed.history() == []
    assert len(hall.news.history()) == 1


FAULTS = [
    ({"title": "😀" * 129}, "The title has 258 characters, 2 more than the 256"),
    ({"text": "😀" * 2500}, "The text has 5,000 characters, 1,000 more than the 4,000"),
    ({"text": "   "}, "The text is empty."),
    ({"link": "example.org"}, "The link must be a whole address"),
    ({"image": "file:///etc/passwd"}, "The image's address must be a whole address"),
    ({"when": "yesterday 9:00"}, "“yesterday 9:00” is past"),
    ({"when": "banana"}, "I don't understand “banana”"),
]


async def test_what_can_not_be_sent_is_told_and_nothing_typed_is_lost(hall: Hall) -> None:
    for form, fault in FAULTS:
        preview = await hall.preview(form)

        assert f"❌ {fault}" in note(preview)
        assert list(buttons_of(preview)) == ["Edit", "Cancel"]
        assert_within_limits(preview)
        again = await hall.olga.click(preview, label="Edit")
        assert fields(again) == {"link": "", "image": "", **FORM, **form}
        await hall.olga.submit_modal(again, FORM)
        assert list(buttons_of(preview)) == ["See the schedule", "Send", "Edit", "Cancel"]
        await hall.server.rest()


async def test_the_longest_announcement_is_shown_and_posted_whole(hall: Hall) -> None:
    preview = await hall.preview({"title": "T" * 256, "text": "t" * 4000}, role=hall.attendees)
    assert_within_limits(preview)

    await hall.olga.click(preview, label="Send")

    (message,) = hall.news.history()
    assert_within_limits(message)
    assert (message.embeds[0].title, message.embeds[0].description) == ("T" * 256, "t" * 4000)


async def test_a_time_that_can_not_be_meant_is_refused_before_the_form_opens(hall: Hall) -> None:
    # The simulation begins at four in the afternoon by the conference's clocks.
    for when in ("yesterday 9:00", "15:00", "tomorrow", "soon", "1 Jan 2031 9:00"):
        refused = await hall.form(when=when)

        assert refused.modal is None
        assert refused.ephemeral
        assert f"“{when}”" in shown(refused).content


async def test_a_time_that_passes_before_send_is_told_and_nothing_goes_out(hall: Hall) -> None:
    preview = await hall.preview({"when": "in 5 minutes"})
    await hall.server.advance(400)

    refused = await hall.olga.click(preview, label="Schedule")

    assert refused.ephemeral
    assert "has passed meanwhile" in shown(refused).content
    assert posts(hall.server) == []
    again = await hall.olga.click(preview, label="Edit")
    await hall.olga.submit_modal(again, FORM)
    await hall.olga.click(preview, label="Send")
    assert len(hall.news.history()) == 1


async def test_without_a_channel_there_is_nowhere_to_post(open_hall: OpenHall) -> None:
    hall = await open_hall(announcements={"channels": ["nowhere"]})

    refused = await hall.form()

    assert refused.modal is None
    assert "Say in which channel" in shown(refused).content
    assert (await hall.form(channel=hall.news)).modal


async def test_the_same_text_some_minutes_later_is_warned_of_but_can_be_sent(hall: Hall) -> None:
    await hall.announce()
    await hall.server.advance(120)

    preview = await hall.preview({"title": "LUNCH"})
    assert re.search(r"⚠️ The same text went out <t:\d+:R>\.", note(preview))
    await hall.olga.click(preview, label="Send")
    assert len(hall.news.history()) == 2

    await hall.server.advance(16 * 60)
    assert "The same text" not in note(await hall.preview())


async def test_the_same_text_that_is_scheduled_is_warned_of(hall: Hall) -> None:
    await hall.announce({"when": "tomorrow 9:00"})

    assert "⚠️ The same text is scheduled for <t:" in note(await hall.preview())
    assert "The same text" not in note(await hall.preview({"text": "Something else"}))


# --- later


async def test_a_scheduled_one_goes_out_at_its_time_and_not_before(hall: Hall) -> None:
    preview = await hall.preview({"when": "in 20 minutes"})
    due = int(hall.server.env.now().timestamp()) + 1200
    shown_at = re.search(r"\*\*When:\*\* <t:(\d+):F> \(<t:\d+:R>\)", note(preview))
    assert shown_at
    assert abs(int(shown_at[1]) - due) <= 1

    await hall.olga.click(preview, label="Schedule")

    assert preview.embeds[0].title == "Scheduled"
    assert f"<t:{shown_at[1]}:F>" in note(preview)
    await hall.server.advance(1190)
    assert posts(hall.server) == []
    await hall.server.advance(15)
    assert texts(hall.news) == [FORM["text"]]
    await hall.server.advance(1800)
    assert len(hall.news.history()) == 1


async def test_a_scheduled_one_survives_restarts_and_is_there_once(hall: Hall) -> None:
    await hall.announce({"when": "in 20 minutes"}, role=hall.attendees)

    await hall.server.restart()
    await hall.server.advance(1210)
    assert len(hall.news.history()) == 1
    assert hall.news.history()[0].content == hall.attendees.mention
    await hall.server.restart()
    await hall.server.advance(600)
    assert len(hall.news.history()) == 1


async def test_one_that_was_sent_before_the_bot_died_is_recognised(hall: Hall) -> None:
    await hall.announce()
    # As it is when the bot dies between sending and writing that down.
    with sqlite3.connect(hall.server.config.database.path) as database:
        database.execute("UPDATE delivery SET state = 'claimed', message_id = NULL WHERE state = 'sent'")
    database.close()

    await hall.server.restart()
    await hall.server.advance(LEASE.total_seconds() + 60)

    assert len(hall.news.history()) == 1
    assert states(hall.server) == ["sent"]


async def test_one_that_was_missed_is_listed_as_missed(hall: Hall) -> None:
    await hall.announce({"when": "in 20 minutes"})
    with sqlite3.connect(hall.server.config.database.path) as database:
        database.execute("UPDATE delivery SET useful_until = due_at, due_at = datetime('2020-01-01')")
        database.execute("UPDATE delivery SET useful_until = due_at")
    database.close()

    await hall.server.restart()
    await hall.server.env.settle()

    assert hall.news.history() == []
    assert "missed, it could not be sent in time" in (await hall.listed())["Never went out"]
    refused = await hall.olga.slash(hall.channel, "announce edit", announcement="1")
    assert "It never went out" in shown(refused).content


async def test_the_list_tells_how_far_everything_is(hall: Hall) -> None:
    assert await hall.listed() == {}
    await hall.announce({"title": "Later *one*", "when": "tomorrow 9:00"})
    await hall.announce({"title": "Sooner", "text": "x", "when": "in 2 hours"})
    await hall.announce({"title": "Said", "text": "y"})
    closed = hall.server.guild.create_text_channel("closed")
    deny(hall.server, closed, send_messages=True)
    await hall.announce({"title": "Unsaid", "text": "z"}, channel=closed)

    listed = await hall.listed()

    assert list(listed) == ["Scheduled", "Never went out", "Sent"]
    sooner, later = listed["Scheduled"].splitlines()
    assert sooner.startswith("**Sooner**, <t:")
    assert later.startswith(r"**Later \*one\***, <t:")
    assert f"🕑 {hall.news.mention}" in later
    assert listed["Sent"].startswith("**Said**")
    assert "❌" in listed["Never went out"]
    assert "Missing Permissions" in listed["Never went out"]


async def test_many_long_ones_are_listed_within_the_limits(hall: Hall) -> None:
    channels = [hall.server.guild.create_text_channel(f"channel-{number}").id for number in range(30)]
    await hall.server.env.settle()
    now = hall.server.env.now()
    for number in range(30):
        wording = Wording("😀*" * 80, "text")
        new = Announcement(0, wording, None, now + timedelta(hours=number + 1), hall.olga.id, now)
        await hall.server.bot.store.announcements.add(new, channels)

    assert re.search(r"… and \d+ more$", (await hall.listed())["Scheduled"])
    choices = await hall.olga.autocomplete(hall.channel, "announce edit", "announcement", "")
    assert len(choices) == 25
    assert_within_limits(shown(await hall.olga.slash(hall.channel, "announce cancel", announcement="1")))


# --- editing and cancelling


async def test_a_scheduled_one_is_edited(hall: Hall) -> None:
    await hall.announce({"when": "18:00", "link": "https://example.org"}, role=hall.attendees)
    ((choice,),) = [await hall.olga.autocomplete(hall.channel, "announce edit", "announcement", "lun")]
    assert choice == {"name": "Lunch · Wed 31 Dec 18:00", "value": "1"}
    opened = await hall.olga.slash(hall.channel, "announce edit", announcement="1")
    assert fields(opened) == {**FORM, "link": "https://example.org", "image": "", "when": "2025-12-31 18:00 -0800"}

    preview = shown(await hall.olga.submit_modal(opened, {**fields(opened), "text": "In hall C.", "when": "17:00"}))
    assert preview.embeds[1].title == "Preview: nothing is changed yet"
    assert preview.content == hall.attendees.mention
    await hall.olga.click(preview, label="Save")

    assert preview.embeds[0].title == "Scheduled"
    await hall.server.advance(3600 + 60)
    assert texts(hall.news) == ["In hall C."]
    await hall.server.advance(3600)
    assert len(hall.news.history()) == 1


async def test_a_time_that_is_left_as_it_stands_stays_to_the_second(hall: Hall) -> None:
    await hall.server.advance(17)
    await hall.announce({"when": "in 20 minutes"})
    (before,) = await hall.server.bot.store.announcements.latest()

    preview = await hall.edited("edit", {"text": "In hall C."})
    await hall.olga.click(preview, label="Save")

    (after,) = await hall.server.bot.store.announcements.latest()
    assert after.announcement.due_at == before.announcement.due_at
    assert after.announcement.due_at.second != 0
    assert after.announcement.wording.text == "In hall C."


async def test_a_new_time_can_be_given_with_the_command_and_now_is_one(hall: Hall) -> None:
    await hall.announce({"when": "18:00"})

    preview = await hall.edited("edit", {}, when="now")
    assert "**When:** now" in note(preview)
    await hall.olga.click(preview, label="Save")

    assert f"✅ {hall.news.mention}" in note(preview)
    assert len(hall.news.history()) == 1
    await hall.server.advance(2 * 3600 + 60)
    assert len(hall.news.history()) == 1


async def test_what_has_gone_out_is_neither_edited_nor_cancelled_but_corrected(hall: Hall) -> None:
    await hall.announce()

    for command in ("edit", "cancel"):
        refused = await hall.olga.slash(hall.channel, f"announce {command}", announcement="1")
        assert refused.ephemeral
        assert "It has gone out already. Use </announce correct:" in shown(refused).content
        assert await hall.olga.autocomplete(hall.channel, f"announce {command}", "announcement", "") == []


async def test_an_announcement_that_is_none_is_told(hall: Hall) -> None:
    for command in ("edit", "cancel", "correct"):
        for number in ("2", "Lunch", "-1", "9" * 40, "²"):
            refused = await hall.olga.slash(hall.channel, f"announce {command}", announcement=number)

            assert refused.ephemeral
            assert "I don't know that announcement" in shown(refused).content
        await hall.server.rest()


async def test_one_that_goes_out_while_it_is_edited_is_not_changed(hall: Hall) -> None:
    await hall.announce({"when": "in 20 minutes"})
    preview = await hall.edited("edit", {"text": "Too late.", "when": "in 30 minutes"})
    await hall.server.advance(1210)

    result = await hall.olga.click(preview, label="Save")

    said = [message.content for message in result.followups]
    assert any("It has gone out already" in content for content in said)
    assert texts(hall.news) == [FORM["text"]]
    assert [entry.action for entry in await hall.record()] == ["announcement scheduled"]
    await hall.server.advance(1800)
    assert len(hall.news.history()) == 1


async def test_a_scheduled_one_is_cancelled_when_that_is_confirmed(hall: Hall) -> None:
    await hall.announce({"when": "in 20 minutes"})
    asked = await hall.olga.slash(hall.channel, "announce cancel", announcement="1")
    assert asked.ephemeral
    await hall.olga.click(shown(asked), label="Keep it")
    assert embed_of(asked).title == "It stays as it is."
    assert states(hall.server) == ["planned"]

    asked = await hall.olga.slash(hall.channel, "announce cancel", announcement="1")
    await hall.olga.click(shown(asked), label="Cancel it")

    assert embed_of(asked).title == "Cancelled"
    assert states(hall.server) == ["cancelled"]
    await hall.server.advance(3600)
    assert hall.news.history() == []
    for command in ("edit", "cancel", "correct"):
        refused = await hall.olga.slash(hall.channel, f"announce {command}", announcement="1")
        assert "It was cancelled." in shown(refused).content


async def test_one_that_goes_out_while_it_is_cancelled_is_there_and_that_is_told(hall: Hall) -> None:
    await hall.announce({"when": "in 20 minutes"})
    asked = await hall.olga.slash(hall.channel, "announce cancel", announcement="1")
    await hall.server.advance(1210)

    result = await hall.olga.click(shown(asked), label="Cancel it")

    assert any("It has gone out already" in message.content for message in result.followups)
    assert len(hall.news.history()) == 1
    assert [entry.action for entry in await hall.record()] == ["announcement scheduled"]


async def test_one_that_a_courier_holds_may_still_arrive_and_that_is_told(hall: Hall) -> None:
    await hall.announce({"when": "in 20 minutes"})
    with sqlite3.connect(hall.server.config.database.path) as database:
        until = (hall.server.env.now() + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
        database.execute(
            "UPDATE delivery SET state = 'claimed', batch = 'b', claimed_at = ?, claimed_until = ?", (until, until)
        )
    database.close()

    asked = await hall.olga.slash(hall.channel, "announce cancel", announcement="1")
    await hall.olga.click(shown(asked), label="Cancel it")

    assert embed_of(asked).title == "Cancelled, but not everywhere"
    assert "may still arrive" in (embed_of(asked).description or "")


async def test_one_that_discord_does_not_take_is_retried_until_it_is_cancelled(hall: Hall) -> None:
    fail(hall, hall.news)

    outcome = await hall.announce()
    assert f"⏳ {hall.news.mention}: not there yet, I keep trying" in note(outcome)
    assert "On its way" in await hall.listed()
    asked = await hall.olga.slash(hall.channel, "announce cancel", announcement="1")
    await hall.olga.click(shown(asked), label="Cancel it")
    hall.server.env.backend.faults.clear()
    await hall.server.advance(1800)

    assert hall.news.history() == []
    assert states(hall.server) == ["cancelled"]


def fail(hall: Hall, channel: ChannelHandle) -> None:
    """Let Discord take no message in a channel, for a reason that may pass."""
    hall.server.env.inject_error(
        "POST", f"/channels/{channel.id}/messages", status=409, message="Try again", times=None
    )


async def for_ever(*_args: object, **_options: object) -> None:
    await asyncio.sleep(3600)


async def test_nobody_waits_for_ever_for_one_that_is_not_sent(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.announcer._PATIENCE", 0.05)
    monkeypatch.setattr("bot.delivery.courier.Courier.next_settled", for_ever)
    preview = await hall.preview()
    await hall.server.bot.office.close()

    await hall.olga.click(preview, label="Send")

    assert f"🕑 {hall.news.mention}: to be sent" in note(preview)
    await hall.server.restart()
    await hall.server.env.settle()
    assert len(hall.news.history()) == 1


async def test_one_that_is_gone_from_the_database_is_given_up(hall: Hall) -> None:
    await hall.announce({"when": "in 20 minutes"})
    with sqlite3.connect(hall.server.config.database.path) as database:
        database.execute("DELETE FROM announcement")
    database.close()

    await hall.server.advance(1210)

    assert posts(hall.server) == []
    assert states(hall.server) == ["failed"]


async def test_one_that_discord_takes_later_is_there_once(hall: Hall) -> None:
    fail(hall, hall.news)
    outcome = await hall.announce()
    assert "I keep trying (409" in note(outcome)
    assert hall.news.history() == []

    hall.server.env.backend.faults.clear()
    await hall.server.advance(60)

    assert len(hall.news.history()) == 1
    assert "✅" in (await hall.listed())["Sent"]


# --- correcting


async def test_a_sent_one_is_corrected_everywhere_and_marked(hall: Hall) -> None:
    other = hall.another_server()
    await hall.announce(role=hall.attendees)
    await hall.server.advance(3600)
    (choice,) = await hall.olga.autocomplete(hall.channel, "announce correct", "announcement", "")
    assert choice["value"] == "1"
    opened = await hall.olga.slash(hall.channel, "announce correct", announcement="1")
    assert fields(opened) == {"title": "Lunch", "text": FORM["text"], "link": "", "image": ""}
    assert opened.modal
    assert opened.modal["title"] == "Correct the announcement"

    preview = shown(await hall.olga.submit_modal(opened, {"title": "Lunch", "text": "In hall C."}))
    assert preview.embeds[1].title == "Preview: nothing is corrected yet"
    assert "nobody; a correction is silent" in note(preview)
    assert texts(hall.news) == [FORM["text"]]
    before = len(posts(hall.server))
    await hall.olga.click(preview, label="Send correction")

    for channel in (hall.news, other.channels["announcements"]):
        (message,) = channel.history()
        assert message.embeds[0].description == "In hall C."
        assert message.embeds[0].footer.text == "Corrected"
        assert message.embeds[0].timestamp is not None
        assert list(buttons_of(message)) == ["See the schedule"]
        assert f"corrected: [the message](<{message.jump_url}>)" in note(preview)
    assert hall.news.history()[0].content == hall.attendees.mention
    assert len(posts(hall.server)) == before
    assert "(corrected)" in (await hall.listed())["Sent"]


async def test_a_message_that_can_not_be_corrected_is_told(hall: Hall) -> None:
    second, third = (hall.server.guild.create_text_channel(name) for name in ("second", "third"))
    await hall.announce(channel=second, also=third, everywhere=True)
    hall.server.env.backend.delete_message(hall.news.id, hall.news.history()[0].id)
    hall.server.env.inject_error(
        "PATCH", f"/channels/{third.id}/messages/*", status=403, code=50001, message="Missing Access", times=None
    )

    preview = await hall.edited("correct", {"text": "In hall C."})
    await hall.olga.click(preview, label="Send correction")

    assert f"✅ {hall.news.mention}: not corrected: the message was deleted there" in note(preview)
    assert f"✅ {third.mention}: not corrected: Discord refuses: Missing Access" in note(preview)
    assert f"✅ {second.mention}: corrected" in note(preview)
    assert texts(second) == ["In hall C."]
    assert texts(third) == [FORM["text"]]


async def test_a_correction_that_takes_discord_long_is_told(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    await hall.announce()
    preview = await hall.edited("correct", {"text": "In hall C."})
    monkeypatch.setattr("bot.announcer._PATIENCE", 0.05)
    monkeypatch.setattr(discord.PartialMessage, "edit", for_ever)

    await hall.olga.click(preview, label="Send correction")

    assert "not corrected: Discord did not answer in time; correct it once more" in note(preview)


async def test_a_channel_that_is_gone_is_told_when_it_is_corrected(hall: Hall) -> None:
    second = hall.server.guild.create_text_channel("second")
    await hall.announce(channel=second, everywhere=True)
    hall.server.env.backend.delete_channel(second.id)
    await hall.server.env.settle()

    preview = await hall.edited("correct", {"text": "In hall C."})
    await hall.olga.click(preview, label="Send correction")

    assert "a channel that is gone: not corrected: the channel is gone" in note(preview)
    assert texts(hall.news) == ["In hall C."]


async def test_one_that_arrives_while_it_is_corrected_is_corrected_too(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hall.announce()
    (message,) = hall.news.history()

    def write_down(statement: str, *values: object) -> None:
        with sqlite3.connect(hall.server.config.database.path) as database:
            database.execute(statement, values)
        database.close()

    # As it is while a courier sends it.
    later = (hall.server.env.now() + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
    write_down("UPDATE delivery SET state = 'claimed', message_id = NULL, claimed_until = ?", later)

    async def arrive(_courier: object) -> None:
        write_down("UPDATE delivery SET state = 'sent', message_id = ?", message.id)

    monkeypatch.setattr("bot.delivery.courier.Courier.next_settled", arrive)
    preview = await hall.edited("correct", {"text": "In hall C."})
    assert "on its way" in note(preview)
    await hall.olga.click(preview, label="Send correction")

    assert texts(hall.news) == ["In hall C."]


async def test_what_has_not_arrived_yet_says_what_it_was_corrected_to(hall: Hall) -> None:
    second = hall.server.guild.create_text_channel("second")
    fail(hall, second)
    await hall.announce(channel=second, everywhere=True)
    refused = await hall.olga.slash(hall.channel, "announce edit", announcement="1")
    assert "has arrived in part" in shown(refused).content

    preview = await hall.edited("correct", {"text": "In hall C."})
    await hall.olga.click(preview, label="Send correction")
    assert texts(hall.news) == ["In hall C."]
    assert texts(second) == []
    hall.server.env.backend.faults.clear()
    await hall.server.advance(120)

    assert texts(second) == ["In hall C."]
    assert second.history()[0].embeds[0].footer.text == "Corrected"


async def test_what_is_scheduled_is_edited_and_not_corrected(hall: Hall) -> None:
    await hall.announce({"when": "tomorrow 9:00"})

    refused = await hall.olga.slash(hall.channel, "announce correct", announcement="1")

    assert "It has not gone out yet: use </announce edit:" in shown(refused).content
    assert await hall.olga.autocomplete(hall.channel, "announce correct", "announcement", "") == []


# --- several channels and servers


async def test_it_goes_to_the_configured_channels_of_every_server(hall: Hall) -> None:
    workshops = hall.another_server()
    role = workshops.create_role("Attendees", mentionable=True)
    hall.another_server("Somebody else's", channel="lobby")

    preview = await hall.preview(role=hall.attendees)
    assert f"- {hall.news.mention} in MLSys 2026" in note(preview)
    assert f"- {workshops.channels['announcements'].mention} in MLSys workshops" in note(preview)
    assert "⚠️ Somebody else's hears nothing: it has no channel that is configured" in note(preview)
    await hall.olga.click(preview, label="Send")

    assert [message.content for message in hall.news.history()] == [hall.attendees.mention]
    assert [message.content for message in workshops.channels["announcements"].history()] == [role.mention]
    assert note(preview).count("✅") == 2


async def test_a_server_without_the_role_hears_it_without_a_ping_and_that_is_told_before(hall: Hall) -> None:
    workshops = hall.another_server()
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
    workshops = hall.another_server()
    workshops.create_role("Attendees", mentionable=True)
    namesake = hall.server.guild.create_role("Attendees", mentionable=True)
    await hall.server.env.settle()

    assert "may not ping" in shown(await hall.form(role=namesake)).content
    await hall.announce(role=hall.attendees)

    assert hall.news.history()[0].content == hall.attendees.mention
    assert workshops.channels["announcements"].history()[0].content == ""


async def test_a_channel_that_is_named_is_the_only_one(hall: Hall) -> None:
    workshops = hall.another_server()
    await hall.announce(channel=hall.channel)

    assert len(hall.channel.history()) == 1
    assert hall.news.history() == []
    assert workshops.channels["announcements"].history() == []


async def test_several_channels_hear_it_once_each(hall: Hall) -> None:
    await hall.announce(channel=hall.channel, also=hall.news, everywhere=True)

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
    monkeypatch.setattr("bot.announcer._PATIENCE", 0.05)
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
    assert "a channel that is gone: it is gone or hidden" in (await hall.listed())["Sent"]


# --- who may

Use = Callable[[Hall, MemberActor], Awaitable[InteractionResult]]


def command(name: str, **options: Any) -> Use:
    return lambda hall, who: who.slash(hall.channel, f"announce {name}", **options)


COMMANDS: dict[str, Use] = {
    "post": command("post"),
    "list": command("list"),
    "edit": command("edit", announcement="1"),
    "cancel": command("cancel", announcement="1"),
    "correct": command("correct", announcement="1"),
}


@pytest.mark.parametrize("role", ["Staff", "Moderators"])
async def test_who_is_no_organizer_is_refused_privately_and_politely(
    hall: Hall, caplog: pytest.LogCaptureFixture, role: str
) -> None:
    await hall.announce({"when": "tomorrow 9:00"})
    somebody = hall.server.member("somebody", role)

    for name, use in COMMANDS.items():
        refused = await use(hall, somebody)

        assert refused.modal is None
        assert refused.ephemeral
        assert "This is for organizers only." in shown(refused).content
        assert f"refused: user {somebody.id} may not use announce {name}" in caplog.text
    assert states(hall.server) == ["planned"]


async def test_discord_hides_the_commands_from_attendees_and_in_direct_messages(hall: Hall) -> None:
    ann = hall.server.member("ann")
    for use in COMMANDS.values():
        with pytest.raises(SetupError, match="default-member-permissions"):
            await use(hall, ann)
    assert not any("announce" in name for name in hall.olga.user.available_commands())


async def test_suggestions_are_for_organizers_alone(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    await hall.announce({"title": "Sent"})
    await hall.announce({"title": "Planned", "text": "x", "when": "tomorrow 9:00"})
    for name in ("edit", "cancel", "correct"):
        assert len(await hall.olga.autocomplete(hall.channel, f"announce {name}", "announcement", "")) == 1

        for role in ("Staff", "Moderators"):
            somebody = hall.server.member(f"{role}-{name}".lower(), role)
            assert await somebody.autocomplete(hall.channel, f"announce {name}", "announcement", "") == []
            assert f"refused: user {somebody.id} may not use announce {name}" in caplog.text


async def test_suggestions_are_those_with_the_words_the_latest_first(hall: Hall) -> None:
    for title in ("Lunch", "Dinner", "Late lunch"):
        await hall.announce({"title": title, "text": title})
        await hall.server.advance(60)

    choices = await hall.olga.autocomplete(hall.channel, "announce correct", "announcement", "LUN")

    assert [choice["value"] for choice in choices] == ["3", "1"]


async def test_a_role_that_is_taken_away_after_the_preview_counts(hall: Hall) -> None:
    preview = await hall.preview()
    dismiss(hall)

    for label in ("Send", "Edit", "Cancel"):
        refused = await hall.olga.click(preview, label=label)

        assert refused.ephemeral
        assert refused.modal is None
        assert "This is for organizers only." in shown(refused).content
    assert posts(hall.server) == []
    assert await hall.record() == []


async def test_a_role_that_is_taken_away_while_the_form_is_open_counts(hall: Hall) -> None:
    opened = await hall.form()
    dismiss(hall)

    refused = await hall.olga.submit_modal(opened, FORM)

    assert refused.ephemeral
    assert "This is for organizers only." in shown(refused).content
    assert buttons_of(shown(refused)) == {}


async def test_a_role_that_is_taken_away_before_the_cancellation_counts(hall: Hall) -> None:
    await hall.announce({"when": "tomorrow 9:00"})
    asked = await hall.olga.slash(hall.channel, "announce cancel", announcement="1")
    dismiss(hall)

    for label in ("Cancel it", "Keep it"):
        refused = await hall.olga.click(shown(asked), label=label)

        assert "This is for organizers only." in shown(refused).content
    assert states(hall.server) == ["planned"]


async def test_a_role_that_is_taken_away_before_the_correction_counts(hall: Hall) -> None:
    await hall.announce()
    preview = await hall.edited("correct", {"text": "Wrong."})
    dismiss(hall)

    refused = await hall.olga.click(preview, label="Send correction")

    assert "This is for organizers only." in shown(refused).content
    assert texts(hall.news) == [FORM["text"]]


async def test_a_button_of_another_version_of_the_bot_gets_a_plain_answer(hall: Hall) -> None:
    preview = await hall.preview()
    rows = preview.components
    rows[1]["components"][0]["custom_id"] = "announce:shout:12345678"

    result = await pressed(hall.olga, preview, "announce:shout:12345678", rows)

    assert result.ephemeral
    assert "I no longer understand this button" in shown(result).content
    assert posts(hall.server) == []


# --- what is recorded


async def test_everything_that_changes_something_is_recorded_with_before_and_after(hall: Hall) -> None:
    env = hall.server.env
    await hall.announce(role=hall.attendees)
    await hall.announce({"title": "Dinner", "when": "tomorrow 9:00"})
    opened = await hall.olga.slash(hall.channel, "announce edit", announcement="2")
    edited = shown(await hall.olga.submit_modal(opened, {**fields(opened), "text": "In hall D."}))
    await hall.olga.click(edited, label="Save")
    asked = await hall.olga.slash(hall.channel, "announce cancel", announcement="2")
    await hall.olga.click(shown(asked), label="Cancel it")
    corrected = await hall.edited("correct", {"text": "In hall C."})
    await hall.olga.click(corrected, label="Send correction")

    record = list(reversed(await hall.record()))

    assert [(entry.action, entry.about) for entry in record] == [
        ("announcement sent", "Lunch"),
        ("announcement scheduled", "Dinner"),
        ("announcement changed", "Dinner"),
        ("announcement cancelled", "Dinner"),
        ("announcement corrected", "Lunch"),
    ]
    assert {entry.user_id for entry in record} == {hall.olga.id}
    assert all(timedelta() <= env.now() - entry.at < timedelta(minutes=1) for entry in record)
    sent, scheduled, changed, cancelled, fixed = record
    assert sent.before is None
    assert sent.after
    assert all(part in sent.after for part in ("title: Lunch", FORM["text"], "pings: Attendees", str(hall.news.id)))
    morning = datetime(2026, 1, 1, 9, tzinfo=ZONE).astimezone(env.now().tzinfo)
    assert f"time: {morning:%Y-%m-%d %H:%M}:00 UTC" in (scheduled.after or "")
    assert (FORM["text"] in (changed.before or ""), "In hall D." in (changed.after or "")) == (True, True)
    assert ("In hall D." in (cancelled.before or ""), cancelled.after) == (True, None)
    assert (FORM["text"] in (fixed.before or ""), "In hall C." in (fixed.after or "")) == (True, True)
    assert [message.embeds[0].title for message in hall.log.history()] == [entry.action for entry in record]
    for message in hall.log.history():
        assert_within_limits(message)
        assert hall.olga.mention in (message.embeds[0].description or "")


async def test_a_log_channel_that_refuses_keeps_nobody_from_announcing(hall: Hall) -> None:
    deny(hall.server, hall.log, send_messages=True)

    outcome = await hall.announce()

    assert f"✅ {hall.news.mention}" in note(outcome)
    assert len(await hall.record()) == 1


async def test_a_failure_of_the_bots_own_is_answered_with_a_reference(
    open_hall: OpenHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = await open_hall()
    preview = await hall.preview()

    async def broken(*_args: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("bot.store.announcements.Announcements.add", broken)
    result = await hall.olga.click(preview, label="Send")

    assert any(re.search(r"Something went wrong \(ref \w+\)", message.content) for message in result.followups)
    assert posts(hall.server) == []


async def test_the_help_shows_the_commands_to_organizers(hall: Hall) -> None:
    result = await hall.olga.slash(hall.channel, "help")
    section = {field.name: field.value or "" for field in embed_of(result).fields}["For organizers"]
    assert [f"/announce {name}" in section for name in COMMANDS] == [True] * 5


async def test_an_organizer_of_a_server_that_is_not_the_conferences_own_is_an_attendee(
    start_server: StartServer,
) -> None:
    server = await start_server(
        discord={"organizers": ["Organizers"], "servers": [1]},
        announcements={"channels": ["general"]},
        check_errors=False,
    )
    role = server.guild.create_role("Organizers", permissions=discord.Permissions(manage_guild=True))
    stranger = server.guild.add_member(server.env.create_user("stranger"), roles=[role])

    refused = await stranger.slash(server.channel, "announce post")

    assert "for organizers only" in shown(refused).content
    assert server.bot.office.channels("general") == []

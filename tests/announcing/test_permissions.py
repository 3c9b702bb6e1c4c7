"""Who may announce."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.backend.errors import SetupError
from simcord.results import InteractionResult

from tests.support.announcing import FORM, Hall, dismiss, posts, pressed, states, texts
from tests.support.messages import buttons_of, embed_of, shown
from tests.support.server import StartServer

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


async def test_suggestions_are_for_organizers_alone(hall: Hall) -> None:
    await hall.announce({"title": "Sent"})
    await hall.announce({"title": "Planned", "text": "x", "when": "tomorrow 9:00"})
    for name in ("edit", "cancel", "correct"):
        assert len(await hall.olga.autocomplete(hall.channel, f"announce {name}", "announcement", "")) == 1

        for role in ("Staff", "Moderators"):
            somebody = hall.server.member(f"{role}-{name}".lower(), role)
            assert await somebody.autocomplete(hall.channel, f"announce {name}", "announcement", "") == []


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
    assert "I no longer understand this button or form" in shown(result).content
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

    assert "the conference's own server only" in shown(refused).content
    assert server.bot.services.channels.named("general") == []

"""When something goes wrong: what the user reads, and what the log keeps."""

import logging
import re
from pathlib import Path
from typing import NoReturn

import discord
import pytest
from discord import app_commands
from discord.ext import commands
from simcord.backend.errors import BackendError

from bot.client import ConferenceBot
from bot.errors import UserError
from tests.support.messages import buttons_of, embed_of, menu_id, shown
from tests.support.server import Server

SORRY = re.compile(r"Something went wrong \(ref ([0-9a-f]{4})\)")


class Defect(Exception):
    """What a programmer did not think of."""


def fail(*_args: object, **_options: object) -> NoReturn:
    raise Defect("the shelf fell down")


async def fail_later(*_args: object, **_options: object) -> NoReturn:
    raise Defect("the shelf fell down")


def reference(text: str) -> str:
    match = SORRY.search(text)
    assert match, f"no reference in {text!r}"
    return match[1]


def record_of(caplog: pytest.LogCaptureFixture, ref: str) -> logging.LogRecord:
    (record,) = (record for record in caplog.records if ref in record.getMessage())
    return record


def acknowledge(server: Server, *kinds: type[BaseException]) -> None:
    """Accept the errors that the test caused, and no others."""
    errors = [getattr(error, "original", error) for error in server.env.errors]
    assert all(isinstance(error, kinds) for error in errors), errors


class Faulty(commands.Cog):
    """Commands that fail after they have answered."""

    @app_commands.command()
    async def answered(self, interaction: discord.Interaction[ConferenceBot]) -> None:
        """Answer, then fail."""
        await interaction.response.send_message("So far so good", ephemeral=True)
        fail()

    @app_commands.command()
    async def deferred(self, interaction: discord.Interaction[ConferenceBot], wish: str) -> None:
        """Ask for patience, then fail."""
        await interaction.response.defer(ephemeral=True)
        fail(wish)

    @app_commands.command()
    async def mendable(self, interaction: discord.Interaction[ConferenceBot]) -> None:
        """Fail in a way that the user can mend."""
        raise UserError(f"Use /paper instead of /{interaction.command.name if interaction.command else ''}.")


@pytest.fixture
def server(small_server: Server) -> Server:
    return small_server


async def with_faulty(server: Server) -> None:
    await server.bot.add_cog(Faulty())
    await server.bot.tree.sync()


async def test_a_failing_command_answers_privately_with_a_reference(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.bot.services.lookup.service, "author", fail)
    ann = server.member("ann")

    result = await ann.slash(server.channel, "author", name="Qi Qi")

    assert SORRY.match(shown(result).content)
    assert result.ephemeral
    assert "shelf" not in shown(result).content
    acknowledge(server, Defect)


async def test_the_log_has_the_traceback_under_the_same_reference_with_what_was_asked(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server.bot.services.lookup.service, "search", fail)
    ann = server.member("ann")

    result = await ann.slash(server.channel, "search", query="kv cache", author="Qi Qi")

    record = record_of(caplog, reference(shown(result).content))
    assert record.levelno == logging.ERROR
    assert record.exc_info
    assert record.exc_info[0] is Defect
    assert "/search" in record.getMessage()
    assert "query:'kv cache'" in record.getMessage()
    assert "author:'Qi Qi'" in record.getMessage()
    assert "the shelf fell down" in caplog.text
    acknowledge(server, Defect)


async def test_the_log_never_has_a_token(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(server.bot.services.lookup.service, "author", fail)
    monkeypatch.setattr(server.bot.services.questions, "answer", fail_later)
    ann = server.member("ann")
    session = await ann.slash(server.channel, "session")

    results = [
        session,
        await ann.slash(server.channel, "author", name="Qi Qi"),
        await ann.click(shown(session), label="Next"),
    ]

    assert len({reference(shown(result).content) for result in results[1:]}) == 2
    token = server.bot.http.token
    assert token
    assert token not in caplog.text
    for result in results:
        assert result._interaction.token not in caplog.text
    acknowledge(server, Defect)


@pytest.mark.parametrize(("command", "options"), [("answered", {}), ("deferred", {"wish": "tea"})])
async def test_a_command_that_fails_after_answering_still_tells(
    server: Server, caplog: pytest.LogCaptureFixture, command: str, options: dict[str, str]
) -> None:
    await with_faulty(server)
    ann = server.member("ann")

    result = await ann.slash(server.channel, command, **options)

    said = [message for message in (result.response, *result.followups) if message]
    assert all(message.ephemeral for message in said)
    ref = reference("\n".join(message.content for message in said))
    assert f"/{command}" in record_of(caplog, ref).getMessage()
    if command == "answered":
        assert said[0].content == "So far so good"
    acknowledge(server, Defect)


async def test_what_a_user_can_mend_is_said_as_it_is(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    await with_faulty(server)
    ann = server.member("ann")

    result = await ann.slash(server.channel, "mendable")

    assert shown(result).content == "Use /paper instead of /mendable."
    assert result.ephemeral
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    acknowledge(server, UserError)


async def test_a_command_that_fails_in_a_direct_message_answers_there(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server.bot.services.lookup.service, "paper", fail)
    uma = server.env.create_user("uma")

    result = await uma.slash("paper", paper="12")

    assert "paper:'12'" in record_of(caplog, reference(shown(result).content)).getMessage()
    acknowledge(server, Defect)


async def test_a_failure_in_a_channel_for_public_answers_is_told_privately(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = server.config.discord.model_copy(update={"public_channels": ("general",)})
    await server.restart(server.config.model_copy(update={"discord": table}))
    monkeypatch.setattr(server.bot.services.lookup.service, "author", fail)
    ann = server.member("ann")

    result = await ann.slash(server.channel, "author", name="Qi Qi")

    assert SORRY.match(shown(result).content)
    assert result.ephemeral
    acknowledge(server, Defect)


@pytest.mark.parametrize("label", ["Next", "Share", "Open a paper"])
async def test_a_failing_button_or_menu_answers_and_leaves_the_message(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, label: str
) -> None:
    ann = server.member("ann")
    session = await ann.slash(server.channel, "session")
    before = shown(session).embeds[0].to_dict(), shown(session).components
    monkeypatch.setattr(server.bot.services.questions, "answer", fail_later)

    if label == "Open a paper":
        result = await ann.select(shown(session), ["paper:0:agenticcache"], custom_id=menu_id(shown(session), label))
    else:
        result = await ann.click(shown(session), label=label)

    record = record_of(caplog, reference(shown(result).content))
    assert result.ephemeral
    assert ("paper:0:agenticcache" if label == "Open a paper" else "session:") in record.getMessage()
    assert record.exc_info
    assert record.exc_info[0] is Defect
    assert (shown(session).embeds[0].to_dict(), shown(session).components) == before
    acknowledge(server, Defect)


async def test_sharing_that_fails_half_way_is_told_and_can_be_tried_again(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    paper = await ann.slash(server.channel, "paper", paper="12")
    server.env.inject_error("POST", "/webhooks/*", status=403, code=50013, message="Missing Permissions")

    failed = await ann.click(shown(paper), label="Share")

    ref = reference("\n".join(message.content for message in failed.followups))
    assert "share:" in record_of(caplog, ref).getMessage()
    assert server.channel.history(viewer=bob) == []
    assert not buttons_of(shown(paper)).get("Share", {"disabled": True})["disabled"], (
        "it says “Shared”, but nobody saw it"
    )
    acknowledge(server, discord.HTTPException, BackendError)


async def test_failing_suggestions_are_none_and_harm_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ann = server.member("ann")
    with monkeypatch.context() as patch:
        patch.setattr(server.bot.services.library.edition.index.__class__, "suggest", fail)
        assert await ann.autocomplete(server.channel, "paper", "paper", "hippo") == []

    assert "the shelf fell down" in caplog.text
    result = await ann.slash(server.channel, "paper", paper="hippocampus")
    assert (embed_of(result).title or "").startswith("Hippocampus")
    choices = await ann.autocomplete(server.channel, "paper", "paper", "hippo")
    assert choices[0]["value"] == "hippocampus"
    acknowledge(server, Defect)


@pytest.mark.parametrize(
    ("status", "code", "message", "times"),
    [(404, 10062, "Unknown interaction", 1), (400, 50035, "Invalid Form Body", 2), (403, 50001, "Missing Access", 2)],
)
async def test_when_discord_takes_no_answer_the_bot_logs_it_and_lives_on(
    server: Server, caplog: pytest.LogCaptureFixture, status: int, code: int, message: str, times: int
) -> None:
    ann = server.member("ann")
    server.env.inject_error("POST", "/interactions/*/callback", status=status, code=code, message=message, times=times)

    refused = await ann.slash(server.channel, "paper", paper="hippocampus")

    assert refused.response is None
    assert message in caplog.text
    assert "/paper paper:'hippocampus'" in caplog.text
    assert refused._interaction.token not in caplog.text
    result = await ann.slash(server.channel, "paper", paper="hippocampus")
    assert (embed_of(result).title or "").startswith("Hippocampus")
    acknowledge(server, discord.HTTPException, BackendError)


async def test_when_discord_takes_no_answer_to_a_button_the_bot_logs_it_and_lives_on(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    ann = server.member("ann")
    session = await ann.slash(server.channel, "session")
    server.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062, message="Unknown interaction")

    await ann.click(shown(session), label="Next")

    assert "Unknown interaction" in caplog.text
    turned = await ann.click(shown(session), label="Next")
    assert embed_of(turned).footer.text == "Page 2 of 2"
    acknowledge(server, discord.HTTPException, BackendError)


async def test_a_database_that_fails_costs_an_answer_and_not_the_bot(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    ann = server.member("ann")
    database = server.config.database.path
    for file in filter(Path.is_file, database.parent.glob(f"{database.name}*")):
        file.write_bytes(b"this is no database " * 500)

    failed = await ann.slash(server.channel, "remindme")

    assert "/remindme" in record_of(caplog, reference(shown(failed).content)).getMessage()
    found = await ann.slash(server.channel, "search", query="cache")
    assert (embed_of(found).title or "").startswith("Results")
    result = await ann.slash(server.channel, "paper", paper="hippocampus")
    assert (embed_of(result).title or "").startswith("Hippocampus")
    _ = server.env.errors


async def test_what_follows_an_answer_and_fails_is_logged_and_told_to_nobody(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_interaction: object, _answer: object) -> None:
        raise Defect

    server.services.responder.after_answer(broken)
    ann = server.member("ann")

    result = await ann.slash(server.channel, "paper", paper="hippocampus")

    assert (embed_of(result).title or "").startswith("Hippocampus")
    assert result.followups == []
    (failed,) = (record for record in caplog.records if "what follows the answer" in record.message)
    assert failed.exc_info

"""Asking the bot in the terminal: what is typed, and how the answers are laid out."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.client import ConferenceBot
from bot.clock import SystemClock
from bot.delivery.discord_time import DiscordTime
from bot.errors import UserError
from bot.permissions import Audience
from bot.preview.ask import ask, parse
from bot.services import Services
from bot.sources.fetch import Fetcher
from tests.support.server import MakeConfig, config_in

Ask = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def asking(make_config: MakeConfig, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask some questions; return the exit status and what was printed."""

    async def run(
        *questions: str, audience: Audience = Audience.ATTENDEE, as_json: bool = False, **tables: Any
    ) -> tuple[int, str]:
        status = await ask(make_config(**tables), questions, audience, as_json=as_json)
        return status, capsys.readouterr().out

    return run


async def test_a_paper_is_laid_out_to_be_read(asking: Ask) -> None:
    status, output = await asking("/paper paper:AgenticCache")
    assert status == 0
    lines = output.splitlines()
    assert lines[:3] == [
        "attendee: /paper paper:AgenticCache",
        "┌─ only you see this",
        "│ AgenticCache: Cache-Driven Asynchronous Planning for Embodied AI Agents",
    ]
    assert "│ Authors:" in lines
    assert "│     Hojoon Kim, Yuheng Wu, Thierry Tambe" in lines
    assert "│     time not announced" in lines
    assert "(key:" not in output
    assert any("[Share]" in line and "[Similar papers]" in line for line in lines)
    assert "│ [Open an author ▾]" in lines
    assert "│     ▸ Hojoon Kim" in lines
    assert lines[-2:] == ["└─", ""]
    assert max(map(len, lines)) <= 102


async def test_what_is_there_for_discord_alone_is_undone(asking: Ask) -> None:
    times = {"poster-session-1-opening": {"start": "2026-05-18T18:00:00", "end": "2026-05-18T20:00:00"}}
    _, output = await asking("/session", "/help", "/paper paper:db-SP", sessions=times)
    assert "2026-05-19 01:00 UTC" in output
    assert "<t:" not in output
    assert "</" not in output
    assert "/paper" in output
    assert "\\" not in output


async def test_a_disabled_button_is_told_from_one_that_can_be_pressed(asking: Ask) -> None:
    _, output = await asking("/session")
    assert "(Previous)" in output
    assert "[Next]" in output


async def test_a_long_entry_of_a_menu_stays_under_its_beginning(asking: Ask) -> None:
    _, output = await asking("/session")
    _, _, menu = output.partition("│ [Open a paper ▾]\n")
    entries = menu[: menu.index("│ [Bookmark")].splitlines()
    assert len(entries) > 10
    assert [entry for entry in entries if not entry.startswith("│     ")] == []


async def test_several_questions_are_answered_in_order_in_one_server(asking: Ask) -> None:
    status, output = await asking("/paper paper:CSLE", "/author name:Zhang Yiying", "/search query:federated")
    assert status == 0
    first, second, third = output.strip().split("\n\n" + "attendee: ")
    assert "CSLE" in first
    assert "title not in the source" in first
    assert "Yiying Zhang" in second
    assert "OSWorld-Human" in second
    assert "federated" in third.casefold()


async def test_as_json_the_payloads_are_printed_as_they_go_to_discord(asking: Ask) -> None:
    status, output = await asking("/paper paper:AgenticCache", "/search query:cache", "/help", as_json=True)
    assert status == 0
    payloads = json.loads(output)
    assert len(payloads) == 3
    for payload in payloads:
        data = payload["data"]
        assert data["flags"] & 64
        assert data["allowed_mentions"] == {"parse": []}
        assert len(data["embeds"]) == 1
    paper, search, helped = (payload["data"] for payload in payloads)
    assert "AgenticCache" in paper["embeds"][0]["title"]
    assert {component["label"] for component in paper["components"][0]["components"]} >= {"Share", "Similar papers"}
    assert search["components"]
    assert "MLSys 2026" in helped["embeds"][0]["title"]


async def test_letters_of_all_languages_are_printed_as_they_are(asking: Ask) -> None:
    _, output = await asking("/paper paper:嗨 Ünïcode", as_json=True)
    assert "嗨 Ünïcode" in output


async def test_the_help_depends_on_who_asks(asking: Ask) -> None:
    helps = {audience: (await asking("/help", audience=audience))[1] for audience in Audience}
    assert all("/paper" in text for text in helps.values())
    assert "For moderators" in helps[Audience.MODERATOR]
    assert "For moderators" not in helps[Audience.ORGANIZER] + helps[Audience.ATTENDEE]
    assert helps[Audience.MODERATOR].startswith("moderator: /help\n")


async def test_whoever_asks_has_their_roles_whatever_the_configuration_calls_them(asking: Ask) -> None:
    _, output = await asking("/help", audience=Audience.MODERATOR, discord={"moderators": ["Chairs", 7]})
    assert "For moderators" in output


async def test_a_form_is_shown_with_what_is_filled_in(asking: Ask) -> None:
    status, printed = await asking("/programme fix paper paper:csle", audience=Audience.MODERATOR)

    assert status == 0
    assert "a form" in printed
    assert "Title:" in printed
    assert "Abstract: Reinforcement learning is a promising approach" in printed


async def test_the_configured_database_is_not_touched(asking: Ask, make_config: MakeConfig) -> None:
    await asking("/paper paper:1")
    assert not make_config().database.path.exists()


# --- what is typed


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> ConferenceBot:
    """A bot with its commands, which is all that reading a question needs."""

    async def with_commands() -> ConferenceBot:
        clock = SystemClock()
        bot = ConferenceBot(config_in(tmp_path_factory.mktemp("bot")), clock)
        bot.services = await Services.open(bot.config, clock, Fetcher(), bot, DiscordTime(clock))
        await bot.load_cogs()
        await bot.services.close()
        return bot

    return asyncio.run(with_commands())


@pytest.mark.parametrize(
    ("question", "name", "options"),
    [
        ("/help", "help", {}),
        ("help", "help", {}),
        ("  /help  ", "help", {}),
        ("/paper paper:AgenticCache", "paper", {"paper": "AgenticCache"}),
        (
            "/paper paper: db-SP: Accelerating Sparse Attention ",
            "paper",
            {"paper": "db-SP: Accelerating Sparse Attention"},
        ),
        (
            '/search query:"kv cache" -agent session:poster author:Li, Bo',
            "search",
            {"query": '"kv cache" -agent', "session": "poster", "author": "Li, Bo"},
        ),
        ("/search author:Bo Li query:a:b c: d", "search", {"author": "Bo Li", "query": "a:b c: d"}),
        ("/search query:subquery:x", "search", {"query": "subquery:x"}),
        ("/session session:1", "session", {"session": "1"}),
    ],
)
def test_a_command_is_typed_as_discord_shows_it(
    question: str, name: str, options: dict[str, str], bot: ConferenceBot
) -> None:
    asked = parse(question, bot)
    assert (asked.name, asked.options) == (name, options)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("/papers paper:x", "no such command"),
        ("/", "no such command"),
        ("", "no such command"),
        ("hello", "no such command"),
        ("/paperpaper:x", "no such command"),
        ("/help me", "/help has no options"),
        ("/paper AgenticCache", "“AgenticCache” is no option of /paper; options: paper:"),
        ("/paper title:x", "“title:x” is no option of /paper"),
        ("/search quickly query:x", "“quickly” is no option of /search; options: query:, session:, author:, track:, "),
        ("/paper paper:x paper:y", "paper"),
    ],
)
def test_what_is_no_command_is_explained_in_one_line(question: str, reason: str, bot: ConferenceBot) -> None:
    with pytest.raises(UserError) as caught:
        parse(question, bot)
    assert str(caught.value).startswith(f"{question!r}: ")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_a_missing_option_is_named(asking: Ask) -> None:
    with pytest.raises(UserError, match=r"^/author: .*name"):
        await asking("/author")

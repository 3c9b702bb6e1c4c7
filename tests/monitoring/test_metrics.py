"""The numbers for Prometheus, and whether the bot is well, asked over HTTP while it runs against the stand-in."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import discord as discord_py
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.client import ConferenceBot
from bot.preview.world import simulated
from tests.support.process import ROOT, TOKEN, started
from tests.support.running import PATIENCE, running_bot, until
from tests.support.server import SESSION_PAGE, config_in
from tests.support.stand_in import Guild, StandIn, discord_stand_in, faults

SESSION = "poster-session-1-opening"
QUERY = "speculative decoding"
MADE_UP = ("nobody:knows:this", "another-one", "x" * 100)


class Numbers:
    """What /metrics says."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._samples = {
            (sample.name.removeprefix("conference_bot_"), frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def of(self, name: str, /, **labels: str) -> float:
        return self._samples.get((name, frozenset(labels.items())), 0.0)

    def labels(self, name: str, label: str) -> set[str]:
        return {dict(labels)[label] for known, labels in self._samples if known == name}


async def asked(bot: ConferenceBot, path: str) -> tuple[int, str, str]:
    listener = bot.services.status.listener
    assert listener is not None
    async with aiohttp.ClientSession() as session, session.get(listener.address + path) as response:
        return response.status, response.content_type, await response.text()


async def numbers_of(bot: ConferenceBot) -> Numbers:
    status, kind, text = await asked(bot, "/metrics")
    assert (status, kind) == (200, "text/plain")
    return Numbers(text)


async def health_of(bot: ConferenceBot) -> tuple[int, dict[str, Any]]:
    status, kind, text = await asked(bot, "/healthz")
    assert kind == "application/json"
    return status, json.loads(text)


@asynccontextmanager
async def listening(folder: Path, **tables: Any) -> AsyncIterator[tuple[StandIn, ConferenceBot]]:
    config = config_in(
        folder,
        metrics={"listen": "127.0.0.1:0"},
        discord={"organizers": ["Organizers"], "strict_roles": True, "events": False, "welcome": False},
        announcements={"channels": ["announcements"]},
        **tables,
    )
    guild = Guild("announcements")
    guild.role("Organizers")
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config, hurry=0.1) as bot:
        yield discord, bot


async def until_asked(ask: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await ask():  # noqa: ASYNC110 - what is asked over HTTP tells nobody by itself
            await asyncio.sleep(0.05)


async def test_commands_and_their_time_are_counted_by_name_and_outcome_and_nothing_else_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(tmp_path) as (discord, bot):
        ada = discord.guild.person("ada-lovelace-1815")
        found = await discord.command(ada, "search", query=QUERY)
        await until(lambda: found.shown)
        suggested = await discord.suggest(ada, "paper", "paper", paper="cach")
        await until(lambda: suggested.acknowledged)
        refused = await discord.command(ada, "announce list")
        await until(lambda: refused.acknowledged)
        monkeypatch.setattr(bot.services.lookup.service, "author", lambda *_: 1 / 0)
        failed = await discord.command(ada, "author", name="Qi Qi")
        await until(lambda: failed.acknowledged)
        for custom_id in MADE_UP:
            button = {"type": 2, "style": 2, "label": "Press", "custom_id": custom_id}
            message = {**found.messages[0], "components": [{"type": 1, "components": [button]}]}
            await discord.press_on(ada, discord.guild.first, custom_id, message)

        async def all_counted() -> bool:
            counted = await numbers_of(bot)
            return counted.of("interactions_total", kind="button") == len(MADE_UP) == counted.of(
                "interaction_seconds_count", kind="button", name="unknown", outcome="refused"
            ) and bool(counted.of("interaction_seconds_count", kind="command", name="search", outcome="answered"))

        await until_asked(all_counted)
        numbers = await numbers_of(bot)

    def count(kind: str, name: str, outcome: str) -> float:
        return numbers.of("interaction_seconds_count", kind=kind, name=name, outcome=outcome)

    assert count("command", "search", "answered") == 1
    assert count("command", "announce list", "refused") == 1
    assert count("command", "author", "failed") == 1
    assert count("autocomplete", "paper", "answered") == 1
    assert numbers.of("interactions_total", kind="command") == 3
    assert numbers.of("interactions_total", kind="autocomplete") == 1
    slow = numbers.of("interaction_seconds_sum", kind="command", name="search", outcome="answered")
    assert 0 < slow < 60
    # What somebody makes up is no label: it would grow without end.
    assert numbers.labels("interaction_seconds_count", "name") == {
        "search",
        "announce list",
        "author",
        "paper",
        "unknown",
    }
    for text in (ada.id, "lovelace", discord.guild.id, discord.guild.first.id, *QUERY.split(), *MADE_UP, "Qi"):
        assert text not in numbers.text, text


async def test_an_interaction_that_was_answered_and_then_failed_is_counted_as_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise ZeroDivisionError

    async with listening(tmp_path) as (discord, bot):
        monkeypatch.setattr(bot.services.moderating.service, "reload", fail)
        # Where no roles are named, whoever may manage the server is a moderator.
        asked_for = await discord.command(discord.guild.person("mo"), "programme reload")
        await until(lambda: "Something went wrong" in str(asked_for.messages))
        assert asked_for.acknowledged

        async def counted() -> bool:
            numbers = await numbers_of(bot)
            labels = {"kind": "command", "name": "programme reload"}
            assert numbers.of("interaction_seconds_count", **labels, outcome="answered") == 0
            return numbers.of("interaction_seconds_count", **labels, outcome="failed") == 1

        await until_asked(counted)


async def test_rate_limits_and_requests_to_discord_are_counted(tmp_path: Path) -> None:
    async with listening(tmp_path) as (discord, bot):
        discord.fail(faults.MESSAGES, faults.limited(2, everywhere=True), times=1)
        discord.fail(faults.MESSAGES, faults.limited(1), times=1)
        channel = bot.get_channel(int(discord.guild.first.id))
        assert isinstance(channel, discord_py.TextChannel)
        await channel.send("Lunch")
        numbers = await numbers_of(bot)
    assert numbers.of("rate_limits_total", scope="global") == 1
    assert numbers.of("rate_limits_total", scope="user") == 1
    assert numbers.of("rate_limited_seconds_total") == 3
    assert numbers.of("discord_requests_total", method="POST", status="429") == 2
    assert numbers.of("discord_requests_total", method="POST", status="200") == 1
    assert numbers.of("discord_requests_total", method="PUT", status="200") == 1


async def test_the_programme_the_connection_and_the_outbox_are_told(tmp_path: Path) -> None:
    starts_at = datetime.now(UTC) + timedelta(days=2)
    tables = {
        "sessions": {SESSION: {"start": starts_at, "end": starts_at + timedelta(hours=2)}},
        "reminders": {"channel": "announcements", "minutes_before": [60, 10, 0]},
    }
    async with listening(tmp_path, **tables) as (discord, bot):
        olga = discord.guild.person("olga", "Organizers")

        async def planned() -> bool:
            return (await numbers_of(bot)).of("deliveries", state="planned") == 3

        await until_asked(planned)
        opened = await discord.command(olga, "announce post")
        await until(lambda: opened.form)
        preview = await discord.submit(olga, opened, title="Lunch", text="In hall B.", when="now")
        await until(lambda: preview.shown)
        await discord.press(olga, preview, "Send")
        await until(lambda: "Lunch" in "".join(discord.guild.first.texts))

        async def sent() -> bool:
            return (await numbers_of(bot)).of("deliveries", state="sent") == 1

        await until_asked(sent)
        numbers = await numbers_of(bot)
    assert numbers.of("papers") == 34
    assert numbers.of("sessions") == 1
    assert numbers.of("connected") == 1
    assert numbers.of("troubles") == 0
    assert numbers.of("overdue_deliveries") == 0
    assert numbers.of("outbox_age_seconds") == 0
    assert abs(numbers.of("last_sent_timestamp_seconds") - datetime.now(UTC).timestamp()) < 3600
    assert abs(numbers.of("programme_loaded_timestamp_seconds") - datetime.now(UTC).timestamp()) < 3600
    assert numbers.of("deliveries", state="failed") == 0
    assert "process_resident_memory_bytes" in numbers.text


async def test_a_watched_source_has_an_age(tmp_path: Path) -> None:
    async with listening(tmp_path, programme={"source": SESSION_PAGE, "refresh": "1 minute"}) as (_, bot):

        async def seen() -> bool:
            return (await numbers_of(bot)).labels("source_age_seconds", "source") == {SESSION_PAGE.name}

        await until_asked(seen)


async def test_health_is_200_while_all_is_well_and_503_while_discord_is_away(tmp_path: Path) -> None:
    async with listening(tmp_path) as (discord, bot):
        status, facts = await health_of(bot)
        assert status == 200
        assert facts["status"] == "ok"
        assert facts["connected"]
        assert facts["troubles"] == []
        discord.fail(faults.GATEWAY, faults.unavailable(503))
        await discord.gateway.cut()

        async def gone() -> bool:
            return (await health_of(bot))[0] == 503

        await until_asked(gone)
        _, facts = await health_of(bot)
        assert facts["status"] == "failing"
        assert not facts["connected"]
        assert (await numbers_of(bot)).of("connected") == 0
        discord.heal()

        async def back() -> bool:
            return (await health_of(bot))[0] == 200

        await until_asked(back)


async def test_numbers_come_also_where_the_database_can_not_be_read(tmp_path: Path) -> None:
    async with listening(tmp_path) as (_, bot):

        async def broken(*_: object) -> None:
            raise OSError("the disk is gone")

        bot.services.outbox.pulse = broken  # type: ignore[assignment, method-assign]
        bot.services.outbox.states = broken  # type: ignore[assignment, method-assign]
        status, facts = await health_of(bot)
        numbers = await numbers_of(bot)
    assert status == 503
    assert facts["troubles"] == ["unreadable"]
    assert numbers.of("connected") == 1
    assert str(numbers.of("deliveries", state="planned")) == "nan"


async def test_an_address_in_use_gets_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with started(tmp_path, level="error", more=f'[metrics]\nlisten = "127.0.0.1:{port}"\n') as bot:
            ended = await bot.ended()
    assert ended.status == 2
    (line,) = ended.errors.splitlines()
    assert line.startswith(f"metrics.listen: can't listen at 127.0.0.1:{port}: ")
    assert bot.stand_in.requests == []


async def test_without_an_address_there_is_nothing_to_ask_and_a_preview_never_listens(tmp_path: Path) -> None:
    with_address = config_in(tmp_path, metrics={"listen": "127.0.0.1:0"})
    async with simulated(with_address) as world:
        assert world.bot.services.status.listener is None
    code = "import sys, bot.client; print('prometheus_client' in sys.modules)"
    printed = subprocess.run(  # noqa: S603, ASYNC221 - this very Python, for a moment
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    ).stdout
    assert printed == "False\n"

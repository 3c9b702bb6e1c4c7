"""Whatever somebody presses or hands back, the bot answers in plain words and nothing breaks."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.ui.questions import NOT_UNDERSTOOD, QuestionKind
from tests.support.process import TOKEN
from tests.support.running import running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Exchange, Guild, Person, StandIn, discord_stand_in

STRANGE = (
    "",
    ":",
    "::::",
    "0",
    "-1",
    "²",
    "٣",
    "9" * 30,
    "1e9",
    "None",
    "\n",
    "a\nb",
    "\0",
    "'; DROP TABLE bookmark; --",
    "%s%n",
    "../../etc/passwd",
    "😀" * 20,
    "\u202e\u200b",
    "x" * 90,
    "0123abcd",
    "0" * 32,
    "deadbeef" * 4,
)
ACTIONS = (
    "send edit discard cancel keep apply sure page take undo history fixes unfix ignore export stop forget".split()
)
UNKNOWN = [
    "",
    "nothing",
    "nothing:at all",
    "0123456789abcdef" * 2,
    "a\nb:c",
    "ask",
    "ask\n:paper:0:x",
    "Announce:send:1",
]


def made_up(verbs: list[str], number: int) -> Iterator[str]:
    """Custom ids as the bot's own might look, with strange parts: the same ones each time."""
    chance = random.Random(12)  # noqa: S311 - no secret
    kinds = [kind.value for kind in QuestionKind]
    for _ in range(number):
        parts = [chance.choice((*STRANGE, *ACTIONS, *kinds)) for _ in range(chance.randint(0, 4))]
        yield f"{chance.choice(verbs)}:{':'.join(parts)}"[:100]


class Desk:
    """Somebody who may do everything, in front of a message of the bot's."""

    def __init__(self, discord: StandIn, guild: Guild) -> None:
        self.discord = discord
        self.guild = guild
        self.olga: Person = guild.person("olga", "Organizers", "Moderators")

    async def press(self, custom_id: str, values: list[str] | None = None) -> Exchange:
        """Press something of this custom id that no message has, or pick options of such a menu."""
        message = self.guild.first.post({"content": "a message of the bot's"})
        exchange = self.discord.interactions.press(self.olga, self.guild.first, custom_id, message)
        if values is not None:
            exchange.payload["data"] |= {"component_type": 3, "values": values}
        await self.discord.gateway.tell("INTERACTION_CREATE", exchange.payload)
        await until(lambda: exchange.acknowledged)
        return exchange

    async def submit(self, data: dict[str, Any]) -> Exchange:
        """Hand back a form that was never opened."""
        opened = await self.discord.command(self.olga, "announce post")
        await until(lambda: opened.form)
        exchange = self.discord.interactions.submit(opened, self.olga, {})
        exchange.payload["data"] = data
        await self.discord.gateway.tell("INTERACTION_CREATE", exchange.payload)
        await until(lambda: exchange.acknowledged)
        return exchange


async def test_made_up_custom_ids_get_the_same_polite_answer_everywhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    guild = Guild("announcements")
    config = config_in(tmp_path, announcements={"channels": ["announcements"]})
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config) as bot:
        desk = Desk(discord, guild)
        for custom_id in UNKNOWN:
            for values in (None, [], ["nothing:0:x"], ["a", "b"]):
                exchange = await desk.press(custom_id, values)
                assert NOT_UNDERSTOOD in json.dumps(exchange.acknowledged), (custom_id, values)
        for custom_id in (*UNKNOWN, "form:", "form:0123abcd", "title"):
            for components in ([], [{"type": 18, "id": 1}], [{"type": 1, "components": []}]):
                exchange = await desk.submit({"custom_id": custom_id, "components": components})
                assert NOT_UNDERSTOOD in json.dumps(exchange.acknowledged), custom_id

        verbs = list(bot.services.presses._presses)
        for custom_id in made_up(verbs, 400):
            await desk.press(custom_id)
        for custom_id in made_up(verbs, 100):
            await desk.press(custom_id, [custom_id.partition(":")[2], "0"])
    failed = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert failed == []

"""Discord with the crowd in it, as a process of its own: `python -m tests.support.crowd.playing PEOPLE`.

It says where it is, then plays each stage whose file it is told on standard input, and writes beside it what came back.
"""

import asyncio
import contextlib
import gc
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.support.crowd.plan import ASK, PATIENCE, VOTE, Act, Stage
from tests.support.process import TOKEN
from tests.support.stand_in import Channel, Exchange, Guild, Person, StandIn, discord_stand_in, faults

CHANNEL, FORUM = "announcements", "discussions"
_WRITING = 2.0
"""How long it takes to fill in a form, in seconds."""


@dataclass(frozen=True)
class Outcome:
    """What came of something that somebody did.

    Attributes:
        act: what was done; of what was done with an answer, the number of the act that got it.
        kind: what the figures call it.
        who: by whom.
        asked: the command and its options, or the label of the button.
        focused: the option that was being typed, empty where none was.
        milliseconds: how long the answer took.
        failure: why it failed, empty where it did not.
        title: the title of the answer.
        values: the keys of what was suggested or listed, in order.
    """

    act: int
    kind: str
    who: int
    asked: tuple[str, dict[str, Any]]
    focused: str
    milliseconds: float
    failure: str
    title: str
    values: tuple[str, ...]


class Crowd:
    """People in a server, and what they do."""

    def __init__(self, discord: StandIn, guild: Guild, people: int) -> None:
        self._discord = discord
        self._guild = guild
        self._olga = guild.person("olga", "Organizers")
        self._people = [guild.person(f"person {number}") for number in range(people)]
        self._outcomes: list[Outcome] = []
        self._patience = PATIENCE

    async def play(self, stage: Stage) -> list[Outcome]:
        """Play a stage; return what came of each act."""
        self._outcomes, self._patience = [], stage.patience
        begun = time.perf_counter()
        playing: list[asyncio.Task[None]] = []
        for number, act in enumerate(stage.acts):
            if stage.one_by_one:
                await self._do(number, act)
                continue
            if (wait := begun + act.at - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            playing.append(asyncio.create_task(self._do(number, act)))
        await asyncio.gather(*playing)
        return self._outcomes

    async def _do(self, number: int, act: Act, shown: Exchange | None = None) -> None:
        person = self._people[act.who] if act.who >= 0 else self._olga
        begun = time.perf_counter()
        if shown:
            try:
                exchange = await self._discord.press(person, shown, act.command)
            except KeyError:  # one page only
                return
        elif act.kind == VOTE:
            exchange = await self._vote(person, act.command)
        elif act.kind == ASK:
            exchange = await self._ask(person, act)
        elif act.focused:
            exchange = await self._discord.suggest(person, act.command, act.focused, **act.options)
        else:
            exchange = await self._discord.command(person, act.command, **(act.options if act.who >= 0 else {}))
        await self._answered(exchange, number, act, begun)
        if act.who < 0 and exchange.form:
            await self._announce(person, exchange, number, act)
        for following in act.then if exchange.shown else ():
            await asyncio.sleep(following.at)
            await self._do(number, following, exchange)
        # Discord's memory is endless, and this one is not.
        self._discord.interactions.by_token.pop(exchange.payload["token"], None)

    async def _vote(self, person: Person, label: str) -> Exchange:
        """Press the button of a label on the list of questions that is there at this moment."""
        thread, shown = next((thread, message) for thread, message in self.lists() if label in _labels(message))
        return await self._discord.press_on(person, thread, _labels(shown)[label], shown)

    async def _ask(self, person: Person, act: Act) -> Exchange:
        opened = await self._discord.command(person, act.command, session=act.options["session"])
        while not opened.form:
            await asyncio.wait_for(opened.changed.wait(), self._patience)
        return await self._discord.submit(person, opened, text=act.options["text"])

    def lists(self) -> Iterator[tuple[Channel, dict[str, Any]]]:
        """Yield the lists of questions with the threads in which they are."""
        for thread in self._guild.threads.values():
            for message in thread.messages:
                if any(embed.get("title", "").startswith("Questions to") for embed in message["embeds"]):
                    yield thread, message

    async def _announce(self, person: Person, opened: Exchange, number: int, act: Act) -> None:
        await asyncio.sleep(_WRITING)
        begun = time.perf_counter()
        preview = await self._discord.submit(person, opened, **act.options)
        await self._answered(preview, number, act, begun)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                while not preview.shown:
                    preview.changed.clear()
                    await preview.changed.wait()
                begun = time.perf_counter()
                await self._answered(await self._discord.press(person, preview, "Send"), number, act, begun)

    async def _answered(self, exchange: Exchange, number: int, act: Act, begun: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(exchange.changed.wait(), self._patience)
        self._note(number, act, exchange, (time.perf_counter() - begun) * 1000)

    def _note(self, number: int, act: Act, exchange: Exchange, milliseconds: float) -> None:
        title, values, failure = "", (), ""
        if exchange.acknowledged is None:
            exchange.expired = True
            failure = f"no answer within {self._patience:.0f} s"
        elif act.focused:
            choices = exchange.acknowledged["data"]["choices"]
            values = tuple(choice["value"] for choice in choices)
        elif message := exchange.shown:
            title = next((embed.get("title", "") for embed in message["embeds"]), "")
            options = (menu.get("options", ()) for row in message["components"] for menu in row["components"])
            values = tuple(option["value"] for shown in options for option in shown)
            failure = message["content"] if not message["embeds"] else ""
        asked = (act.command, act.options)
        self._outcomes.append(
            Outcome(number, act.kind, act.who, asked, act.focused, milliseconds, failure, title, values)
        )


def _labels(message: dict[str, Any]) -> dict[str, str]:
    """Return the custom ids of a message's buttons by their labels."""
    buttons = (button for row in message["components"] for button in row["components"])
    return {button["label"]: button["custom_id"] for button in buttons if "custom_id" in button}


async def _serve(people: int) -> None:
    guild = Guild(CHANNEL)
    guild.channel(FORUM, forum=True)
    async with discord_stand_in(TOKEN, guild) as discord:
        crowd = Crowd(discord, guild, people)
        print(discord.address, flush=True)
        while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
            path = Path(line)
            outcomes = await crowd.play(await asyncio.to_thread(Stage.read, path))
            delivered = len(guild.messages), sum(len(channel.messages) for channel in guild.direct.values())
            result = {
                "outcomes": [asdict(outcome) for outcome in outcomes],
                "processor": time.process_time(),
                "delivered": delivered,
                "edits": [
                    (message["id"], one.at)
                    for _, message in crowd.lists()
                    for one in discord.bodies
                    if faults.is_edit(one.method, one.path) and one.path.endswith(f"/{message['id']}")
                ],
                "lists": [message["embeds"][0]["description"] for _, message in crowd.lists()],
            }
            path.with_suffix(".result").write_text(json.dumps(result), encoding="utf-8")
            print("played", flush=True)


def main(arguments: Sequence[str]) -> int:
    """Serve Discord until standard input ends."""
    # Discord does not stand still for half a second now and then, to look through what it remembers.
    gc.disable()
    asyncio.run(_serve(int(arguments[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

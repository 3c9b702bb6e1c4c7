"""A session with a place in which attendees ask and vote, and what they and its chair do there."""

from collections.abc import Sequence
from typing import Any

import discord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult, ResponseMessage

from tests.support.messages import assert_within_limits, embed_of, menu_id, menus_of, shown
from tests.support.talking import Talking

ASK, VOTE_FOR_SEVERAL, WITHDRAW, MARK = (
    "Ask a question",
    "Vote for one or more",
    "Withdraw a question of yours",
    "Mark, merge or hide a question",
)
WITH_NAME, WITHOUT_NAME = "With my name", "Without my name; moderators still see who asked"
SOON = 7
"""Seconds after which what has happened is on the list."""


class Lecture:
    """A session that takes questions, with its place.

    Attributes:
        server: the server.
        talking: its forum.
        name: the session's name.
    """

    def __init__(self, talking: Talking, name: str) -> None:
        self.server = talking.server
        self.talking = talking
        self.name = name

    @property
    def thread(self) -> ChannelHandle:
        """The session's place."""
        return self.talking.threads[self.name]

    async def ask(self, who: MemberActor, text: str, *, name: str = WITH_NAME) -> InteractionResult:
        """Ask by the form that the command opens."""
        opened = await who.slash(self.server.channel, "questions ask", session=self.name)
        return await self.hand_in(who, opened, text, name=name)

    async def hand_in(
        self, who: MemberActor, opened: InteractionResult, text: str, *, name: str = WITH_NAME
    ) -> InteractionResult:
        """Fill in the form, and hand it in."""
        assert opened.modal, shown(opened).content
        result = await who.submit_modal(opened, {"text": text, "name": [name]})
        assert isinstance(result, InteractionResult)
        assert shown(result).ephemeral
        return result

    async def vote(self, who: MemberActor, number: int) -> InteractionResult:
        """Vote by the button of the list."""
        return await who.click(self.listed(), label=f"▲ {number}")

    def id_of(self, number: int) -> int:
        """Return the id of a question."""
        asked = self.server.services.session_questions.service.ledger.of_session(self.name.lower())
        return next(one.id for one in asked if one.number == number)

    async def show(self, who: MemberActor) -> ResponseMessage:
        """Look at all questions."""
        return shown(await who.slash(self.server.channel, "questions show", session=self.name))

    async def soon(self, seconds: float = SOON) -> None:
        """Let some seconds pass."""
        await self.server.advance(seconds)

    def starter(self) -> discord.Message:
        """Return the first message of the place."""
        return self.thread.history()[0]

    @property
    def lists(self) -> Sequence[discord.Message]:
        """The lists in the place; there is one at a time."""
        return [one for one in self.thread.history() if (title_of(one) or "").startswith("Questions to")]

    def listed(self) -> discord.Message:
        """The one list in the place."""
        (found,) = self.lists
        assert_within_limits(found)
        return found

    @property
    def text(self) -> str:
        """What the list says."""
        return self.listed().embeds[0].description or ""

    @property
    def answered(self) -> str:
        """What the list says of the answered questions."""
        return next((one.value or "" for one in self.listed().embeds[0].fields if one.name == "Answered"), "")

    @property
    def ranking(self) -> list[tuple[int, int]]:
        """The listed questions in their order: their numbers, and their votes."""
        heads = [line.split(" · ") for line in self.text.splitlines() if line.startswith("**") and " vote" in line]
        return [(int(head[0].strip("*")), int(head[1].split()[0])) for head in heads]

    def edits(self) -> int:
        """Return how often the bot has edited the list."""
        ids = [str(one.id) for one in self.lists]
        return sum(
            one.method == "PATCH" and one.path.rpartition("/")[2] in ids for one in self.server.env.http_requests
        )

    async def panel(self, chair: MemberActor, number: int) -> ResponseMessage:
        """Open a question as its chair."""
        listed = shown(await chair.click(self.listed(), label="For the chair"))
        return shown(await choose(chair, listed, MARK, f"{number}:"))

    async def settle(self, chair: MemberActor, number: int, label: str) -> ResponseMessage:
        """Press one of the chair's buttons for a question."""
        return shown(await chair.click(await self.panel(chair, number), label=label))


async def choose(who: MemberActor, message: ResponseMessage, placeholder: str, *labels: str) -> InteractionResult:
    """Pick the options of a menu whose labels begin like these; no labels take all ticks away."""
    options = menus_of(message)[placeholder]
    values = [next(one["value"] for one in options if one["label"].startswith(label)) for label in labels]
    return await who.select(message, values, custom_id=menu_id(message, placeholder))


def title_of(message: discord.Message | ResponseMessage) -> str | None:
    """Return the title of a message's embed."""
    return message.embeds[0].title if message.embeds else None


def said_of(result: InteractionResult) -> tuple[str, str]:
    """Return the title and the text of an answer for one person."""
    assert shown(result).ephemeral
    assert_within_limits(shown(result))
    embed = embed_of(result)
    return embed.title or "", embed.description or ""


def questions(**settings: Any) -> dict[str, Any]:
    """Return a table of a configuration that lets sessions take questions."""
    return {"enabled": True, **settings}

"""A server with a forum in which people talk about papers and sessions, and what they do there."""

from typing import Any

import discord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult, ResponseMessage

from tests.support.messages import assert_within_limits, embed_of, shown
from tests.support.server import Server

FORUM = "papers"


class Talking:
    """A server whose forum, or text channel, is for discussions.

    Attributes:
        server: the server.
        forum: the channel.
        ann: somebody who talks.
    """

    def __init__(self, server: Server, forum: ChannelHandle) -> None:
        self.server = server
        self.forum = forum
        self.ann = server.member("ann")

    @property
    def threads(self) -> dict[str, ChannelHandle]:
        """The places by their names; there are no two of one name."""
        named = {thread.name or "": thread for thread in self.forum.threads}
        assert len(named) == len(self.forum.threads)
        return named

    def starter(self, name: str) -> discord.Message:
        """Return the first message of a place."""
        thread = self.threads[name]
        # In a text channel it is there, and has the thread's id; SimCord gives that of a post another one.
        of_thread = [one for one in self.forum.history() if one.id == thread.id]
        return of_thread[0] if of_thread else thread.history()[0]

    async def paper(self, words: str, who: MemberActor | None = None) -> InteractionResult:
        """Look a paper up."""
        return await (who or self.ann).slash(self.server.channel, "paper", paper=words)

    async def session(self, name: str, who: MemberActor | None = None) -> InteractionResult:
        """Look a session up."""
        return await (who or self.ann).slash(self.server.channel, "session", session=name)

    async def discuss(self, asked: InteractionResult, who: MemberActor | None = None) -> ResponseMessage:
        """Press Discuss, and return what comes of it."""
        pressed = await (who or self.ann).click(shown(asked), label="Discuss")
        answer = pressed.followups[-1] if pressed.followups else shown(pressed)
        assert answer.ephemeral
        assert_within_limits(answer)
        return answer

    def archive(self, name: str, *, locked: bool = False) -> None:
        """Put a place to sleep, as Discord or a moderator does."""
        thread = self.threads[name]
        metadata = {"archived": True, "locked": locked}
        self.server.env.backend.edit_channel(thread.id, {}, thread_metadata=metadata)

    def is_archived(self, name: str) -> bool:
        metadata = self.threads[name]._channel.thread_metadata
        return bool(metadata and metadata.archived)

    def tags(self, name: str) -> list[str]:
        """Return the names of a place's tags."""
        names = {int(tag["id"]): tag["name"] for tag in self.forum._channel.available_tags}
        return [names[tag] for tag in self.threads[name]._channel.applied_tags]

    def made(self) -> int:
        """Return how often the bot asked for a thread to be made."""
        return sum(one.method == "POST" and one.path.endswith("/threads") for one in self.server.env.http_requests)

    def edits(self, name: str) -> int:
        """Return how often a place's first message was edited."""
        number = self.starter(name).id
        return sum(
            one.method == "PATCH" and one.path.endswith(f"/messages/{number}") for one in self.server.env.http_requests
        )


def fields(result: InteractionResult) -> dict[str, str]:
    """Return the fields of an answer's embed."""
    return {field.name or "": field.value or "" for field in embed_of(result).fields}


def discussion(**settings: Any) -> dict[str, Any]:
    """Return a table of a configuration that has people talk in the forum."""
    return {"forum": FORUM, **settings}

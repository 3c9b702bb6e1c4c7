"""A server with its channels and people, and the direct messages of these people; all of it outlives the bot."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from discord.utils import time_snowflake

from tests.support.stand_in.people import ALL_PERMISSIONS, BOT, Person, Role, describe_member

_PAGE = 100
"""The most messages that one request for a channel's history gets."""

Intervene = Callable[[str], Awaitable[int | None]]
"""Called when a message was "received" and when it was "stored"; a status is answered in place of going on.

For a thread, also a post of a forum, it is "thread received" and "thread stored".
"""


async def _never(_point: str) -> int | None:
    return None


@dataclass
class Channel:
    """A text channel, a forum or a thread of a server, or where the bot and a person write to each other.

    Attributes:
        guild: the server; for direct messages the one by whose clock they are dated.
        person: with whom the bot writes here; None in a server's channel.
        news: whether others can follow the channel.
        uninvited: whether the bot is not there, so that people use it there with their own accounts.
        messages: its history, the oldest first.
        deleted: whether it is gone.
        forum: whether it is a forum.
        available_tags: the tags of a forum.
        parent: the channel that a thread is in.
        owner_id: who opened a thread.
        archived: whether a thread sleeps.
        archived_at: since when, for one that was never put to sleep when it was opened.
        locked: whether only moderators may wake it.
        applied_tags: the ids of the tags on a post.
        added: the ids of those who were added to a thread, once for each time.
        slow_mode: how long people wait between two messages, in seconds.
        private: whether only those who were added see a thread.
        overwrites: what roles and people may and may not do in the channel, as Discord describes it.
    """

    id: str
    name: str
    guild: "Guild"
    person: Person | None = None
    news: bool = False
    uninvited: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)
    deleted: bool = False
    forum: bool = False
    available_tags: list[dict[str, Any]] = field(default_factory=list)
    parent: "Channel | None" = None
    owner_id: str = ""
    archived: bool = False
    archived_at: str = ""
    locked: bool = False
    applied_tags: list[str] = field(default_factory=list)
    slow_mode: int = 0
    added: list[str] = field(default_factory=list)
    private: bool = False
    overwrites: list[dict[str, Any]] = field(default_factory=list)

    def describe(self) -> dict[str, Any]:
        """Return the channel as Discord describes it."""
        last = self.messages[-1]["id"] if self.messages else None
        if self.person:
            return {
                "id": self.id,
                "type": 1,
                "recipients": [self.person.describe()],
                "last_message_id": last,
                "flags": 0,
            }
        if self.parent:
            return self._describe_thread(self.parent, last)
        return {
            "id": self.id,
            "type": 15 if self.forum else 5 if self.news else 0,
            "guild_id": self.guild.id,
            "name": self.name,
            "position": 0,
            "permission_overwrites": self.overwrites,
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "last_message_id": last,
            "rate_limit_per_user": 0,
            "flags": 0,
            **({"available_tags": self.available_tags, "default_reaction_emoji": None} if self.forum else {}),
        }

    def _describe_thread(self, parent: "Channel", last: str | None) -> dict[str, Any]:
        count = len(self.messages) - parent.forum
        return {
            "id": self.id,
            "type": 12 if self.private else 11,
            "guild_id": self.guild.id,
            "parent_id": parent.id,
            "owner_id": self.owner_id,
            "name": self.name,
            "last_message_id": last,
            "message_count": count,
            "total_message_sent": count,
            "member_count": 1,
            "rate_limit_per_user": self.slow_mode,
            "flags": 0,
            "applied_tags": self.applied_tags,
            "thread_metadata": {
                "archived": self.archived,
                "archive_timestamp": self.archived_at,
                "auto_archive_duration": 10080,
                "locked": self.locked,
                "create_timestamp": self.archived_at,
            },
        }

    @property
    def threads(self) -> list["Channel"]:
        """Its threads, the oldest first, archived or not."""
        return [thread for thread in self.guild.threads.values() if thread.parent is self and not thread.deleted]

    @property
    def texts(self) -> list[str]:
        """What the messages say: each one's text and its embeds' titles and descriptions."""
        return [said(message) for message in self.messages]

    def chat(self, text: str, author: Person | None = None) -> None:
        """Let somebody write something."""
        self.store({"content": text}, (author or self.guild.attendee).describe())

    def message(self, message_id: str) -> dict[str, Any] | None:
        """Return a message."""
        return next((message for message in self.messages if message["id"] == message_id), None)

    def history(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """Return a page of the history, the newest message first, whichever way it was asked for."""
        limit = min(int(query.get("limit", 50)), _PAGE)
        newest_first = self.messages[::-1]
        if "around" in query:
            middle = int(query["around"])
            older = [message for message in newest_first if int(message["id"]) <= middle][: limit // 2 + 1]
            newer = [message for message in newest_first if int(message["id"]) > middle][-(limit // 2) :]
            return newer + older
        if "before" in query:
            return [message for message in newest_first if int(message["id"]) < int(query["before"])][:limit]
        if "after" in query:
            return [message for message in newest_first if int(message["id"]) > int(query["after"])][-limit:]
        return newest_first[:limit]

    def post(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Keep a message of the bot's, unless it is there already."""
        return self._repeated(payload) or self.store(payload, BOT)

    def store(self, payload: dict[str, Any], author: dict[str, Any]) -> dict[str, Any]:
        """Keep a message."""
        message = make_message(payload, author, self.id, self.guild.clock(), self.guild.newest)
        self.guild.newest = int(message["id"])
        self.messages.append(message)
        return message

    def _repeated(self, payload: dict[str, Any]) -> dict[str, Any] | None:
        since = self.guild.clock() - self.guild.nonce_window
        if not payload.get("enforce_nonce") or payload.get("nonce") is None:
            return None
        return next(
            (
                message
                for message in reversed(self.messages)
                if message.get("nonce") == payload["nonce"] and datetime.fromisoformat(message["timestamp"]) > since
            ),
            None,
        )


def make_message(
    payload: dict[str, Any], author: dict[str, Any], channel_id: str, now: datetime, after: int = 0
) -> dict[str, Any]:
    """Return a message as Discord describes it, with an id above another."""
    message = {
        "id": str(max(time_snowflake(now), after + 1)),
        "channel_id": channel_id,
        "author": author,
        "content": payload.get("content") or "",
        "timestamp": now.isoformat(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": payload.get("embeds") or [],
        "components": payload.get("components") or [],
        "pinned": False,
        "type": 0,
        "flags": payload.get("flags") or 0,
    }
    if payload.get("nonce") is not None:
        message["nonce"] = payload["nonce"]
    return message


def change_message(message: dict[str, Any], payload: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Change a message as an edit says."""
    message |= {name: payload[name] or [] for name in ("embeds", "components") if name in payload}
    if "content" in payload:
        message["content"] = payload["content"] or ""
    message["edited_timestamp"] = now.isoformat()
    return message


def said(message: dict[str, Any]) -> str:
    """Return what a message says: its text and its embeds' titles and descriptions."""
    parts = [message["content"], *(embed.get(part) for embed in message["embeds"] for part in ("title", "description"))]
    return "\n".join(part for part in parts if part)


class Guild:
    """A server in which the bot may do everything, with a first text channel, and somebody who owns it.

    Attributes:
        id: Discord's id.
        clock: the time by which messages are dated.
        nonce_window: for how long the same nonce gets the message that is there already; Discord: a few minutes.
        intervene: what happens to messages on their way.
        channels: its channels by their ids.
        threads: the threads in these by their ids.
        most_threads: how many of them may be active.
        roles: its roles by their names.
        people: who is there, by their ids.
        direct: the direct messages of these people, by the channels' ids.
        events: its scheduled events by their ids.
        attendee: who writes in the channels.
        available: whether Discord can show it.
        newest: the id of the newest message, wherever that is: no two have the same.
    """

    def __init__(
        self,
        channel: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        nonce_window: timedelta = timedelta(minutes=5),
        intervene: Intervene = _never,
        number: int = 1,
    ) -> None:
        self.id = str(920000000000000000 + number)
        self.clock = clock
        self.nonce_window = nonce_window
        self.intervene = intervene
        self.available = True
        self.newest = 0
        self.most_threads = 1000
        self._numbers: Iterator[int] = count(number * 1_000_000)
        self.everyone = Role(self.id, "@everyone", ALL_PERMISSIONS)
        self.roles = {self.everyone.name: self.everyone}
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.threads: dict[str, Channel] = {}
        self.direct: dict[str, Channel] = {}
        self.events: dict[str, dict[str, Any]] = {}
        self.attendee = self.person("attendee")
        self.first = self.channel(channel)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The first channel's history, the oldest first."""
        return self.first.messages

    def chat(self, text: str) -> None:
        """Let an attendee write something in the first channel."""
        self.first.chat(text)

    def channel(self, name: str, *, news: bool = False, forum: bool = False) -> Channel:
        """Make a text channel or a forum. The bot hears of it when it connects, or through `StandIn.tell`."""
        made = Channel(self.new_id(930), name, self, news=news, forum=forum)
        self.channels[made.id] = made
        return made

    @property
    def text_channels(self) -> list[Channel]:
        """The channels that are no forums."""
        return [channel for channel in self.channels.values() if not channel.forum]

    @property
    def active_threads(self) -> list[Channel]:
        """The threads that are not archived."""
        return [thread for thread in self.threads.values() if not thread.archived and not thread.deleted]

    def open_post(self, forum: Channel, payload: dict[str, Any], author: dict[str, Any]) -> Channel:
        """Open a post of a forum with its first message, which has the same id."""
        message = make_message(payload["message"], author, "", self.clock(), self.newest)
        post = self.open_thread(forum, message["id"], payload, author)
        message["channel_id"] = post.id
        post.messages.append(message)
        return post

    def open_thread(self, channel: Channel, number: str, payload: dict[str, Any], author: dict[str, Any]) -> Channel:
        """Open a thread of a channel."""
        self.newest = max(self.newest, int(number))
        self.threads[number] = Channel(
            number,
            payload["name"],
            self,
            parent=channel,
            owner_id=author["id"],
            archived_at=self.clock().isoformat(),
            applied_tags=[str(tag) for tag in payload.get("applied_tags") or []],
            slow_mode=payload.get("rate_limit_per_user") or 0,
            private=payload.get("type") == 12,
        )
        return self.threads[number]

    def hang_at(self, point: str) -> asyncio.Event:
        """Let the first request that gets to a point, as in `Intervene`, hang there; return what is set then."""
        reached = asyncio.Event()

        async def hang(where: str) -> int | None:
            if where == point and not reached.is_set():
                reached.set()
                await asyncio.sleep(60)
            return None

        self.intervene = hang
        return reached

    def new_message_id(self) -> str:
        """Return an id by the time, as messages and threads have it, above all others."""
        self.newest = max(time_snowflake(self.clock()), self.newest + 1)
        return str(self.newest)

    def role(self, name: str, permissions: int = 0, *, held: int = 0) -> Role:
        """Return the role of a name; make it first if there is none."""
        return self.roles.setdefault(name, Role(self.new_id(940), name, permissions, held=held))

    def person(self, name: str, *roles: str) -> Person:
        """Add somebody with roles of these names."""
        made = Person(self.new_id(910), name, tuple(map(self.role, roles)))
        self.people[made.id] = made
        return made

    def direct_channel(self, person_id: str) -> Channel | None:
        """Return where the bot and a person write to each other; opened when it is asked for."""
        person = self.people.get(person_id)
        if person is None:
            return None
        there = next((channel for channel in self.direct.values() if channel.person is person), None)
        if there is None:
            there = Channel(self.new_id(950), "", self, person)
            self.direct[there.id] = there
        return there

    def direct_messages(self, person: Person) -> list[dict[str, Any]]:
        """Return what the bot wrote to somebody, the oldest message first."""
        channel = self.direct_channel(person.id)
        return channel.messages if channel else []

    def find(self, channel_id: str) -> Channel | None:
        """Return a channel or a thread, or where direct messages are."""
        found = self.channels.get(channel_id) or self.threads.get(channel_id) or self.direct.get(channel_id)
        gone = found is None or found.deleted or (found.parent and found.parent.deleted)
        return None if gone else found

    def new_id(self, kind: int) -> str:
        """Return an id that nothing else has."""
        return str(kind * 10**15 + next(self._numbers))

    def describe(self) -> dict[str, Any]:
        """Return the guild as the gateway sends it."""
        return {
            "id": self.id,
            "name": "The conference",
            "owner_id": self.attendee.id,
            "unavailable": False,
            "member_count": len(self.people) + 1,
            "roles": [role.describe() for role in self.roles.values()],
            "channels": [channel.describe() for channel in self.channels.values() if not channel.deleted],
            "members": [describe_member(BOT)],
            "emojis": [],
            "stickers": [],
            "features": [],
            "threads": [thread.describe() for thread in self.active_threads],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": list(self.events.values()),
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "preferred_locale": "en-US",
            "afk_timeout": 300,
            "large": False,
        }

"""What the HTTP API answers when all is well, a method for each route."""

import json
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from aiohttp import web

from tests.support.stand_in.faults import Fault, error, unauthorized, unavailable
from tests.support.stand_in.guild import Channel, Guild, change_message
from tests.support.stand_in.interactions import ACKNOWLEDGED_ALREADY, UNKNOWN_INTERACTION, Exchange, Interactions
from tests.support.stand_in.people import APPLICATION, APPLICATION_ID, BOT

T = TypeVar("T")

MOST_EVENTS = 100
_NOT_OVER = (1, 2)
_BASE = "/api/v10"
_PAYLOAD = web.RequestKey("payload", object)
_Answer: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """The request is refused."""

    def __init__(self, code: int, message: str, status: int = 404) -> None:
        super().__init__(message)
        self.response = answered(error(code, status, message))


class Api:
    """The routes of the bot itself, of its servers and their channels, and of interactions.

    Attributes:
        commands: the commands the bot registered.
        table: all routes.
    """

    def __init__(
        self,
        token: str,
        guilds: list[Guild],
        interactions: Interactions,
        gateway_address: Callable[[], str],
        tell: Callable[[str, dict[str, Any]], Awaitable[None]],
    ) -> None:
        self._token = token
        self._tell = tell
        self._guilds = guilds
        self._interactions = interactions
        self._gateway_address = gateway_address
        self.commands: list[dict[str, Any]] = []
        message, event = "/channels/{channel}/messages/{message}", "/guilds/{guild}/scheduled-events/{event}"
        answer = "/webhooks/{application}/{token}/messages/{message}"
        commands = f"/applications/{APPLICATION_ID}/commands"
        guarded: tuple[tuple[str, str, _Answer], ...] = (
            ("GET", "/users/@me", self._me),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/applications/@me", self._application),
            ("GET", "/gateway/bot", self._where_gateway_is),
            ("GET", commands, self._list_commands),
            ("PUT", commands, self._put_commands),
            ("POST", "/users/@me/channels", self._open_direct),
            ("GET", "/users/{user}", self._user),
            ("GET", "/guilds/{guild}", self._guild),
            ("GET", "/guilds/{guild}/members/{user}", self._member),
            ("GET", "/guilds/{guild}/roles/member-counts", self._member_counts),
            ("GET", "/guilds/{guild}/scheduled-events", self._list_events),
            ("POST", "/guilds/{guild}/scheduled-events", self._create_event),
            ("PATCH", event, self._edit_event),
            ("DELETE", event, self._delete_event),
            ("GET", "/channels/{channel}", self._channel),
            ("PATCH", "/channels/{channel}", self._edit_channel),
            ("DELETE", "/channels/{channel}", self._delete_channel),
            ("PUT", "/channels/{channel}/thread-members/{user}", self._add_to_thread),
            ("DELETE", "/channels/{channel}/thread-members/{user}", self._take_out_of_thread),
            ("POST", "/channels/{channel}/threads", self._open_thread),
            ("POST", f"{message}/threads", self._open_thread_of_message),
            ("GET", "/channels/{channel}/threads/archived/public", self._archived_threads),
            ("GET", "/channels/{channel}/users/@me/threads/archived/private", self._archived_threads),
            ("GET", "/guilds/{guild}/threads/active", self._active_threads),
            ("GET", "/channels/{channel}/messages", self._history),
            ("POST", "/channels/{channel}/messages", self._post),
            ("GET", message, self._message),
            ("PATCH", message, self._edit_message),
            ("DELETE", message, self._delete_message),
            ("POST", f"{message}/crosspost", self._publish),
        )
        by_token: tuple[tuple[str, str, _Answer], ...] = (
            ("POST", "/interactions/{interaction}/{token}/callback", self._acknowledge),
            ("POST", "/webhooks/{application}/{token}", self._follow_up),
            ("GET", answer, self._answer),
            ("PATCH", answer, self._edit_answer),
            ("DELETE", answer, self._delete_answer),
        )
        self.table = [web.route(method, _BASE + path, self._guarded(serve)) for method, path, serve in guarded]
        self.table += [web.route(method, _BASE + path, serve) for method, path, serve in by_token]
        self.table.append(web.route("*", _BASE + "/{path:.*}", self._guarded(_nowhere)))

    def _guarded(self, serve: _Answer) -> _Answer:
        async def check(request: web.Request) -> web.StreamResponse:
            allowed = request.headers.get("Authorization") == f"Bot {self._token}"
            return await serve(request) if allowed else answered(unauthorized())

        return check

    # The bot itself.

    async def _me(self, _request: web.Request) -> web.Response:
        return _json(BOT)

    async def _application(self, _request: web.Request) -> web.Response:
        return _json(APPLICATION)

    async def _where_gateway_is(self, _request: web.Request) -> web.Response:
        limits = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return _json({"url": self._gateway_address(), "shards": 1, "session_start_limit": limits})

    async def _list_commands(self, _request: web.Request) -> web.Response:
        return _json(self.commands)

    async def _put_commands(self, request: web.Request) -> web.Response:
        common = {"application_id": APPLICATION_ID, "version": "1"}
        self.commands = [
            {"description": "", **command, "id": str(int(APPLICATION_ID) + number), **common}
            for number, command in enumerate(await body_of(request), start=1)
        ]
        return _json(self.commands)

    # People.

    async def _open_direct(self, request: web.Request) -> web.Response:
        wanted = str((await body_of(request))["recipient_id"])
        return _json(_found((guild.direct_channel(wanted) for guild in self._guilds), 10013, "User").describe())

    async def _user(self, request: web.Request) -> web.Response:
        wanted = request.match_info["user"]
        return _json(_found((guild.people.get(wanted) for guild in self._guilds), 10013, "User").describe())

    # Servers.

    def _guild_of(self, request: web.Request) -> Guild:
        wanted = request.match_info["guild"]
        return _found((guild if guild.id == wanted else None for guild in self._guilds), 10004, "Guild")

    async def _guild(self, request: web.Request) -> web.Response:
        return _json(self._guild_of(request).describe())

    async def _member(self, request: web.Request) -> web.Response:
        person = self._guild_of(request).people.get(request.match_info["user"])
        return _json(_found((person,), 10007, "Member").describe_member())

    async def _member_counts(self, request: web.Request) -> web.Response:
        return _json({role.id: role.held for role in self._guild_of(request).roles.values()})

    async def _list_events(self, request: web.Request) -> web.Response:
        return _json(list(self._guild_of(request).events.values()))

    async def _create_event(self, request: web.Request) -> web.Response:
        guild = self._guild_of(request)
        if sum(event["status"] in _NOT_OVER for event in guild.events.values()) >= MOST_EVENTS:
            raise Refused(30038, f"Maximum number of uncompleted guild scheduled events reached ({MOST_EVENTS})", 400)
        number = guild.new_id(970)
        guild.events[number] = {
            "description": None,
            "image": None,
            "entity_id": None,
            **await body_of(request),
            "id": number,
            "guild_id": guild.id,
            "creator_id": APPLICATION_ID,
            "status": 1,
            "channel_id": None,
        }
        return _json(guild.events[number])

    def _event_of(self, request: web.Request) -> dict[str, Any]:
        events = self._guild_of(request).events
        return _found((events.get(request.match_info["event"]),), 10070, "Guild Scheduled Event")

    async def _edit_event(self, request: web.Request) -> web.Response:
        event = self._event_of(request)
        event |= await body_of(request)
        return _json(event)

    async def _delete_event(self, request: web.Request) -> web.Response:
        del self._guild_of(request).events[self._event_of(request)["id"]]
        return web.Response(status=204)

    # Channels.

    def _channel_of(self, request: web.Request) -> Channel:
        wanted = request.match_info["channel"]
        return _found((guild.find(wanted) for guild in self._guilds), 10003, "Channel")

    def _message_of(self, request: web.Request) -> dict[str, Any]:
        found = self._channel_of(request).message(request.match_info["message"])
        return _found((found,), 10008, "Message")

    async def _channel(self, request: web.Request) -> web.Response:
        return _json(self._channel_of(request).describe())

    async def _edit_channel(self, request: web.Request) -> web.Response:
        """Change a thread, or the tags of a forum."""
        channel, body = self._channel_of(request), await body_of(request)
        if "available_tags" in body:
            new = channel.guild.new_id
            channel.available_tags = [{**tag, "id": str(tag.get("id") or new(960))} for tag in body["available_tags"]]
        if channel.archived and not body.get("archived", True):
            self._leave_room(channel.guild)
        channel.name = body.get("name", channel.name)
        channel.locked = body.get("locked", channel.locked)
        channel.applied_tags = [str(tag) for tag in body.get("applied_tags", channel.applied_tags)]
        if body.get("archived", channel.archived) != channel.archived:
            channel.archived, channel.archived_at = body["archived"], channel.guild.clock().isoformat()
        await self._tell("THREAD_UPDATE" if channel.parent else "CHANNEL_UPDATE", channel.describe())
        return _json(channel.describe())

    async def _delete_channel(self, request: web.Request) -> web.Response:
        channel = self._channel_of(request)
        channel.deleted = True
        await self._tell("THREAD_DELETE" if channel.parent else "CHANNEL_DELETE", channel.describe())
        return _json(channel.describe())

    # Threads.

    def _leave_room(self, guild: Guild) -> None:
        if len(guild.active_threads) >= guild.most_threads:
            raise Refused(160006, "Maximum number of active threads reached.", 400)

    async def _open_thread(self, request: web.Request) -> web.Response:
        """Open a post of a forum, or a thread without a message; Discord knows no nonce for either."""
        channel = self._channel_of(request)
        self._leave_room(channel.guild)
        if status := await channel.guild.intervene("thread received"):
            return answered(unavailable(status))
        body = await body_of(request)
        if channel.forum:
            post = channel.guild.open_post(channel, body, BOT)
        else:
            post = channel.guild.open_thread(channel, channel.guild.new_message_id(), body, BOT)
        await self._tell("THREAD_CREATE", {**post.describe(), "newly_created": True})
        if status := await channel.guild.intervene("thread stored"):
            return answered(unavailable(status))
        return _json({**post.describe(), **({"message": post.messages[0]} if channel.forum else {})})

    async def _open_thread_of_message(self, request: web.Request) -> web.Response:
        channel, message = self._channel_of(request), self._message_of(request)
        self._leave_room(channel.guild)
        if status := await channel.guild.intervene("thread received"):
            return answered(unavailable(status))
        if channel.guild.threads.get(message["id"]):
            raise Refused(160004, "A thread has already been created for this message", 400)
        thread = channel.guild.open_thread(channel, message["id"], await body_of(request), BOT)
        await self._tell("THREAD_CREATE", {**thread.describe(), "newly_created": True})
        if status := await channel.guild.intervene("thread stored"):
            return answered(unavailable(status))
        return _json(thread.describe())

    async def _add_to_thread(self, request: web.Request) -> web.Response:
        thread, person = self._channel_of(request), request.match_info["user"]
        _found((guild.people.get(person) for guild in self._guilds), 10013, "User")
        if thread.archived:
            raise Refused(50083, "Thread is archived", 400)
        thread.added.append(person)
        return web.Response(status=204)

    async def _take_out_of_thread(self, request: web.Request) -> web.Response:
        thread, person = self._channel_of(request), request.match_info["user"]
        thread.added = [one for one in thread.added if one != person]
        return web.Response(status=204)

    async def _archived_threads(self, request: web.Request) -> web.Response:
        private = request.path.endswith("private")
        found = [one for one in self._channel_of(request).threads if one.archived and one.private == private]
        threads = sorted(found, key=_archived_at)[::-1]
        if (before := request.query.get("before")) and private:  # by their ids, for those that one is in
            threads = [one for one in threads if int(one.id) < int(before)]
        elif before:
            threads = [one for one in threads if _archived_at(one) < datetime.fromisoformat(before)]
        limit = int(request.query.get("limit", 50))
        shown = [thread.describe() for thread in threads[:limit]]
        return _json({"threads": shown, "members": [], "has_more": len(threads) > limit})

    async def _active_threads(self, request: web.Request) -> web.Response:
        threads = [thread.describe() for thread in self._guild_of(request).active_threads]
        return _json({"threads": threads, "members": []})

    async def _history(self, request: web.Request) -> web.Response:
        return _json(self._channel_of(request).history(dict(request.query)))

    async def _post(self, request: web.Request) -> web.Response:
        channel = self._channel_of(request)
        intervene = channel.guild.intervene
        if status := await intervene("received"):
            return answered(unavailable(status))
        message = channel.post(await body_of(request))
        if status := await intervene("stored"):
            return answered(unavailable(status))
        return _json(message)

    async def _message(self, request: web.Request) -> web.Response:
        return _json(self._message_of(request))

    async def _edit_message(self, request: web.Request) -> web.Response:
        channel = self._channel_of(request)
        if channel.archived:
            raise Refused(50083, "Thread is archived", 400)
        now = channel.guild.clock()
        return _json(change_message(self._message_of(request), await body_of(request), now))

    async def _delete_message(self, request: web.Request) -> web.Response:
        self._channel_of(request).messages.remove(self._message_of(request))
        return web.Response(status=204)

    async def _publish(self, request: web.Request) -> web.Response:
        message = self._message_of(request)
        if message["flags"] & 1:
            raise Refused(40033, "This message has already been crossposted.", 400)
        message["flags"] |= 1
        return _json(message)

    # Interactions.

    def _exchange_of(self, request: web.Request) -> Exchange:
        exchange = self._interactions.by_token.get(request.match_info["token"])
        if exchange is None or exchange.expired:
            raise Refused(UNKNOWN_INTERACTION, "Unknown interaction")
        return exchange

    async def _acknowledge(self, request: web.Request) -> web.Response:
        response = self._exchange_of(request).acknowledge(await body_of(request))
        if response is None:
            raise Refused(ACKNOWLEDGED_ALREADY, "Interaction has already been acknowledged.", 400)
        return _json(response)

    async def _follow_up(self, request: web.Request) -> web.Response:
        return _json(self._exchange_of(request).follow_up(await body_of(request)))

    async def _answer(self, request: web.Request) -> web.Response:
        found = self._exchange_of(request).find(request.match_info["message"])
        return _json(_found((found,), 10008, "Message"))

    async def _edit_answer(self, request: web.Request) -> web.Response:
        edited = self._exchange_of(request).edit(request.match_info["message"], await body_of(request))
        return _json(_found((edited,), 10008, "Message"))

    async def _delete_answer(self, request: web.Request) -> web.Response:
        _found((self._exchange_of(request).delete(request.match_info["message"]) or None,), 10008, "Message")
        return web.Response(status=204)


def _archived_at(thread: Channel) -> datetime:
    return datetime.fromisoformat(thread.archived_at)


async def body_of(request: web.Request) -> Any:
    """Return the JSON of a request; with files, the JSON part. It can be asked for again."""
    if _PAYLOAD not in request:
        request[_PAYLOAD] = None
        if request.content_type == "multipart/form-data":
            fields = await request.post()
            part = fields["payload_json"]
            request[_PAYLOAD] = json.loads(part if isinstance(part, str) else "null")
        elif request.can_read_body:
            request[_PAYLOAD] = await request.json()
    return request[_PAYLOAD]


def answered(fault: Fault) -> web.Response:
    """Answer as a fault does."""
    return web.Response(status=fault.status or 500, body=fault.body, headers=dict(fault.headers))


async def _nowhere(_request: web.Request) -> web.Response:
    return answered(unavailable(404))


def _found(candidates: Iterable[T | None], code: int, what: str) -> T:
    """Return the first that is there. Raises `Refused` when none is."""
    found = next((candidate for candidate in candidates if candidate is not None), None)
    if found is None:
        raise Refused(code, f"Unknown {what}")
    return found


def _json(payload: Any) -> web.Response:
    # discord.py parses what is exactly of this type, without a charset.
    return web.Response(body=json.dumps(payload).encode(), headers={"Content-Type": "application/json"})

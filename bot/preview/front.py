"""The one address of the preview: SimCord's page with what Discord has besides, laid over it.

SimCord shows one channel, at one moment, to whoever asks it anew. In front of its pages stands this: it hands their
requests on, lets them take turns with the running time, and adds `overlay/`: the list of places, the clock, the menu of
a message, relative times that move, and the first question of a suggestion.
"""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import aiohttp
import discord
from aiohttp import web
from simcord.backend.errors import BackendError, SetupError

from bot.errors import UserError
from bot.permissions import Audience
from bot.preview.passing_time import PassingTime
from bot.preview.spots import Spots
from bot.preview.wire import brought_up_to_date, is_outdated, with_mentions
from bot.preview.world import World

_OVERLAY: Final = Path(__file__).parent / "overlay"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
_LARGEST: Final = 32 * 1024 * 1024
"""More than SimCord takes of an upload, in bytes."""

_TAGS: Final = '<link rel="stylesheet" href="/overlay.css"><script src="/overlay.js"></script></head>'
_CAPABILITY: Final = "X-Simcord-Capability"
_HANDED_ON: Final = ("Content-Type", "X-Simcord-Context")
_HANDED_BACK: Final = (
    "Cache-Control",
    "Content-Disposition",
    "Content-Security-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Display-Height",
    "X-Display-Width",
    "X-Frame-Options",
    "X-Simcord-Media-Metadata",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is shown."""

    world: World
    spots: Spots
    time: PassingTime


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks, and where they look."""

    scene: Scene
    place: str
    person: Audience


class Front:
    """Serves the preview on the loopback address. A context manager.

    Attributes:
        again: set when somebody wants the conference to begin anew.
        ended: set when somebody ends the preview on the page.
    """

    def __init__(self, port: int = 0) -> None:
        self.again = asyncio.Event()
        self.ended = asyncio.Event()
        self._port = port
        self._secret = secrets.token_urlsafe(24)
        self._scene: Scene | None = None
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        """The address of the page, which whoever has it may use."""
        return f"{self._origin}/#{self._secret}"

    @property
    def _origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        """Begin to listen.

        Raises:
            UserError: the port is taken.
        """
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_get("/", self._index)
        app.router.add_get("/overlay{suffix:\\.(js|css)}", self._overlay)
        app.router.add_get("/preview/state", self._state)
        app.router.add_post("/preview/time", self._set_time)
        app.router.add_post("/preview/menu", self._use_menu)
        app.router.add_route("*", "/{path:.*}", self._hand_on)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise UserError(f"port {self._port}: {(error.strerror or str(error)).lower()}.") from None
        self._port = self._runner.addresses[0][1]
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()
        if self._session:
            await self._session.close()

    def show(self, scene: Scene | None) -> None:
        """Show a scene from now on; None while there is none."""
        self._scene = scene

    # --- what is added

    async def _index(self, request: web.Request) -> web.Response:
        answer = await self._hand_on(request)
        answer.text = (answer.text or "").replace("</head>", _TAGS, 1).replace("SimCord Preview", "Preview")
        return answer

    async def _overlay(self, request: web.Request) -> web.Response:
        suffix = request.match_info["suffix"]
        text = await asyncio.to_thread((_OVERLAY / f"overlay{suffix}").read_text, "utf-8")
        return web.Response(text=text, content_type=_TYPES[suffix], headers={"Cache-Control": "no-store"})

    async def _state(self, request: web.Request) -> web.Response:
        """Tell what there is besides SimCord's own page: people, places, the time, the menus."""
        asked = self._asked(request)
        world, time = asked.scene.world, asked.scene.time
        opening = time.next_opening()
        return web.json_response(
            {
                "people": [{"key": key.value, "name": one.user.global_name} for key, one in world.people.items()],
                "person": asked.person.value,
                "place": asked.place,
                "places": [
                    {"name": spot.name, "label": spot.label, "messages": [str(number) for number in spot.messages]}
                    for spot in asked.scene.spots.seen_by(asked.person)
                ],
                "now": time.now.isoformat(),
                "zone": world.zone,
                "speed": time.speed,
                "runs": time.runs and not time.is_over,
                "skips": time.skips,
                "over": time.is_over,
                "next": {"name": opening.name, "at": opening.starts_at.isoformat()} if opening else None,
                "menus": _menus(world),
            }
        )

    async def _set_time(self, request: web.Request) -> web.Response:
        """Let time run, stand still, hurry on to the next session, or begin anew."""
        time = self._asked(request).scene.time
        match await request.json():
            case {"speed": float() | int() as speed} if speed > 0:
                time.speed, time.runs = speed, True
            case {"runs": bool() as runs}:
                time.runs = runs
            case {"skip": True}:
                time.skip()
            case {"again": True}:
                self._scene = None
                self.again.set()
            case _:
                raise web.HTTPBadRequest
        return web.json_response({})

    async def _use_menu(self, request: web.Request) -> web.Response:
        """Use an entry of a message's menu, or of its author's, as somebody."""
        asked, body = self._asked(request), await request.json()
        world = asked.scene.world
        channel = asked.scene.spots.channel(asked.place, asked.person)
        async with asked.scene.time.turn:
            try:
                message = next(one for one in channel.history() if str(one.id) == body["message"]) if channel else None
                person = world.people[asked.person]
                if channel is None or message is None:
                    raise web.HTTPNotFound
                target = message if body["of"] == "message" else world.member(message.author.id)
                if target is None:
                    raise web.HTTPNotFound
                await person.context_menu(channel, str(body["name"]), target)
            except (KeyError, StopIteration, SetupError, BackendError):
                raise web.HTTPNotFound from None
            with contextlib.suppress(TimeoutError):
                await asked.scene.spots.refresh()
        return web.json_response({})

    # --- what is SimCord's

    async def _hand_on(self, request: web.Request) -> web.Response:
        """Hand a request on to the page of the place it is for."""
        if request.host not in (f"127.0.0.1:{self._port}", f"localhost:{self._port}"):
            raise web.HTTPForbidden
        if not request.path.startswith("/api/"):
            scene = self._shown()
            return await self._answer(request, scene, scene.world.channel.name or "", Audience.ATTENDEE, b"")
        asked = self._asked(request)
        body = await request.read()
        if request.path == "/api/pages" and request.method == "POST":
            async with asked.scene.time.turn:
                await asked.scene.spots.open(asked.place, asked.person)
            body = json.dumps({"viewer_id": asked.scene.world.people[asked.person].id}).encode()
        if request.path != "/api/action":
            return await self._answer(request, asked.scene, asked.place, asked.person, body)
        async with asked.scene.time.turn:
            answer = await self._answer(request, asked.scene, asked.place, asked.person, body)
            receipt = _read(answer)
            if is_outdated(receipt):
                body = brought_up_to_date(body, receipt)
                answer = await self._answer(request, asked.scene, asked.place, asked.person, body)
            # What was done in one place may be seen in another; where the bot is still at work, when time passes.
            with contextlib.suppress(TimeoutError):
                await asked.scene.spots.refresh()
        if b'"kind":"close"' in body and not receipt.get("rejected"):
            self.ended.set()
        return answer

    async def _answer(
        self, request: web.Request, scene: Scene, place: str, person: Audience, body: bytes
    ) -> web.Response:
        page = scene.spots.opened(place, person)
        if page is None or self._session is None:
            raise web.HTTPGone
        address = urlsplit(page.url)
        headers = {name: request.headers[name] for name in _HANDED_ON if name in request.headers}
        async with self._session.request(
            request.method,
            f"{address.scheme}://{address.netloc}{request.path_qs}",
            data=body or None,
            headers={**headers, _CAPABILITY: address.fragment},
        ) as got:
            raw, kind = await got.read(), got.content_type
            if request.path in ("/api/state", "/api/pages") and got.status == HTTPStatus.OK:
                raw = json.dumps(with_mentions(json.loads(raw), scene.world.name_of)).encode()
            kept = {name: got.headers[name] for name in _HANDED_BACK if name in got.headers}
            charset = "utf-8" if kind.startswith("text/") or kind.endswith("javascript") else None
            return web.Response(body=raw, status=got.status, content_type=kind, charset=charset, headers=kept)

    def _shown(self) -> Scene:
        if self._scene is None:
            raise web.HTTPServiceUnavailable
        return self._scene

    def _asked(self, request: web.Request) -> _Asked:
        """Read who asks and where they look off the page's address, which is SECRET, SECRET/PLACE/PERSON."""
        secret, _, where = request.headers.get(_CAPABILITY, "").partition("/")
        own = request.host in (f"127.0.0.1:{self._port}", f"localhost:{self._port}")
        if not own or not secrets.compare_digest(secret.encode(), self._secret.encode()):
            raise web.HTTPUnauthorized
        scene = self._shown()
        place, _, person = where.partition("/")
        try:
            return _Asked(scene, place or scene.world.channel.name or "", Audience(person or Audience.ATTENDEE))
        except ValueError:
            raise web.HTTPUnauthorized from None


def _menus(world: World) -> Mapping[str, list[str]]:
    kinds = discord.AppCommandType
    return {
        name: [entry.name for entry in world.bot.tree.get_commands(type=kind)]
        for name, kind in (("message", kinds.message), ("user", kinds.user))
    }


def _read(answer: web.Response) -> dict[str, Any]:
    try:
        receipt = json.loads(bytes(answer.body or b"")) if isinstance(answer.body, bytes | bytearray) else {}
    except ValueError:
        return {}
    return receipt if isinstance(receipt, dict) else {}

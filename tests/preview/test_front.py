"""The one address of the preview, asked over HTTP as the page does it: who sees what, and what gets through."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.discussion.model import paper_subject
from bot.errors import UserError
from bot.permissions import Audience
from bot.preview.front import Front, Scene
from bot.preview.page import playing, serve
from bot.preview.world import ASK, BOARD, CONDUCT, HELP, MEETUPS, NEWS, ORGANIZERS
from tests.preview.test_passing_time import OPENS, TIMED
from tests.support.running import until
from tests.support.server import MakeConfig

DIRECT = "direct-messages"


class Client:
    """Asks as the page does that is open at a place, for somebody."""

    def __init__(self, session: aiohttp.ClientSession, url: str, place: str, person: str) -> None:
        self._session = session
        self._origin, _, secret = url.partition("/#")
        self.headers = {"X-Simcord-Capability": f"{secret}/{place}/{person}"}
        self._numbers = itertools.count(1)
        self.page: dict[str, Any] = {}

    async def ask(self, path: str, body: object = None, **headers: str) -> Any:
        """Return the answer; a refusal is its status."""
        method = "GET" if body is None else "POST"
        async with self._session.request(
            method, self._origin + path, json=body, headers={**self.headers, **headers}
        ) as answer:
            return await answer.json() if answer.ok else answer.status

    async def open(self) -> dict[str, Any]:
        self.page = await self.ask("/api/pages", {})
        self.headers["X-Simcord-Context"] = self.page["context"]["id"]
        return self.page

    async def act(self, kind: str, **about: object) -> Any:
        """Do something as of the moment at which the page was opened."""
        number = next(self._numbers)
        return await self.ask(
            "/api/action",
            {
                "protocol_version": 3,
                "sequence": number,
                "request_id": str(number),
                "generation": self.page["context"]["generation"],
                "bot_generation": self.page["botGeneration"],
                "published_revision": self.page["publishedRevision"],
                "kind": kind,
                **about,
            },
        )

    async def command(self, name: str, **options: str) -> Any:
        entry = next(one for one in (await self.ask("/api/commands"))["entries"] if one["invocation"] == name)
        about = {
            "command_id": entry["commandId"],
            "path": entry["path"],
            "schema_fingerprint": entry["schemaFingerprint"],
        }
        return await self.act("run_command", **about, options=options)

    async def texts(self) -> str:
        state = await self.ask("/api/state")
        return str([state["messages"][identity] for identity in state["timeline"]])


class Preview:
    """A preview that is being shown, and those who ask it."""

    def __init__(self, scene: Scene, front: Front, session: aiohttp.ClientSession) -> None:
        self.scene, self.front, self.session = scene, front, session

    def client(self, place: str = ASK, person: str = "attendee") -> Client:
        return Client(self.session, self.front.url, place, person)


@contextlib.asynccontextmanager
async def shown(make_config: MakeConfig, **tables: Any) -> AsyncIterator[Preview]:
    config = make_config(sessions=TIMED, **tables)
    async with (
        Front() as front,
        playing(config, OPENS - timedelta(minutes=30)) as scene,
        aiohttp.ClientSession() as session,
    ):
        scene.time.runs = False
        front.show(scene)
        yield Preview(scene, front, session)


async def test_the_page_is_simcords_with_ours_laid_over_it(make_config: MakeConfig) -> None:
    async with shown(make_config) as preview:
        async with preview.session.get(preview.front.url) as answer:
            page = await answer.text()
            assert answer.headers["Content-Security-Policy"]
        assert "/overlay.js" in page
        assert "/app.js" in page
        for path, kind in (
            ("/overlay.js", "text/javascript"),
            ("/overlay.css", "text/css"),
            ("/preview.css", "text/css"),
        ):
            async with preview.session.get(preview.front.url.partition("/#")[0] + path) as answer:
                assert (answer.status, answer.content_type) == (200, kind)


async def test_only_who_has_the_address_is_answered_and_only_by_its_own_name(make_config: MakeConfig) -> None:
    async with shown(make_config) as preview:
        client = preview.client()
        await client.open()
        stranger = preview.client()
        stranger.headers = {"X-Simcord-Capability": "guess/ask-the-bot/attendee"}
        for path in ("/preview/state", "/api/state", "/api/commands"):
            assert await stranger.ask(path) == 401
            assert await client.ask(path, Host="evil.example") in (401, 403)
        assert await stranger.ask("/preview/time", {"skip": True}) == 401
        assert await stranger.ask("/", Host="evil.example") == 403


@pytest.mark.parametrize("person", list(Audience))
async def test_everybody_sees_the_places_that_are_theirs(person: Audience, make_config: MakeConfig) -> None:
    theirs = {
        Audience.ATTENDEE: [ASK, NEWS, BOARD, MEETUPS, HELP, DIRECT],
        Audience.ORGANIZER: [ASK, NEWS, BOARD, MEETUPS, HELP, ORGANIZERS, DIRECT],
        Audience.MODERATOR: [ASK, NEWS, BOARD, MEETUPS, HELP, CONDUCT, ORGANIZERS, DIRECT],
    }[person]
    async with shown(make_config) as preview:
        state = await preview.client(person=person.value).ask("/preview/state")
        assert [place["name"] for place in state["places"]] == theirs
        # The reminder an hour ahead is there, to be seen by whoever goes there.
        assert [len(place["messages"]) for place in state["places"] if place["name"] == NEWS] == [1]
        for place in (ASK, NEWS, BOARD, HELP, CONDUCT, ORGANIZERS, DIRECT):
            client = preview.client(place, person.value)
            page = await client.ask("/api/pages", {})
            if place in theirs:
                assert page["viewerId"] == str(preview.scene.world.people[person].id)
            else:
                assert page == 410


async def test_a_discussion_is_a_place_to_look_of_its_own(make_config: MakeConfig) -> None:
    async with shown(make_config) as preview:
        services = preview.scene.world.bot.services
        paper = next(iter(services.library.edition.programme.papers.values()))
        place = await services.discussion.places.open(paper_subject(paper.key))
        state = await preview.client().ask("/preview/state")
        (thread,) = [spot for spot in state["places"] if spot["name"].startswith("thread-")]
        assert thread["name"] == f"thread-{place.thread_id}"
        assert thread["label"].startswith(f"💬 {paper.label[:12]}")
        client = preview.client(thread["name"])
        await client.open()
        assert "Show the paper" in await client.texts()


async def test_a_command_sent_while_something_is_posted_is_answered(make_config: MakeConfig) -> None:
    async with shown(make_config) as preview:
        client = preview.client(NEWS)
        await client.open()
        # Now a reminder is posted, of which the page has not heard.
        preview.scene.time.runs, preview.scene.time.speed = True, 1800
        await until(lambda: len(preview.scene.world.news.history()) > 1)
        preview.scene.time.runs = False
        receipt = await client.command("paper", paper="agenticcache")
        assert (receipt["rejected"], receipt["settlement"]) == (False, "settled")
        assert "AgenticCache: Cache-Driven" in await client.texts()


async def test_commands_and_running_time_take_turns(make_config: MakeConfig) -> None:
    async with shown(make_config) as preview:
        clients = [preview.client(NEWS), preview.client(ASK, "organizer"), preview.client(DIRECT)]
        for client in clients:
            await client.open()
        preview.scene.time.runs, preview.scene.time.speed = True, 3600
        for _ in range(3):
            receipts = await asyncio.gather(*(client.command("next") for client in clients))
            assert [(one["rejected"], one["settlement"]) for one in receipts] == [(False, "settled")] * 3


async def test_direct_messages_appear_where_only_their_reader_sees_them(make_config: MakeConfig) -> None:
    async with shown(make_config) as preview:
        ada = preview.client(DIRECT)
        await ada.open()
        await ada.command("paper", paper="agenticcache")
        await ada.command("remindme")
        person = preview.scene.world.people[Audience.ATTENDEE]
        async with preview.scene.time.turn:
            answer = await person.slash(preview.scene.world.channel, "paper", paper="agenticcache")
            assert answer.response
            await person.click(answer.response, label="Bookmark")
        preview.scene.time.skip()
        await until(lambda: not preview.scene.time.skips)
        assert "Poster Session 1 & Opening Reception" in await ada.texts()
        own, others = [
            next(
                place
                for place in (await preview.client(person=who).ask("/preview/state"))["places"]
                if place["name"] == DIRECT
            )
            for who in ("attendee", "organizer")
        ]
        assert own["messages"]
        assert others["messages"] == []


async def test_time_is_told_and_set_and_what_makes_no_sense_is_refused(make_config: MakeConfig) -> None:
    async with shown(make_config) as preview:
        client = preview.client()
        state = await client.ask("/preview/state")
        assert (state["runs"], state["over"], state["zone"]) == (False, False, "America/Los_Angeles")
        assert state["next"]["name"] == "Poster Session 1 & Opening Reception"
        assert await client.ask("/preview/time", {"speed": 0.001}) == {}
        state = await client.ask("/preview/state")
        assert (state["speed"], state["runs"]) == (0.001, True)
        assert await client.ask("/preview/time", {"runs": False}) == {}
        assert (await client.ask("/preview/state"))["runs"] is False
        for nonsense in ({"speed": 0}, {"speed": "fast"}, {"runs": "yes"}, {}):
            assert await client.ask("/preview/time", nonsense) == 400


async def test_the_conference_begins_again_at_the_same_address(make_config: MakeConfig) -> None:
    async def visit(url: str) -> None:
        async with aiohttp.ClientSession() as session:
            client = Client(session, url, ASK, "attendee")
            await client.open()
            await client.command("paper", paper="agenticcache")
            assert "AgenticCache: Cache-Driven" in await client.texts()
            assert await client.ask("/preview/time", {"again": True}) == {}
            # What is waited for is on the other side of the wire.
            while isinstance(await client.ask("/preview/state"), int):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            assert await client.ask("/api/state") == 410
            await client.open()
            assert "AgenticCache: Cache-Driven" not in await client.texts()

    begins = OPENS - timedelta(minutes=15)
    assert await serve(make_config(sessions=TIMED), begins=begins, ready=visit) == 0


async def test_a_port_that_is_taken_is_said_to_be(make_config: MakeConfig) -> None:
    async with Front() as front:
        port = int(front.url.rpartition(":")[2].partition("/")[0])
        with pytest.raises(UserError, match=f"port {port}: .*in use"):
            await serve(make_config(), port=port, ready=lambda _: asyncio.sleep(0))

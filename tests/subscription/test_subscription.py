"""A private calendar: made and revoked in Discord, read over HTTP as a calendar program would."""

import hashlib
import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from icalendar import Calendar
from simcord.actors import MemberActor

from bot.config import load
from bot.errors import UserError
from tests.support.calendar import moment, read
from tests.support.messages import buttons_of, embed_of, shown
from tests.support.planning import Block, described, description_of, in_file, mark, pick, tables
from tests.support.planning import load as reload
from tests.support.server import MakeConfig, Server, StartServer

WEB = {"public_url": "https://bot.example.org/calendars", "listen": "127.0.0.1:0"}
BLOCKS: tuple[Block, ...] = (
    ("Morning", "Hall", "Apple Banana Citron"),
    ("Evening", "Foyer", "Kiwi Mango"),
    ("Some Day", "Attic", "Quince"),
)
TIMES: dict[str, tuple[str, str | None]] = {
    "morning": ("2026-05-18T10:00", "2026-05-18T12:00"),
    "evening": ("2026-05-18T18:00", None),
}


@pytest.fixture
async def web(start_server: StartServer, make_config: MakeConfig, tmp_path: Path) -> Server:
    return await start_server(make_config(web=WEB, **tables(tmp_path, BLOCKS, TIMES)))


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    # A connection that stays open is work that the simulation waits for.
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        yield session


class Reading:
    """An answer over HTTP, read whole."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def calendar(self) -> Calendar:
        assert self.status == 200, self.body
        return read(self.body)

    @property
    def events(self) -> dict[str, Any]:
        return {str(event["SUMMARY"]): event for event in self.calendar.walk("VEVENT")}

    @property
    def shape(self) -> tuple[int, dict[str, str], bytes]:
        """What can be told of an answer, but for its time."""
        return self.status, {name: value for name, value in self.headers.items() if name != "Date"}, self.body


async def asked(server: Server, http: aiohttp.ClientSession, path: str, method: str = "GET", **headers: str) -> Reading:
    listener = server.services.subscription.listener
    assert listener is not None
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with http.request(method, listener.address + path, headers=sent) as response:
        return Reading(response.status, response.headers, await response.read())


async def address_of(who: MemberActor, server: Server) -> str:
    """Get a private address as a user does, and return its path."""
    agenda = await who.slash(server.channel, "agenda")
    offered = await who.click(shown(agenda), label="Subscribe")
    assert shown(offered).ephemeral
    (label,) = [label for label in buttons_of(shown(offered)) if label.startswith("Give me")]
    told = await who.click(shown(offered), label=label)
    assert shown(told).ephemeral
    text = description_of(told)
    address = re.search(r"^https://bot\.example\.org/calendars(/calendar/[\w-]{32}\.ics)$", text, re.MULTILINE)
    assert address
    assert f"webcal://bot.example.org/calendars{address[1]}" in text
    assert "Add to Google Calendar" in buttons_of(shown(told))
    return address[1]


async def test_a_calendar_program_reads_the_agenda_at_the_private_address(
    web: Server, http: aiohttp.ClientSession
) -> None:
    ann = web.member("ann")
    await mark(ann, web.channel, "Apple", "Citron", "Kiwi", "Quince")
    path = await address_of(ann, web)

    for served in (path, f"/calendars{path}"):
        read = await asked(web, http, served)
        assert read.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert set(read.events) == {"Morning", "Evening"}
        morning = read.events["Morning"]
        assert described(morning) == ["Apple", "Citron"]
        assert moment(read.calendar, morning["DTSTART"]) == datetime(2026, 5, 18, 17, tzinfo=UTC)
        assert (morning["SEQUENCE"], str(morning["STATUS"]), str(morning["LOCATION"])) == (0, "CONFIRMED", "Hall")
        assert str(read.calendar["METHOD"]) == "PUBLISH"
        assert b"REFRESH-INTERVAL;VALUE=DURATION:PT30M" in read.body
        assert b"X-PUBLISHED-TTL:PT30M" in read.body
    assert (await asked(web, http, path, "HEAD")).status == 200
    assert (await asked(web, http, path, "HEAD")).body == b""


async def test_events_keep_their_uids_count_their_changes_and_are_cancelled_when_they_go_away(
    web: Server, http: aiohttp.ClientSession
) -> None:
    ann = web.member("ann")
    await mark(ann, web.channel, "Apple", "Kiwi")
    path = await address_of(ann, web)
    first = (await asked(web, http, path)).events
    web.env.backend.advance_clock(60)

    await mark(ann, web.channel, "Banana")
    second = (await asked(web, http, path)).events
    assert {name: str(event["UID"]) for name, event in second.items()} == {
        name: str(event["UID"]) for name, event in first.items()
    }
    assert (second["Morning"]["SEQUENCE"], second["Evening"]["SEQUENCE"]) == (1, 0)
    assert second["Morning"]["LAST-MODIFIED"].dt > first["Morning"]["LAST-MODIFIED"].dt
    assert second["Evening"]["DTSTAMP"].dt == first["Evening"]["DTSTAMP"].dt

    await reload(web, ("Morning", "Ballroom", "Apple Banana Citron"))
    third = (await asked(web, http, path)).events
    assert (third["Morning"]["SEQUENCE"], str(third["Morning"]["LOCATION"])) == (2, "Ballroom")
    assert (third["Evening"]["SEQUENCE"], str(third["Evening"]["STATUS"])) == (1, "CANCELLED")
    assert str(third["Evening"]["UID"]) == str(first["Evening"]["UID"])

    await reload(web, *BLOCKS)
    await web.restart()
    fourth = (await asked(web, http, path)).events
    assert (fourth["Evening"]["SEQUENCE"], str(fourth["Evening"]["STATUS"])) == (2, "CONFIRMED")

    agenda = await ann.slash(web.channel, "agenda")
    await pick(ann, shown(agenda), "Remove bookmarks", "Kiwi")
    fifth = (await asked(web, http, path)).events
    assert (fifth["Evening"]["SEQUENCE"], str(fifth["Evening"]["STATUS"])) == (3, "CANCELLED")

    web.env.backend.advance_clock(200 * 24 * 3600)
    assert set((await asked(web, http, path)).events) == {"Morning"}, "long after, nobody need be told"


async def test_what_has_not_changed_is_not_sent_again(web: Server, http: aiohttp.ClientSession) -> None:
    ann = web.member("ann")
    await mark(ann, web.channel, "Apple")
    path = await address_of(ann, web)
    first = await asked(web, http, path)
    tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert parsedate_to_datetime(modified) <= web.env.now()
    web.env.backend.advance_clock(3600)

    assert (await asked(web, http, path)).body == first.body
    for known in ({"If_None_Match": tag}, {"If_None_Match": f'"other", W/{tag}'}, {"If_Modified_Since": modified}):
        again = await asked(web, http, path, **known)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == tag
    assert (await asked(web, http, path, If_None_Match='"other"', If_Modified_Since=modified)).status == 200

    await mark(ann, web.channel, "Kiwi")
    for known in ({"If_None_Match": tag}, {"If_Modified_Since": modified}):
        assert set((await asked(web, http, path, **known)).events) == {"Morning", "Evening"}


async def test_without_bookmarks_the_calendar_is_empty_and_valid(web: Server, http: aiohttp.ClientSession) -> None:
    read = await asked(web, http, await address_of(web.member("ann"), web))
    assert read.events == {}
    assert [str(zone["TZID"]) for zone in read.calendar.walk("VTIMEZONE")] == ["America/Los_Angeles"]


async def test_nothing_else_is_served_and_all_of_it_is_answered_alike(web: Server, http: aiohttp.ClientSession) -> None:
    ann = web.member("ann")
    revoked = await address_of(ann, web)
    path = await address_of(ann, web)
    unknown = "/calendar/" + "A" * 32 + ".ics"
    nothing = await asked(web, http, unknown)
    assert (nothing.status, nothing.body) == (404, b"Not found.\n")
    assert nothing.headers["Server"] == "conference-bot"
    assert (await asked(web, http, path)).status == 200
    others = [
        "/",
        "/metrics",
        "/healthz",
        "/calendar/",
        "/calendar/../metrics",
        f"{path}x",
        path[:-5] + "x.ics",
        revoked,
    ]
    for other in [*others, f"/calendars{unknown}", f"/elsewhere{path}", "/calendar/" + "é" * 32 + ".ics"]:
        assert (await asked(web, http, other)).shape == nothing.shape, other
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"):
        assert (await asked(web, http, path, method)).shape == nothing.shape, method


async def test_of_a_token_only_a_hash_is_kept_and_a_press_revokes_it(web: Server, http: aiohttp.ClientSession) -> None:
    ann, bob = web.member("ann"), web.member("bob")
    await mark(ann, web.channel, "Apple")
    path, bobs = await address_of(ann, web), await address_of(bob, web)
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    hashes = [kept for (kept,) in in_file(web, "SELECT token_hash FROM subscription")]
    assert hashlib.sha256(token.encode()).hexdigest() in hashes
    folder = web.config.database.path.parent
    assert not any(token.encode() in file.read_bytes() for file in folder.rglob("*") if file.is_file())

    offered = await ann.click(shown(await ann.slash(web.channel, "agenda")), label="Subscribe")
    assert "You have an address since" in description_of(offered)
    assert token not in description_of(offered)
    revoked = await ann.click(shown(offered), label="Revoke it")

    assert embed_of(revoked).title == "Revoked"
    assert (await asked(web, http, path)).status == 404
    assert (await asked(web, http, bobs)).status == 200
    await web.restart()
    assert (await asked(web, http, path)).status == 404
    assert (await asked(web, http, bobs)).status == 200


async def test_deleting_my_data_revokes_the_address(web: Server, http: aiohttp.ClientSession) -> None:
    ann = web.member("ann")
    path = await address_of(ann, web)
    await asked(web, http, path)
    data = await ann.slash(web.channel, "mydata")
    assert "A private calendar address" in description_of(data)

    sure = await ann.click(shown(data), label="Delete everything")
    await ann.click(shown(sure), label="Yes, delete everything")

    assert (await asked(web, http, path)).status == 404
    assert in_file(web, "SELECT * FROM subscription") == []
    assert description_of(await ann.slash(web.channel, "mydata")) == "Nothing."


async def test_who_asks_too_often_has_to_wait_and_others_have_not(web: Server, http: aiohttp.ClientSession) -> None:
    ann, bob = web.member("ann"), web.member("bob")
    path, bobs = await address_of(ann, web), await address_of(bob, web)
    answers = [await asked(web, http, path) for _ in range(30)]
    assert [answer.status for answer in answers] == [200] * 20 + [429] * 10
    assert answers[-1].headers["Retry-After"] == "60"
    assert (await asked(web, http, bobs)).status == 200

    web.env.backend.advance_clock(60)
    assert (await asked(web, http, path)).status == 200

    statuses = [(await asked(web, http, "/calendar/guess")).status for _ in range(400)]
    assert statuses[-1] == 429
    assert (await asked(web, http, bobs)).status == 429, "all are held up alike, whatever they ask for"


async def test_without_a_public_address_nothing_is_served_and_nothing_offered(server: Server) -> None:
    assert server.services.subscription.listener is None
    agenda = await server.member("ann").slash(server.channel, "agenda")
    assert "Subscribe" not in buttons_of(shown(agenda))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('public_url = "https://bot.example.org"', "web: listen is missing"),
        ('listen = "127.0.0.1:8080"', "web: public_url is missing"),
        ('public_url = "http://bot.example.org"\nlisten = "127.0.0.1:8080"', "web.public_url: allowed is"),
        ('public_url = "https://bot.example.org/?a=b"\nlisten = "127.0.0.1:8080"', "web.public_url: allowed is"),
    ],
)
def test_half_a_configuration_is_refused_by_its_key(tmp_path: Path, table: str, said: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[conference]\nname = "A"\n[programme]\nsource = "x.txt"\n[web]\n{table}\n', encoding="utf-8")
    with pytest.raises(UserError, match=re.escape(said)):
        load(path)

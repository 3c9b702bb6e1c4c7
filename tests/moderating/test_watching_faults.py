"""A source that fails: the programme stays in use, nobody is alarmed for nothing, and nobody is left in the dark."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from tests.support.messages import shown
from tests.support.moderating import BASE, FRUIT, GROWN, moderator, text_of, titles
from tests.support.site import HOST, OTHER, authority, certificate, site, trust
from tests.support.watch import Versions
from tests.support.watching import StartWatching, WatchingServer, start_watching

__all__ = ["authority", "certificate", "site", "start_watching", "trust"]

HOUR = 3600
NAME = f"{HOST}/page.txt"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def told(server: WatchingServer) -> list[str]:
    return [text.replace("\\", "") for text in server.told()]


async def test_one_failure_is_no_news_and_what_changes_is_found_soon_after(start_watching: StartWatching) -> None:
    server = await start_watching()
    server.site.serve(status=500)
    await server.next_look()
    server.site.serve(GROWN)
    await server.advance(80)
    assert "Grape" in text_of(server.asked())
    assert server.told() == []


async def test_a_server_that_is_away_for_hours_is_told_of_once_and_once_when_that_is_over(
    start_watching: StartWatching,
) -> None:
    server = await start_watching()
    server.site.serve(status=503)
    await server.advance(HOUR)
    assert server.told() == []
    await server.advance(5 * HOUR)
    (message,) = told(server)
    assert f"The programme's source {NAME} can't be reached since <t:" in message
    assert "status 503 (Service Unavailable)" in message
    assert titles(server) == list(FRUIT)
    asked = len(server.site.requests)
    assert asked < 25

    server.site.serve(BASE)
    await server.advance(HOUR)
    assert len(server.told()) == 2
    assert (
        f"The programme's source {NAME} is there again. It was not since Wed 31 Dec, 16:10 PST (for you <t:"
        in told(server)[1]
    )
    assert server.moderators.history() == []
    await server.publish(GROWN)
    assert "Grape" in text_of(server.asked())
    assert len(server.told()) == 2


@pytest.mark.parametrize("garbage", [b"\x00\x01\x02" * 50, b'{"sessions": [', b"   "], ids=["bytes", "half", "blank"])
async def test_what_is_no_programme_is_told_once_with_the_reason_and_the_old_one_stays(
    garbage: bytes, start_watching: StartWatching
) -> None:
    server = await start_watching()
    edition = server.services.library.edition
    await server.publish(garbage)
    assert server.told() == []
    await server.advance(HOUR)
    (message,) = told(server)
    assert f"The programme's source {NAME} is no programme the bot can read since <t:" in message
    assert message.count(NAME) == 2, "the reason says what is wrong with it"
    assert server.services.library.edition is edition
    assert server.moderators.history() == []

    server.site.serve(GROWN)
    await server.advance(HOUR)
    assert "is there again" in told(server)[1]
    assert "Grape" in text_of(server.asked())


async def truncated(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/plain", "Content-Length": str(len(GROWN))})
    await response.prepare(request)
    await response.write(GROWN[: len(GROWN) // 2])
    assert request.transport
    request.transport.close()
    return response


async def test_a_body_that_ends_early_changes_nothing(start_watching: StartWatching) -> None:
    server = await start_watching()
    server.site.pages["/page.txt"] = truncated
    await server.next_look()
    (state,) = [one.state for one in server.services.moderating.watch.watched]
    assert "the connection broke before all of it was there" in state.reason
    assert server.moderators.history() == []
    assert titles(server) == list(FRUIT)
    server.site.serve(GROWN)
    await server.advance(80)
    assert "Grape" in text_of(server.asked())


async def test_a_server_that_never_answers_is_given_up_and_tried_again(start_watching: StartWatching) -> None:
    server = await start_watching()

    async def hang(_: web.Request) -> web.StreamResponse:
        server.env.backend.advance_clock(21)
        await asyncio.Event().wait()
        raise AssertionError

    server.site.pages["/page.txt"] = hang
    await server.next_look()
    (state,) = [one.state for one in server.services.moderating.watch.watched]
    assert "it was not there after 20 seconds" in state.reason
    server.site.serve(GROWN)
    await server.advance(80)
    assert "Grape" in text_of(server.asked())


async def test_a_server_that_knows_versions_sends_each_once(start_watching: StartWatching) -> None:
    server = await start_watching()
    versions = Versions(server.site)
    versions.publish(BASE)
    await server.advance(HOUR)
    assert versions.sent[0] == 200
    assert set(versions.sent[1:]) == {304}
    versions.publish(GROWN)
    await server.next_look()
    assert "Grape" in text_of(server.asked())
    assert versions.sent.count(200) == 2


async def test_a_page_that_moves_is_followed(start_watching: StartWatching) -> None:
    server = await start_watching()
    server.site.serve(GROWN, path="/moved.txt")
    server.site.redirect(server.site.url("/moved.txt", OTHER))
    await server.next_look()
    assert "Grape" in text_of(server.asked())


async def test_the_status_names_the_age_of_the_source_and_its_last_failure(start_watching: StartWatching) -> None:
    server = await start_watching()
    mo = moderator(server)

    async def source() -> str:
        embed = shown(await mo.slash(server.channel, "status")).embeds[0]
        return next(field.value or "" for field in embed.fields if field.name == "Sources").replace("\\", "")

    await server.next_look()
    looked_at = f"looked at <t:{int(server.env.now().timestamp())}:R>"
    assert await source() == f"**{NAME}**: {looked_at}"
    await server.publish(GROWN)
    now = int(server.env.now().timestamp())
    assert (await source()).splitlines() == [
        f"⚠ A change waits for a moderator, found <t:{now}:R>; `/programme reload` shows it too.",
        f"**{NAME}**: looked at <t:{now}:R>; changed <t:{now}:R>",
    ]
    await mo.click(server.asked(), label="Apply")
    server.site.serve(status=500)
    await server.next_look()
    failed = f"failed <t:{int(server.env.now().timestamp())}:R>"
    assert f"looked at <t:{now}:R>; changed <t:{now}:R>; {failed} ({NAME}: its server answered" in await source()
    server.site.serve(GROWN)
    await server.advance(80)
    assert f"{failed}, and was there again since" in await source()


async def test_the_status_says_when_nobody_looks(start_watching: StartWatching) -> None:
    server = await start_watching(programme={"refresh": None})
    embed = shown(await moderator(server).slash(server.channel, "status")).embeds[0]
    assert any("`programme.refresh` is not set" in (field.value or "") for field in embed.fields)

"""Looking at a source that is away, or is no programme: patience, and nobody hears the same twice."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.config import ListedSource
from bot.programme.source import Loaded
from bot.sources.fetch import Limits
from bot.sources.watch_state import LASTING, WatchState
from tests.support.site import BODY, HOST, Site, authority, certificate, listening, site, trust
from tests.support.watch import EVERY, GARBAGE, MINUTE, START, Versions, driven, papers, watching

__all__ = ["authority", "certificate", "site", "trust"]


@pytest.mark.parametrize("status", [500, 502, 503, 404, 403, 429])
async def test_one_failure_is_no_news_and_the_next_look_comes_soon(status: int, site: Site) -> None:
    watched = watching(site)
    site.serve(papers("one"))
    await watched.look()
    site.serve(status=status)
    await watched.look()
    assert f"status {status}" in watched.state.reason
    assert watched.state.failed_at == watched.clock.now()
    assert watched.state.looked_at == watched.clock.now() - EVERY
    site.serve(papers("two"))
    assert MINUTE <= await watched.look_next() <= 1.25 * MINUTE
    assert watched.handed_on == [["one"], ["two"]]
    assert watched.told == []


async def test_a_server_that_is_away_for_hours_is_told_of_once_and_once_when_it_is_there_again(site: Site) -> None:
    watched = watching(site)
    site.serve(papers("one"))
    await watched.look()
    site.serve(status=503)
    await watched.look()
    begun = watched.clock.now()
    waits = [await watched.look_next() for _ in range(15)]
    assert watched.clock.now() - begun > 5 * LASTING
    assert max(waits) <= 1.25 * timedelta(minutes=30)
    assert waits[:5] == sorted(set(waits[:5]))
    (told,) = watched.told
    assert "status 503" in told
    site.serve(papers("one"))
    await watched.look_next()
    assert watched.told[1:] == [f"over since {begun}"]
    assert watched.handed_on == [["one"]]
    assert await watched.look_next() == EVERY


async def test_an_hour_of_failures_is_told_and_fifty_minutes_are_not(site: Site) -> None:
    watched = watching(site)
    site.serve(status=500)
    await watched.look()
    begun = before = watched.clock.now()
    while not watched.told:
        before = watched.clock.now()
        await watched.look_next()
    assert before - begun < LASTING <= watched.clock.now() - begun


async def test_a_source_that_is_looked_at_twice_a_day_is_tried_more_often_while_it_is_away(site: Site) -> None:
    watched = watching(site, every=timedelta(hours=12))
    site.serve(status=500)
    await watched.look()
    waits = [await watched.look_next() for _ in range(12)]
    assert waits[0] <= 1.25 * MINUTE
    assert timedelta(hours=12) <= waits[-1] <= timedelta(hours=15)


async def test_garbage_is_told_of_after_three_looks_and_what_was_there_counts_as_known(site: Site) -> None:
    watched = watching(site)
    versions = Versions(site)
    versions.publish(papers("one"))
    await watched.look()
    good = versions.tag
    versions.publish(GARBAGE)
    await watched.look()
    await watched.look_next()
    assert watched.told == []
    await watched.look_next()
    assert watched.told == [watched.state.reason]
    assert watched.told[0].startswith(f"{HOST}/page.txt: it is ")
    for _ in range(5):
        await watched.look_next()
    assert len(watched.told) == 1

    versions.body, versions.tag = papers("one"), good
    await watched.look_next()
    assert len(watched.told) == 2
    assert watched.handed_on == [["one"]]


async def test_garbage_in_one_source_does_not_keep_the_changes_of_another_from_being_found(
    site: Site, tmp_path: Path
) -> None:
    talks = tmp_path / "talks.json"
    talks.write_bytes(papers("talk"))
    watched = driven(
        site, ListedSource(address=site.url(), refresh=EVERY), ListedSource(path=talks, refresh=EVERY / 10)
    )
    site.serve(papers("poster"))
    await watched.look()
    site.serve(GARBAGE)
    await watched.look()
    assert watched.state.unreadable
    talks.write_bytes(papers("other talk"))
    watched.watch.sources[0].next_at = watched.clock.now() + EVERY
    await watched.look(EVERY / 10)
    assert watched.handed_on == [["poster", "talk"], ["poster", "other talk"]]
    assert watched.watch.sources[1].state.failures == 0


async def test_what_is_told_to_nobody_is_told_the_next_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = watching(site)
    tries: list[str] = []

    async def told_to_nobody(state: WatchState) -> bool:
        tries.append(state.reason)
        return len(tries) > 1

    monkeypatch.setattr(watched, "failing", told_to_nobody)
    site.serve(GARBAGE)
    for _ in range(6):
        await watched.look_next()
    assert len(tries) == 2


async def test_a_body_that_ends_early_is_not_taken_for_the_programme(site: Site, certificate: Any) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5000\r\n\r\n" + BODY)
        await writer.drain()

    async with listening(hang_up, certificate) as port:
        watched = watching(site, f"https://{HOST}:{port}/page.txt", ports=frozenset({port}))
        await watched.look()
    assert "the connection broke before all of it was there" in watched.state.reason
    assert watched.handed_on == []


async def test_a_server_that_never_answers_is_given_up(site: Site) -> None:
    async def hang(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(60)
        raise AssertionError

    watched = watching(site, limits=Limits(total=0.2))
    site.pages["/page.txt"] = hang
    await watched.look()
    assert "not there after 0.2 seconds" in watched.state.reason


async def test_a_defect_in_what_follows_does_not_end_the_watch(
    site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = watching(site)
    site.serve(papers("one"))

    async def broken(_: Loaded | None) -> bool:
        raise RuntimeError("the database is gone")

    with monkeypatch.context() as patch:
        patch.setattr(watched, "looked", broken)
        await watched.look()
    assert "the database is gone" in caplog.text
    await watched.look()
    assert watched.handed_on == [["one"]]


@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.timedeltas(MINUTE, timedelta(hours=2))), max_size=40),
    st.timedeltas(MINUTE, timedelta(days=1)),
    st.floats(0, 1),
)
def test_however_it_goes_nobody_hears_twice_and_no_wait_is_out_of_bounds(
    looks: list[tuple[bool, bool, timedelta]], every: timedelta, chance: float
) -> None:
    state, now, told = WatchState("page"), START, False
    for works, unreadable, passed in looks:
        now += passed
        state = state.succeeded(now, changed=False) if works else state.failed(now, "no", unreadable=unreadable)
        told = told and not works
        if state.worth_telling:
            assert not told
            assert state.failures >= 3
            told = True
            state = replace(state, told=True)
        wait = state.wait(every, chance)
        if works:
            assert wait == every
        else:
            assert MINUTE <= wait <= 1.25 * max(every, timedelta(minutes=30))

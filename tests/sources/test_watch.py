"""Looking again and again whether a source has changed: what is asked, and what is handed on."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import ListedSource
from bot.sources.fetch import Fetched, Fetcher
from bot.sources.load import found, read_and_join
from bot.sources.watch import TRUSTED
from tests.support.site import HOST, OTHER, Site, authority, certificate, site, trust
from tests.support.watch import EVERY, MINUTE, START, Versions, Watching, driven, papers, watching

__all__ = ["authority", "certificate", "site", "trust"]

PAGE = "Tue, 20 May 2025 08:00:00 GMT"


async def test_what_is_there_is_handed_on_once_and_then_only_when_it_changes(site: Site) -> None:
    watched = watching(site)
    site.serve(papers("one"))
    await watched.look()
    await watched.look()
    site.serve(papers("two"))
    await watched.look()
    assert watched.handed_on == [["one"], ["two"]]
    assert watched.looks == 3
    assert watched.state.looked_at == watched.state.changed_at == START + 3 * EVERY


async def test_what_is_in_use_is_not_handed_on(site: Site) -> None:
    watched = watching(site)
    site.serve(papers("one"))
    (file,) = [found(Fetched(papers("one"), f"{HOST}/page.txt"), one.source, "UTC") for one in watched.watch.sources]
    in_use = read_and_join([file])
    watched.in_use = {in_use.digest: in_use.source.format}
    await watched.look()
    site.serve(papers("two"))
    await watched.look()
    site.serve(papers("one"))
    await watched.look()
    assert watched.handed_on == [["two"]]
    assert watched.found_in_use == 2


async def test_nothing_is_asked_before_the_time_has_come(site: Site) -> None:
    watched = watching(site)
    site.serve(papers("one"))
    await watched.look()
    assert watched.state.name == f"{HOST}/page.txt"
    await watched.look(EVERY - MINUTE)
    assert len(site.requests) == 1
    await watched.look(MINUTE)
    assert len(site.requests) == 2


async def test_a_clock_that_is_set_back_puts_off_no_look(site: Site) -> None:
    """It was an hour ahead at the last look, so that the next one seems to be more than an hour away."""
    watched = watching(site)
    site.serve(papers("one"))
    await watched.look()
    watched.clock.moment -= timedelta(hours=1)
    site.serve(papers("two"))
    await watched.watch.look_at_due()
    assert watched.handed_on == [["one"], ["two"]]
    await watched.look(EVERY - MINUTE)
    assert len(site.requests) == 2


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        ({"ETag": '"v1"', "Last_Modified": PAGE}, {"If-None-Match": '"v1"', "If-Modified-Since": PAGE}),
        ({"ETag": 'W/"v1"'}, {"If-None-Match": 'W/"v1"'}),
        ({"Last_Modified": PAGE}, {"If-Modified-Since": PAGE}),
        ({"ETag": "no quotes"}, {}),
        ({"ETag": f'"{"x" * 600}"'}, {}),
        ({"Last_Modified": "yesterday"}, {}),
        ({}, {}),
    ],
)
async def test_the_server_is_asked_for_another_version_than_the_one_that_is_known(
    headers: dict[str, Any], asked: dict[str, str], site: Site
) -> None:
    watched = watching(site)
    site.serve(papers("one"), **headers)
    await watched.look()
    await watched.look()
    first, second = site.requests
    names = ("If-None-Match", "If-Modified-Since")
    assert [name for name in names if name in first.headers] == []
    assert {name: second.headers[name] for name in names if name in second.headers} == asked


async def test_a_time_of_change_that_may_have_two_versions_is_not_asked_with(site: Site) -> None:
    watched = watching(site)
    now = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    site.serve(papers("one"), Last_Modified=now)
    await watched.look()
    await watched.look()
    assert "If-Modified-Since" not in site.requests[1].headers


async def test_an_answer_that_nothing_has_changed_has_no_body_and_is_enough(site: Site) -> None:
    watched = watching(site)
    versions = Versions(site)
    versions.publish(papers("one"))
    await watched.look()
    for _ in range(3):
        await watched.look()
    assert versions.sent == [200, 304, 304, 304]
    assert watched.handed_on == [["one"]]
    assert watched.state.looked_at == START + 4 * EVERY
    versions.publish(papers("two"))
    await watched.look()
    assert watched.handed_on[1:] == [["two"]]


async def test_a_server_that_would_never_send_anything_new_is_asked_for_all_of_it_after_some_hours(site: Site) -> None:
    watched = watching(site)
    versions = Versions(site)
    versions.publish(papers("one"))
    await watched.look()
    versions.body = papers("two")
    await watched.look(TRUSTED)
    assert watched.handed_on == [["one"]]
    await watched.look()
    assert watched.handed_on == [["one"], ["two"]]


async def test_an_answer_that_nothing_has_changed_is_refused_from_who_was_not_asked(site: Site) -> None:
    watched = watching(site)
    site.serve(b"", 304)
    await watched.look()
    assert "status 304" in watched.state.reason


async def test_a_redirect_is_followed_and_the_version_asked_for_where_it_leads_to(site: Site) -> None:
    watched = watching(site)
    versions = Versions(site, "/real.txt")
    versions.publish(papers("one"))
    site.redirect(site.url("/real.txt", OTHER))
    await watched.look()
    await watched.look()
    assert versions.sent == [200, 304]
    asked = [request for request in site.requests if request.path == "/page.txt"]
    assert all("If-None-Match" not in request.headers for request in asked)
    assert watched.handed_on == [["one"]]

    # Another address has versions of its own, which may be called the same.
    elsewhere = Versions(site, "/moved.txt")
    elsewhere.body, elsewhere.tag = papers("elsewhere"), versions.tag
    site.redirect(site.url("/moved.txt"))
    await watched.look()
    assert watched.handed_on[-1] == ["elsewhere"]


async def test_a_file_is_read_again_only_when_the_file_system_says_so(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(papers("one"))
    watched = watching(site, path)
    await watched.look()
    await watched.look()
    assert watched.handed_on == [["one"]]

    status = path.stat()
    path.write_bytes(papers("two"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    await watched.look()
    assert watched.handed_on == [["one"], ["two"]]

    replacement = tmp_path / "new.txt"
    replacement.write_bytes(papers("three"))
    replacement.replace(path)
    await watched.look()
    assert watched.handed_on[-1] == ["three"]

    path.unlink()
    await watched.look()
    assert "no such file" in watched.state.reason
    path.write_bytes(papers("three"))
    await watched.look()
    assert watched.state.failures == 0
    assert len(watched.handed_on) == 3


async def test_several_sources_are_handed_on_together_when_one_has_changed(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "talks.json"
    path.write_bytes(papers("talk"))
    watched = watching(site, site.url(), path)
    site.serve(status=500)
    await watched.look()
    assert watched.handed_on == []  # a half is no programme
    site.serve(papers("poster"))
    await watched.look_next()
    assert watched.handed_on == [["poster", "talk"]]
    path.write_bytes(papers("other talk"))
    await watched.look()
    assert watched.handed_on[1:] == [["poster", "other talk"]]
    site.serve(status=500)
    path.write_bytes(papers("one more talk"))
    await watched.look()
    assert watched.handed_on[2:] == [["poster", "one more talk"]]


async def test_what_changes_in_several_sources_at_a_time_is_one_change(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "talks.json"
    watched = watching(site, site.url(), path)
    for round_ in "ab":
        site.serve(papers(f"poster {round_}"))
        path.write_bytes(papers(f"talk {round_}"))
        await watched.look()
    assert watched.handed_on == [["poster a", "talk a"], ["poster b", "talk b"]]


async def test_each_source_has_its_own_time_and_one_without_is_never_the_occasion(site: Site, tmp_path: Path) -> None:
    site.serve(papers("poster"))
    often, never = tmp_path / "often.json", tmp_path / "never.json"
    often.write_bytes(papers("talk"))
    never.write_bytes(papers("keynote"))
    watched = driven(
        site,
        ListedSource(address=site.url(), refresh=timedelta(hours=1)),
        ListedSource(path=often, refresh=MINUTE),
        ListedSource(path=never),
    )
    await watched.look()
    assert watched.handed_on == [["poster", "talk", "keynote"]]
    never.write_bytes(papers("other keynote"))
    for _ in range(59):
        await watched.look(MINUTE)
    assert len(site.requests) == 1
    assert watched.looks == 60
    assert len(watched.handed_on) == 1
    often.write_bytes(papers("other talk"))
    await watched.look(MINUTE)
    assert len(site.requests) == 2
    assert watched.handed_on[1:] == [["poster", "other talk", "other keynote"]]


async def test_the_task_looks_by_itself_and_ends_when_it_is_told_to(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(papers("one"))
    watched = watching(site, path)
    watched.watch.open()
    watched.watch.open()
    async with asyncio.timeout(5):
        await watched.has_looked.wait()
    await watched.watch.close()
    assert len(watched.handed_on) == 1
    assert [task for task in asyncio.all_tasks() if task.get_name() == "source watch"] == []


async def test_without_a_time_to_look_again_there_is_no_task() -> None:
    watch = Watching([ListedSource(path=Path("page.txt"))], Fetcher()).watch
    watch.open()
    assert [task for task in asyncio.all_tasks() if task.get_name() == "source watch"] == []
    await watch.close()


async def test_the_content_of_a_single_source_does_not_stay_in_memory(site: Site) -> None:
    watched = watching(site)
    served = Versions(site)
    served.publish(papers("one"))
    await watched.look()
    await watched.look()
    await watched.look(TRUSTED + MINUTE)
    served.publish(papers("two"))
    await watched.look()
    assert watched.handed_on == [["one"], ["two"]]
    (source,) = watched.watch.sources
    assert source.version
    assert source.version.data == b""

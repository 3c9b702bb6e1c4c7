"""From the configured sources to one programme: with what the configuration says, and known again unless it changed."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.errors import UserError
from bot.programme.source import Loaded
from bot.sources import load
from bot.sources.export import as_csv, as_json
from bot.sources.fetch import Fetched, Fetcher
from bot.sources.load import are_known, load_configured, load_given, name_of, obtain_configured
from bot.sources.read import read
from tests.support.programmes import paper, session, source_of

PAPERS = "ID,Title,Authors\n1,Caching,Ada Lovelace\n2,Batching,Bo Li\n"
SESSIONS = "1A:\n  start_time: 2031-07-04 06:00:00\n  papers:\n  - 1\n  - 2\n"
TALKS = "Title,Speaker,Start,Status\nCaching,Ada,2031-07-04 06:00,Shepherded\n"


def configured(folder: Path, files: dict[str, str], *sources: dict[str, Any], zone: str = "UTC") -> Config:
    """Write files, and make a configuration of them; `sources` adds to what is said of each in turn."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    said = (*sources, *({} for _ in files))
    listed = [{"path": folder / name, **more} for name, more in zip(files, said, strict=False)]
    return Config.model_validate(
        {"conference": {"name": "Bees", "timezone": zone}, "programme": {"sources": listed}},
    )


async def loaded(config: Config) -> Loaded:
    return await load_configured(config, Fetcher())


async def test_several_files_make_one_programme(tmp_path: Path) -> None:
    found = await loaded(configured(tmp_path, {"papers.csv": PAPERS, "sessions.yml": SESSIONS}))
    assert [paper.title for paper in found.source.papers] == ["Caching", "Batching"]
    (session,) = found.source.sessions
    assert [one.paper for one in session.appearances] == [0, 1]
    assert found.name == "papers.csv, sessions.yml"


async def test_what_is_in_use_already_is_not_in_memory_twice(tmp_path: Path) -> None:
    config = configured(tmp_path, {"papers.csv": PAPERS})
    before = await loaded(config)
    (tmp_path / "papers.csv").write_text(PAPERS.replace("Ada", "Bea"), encoding="utf-8")
    alone = await loaded(config)
    after = await load_configured(config, Fetcher(), before.source)
    assert after == alone
    assert after.source.papers[0].authors[0].name == "Bea Lovelace"
    assert after.source.papers[1] is before.source.papers[1]


async def test_each_file_is_read_as_the_configuration_says_of_it(tmp_path: Path) -> None:
    files = {"talks.csv": TALKS}
    plain = await loaded(configured(tmp_path, files))
    assert plain.source.papers == ()
    said = {"public": ["shepherded"], "timezone": "Asia/Tokyo", "columns": {"title": ["Speaker"]}}
    found = await loaded(configured(tmp_path, files, said))
    assert [paper.title for paper in found.source.papers] == ["Ada"]
    (session,) = found.source.sessions
    assert session.starts_at is not None
    assert session.starts_at.isoformat() == "2031-07-03T21:00:00+00:00"


async def test_times_are_in_the_zone_of_the_conference_unless_the_source_has_one(tmp_path: Path) -> None:
    (session,) = (await loaded(configured(tmp_path, {"s.yml": SESSIONS}, zone="Asia/Tokyo"))).source.sessions
    assert session.starts_at is not None
    assert session.starts_at.hour == 21


async def test_the_digest_is_the_same_until_a_file_or_what_is_said_of_it_changes(tmp_path: Path) -> None:
    files = {"papers.csv": PAPERS, "sessions.yml": SESSIONS}
    first = await loaded(configured(tmp_path, files))
    assert await loaded(configured(tmp_path, files)) == first
    others = [
        await loaded(configured(tmp_path, {**files, "sessions.yml": SESSIONS.replace("06", "07")})),
        await loaded(configured(tmp_path, files, zone="Asia/Tokyo")),
        await loaded(configured(tmp_path, files, {}, {"timezone": "UTC"})),
        await loaded(configured(tmp_path, files, {"public": ["Shepherded"]})),
        await loaded(configured(tmp_path, files, {"columns": {"title": ["Authors"]}})),
    ]
    assert len({first.digest, *(other.digest for other in others)}) == 6


async def test_a_new_revision_of_a_reader_makes_an_unchanged_file_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(tmp_path, {"papers.csv": PAPERS})
    first = await loaded(config)
    monkeypatch.setattr("bot.sources.formats.table.FORMAT", "table/999")
    assert (await loaded(config)).digest != first.digest


async def test_a_file_that_somebody_gives_is_read_as_the_configured_one_of_its_name(tmp_path: Path) -> None:
    said = {"public": ["Shepherded"], "timezone": "Asia/Tokyo", "format": "table"}
    config = configured(tmp_path, {"talks.csv": "", "more.csv": ""}, said)
    data = TALKS.encode()
    same = await load_given(Fetched(data, "talks.csv"), config)
    assert [paper.title for paper in same.source.papers] == ["Caching"]
    assert (await load_given(Fetched(data, "other.csv"), config)).source.papers == ()


async def test_a_file_that_somebody_gives_may_be_of_another_format_than_the_only_source(tmp_path: Path) -> None:
    config = configured(tmp_path, {"talks.csv": ""}, {"format": "table", "columns": {"title": ["Name"]}})
    papers = source_of(session("Talks", paper("Caching", "Ada Lovelace")))
    for name, data in (("programme.json", as_json(papers)), ("programme.csv", as_csv(papers))):
        found = await load_given(Fetched(data, name), config)
        assert [paper.title for paper in found.source.papers] == ["Caching"]


async def test_a_source_is_taken_for_what_it_contributes(tmp_path: Path) -> None:
    files = {"papers.csv": PAPERS, "talks.csv": "Title,Authors,Abstract\nCaching,Ada Lovelace,Long.\nOther,Cy,Hm.\n"}
    everything = await loaded(configured(tmp_path, files))
    assert [paper.title for paper in everything.source.papers] == ["Caching", "Batching", "Other"]
    abstracts = await loaded(configured(tmp_path, files, {}, {"contributes": ["abstracts"]}))
    assert [(paper.title, paper.abstract) for paper in abstracts.source.papers] == [
        ("Caching", "Long."),
        ("Batching", None),
    ]
    assert abstracts.digest != everything.digest


@pytest.mark.parametrize("broken", ["", "\x07"])
async def test_one_file_that_can_not_be_read_is_named(broken: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^sessions\.yml: "):
        await loaded(configured(tmp_path, {"papers.csv": PAPERS, "sessions.yml": broken}))


async def test_nothing_waits_while_a_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def slow(*arguments: Any) -> Any:
        reached.set()
        assert go_on.wait(10)
        return read(*arguments)

    monkeypatch.setattr(load, "read", slow)
    loading = asyncio.create_task(loaded(configured(tmp_path, {"papers.csv": PAPERS})))
    assert await asyncio.to_thread(reached.wait, 10)
    assert not loading.done()
    go_on.set()
    assert len((await loading).source.papers) == 2


@pytest.mark.parametrize(
    ("change", "known"),
    [
        (None, True),
        ("content", False),
        ("zone", False),
        ("a file less", False),
        ("another reader", False),
        ("nothing known", False),
    ],
)
async def test_what_is_known_is_known_without_reading_it(change: str | None, known: bool, tmp_path: Path) -> None:
    config = configured(tmp_path, {"papers.csv": PAPERS, "sessions.yml": SESSIONS})
    before = await loaded(config)
    if change == "content":
        configured(tmp_path, {"papers.csv": PAPERS + "3,Hashing,Cy\n"})
    files = await obtain_configured(config, Fetcher())
    if change == "zone":
        zoned = configured(tmp_path, {"papers.csv": PAPERS, "sessions.yml": SESSIONS}, zone="Asia/Tokyo")
        files = await obtain_configured(zoned, Fetcher())
    if change == "a file less":
        files = files[:1]
    formats = before.source.format if change != "another reader" else before.source.format.replace("/1", "/0")
    assert name_of(files) == ("papers.csv" if change == "a file less" else before.name)
    assert are_known(files, {} if change == "nothing known" else {"f" * 64: formats, before.digest: formats}) is known

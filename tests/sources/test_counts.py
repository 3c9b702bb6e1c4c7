"""The numbers of a source add up, whatever a reader makes of it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.source import Credit, Link
from bot.sources.counts import Counts, count, together
from bot.sources.join import join
from bot.sources.read import read
from bot.sources.reading.file import Account, Reading
from tests.sources.mutations import as_json, mutated
from tests.sources.samples import SAMPLES
from tests.support.programmes import at, paper, session, source_of


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file of any format, slightly wrong: as JSON a few values are others, as text a few lines."""
    _, data = SAMPLES[draw(st.sampled_from(sorted(SAMPLES)))]
    if data[:1] in (b"{", b"["):
        return as_json(draw(mutated(json.loads(data))))
    if data[:2] in (b"PK", b"\xff\xfe"):
        return data
    lines = data.splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        other = draw(st.sampled_from(lines))
        lines[place : place + draw(st.integers(0, 1))] = draw(st.sampled_from([[], [other], [other, other]]))
        if not lines:
            break
    return b"".join(lines)


def reading_of(data: bytes) -> Reading | None:
    try:
        return read(data, "programme")
    except UserError:
        return None


def assert_adds_up(counts: Counts) -> None:
    assert counts.records == (
        counts.contributions + counts.session_records + counts.merged + sum(counts.left_out.values())
    )
    assert min(counts.left_out.values(), default=1) > 0
    assert counts.timed_sessions <= counts.sessions
    assert counts.people <= counts.author_slots


@pytest.mark.parametrize("what", SAMPLES)
def test_the_numbers_of_every_format_add_up(what: str) -> None:
    reading = read(SAMPLES[what][1], "programme")
    counts = count(reading.source, reading.account)
    assert_adds_up(counts)
    assert (counts.contributions, counts.sessions) == (len(reading.source.papers), len(reading.source.sessions))
    assert counts.records > 0


@given(files())
def test_the_numbers_of_any_file_that_is_read_add_up(data: bytes) -> None:
    if reading := reading_of(data):
        counts = count(reading.source, reading.account)
        assert_adds_up(counts)
        assert (counts.contributions, counts.sessions) == (len(reading.source.papers), len(reading.source.sessions))


@given(st.lists(files(), min_size=1, max_size=4))
def test_the_numbers_of_any_files_together_add_up(several: list[bytes]) -> None:
    readings = [reading for data in several if (reading := reading_of(data))]
    if not readings:
        return
    try:
        joined = join(readings)
    except UserError:
        return
    for account in joined.accounts:
        assert account.records == (account.papers + account.sessions + account.merged + sum(account.left_out.values()))
    counts = count(joined.source, together(joined.accounts))
    assert_adds_up(counts)
    assert counts.records == sum(reading.account.records for reading in readings)
    assert counts.contributions == len(joined.source.papers)


def test_what_is_there_twice_is_counted_once() -> None:
    shown = paper("Caching", "Ada Lovelace", "ADA LOVELACE", "", "Bo Li", links=(Link("PDF", "https://example.org/1"),))
    source = source_of(
        session("Talks", at(shown, room="Hall"), room=" Hall "),
        session("Posters", at(shown, room="Annex"), links=(Link("Page", "https://example.org/2"),)),
        unscheduled=[paper("Batching", "Bo Li")],
    )
    counts = count(source, Account(records=3, papers=2, merged=1))
    assert (counts.contributions, counts.sessions, counts.appearances) == (2, 2, 2)
    # The blank name is a slot, and nobody.
    assert (counts.people, counts.author_slots) == (2, 5)
    assert (counts.rooms, counts.links, counts.timed_sessions) == (2, 2, 0)


def test_people_of_one_name_count_apart_where_the_source_does() -> None:
    authors = (
        Credit("Wei Zhang", identifier="1"),
        Credit("Wei Zhang", identifier="2"),
        Credit("Wei Zhang", identifier="1"),
    )
    counts = count(source_of(session("Posters", at(replace(paper("Caching"), authors=authors)))), Account(1, 1, 0))
    assert (counts.people, counts.author_slots) == (2, 3)


def test_the_page_and_the_files_of_an_entry_are_no_links_it_lists() -> None:
    links = (Link("Page", "https://example.org/1", listed=False), Link("Code", "https://example.org/2"))
    shown = paper("Caching", "Ada Lovelace", links=links)
    assert count(source_of(session("Posters", at(shown))), Account(1, 1, 0)).links == 1

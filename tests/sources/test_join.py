"""Any sources put together: everything stays accounted for, in its order and in little time."""

import time
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.source import Source, SourceAppearance, SourcePaper, SourceSession
from bot.sources.join import Joined, join
from bot.sources.reading.file import Account, Reading
from tests.sources.joining import LONG, at, joined, paper, people, reading

TITLES = st.sampled_from([None, "Caching", "Caching!", "Batching", "Pruning at night", "Pruning at nigth"])
PEOPLE = st.lists(st.sampled_from(["Ada Li", "Ada B. Li", "Bo Wu", "Cy Yu", ""]), max_size=2).map(
    lambda names: people(*names)
)
IDS = st.sampled_from([None, "1", "2", "x-1", "10.1145/3"])
MOMENTS = st.sampled_from([None, at(9), at(10)])


@st.composite
def any_papers(draw: st.DrawFn) -> SourcePaper:
    ids = draw(st.lists(IDS, min_size=2, max_size=2, unique=True))
    made = SourcePaper(
        title=draw(TITLES),
        authors=draw(PEOPLE),
        abstract=draw(st.sampled_from([None, "Short.", LONG])),
        source_id=ids[0],
        other_ids=tuple(filter(None, ids[1:])),
        topics=draw(st.sampled_from([(), ("a",), ("b", "a")])),
    )
    return made if made.title or made.source_id or made.abstract else paper("Nameless")


@st.composite
def any_readings(draw: st.DrawFn, number: int = 0) -> Reading:
    papers = [draw(any_papers()) for _ in range(draw(st.integers(0, 6)))]
    sessions = []
    for _ in range(draw(st.integers(0, 4))):
        places = draw(st.lists(st.integers(0, len(papers) - 1), max_size=4)) if papers else []
        sessions.append(
            SourceSession(
                name=draw(st.sampled_from(["Talks", "Posters 1", "1"])),
                starts_at=draw(MOMENTS),
                room=draw(st.sampled_from([None, "Hall A", "Hall B"])),
                source_id=draw(st.sampled_from([None, "1", "s-1"])),
                appearances=tuple(SourceAppearance(place, draw(MOMENTS)) for place in places),
            )
        )
    # The line tells each paper's source and place, so that it can be found again.
    lined = [
        SourcePaper(**{name: getattr(one, name) for name in SourcePaper.__slots__} | {"line": 1000 * number + place})
        for place, one in enumerate(papers)
    ]
    return reading(lined, sessions, file=f"{number}.csv", merged=draw(st.integers(0, 3)))


@st.composite
def several_readings(draw: st.DrawFn) -> list[Reading]:
    return [draw(any_readings(number)) for number in range(draw(st.integers(1, 4)))]


def joined_or_refused(readings: Sequence[Reading], contributes: Sequence[frozenset[str] | None] = ()) -> Joined | None:
    try:
        return joined(*readings, contributes=contributes)
    except UserError as error:
        if "only records that complete papers" not in str(error):
            raise
        return None


def contents(source: Source) -> tuple[tuple[SourcePaper, ...], tuple[SourceSession, ...]]:
    return source.papers, source.sessions


@given(
    readings=several_readings(),
    fields=st.lists(st.sampled_from([None, frozenset({"abstracts"}), frozenset({"papers", "times"})]), min_size=4),
)
def test_everything_stays_accounted_for_in_its_order(
    readings: list[Reading], fields: list[frozenset[str] | None]
) -> None:
    for contributes in ((), fields[: len(readings)]):
        outcome = joined_or_refused(readings, contributes)
        if outcome is None:
            continue
        source = outcome.source
        lines = [one.line or 0 for one in source.papers]
        assert lines == sorted(set(lines))
        assert all(one.title or one.abstract or one.source_id is None for one in source.papers)
        for made in source.sessions:
            assert all(0 <= one.paper < len(source.papers) for one in made.appearances)
        for account, given_reading in zip(outcome.accounts, readings, strict=True):
            assert account.records == given_reading.account.records


@given(several_readings())
def test_what_is_joined_stays_as_it_is_when_joined_again(readings: list[Reading]) -> None:
    outcome = joined_or_refused(readings)
    if outcome is None:
        return
    source = outcome.source
    again = joined(Reading("all", source, Account(records=len(source.papers), papers=len(source.papers))))
    assert contents(again.source) == contents(source)
    assert again.accounts[0].papers == len(source.papers)


@given(any_readings())
def test_a_source_joined_with_itself_is_itself(one: Reading) -> None:
    outcome = joined_or_refused([one])
    if outcome is None:
        return
    twice = joined(one, one)
    assert contents(twice.source) == contents(outcome.source)
    assert twice.accounts[1].papers == 0


def test_many_papers_are_joined_in_little_time() -> None:
    def seconds(count: int) -> float:
        papers = [
            paper(f"Caching number {place}", f"Ada Li{place % 97}", source_id=str(place)) for place in range(count)
        ]
        same = [paper("The same title", source_id=f"s{place}") for place in range(count)]
        sessions = [SourceSession(name="Talks", appearances=tuple(map(SourceAppearance, range(count))))]
        started = time.process_time()
        join([reading([*papers, *same], sessions), reading([*same, *papers], sessions, file="b.csv")])
        return time.process_time() - started

    seconds(50)
    assert seconds(4000) < 6 * max(seconds(1000), 0.05) * 1.5

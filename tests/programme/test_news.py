"""What people must hear of the sessions after a change, and what several changes mean together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programme.build import build
from bot.programme.difference import compare
from bot.programme.model import Programme, Session
from bot.programme.news import Bulletin, SessionNews, Slot, fold_news, folded, news_text, session_news
from bot.programme.source import Source, SourcePaper, SourceSession

NINE, TEN, ELEVEN = (datetime(2026, 5, 18, hour, tzinfo=UTC) for hour in (9, 10, 11))

PAPERS = tuple(SourcePaper(key=key, title=key.upper()) for key in "abcdef")
POSTERS = SourceSession(key="posters", kind="Session", name="Posters", room="Hall", starts_at=NINE, papers=PAPERS)


def programme(*sessions: SourceSession) -> Programme:
    return build(Source("test/1", sessions))


BEFORE = programme(POSTERS)

MOMENTS = st.none() | st.sampled_from([NINE, TEN, ELEVEN])
SESSIONS = st.builds(
    SourceSession,
    key=st.sampled_from("abcd"),
    name=st.just("A session"),
    room=st.none() | st.sampled_from(["Hall", "Attic"]),
    starts_at=MOMENTS,
    ends_at=MOMENTS,
)
PROGRAMMES = st.lists(SESSIONS, max_size=4, unique_by=lambda session: session.key).map(lambda them: programme(*them))


def news_of(before: Programme, after: Programme) -> tuple[SessionNews, ...]:
    return session_news(compare(before, after))


@pytest.mark.parametrize(
    ("fields", "after", "kinds"),
    [
        ({"starts_at": TEN}, Slot(TEN, None, "Hall"), "moved"),
        ({"ends_at": TEN}, Slot(NINE, TEN, "Hall"), "moved"),
        ({"starts_at": None}, Slot(None, None, "Hall"), "moved"),
        ({"room": "Attic"}, Slot(NINE, None, "Attic"), "changed_rooms"),
        ({"starts_at": TEN, "room": "Attic"}, Slot(TEN, None, "Attic"), "moved changed_rooms"),
    ],
)
def test_another_time_and_another_room_are_news(fields: dict[str, object], after: Slot, kinds: str) -> None:
    changed = programme(replace(POSTERS, **fields))  # type: ignore[arg-type]
    (news,) = news_of(BEFORE, changed)
    assert news == SessionNews("posters", "Posters", Slot(NINE, None, "Hall"), after)
    assert kinds_of(news) == kinds


def kinds_of(news: SessionNews) -> str:
    return " ".join(kind for kind in ("added", "cancelled", "moved", "changed_rooms") if getattr(news, kind))


def test_another_name_and_other_papers_are_no_news() -> None:
    assert news_of(BEFORE, programme(replace(POSTERS, name="Demos", kind="Demo", papers=PAPERS[:2]))) == ()


def test_sessions_added_and_cancelled_are_news_in_the_order_of_time() -> None:
    after = programme(
        SourceSession(key="open", name="Some day"), SourceSession(key="early", name="Early", starts_at=NINE)
    )
    news = news_of(programme(replace(POSTERS, starts_at=TEN)), after)
    assert [(one.key, kinds_of(one)) for one in news] == [
        ("early", "added"),
        ("posters", "cancelled"),
        ("open", "added"),
    ]


def test_a_first_time_counts_as_moved() -> None:
    (news,) = news_of(programme(replace(POSTERS, starts_at=None)), BEFORE)
    assert kinds_of(news) == "moved"


@given(PROGRAMMES, PROGRAMMES)
def test_news_survives_being_written_as_json(before: Programme, after: Programme) -> None:
    for news in news_of(before, after):
        assert SessionNews.from_json(news.to_json()) == news


@given(st.lists(PROGRAMMES, min_size=1, max_size=5))
def test_successive_news_fold_into_the_news_from_the_first_to_the_last(versions: list[Programme]) -> None:
    steps = [news_of(one, other) for one, other in pairwise(versions)]
    assert fold_news(steps) == news_of(versions[0], versions[-1])


@given(st.lists(PROGRAMMES, min_size=3, max_size=3))
def test_news_may_be_folded_in_any_grouping(versions: list[Programme]) -> None:
    one, two = news_of(versions[0], versions[1]), news_of(versions[1], versions[2])
    three = news_of(versions[2], versions[0])
    assert fold_news([fold_news([one, two]), three]) == fold_news([one, fold_news([two, three])]) == ()


def test_what_was_changed_back_and_what_came_and_went_is_no_news() -> None:
    moved = programme(replace(POSTERS, starts_at=TEN))
    assert fold_news([news_of(BEFORE, moved), news_of(moved, BEFORE)]) == ()
    assert fold_news([news_of(Programme(), BEFORE), news_of(BEFORE, Programme())]) == ()
    assert [kinds_of(news) for news in fold_news([news_of(BEFORE, Programme()), news_of(Programme(), moved)])] == [
        "moved"
    ]


def test_a_session_is_looked_up_by_the_name_it_has_now() -> None:
    moved = programme(replace(POSTERS, name="Demos", starts_at=TEN))
    later: Session = replace(moved.sessions[0], starts_at=ELEVEN)
    (news,) = fold_news([news_of(BEFORE, moved), news_of(moved, Programme((later,)))])
    assert (news.name, news.before, news.after) == ("Demos", Slot(NINE, None, "Hall"), Slot(ELEVEN, None, "Hall"))


@pytest.mark.parametrize(
    ("before", "after", "over"),
    [
        (Slot(NINE, TEN), None, True),
        (Slot(NINE, TEN), Slot(TEN, ELEVEN), False),
        (Slot(), Slot(room="Hall"), False),
        (Slot(NINE), None, False),
    ],
)
def test_news_of_what_is_over_is_over(before: Slot, after: Slot | None, over: bool) -> None:
    assert SessionNews("a", "A", before, after).is_over(TEN + timedelta(minutes=5)) is over


def test_a_bulletin_is_read_as_it_has_always_been_written() -> None:
    """A database of an older bot has news that nobody has heard yet."""
    kept = (
        '{"news": ["{\\"key\\": \\"posters\\", \\"name\\": \\"Posters\\", \\"before\\": null, '
        '\\"after\\": {\\"starts_at\\": \\"2026-05-18T09:00:00+00:00\\", \\"ends_at\\": null, '
        '\\"room\\": \\"Hall\\"}}"], "papers": {"posters": ["a", "b"]}}'
    )
    added = SessionNews("posters", "Posters", None, Slot(NINE, None, "Hall"))
    bulletin = Bulletin((added,), {"posters": frozenset("ab")})

    assert Bulletin.parse(kept) == bulletin
    assert bulletin.text == kept


def test_a_bulletin_concerns_who_bookmarked_what_is_or_was_in_its_sessions() -> None:
    after = programme(replace(POSTERS, starts_at=TEN, papers=PAPERS[1:]))
    text = news_text(BEFORE, after, compare(BEFORE, after))
    assert text
    bulletin = Bulletin.parse(text)

    assert bulletin.concerns(["a"])
    assert bulletin.concerns(["other", "f"])
    assert not bulletin.concerns(["other"])
    assert [one.key for one in folded([bulletin], ["a"])] == ["posters"]
    assert folded([bulletin], ["other"]) == ()
    assert len(folded([bulletin])) == 1


def test_the_first_programme_and_other_changes_are_no_bulletin() -> None:
    renamed = programme(replace(POSTERS, name="Demos"))
    assert news_text(Programme(), BEFORE, compare(Programme(), BEFORE)) is None
    assert news_text(BEFORE, renamed, compare(BEFORE, renamed)) is None

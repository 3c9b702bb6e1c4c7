"""What people must hear of sessions and talks after a change, and what several changes mean together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programme.build import build
from bot.programme.difference import compare
from bot.programme.model import Programme, Session
from bot.programme.news import Bulletin, SessionNews, Slot, fold_news, folded, news_text, session_news
from bot.programme.source import SourcePaper
from tests.support.programmes import Made, Shown, at, paper, session, source_of

NINE, TEN, ELEVEN = (datetime(2026, 5, 18, hour, tzinfo=UTC) for hour in (9, 10, 11))

PAPERS = tuple(paper(key.upper(), key=key) for key in "abcdef")


def posters(*shown: SourcePaper | Shown, **fields: Any) -> Made:
    usual = {"key": "posters", "kind": "Session", "room": "Hall", "starts_at": NINE}
    return session(fields.pop("name", "Posters"), *(shown or PAPERS), **{**usual, **fields})


def programme(*sessions: Made) -> Programme:
    return build(source_of(*sessions))


BEFORE = programme(posters())

MOMENTS = st.none() | st.sampled_from([NINE, TEN, ELEVEN])
SESSIONS = st.builds(
    session,
    st.just("A session"),
    key=st.sampled_from("abcd"),
    room=st.none() | st.sampled_from(["Hall", "Attic"]),
    starts_at=MOMENTS,
    ends_at=MOMENTS,
)
PROGRAMMES = st.lists(SESSIONS, max_size=4, unique_by=lambda made: made.session.key).map(lambda them: programme(*them))


def news_of(before: Programme, after: Programme) -> tuple[SessionNews, ...]:
    return session_news(before, after, compare(before, after))


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
    changed = programme(posters(**fields))
    (news,) = news_of(BEFORE, changed)
    assert news == SessionNews("posters", "Posters", Slot(NINE, None, "Hall"), after)
    assert kinds_of(news) == kinds


def kinds_of(news: SessionNews) -> str:
    return " ".join(kind for kind in ("added", "cancelled", "moved", "changed_rooms") if getattr(news, kind))


def test_another_name_and_other_papers_are_no_news() -> None:
    assert news_of(BEFORE, programme(posters(*PAPERS[:2], name="Demos", kind="Demo"))) == ()


def test_sessions_added_and_cancelled_are_news_in_the_order_of_time() -> None:
    after = programme(session("Some day", key="open"), session("Early", key="early", starts_at=NINE))
    news = news_of(programme(posters(starts_at=TEN)), after)
    assert [(one.key, kinds_of(one)) for one in news] == [
        ("early", "added"),
        ("posters", "cancelled"),
        ("open", "added"),
    ]


def test_a_first_time_counts_as_moved() -> None:
    (news,) = news_of(programme(posters(starts_at=None)), BEFORE)
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
    moved = programme(posters(starts_at=TEN))
    assert fold_news([news_of(BEFORE, moved), news_of(moved, BEFORE)]) == ()
    assert fold_news([news_of(Programme(), BEFORE), news_of(BEFORE, Programme())]) == ()
    assert [kinds_of(news) for news in fold_news([news_of(BEFORE, Programme()), news_of(Programme(), moved)])] == [
        "moved"
    ]


def test_a_session_is_looked_up_by_the_name_it_has_now() -> None:
    moved = programme(posters(name="Demos", starts_at=TEN))
    later: Session = replace(moved.sessions[0], starts_at=ELEVEN)
    (news,) = fold_news([news_of(BEFORE, moved), news_of(moved, Programme((later,)))])
    assert (news.name, news.before, news.after) == ("Demos", Slot(NINE, None, "Hall"), Slot(ELEVEN, None, "Hall"))


def talks(*shown: Shown | SourcePaper, **fields: Any) -> Made:
    return session("Talks", *shown, **{"key": "talks", "room": "Hall", "starts_at": NINE, **fields})


def test_talks_that_move_or_change_rooms_or_come_and_go_are_news_of_their_own() -> None:
    one, two, three, four = PAPERS[:4]
    before = programme(talks(at(one, NINE, TEN), at(two, TEN), at(three, TEN, room="Attic")))
    after = programme(talks(at(one, TEN, ELEVEN), at(three, TEN), at(four, ELEVEN)))
    news = news_of(before, after)
    assert [(told.key, told.name, kinds_of(told)) for told in news] == [
        ("talks/a", "A", "moved"),
        ("talks/b", "B", "cancelled"),
        ("talks/c", "C", "changed_rooms"),
        ("talks/d", "D", "added"),
    ]
    assert (news[0].before, news[0].after) == (Slot(NINE, TEN, "Hall"), Slot(TEN, ELEVEN, "Hall"))
    assert [SessionNews.from_json(told.to_json()) for told in news] == list(news)


def test_talks_that_only_went_with_their_session_are_no_news_of_their_own() -> None:
    before = programme(talks(at(PAPERS[0], NINE), at(PAPERS[1], TEN), PAPERS[2]))
    along = programme(talks(at(PAPERS[0], TEN), at(PAPERS[1], ELEVEN), PAPERS[2], starts_at=TEN, room="Attic"))
    assert [told.key for told in news_of(before, along)] == ["talks"]
    alone = programme(talks(at(PAPERS[0], TEN), at(PAPERS[1], NINE), PAPERS[2], starts_at=TEN))
    assert [told.key for told in news_of(before, alone)] == ["talks/b", "talks"], "the earliest first"


def test_of_a_session_that_comes_or_goes_its_talks_are_not_told_one_by_one() -> None:
    both = programme(posters(), talks(at(PAPERS[0], NINE), at(PAPERS[1], TEN)))
    assert [told.key for told in news_of(BEFORE, both)] == ["talks"]
    assert [told.key for told in news_of(both, BEFORE)] == ["talks"]


def test_a_bulletin_of_a_talk_concerns_who_bookmarked_that_talk() -> None:
    before = programme(talks(at(PAPERS[0], NINE), at(PAPERS[1], TEN)))
    after = programme(talks(at(PAPERS[0], NINE), at(PAPERS[1], ELEVEN)))
    text = news_text(before, after, compare(before, after))
    assert text
    bulletin = Bulletin.parse(text)
    assert [told.key for told in folded([bulletin], ["b"])] == ["talks/b"]
    assert not bulletin.concerns(["a"])


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
    after = programme(posters(*PAPERS[1:], starts_at=TEN))
    text = news_text(BEFORE, after, compare(BEFORE, after))
    assert text
    bulletin = Bulletin.parse(text)

    assert bulletin.concerns(["a"])
    assert bulletin.concerns(["other", "f"])
    assert not bulletin.concerns(["other"])
    assert [one.key for one in folded([bulletin], ["a"])] == ["posters"]
    assert folded([bulletin], ["other"]) == ()
    assert len(folded([bulletin])) == 1


def test_a_bulletin_names_new_papers_also_where_no_session_is_concerned() -> None:
    after = programme(posters(*PAPERS, paper("New", key="new")))
    text = news_text(BEFORE, after, compare(BEFORE, after))
    assert text

    bulletin = Bulletin.parse(text)

    assert bulletin.added == after.papers.keys() - BEFORE.papers.keys()
    assert len(bulletin.added) == 1
    assert bulletin.news == ()
    assert not bulletin.concerns(BEFORE.papers)


def test_the_first_programme_and_other_changes_are_no_bulletin() -> None:
    renamed = programme(posters(name="Demos"))
    assert news_text(Programme(), BEFORE, compare(Programme(), BEFORE)) is None
    assert news_text(BEFORE, renamed, compare(BEFORE, renamed)) is None

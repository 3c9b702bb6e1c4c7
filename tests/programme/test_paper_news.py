"""Which papers are new or have moved between two programmes."""

from datetime import UTC, datetime, timedelta

from bot.programme.model import Programme
from bot.programme.news import Slot
from bot.programme.paper_news import paper_news
from tests.support.programmes import at, paper, programme_of, session

NINE = datetime(2026, 5, 18, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)

BEFORE = programme_of(
    session("Talks", at(paper("One"), NINE), at(paper("Two"), NINE + HOUR), room="Hall", starts_at=NINE),
    session("Posters", "Three", room="Foyer", starts_at=NINE),
)


def test_new_and_moved_papers_are_told_and_no_others() -> None:
    after = programme_of(
        session("Talks", at(paper("One"), NINE), at(paper("Two"), NINE + 2 * HOUR), room="Hall", starts_at=NINE),
        session("Posters", "Three", "Four", room="Attic", starts_at=NINE),
    )

    news = paper_news(BEFORE, after, after.papers)

    assert [(one.paper.key, one.added) for one in news] == [("two", False), ("three", False), ("four", True)]
    assert news[0].before == (Slot(NINE + HOUR, None, "Hall"),)
    assert news[0].after == (Slot(NINE + 2 * HOUR, None, "Hall"),)
    assert [slot.room for slot in news[1].after] == ["Attic"]
    assert [one.paper.key for one in paper_news(BEFORE, after, {"four", "one"})] == ["four"]


def test_another_title_is_no_news_and_neither_is_the_first_programme() -> None:
    after = programme_of(
        session("Talks", at(paper("One"), NINE), at(paper("Two"), NINE + HOUR), room="Hall", starts_at=NINE),
        session("Posters", paper("Three", abstract="We say more."), room="Foyer", starts_at=NINE),
    )

    assert paper_news(BEFORE, after, after.papers) == ()
    assert paper_news(Programme(), BEFORE, BEFORE.papers) == ()
    assert paper_news(BEFORE, Programme(), BEFORE.papers) == ()

"""News of talks: what changed about them, told so that it is true of a talk."""

from datetime import UTC, datetime, timedelta

from bot.news.answers import news_embed
from bot.news.model import with_moved_talks
from bot.programme.difference import compare
from bot.programme.model import Programme
from bot.programme.news import SessionNews, Slot, session_news
from tests.support.messages import displayed
from tests.support.programmes import Made, at, programme_of, session

NINE = datetime(2026, 5, 18, 9, tzinfo=UTC)
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)


def span(start: datetime, end: datetime | None = None) -> str:
    until = f" – <t:{int(end.timestamp())}:t>" if end else ""
    local = f"Mon 18 May, {start:%H:%M}" + (f"–{end:%H:%M}" if end else "") + " UTC"
    return f"{local} (for you <t:{int(start.timestamp())}:f>{until})"


def orals(*shown: tuple[str, datetime], name: str = "Orals", starts_at: datetime = NINE) -> Made:
    talks = [at(title, start, start + QUARTER) for title, start in shown]
    return session(name, *talks, room="Hall", starts_at=starts_at, ends_at=NINE + 8 * HOUR)


def news_of(before: Programme, after: Programme) -> list[SessionNews]:
    return with_moved_talks(session_news(before, after, compare(before, after)))


def told(before: Programme, after: Programme) -> list[str]:
    """Return the lines that people read about a change."""
    news = news_of(before, after)
    return displayed(news_embed(news, UTC).description or "")[0].strip().splitlines() if news else []


def test_a_talk_at_another_time_is_told_with_both_times() -> None:
    before = programme_of(orals(("First", NINE), ("Second", NINE + QUARTER)))
    after = programme_of(orals(("First", NINE), ("Second", NINE + HOUR)))

    assert told(before, after) == [
        "Another time",
        f"Second: now {span(NINE + HOUR, NINE + HOUR + QUARTER)}, not {span(NINE + QUARTER, NINE + 2 * QUARTER)}, Hall",
    ]


def test_a_talk_that_goes_to_another_session_has_moved_and_is_neither_cancelled_nor_new() -> None:
    def sessions(one: list[tuple[str, datetime]], other: list[tuple[str, datetime]]) -> Programme:
        return programme_of(orals(("Stays", NINE), *one), orals(("Also", NINE), *other, name="Talks"))

    before, after = sessions([("Moves", NINE + QUARTER)], []), sessions([], [("Moves", NINE + HOUR)])

    assert told(before, after) == [
        "Another time",
        f"Moves: now {span(NINE + HOUR, NINE + HOUR + QUARTER)}, not {span(NINE + QUARTER, NINE + 2 * QUARTER)}, Hall",
    ]
    assert told(before, sessions([], [("Moves", NINE + QUARTER)])) == [], "its time and its room are the same"


def test_a_talk_without_its_time_is_not_called_cancelled_and_one_with_a_time_now_is_not_called_new() -> None:
    timed = programme_of(orals(("First", NINE), ("Second", NINE + QUARTER)))
    untimed = programme_of(
        session(
            "Orals", at("First", NINE, NINE + QUARTER), "Second", room="Hall", starts_at=NINE, ends_at=NINE + 8 * HOUR
        )
    )
    slot = span(NINE + QUARTER, NINE + 2 * QUARTER)

    assert told(timed, untimed) == ["No longer at its time", f"Second: was planned for {slot}"]
    assert told(untimed, timed) == ["Has a time now", f"Second: {slot}, Hall"]


def test_sessions_keep_their_own_news_beside_those_of_talks() -> None:
    gone = SessionNews("orals", "Orals", Slot(NINE), None)
    talk = SessionNews("talks/orals", "A talk with that key", None, Slot(NINE))

    assert with_moved_talks([gone, talk]) == [gone, talk]


def test_a_talk_that_is_in_several_sessions_keeps_all_its_news() -> None:
    news = [
        SessionNews("a/talk", "Talk", Slot(NINE), None),
        SessionNews("b/talk", "Talk", None, Slot(NINE + HOUR)),
        SessionNews("c/talk", "Talk", None, Slot(NINE + 2 * HOUR)),
        SessionNews("d/talk", "Talk", Slot(NINE), Slot(NINE + HOUR)),
    ]

    assert with_moved_talks(news) == news

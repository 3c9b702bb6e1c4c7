"""/agenda in a programme with talks, and with papers that are shown twice or nowhere yet."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.agenda.answers import agenda_answer, marking_answer
from bot.programme.model import Programme
from bot.ui.answer import Answer, Menu
from bot.ui.limits import size
from tests.support.moments import clock, stamp
from tests.support.programmes import at, paper, programme_of, session

NINE = datetime(2026, 5, 18, 9, tzinfo=UTC)
HOUR, QUARTER, DAY = timedelta(hours=1), timedelta(minutes=15), timedelta(days=1)


def when(moment: datetime) -> str:
    return f"Mon 18 May, {moment:%H:%M} UTC · for you {stamp(moment, 'f')} ({stamp(moment, 'R')})"


def agenda(programme: Programme, *keys: str, page: int = 0, zone: str = "UTC") -> Answer:
    """Return the agenda of somebody who bookmarked papers; without keys, all of them."""
    papers = [programme.papers[key] for key in keys or programme.papers]
    answer = agenda_answer(programme, papers, 0, page, ZoneInfo(zone))
    assert answer.embed is not None
    assert len(answer.embed) <= 6000
    return answer


def lines_of(answer: Answer) -> list[str]:
    assert answer.embed is not None
    return (answer.embed.description or "").splitlines()


def field(answer: Answer, name: str) -> str | None:
    assert answer.embed is not None
    return next((field.value for field in answer.embed.fields if field.name == name), None)


def test_talks_are_in_the_order_of_their_own_times_with_these_and_without_a_route() -> None:
    programme = programme_of(
        session("A", at("First", NINE), at("Third", NINE + 2 * QUARTER), room="Hall", starts_at=NINE),
        session("B", at("Second", NINE + QUARTER, room="Attic"), room="Foyer", starts_at=NINE),
    )

    answer = agenda(programme)

    assert lines_of(answer) == [
        "",
        "**A**",
        f"Hall · {when(NINE)}",
        f"- **First** · {clock(NINE, 't')}",
        "",
        "\u200b",
        "**B**",
        f"Foyer · {when(NINE)}",
        f"- **Second** · {clock(NINE + QUARTER, 't')} · Attic",
        "",
        "\u200b",
        "**A**",
        f"Hall · {when(NINE)}",
        f"- **Third** · {clock(NINE + 2 * QUARTER, 't')}",
    ]
    assert field(answer, "Your route") is None


def test_a_paper_that_is_shown_twice_is_there_twice_and_can_be_removed_once() -> None:
    both = paper("Both")
    programme = programme_of(
        session("Posters", at(both, board="7"), at("Other", board="9"), starts_at=NINE + 5 * HOUR),
        session("Orals", at(both, NINE + QUARTER), starts_at=NINE),
    )

    answer = agenda(programme)

    entries = [line for line in lines_of(answer) if line.startswith(("- ", "**"))]
    assert entries == [
        "**Orals**",
        f"- **Both** · {clock(NINE + QUARTER, 't')}",
        "**Posters**",
        "- **#7 · Both**",
        "- **#9 · Other**",
    ]
    assert field(answer, "Your route") == "Posters: 7, 9"
    menus = {row.placeholder: [option.label for option in row.options] for row in answer.rows if isinstance(row, Menu)}
    assert menus == {"Open a paper": ["Both", "Other"], "Remove bookmarks": ["Both", "Other"]}


def test_the_days_are_named_where_there_are_several_by_the_conferences_own_clock() -> None:
    programme = programme_of(
        session("Late", at("First", NINE.replace(hour=23))),
        session("Early", at("Second", NINE + DAY - 8 * HOUR)),
        session("Next", "Third", starts_at=NINE + DAY),
        session("Some Day", "Fourth"),
        unscheduled=[paper("Later")],
    )

    def days(zone: str) -> list[str]:
        return [line for line in lines_of(agenda(programme, zone=zone)) if line.startswith("__")]

    assert days("UTC") == ["__Monday, 18 May 2026__", "__Tuesday, 19 May 2026__", "__Time not announced__"]
    assert lines_of(agenda(programme))[-4:] == ["", "\u200b", "**Time and place not announced**", "- **Later**"]
    assert days("Asia/Tokyo") == [], "there it is all on Tuesday"


def test_talks_at_the_same_time_in_different_rooms_clash_also_with_posters() -> None:
    programme = programme_of(
        session("A", at("Short", NINE, NINE + QUARTER), at("Next", NINE + QUARTER), room="Hall", starts_at=NINE),
        session("B", at("Beside", NINE, NINE + QUARTER), at("Later", NINE + QUARTER), room="Attic", starts_at=NINE),
        session("Posters", "One", "Two", room="Foyer", starts_at=NINE + HOUR, ends_at=NINE + 2 * HOUR),
        session("C", at("During", NINE + HOUR, NINE + 2 * HOUR), room="Hall", starts_at=NINE + HOUR),
    )

    def clashes(*keys: str) -> str | None:
        return field(agenda(programme, *keys), "At the same time")

    assert clashes("short", "beside") == "Short and Beside"
    assert clashes("short", "later") is None
    assert clashes("short", "next") is None
    assert clashes("one", "two", "during") == "Posters and During"


def test_a_talk_without_an_end_clashes_with_nothing_after_the_next_one() -> None:
    programme = programme_of(
        session("A", at("First", NINE), at("Second", NINE + QUARTER), room="Hall", starts_at=NINE, ends_at=NINE + HOUR),
        session("B", at("Beside", NINE), at("After", NINE + QUARTER), at("Last", NINE + HOUR), room="Attic"),
    )

    assert field(agenda(programme, "first", "beside"), "At the same time") == "First and Beside"
    assert field(agenda(programme, "first", "after"), "At the same time") is None
    assert field(agenda(programme, "second", "last"), "At the same time") is None


def test_of_very_many_clashes_some_are_named_and_the_others_counted() -> None:
    everything = [
        session(f"S{room}", at(f"Talk {room}", NINE), room=f"Room {room}", starts_at=NINE) for room in range(200)
    ]

    told = (field(agenda(programme_of(*everything)), "At the same time") or "").splitlines()

    assert told[0] == "Talk 0 and Talk 1"
    assert len(told) == 7
    assert told[-1] == f"… and {200 * 199 // 2 - 6} more"


def test_the_longest_agenda_fits() -> None:
    programme = programme_of(
        *(
            session(
                f"{place} " + "n" * 300,
                at(paper("t" * 300, "a" * 99), NINE + place * DAY, room="q" * 99),
                room="r" * 99,
            )
            for place in range(30)
        )
    )

    answer = agenda(programme, page=1)

    assert answer.embed is not None
    assert size(answer.embed.description or "") <= 4096
    assert sum(line.startswith("- **") for line in lines_of(answer)) == 10


def test_bookmarking_several_at_once_names_what_they_are() -> None:
    orals, posters = programme_of(session("Orals 1", at("A Talk", NINE)), session("Posters 1", "A Poster")).sessions

    talks = marking_answer(orals, set(), 0)
    assert talks.embed is not None
    assert talks.embed.title == "Bookmark talks of Orals 1"
    assert lines_of(talks) == [f"**A Talk** · {clock(NINE, 't')}"]
    assert lines_of(marking_answer(posters, {"a-poster"}, 0)) == ["★ **A Poster**"]

"""How answers look, for programmes of every kind: posters, talks, what is both, and what is nowhere yet."""

import re
from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.lookup.answers.papers import byline_answer, paper_answer
from bot.lookup.answers.people import author_answer, people_answer
from bot.lookup.answers.schedule import now_answer
from bot.lookup.answers.sessions import session_answer
from bot.programme.model import Programme
from bot.programme.rooms import in_rooms
from bot.programme.source import Credit, Link
from bot.ui.answer import Answer, Button, LinkButton, Menu
from bot.ui.limits import size
from bot.ui.menus import BOOKMARK_SEVERAL
from bot.ui.questions import Question, QuestionKind
from tests.support.messages import displayed
from tests.support.moments import clock, stamp
from tests.support.programmes import at, credited, paper, programme_of, session

NINE = datetime(2026, 5, 18, 9, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def embed_of(answer: Answer) -> discord.Embed:
    assert answer.embed is not None
    assert len(answer.embed) <= 6000
    assert all(1 <= size(field.value or "") <= 1024 for field in answer.embed.fields)
    assert size(answer.embed.description or "") <= 4096
    return answer.embed


def fields_of(answer: Answer) -> dict[str, str]:
    return {field.name or "": field.value or "" for field in embed_of(answer).fields}


def text_of(answer: Answer) -> str:
    return embed_of(answer).description or ""


def buttons_of(answer: Answer) -> list[object]:
    return [button for row in answer.rows if not isinstance(row, Menu) for button in row]


def labels_of(answer: Answer) -> list[str]:
    return [button.label for button in buttons_of(answer) if isinstance(button, Button)]


def placeholders_of(answer: Answer) -> list[str]:
    return [row.placeholder for row in answer.rows if isinstance(row, Menu)]


def shown(programme: Programme, key: str) -> Answer:
    return paper_answer(programme, programme.papers[key], marked=False)


def test_a_paper_tells_its_kind_track_topics_and_where_its_authors_work() -> None:
    programme = programme_of(
        session(
            "Friday",
            paper(
                "Caching",
                kind="Lightning talk",
                track="Systems",
                topics=("Storage", "Memory *management*"),
                abstract="We cache.",
                authors=(Credit("Ann Lee", ("MIT",)), Credit("Bob Roy")),
            ),
        )
    )

    fields = fields_of(shown(programme, "caching"))

    assert fields["Authors"] == "Ann Lee (MIT), Bob Roy"
    assert fields["Kind"] == "Lightning talk"
    assert fields["Track"] == "Systems"
    assert displayed(fields["Topics"])[0] == "Storage, Memory *management*"


def test_a_paper_without_a_track_has_that_of_its_session() -> None:
    programme = programme_of(session("Friday", "Caching", track="Systems"))

    assert fields_of(shown(programme, "caching"))["Track"] == "Systems"


def test_an_oral_that_is_a_poster_too_shows_both_places_and_a_way_to_each() -> None:
    both = paper("Caching", "Ann Lee")
    programme = programme_of(
        session("Orals", at(both, NINE + QUARTER), starts_at=NINE),
        session("Posters", at(both, board="7"), starts_at=NINE + timedelta(hours=5)),
    )

    answer = shown(programme, "caching")

    where = fields_of(answer)["Where and when"]
    assert where.index("**Orals**") < where.index("**Posters**") < where.index("Poster 7")
    assert f"Mon 18 May, 09:15 UTC · for you {stamp(NINE + QUARTER, 'f')}" in where
    assert labels_of(answer)[-2:] == ["Orals", "Posters"]
    assert "All of this session" not in labels_of(answer)


def test_sessions_of_one_name_are_told_apart_on_their_buttons() -> None:
    again = paper("Again", "Ann Lee")
    days = [session("Sprint", again, starts_at=NINE + timedelta(days=day)) for day in range(2)]
    programme = programme_of(*days, session("Posters", again))

    assert labels_of(shown(programme, "again"))[-3:] == ["Sprint (1)", "Sprint (2)", "Posters"]


def test_a_paper_that_is_in_no_session_says_that_nothing_was_announced() -> None:
    programme = programme_of(unscheduled=[paper("Caching", "Ann Lee")])

    answer = shown(programme, "caching")

    assert embed_of(answer).title == "Caching"
    assert fields_of(answer)["Where and when"] == "time and place not announced"
    assert labels_of(answer) == []


def test_links_of_a_paper_become_buttons() -> None:
    links = (Link("PDF", "https://example.org/a_b.pdf"), Link("Code *here*", "https://example.org/c"))
    answer = shown(programme_of(session("Posters", paper("Caching", links=links))), "caching")

    assert answer.rows[-1] == (
        LinkButton("PDF · example.org", "https://example.org/a_b.pdf"),
        LinkButton("Code *here* · example.org", "https://example.org/c"),
    )
    assert "Links" not in fields_of(answer)


def test_links_in_the_abstract_become_buttons_too() -> None:
    abstract = "We study caches. Our code is at https://github.com/lab/caches."
    answer = shown(programme_of(session("Posters", paper("Caching", abstract=abstract))), "caching")

    assert answer.rows[-1] == (LinkButton("Code · github.com", "https://github.com/lab/caches"),)


def test_an_address_longer_than_a_button_may_hold_does_not_cost_the_answer() -> None:
    links = (Link("PDF", f"https://example.org/{'a' * 600}"), Link("Code", "https://example.org/c"))
    answer = shown(programme_of(session("Posters", paper("Caching", links=links))), "caching")

    assert all(len(getattr(button, "url", "")) <= 512 for button in buttons_of(answer))
    assert any(getattr(button, "url", "") == "https://example.org/c" for button in buttons_of(answer))


def test_addresses_that_do_not_fit_are_left_out_whole_and_counted() -> None:
    links = tuple(Link(f"Link {number}", f"https://example.org/{number}/{'a' * 500}") for number in range(6))
    answer = shown(programme_of(session("Posters", paper("Caching", links=links))), "caching")

    *whole, rest = fields_of(answer)["Links"].splitlines()
    assert whole == [f"{link.label}: {link.url}" for link in links[:1]]
    assert rest == "… and 5 more"


def test_the_other_papers_of_an_author_are_counted_once() -> None:
    title = "A Rather Long Title That Fills the Line of a List Almost to Its End and Then a Little More of the Same"
    hung = [at(paper(f"{number}: {title}", "Ann Lee"), board=str(number)) for number in range(1, 8)]
    programme = programme_of(session("Posters", *hung))
    answer = byline_answer(programme, next(iter(programme.papers.values())), 0)

    line = text_of(answer).splitlines()[-1]
    named = len(re.findall(r"#\d", line))
    assert re.findall(r"and (\d+) more", line) == [str(6 - named)]


def test_an_author_of_many_papers_is_paged() -> None:
    programme = programme_of(session("Posters", *(paper(f"Title {number}", "Ann Lee") for number in range(1, 24))))
    answer = author_answer(programme, programme.people["ann-lee"], 1)

    assert "23 papers in this programme" in text_of(answer)
    assert embed_of(answer).footer.text == "Page 2 of 3"
    assert "Title 11**" in text_of(answer)
    assert "Title 10**" not in text_of(answer)
    assert labels_of(answer) == ["Previous", "Next"]


@pytest.fixture
def conference() -> Programme:
    """Two sessions; Ann has a talk and a poster in them, and chairs the other one."""
    talk = paper("A Talk", authors=(Credit("Ann Lee", ("MIT",)), Credit("Bob Roy")))
    poster = paper("A Poster", authors=(Credit("Ann Lee", ("MIT", "Acme Labs")),))
    return programme_of(
        session("Orals", at(talk, NINE + QUARTER), room="Hall", starts_at=NINE, chairs=credited("Cy Fox")),
        session("Posters", at(poster, board="7"), room="Foyer", chairs=credited("Ann Lee")),
        unscheduled=[paper("Later", "Ann Lee")],
    )


def test_an_author_is_shown_with_affiliations_places_and_chaired_sessions(conference: Programme) -> None:
    answer = author_answer(conference, conference.people["ann-lee"], 0)

    assert text_of(answer).splitlines() == [
        "3 papers and 1 session as chair in this programme",
        "",
        "**A Talk** — Ann Lee et al.",
        f"Orals · Hall · {clock(NINE + QUARTER, 'f')}",
        "",
        "**#7 · A Poster** — Ann Lee",
        "Posters · Foyer · time not announced",
        "",
        "**Later** — Ann Lee",
        "time and place not announced",
    ]
    assert fields_of(answer) == {
        "Affiliations": "MIT, Acme Labs",
        "Chairs": "**Posters** · time not announced",
        "Co-authors": "Bob Roy",
    }
    assert placeholders_of(answer) == ["Open a paper", BOOKMARK_SEVERAL, "Open a co-author", "Open a session"]


def test_who_only_chairs_a_session_is_shown_too_and_told_from_others(conference: Programme) -> None:
    cy, ann = conference.people["cy-fox"], conference.people["ann-lee"]

    assert text_of(author_answer(conference, cy, 0)).strip() == "1 session as chair in this programme"
    asked = people_answer([cy, ann])
    assert text_of(asked).splitlines()[0] == "**Cy Fox** — 1 session as chair: **Orals**"
    assert text_of(asked).splitlines()[2].startswith("**Ann Lee** — 3 papers and 1 session as chair: **A Talk**")


def test_where_everything_is_in_one_session_its_place_is_not_repeated() -> None:
    programme = programme_of(session("Posters", paper("Caching", "Ann Lee"), room="Hall"))

    assert text_of(author_answer(programme, programme.people["ann-lee"], 0)).splitlines()[2:] == [
        "**Caching** — Ann Lee"
    ]


def test_the_longest_author_fits() -> None:
    written = [
        paper("t" * 400 + f" {number}", authors=(Credit("Ann Lee", ("m" * 200, "n" * 200)), Credit("b" * 200)))
        for number in range(10)
    ]
    chairs = credited("Ann Lee")
    programme = programme_of(
        *(
            session("s" * 300 + f" {place}", *written, room="r" * 90, starts_at=NINE, chairs=chairs)
            for place in range(9)
        )
    )

    answer = author_answer(programme, programme.people["ann-lee"], 0)

    assert text_of(answer).count("**t") == 10
    assert text_of(answer).count("more") == 10


def test_a_session_of_talks_lists_them_with_their_times_and_shows_what_it_is() -> None:
    chair = (Credit("Cy Fox", ("MIT",)),)
    programme = programme_of(
        session(
            "Orals",
            at(paper("Second", "Bob Roy"), NINE + QUARTER),
            at(paper("First", "Ann Lee"), NINE),
            room="Hall",
            starts_at=NINE,
            chairs=chair,
            track="Systems",
            abstract="About systems.",
            links=(Link("Stream", "https://example.org/live"),),
        )
    )
    (only,) = programme.sessions

    answer = session_answer(only, 0)

    assert text_of(answer).splitlines() == [
        "Hall",
        f"Mon 18 May, 09:00 UTC · for you {stamp(NINE, 'f')} ({stamp(NINE, 'R')})",
        "2 talks · Systems",
        "",
        "About systems.",
        "",
        f"**First** — Ann Lee · {clock(NINE, 't')}",
        "",
        f"**Second** — Bob Roy · {clock(NINE + QUARTER, 't')}",
    ]
    assert fields_of(answer) == {"Chairs": "Cy Fox (MIT)"}
    assert placeholders_of(answer) == ["Open a paper", BOOKMARK_SEVERAL, "Open a chair"]
    assert "https://example.org/live" in str(answer.rows[-1])


def test_a_break_shows_when_and_where_and_no_papers() -> None:
    (lunch,) = programme_of(session("Lunch", kind="Break", room="Foyer")).sessions

    answer = session_answer(lunch, 0)

    assert text_of(answer) == "Foyer\ntime not announced"
    assert answer.rows == ((Button("Where is it?", Question(QuestionKind.ROOM, "foyer")),),)


def test_the_longest_session_fits_and_its_abstract_is_shown_once() -> None:
    talks = (at(paper(f"{number} " + "t" * 400, "a" * 90), NINE, room=f"{number}" * 90) for number in range(12))
    links = tuple(Link("l" * 90, f"https://example.org/{'a' * 200}/{number}") for number in range(9))
    abstract, chairs = "Words. " * 900, credited(*(f"{'c' * 90} {number}" for number in range(40)))
    (long,) = programme_of(
        session("n" * 400, *talks, room="r" * 400, track="k" * 400, abstract=abstract, chairs=chairs, links=links)
    ).sessions

    first, second = session_answer(long, 0), session_answer(long, 1)

    assert len(re.findall(r"^\*\*\d", text_of(first), re.MULTILINE)) == 10
    assert "Words." in text_of(first)
    assert "Words." not in text_of(second)


def now_in(programme: Programme, now: datetime) -> Answer:
    tonight = NINE + timedelta(hours=15)
    return now_answer(in_rooms(programme.sessions, now, tonight), (), tonight)


def test_now_tells_for_each_room_which_talk_is_on_until_when_and_what_comes_next() -> None:
    programme = programme_of(
        session(
            "Orals",
            at(paper("First", "Ann Lee"), NINE, NINE + QUARTER),
            at(paper("Second", "Bob Roy"), NINE + 2 * QUARTER, NINE + 3 * QUARTER),
            starts_at=NINE,
            ends_at=NINE + 4 * QUARTER,
            room="Hall",
        ),
        session("Banquet", starts_at=NINE + 8 * QUARTER, room="Hall"),
        session("Posters", "Poster", starts_at=NINE, room="Foyer"),
    )
    orals = f"**Orals** · until {clock(NINE + 4 * QUARTER, 't')}"
    first = f"Now: **First** — Ann Lee · until {clock(NINE + QUARTER, 't')}"
    second = f"Next: {clock(NINE + 2 * QUARTER, 't')} **Second** — Bob Roy"
    banquet = f"Next: {clock(NINE + 8 * QUARTER, 't')} **Banquet**"

    def told(now: datetime) -> list[str]:
        foyer, hall = text_of(now_in(programme, now)).split("\n\n")
        assert foyer == "__Foyer__\n**Posters** · 1 poster"
        heading, *lines = hall.splitlines()
        assert heading == "__Hall__"
        return lines

    assert told(NINE) == [orals, first, second]
    assert told(NINE + QUARTER) == [f"**Orals** · 2 talks · until {clock(NINE + 4 * QUARTER, 't')}", second]
    assert told(NINE + 2 * QUARTER)[-1] == banquet
    assert told(NINE + 4 * QUARTER) == [banquet]


def test_a_talk_without_an_end_is_on_until_the_next_one_there_and_one_beside_is_told_of_in_its_own_room() -> None:
    programme = programme_of(
        session(
            "Orals",
            at(paper("First"), NINE),
            at(paper("Second"), NINE + QUARTER),
            at(paper("Third"), NINE + QUARTER),
            at(paper("Beside"), NINE + QUARTER, room="Attic"),
            starts_at=NINE,
            room="Hall",
        )
    )

    second = f"Next: {clock(NINE + QUARTER, 't')} **Second**"
    assert text_of(now_in(programme, NINE)).split("\n\n") == [
        f"__Attic__\nNext: {clock(NINE + QUARTER, 't')} **Beside**",
        f"__Hall__\n**Orals**\nNow: **First**\n{second}\n{second.replace('Second', 'Third')}",
    ]
    assert text_of(now_in(programme, NINE + QUARTER)).split("\n\n") == [
        "__Attic__\n**Orals**\nNow: **Beside**",
        "__Hall__\n**Orals**\nNow: **Second** and 1 more",
    ]


def test_a_talk_that_is_its_whole_session_is_named_once() -> None:
    programme = programme_of(
        session(
            "On Time", at(paper("On Time", "Ann Lee"), NINE, NINE + QUARTER), starts_at=NINE, ends_at=NINE + QUARTER
        )
    )

    text = text_of(now_in(programme, NINE))
    assert text == f"__Room not announced__\n**On Time** · until {clock(NINE + QUARTER, 't')}"


def test_what_comes_on_another_day_is_not_next_in_a_room() -> None:
    programme = programme_of(
        session("Today", starts_at=NINE + QUARTER, room="Hall"),
        session("Tomorrow", starts_at=NINE + timedelta(days=1), room="Foyer"),
    )

    assert "Foyer" not in text_of(now_in(programme, NINE))
    assert "Nothing is on right now." in text_of(now_in(programme, NINE))


def test_many_long_sessions_with_talks_fit_on_a_page_of_what_is_on() -> None:
    sessions = [
        session(
            f"{place} " + "n" * 300,
            at(paper("t" * 300, "a" * 99), NINE, NINE + QUARTER),
            at(paper("u" * 300, "a" * 99), NINE + QUARTER),
            at(paper("v" * 300, "a" * 99), NINE + QUARTER),
            at(paper("w" * 300, "a" * 99), NINE + QUARTER),
            starts_at=NINE,
            ends_at=NINE + 4 * QUARTER,
            room=f"{place} " + "r" * 99,
        )
        for place in range(20)
    ]

    answer = now_in(programme_of(*sessions), NINE)

    assert text_of(answer).count("Now: ") == 6
    assert text_of(answer).count("and 1 more then") == 6
    assert embed_of(answer).footer.text == "Page 1 of 4"

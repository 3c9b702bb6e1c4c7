"""What the name on a ticket tells, and when it does not do."""

from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.authors.ticket_file import read_tickets
from bot.authors.tickets import Ticket, fit, ticket_of
from bot.errors import UserError
from bot.programme.model import Paper, Programme
from bot.programme.source import Credit, SourcePaper
from tests.support.authors import tickets_in
from tests.support.programmes import at, programme_of, session


def credited(title: str, *authors: tuple[str, str]) -> SourcePaper:
    return SourcePaper(title=title, authors=tuple(Credit(name, (place,) if place else ()) for name, place in authors))


def conference(*papers: SourcePaper) -> Programme:
    return programme_of(session("Posters", *map(at, papers)))


def first(programme: Programme) -> Paper:
    return next(iter(programme.papers.values()))


ANN = Ticket("Ann Apple", "ann")


@pytest.mark.parametrize("name", ["Ann Apple", "ANN APPLE", "Apple, Ann", "  ann   apple", "Änn Applé"])
def test_a_name_is_known_however_registrations_write_it(name: str) -> None:
    programme = conference(credited("Caches", ("Ann Apple", ""), ("Bo Li", "")))
    found = fit(programme, first(programme), Ticket(name, "ann"), [])
    assert found.slot
    assert found.slot.name == "Ann Apple"
    assert found.doubts == ()


@pytest.mark.parametrize("name", ["Ann", "Ann Apples", "Apple", "", "Ann B. Apple"])
def test_another_name_is_nobody_of_the_paper(name: str) -> None:
    programme = conference(credited("Caches", ("Ann Apple", ""), ("Bo Li", "")))
    assert fit(programme, first(programme), Ticket(name, "ann"), []).slot is None


def test_a_second_ticket_in_that_name_is_a_doubt_and_a_second_line_of_the_same_account_is_none() -> None:
    programme = conference(credited("Caches", ("Ann Apple", "")))
    again, other = Ticket("Apple, Ann", "ann"), Ticket("Ann Apple", "another")
    assert fit(programme, first(programme), ANN, [ANN, again]).doubts == ()
    assert fit(programme, first(programme), ANN, [ANN, other]).doubts == ("somebody else has a ticket in that name",)


def test_two_authors_of_one_name_on_a_paper_are_a_doubt() -> None:
    programme = conference(credited("Caches", ("Wei Wang", "MIT"), ("Wei Wang", "ETH")))
    assert (
        "the paper has two authors of that name" in fit(programme, first(programme), Ticket("Wei Wang", "w"), []).doubts
    )


@pytest.mark.parametrize(
    ("other", "doubted"),
    [
        (credited("Trees", ("Wei Wang", "ETH Zürich"), ("Cy Oak", "")), True),
        (credited("Trees", ("Wei Wang", ""), ("Cy Oak", "")), True),
        (credited("Trees", ("Wei Wang", "ETH Zürich"), ("Ann Apple", "")), False),
        (credited("Trees", ("Wei Wang", "MIT, Cambridge"), ("Cy Oak", "")), False),
        (credited("Trees", ("Bo Li", "ETH"), ("Cy Oak", "")), False),
    ],
)
def test_papers_of_a_name_that_have_nobody_and_no_place_in_common_are_a_doubt(
    other: SourcePaper, doubted: bool
) -> None:
    programme = conference(credited("Caches", ("Wei Wang", "MIT"), ("Ann Apple", "MIT")), other)
    doubts = fit(programme, first(programme), Ticket("Wei Wang", "w"), []).doubts
    assert ("the programme may have several people of that name" in doubts) is doubted


def test_papers_hang_together_also_by_way_of_another_one() -> None:
    programme = conference(
        credited("One", ("Wei Wang", "MIT")),
        credited("Two", ("Wei Wang", "ETH"), ("Cy Oak", "")),
        credited("Three", ("Wei Wang", "MIT"), ("Cy Oak", "")),
    )
    assert fit(programme, first(programme), Ticket("Wei Wang", "w"), []).doubts == ()


@pytest.mark.parametrize(
    ("ticket", "paper", "doubted"),
    [
        ("MIT", "Massachusetts Institute of Technology (MIT)", False),
        ("University of Oxford", "Oxford University", False),
        ("University of Oxford", "University of Leeds", True),
        ("", "MIT", False),
        ("MIT", "", False),
    ],
)
def test_another_affiliation_than_the_papers_is_a_doubt(ticket: str, paper: str, doubted: bool) -> None:
    programme = conference(credited("Caches", ("Ann Apple", paper)))
    doubts = fit(programme, first(programme), Ticket("Ann Apple", "ann", ticket), []).doubts
    assert bool(doubts) is doubted


def test_an_account_is_found_by_its_id_before_its_name_and_never_with_two_names() -> None:
    by_id, by_name = Ticket("Ann Apple", "123456789012345678"), Ticket("Bo Birch", "ann")
    assert ticket_of([by_name, by_id], 123456789012345678, "ann") == by_id
    assert ticket_of([by_name], 5, "Ann") == by_name
    assert ticket_of([by_name, Ticket("Cy Oak", "ann")], 5, "ann") is None
    assert ticket_of([by_name], 5, "annabel") is None


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Name;Discord;Company", "Ann Apple;@Ann;MIT"),
        ("discord_username,affiliation,full name", "ann#0,MIT,Ann Apple"),
        ("\ufeffAttendee name\tDiscord name\tCompany\tPrice", "Ann Apple\tann#1234\tMIT\t300"),
    ],
)
def test_tables_as_registrations_write_them_are_read(header: str, line: str, tmp_path: Path) -> None:
    path = tickets_in(tmp_path, line, "", "Nobody" if ";" in header else "x", header=header)
    assert read_tickets(path) == [Ticket("Ann Apple", "ann", "MIT")]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no column called .name."),
        (b"Name,Company\nAnn,MIT\n", "no column called .discord."),
        (b"Name,Discord\n\xff\xfe", "not in UTF-8"),
        (b'Name,Discord\n"' + b"x" * 140_000, "no table"),
        (None, "no such file"),
    ],
)
def test_a_file_that_can_not_be_read_says_why(data: bytes | None, told: str, tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UserError, match=f"authors.tickets: .*{told}"):
        read_tickets(path)


@given(st.binary(max_size=200))
def test_whatever_is_in_the_file_it_is_read_or_refused(data: bytes) -> None:
    with NamedTemporaryFile() as file:
        file.write(b"name,discord\n" + data)
        file.flush()
        try:
            tickets = read_tickets(Path(file.name))
        except UserError:
            return
    assert all(one.name and one.account for one in tickets)

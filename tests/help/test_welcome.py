"""The welcome, for programmes of every kind."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.help.answers import welcome_answer
from bot.programme.model import Programme
from bot.ui.answer import Button, Menu
from tests.support.programmes import Made, at, paper, programme_of, session

NINE = datetime(2026, 5, 18, 9, tzinfo=UTC)


def welcome(programme: Programme) -> tuple[str, list[str], list[str]]:
    """Return what the welcome says, the sessions it names, and the labels of its buttons."""
    answer = welcome_answer("Conf", None, ["/paper"], programme)
    assert answer.embed is not None
    labels = [
        button.label for row in answer.rows if not isinstance(row, Menu) for button in row if isinstance(button, Button)
    ]
    named = [(field.value or "").splitlines()[0].strip("*") for field in answer.embed.fields]
    return answer.embed.description or "", named, labels


@pytest.mark.parametrize(
    ("sessions", "asked", "labels"),
    [
        ([session("Posters 1", "A", "B")], "ask me which poster to see next", ["See the posters"]),
        ([session("Oral Session", "A")], "ask me which talk to see next", ["See the talks"]),
        ([session("Systems", "A")], "ask me which paper to see next", ["See the papers"]),
        ([session("Posters 1", "A"), session("Keynote", "B")], "ask me what to see next", ["See the posters"]),
        ([session("Lunch", kind="Break")], "ask me what to see next", []),
        ([], "ask me what to see next", []),
    ],
)
def test_it_speaks_of_posters_only_where_there_are_some(sessions: list[Made], asked: str, labels: list[str]) -> None:
    said, _, buttons = welcome(programme_of(*sessions))

    assert asked in said
    assert buttons == labels


def test_it_names_the_first_sessions_in_which_something_is_shown() -> None:
    programme = programme_of(
        session("Registration", starts_at=NINE),
        session("Late", "A", starts_at=NINE + timedelta(hours=3)),
        session("Early", at("B", NINE), starts_at=NINE),
        unscheduled=[paper("Later")],
    )

    assert welcome(programme)[1] == ["Early", "Late"]
    assert welcome(programme_of(session("Lunch", kind="Break")))[1] == ["Lunch"]

"""How a digest looks."""

from datetime import UTC, date, datetime, timedelta

from bot.agenda.model import items_of
from bot.digest.answers import digest_embed
from tests.support.programmes import at, programme_of, session


def test_a_session_is_named_once_with_its_talks_whatever_is_on_between_them() -> None:
    nine, quarter = datetime(2026, 5, 18, 9, tzinfo=UTC), timedelta(minutes=15)
    programme = programme_of(
        session("A", at("First", nine), at("Third", nine + 2 * quarter), room="Hall", starts_at=nine),
        session("B", at("Second", nine + quarter), room="Attic", starts_at=nine),
    )
    items = items_of(programme, programme.papers.values())

    text = digest_embed(date(2026, 5, 18), programme.sessions, items, ()).description or ""

    names = [line.strip("-* ").partition("*")[0] for line in text.splitlines() if "**" in line]
    assert names == ["A", "First", "Third", "B", "Second"]

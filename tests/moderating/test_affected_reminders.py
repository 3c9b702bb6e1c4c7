"""A moderator is told how many reminders a change moves: those of sessions, and those of talks within them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.moderating.model import moved_subjects
from bot.programme.build import build
from bot.programme.model import Programme
from tests.support.database import rows
from tests.support.messages import shown
from tests.support.moderating import Start, moderator, moment, programme, reload, text_of
from tests.support.moderating import paper as paper_of
from tests.support.moderating import session as session_of
from tests.support.programmes import Made, Shown, at, paper, session, source_of

NINE, TEN, ELEVEN = (datetime(2026, 5, 18, hour, tzinfo=UTC) for hour in (9, 10, 11))
ONE, TWO = paper("One", key="one"), paper("Two", key="two")


def made(*sessions: Made) -> Programme:
    return build(source_of(*sessions))


def talks(*shown: Shown, **fields: Any) -> Made:
    return session("Talks", *shown, **{"key": "talks", "starts_at": NINE, **fields})


BEFORE = made(talks(at(ONE, NINE), at(TWO, TEN)), session("Posters", at(ONE), key="posters", starts_at=NINE))


@pytest.mark.parametrize(
    ("after", "moved"),
    [
        (BEFORE, set()),
        (made(talks(at(ONE, NINE, TEN, room="Attic"), at(TWO, TEN), room="Hall")), {"posters"}),
        (
            made(talks(at(ONE, NINE), at(TWO, ELEVEN)), session("Demos", at(ONE), key="posters", starts_at=NINE)),
            {"talks/two"},
        ),
        (
            made(
                talks(at(ONE, NINE), at(TWO, TEN), starts_at=TEN), session("P", at(ONE), key="posters", starts_at=TEN)
            ),
            {"talks", "posters"},
        ),
        (made(talks(at(TWO)), session("Posters", key="posters", starts_at=NINE)), {"talks/one", "talks/two"}),
        (made(), {"talks", "posters", "talks/one", "talks/two"}),
    ],
    ids=[
        "the same",
        "a session gone, other rooms and ends",
        "a talk moved",
        "sessions moved",
        "a talk gone or without a slot",
        "all gone",
    ],
)
def test_what_begins_at_another_time_or_goes_is_moved(after: Programme, moved: set[str]) -> None:
    found = moved_subjects(BEFORE, after)
    assert set(found) == moved
    assert len(found) == len(moved)


async def test_a_talks_own_reminders_are_counted_and_nothing_else_of_the_same_name(start: Start) -> None:
    def talk_at(hours: float) -> bytes:
        one = paper_of("Apple", starts_at=moment(hours))
        return programme(session_of(one, "Banana", name="1", kind="Talks"), session_of("Cherry", name="Posters"))

    server = await start(talk_at(0.5), reminders={"channel": "general"})
    mo, ann = moderator(server), server.member("ann")
    for key in ("apple", "banana"):
        await ann.click(shown(await ann.slash(server.channel, "paper", paper=key)), label="Bookmark")
    await ann.slash(server.channel, "remindme")
    # An announcement of the same number as the session's key is no reminder of it.
    columns = "key, kind, target_id, subject, starts_at, due_at, useful_until, state, attempts"
    rows(
        server.config.database.path,
        f"INSERT INTO delivery ({columns}) VALUES ('a:7:1', 'announcement', 7, '1', ?, ?, ?, 'planned', 0)",  # noqa: S608
        *["2026-01-02 18:00:00.000000"] * 3,
    )
    planned = set(rows(server.config.database.path, "SELECT kind, subject FROM delivery WHERE state = 'planned'"))
    assert {("direct", "1/apple"), ("direct", "1"), ("announcement", "1")} <= planned

    moved = text_of(await reload(mo, server, talk_at(1)))
    assert "1 reminder gets another time." in moved
    assert "Apple: start Fri 2 Jan, 10:30 PST (for you <t:" in moved.replace("*", "")
    gone = text_of(await reload(mo, server, programme(session_of("Cherry", name="Posters"))))
    in_channel = len(
        rows(server.config.database.path, "SELECT 1 FROM delivery WHERE kind = 'reminder' AND subject = '1'")
    )
    assert in_channel
    assert f"{2 + in_channel} reminders get another time." in gone

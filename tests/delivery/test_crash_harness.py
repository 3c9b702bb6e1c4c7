"""The crash harness itself: what it plays, to when it puts the time forward, and what it counts as lost."""

import asyncio
import importlib
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.config import load
from tests.delivery.crash.campaign import planned
from tests.delivery.crash.clock import BEGIN, SharedClock
from tests.delivery.crash.evidence import LONGEST_PAUSE, Evidence, Findings, Passing
from tests.delivery.crash.judge import Judge
from tests.delivery.crash.outbox import next_moment
from tests.delivery.crash.part import Part
from tests.delivery.crash.parts import methods_of_parts, parts
from tests.delivery.crash.points import POINTS, Points
from tests.delivery.crash.report import Life, Report, Row
from tests.delivery.crash.run import Run
from tests.delivery.crash.starter import TOKEN, Starter
from tests.delivery.crash.timetable import MINUTE, random_timetable, write
from tests.delivery.crash.troubles import Trouble
from tests.support.stand_in import Guild, discord_stand_in, faults

ROW = Row("a", 7, "reminder", "alpha", BEGIN, BEGIN, BEGIN + 60 * MINUTE, "planned", None, None, None, None)
NONE = timedelta()


def planned_row(due: timedelta) -> Row:
    return replace(ROW, due_at=BEGIN + due)


def claimed_row(due: timedelta, until: timedelta, batch: str = "one") -> Row:
    return replace(ROW, due_at=BEGIN + due, state="claimed", batch=batch, claimed_until=BEGIN + until)


def test_a_run_of_a_campaign_can_be_played_alone() -> None:
    whole = planned(60, 5)

    assert planned(60, 5, numbers=[44]) == [whole[43]]
    assert planned(1, 5, numbers=[44, 7]) == [whole[6], whole[43]]
    assert {run.trouble for run in whole} == set(Trouble)
    assert {run.trouble for run in planned(3, 5, only=Trouble.CLOCK)} == {Trouble.CLOCK}


def test_every_point_comes_as_often_as_the_others() -> None:
    points = Points(random.Random(1), ["votes, count"])  # noqa: S311 - no secret
    chosen = [points.next(claimed=True) for _ in range(10 * (len(POINTS) + 3 + 3))]

    assert {chosen.count(point) for point in (*POINTS, "votes, count: commit")} == {10}


@pytest.mark.parametrize(
    ("rows", "moment"),
    [
        ([], None),
        ([planned_row(5 * MINUTE), planned_row(3 * MINUTE)], 3 * MINUTE),
        ([claimed_row(NONE, 2 * MINUTE), planned_row(3 * MINUTE)], 2 * MINUTE),
        # All of a batch is taken again at once, when its lease is over, and some of it is due.
        ([claimed_row(NONE, 2 * MINUTE), claimed_row(40 * MINUTE, 2 * MINUTE)], 2 * MINUTE),
        ([claimed_row(30 * MINUTE, 2 * MINUTE), claimed_row(40 * MINUTE, 2 * MINUTE)], 30 * MINUTE),
        ([claimed_row(NONE, 4 * MINUTE), claimed_row(NONE, 2 * MINUTE, "two")], 2 * MINUTE),
        ([replace(ROW, state="sent"), replace(ROW, state="missed")], None),
    ],
)
def test_the_time_is_put_forward_to_when_something_is_begun_or_taken_again(
    rows: Sequence[Row], moment: timedelta | None
) -> None:
    assert next_moment(rows) == (None if moment is None else BEGIN + moment)


@pytest.mark.parametrize(
    ("passed_to", "rested_at", "lost"),
    [
        (None, None, True),
        (30 * MINUTE, None, True),
        (60 * MINUTE - LONGEST_PAUSE - MINUTE, None, True),
        (60 * MINUTE - MINUTE, None, False),
        (90 * MINUTE, None, False),
        # It had nothing to do meanwhile, and did not do it.
        (60 * MINUTE - 3 * MINUTE, 60 * MINUTE - MINUTE, True),
        (60 * MINUTE - MINUTE, 10 * MINUTE, False),
    ],
)
def test_lost_is_what_the_bot_had_its_chance_to_send(
    passed_to: timedelta | None, rested_at: timedelta | None, lost: bool
) -> None:
    rests = [] if rested_at is None else [BEGIN + rested_at]
    passings = [] if passed_to is None else [Passing(BEGIN + passed_to, frozenset({"a"}))]
    passings.append(Passing(BEGIN + 90 * MINUTE, frozenset({"another"})))
    evidence = Evidence("run", (), (), [Life({}, BEGIN, rests)], (), (), passings, {}, (), Path())
    report = Report()

    Findings(evidence, report).lose("a is missed", [replace(ROW, state="missed")])

    assert (len(report.losses), len(report.expected)) == ((1, 0) if lost else (0, 1))


@pytest.mark.parametrize(
    ("claimed_at", "shown_at", "early"),
    [
        (BEGIN + 5 * MINUTE, BEGIN + 5 * MINUTE, False),
        (BEGIN + 4 * MINUTE, BEGIN + 4 * MINUTE, True),
        (BEGIN + 4 * MINUTE, BEGIN + 3 * MINUTE, True),
        # The clock was set back between the two.
        (BEGIN + 6 * MINUTE, BEGIN + 3 * MINUTE, False),
        (None, BEGIN + 3 * MINUTE, True),
    ],
)
def test_early_is_what_was_taken_before_it_was_due(
    claimed_at: datetime | None, shown_at: datetime, early: bool
) -> None:
    channel = Guild("news").text_channels[0]
    channel.messages.append({"id": "5", "components": [{"custom_id": "due:ab:"}], "embeds": []})
    row = replace(planned_row(5 * MINUTE), state="sent", batch="ab", message_id=5, claimed_at=claimed_at)
    lives, shown = [Life({}, BEGIN)], {"5": (shown_at, 0)}
    evidence = Evidence("run", [channel], [row], lives, (), (), (), shown, (), Path())
    report = Report()

    Judge(evidence, Findings(evidence, report)).judge(BEGIN)

    assert [bool(report.early), report.duplicates, report.losses] == [early, [], []]


def test_the_bot_tells_until_when_it_rests_and_time_that_passes_ends_that(tmp_path: Path) -> None:
    clock = SharedClock.create(tmp_path / "clock", 0.0)
    bots = SharedClock.of(tmp_path / "clock", 0.0)

    def rest() -> list[datetime | None]:
        return [clock.rest, clock.rests_until]

    bots.note_rest(bots.offset, BEGIN, BEGIN + MINUTE)
    assert rest() == [BEGIN, BEGIN + MINUTE]
    clock.set_wrong(timedelta(hours=1))
    assert rest()[0] is None
    bots.note_rest(bots.offset, BEGIN, None)
    assert rest() == [BEGIN, None]
    clock.jump(MINUTE)
    assert rest()[0] is None
    assert clock.wrong == timedelta(hours=1)


def test_every_part_names_methods_that_there_are() -> None:
    assert "announcements" in parts()
    for part in parts().values():
        assert issubclass(part, Part)
    for method in methods_of_parts().values():
        module, _, name = method.partition(":")
        owner, _, method_name = name.partition(".")
        assert callable(getattr(getattr(importlib.import_module(module), owner), method_name)), method


def test_what_parts_configure_is_laid_over_the_configuration(tmp_path: Path) -> None:
    table = random_timetable(random.Random(3))  # noqa: S311 - no secret
    first: dict[str, dict[str, object]] = {"announcements": {"channels": ["news"]}}
    second: dict[str, dict[str, object]] = {"announcements": {"roles": ["Speaker"]}, "board": {"channels": ["news"]}}

    config = load(write(tmp_path, table, [5, 15], [first, second]))

    assert config.announcements.channels == ("news",)
    assert config.announcements.roles == ("Speaker",)
    assert config.board.channels == ("news",)
    assert {key: times.starts_at for key, times in config.times.items()} == {
        key: one.start for key, one in table.items()
    }


async def test_no_time_is_let_pass_at_once_while_discord_has_something_in_hand(tmp_path: Path) -> None:
    no_bot = await asyncio.create_subprocess_exec("true")
    await no_bot.wait()
    run = Run("1-1", Trouble.SLOW, tmp_path, (Starter(no_bot), Starter(no_bot)))
    clock, due = run._clock, replace(ROW, due_at=run._clock.now() + 60 * MINUTE)

    def offset_after_a_look() -> float:
        clock.note_rest(clock.offset, clock.now(), due.due_at)
        run._hurry([due], rests=True)
        return clock.offset

    async with discord_stand_in(TOKEN, run.guild) as run._stand_in, ClientSession() as session:
        slow = run._stand_in.fail(faults.HISTORY, faults.slow(0.5), times=1)
        address = f"{run._stand_in.api}/channels/{run.guild.first.id}/messages"
        asking = asyncio.create_task(session.get(address, headers={"Authorization": f"Bot {TOKEN}"}))
        await slow.struck.wait()
        assert offset_after_a_look() == 0
        assert (await asking).status == 200
        assert offset_after_a_look() > 3000

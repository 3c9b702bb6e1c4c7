"""A small crowd uses the bot all at once, over real HTTP and WebSocket; `tests.bench_load` has a large one."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.programme.identity import assign_keys
from bot.session_questions.planner import PACE
from bot.sources.read import read
from tests.support.crowd.load import Figures, Load, crowded
from tests.support.crowd.plan import (
    MARK,
    PAPER,
    SEARCH,
    TAKE_BACK,
    TURN,
    TYPED,
    VOTE,
    Stage,
    asking,
    at_once,
    busy_minute,
    voting,
)
from tests.support.running import PATIENCE
from tests.support.server import SESSION_PAGE


def votes_listed(figures: Figures) -> int:
    """Return how many votes the list of questions says that there are."""
    (text,) = figures.lists
    return sum(int(count) for count in re.findall(r"· (\d+) votes? ·", text))


async def looking(load: Load, so: Callable[[Figures], bool]) -> Figures:
    """Look at Discord until something is so there."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if so(figures := await load.play(Stage("looking", ()))):
                return figures
            await asyncio.sleep(0.1)


@pytest.mark.usefixtures("patient_discord")
async def test_a_crowd_is_answered_and_everybody_gets_what_they_asked_for(tmp_path: Path) -> None:
    source = assign_keys(read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name).source)
    async with crowded(source, tmp_path, 40, timedelta(minutes=15, seconds=1)) as load:
        programme = load.bot.services.library.edition.programme
        minute = await load.play(replace(busy_minute(programme, 40, 3), patience=PATIENCE))
        rush = await load.play(replace(at_once(programme, 30), patience=PATIENCE))

        assert [*minute.failed, *rush.failed] == []
        assert await load.wrong(minute.outcomes) == []
        assert await load.wrong(rush.outcomes) == []
        asked = Counter(outcome.kind for outcome in (*minute.outcomes, *rush.outcomes))
        assert (asked[TYPED], asked[SEARCH], asked[PAPER], asked[MARK]) == (40 * 8, 40 * 2 + 30, 40, 20)
        assert asked[TURN]
        opened = {outcome.act: outcome.asked[1]["paper"] for outcome in minute.outcomes if outcome.kind == PAPER}
        marked = sorted(opened[outcome.act] for outcome in minute.outcomes if outcome.kind == MARK)
        assert sorted(key for _, key in load.bookmarks()) == marked


@pytest.mark.usefixtures("patient_discord")
async def test_no_vote_that_was_confirmed_is_lost_and_the_list_says_them_all_in_a_few_edits(tmp_path: Path) -> None:
    source = assign_keys(read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name).source)
    async with crowded(source, tmp_path, 100, timedelta(hours=2)) as load:
        (session,) = load.bot.services.library.edition.programme.sessions
        asked = await load.play(replace(asking(session.name, 4), patience=PATIENCE))
        before = await looking(load, lambda figures: bool(figures.lists))
        minute = await load.play(replace(voting(100, 4, 4.0), patience=PATIENCE))
        kept = load.votes()
        after = await looking(load, lambda figures: votes_listed(figures) == len(kept))

    assert [*asked.failed, *minute.failed] == []
    assert {outcome.title for outcome in minute.outcomes if outcome.kind == VOTE} == {"Your vote counts"}
    cast = sum(outcome.kind == VOTE for outcome in minute.outcomes)
    taken_back = sum(outcome.title == "Your vote is taken back" for outcome in minute.outcomes)
    assert taken_back == sum(outcome.kind == TAKE_BACK for outcome in minute.outcomes) > 0
    assert len(kept) == cast - taken_back
    edits = len(after.edits) - len(before.edits)
    assert 1 <= edits <= minute.seconds / PACE.total_seconds() + 3

"""A small crowd uses the bot all at once, over real HTTP and WebSocket; `tests.bench_load` has a large one."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.programme.identity import assign_keys
from bot.sources.read import read
from tests.support.crowd.load import crowded
from tests.support.crowd.plan import MARK, PAPER, SEARCH, TURN, TYPED, at_once, busy_minute
from tests.support.server import SESSION_PAGE

PATIENCE = 60.0
"""How long a busy machine that runs the tests may take for an answer, in seconds."""


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

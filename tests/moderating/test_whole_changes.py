"""A change is made whole or not at all, whatever happens meanwhile."""

import asyncio
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import bot.editions.service
from bot.clock import SystemClock
from bot.delivery.rows import Outbox
from bot.editions.rows import EditionStore
from bot.editions.service import Library
from bot.errors import UserError
from bot.news.rows import NewsStore
from bot.programme.build import build
from bot.programme.corrections import lay_over
from bot.store.engine import Database
from bot.ui.questions import Question, QuestionKind
from tests.support.killed_in_apply import FIX
from tests.support.loading import loaded
from tests.support.messages import buttons_of, shown
from tests.support.moderating import (
    BASE,
    FRUIT,
    GROWN,
    Start,
    audit,
    change,
    fix,
    moderator,
    paper,
    pick,
    posters,
    press,
    refused,
    reload,
    titles,
    titles_of,
)


async def test_of_two_proposals_the_second_is_refused_once_the_first_was_applied(start: Start) -> None:
    server = await start()
    mo, max_ = moderator(server), moderator(server, "max")
    first, second = await reload(mo, server, GROWN), await reload(max_, server, posters(*FRUIT[1:]))
    sam = moderator(server, "sam")
    third = await fix(sam, server, "paper", "apple", title="Apples")
    await press(mo, first, "Apply")
    for moderator_, preview in ((max_, second), (sam, third)):
        answer = await refused(moderator_, preview, "Apply")
        assert answer == "The programme was changed meanwhile. Nothing was done; look at the difference again."
    assert titles(server) == [*FRUIT, "Grape"]
    assert len(audit(server)) == 1


async def test_of_two_presses_at_the_same_moment_one_counts(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    preview = await reload(mo, server, GROWN)
    token = buttons_of(preview)["Apply"]["custom_id"].rpartition(":")[2]
    moderation = server.services.moderating.service
    attempts = (moderation.apply(mo.id, token, sure=False) for _ in range(3))
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(isinstance(result, UserError) for result in results) == 2
    assert len(audit(server)) == 1


async def test_a_press_of_apply_waits_for_the_choice_made_before_it(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples"), "Apply")
    preview = await reload(mo, server, posters(paper("Apple", title="Apple Pie"), *FRUIT[1:]))
    token = buttons_of(preview)["Apply"]["custom_id"].rpartition(":")[2]
    moderation = server.services.moderating.service
    await asyncio.gather(moderation.take(mo.id, token, [0]), moderation.apply(mo.id, token, sure=False))
    assert titles(server)[0] == "Apple Pie"


async def test_questions_asked_all_the_while_are_answered_from_one_version_or_the_other(start: Start) -> None:
    # Each version says in every title and in its room which one it is.
    versions = [
        posters(*(paper(name, title=f"{name} {colour}") for name in FRUIT), room=f"Hall {colour}")
        for colour in ("Red", "Blue")
    ]
    server = await start(versions[0])
    mo = moderator(server)
    library = server.services.library
    seen: list[str] = []
    running = True

    async def ask() -> None:
        while running:
            answer = await server.services.questions.answer(Question(QuestionKind.SESSION, "posters"), mo.id)
            assert answer.embed
            said = f"{answer.embed.title}\n{answer.embed.description}\n" + "\n".join(
                f"{one.name} {one.value}" for one in answer.embed.fields
            )
            colours = [colour for colour in ("Red", "Blue") if colour in said]
            assert len(colours) == 1, said
            assert said.count(colours[0]) >= len(FRUIT) + 1
            edition = library.edition
            assert {one.key for one in edition.index.suggest("", 100)} <= set(edition.programme.papers)
            assert all(colours[0] in title or library.edition is not edition for title in titles_of(edition))
            seen.append(colours[0])
            await asyncio.sleep(0.002)

    asking = asyncio.create_task(ask())
    for number in range(6):
        preview = await reload(mo, server, versions[(number + 1) % 2])
        await press(mo, preview, "Apply")
        if number == 2:
            await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
            await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    running = False
    await asking

    changes = sum(one != other for one, other in pairwise(seen))
    assert changes == 8
    assert len(seen) > 50


@pytest.mark.parametrize(
    "step",
    [
        "recognise",
        "lay_over",
        "rebuild",
        "compare",
        "suspicions",
        "conflicts",
        "news_text",
        "IndexBuilder.build",
    ],
)
async def test_no_slow_step_of_a_change_runs_where_it_would_hold_up_others(
    step: str, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await start()
    mo = moderator(server)
    threads: list[int] = []
    of_class, _, name = step.rpartition(".")
    owner = getattr(bot.editions.service, of_class) if of_class else bot.editions.service
    done: Callable[..., Any] = getattr(owner, name)

    def noted(*args: Any, **kwargs: Any) -> Any:
        threads.append(threading.get_ident())
        return done(*args, **kwargs)

    monkeypatch.setattr(owner, name, noted)
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples"), "Apply")
    threads.clear()
    preview = await reload(mo, server, posters(paper("Apple", title="Apple Pie"), *FRUIT[1:], room="Garden"))
    await pick(mo, preview, "The source has new values", "Take")
    await press(mo, preview, "Apply")
    await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    assert threads
    assert threading.get_ident() not in threads


@pytest.mark.slow(seconds=15)
async def test_a_kill_at_any_step_of_a_change_leaves_the_old_version_or_the_new_one(tmp_path: Path) -> None:
    database, data, folder = tmp_path / "base.sqlite3", tmp_path / "next.json", tmp_path / "killed"
    folder.mkdir()
    opened = await Database.open(database)
    await Library(EditionStore(opened), SystemClock(), {}).load(loaded(BASE, "base.json"))
    await opened.close()
    after = [*FRUIT, "Grape"]
    data.write_bytes(posters(*after, room="Garden"))

    ran = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "tests.support.killed_in_apply", str(database), str(data), str(folder)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    steps = [line.split("\t")[1] for line in ran.stdout.splitlines()]
    assert steps[-4:] == ["COMMIT", "the swap", "after the swap", "the end"]
    assert len(steps) > 12
    for number, step in enumerate(steps):
        opened = await Database.open(folder / f"{number}.sqlite3")
        store, news = EditionStore(opened), NewsStore(opened, Outbox(opened, ()))
        library = Library(store, SystemClock(), {})
        await library.open()
        edition = library.edition
        source = (await edition.origin.get()).source
        is_new = number > steps.index("COMMIT")
        assert titles_of(edition) == (after if is_new else list(FRUIT)), step
        assert [kept.correction for kept in edition.corrections] == ([FIX] if is_new else []), step
        assert len(await news.unplanned()) == is_new, step
        assert len(await store.history()) == 1 + is_new, step
        assert edition.programme == build(lay_over(source, [FIX] if is_new else [])), step
        await library.apply(await library.propose(loaded(posters("Quince"), "again.json"), 1))
        assert titles_of(library.edition) == ["Quince"], step
        await opened.close()


async def test_a_database_that_fails_leaves_the_programme_in_use(
    start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start()
    mo = moderator(server)
    preview = await reload(mo, server, GROWN)

    async def fail(*_: Any) -> int | None:
        raise OSError("disk full")

    versions = server.services.library._versions
    monkeypatch.setattr(versions, "revise", fail)
    with caplog.at_level(logging.CRITICAL, "bot"):
        assert "Something went wrong" in await refused(mo, preview, "Apply")
    monkeypatch.undo()
    assert titles(server) == list(FRUIT)
    assert audit(server) == []
    await change(mo, server, GROWN)
    assert titles(server) == [*FRUIT, "Grape"]

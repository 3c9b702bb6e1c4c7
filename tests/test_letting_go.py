"""What is large is freed by a thread of its own, so that whoever used it last need not wait."""

import threading
from collections.abc import Iterator
from functools import partial

import pytest

from bot.letting_go import empty, let_go, let_go_later


class Freed:
    """Notes which threads free things, and waits for them."""

    def __init__(self) -> None:
        self.by: list[int] = []
        self._changed = threading.Condition()

    def note(self) -> None:
        with self._changed:
            self.by.append(threading.get_ident())
            self._changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.by) == count, 30)


class Part:
    def __init__(self, freed: Freed) -> None:
        self._freed = freed

    def __del__(self) -> None:
        self._freed.note()


class Thing:
    def __init__(self, parts: list[Part], large: list[Part]) -> None:
        self.parts, self.large = parts, large


def taken_apart(parts: list[Part], by: list[int]) -> Iterator[object]:
    by.append(threading.get_ident())
    yield from parts


def test_what_nobody_uses_any_more_is_taken_apart_and_freed_by_another_thread() -> None:
    freed, apart = Freed(), list[int]()
    thing = Thing([Part(freed) for _ in range(450)], [Part(freed)])
    let_go_later(thing, partial(taken_apart, thing.parts, apart), thing.large)
    assert (freed.by, apart) == ([], [])

    del thing
    freed.wait_for(451)

    assert threading.get_ident() not in {*freed.by, *apart}
    assert len({*freed.by, *apart}) == 1


def test_whoever_uses_something_last_starts_no_thread() -> None:
    freed = Freed()
    things = [Thing([Part(freed)], []) for _ in range(3)]
    for thing in things:
        let_go_later(thing, partial(list, thing.parts))
    del thing
    threads = threading.enumerate()

    things.clear()

    assert threading.enumerate() == threads
    freed.wait_for(3)


def test_what_cant_be_taken_apart_keeps_nothing_else_from_being_freed(caplog: pytest.LogCaptureFixture) -> None:
    freed = Freed()
    broken, sound = Thing([Part(freed)], []), Thing([Part(freed)], [])
    let_go_later(broken, lambda: [1 // 0])
    let_go_later(sound, partial(list, sound.parts))

    del broken
    del sound
    freed.wait_for(2)

    assert "ZeroDivisionError" in caplog.text


def test_what_others_use_stays() -> None:
    freed = Freed()
    parts: list[object] = [Part(freed) for _ in range(450)]
    used = parts[17]

    let_go(parts)

    assert (len(freed.by), parts) == (449, [])
    del used
    assert len(freed.by) == 450


def test_dictionaries_and_sets_are_emptied() -> None:
    freed = Freed()
    held, others = {number: Part(freed) for number in range(450)}, {Part(freed)}

    empty(held, others)

    assert (held, others, len(freed.by)) == ({}, set(), 451)

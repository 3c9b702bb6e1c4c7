"""What is large is freed by a thread of its own, so that whoever used it last need not wait."""

import threading

from bot.letting_go import let_go, let_go_later


class Part:
    def __init__(self, freed_by: list[int]) -> None:
        self._freed_by = freed_by

    def __del__(self) -> None:
        self._freed_by.append(threading.get_ident())


class Thing:
    def __init__(self, parts: list[object], large: list[object]) -> None:
        self.parts, self.large = tuple(parts), tuple(large)


def test_what_nobody_uses_any_more_is_freed_by_another_thread() -> None:
    freed_by: list[int] = []
    parts: list[object] = [Part(freed_by) for _ in range(450)]
    large: list[object] = [Part(freed_by)]
    thing = Thing(parts, large)
    let_go_later(thing, parts, large)
    del large
    assert freed_by == []

    del thing
    for thread in threading.enumerate():
        if thread.name == "letting go":
            thread.join(30)

    assert len(freed_by) == 451
    assert threading.get_ident() not in freed_by


def test_what_others_use_stays() -> None:
    freed_by: list[int] = []
    parts: list[object] = [Part(freed_by) for _ in range(450)]
    used = parts[17]

    let_go(parts)

    assert (len(freed_by), parts) == (449, [])
    del used
    assert len(freed_by) == 450

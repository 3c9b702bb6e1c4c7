"""Building something large: no full collection of garbage meanwhile, and yet nothing stays that nobody needs."""

import gc
import weakref

from bot.gc_pause import gc_paused
from bot.programme.text import clean


class Circle:
    """Something that refers to itself."""

    def __init__(self) -> None:
        self.itself = self


def test_what_refers_to_itself_is_freed_and_what_is_kept_is_set_aside() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    with gc_paused():
        kept = [[number] for number in range(1_000)]
        gone = weakref.ref(Circle())
    assert gone() is None
    assert gc.get_freeze_count() >= frozen + len(kept)
    assert gc.get_threshold() == before


def test_texts_with_markup_leave_nothing_behind() -> None:
    def read(number: int) -> None:
        for text in range(200):
            clean(rf"A \textbf{{text}} with $x^{{{text}}}$ and \emph{{{number} words")

    with gc_paused():
        read(0)
    frozen = gc.get_freeze_count()
    with gc_paused():
        read(1)
    assert gc.get_freeze_count() < frozen + 200


def test_pauses_may_overlap() -> None:
    before = gc.get_threshold()
    first, second = gc_paused(), gc_paused()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold() != before
    second.__exit__(None, None, None)
    assert gc.get_threshold() == before

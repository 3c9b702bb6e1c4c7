"""Building something large in a thread without holding up everything else."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SWITCH = 0.0005
"""How long a thread may run before another one gets its turn, in seconds: a tenth of CPython's default."""

_before: list[tuple[bool, float]] = []
"""How things were before each of the pauses that are under way."""


@contextmanager
def gc_paused() -> Iterator[None]:
    """Build something large and long-lived in a thread while the event loop goes on answering.

    A full collection of garbage looks at every object there is, and everything waits for it; while millions of objects
    are made, one follows another. So none takes place, and what was made is then set aside, where later collections
    need not look. Objects are still freed when nothing refers to them; only cycles among those set aside are not.

    Pauses may overlap, but are begun and ended on the event loop's thread alone.
    """
    _before.append((gc.isenabled(), sys.getswitchinterval()))
    gc.disable()
    sys.setswitchinterval(_SWITCH)
    try:
        yield
    finally:
        collecting, switching = _before.pop()
        gc.freeze()
        # Whichever pause ends last finds how things were before the first.
        sys.setswitchinterval(switching)
        if collecting:
            gc.enable()

"""Loading a large programme in a thread without holding up everything else."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SWITCH = 0.0005
"""How long a thread may run before another one gets its turn, in seconds: a tenth of CPython's default."""


@contextmanager
def considerately() -> Iterator[None]:
    """Build something large and long-lived in a thread while the event loop goes on answering.

    A full collection of garbage looks at every object there is, and everything waits for it; while millions of objects
    are made, one follows another. So none takes place, and what was made is then set aside, where later collections
    need not look. Objects are still freed when nothing refers to them; only cycles among those set aside are not.
    """
    collecting, switching = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(_SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(switching)
        gc.freeze()
        if collecting:
            gc.enable()

"""How the process is tuned: others have their turn soon, and large things leave no holes behind."""

import gc
import subprocess
import sys
import threading
from collections import Counter
from typing import Any

import pytest

from bot.tuning import start_threads, tune

FREED = """
from pathlib import Path
from bot.tuning import tune

def memory():
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) // 1024

tune()
del [bytearray(b"x") * 2**24][:]  # from now on, glibc itself would put all that is smaller side by side
before = memory()
large, small = [], []
for _ in range(20):
    large.append(bytearray(b"x") * 2**22)
    small.append(bytearray(b"x") * 2**12)
full = memory()
del large
print(full - before, memory() - before)
"""


def test_a_thread_lets_the_event_loop_go_on_soon() -> None:
    before = sys.getswitchinterval()
    try:
        sys.setswitchinterval(0.005)
        tune()
        assert sys.getswitchinterval() < 0.001
        sys.setswitchinterval(0.0001)
        tune()
        assert sys.getswitchinterval() < 0.0002, "what is shorter already stays"
    finally:
        sys.setswitchinterval(before)


async def test_the_threads_for_what_is_slow_are_there_from_the_beginning() -> None:
    before = set(threading.enumerate())

    await start_threads()

    assert len(set(threading.enumerate()) - before) >= 4


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it is about glibc")
def test_what_is_large_is_given_back_when_it_is_freed() -> None:
    command = [sys.executable, "-c", FREED]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this very Python
    full, freed = map(int, done.stdout.split())
    assert full > 70
    assert freed < 20


def test_what_many_answers_make_is_not_looked_at_again_and_again() -> None:
    before = gc.get_threshold()
    looked: Counter[int] = Counter()

    def note(phase: str, about: dict[str, Any]) -> None:
        if phase == "start":
            looked[about["generation"]] += 1

    gc.callbacks.append(note)
    try:
        tune()
        kept = [[number] for number in range(500_000)]
    finally:
        gc.callbacks.remove(note)
        gc.set_threshold(*before)
    assert looked[0] >= len(kept) // 2_500, "what was made last is looked at, as circles are mostly short-lived"
    assert looked[1] >= 10
    assert looked[2] == 0

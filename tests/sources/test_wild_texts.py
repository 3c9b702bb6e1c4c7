"""Files of blanks, brackets, backslashes: read in proportion to their length, by every reader, up to the index."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources.wild import SHAPES
from tests.support.process import ROOT, started

LENGTH = 300_000
"""How many characters of it there are. Work that grows with the square of them would take hours."""

GUARD = 400
"""When a process is ended that does such work, in seconds; one that does not takes a few, and this is no measure."""

BLANKS = (" ", "\t", "\n", "\xa0", " \n")
UNITS = (
    *(
        "\r\n",
        "\u3000",
        "\u200b",
        "\ufeff\n",
        "\x00",
        "\\",
        "\\\\",
        "\\cite[",
        "\\textbf{",
        "\\href{a}",
        "{",
        "}",
        "(",
        "[]",
    ),
    *(
        "$",
        "$a",
        "$$",
        "\\(",
        "*",
        "**a",
        "`",
        "``a'",
        "<",
        "<p ",
        "</",
        "&",
        "&#",
        "<!--",
        "https://",
        "https://a(",
        ".html?",
    ),
    *(
        "a\u0301",
        "\u0301",
        "a- ",
        "- ",
        " -",
        "--",
        "~1",
        "^{",
        "%",
        "A. ",
        "and ",
        ", ",
        "; ",
        '"',
        "'",
        "“",
        "1",
        "1:",
        "18:00-",
    ),
    *(
        "1/1/",
        "a@",
        "#1",
        "| ",
        "•",
        "A",
        "Aa",
        "漢",
        "\u202e",
        "\ue000",
        "x=",
        "accept ",
        "Room ",
        "Session ",
        "- a: ",
    ),
)


def tried(shape: str, units: tuple[str, ...]) -> list[str]:
    """Return the texts that were read to the end, in a process of its own."""
    asked = json.dumps([shape, str(LENGTH), *units])
    command = [sys.executable, "-m", "tests.sources.wild", asked]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, encoding="utf-8", timeout=GUARD)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("shape", SHAPES)
def test_blanks_are_read_in_proportion_to_their_number(shape: str) -> None:
    assert tried(shape, BLANKS) == list(BLANKS)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("shape", SHAPES)
def test_any_text_is_read_in_proportion_to_its_length(shape: str, part: int) -> None:
    assert tried(shape, UNITS[part::4]) == list(UNITS[part::4])


async def test_a_bot_whose_programme_is_full_of_blanks_starts_and_stops(tmp_path: Path) -> None:
    source = tmp_path / "blanks.txt"
    lines = (ROOT / "data" / "mlsys-2026-poster-session-1.txt").read_text(encoding="utf-8").splitlines()
    source.write_text(
        "\n".join([*lines[:40], " " * 200_000, f"{lines[40]}{' ' * 200_000}x", *lines[41:]]), encoding="utf-8"
    )
    async with started(tmp_path, source=source) as bot:
        await bot.connected()
        bot.process.terminate()
        ended = await bot.ended()
    assert ended.status == 0
    assert "Traceback" not in ended.errors


async def test_a_bot_whose_programme_is_nothing_but_blanks_says_so(tmp_path: Path) -> None:
    source = tmp_path / "blanks.txt"
    source.write_text(" " * 200_000, encoding="utf-8")
    async with started(tmp_path, level="error", source=source) as bot:
        ended = await bot.ended()
    assert ended.status == 2
    assert ended.errors.splitlines() == ["blanks.txt: the file is empty."]

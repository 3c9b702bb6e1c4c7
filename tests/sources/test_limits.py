"""The limits of files and of papers agree."""

import json
from pathlib import Path

import pytest

from bot.sources.export import as_json
from bot.sources.fetch import LIMITS, Fetcher
from bot.sources.obtain import obtain
from bot.sources.read import read
from bot.sources.reading.limits import MOST_PAPERS, SIZE_LIMIT
from tests.support.server import SESSION_PAGE

README = Path(__file__).parent.parent.parent / "README.md"


def test_the_largest_file_holds_the_most_papers() -> None:
    source = read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name).source
    size = len(json.dumps(json.loads(as_json(source)), ensure_ascii=False).encode()) / len(source.papers)
    assert MOST_PAPERS <= SIZE_LIMIT / size < 1.25 * MOST_PAPERS
    assert LIMITS.size == SIZE_LIMIT


def test_the_documentation_says_what_they_are() -> None:
    text = README.read_text(encoding="utf-8")
    assert f"{MOST_PAPERS:,} papers" in text
    assert f"{SIZE_LIMIT // 2**20} MiB" in text


@pytest.mark.slow
async def test_65_000_papers_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "papers.json"
    words = "A paragraph of an abstract that is as long as abstracts are, with its usual number of words. " * 12
    with file.open("w", encoding="utf-8") as written:
        written.write("[")
        for number in range(65_000):
            fields = {
                "title": f"Paper number {number}",
                "authors": [f"Ada {number}", "Bo Li"],
                "abstract": f"{number} {words}",
            }
            written.write(f"{',' if number else ''}\n{json.dumps(fields)}")
        written.write("]")

    found = await obtain(file, Fetcher())

    assert len(found.data) > 70 * 2**20
    source = read(found.data, found.name).source
    assert len(source.papers) == 65_000
    assert source.problems == ()

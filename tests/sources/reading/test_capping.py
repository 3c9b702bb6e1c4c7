"""What is longer or more than a programme may hold is cut, and the check says so in plain words, with the line."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.programme.source import Source
from bot.sources.read import read
from bot.sources.reading import limits

LONG = 30_000


def read_list(*papers: dict[str, Any]) -> Source:
    return read(json.dumps(list(papers), indent=1).encode(), "papers.json").source


def said(source: Source) -> list[tuple[int | None, str]]:
    return [
        (problem.line, problem.message)
        for problem in source.problems
        if "first" in problem.message or "left out" in problem.message
    ]


PLAIN = {"title": "Caching", "authors": ["Ada Lovelace"], "abstract": "Words."}
CUTS: dict[str, tuple[dict[str, Any], str]] = {
    "title": ({"title": "T" * LONG}, "its title has 30,000 characters; the first 1,000 are kept"),
    "abstract": ({"abstract": "A" * LONG}, "its abstract has 30,000 characters; the first 20,000 are kept"),
    "kind": ({"type": "K" * LONG}, "its kind has 30,000 characters; the first 500 are kept"),
    "track": ({"track": "K" * LONG}, "its track has 30,000 characters; the first 500 are kept"),
    "name": ({"authors": ["N" * LONG]}, "its name has 30,000 characters; the first 500 are kept"),
    "names": ({"authors": [f"Ada {n}" for n in range(LONG)]}, "it has 30,000 authors; the first 10,000 are kept"),
    "topics": ({"keywords": [f"topic {n}" for n in range(LONG)]}, "it has 30,000 topics; the first 100 are kept"),
    "topic": ({"keywords": ["T" * LONG]}, "its topic has 30,000 characters; the first 500 are kept"),
    "room": ({"session": "Posters", "room": "R" * LONG}, "its room has 30,000 characters; the first 500 are kept"),
    "session": ({"session": "S" * LONG}, "its name has 30,000 characters; the first 1,000 are kept"),
    "identifier": ({"id": "I" * LONG}, "its identifier has 30,000 characters; left out"),
    "address": ({"url": f"https://example.org/{'a' * LONG}"}, "left out"),
}


@pytest.mark.parametrize("what", CUTS)
def test_what_is_too_long_or_too_much_is_cut_with_a_message(what: str) -> None:
    odd, message = CUTS[what]
    source = read_list({**PLAIN, "title": "First"}, {**PLAIN, **odd})

    assert len(source.papers) == 2
    assert all(len(part.title or "") <= limits.LONGEST["title"] for part in source.papers)
    assert all(len(part.abstract or "") <= limits.LONGEST["abstract"] for part in source.papers)
    assert all(len(part.authors) <= limits.MOST_NAMES for part in source.papers)
    assert all(len(part.topics) <= 100 and len(part.links) <= 100 for part in source.papers)
    told = said(source)
    assert any(message in text for _, text in told), told
    assert all(len(text) < 300 and text.isprintable() for _, text in told)
    assert not any("First" in text for _, text in told)


def test_many_links_are_cut_with_a_message() -> None:
    links = [{"label": f"Link {number}", "url": f"https://example.org/{number}"} for number in range(500)]
    document = {
        "form": "conference-programme/1",
        "sessions": [{"kind": "Session", "name": "Posters", "papers": [{**PLAIN, "links": links}]}],
    }
    source = read(json.dumps(document).encode(), "programme.json").source
    assert len(source.papers[0].links) == 100
    assert any("it has 500 links; the first 100 are kept" in text for _, text in said(source))


def test_what_is_within_the_limits_stays_as_it_is() -> None:
    most = {
        "title": "T" * 1_000,
        "abstract": "A" * 20_000,
        "authors": [f"Ada {number}" for number in range(10_000)],
        "keywords": [f"topic {number}" for number in range(100)],
        "track": "K" * 500,
    }
    source = read_list(most)
    (made,) = source.papers
    assert (made.title, made.abstract, made.track) == (most["title"], most["abstract"], most["track"])
    assert (len(made.authors), len(made.topics)) == (10_000, 100)
    assert said(source) == []


def test_the_check_names_the_line_and_ends_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "papers.csv"
    file.write_text(f"title,authors,abstract\nFirst,Ada Lovelace,Words.\nSecond,Bo Li,{'A' * LONG}\n", encoding="utf-8")
    assert main(["check", str(file)]) in {0, 1}
    report = capsys.readouterr().out
    assert "line 3: Paper “Second”: its abstract has 30,000 characters; the first 20,000 are kept." in report
    assert len(report) < 5_000


def test_a_thousand_that_are_too_long_are_said_in_few_lines() -> None:
    source = read_list(*({**PLAIN, "title": f"{number} {'T' * 2_000}"} for number in range(1_000)))
    assert len(said(source)) <= 51
    assert any("1000 problems" in problem.message for problem in source.problems)

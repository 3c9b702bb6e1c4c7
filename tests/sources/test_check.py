"""The report on sources: what is in them, what became of it, and what needs a person."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from bot.config import ListedSource
from bot.errors import UserError
from bot.programme.build import Times
from bot.sources.check import Report, check
from bot.sources.fetch import Fetched
from bot.sources.load import found
from bot.sources.report import json_of, text_of
from tests.support.server import SESSION_PAGE

KEY = "poster-session-1-opening"
START = datetime(2026, 5, 19, 1, tzinfo=UTC)
PAPER = "Caching\nAda Lovelace ⋅ Bo Li\nWe study caches. They help.\n"
PAPERS = (
    "ID,Title,Authors,Abstract,Decision\n"
    "1,Caching,Ada Lovelace; Bo Li,We cache.,Accept\n"
    "2,Batching,Bo Li,We batch.,Accept\n"
    "3,Secret,Di Roe,Hush.,Reject\n"
    "4,,Ed,,Accept\n"
)
SESSIONS = "1A:\n  start_time: 2031-07-04 06:00:00\n  end_time: 2031-07-04 07:00:00\n  papers:\n  - 1\n  - 2\n"


async def checked(
    files: Mapping[str, str | bytes], times: Mapping[str, Times] | None = None, zone: str = "America/Los_Angeles"
) -> Report:
    source = ListedSource.model_construct()
    fetched = [Fetched(text.encode() if isinstance(text, str) else text, name) for name, text in files.items()]
    return await check([found(one, source, zone) for one in fetched], times or {})


async def lines_of(text: str, times: Mapping[str, Times] | None = None) -> list[str]:
    return text_of(await checked({"page.txt": text}, times)).splitlines()


async def test_the_real_page_needs_a_person_and_every_problem_has_its_line() -> None:
    times = {KEY: Times(START, START.replace(hour=3))}
    report = await checked({"page.txt": SESSION_PAGE.read_bytes()}, times)
    assert not report.finished
    text = text_of(report)
    problems = [line.strip() for line in text.splitlines() if line.startswith("  line ")]
    lines = [int(problem.split()[1].rstrip(":")) for problem in problems]
    to_do, notes = lines[:13], lines[13:]
    assert to_do == [7, 10, 14, 26, 41, 54, 66, 69, 72, 75, 78, 87, 99]
    assert notes == sorted(notes)
    assert {8, 13, 33, 39, 49, 79, 92, 94, 101} <= set(notes)
    assert f"Session {KEY}: Poster Session 1 & Opening Reception, Evergreen Ballroom, " in text
    assert "2026-05-19 01:00 to 2026-05-19 03:00 UTC, 34 posters" in text
    assert "Needs a person (13):" in text


async def test_a_complete_page_is_finished() -> None:
    text = f"Session\nPosters\nHall\n{PAPER}"
    assert (await checked({"page.txt": text}, {"posters": Times(START)})).finished
    lines = await lines_of(text, {"posters": Times(START)})
    assert lines[:7] == [
        "page.txt (page-text/2)",
        "  records  2: 1 paper, 1 session",
        "  papers   1, shown 1 time",
        "  sessions 1, of which 0 have a time",
        "  authors  2, named 2 times",
        "  rooms    1",
        "  links    0",
    ]
    assert "Session posters: Posters, Hall, 2026-05-19 01:00 UTC, 1 poster" in lines
    assert not any(line.startswith("Needs a person") for line in lines)


async def test_what_was_put_right_needs_nobody() -> None:
    text = f"Session\nPosters\nHall\n{PAPER.replace('Bo Li', 'BO LI ⋅ Cy None Twombly')}"
    assert (await checked({"page.txt": text}, {"posters": Times(START)})).finished
    lines = await lines_of(text, {"posters": Times(START)})
    assert "  line 5: Author “Cy None Twombly” is shown as “Cy Twombly”." in lines


async def test_a_missing_time_needs_a_person() -> None:
    text = f"Session\nPosters\nHall\n{PAPER}"
    assert not (await checked({"page.txt": text})).finished
    lines = await lines_of(text)
    assert "Session posters: Posters, Hall, time not announced, 1 poster" in lines
    place = lines.index("Needs a person (1):")
    assert lines[place + 1].endswith('Give it one in the configuration: [sessions."posters"] start = …')


async def test_a_time_for_a_session_that_is_not_there_needs_a_person() -> None:
    text = f"Session\nPosters\nHall\n{PAPER}"
    times = {"posters": Times(START), "posterz": Times(START)}
    assert not (await checked({"page.txt": text}, times)).finished
    (told,) = [line for line in await lines_of(text, times) if "posterz" in line]
    assert told.startswith('  whole programme: The configuration gives a time to [sessions."posterz"]')
    assert "Its sessions: posters." in told


async def test_what_was_left_out_is_counted_by_its_reason() -> None:
    lines = text_of(await checked({"papers.csv": PAPERS})).splitlines()
    assert lines[:4] == [
        "papers.csv (table/1)",
        "  records  4: 2 papers, 2 left out",
        "  left out 1 “reject”, 1 “no title”",
        "  papers   2, shown 0 times",
    ]
    assert "In no session: 2 papers" in lines


async def test_the_zone_of_times_without_an_offset_is_named() -> None:
    files = {"sessions.yml": SESSIONS}
    assert "  times without an offset are taken in Asia/Tokyo" in text_of(await checked(files, zone="Asia/Tokyo"))
    aware = {"sessions.yml": SESSIONS.replace(":00:00\n", ":00:00+02:00\n")}
    assert "without an offset" not in text_of(await checked(aware))


async def test_each_of_several_files_is_counted_and_then_all_together() -> None:
    report = await checked({"papers.csv": PAPERS, "sessions.yml": SESSIONS})
    lines = text_of(report).splitlines()
    heads = [line for line in lines if not line.startswith(" ")]
    assert heads[:3] == ["papers.csv (table/1)", "sessions.yml (mini-conf/1)", "All together"]
    assert "  papers   2, shown 2 times" in lines[lines.index("All together") :]
    assert "Session 1a: 1A, no room, 2031-07-04 13:00 to 2031-07-04 14:00 UTC, 2 papers" in lines
    # A problem says in which file it is.
    assert any(line.startswith("  papers.csv, line 5: ") for line in lines)


async def test_what_another_file_completes_is_no_problem() -> None:
    files = {
        "papers.csv": "ID,Title,Authors\n1,Caching,Ada\n2,Batching,Bo\n",
        "more.json": '{"1": "Long.", "2": "Hm."}',
    }
    assert "No paper has an abstract." in text_of(await checked({"papers.csv": files["papers.csv"]}))
    assert "abstract" not in text_of(await checked(files))


async def test_as_json_every_number_has_the_same_name_in_each_source_and_in_the_programme() -> None:
    document = json.loads(json.dumps(json_of(await checked({"papers.csv": PAPERS, "sessions.yml": SESSIONS}))))
    assert set(document) == {"sources", "programme"}
    papers, sessions = document["sources"]
    numbers = {
        *("records", "contributions", "session_records", "sessions", "appearances", "people", "author_slots"),
        *("timed_sessions", "rooms", "links", "merged", "left_out", "problems"),
    }
    assert set(papers) == set(sessions) == {"file", "format", *numbers}
    assert set(document["programme"]) == numbers
    assert (papers["file"], papers["format"]) == ("papers.csv", "table/1")
    assert (papers["records"], papers["contributions"], papers["people"], papers["author_slots"]) == (4, 2, 2, 3)
    assert papers["left_out"] == {"reject": 1, "no title": 1}
    (problem, *_) = papers["problems"]
    assert set(problem) == {"line", "severity", "message"}
    # Each paper counts for the file that has it first, and completes it for the other.
    assert (sessions["sessions"], sessions["appearances"], sessions["contributions"]) == (1, 2, 0)
    assert (sessions["records"], sessions["session_records"], sessions["merged"]) == (3, 1, 2)
    programme = document["programme"]
    assert (programme["contributions"], programme["sessions"], programme["appearances"]) == (2, 1, 2)
    assert programme["records"] == papers["records"] + sessions["records"]


async def test_a_file_that_only_completes_others_says_what_it_holds_and_what_is_missing() -> None:
    report = await checked({"abstracts.json": '{"100": "We cache.", "200": "We batch."}'})
    assert not report.finished
    (source,), programme = json_of(report)["sources"], json_of(report)["programme"]
    assert (source["records"], source["contributions"], source["left_out"]) == (2, 2, {})
    assert (programme["records"], programme["contributions"]) == (0, 0)
    (problem,) = programme["problems"]
    assert "Add the source that has the papers" in problem["message"]
    assert problem["message"] in text_of(report)


async def test_sessions_without_the_papers_they_name_say_what_they_hold_and_what_is_missing() -> None:
    document = json_of(await checked({"sessions.yml": SESSIONS}))
    (source,), programme = document["sources"], document["programme"]
    assert (source["records"], source["contributions"], source["appearances"]) == (3, 2, 2)
    assert (programme["records"], programme["session_records"], programme["contributions"]) == (3, 1, 0)
    assert programme["left_out"] == {"no paper of this id": 2}


async def test_a_source_that_can_not_be_read_is_no_report() -> None:
    with pytest.raises(UserError, match=r"^page\.txt: "):
        await checked({"page.txt": "<html></html>"})

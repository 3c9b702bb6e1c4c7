"""The command line: what it prints, and its exit status."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.server import SESSION_PAGE

ROOT = Path(__file__).parent.parent
ABSTRACT = "We study caches. They help."
COMPLETE = f"Session\nPosters\nHall\nCaching\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n"
SOURCE = "page.txt"
CONFIG = f'[conference]\nname = "MLSys 2026"\ntimezone = "America/Los_Angeles"\n[programme]\nsource = "{SOURCE}"\n'
TIMED = f"{CONFIG}[sessions.posters]\nstart = 2026-05-18T18:00:00\n"


@dataclass(frozen=True)
class Case:
    """A call of the command line, with the files in its folder; `{folder}` in an argument is that folder."""

    arguments: list[str]
    files: dict[str, str | bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What came of a call."""

    status: int
    output: str
    errors: str


def with_config(
    *arguments: str,
    config: str | bytes = TIMED,
    files: dict[str, str | bytes] | None = None,
) -> Case:
    contents: dict[str, str | bytes] = {"config.toml": config, SOURCE: COMPLETE, **(files or {})}
    return Case([*arguments, "--config", "{folder}/config.toml"], contents)


PAPERS = "ID,Title,Authors,Abstract\n1,Caching,Ada Lovelace; Bo Li,We cache.\n2,Batching,Bo Li,We batch.\n"
SESSIONS = "1A:\n  start_time: 2031-07-04 06:00:00\n  papers:\n  - 1\n  - 2\n"
SEVERAL = (
    CONFIG.replace(f'source = "{SOURCE}"\n', "")
    + """
[[programme.sources]]
path = "papers.csv"
[[programme.sources]]
path = "sessions.yml"
timezone = "Asia/Tokyo"
"""
)
DATABASE = f'{TIMED}[database]\npath = "bot.sqlite3"\n'

MISTAKES: dict[str, tuple[Case, list[str]]] = {
    "no command": (Case([]), ["COMMAND"]),
    "unknown command": (Case(["rnu"]), ["rnu", "run", "preview", "ask", "check", "health"]),
    "unknown option": (with_config("check", "--quiet"), ["--quiet"]),
    "no token": (with_config("run"), ["DISCORD_TOKEN: not set"]),
    "no configuration": (Case(["check", "--config", "{folder}/nowhere.toml"]), ["nowhere.toml: no such file"]),
    "a folder as configuration": (Case(["run", "--config", "{folder}"]), ["is a directory"]),
    "no TOML": (with_config("check", config="name ="), ["config.toml: not valid TOML"]),
    "configuration not in UTF-8": (with_config("check", config=b"# \xe9"), ["config.toml: not valid TOML"]),
    "wrong key": (
        with_config("check", config=CONFIG.replace("timezone", "time_zone")),
        ["config.toml: conference.time_zone: unknown key", "timezone"],
    ),
    "bad value": (
        with_config("run", config=f'{CONFIG}[logging]\nlevel = "loud"\n'),
        ["config.toml: logging.level", "'debug', 'info', 'warning' or 'error'"],
    ),
    "bad time": (
        with_config("ask", "/help", config=f"{CONFIG}[sessions.posters]\nstart = 2026-03-08T02:30:00\n"),
        ["config.toml: sessions.posters", "does not exist in America/Los_Angeles"],
    ),
    "source not there": (with_config("check", "{folder}/nowhere.txt"), ["nowhere.txt: no such file"]),
    "configured source not there": (
        with_config("ask", "/help", config=CONFIG.replace(SOURCE, "nowhere.txt")),
        ["nowhere.txt: no such file", "programme.source"],
    ),
    "source that is a folder": (with_config("check", "{folder}"), ["is a directory"]),
    "source that is empty": (with_config("check", files={SOURCE: ""}), ["page.txt: the file is empty"]),
    "source that is blank but for a byte order mark": (
        with_config("check", files={SOURCE: "\ufeff\n"}),
        ["page.txt: "],
    ),
    "source not in UTF-8": (
        with_config("check", files={SOURCE: COMPLETE.replace("⋅", "·").encode("latin-1")}),
        ["page.txt: line 5: byte 0xb7 is not UTF-8"],
    ),
    "source in another form": (
        with_config("check", files={SOURCE: "<html></html>"}),
        ["page.txt: it is a web page (HTML), and no programme", "page text", "JSON", "CSV"],
    ),
    "source in JSON without papers": (
        with_config("check", files={SOURCE: "{}"}),
        ["page.txt: it is JSON, and no programme", "OpenReview"],
    ),
    "source of another format than said": (
        with_config("check", "{folder}/page.txt", "--format", "table"),
        ["page.txt: ", "column"],
    ),
    "unknown format": (with_config("check", "--format", "excel"), ["excel", "table", "page-text"]),
    "unknown zone": (with_config("check", "--timezone", "PST8"), ["'PST8' is no time zone"]),
    "sample and JSON": (with_config("check", "--json", "--sample", "3"), ["--sample", "--json"]),
    "one of several files not there": (
        with_config("check", "{folder}/page.txt", "{folder}/nowhere.csv"),
        ["nowhere.csv: no such file"],
    ),
    "unknown bot command": (
        with_config("ask", "/papers paper:x"),
        ["/papers", "no such command", "/help"],
    ),
    "unknown bot option": (with_config("ask", "/paper title:x"), ["title:x", "no option of /paper", "paper:"]),
    "option for a command without any": (with_config("ask", "/help me"), ["/help has no options"]),
    "missing bot option": (with_config("ask", "/paper"), ["/paper", "paper"]),
    "unknown audience": (with_config("ask", "--as", "visitor", "/help"), ["attendee", "organizer", "moderator"]),
    "speed that is none": (with_config("preview", "--speed", "fast"), ["--speed", "fast"]),
    "no heartbeat": (with_config("health", config=DATABASE), ["not running"]),
    "heartbeat of another version": (
        with_config("health", config=DATABASE, files={"bot.heartbeat": b""}),
        ["bot.heartbeat", "another version"],
    ),
}

GOOD: dict[str, Case] = {
    "check the real page": with_config("check", str(SESSION_PAGE), config=CONFIG),
    "check without arguments": Case(["check"]),
    "check a complete page": with_config("check"),
    "check a page without a time": with_config("check", config=CONFIG),
    "check as JSON": with_config("check", "--json"),
    "check with a sample": with_config("check", "--sample", "2"),
    "check several files": Case(
        ["check", "{folder}/papers.csv", "{folder}/sessions.yml", "--timezone", "Asia/Tokyo"],
        {"papers.csv": PAPERS, "sessions.yml": SESSIONS},
    ),
    "check the configured files": with_config(
        "check", config=SEVERAL, files={"papers.csv": PAPERS, "sessions.yml": SESSIONS}
    ),
    "check a time for no session": with_config("check", config=TIMED + "[sessions.b]\nstart = 2026-05-18T18:00:00Z\n"),
    "ask": Case(["ask", "/paper paper:AgenticCache"]),
    "ask several": with_config("ask", "/search query:caches", "/paper paper:Caching", "/session", "--json"),
    "ask as moderator": with_config("ask", "--as", "moderator", "/help"),
    "ask for nothing that is there": with_config("ask", "/paper paper:zzzz qqqq"),
    "help": Case(["--help"]),
}  # fmt: skip


def prepared(case: Case, folder: Path) -> list[str]:
    """Lay out the files of a case and return its arguments."""
    for name, content in case.files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return [argument.format(folder=folder) for argument in case.arguments]


def as_process(case: Case, folder: Path) -> Outcome:
    environment = {name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"}
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *prepared(case, folder)],
        cwd=ROOT,
        env={**environment, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
        capture_output=True,
        timeout=50,
        check=False,
    )
    return Outcome(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


Call = Callable[[Case], Outcome]


@pytest.fixture
def call(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Call:
    """Call the command line within this process, which is much faster; what it logs counts as printed."""
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def run(case: Case) -> Outcome:
        try:
            status: int | str | None = main(prepared(case, tmp_path))
        except SystemExit as end:
            status = end.code
        assert isinstance(status, int)
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err + caplog.text)

    return run


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_ends_with_status_2_and_one_line_that_says_what_to_mend(mistake: str, call: Call) -> None:
    case, expected = MISTAKES[mistake]
    outcome = call(case)
    assert outcome.status == 2
    assert outcome.output == ""
    assert "Traceback" not in outcome.errors
    # argparse puts the usage, which is one line here, before the line that says what is wrong.
    (line,) = [line for line in outcome.errors.splitlines() if not line.startswith("usage: ")]
    for part in expected:
        assert part in line


ALONE = ("no token", "source not in UTF-8", "check the real page", "ask several")


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Outcome, Path]]:
    """The cases in `ALONE` as processes of their own, at the same time; with the folder of each."""
    folders = [tmp_path_factory.mktemp("alone") for _ in ALONE]
    cases = [GOOD[name] if name in GOOD else MISTAKES[name][0] for name in ALONE]
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(ALONE, zip(pool.map(as_process, cases, folders), folders, strict=True), strict=True))


@pytest.mark.parametrize("name", ALONE)
def test_a_process_of_its_own_ends_the_same_way(
    name: str, call: Call, processes: dict[str, tuple[Outcome, Path]], tmp_path: Path
) -> None:
    alone, folder = processes[name]
    within = call(GOOD[name] if name in GOOD else MISTAKES[name][0])
    assert alone.status == within.status
    assert alone.errors.replace(str(folder), str(tmp_path)) == within.errors
    # Discord's ids are made from the moment.
    assert re.sub(r"\d{17,}", "…", alone.output) == re.sub(r"\d{17,}", "…", within.output)


def test_the_help_names_every_command(call: Call) -> None:
    outcome = call(GOOD["help"])
    assert outcome.status == 0
    for name in ("run", "preview", "ask", "check", "health"):
        assert f"    {name} " in outcome.output


def test_check_reports_the_real_page_and_asks_for_a_person(call: Call) -> None:
    outcome = call(GOOD["check the real page"])
    assert (outcome.status, outcome.errors) == (1, "")
    lines = [line.strip() for line in outcome.output.splitlines()]
    assert "records  35: 34 papers, 1 session" in lines
    assert "authors  188, named 206 times" in lines
    for number in (10, 41):
        found = [line for line in lines if line.startswith(f"line {number}: ")]
        assert ["has no title" in found[0], "has no authors" in found[1]] == [True, True]
    assert any("Evergreen Ballroom" in line and "time not announced" in line for line in lines)
    assert any(line.startswith("line 94: ") and "Michael None Freedman" in line for line in lines)


def test_check_without_arguments_reads_the_configured_source(call: Call) -> None:
    outcome = call(GOOD["check without arguments"])
    assert outcome.status in (0, 1)
    assert "Poster Session 1 & Opening Reception" in outcome.output


def test_check_prints_the_link_that_invites_the_bot(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    assert (
        "client_id=YOUR_APPLICATION_ID&scope=bot+applications.commands&permissions="
        in call(GOOD["check without arguments"]).output
    )

    monkeypatch.setenv("DISCORD_TOKEN", "MTIzNDU2Nzg5MDEyMzQ1Njc4.what.is-secret")
    printed = call(GOOD["check without arguments"]).output
    assert "client_id=123456789012345678&" in printed
    assert "secret" not in printed


def test_check_of_a_complete_page_with_a_time_asks_for_nothing(call: Call) -> None:
    outcome = call(GOOD["check a complete page"])
    assert (outcome.status, outcome.errors) == (0, "")
    assert "2026-05-19 01:00" in outcome.output
    assert "line" not in outcome.output


@pytest.mark.parametrize("case", ["check several files", "check the configured files"])
def test_check_joins_several_files(case: str, call: Call) -> None:
    outcome = call(GOOD[case])
    assert (outcome.status, outcome.errors) == (0, "")
    assert "papers.csv (table/1)" in outcome.output
    # Six in the morning in Tokyo, which is nine hours ahead of UTC.
    assert "Session 1a: 1A, no room, 2031-07-03 21:00 UTC, 2 papers" in outcome.output
    assert "times without an offset are taken in Asia/Tokyo" in outcome.output


def test_check_prints_json(call: Call) -> None:
    outcome = call(GOOD["check as JSON"])
    assert (outcome.status, outcome.errors) == (0, "")
    document = json.loads(outcome.output)
    assert document["sources"][0]["file"] == SOURCE
    assert document["programme"]["contributions"] == 1


def test_check_shows_what_the_bot_will_answer(call: Call) -> None:
    outcome = call(GOOD["check with a sample"])
    assert (outcome.status, outcome.errors) == (0, "")
    boxes = outcome.output.split("┌─ the bot answers\n")[1:]
    assert [box.splitlines()[0] for box in boxes] == ["│ Caching", "│ Posters"]
    assert "Ada Lovelace, Bo Li" in boxes[0]


def test_check_says_which_time_is_missing_and_how_to_give_it(call: Call) -> None:
    outcome = call(GOOD["check a page without a time"])
    assert outcome.status == 1
    assert "time not announced" in outcome.output
    assert '[sessions."posters"] start = ' in outcome.output


def test_check_says_which_configured_session_is_none(call: Call) -> None:
    outcome = call(GOOD["check a time for no session"])
    assert outcome.status == 1
    assert '[sessions."b"], which is no session of this programme' in outcome.output


def test_ask_prints_the_answer(call: Call) -> None:
    outcome = call(GOOD["ask"])
    assert (outcome.status, outcome.errors) == (0, "")
    assert outcome.output.startswith("attendee: /paper paper:AgenticCache\n")
    assert "AgenticCache: Cache-Driven Asynchronous Planning for Embodied AI Agents" in outcome.output
    assert "Hojoon Kim, Yuheng Wu, Thierry Tambe" in outcome.output


def test_ask_prints_the_payloads_of_several_commands_in_order(call: Call) -> None:
    outcome = call(GOOD["ask several"])
    assert (outcome.status, outcome.errors) == (0, "")
    payloads = json.loads(outcome.output)
    titles = [payload["data"]["embeds"][0]["title"] for payload in payloads]
    assert len(titles) == 3
    assert "caches" in titles[0] or "Search" in titles[0]
    assert "Caching" in titles[1]
    assert "Posters" in titles[2]


def test_ask_answers_as_the_one_who_is_named(call: Call) -> None:
    outcome = call(GOOD["ask as moderator"])
    assert outcome.status == 0
    assert outcome.output.startswith("moderator: /help\n")
    assert "For moderators" in outcome.output


def test_ask_is_answered_when_the_answer_is_that_there_is_nothing(call: Call) -> None:
    outcome = call(GOOD["ask for nothing that is there"])
    assert outcome.status == 0
    assert "No such paper" in outcome.output

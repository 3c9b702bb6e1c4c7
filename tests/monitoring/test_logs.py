"""The log on standard error, for people and for programs."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support.process import ROOT, Ended, started

LOGGED = """
import logging, sys
from bot.monitoring.logs import log_to_stderr
log_to_stderr("info", sys.argv[1])
log = logging.getLogger("bot.somewhere")
log.debug("nobody asked")
log.info("loaded %s", "Caching\\n2026-05-18 18:00:00,000 ERROR bot: forged")
try:
    {}["caf\\u00e9"]
except KeyError:
    log.exception("failed (ref %s)", "12ab", extra={"reference": "12ab"})
"""


def written(form: str) -> str:
    return subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", LOGGED, form], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    ).stderr


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_in_json_each_record_is_one_object_on_one_line_with_all_there_is_to_know() -> None:
    loaded, failed = objects(written("json"))
    assert loaded.keys() == {"level", "logger", "message", "time"}
    assert loaded["level"] == "INFO"
    assert loaded["logger"] == "bot.somewhere"
    assert loaded["message"] == "loaded Caching\n2026-05-18 18:00:00,000 ERROR bot: forged"
    moment = datetime.fromisoformat(loaded["time"])
    assert moment.utcoffset() == timedelta()
    assert abs(datetime.now(UTC) - moment) < timedelta(hours=1)
    assert failed["level"] == "ERROR"
    assert failed["reference"] == "12ab"
    assert failed["traceback"].startswith("Traceback (most recent call last):")
    assert failed["traceback"].endswith("KeyError: 'café'")


def test_in_text_a_record_begins_with_its_time_and_level() -> None:
    first = written("text").splitlines()[0]
    assert " INFO bot.somewhere: loaded Caching" in first
    moment = datetime.fromisoformat(first[:23].replace(",", "."))
    assert abs(datetime.now() - moment) < timedelta(hours=1)  # noqa: DTZ005 - people read it in the machine's own zone


def test_in_text_nothing_but_a_record_begins_a_line() -> None:
    script = """
import logging
from bot.monitoring.logs import log_to_stderr
log_to_stderr("info")
log = logging.getLogger("bot.somewhere")
forged = "2026-05-18 18:00:00,000 ERROR bot: forged"
for end in ("\\n", "\\r", "\\r\\n", "\\v", "\\f", "\\x85", "\\u2028", "\\x1b[2K\\x1b[1G", "\\x08" * 200, "\\u202e"):
    log.info("loaded %s", f"Caching{end}{forged}")
    try:
        raise ValueError(f"Caching{end}{forged}")
    except ValueError:
        log.exception("failed: %s", f"Caching{end}{forged}", stack_info=True)
"""
    text = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True
    ).stderr.decode()
    lines = text.split("\n")
    assert [line for line in lines if "forged" in line and not line.startswith(("    ", "20"))] == []
    records = [line for line in lines if line.startswith("20")]
    assert len(records) == 20
    assert all(line.startswith(f"{line[:23]} ") and "bot.somewhere: " in line for line in records)
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "loaded Caching\\n2026-05-18" in text, "what was written is there to be read"


async def stopped(folder: Path, more: str) -> Ended:
    async with started(folder, level="debug", more=more) as bot:
        await bot.connected()
        bot.process.terminate()
        return await bot.ended()


async def test_everything_a_running_bot_logs_is_json_where_that_is_asked_for(tmp_path: Path) -> None:
    ended = await stopped(tmp_path, 'format = "json"\n')
    assert ended.status == 0
    lines = objects(ended.errors)
    assert all({"level", "logger", "message", "time"} <= line.keys() for line in lines)
    assert {"discord", "bot", "aiosqlite"} <= {line["logger"].split(".")[0] for line in lines}


def test_what_libraries_tell_in_detail_is_written_without_what_it_is_about() -> None:
    script = """
import logging
from bot.monitoring.logs import log_to_stderr
log_to_stderr("debug")
logging.getLogger("aiosqlite").debug("executing %s", "He follows me")
logging.getLogger("discord.http").warning("%s is there", "this")
logging.getLogger("bot.somewhere").debug("asked for %s", "that")
"""
    text = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True
    ).stderr.decode()
    assert "He follows me" not in text
    assert "executing %s" in text
    assert "this is there" in text
    assert "asked for that" in text

"""The log on standard error: a line each for people, or a JSON object each for programs."""

import logging
from types import TracebackType
from typing import Final, Literal

from pythonjsonlogger.json import JsonFormatter

from bot.one_line import one_line

LogFormat = Literal["text", "json"]

_ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_FIELDS: Final = {"levelname": "level", "name": "logger", "exc_info": "traceback", "stack_info": "stack"}
"""What the fields of a record are called in JSON, where that differs."""

_OWN: Final = ("bot", "cogs")


def log_to_stderr(level: str, form: LogFormat = "text") -> None:
    """Write what is logged from this level on to standard error.

    Args:
        level: "debug", "info", "warning" or "error".
        form: "text" for people; "json" for one object on a line, with its time in UTC, level, logger and message, the
            traceback where there is one, and what else a record holds.
    """
    handler = logging.StreamHandler()
    handler.addFilter(_without_people)
    handler.setFormatter(_formatter(form))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    logging.captureWarnings(capture=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _without_people(record: logging.LogRecord) -> bool:
    """Drop from the libraries' own details what they are about.

    At the level "debug" they write down all that people write and all that the database is told, reports of conduct
    among it.
    """
    if record.levelno <= logging.DEBUG and record.name.split(".")[0] not in _OWN:
        record.args = None
    return True


def _formatter(form: LogFormat) -> logging.Formatter:
    if form == "json":
        # In ASCII, so that no terminal's or service manager's encoding makes anything else of it.
        return JsonFormatter("%(levelname)s %(name)s %(message)s", rename_fields=_FIELDS, timestamp="time")
    return _TextFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s")


class _TextFormatter(logging.Formatter):
    """Lets only a record begin a line: titles and names of others, which may hold line breaks, begin none."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's own name
        return one_line(super().formatMessage(record))

    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802
        return _indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return _indented(super().formatStack(stack_info))


def _indented(text: str) -> str:
    return "\n".join(f"    {one_line(line)}" for line in text.split("\n"))

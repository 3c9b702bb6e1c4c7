"""Reads files of wild text and makes the programme of each; `python -m tests.sources.wild SHAPE LENGTH UNIT…`.

Work that grows faster than the text, in a regular expression for example, would take hours at the lengths that the
tests give; nothing in the process could end it sooner, so that it is a process of its own.
"""

import json
import sys
from collections.abc import Callable
from typing import Final

from bot.errors import UserError
from bot.programme.build import build
from bot.programme.identity import assign_keys
from bot.search import Index
from bot.sources.read import read
from tests.support.server import SESSION_PAGE

_PAGE: Final = SESSION_PAGE.read_text(encoding="utf-8").splitlines()
_CALENDAR: Final = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260518T180000Z\r\n{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def _page(text: str) -> bytes:
    """A page with the text between its papers, within a line and at its end."""
    return "\n".join([*_PAGE[:40], text, *_PAGE[40:60], f"{_PAGE[60]}{text}x", *_PAGE[61:], text]).encode()


def _json(text: str) -> bytes:
    fields = ("abstract", "session", "room", "track", "type", "keywords", "url", "start", "status", "decision")
    odd = {"title": f"A{text}x", "authors": [f"Ada{text}x", f"{text}; Bo Li"], **dict.fromkeys(fields, f"A{text}x")}
    return json.dumps([{"title": "Caching", "authors": ["Ada Lovelace"]}, {**odd, "status": "accepted"}, odd]).encode()


def _table(text: str) -> bytes:
    quoted = '"' + f"A{text}x".replace('"', '""') + '"'
    columns = ("title", "authors", "affiliations", "abstract", "session", "room", "start", "end", "topics", "decision")
    rows = [",".join(columns), *(",".join(quoted if at == odd else "A" for at in range(10)) for odd in range(10))]
    return "\n".join(rows).encode()


def _calendar(text: str) -> bytes:
    line = " ".join(text.splitlines()) or text
    return _CALENDAR.format("\r\n".join(f"{name}:A{line}x" for name in ("SUMMARY", "DESCRIPTION", "LOCATION"))).encode()


def _alone(text: str) -> bytes:
    return f"{text}x".encode()


SHAPES: Final[dict[str, Callable[[str], bytes]]] = {
    "alone": _alone,
    "page": _page,
    "json": _json,
    "table": _table,
    "calendar": _calendar,
}

FORCED: Final = {"alone": ("page-text", "table", "mini-conf", "icalendar", "frab", "paper-list")}
"""Readers that are asked also where they would not take the file for one of theirs."""


def _try(data: bytes, name: str | None) -> None:
    try:
        reading = read(data, "wild", format=name)
    except UserError:
        return
    Index(build(assign_keys(reading.source)))


def main(shape: str, length: str, *units: str) -> None:
    """Read each text; print the unit when it is done."""
    for unit in units:
        data = SHAPES[shape](unit * (int(length) // len(unit)))
        for name in (None, *FORCED.get(shape, ())):
            _try(data, name)
        print(json.dumps(unit), flush=True)


if __name__ == "__main__":
    main(*json.loads(sys.argv[1]))

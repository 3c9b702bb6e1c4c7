"""The data of a Mini-Conf site: its calendar, and in YAML or JSON its sessions, speakers, tutorials and workshops.

Mini-Conf takes each of its files as CSV, JSON or YAML; those in CSV, such as `papers.csv`, are tables like any other.
Sessions refer to papers by identifiers, which another file describes.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from bot.errors import UserError
from bot.programme.source import SourcePaper
from bot.sources.formats.mini_conf import yaml_text
from bot.sources.formats.mini_conf.records import (
    Record,
    plain,
    session_of,
    session_of_link,
    text,
    time_cells,
    title_and_people,
)
from bot.sources.formats.mini_conf.talks import gather_talks
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.gather import Gathering, PaperDraft
from bot.sources.reading.problems import shown
from bot.sources.reading.time_cells import Clock
from bot.sources.reading.values import converted, json_or_none

NAME = "mini-conf"
DESCRIPTION = "Mini-Conf's calendar (JSON), sessions, speakers, tutorials and workshops (YAML)"
FORMAT = f"{NAME}/1"

_FIRST: Final = re.compile(r"(?:[^\S\n]*(?:#[^\n]*|---[^\n]*)?\n)*(?:-[ \n]|[^\s:#,;|][^\n:,;|]{0,60}:(?:\s|\Z))")
_FIELD: Final = re.compile(
    r"^[ \t]*(?:- )?(?:papers|posters|sessions|start_time|start|UID|speakers?|organizers|committee|tagline|FAQ|sponsors"
    r"|calendarId|site_title|socials|workshops|tutorials|expos):(?:\s|\Z)",
    re.MULTILINE,
)
_LISTS: Final = frozenset("speakers socials workshops tutorials expos papers sessions events calendar".split())
_NO_PROGRAMME: Final = frozenset("logo level role QA Section tier Question".split())
_LOOKED_AT: Final = 20


def recognises(file: File) -> bool:
    """Tell whether this is a calendar or a list of sessions in JSON, or one of Mini-Conf's files in YAML."""
    if file.looks_like_json:
        document = json_or_none(file)
        return _is_calendar(document, surely=True) or _is_paper_sessions(document, surely=True)
    head = file.beginning
    return head[:1] not in {"<", ""} and _FIRST.match(head) is not None and _FIELD.search(head) is not None


def read(file: File, hints: Hints) -> Reading:
    """Read one file of a Mini-Conf site.

    Raises:
        UserError: it is no valid YAML or JSON, holds no programme, or something in it is of the wrong type.
    """
    document = file.json if file.looks_like_json else yaml_text.load(file)
    gathering = Gathering(file.name, FORMAT, hints)
    if _is_paper_sessions(document):
        _gather_paper_sessions(
            {
                # The message of what is wrong in a session begins with its name.
                str(name): converted(File(f"{file.name}: “{shown(str(name))}”", b""), value, Record)
                for name, value in document.items()
                if name != yaml_text.LINE and value
            },
            gathering,
        )
        return gathering.finish()
    entries = _only_list(document)
    if entries is None or any(isinstance(entry, dict) and not _NO_PROGRAMME.isdisjoint(entry) for entry in entries):
        raise UserError(
            f"{file.name}: this file of a Mini-Conf site holds no programme. Give the bot the site's papers "
            "(papers.csv), its sessions (such as paper_sessions.yml) and its calendar (main_calendar.json)."
        )
    records = converted(file, [entry for entry in entries if entry], list[Record])
    if _is_calendar(entries):
        _gather_calendar(records, gathering)
    elif any(record.posters for record in records):
        _gather_posters(records, gathering)
    else:
        gather_talks(records, file, gathering)
    return gathering.finish()


def _is_calendar(document: Any, *, surely: bool = False) -> bool:  # noqa: ANN401 - whatever a file holds
    """Tell whether this is a list of events; in JSON others have such lists, too, so more is asked of it."""
    events = document[:_LOOKED_AT] if isinstance(document, list) else []
    return bool(events) and all(
        isinstance(event, dict)
        and {"title", "start", "end"} <= event.keys()
        and (not surely or not {"calendarId", "category"}.isdisjoint(event))
        for event in events
    )


def _is_paper_sessions(document: Any, *, surely: bool = False) -> bool:  # noqa: ANN401 - whatever a file holds
    """Tell whether this is a mapping of sessions, each with its time or its papers; in JSON, with both."""
    if not isinstance(document, dict):
        return False
    sessions = [value for name, value in document.items() if name != yaml_text.LINE and value]
    return bool(sessions) and all(
        isinstance(session, dict)
        and not {"papers", "start_time", "date"}.isdisjoint(session)
        and (not surely or (isinstance(session.get("papers"), list) and len(session) > 1))
        for session in sessions[:_LOOKED_AT]
    )


def _only_list(document: Any) -> list[Any] | None:  # noqa: ANN401 - whatever a file holds
    """Return the list that a file is or has as its only field, such as `speakers`; None when that is no programme."""
    if isinstance(document, dict):
        names = [name for name in document if name != yaml_text.LINE]
        document = document[names[0]] if len(names) == 1 and names[0] in _LISTS else None
    return document if isinstance(document, list) and all(isinstance(one, dict | None) for one in document) else None


def _gather_calendar(events: Sequence[Record], gathering: Gathering) -> None:
    """Gather events: each is a session, and a talk as well where its title names who gives it."""
    clock = Clock(gathering, map(time_cells, events))
    for event in events:
        name, people = title_and_people(event.title)
        if not name:
            gathering.leave_out("no title", line=event.line)
            continue
        session = session_of(event, name, clock, session_of_link(event))
        draft = gathering.session(session, (name, session.starts_at, session.ends_at, text(event.link)))
        if people:
            paper = SourcePaper(line=event.line, title=name, authors=people, kind=session.kind, links=session.links)
            gathering.appear(draft, gathering.paper(paper, (name, people)))
        else:
            gathering.session_record()


def _gather_paper_sessions(sessions: dict[str, Record], gathering: Gathering) -> None:
    """Gather sessions with the identifiers of their papers."""
    clock = Clock(gathering, map(time_cells, sessions.values()))
    for key, record in sessions.items():
        name = plain(record.long_name) or plain(record.name) or plain(record.cluster_name) or key
        gathering.session_record()
        draft = gathering.session(session_of(record, name, clock, key), key)
        for number in map(str, record.papers or ()):
            gathering.appear(draft, _stub(number, record, gathering))


def _gather_posters(sessions: Sequence[Record], gathering: Gathering) -> None:
    """Gather poster sessions, which list the identifiers of their posters as fields of objects."""
    clock = Clock(gathering, map(time_cells, sessions))
    for at, record in enumerate(sessions):
        name = plain(record.name) or plain(record.title)
        if not name:
            gathering.leave_out("no title", line=record.line)
            continue
        gathering.session_record()
        draft = gathering.session(session_of(record, name, clock, name), at)
        for poster in record.posters or ():
            if number := next((str(poster[key]) for key in ("id", "UID") if poster.get(key) not in (None, "")), None):
                gathering.appear(draft, _stub(number, record, gathering))
            else:
                gathering.leave_out("no identifier", name, record.line)


def _stub(number: str, record: Record, gathering: Gathering) -> PaperDraft:
    """Return the paper of an identifier, which another file describes; each is a record of the file once."""
    known = gathering.known_paper(number)
    return known or gathering.paper(SourcePaper(line=record.line, source_id=number), number)

"""JSON: lists of papers from elsewhere, and the bot's own form.

In a list each paper may name its session, its time and its place, and fields go by any of the names that are usual for
them. Papers that are listed once for each of their sessions are one paper.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from bot.errors import UserError
from bot.programme.source import Link, SourcePaper, SourceSession
from bot.sources.formats.paper_list.json_fields import Document, FieldNames, Fields, document_of
from bot.sources.formats.paper_list.own_form import FORM, TOP, read_own_form
from bot.sources.formats.paper_list.paper_fields import PAPER_NAMES, TIME_NAMES, board_of
from bot.sources.formats.paper_list.paper_records import STATUS_NAMES, public_paper
from bot.sources.reading.file import File, Hints, Reading, let_go
from bot.sources.reading.gather import Gathering, PaperDraft
from bot.sources.reading.json_parts import Later
from bot.sources.reading.problems import shown
from bot.sources.reading.session_days import NamedSessions, day_of
from bot.sources.reading.values import json_or_none, uncased

NAME = "paper-list"
DESCRIPTION = "JSON: a list of papers with their titles, or the bot's own form"
FORMAT = f"{NAME}/1"

_ENTRY: Final = FieldNames(
    **PAPER_NAMES,
    **TIME_NAMES,
    **STATUS_NAMES,
    session="session sess sessionname sessiontitle sessions",
    session_key="sessionkey",
    session_kind="sessionkind sessiontype",
    session_id="sessionid",
    session_url="sessionurl urlsess",
    date="date day",
    room="room location roomname",
)
_EXPECTED: Final = (
    f'Expected a list of papers, {{"papers": […]}}, or {{"form": "{FORM}", "sessions": […], "papers": […]}}.'
)
_MARK: Final = re.compile(r'\{\s*"form"\s*:\s*"conference-programme/')
_ONLY_A_TIME: Final = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
_POSTER: Final = re.compile("poster", re.IGNORECASE)

# What tells the lists of other systems, which other modules read, from lists of papers.
_FOREIGN_FIELDS: Final = frozenset(
    (
        "virtualsite_url eventtype eventmedia speakers/authors invitation invitations calendarId isServiceSession guid "
        "categoryItems questionAnswers submission_type contributions entryType contentIds timeSlotId"
    ).split()
)
_LOOKED_AT: Final = 20


def is_marked(file: File) -> bool:
    """Tell whether a file begins with the mark of the bot's own form: then nobody need decode it to find out."""
    return _MARK.match(file.beginning) is not None


def recognises(file: File) -> bool:
    """Tell whether this is the bot's own form or a list whose entries have titles, and no other system's."""
    document = json_or_none(file)
    if isinstance(document, dict):
        return _is_own_form(document) or _lists_papers(document.get("papers"))
    return _lists_papers(document)


def read(file: File, hints: Hints) -> Reading:
    """Read papers in JSON.

    Raises:
        UserError: it is no valid JSON, has a value of a wrong type, or holds no papers and no sessions.
    """
    value = document_of(file)
    gathering = Gathering(file.name, FORMAT, hints)
    document = Document(file.name, gathering.problems, _EXPECTED)
    if isinstance(value, list | Later):
        _List(document, gathering).read(value, "")
    else:
        top = document.take(value, "", TOP)
        if "form" in top.values or top.items("sessions"):
            read_own_form(document, value, gathering)
        else:
            _List(document, gathering).read(top.items("papers"), "papers")
    document.note()
    reading = gathering.finish()
    let_go(value)
    return reading


def _is_own_form(document: Mapping[str, Any]) -> bool:
    """Tell whether an object says that it is in the bot's own form, or has sessions that say what appears in them."""
    form, sessions = document.get("form"), document.get("sessions")
    if isinstance(form, str) and form.startswith("conference-programme/"):
        return True
    return isinstance(sessions, list) and any(
        isinstance(one, dict) and ("papers" in one or "appearances" in one) for one in sessions[:_LOOKED_AT]
    )


def _lists_papers(entries: object) -> bool:
    """Tell whether the first entries of a list are papers; a list of events has times but says little else of them."""
    if not isinstance(entries, list):
        return False
    objects = [entry for entry in entries[:_LOOKED_AT] if isinstance(entry, dict)]
    if any(_FOREIGN_FIELDS & entry.keys() or isinstance(entry.get("content"), dict) for entry in objects):
        return False
    found = [_ENTRY.find(entry).keys() for entry in objects]
    has_time = any("starts_at" in names for names in found)
    is_told_of = any(names & {"authors", "abstract", "session", "board", "id", "pdf", "doi"} for names in found)
    return any("title" in names for names in found) and (is_told_of or not has_time)


class _List:
    """A list of papers being read."""

    def __init__(self, document: Document, gathering: Gathering) -> None:
        self._document = document
        self._gathering = gathering
        self._sessions = NamedSessions(gathering)
        self._titles: dict[str, str] = {}

    def read(self, values: Sequence[object], path: str) -> None:
        if not values:
            raise UserError(f"{self._document.file}: there are no papers and no sessions in it. {_EXPECTED}")
        is_known = False
        for place, value in enumerate(values):
            entry = self._document.take(value, f"{path}[{place}]", _ENTRY)
            is_known = is_known or not entry.values.keys().isdisjoint(("title", "id", "uid", "paper_id"))
            if paper := public_paper(entry, self._gathering, is_own=False):
                self._place(entry, self._gathering.paper(paper, self._mark(paper)))
        if not is_known:
            raise UserError(f"{self._document.file}: no paper in it has a title or a name. {_EXPECTED}")

    def _mark(self, paper: SourcePaper) -> tuple[object, ...] | None:
        """Return what records of the same paper have in common: its title with its id, or else its authors."""
        title = uncased(paper.title or "")
        if paper.source_id:
            if self._titles.setdefault(paper.source_id, title) != title:
                self._gathering.problems.note(
                    "an id that another paper has",
                    f"Paper “{shown(paper.title or '')}”: another paper has the id “{shown(paper.source_id)}” too.",
                )
            return ("id", paper.source_id, title)
        return ("authors", title, paper.byline) if paper.authors else None

    def _place(self, entry: Fields, paper: PaperDraft) -> None:
        """Put a paper into the sessions that its record names, or into one of its own when it only has a time."""
        starts_at, day = self._moment(entry, "starts_at")
        ends_at, _ = self._moment(entry, "ends_at")
        room, board = entry.text_or_number("room") or None, board_of(entry) or None
        about = SourceSession(
            key=entry.text("session_key") or "",
            kind=entry.text_or_number("session_kind") or "",
            source_id=entry.text_or_number("session_id"),
            links=tuple(Link("Page", url) for url in [entry.text("session_url")] if url),
        )
        names = _session_names(entry)
        is_poster = board is not None or bool(_POSTER.search(paper.paper.kind))
        if names:
            sessions = [self._sessions.session(replace(about, name=name), day) for name in names]
        elif mark := about.source_id or about.key:
            sessions = [self._gathering.session(about, ("session", mark))]
        elif starts_at and not is_poster:
            own = replace(about, name=paper.paper.title or "")
            sessions = [self._gathering.session(own, ("own", paper.place, starts_at))]
        elif starts_at or board or room:
            # The list does not say what the session is called; a person will be asked.
            name = paper.paper.kind if _POSTER.search(paper.paper.kind) else ""
            sessions = [self._gathering.session(replace(about, name=name), ("unnamed", name, starts_at, ends_at))]
        else:
            return
        for session in sessions:
            self._gathering.appear(session, paper, starts_at=starts_at, ends_at=ends_at, room=room, board=board)

    def _moment(self, entry: Fields, name: str) -> tuple[datetime | None, date | None]:
        text = (entry.text(name) or "").strip()
        if not text:
            return None, None
        if _ONLY_A_TIME.fullmatch(text) and (day := (entry.text("date") or "").strip()):
            text = f"{day}T{text.zfill(5 if text.count(':') == 1 else 8)}"
        about = f"{entry.path_of(name)}: the {name.removesuffix('s_at')}"
        moment = self._gathering.moment(text, about)
        return moment, day_of(moment, text, self._gathering.zone)


def _session_names(entry: Fields) -> list[str]:
    value = entry.values.get("session")
    if isinstance(value, list):
        names = [entry.item_text_or_number(item, "session", at) for at, item in enumerate(value)]
    else:
        names = [entry.text_or_number("session") or ""]
    return [name for name in names if name.strip()]

"""The virtual sites of NeurIPS, ICML, ICLR, MLSys, COLM, CVPR and others that run on the same software.

They give their events as `{"count": …, "next": null, "previous": null, "results": […]}` (the file
`/static/virtual/data/<site>-<year>-orals-posters.json`), as the bare list of the same records, as a shorter list by the
button “Download” of their pages, and the abstracts of newer years in a file of their own, by the identifier of the
record (`<site>-<year>-abstracts.json`).

An oral and a poster of one paper are two records of one paper, which appears twice.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from msgspec import Struct

from bot.errors import UserError
from bot.programme.source import Link, SourcePaper, SourceSession
from bot.sources.formats.virtual_site.events import (
    Event,
    board_of,
    decision_of,
    id_of,
    is_paper,
    is_session,
    kind_of_event,
    links_of,
    other_ids_of,
    parents_of,
    people_of,
    room_of,
    session_name_of,
    site_of,
    title_of,
    topics_of,
)
from bot.sources.formats.virtual_site.same_papers import papers_of
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.gather import Gathering, SessionDraft
from bot.sources.reading.html import to_text
from bot.sources.reading.problems import shown
from bot.sources.reading.session_days import NamedSessions, day_of
from bot.sources.reading.values import converted, json_or_none
from bot.sources.reading.visibility import truth

NAME = "virtual-site"
DESCRIPTION = "the events or the abstracts of a virtual site such as NeurIPS's, ICML's or CVPR's (JSON)"
FORMAT = f"{NAME}/1"

_OWN_FIELDS: Final = frozenset({"virtualsite_url", "eventtype", "eventmedia", "speakers/authors"})
_LOOKED_AT: Final = 20
_POSTER: Final = re.compile("poster", re.IGNORECASE)


def recognises(file: File) -> bool:
    """Tell whether records have the fields that only these sites use, or numbers are mapped to texts."""
    document = json_or_none(file)
    if isinstance(document, dict):
        return _has_events(document.get("results")) or _has_abstracts(document)
    return _has_events(document)


def read(file: File, hints: Hints) -> Reading:
    """Read the events of a virtual site, or their abstracts.

    Raises:
        UserError: the file holds only a part of the events, or something in it is of another type than it should be.
    """
    gathering = Gathering(file.name, FORMAT, hints)
    document = file.json
    if isinstance(document, dict) and "results" not in document:
        _read_abstracts(converted(file, document, dict[str, str | None]), gathering)
    else:
        _read_events(_events(file, document), gathering)
    return gathering.finish()


class _Page(Struct):
    """What the interface answers: all records, or those of one page."""

    results: list[Event]
    count: int | None = None
    next: Any = None


def _has_events(records: object) -> bool:
    return isinstance(records, list) and any(
        isinstance(one, dict) and "name" in one and _OWN_FIELDS & one.keys() for one in records[:_LOOKED_AT]
    )


def _has_abstracts(document: Mapping[str, object]) -> bool:
    return bool(document) and all(
        name.isdecimal() and (text is None or isinstance(text, str)) for name, text in document.items()
    )


def _events(file: File, document: object) -> Sequence[Event]:
    if isinstance(document, list):
        return converted(file, document, list[Event])
    page = converted(file, document, _Page)
    held, count = len(page.results), page.count or 0
    if page.next or count > held:
        of = f" of {count:,}" if count > held else ""
        raise UserError(
            f"{file.name}: it is only a part: {held:,} records{of}. Export everything into one file: add "
            f"?limit={max(count, 10_000)} to the address from which it came."
        )
    return page.results


def _read_abstracts(abstracts: Mapping[str, str | None], gathering: Gathering) -> None:
    for name, text in abstracts.items():
        if abstract := to_text(text or "").strip():
            gathering.paper(SourcePaper(source_id=name.strip(), abstract=abstract))
        else:
            gathering.leave_out("no abstract")


@dataclass(frozen=True, slots=True)
class _Time:
    """When an event takes place; the day is that of the conference."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class _Record:
    """An event that everybody may see.

    Attributes:
        place: its place in the file.
        event: its fields.
        title: its title.
        kind: what the site calls its kind.
        times: when it takes place; one that says nothing when that is not known.
    """

    place: int
    event: Event
    title: str
    kind: str
    times: tuple[_Time, ...]


def _read_events(events: Sequence[Event], gathering: Gathering) -> None:
    records = [record for place, event in enumerate(events) if (record := _record(place, event, gathering))]
    papers = [record for record in records if is_paper(record.event)]
    first = dict(zip((one.place for one in papers), papers_of([one.event for one in papers]), strict=True))
    kinds: dict[int, str] = {}
    for record in papers:
        # Of a paper that is a poster and an oral people say that it is an oral.
        if kinds.get(first[record.place], "").casefold() in ("", "poster"):
            kinds[first[record.place]] = record.kind or kinds.get(first[record.place], "")
    places = _Places(gathering, [record for record in records if record.place not in first])
    site = site_of(events)
    for record in records:
        mark = first.get(record.place)
        if mark is None:
            _add_session(record, gathering, places, site)
            continue
        paper = gathering.paper(_paper(record, kinds[mark], site), ("paper", mark))
        for time in record.times:
            if session := places.of_paper(record, time):
                gathering.appear(
                    session,
                    paper,
                    starts_at=time.starts_at,
                    ends_at=time.ends_at,
                    room=room_of(record.event),
                    board=board_of(record.event),
                )


def _record(place: int, event: Event, gathering: Gathering) -> _Record | None:
    """Return an event that everybody may see; account for any other."""
    title = title_of(event)
    if truth(event.visible) is False:
        gathering.leave_out("not visible")
    elif gathering.may_show(decision_of(event), title or id_of(event) or ""):
        if title:
            return _Record(place, event, title, kind_of_event(event), _times(event, title, gathering))
        gathering.leave_out("no title", id_of(event) or "")
    return None


def _times(event: Event, title: str, gathering: Gathering) -> tuple[_Time, ...]:
    times = []
    for start, end in ((event.starttime, event.endtime), (event.starttime2, event.endtime2)):
        starts_at = gathering.moment(start, f"“{shown(title)}”: the start")
        ends_at = gathering.moment(end, f"“{shown(title)}”: the end")
        if starts_at:
            times.append(_Time(starts_at, ends_at, day_of(starts_at, start, gathering.zone)))
    return tuple(times) or (_Time(),)


def _paper(record: _Record, kind: str, site: str | None) -> SourcePaper:
    event = record.event
    return SourcePaper(
        title=record.title,
        authors=people_of(event),
        abstract=to_text(event.abstract or "").strip() or None,
        kind=kind,
        topics=topics_of(event),
        source_id=id_of(event),
        other_ids=other_ids_of(event),
        links=links_of(event, site),
    )


def _add_session(record: _Record, gathering: Gathering, places: "_Places", site: str | None) -> None:
    """Add what is a session of its own; whoever speaks in it gives a talk, which is a paper as well."""
    paper = _paper(record, record.kind, site)
    if paper.authors:
        talk = gathering.paper(paper)
        for time in record.times:
            gathering.appear(places.own(record, time), talk, starts_at=time.starts_at, ends_at=time.ends_at)
        return
    gathering.session_record()
    for time in record.times:
        places.own(record, time, abstract=paper.abstract, links=paper.links)


class _Places:
    """The sessions of one file, in which papers find theirs."""

    def __init__(self, gathering: Gathering, sessions: Sequence[_Record]) -> None:
        """Take the records that are sessions of their own."""
        self._gathering = gathering
        self._named = NamedSessions(gathering)
        self._by_id = {name: record for record in reversed(sessions) if (name := id_of(record.event))}
        self._by_name = {
            (record.title.casefold(), time.day): record
            for record in reversed(sessions)
            if is_session(record.event)
            for time in record.times
        }

    def own(
        self, record: _Record, time: _Time, *, abstract: str | None = None, links: tuple[Link, ...] = ()
    ) -> SessionDraft:
        """Return the session that a record is at one of its times."""
        session = SourceSession(
            kind=record.kind,
            name=record.title,
            room=room_of(record.event),
            starts_at=time.starts_at,
            ends_at=time.ends_at,
            abstract=abstract,
            source_id=id_of(record.event),
            links=links,
        )
        return self._gathering.session(session, ("own", record.place, time.starts_at))

    def of_paper(self, record: _Record, time: _Time) -> SessionDraft | None:
        """Return the session a paper is in at one of its times: the one it names, or one of its own."""
        name = session_name_of(record.event)
        parents = (self._by_id.get(parent) for parent in parents_of(record.event))
        parent = next(filter(None, parents), None) or self._by_name.get((name.casefold(), time.day))
        if parent:
            return self.own(parent, next((one for one in parent.times if one.day == time.day), parent.times[0]))
        if name:
            return self._named.session(SourceSession(name=name), time.day)
        if time.starts_at is None:
            return None
        if _POSTER.search(record.kind):
            together = ("posters", record.kind.casefold(), time.starts_at, time.ends_at)
            return self._gathering.session(SourceSession(name=record.kind), together)
        return self.own(record, time)

"""Mini-Conf's speakers, tutorials, workshops, socials and papers: each with parts that have times, or one, or none."""

from collections.abc import Sequence

from bot.programme.source import Credit, SourcePaper, SourceSession
from bot.sources.formats.mini_conf.records import (
    Record,
    identifier_of,
    kind_of_record,
    links_of,
    people_of,
    plain,
    session_of,
    text,
    time_cells,
    title_and_people,
    topics_of,
)
from bot.sources.reading.file import File
from bot.sources.reading.gather import Gathering, SessionDraft
from bot.sources.reading.html import to_text
from bot.sources.reading.talks import is_break
from bot.sources.reading.time_cells import Clock
from bot.sources.reading.values import converted


def gather_talks(records: Sequence[Record], file: File, gathering: Gathering) -> None:
    """Gather what is given at a conference, with the sessions in which it is.

    Raises:
        UserError: a part of a record is of the wrong type.
    """
    parts = [converted(file, _parts(record), list[Record]) for record in records]
    clock = Clock(gathering, (time_cells(part) for some in parts for part in some))
    for record, some in zip(records, parts, strict=True):
        _gather(record, some or ([record] if any(time_cells(record).starts) else []), clock, gathering)


def _gather(record: Record, parts: Sequence[Record], clock: Clock, gathering: Gathering) -> None:
    title, people = title_and_people(record.title or record.name)
    people = people or _givers(record)
    abstract = to_text(text(record.abstract) or text(record.description)).strip() or None
    if not title:
        gathering.leave_out("no title", "; ".join(person.name for person in people), record.line)
        return
    number = identifier_of(record)
    sessions = [_part(record, part, title, clock, gathering, is_only=len(parts) == 1) for part in parts]
    sessions += [
        (gathering.session(SourceSession(name=name, source_id=name), ("named", name)), False)
        for name in map(plain, _names_of_sessions(record))
        if name
    ]
    if not people and not abstract:
        gathering.session_record()
        if not sessions:
            gathering.session(session_of(record, title, clock, number), (title, number))
        return
    paper = gathering.paper(
        SourcePaper(
            line=record.line,
            title=title,
            authors=people,
            abstract=abstract,
            kind=kind_of_record(record),
            track=plain(record.track) or None,
            topics=topics_of(record),
            source_id=number,
            links=links_of(record),
        ),
        number,
    )
    for session, is_pause in sessions:
        if not is_pause:
            gathering.appear(session, paper)


def _part(
    record: Record, part: Record, title: str, clock: Clock, gathering: Gathering, *, is_only: bool
) -> tuple[SessionDraft, bool]:
    """Return the session that a part is, and whether it is only a break."""
    name = "" if part is record else plain(part.name) or plain(part.title)
    session = session_of(
        part,
        title if is_only or not name else f"{title}: {name}",
        clock,
        identifier_of(record) if is_only else None,
    )
    return gathering.session(session, (title, name, session.starts_at, part.line)), is_break(name, "", ())


def _parts(record: Record) -> list[object]:
    return [one for one in record.sessions or () if isinstance(one, dict)] if isinstance(record.sessions, list) else []


def _names_of_sessions(record: Record) -> list[str | int]:
    listed = record.sessions.split("|") if isinstance(record.sessions, str) else record.sessions or []
    return [one for one in listed if isinstance(one, str | int)]


def _givers(record: Record) -> tuple[Credit, ...]:
    fields = (record.authors, record.speakers, record.speaker, record.presenters, record.presenter, record.organizers)
    return next((people for value in fields if (people := people_of(value, record.institution))), ())

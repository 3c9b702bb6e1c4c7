"""The records of a Mini-Conf site's data, whichever of its files they are in: what is in them, and reading it."""

import re
from collections.abc import Iterator
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

import msgspec

from bot.programme.source import Credit, Link, SourceSession
from bot.sources.formats.mini_conf.yaml_text import LINE
from bot.sources.reading.addresses import absolute
from bot.sources.reading.html import to_text
from bot.sources.reading.lists import split_names
from bot.sources.reading.problems import shown
from bot.sources.reading.time_cells import Clock, TimeCells

Text: TypeAlias = str | int | float | None
Names: TypeAlias = str | list[Any] | dict[str, Any] | None


class Record(msgspec.Struct, frozen=True):
    """A record of any of Mini-Conf's files: an event, a session, a talk or a part of one."""

    line: int | None = msgspec.field(default=None, name=LINE)
    uid: Text = msgspec.field(default=None, name="UID")
    id: Text = None
    title: Text = None
    name: Text = None
    long_name: Text = None
    cluster_name: Text = None
    authors: Names = None
    speaker: Names = None
    speakers: Names = None
    presenter: Names = None
    presenters: Names = None
    organizers: Names = None
    hosts: Names = None
    chair: Names = None
    institution: Text = None
    abstract: Text = None
    description: Text = None
    keywords: Names = None
    type: Text = None
    track: Text = None
    paper_type: Text = None
    calendar: Text = msgspec.field(default=None, name="calendarId")
    website: Text = None
    url: Text = None
    link: Text = None
    pdf_url: Text = None
    location: Text = None
    room: Text = None
    start: Text = None
    start_time: Text = None
    end: Text = None
    end_time: Text = None
    date: Text = None
    day: Text | list[Any] = None
    time: Text = None
    papers: list[str | int] | None = None
    posters: list[dict[str, Any]] | None = None
    sessions: list[Any] | str | None = None


_LINE_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_SLANTED: Final = re.compile(r"\s*<(i|em)>(?P<names>.*)</\1>\s*", re.IGNORECASE | re.DOTALL)
_PAGE: Final = re.compile(r"https?://\S+|[^\s?#]+\.html?(?:[?#]\S*)?", re.IGNORECASE)
_NO_KIND: Final = frozenset({"", "---"})
_NOBODY: Final = frozenset({"", "tbd", "tba", "n/a"})


def text(value: Text) -> str:
    """Return the text of a field, empty when there is none."""
    return "" if value is None else str(value).strip()


def plain(value: Text) -> str:
    """Return the text of a field without HTML, on one line."""
    return " ".join(to_text(text(value)).split())


def identifier_of(record: Record) -> str | None:
    """Return the identifier of a record."""
    return text(record.uid) or text(record.id) or None


def kind_of_record(record: Record) -> str:
    """Return what a record calls its kind."""
    kinds = (text(record.type), text(record.paper_type), text(record.calendar))
    return next((kind for kind in kinds if kind not in _NO_KIND), "")


def title_and_people(title: Text) -> tuple[str, tuple[Credit, ...]]:
    """Return an event's title and who gives it: their names may be slanted on a line of their own below the title."""
    parts = _LINE_BREAK.split(text(title))
    people: tuple[Credit, ...] = ()
    if len(parts) > 1 and (match := _SLANTED.fullmatch(parts[-1])):
        people, parts = people_of(plain(match["names"])), parts[:-1]
    return ": ".join(filter(None, map(plain, parts))), people


def people_of(value: Names, institution: Text = None) -> tuple[Credit, ...]:
    """Return the people that a field names, as a text, a list, or a mapping with a list of members.

    Args:
        value: the field.
        institution: where they work, if there is only one of them.
    """
    people = [person for person in _people(value) if person.name.casefold() not in _NOBODY]
    if len(people) == 1 and not people[0].affiliations and (where := plain(institution)):
        return (Credit(people[0].name, (where,)),)
    return tuple(people)


def topics_of(record: Record) -> tuple[str, ...]:
    """Return the keywords of a record."""
    if isinstance(record.keywords, str):
        separator = next((character for character in "|;" if character in record.keywords), ",")
        return tuple(plain(part) for part in record.keywords.split(separator) if part.strip())
    return tuple(plain(part) for part in record.keywords or () if isinstance(part, str | int))


def is_page(place: str) -> bool:
    """Tell whether a location is a page of the site and no room."""
    return _PAGE.fullmatch(place) is not None


def links_of(record: Record) -> tuple[Link, ...]:
    """Return the links of a record; those that are relative to a site are left out, as no file tells where it is."""
    place = text(record.location)
    pages = [text(record.link), text(record.website), text(record.url), place if is_page(place) else ""]
    links = [Link("Page", address) for address in map(absolute, pages) if address]
    if pdf := absolute(text(record.pdf_url)):
        links.append(Link("PDF", pdf))
    return tuple(dict.fromkeys(links))


def session_of_link(record: Record) -> str | None:
    """Return the identifier of a session that the link of an event to its papers names: papers.html?session=1A."""
    for address in (text(record.link), text(record.location)):
        try:
            found = parse_qs(urlsplit(address).query).get("session")
        except ValueError:
            continue
        if found:
            return found[0]
    return None


def session_of(record: Record, name: str, clock: Clock, key: str | None) -> SourceSession:
    """Return the session that a record is.

    Args:
        record: the record.
        name: the name of the session.
        clock: reads the record's times.
        key: the session's identifier, if it has one.
    """
    starts_at, ends_at = clock.span(time_cells(record), f"“{shown(name)}”", record.line)
    place = text(record.location) or text(record.room)
    return SourceSession(
        line=record.line,
        kind=kind_of_record(record),
        name=name,
        track=plain(record.track) or None,
        room=None if is_page(place) else plain(place) or None,
        starts_at=starts_at,
        ends_at=ends_at,
        chairs=people_of(record.chair) or people_of(record.hosts),
        source_id=key,
        links=links_of(record),
    )


def time_cells(record: Record) -> TimeCells:
    """Return what a record says of its time."""
    begins = next((text(value) for value in (record.start, record.start_time) if text(value)), "")
    ends = next((text(value) for value in (record.end, record.end_time) if text(value)), "")
    if begins:
        return TimeCells((begins,), (ends,))
    day = "" if isinstance(record.day, list) or text(record.date) else text(record.day)
    return TimeCells(tuple(filter(None, (text(record.date), day, text(record.time)))), (ends,))


def _people(value: Names | int) -> Iterator[Credit]:
    if isinstance(value, str):
        named = value.replace(" · ", ";").replace(" & ", " and ").replace("\n", " ")
        yield from (Credit(plain(name)) for name in split_names(named))
    elif isinstance(value, list):
        for one in value:
            yield from (Credit(plain(one)),) if isinstance(one, str | int) else _person(one)
    elif isinstance(value, dict):
        yield from _people(value["members"]) if "members" in value else _person(value)


def _person(value: Any) -> Iterator[Credit]:  # noqa: ANN401 - whatever a list holds
    if isinstance(value, dict):
        name = next((value[key] for key in ("name", "full_name", "fullname") if isinstance(value.get(key), str)), "")
        where = next(
            (value[key] for key in ("affiliation", "aff", "institution") if isinstance(value.get(key), str)), ""
        )
        yield Credit(plain(name), (plain(where),) if where.strip() else ())

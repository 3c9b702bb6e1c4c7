"""One event of a virtual site: its fields as the sites give them, and what they mean."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct, field

from bot.programme.source import Credit, Link
from bot.sources.reading.addresses import absolute
from bot.sources.reading.html import to_text
from bot.sources.reading.institutions import institutions_of
from bot.sources.reading.lists import split_names
from bot.sources.reading.values import Identifier, Words, identifier, words
from bot.sources.reading.visibility import truth


class Author(Struct):
    """An author, speaker or organizer."""

    fullname: str | None = None
    name: str | None = None
    institution: Words = None
    url: str | None = None


class Media(Struct):
    """Something that belongs to an event: an address (`uri`) or a file of the site (`file`), with a name."""

    name: str | None = None
    type: str | None = None
    uri: str | None = None
    file: str | None = None
    visible: Any = None


class Event(Struct):
    """A record: a poster, an oral, a workshop, a coffee break and so on.

    `eventtype` is the kind by which the site sorts, `event_type` the one people read, such as "{location} Spotlight
    Poster"; `type` is that of the shorter list. `parent…` name the session or workshop it is in, by identifier or by
    an address that ends with it; `related_events…` the other records of the same paper. `session` is a name.
    """

    id: Identifier = None
    uid: Identifier = None
    name: str | None = None
    authors: list[Author | str | None] | str | None = None
    speakers: list[Author | str | None] | str | None = None
    speakers_authors: str | None = field(default=None, name="speakers/authors")
    abstract: str | None = None
    topic: Any = None
    keywords: Any = None
    decision: str | None = None
    session: Words = None
    eventtype: str | None = None
    event_type: str | None = None
    type: str | None = None
    room_name: Words = None
    virtualsite_url: str | None = None
    url: str | None = None
    paper_url: str | None = None
    paper_pdf_url: str | None = None
    starttime: str | None = None
    endtime: str | None = None
    starttime2: str | None = None
    endtime2: str | None = None
    parent_id: Any = None
    parent1: Any = None
    parent1_id: Any = None
    parent2: Any = None
    parent2_id: Any = None
    related_events: Any = None
    related_events_ids: Any = None
    eventmedia: list[Media | str | int | None] | None = None
    poster_position: str | int | float | None = None
    visible: Any = None


_PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}")
_PAPER: Final = re.compile(r"\b(?:poster|oral|spotlight|highlight|paper)s?\b", re.IGNORECASE)
_NO_PAPER: Final = re.compile(
    r"\bsession|break|lunch|dinner|breakfast|coffee|reception|social|keynote|invited|plenary|workshop|tutorial|\bexpo\b"
    r"|town ?hall|panel|remarks|registration|meeting|mentor|affinity|competition|meetup|opening|closing|ceremony|award"
    r"|exhibit|sponsor|placeholder|party|banquet|q\s?&\s?a\b|\bart\b|creative|discussion|orientation|logistics|event",
    re.IGNORECASE,
)
_SESSION: Final = re.compile(r"\bsession", re.IGNORECASE)
_LAST_NUMBER: Final = re.compile(r"/(\d{1,12})/?(?:\?[^/]*)?\Z")
_SITE: Final = re.compile(r"https?://([A-Za-z0-9.-]+)/+(?:api/miniconf|virtual)/")
_NOTHING: Final = frozenset({"", "none", "null", "nan", "n/a", "-"})


def kind_of_event(event: Event) -> str:
    """Return what the site calls the kind of an event, such as "Spotlight Poster"."""
    texts = (_PLACEHOLDER.sub(" ", event.event_type or ""), event.eventtype or "", event.type or "")
    return next((" ".join(text.split()) for text in texts if text.strip()), "")


def is_paper(event: Event) -> bool:
    """Tell a paper from what is a session of its own, such as a workshop, a keynote or a break."""
    kind = " ".join((event.eventtype or event.type or "", kind_of_event(event)))
    if _PAPER.search(kind) and not _SESSION.search(kind):
        return True
    return not _NO_PAPER.search(kind)


def is_session(event: Event) -> bool:
    """Tell whether an event is a session that papers may name by its name, such as "Oral Session 1A"."""
    return not is_paper(event) and bool(_SESSION.search(f"{event.eventtype} {event.event_type} {event.type}"))


def decision_of(event: Event) -> str | None:
    """Return the decision on a paper, or None where there is none."""
    decision = (event.decision or "").strip()
    return None if decision.casefold() in _NOTHING else decision


def title_of(event: Event) -> str:
    """Return the title of an event, empty when it has none."""
    return to_text(event.name or "").strip()


def id_of(event: Event) -> str | None:
    """Return the identifier of a record, which in the shorter list only the address of its page has."""
    return identifier(event.id) or _number_in(event.virtualsite_url)


def other_ids_of(event: Event) -> tuple[str, ...]:
    """Return further identifiers: that of the paper, and that of OpenReview, which are often the same."""
    ids = (uid_of(event), openreview_id(event))
    return tuple(dict.fromkeys(one for one in ids if one and one != id_of(event)))


def uid_of(event: Event) -> str | None:
    """Return what identifies the paper in all its records, or None."""
    uid = identifier(event.uid)
    return None if uid is None or uid.casefold() in _NOTHING else uid


def openreview_id(event: Event) -> str | None:
    """Return the identifier of the paper at OpenReview, or None."""
    for address in (event.paper_url, event.paper_pdf_url):
        if "openreview.net/" not in (address or ""):
            continue
        try:
            parts = urlsplit((address or "").strip())
            values = parse_qs(parts.query).get("id", [])
        except ValueError:
            continue
        if parts.path.strip("/") in ("forum", "pdf") and values:
            return values[0]
    return None


def parents_of(event: Event) -> Iterator[str]:
    """Yield the identifiers of the events it is a part of."""
    for value in (event.parent_id, event.parent1_id, event.parent1, event.parent2_id, event.parent2):
        if found := _reference(value):
            yield found


def relatives_of(event: Event) -> Iterator[str]:
    """Yield the identifiers of the events that are of the same paper."""
    for values in (event.related_events_ids, event.related_events):
        for value in values if isinstance(values, list) else ():
            if found := _reference(value):
                yield found


def people_of(event: Event) -> tuple[Credit, ...]:
    """Return the authors or speakers of an event."""
    given = event.authors or event.speakers or event.speakers_authors or ()
    if isinstance(given, str):
        text = to_text(given)
        names = [name.strip() for name in text.split("⋅")] if "⋅" in text else split_names(text)
        return tuple(map(Credit, names))
    return tuple(
        Credit(to_text(one.fullname or one.name or "").strip(), institutions_of(to_text(words(one.institution))))
        if isinstance(one, Author)
        else Credit(to_text(one or "").strip())
        for one in given
    )


def topics_of(event: Event) -> tuple[str, ...]:
    """Return the topics of an event, from the widest to the narrowest, and its keywords."""
    topics = event.topic if isinstance(event.topic, list) else str(event.topic or "").split("->")
    keywords: Sequence[Any] = event.keywords if isinstance(event.keywords, list) else ()
    if isinstance(event.keywords, str):
        keywords = event.keywords.split(";" if ";" in event.keywords else ",")
    texts = (to_text(words(one)).strip() for one in (*topics, *keywords) if isinstance(one, str | int | dict))
    return tuple(dict.fromkeys(text for text in texts if text))


def board_of(event: Event) -> str | None:
    """Return the number of a poster's board, without the sign before it."""
    board = str(event.poster_position if event.poster_position is not None else "").strip().removeprefix("#").strip()
    return None if board.casefold() in _NOTHING else board


def room_of(event: Event) -> str | None:
    """Return the room of an event, or None."""
    return to_text(words(event.room_name)).strip() or None


def session_name_of(event: Event) -> str:
    """Return the name of the session an event says it is in, empty when it says nothing."""
    return to_text(words(event.session)).strip()


def links_of(event: Event, site: str | None) -> tuple[Link, ...]:
    """Return the addresses of an event, each once.

    Args:
        event: the event.
        site: the address of the site, to which relative ones belong, or None when it is not known.
    """
    given = [
        ("OpenReview" if "openreview.net/" in (event.paper_url or "") else "Paper", event.paper_url),
        ("PDF", event.paper_pdf_url),
        ("Page", event.virtualsite_url),
        ("Website", event.url),
    ]
    given.extend(
        ((media.name or "").strip() or (media.type or "").strip() or "Link", media.uri or media.file)
        for media in event.eventmedia or ()
        if isinstance(media, Media) and truth(media.visible) is not False
    )
    links: dict[str, Link] = {}
    for label, address in given:
        if url := absolute(address, site):
            links.setdefault(url, Link(label, url))
    return tuple(links.values())


def site_of(events: Sequence[Event]) -> str | None:
    """Return the address of the site, if all addresses of people and pages that name their site name the same one."""
    sites: set[str] = set()
    for event in events:
        people = event.authors if isinstance(event.authors, list) else ()
        addresses = (event.virtualsite_url, *(one.url for one in people if isinstance(one, Author)))
        sites.update(match[1].casefold() for address in addresses if address and (match := _SITE.match(address)))
    return f"https://{sites.pop()}/" if len(sites) == 1 else None


def _reference(value: object) -> str | None:
    """Return the identifier that a reference to an event has, given as such, as an address, or as an object."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return _number_in(str(value)) or str(value).strip() or None


def _number_in(address: str | None) -> str | None:
    match = _LAST_NUMBER.search(address or "")
    return match[1] if match else None

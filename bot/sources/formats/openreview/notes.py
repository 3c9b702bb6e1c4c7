"""One note of OpenReview: a paper, or a review, a comment or a decision on one; and what it says.

In version 2 of the API each field of a note's content is `{"value": …}`, in version 1 it is the value itself.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from bot.programme.source import Credit, Link
from bot.sources.reading.addresses import absolute, doi_address
from bot.sources.reading.lists import split_names
from bot.sources.reading.values import Identifier, Words, identifier, words


class Author(Struct):
    """An author, as newer venues have them; older ones list names."""

    fullname: str | None = None
    name: str | None = None
    username: str | None = None
    institutions: list[Words] | None = None


class Content(Struct):
    """What a paper's form holds, as far as every venue calls it the same."""

    title: str | None = None
    authors: list[Author | str | None] | str | None = None
    abstract: str | None = None
    keywords: list[str | None] | str | None = None
    primary_area: list[str | None] | str | None = None
    track: Words = None
    venue: str | None = None
    venueid: str | None = None
    pdf: str | None = None


class Note(Struct):
    """A note whose content has no `value` around its fields any more; `plain_note` makes it.

    `venueid` and `venue` tell what became of a paper ("ICLR 2024 oral", "Submitted to ICLR 2024"), and so does a
    decision, in the note or among the replies in its `details`. `others` is the content with all of its fields, and
    `original_authors` are those of the version 1 of the API where reviewers don't see the authors.
    """

    id: Identifier = None
    forum: Identifier = None
    replyto: Identifier = None
    invitation: str | None = None
    invitations: list[str] | None = None
    ddate: Any = None
    content: Content | None = None
    others: dict[str, Any] = {}
    decision: str | None = None
    original_authors: list[Any] = []


_SITE: Final = "https://openreview.net/"
_ID: Final = re.compile(r"[\w-]{1,64}")
# How the end of a `venueid`, a `venue` or the name of an invitation says that a submission is no accepted paper. What
# is only undecided may have been decided meanwhile.
_OUT: Final = re.compile(r"\b(?:reject|withdr|retract)", re.IGNORECASE)
_UNDECIDED: Final = re.compile(
    r"\b(?:submitted to\b|submitted\Z|under review|decision pending|assign\w* ae\b|(?<!accepted )submission\Z)",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_PRESENTATION: Final = re.compile(
    r"\b(?:oral|poster|spotlight|notable|highlight|talk|demo|long|short|findings|main|journal|tutorial|blog|workshop"
    r"|track|industry|regular|position)",
    re.IGNORECASE,
)
_LINKS: Final = {
    "html": "Page",
    "ee": "Page",
    "doi": "DOI",
    "code": "Code",
    "codeurl": "Code",
    "github": "Code",
    "software": "Code",
    "project": "Project page",
    "projectpage": "Project page",
    "website": "Project page",
    "video": "Video",
    "presentationvideo": "Video",
    "slides": "Slides",
    "poster": "Poster",
    "supplementarymaterial": "Supplement",
}
"""What links are called, by the names of the fields that hold them, without case, spaces and underscores."""


def plain_note(note: object) -> object:
    """Return a note of either version of the API as `Note` has it; what is no note comes back as it is."""
    if not isinstance(note, dict):
        return note
    fields = {name: note.get(name) for name in ("id", "forum", "replyto", "invitation", "invitations", "ddate")}
    content = _plain(note.get("content"))
    details = note.get("details")
    replies = [reply for name in ("directReplies", "replies") for reply in _listed(details, name)]
    decisions = (one.get("decision") for one in (content, *map(_content_of, replies)))
    return {
        **fields,
        # The forms of reviews are the venue's own: their fields are of any type.
        "content": {} if _is_reply(note.get("id"), note.get("forum"), note.get("replyto")) else content,
        "others": content,
        "decision": next((one for one in decisions if isinstance(one, str) and one.strip()), None),
        "original_authors": _listed(_content_of(details.get("original")), "authors")
        if isinstance(details, dict)
        else [],
    }


def is_reply(note: Note) -> bool:
    """Tell whether a note is a review, a comment or a decision on a paper."""
    return _is_reply(note.id, note.forum, note.replyto)


def state_of(note: Note, also: frozenset[str]) -> str | None:
    """Return in which state a submission is that is no accepted paper; None for an accepted one.

    Args:
        note: a note that is no reply.
        also: values of `venue` that mean "show it" because the configuration says so.
    """
    content = note.content or Content()
    venue, venueid = (content.venue or "").strip(), (content.venueid or "").strip("/ ")
    if venue.casefold() in {value.strip().casefold() for value in also}:
        return None
    invitations = [name for name in (note.invitation, *(note.invitations or ())) if name]
    submissions = [end for name in invitations if (end := _end(name)).casefold().endswith("submission")]
    states = [venue, _end(venueid)] if venue or venueid else submissions
    if out := next(filter(_OUT.search, states), None):
        return out.casefold()
    if note.decision:
        # An unknown decision is for a person to look at.
        return None
    if undecided := next(filter(_UNDECIDED.search, states), None):
        return undecided.casefold()
    return None


def people_of(note: Note) -> tuple[Credit, ...]:
    """Return the authors of a paper."""
    authors = note.content.authors if note.content else None
    if isinstance(authors, str):
        return tuple(map(Credit, split_names(authors)))
    if authors in (None, [], ["Anonymous"]):
        authors = [name for name in note.original_authors if isinstance(name, str)] or authors
    return tuple(_person(author) for author in authors or ())


def topics_of(note: Note) -> tuple[str, ...]:
    """Return the keywords of a paper and its area."""
    content = note.content or Content()
    return tuple(dict.fromkeys((*_parts(content.keywords), *_parts(content.primary_area))))


def presentation_of_venue(note: Note) -> str:
    """Return the kind of presentation that a venue names after its year, such as "oral" of "ICLR 2024 oral"."""
    venue = " ".join(((note.content and note.content.venue) or "").split())[:200]
    kind = _YEAR.split(venue)[-1].strip(" -–:,;()")
    return kind if len(kind) <= 60 and _PRESENTATION.search(kind) else ""


def links_of(note: Note) -> Iterator[Link]:
    """Yield the addresses of a paper; a field that holds none, such as a yes or a remark, is passed over."""
    forum = identifier(note.forum) or identifier(note.id) or ""
    if _ID.fullmatch(forum):
        yield Link("OpenReview", f"{_SITE}forum?id={forum}")
    if pdf := absolute(note.content.pdf if note.content else None, _SITE):
        yield Link("PDF", pdf)
    for name, value in note.others.items():
        label = _LINKS.get(name.casefold().replace("_", "").replace(" ", ""))
        if label is None or not isinstance(value, str):
            continue
        address = doi_address(value[:2000]) if label == "DOI" else value.strip()
        if address and address.startswith(("https://", "http://", "/attachment/")):
            yield Link(label, absolute(address, _SITE) or address)


_AROUND: Final = ("value", "readers")


def _plain(content: object) -> dict[str, Any]:
    """Return a content without the `value` around each field."""
    return {
        str(name): value.get("value") if isinstance(value, dict) and not value.keys().isdisjoint(_AROUND) else value
        for name, value in (content.items() if isinstance(content, dict) else ())
    }


def _content_of(note: object) -> dict[str, Any]:
    return _plain(note.get("content")) if isinstance(note, dict) else {}


def _listed(fields: object, name: str) -> list[Any]:
    value = fields.get(name) if isinstance(fields, dict) else None
    return value if isinstance(value, list) else []


def _is_reply(own: object, forum: object, replyto: object) -> bool:
    return bool(replyto) or bool(own and forum and own != forum)


def _end(identifier_of_many_parts: str) -> str:
    return identifier_of_many_parts.rpartition("/")[2].replace("_", " ").strip()


def _person(author: Author | str | None) -> Credit:
    if not isinstance(author, Author):
        return Credit(author or "")
    # "~Ada_Lovelace1" is how OpenReview calls a person who has not said more.
    name = author.fullname or author.name or (author.username or "").strip("~0123456789").replace("_", " ")
    return Credit(name.strip(), tuple(filter(None, (words(one).strip() for one in author.institutions or ()))))


def _parts(value: Sequence[str | None] | str | None) -> list[str]:
    parts = value.split(";" if ";" in value else ",") if isinstance(value, str) else value or ()
    return [part.strip() for part in parts if part and part.strip()]

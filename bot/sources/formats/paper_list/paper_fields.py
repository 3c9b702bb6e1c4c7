"""What lists of papers in JSON call the fields of a paper, and reading a paper from them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.programme.source import Credit, Link, SourcePaper
from bot.sources.formats.paper_list.json_fields import FieldNames, Fields, is_text
from bot.sources.reading.gather import without_surrogates
from bot.sources.reading.institutions import institutions_of
from bot.sources.reading.lists import split, split_names
from bot.sources.reading.paper_links import LINK_LABELS, LINK_NAMES, is_address, links_of_fields

TIME_NAMES: Final = {"starts_at": "startsat startat starttime start", "ends_at": "endsat endat endtime end"}

PAPER_NAMES: Final[Mapping[str, str]] = {
    "key": "key paperkey",
    "title": "title papertitle name",
    "authors": "authors author authornames speakers speaker presenters",
    "affiliations": "affiliations aff affs affiliation authoraffiliations institutions",
    "abstract": "abstract summary description",
    "kind": "kind papertype presentationtype type",
    "track": "track",
    "topics": "topics topic keywords tags",
    "primary_area": "primaryarea area subjectarea",
    "id": "id",
    "uid": "uid",
    "paper_id": "paperid submissionid submissionnumber",
    "other_ids": "otherids",
    "board": "board number posternumber posterposition boardnumber",
    "poster": "poster",
    "links": "links",
    **LINK_NAMES,
}

_PERSON: Final = FieldNames(
    name="name fullname author",
    given="given givenname firstname first",
    family="family familyname lastname last surname",
    affiliations="affiliations affiliation institution institutions aff organization organisation org company",
)
_LINK: Final = FieldNames(label="label title name", url="url href link")
_NAMED: Final = FieldNames(name="name label title text institution")
_TOPIC_ENDS: Final = re.compile(r"[;|]")


def paper_of(fields: Fields) -> SourcePaper:
    """Return the paper whose fields these are, each as it is written; `PAPER_NAMES` names them.

    Raises:
        UserError: a value is of a wrong type.
    """
    ids = [text for name in ("id", "uid", "paper_id") if (text := fields.text_or_number(name)) is not None]
    topics = _topics(fields, "topics")
    return SourcePaper(
        key=fields.text("key") or "",
        title=fields.text("title"),
        authors=people_of_field(fields, "authors"),
        abstract=fields.text("abstract"),
        kind=fields.text_or_number("kind") or "",
        track=fields.text_or_number("track"),
        topics=(*topics, *(area for area in _topics(fields, "primary_area") if area not in topics)),
        source_id=ids[0] if ids else None,
        other_ids=(*ids[1:], *_listed(fields, "other_ids")),
        links=(*links_of_field(fields), *links_of_fields(_link_texts(fields))),
    )


def board_of(fields: Fields) -> str | None:
    """Return the number of a poster's board; a field “poster” may hold that, or the poster itself."""
    board = fields.text_or_number("board")
    if board is not None or is_address(fields.text_or_number("poster") or ""):
        return board
    return fields.text_or_number("poster")


def people_of_field(fields: Fields, name: str) -> tuple[Credit, ...]:
    """Return the people whom a field names, as one text or a list, with their affiliations.

    Affiliations stand with each of them, or in a field of their own, in the same order.
    """
    value = fields.values.get(name)
    if is_text(value):
        people = [Credit(person) for person in split_names(fields.text(name) or "")]
    else:
        people = [_person(fields, name, item, at) for at, item in enumerate(fields.items(name))]
    if name == "authors" and not any(person.affiliations for person in people):
        return tuple(_with_affiliations(fields, people))
    return tuple(people)


def links_of_field(fields: Fields) -> tuple[Link, ...]:
    """Return the links that the field “links” lists, as addresses or as objects with a label."""
    links = []
    for at, item in enumerate(fields.items("links")):
        if isinstance(item, dict):
            link = fields.document.take(item, f"{fields.path_of('links')}[{at}]", _LINK)
            label = link.text("label")
            links.append(Link(LINK_LABELS["url"] if label is None else label, link.text("url") or ""))
        else:
            links.append(Link(LINK_LABELS["url"], fields.item_text(item, "links", at)))
    return tuple(links)


def _person(fields: Fields, name: str, item: object, at: int) -> Credit:
    if not isinstance(item, dict):
        return Credit(fields.item_text(item, name, at))
    person = fields.document.take(item, f"{fields.path_of(name)}[{at}]", _PERSON, strict=False)
    full = person.text("name")
    if full is None:
        full = " ".join(filter(None, (person.text("given"), person.text("family"))))
    return Credit(full, _affiliations(person))


def _affiliations(person: Fields) -> tuple[str, ...]:
    if is_text(person.values.get("affiliations")):
        return institutions_of(person.text("affiliations"))
    if isinstance(person.values.get("affiliations"), dict):
        path = person.path_of("affiliations")
        named = person.document.take(person.values["affiliations"], path, _NAMED, strict=False).text("name")
        return (named,) if named else ()
    return tuple(_item(person, "affiliations", item, at) for at, item in enumerate(person.items("affiliations")))


def _with_affiliations(fields: Fields, people: Sequence[Credit]) -> Iterator[Credit]:
    """Give people the affiliations of a field of their own, if it has as many as there are people."""
    value = fields.values.get("affiliations")
    if is_text(value):
        texts = (fields.text("affiliations") or "").split(";")
        if len(texts) == len(people) + 1 and not texts[-1].strip():
            texts = texts[:-1]
    else:
        texts = [_item(fields, "affiliations", item, at) for at, item in enumerate(fields.items("affiliations"))]
    if len(texts) == len(people):
        yield from (Credit(person.name, institutions_of(text)) for person, text in zip(people, texts, strict=True))
        return
    if any(map(str.strip, texts)):
        fields.document.other_affiliations += 1
    yield from people


def _topics(fields: Fields, name: str) -> tuple[str, ...]:
    """Return the topics of a field: a list as it is, or one text whose parts semicolons, bars or commas separate."""
    text = fields.values.get(name)
    if not is_text(text):
        return _listed(fields, name)
    text = fields.text(name) or ""
    parts = _TOPIC_ENDS.split(text) if _TOPIC_ENDS.search(text) else text.split(",")
    return tuple(part.strip() for part in parts if part.strip())


def _listed(fields: Fields, name: str) -> tuple[str, ...]:
    if is_text(fields.values.get(name)):
        return split(fields.text(name) or "")
    return tuple(_item(fields, name, item, at) for at, item in enumerate(fields.items(name)))


def _item(fields: Fields, name: str, item: object, at: int) -> str:
    """Return one of the texts a field lists, which may be an object that has a name."""
    if isinstance(item, dict):
        named = fields.document.take(item, f"{fields.path_of(name)}[{at}]", _NAMED, strict=False)
        return named.text("name") or ""
    return fields.item_text_or_number(item, name, at)


def _link_texts(fields: Fields) -> dict[str, str | None]:
    texts = {name: _first_text(fields, name) for name in fields.values if name in LINK_NAMES}
    poster = fields.text_or_number("poster")
    texts["poster_file"] = poster if poster and is_address(poster) else None
    return texts


def _first_text(fields: Fields, name: str) -> str | None:
    """Return a field's text; of several that it lists, the first."""
    value: Any = fields.values.get(name)
    if isinstance(value, list):
        return next((without_surrogates(item) for item in value if is_text(item) and item.strip()), None)
    return fields.text_or_number(name)

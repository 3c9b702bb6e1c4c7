"""The bot's own form of JSON, which holds all that a source has.

`{"form": "conference-programme/2", "sessions": […], "papers": […]}`: each paper is there once, and a session lists its
`appearances`, each of which names its `paper` by the paper's key or id, or by its place in `papers`, counted from 0.
Times are in ISO 8601 and best have their offset from UTC.

In the first version of the form a session held its `papers`, whose `number` was that of the poster's board. It is still
read, and so is the same without the mark `form`, as others may write it; there a session may also list its `papers` by
their keys or ids.
"""

from typing import Final

from bot.errors import UserError
from bot.programme.source import SourceSession
from bot.sources.formats.paper_list.json_fields import Document, FieldNames, Fields
from bot.sources.formats.paper_list.paper_fields import (
    PAPER_NAMES,
    TIME_NAMES,
    board_of,
    links_of_field,
    people_of_field,
)
from bot.sources.formats.paper_list.paper_records import STATUS_NAMES, public_paper
from bot.sources.reading.gather import Gathering, PaperDraft, SessionDraft
from bot.sources.reading.problems import shown

FORM: Final = "conference-programme/2"
_FIRST_FORM: Final = "conference-programme/1"

TOP: Final = FieldNames(form="form", sessions="sessions", papers="papers")
_SESSION: Final = FieldNames(
    key="key sessionkey",
    kind="kind sessionkind type",
    name="name sessionname session title",
    track="track",
    room="room location",
    chairs="chairs chair",
    abstract="abstract description",
    id="id sessionid",
    links="links",
    appearances="appearances",
    papers="papers",
    **TIME_NAMES,
)
_APPEARANCE: Final = FieldNames(
    paper="paper", room="room location", board="board number posternumber posterposition", **TIME_NAMES
)
# What a paper has in a session and not of itself.
_PLACED: Final = {"board", "poster"}
_PAPER: Final = FieldNames(
    **{name: names for name, names in PAPER_NAMES.items() if name not in _PLACED}, **STATUS_NAMES
)
_PAPER_OF_A_SESSION: Final = FieldNames(room="room location", **PAPER_NAMES, **STATUS_NAMES, **TIME_NAMES)


def read_own_form(document: Document, value: object, gathering: Gathering) -> None:
    """Gather what a document in the bot's own form holds.

    Raises:
        UserError: it is in no form that is known, a value is of a wrong type, or an appearance names no paper.
    """
    top = document.take(value, "", TOP)
    form = top.values.get("form")
    if form is not None and form not in (FORM, _FIRST_FORM):
        raise UserError(f'{document.file}: form must be "{FORM}" or "{_FIRST_FORM}"; the bot knows no other.')
    gathering.exact = form == FORM
    is_own = form is not None
    papers = _Papers()
    for fields in top.objects("papers", _PAPER):
        papers.add(fields, _add(fields, gathering, is_own=is_own))
    for place, fields in enumerate(top.objects("sessions", _SESSION)):
        session = gathering.session(_session_of(fields, gathering), ("session", place))
        gathering.session_record()
        for appearance in fields.objects("appearances", _APPEARANCE):
            _appear(gathering, session, papers.of_appearance(appearance), appearance)
        for at, item in enumerate(fields.items("papers")):
            path = f"{fields.path_of('papers')}[{at}]"
            if item is None or isinstance(item, dict):
                paper = document.take(item, path, _PAPER_OF_A_SESSION)
                _appear(gathering, session, _add(paper, gathering, is_own=is_own), paper)
            elif named := papers.named(fields.item_text_or_number(item, "papers", at), path, document):
                gathering.appear(session, named)


def _add(fields: Fields, gathering: Gathering, *, is_own: bool) -> PaperDraft | None:
    """Account for a record of a paper; return None when nobody may see it."""
    paper = public_paper(fields, gathering, is_own=is_own)
    return gathering.paper(paper) if paper else None


class _Papers:
    """The papers of a document, in which sessions find theirs. One that nobody may see is None."""

    def __init__(self) -> None:
        self._all: list[PaperDraft | None] = []
        self._by_key: dict[str, PaperDraft | None] = {}
        self._by_id: dict[str, PaperDraft | None] = {}

    def add(self, fields: Fields, paper: PaperDraft | None) -> None:
        self._all.append(paper)
        if key := fields.text("key"):
            self._by_key.setdefault(key, paper)
        for name in ("id", "uid", "paper_id"):
            if identifier := fields.text_or_number(name):
                self._by_id.setdefault(identifier, paper)

    def of_appearance(self, appearance: Fields) -> PaperDraft | None:
        """Return the paper that an appearance names by its place, its key or its id."""
        place = appearance.place("paper")
        path = appearance.path_of("paper")
        if place is None:
            return self.named(appearance.text_or_number("paper") or "", path, appearance.document)
        if place < len(self._all):
            return self._all[place]
        raise self._unknown(f"the place {place}", path, appearance.document)

    def named(self, name: str, path: str, document: Document) -> PaperDraft | None:
        """Return the paper of a key or an id, which stands at a path."""
        for papers in (self._by_key, self._by_id):
            if name in papers:
                return papers[name]
        raise self._unknown(f"the key or id “{shown(name)}”", path, document)

    def _unknown(self, what: str, path: str, document: Document) -> UserError:
        return UserError(
            f"{document.file}: {path}: no paper has {what}; there are {len(self._all):,} in papers. Name one by its "
            "key or id, or in appearances by its place in papers, counted from 0."
        )


def _session_of(fields: Fields, gathering: Gathering) -> SourceSession:
    name = fields.text("name") or ""
    return SourceSession(
        key=fields.text("key") or "",
        kind=fields.text("kind") or "",
        name=name,
        track=fields.text("track"),
        room=fields.text("room"),
        starts_at=gathering.moment(fields.text("starts_at"), f"Session “{shown(name)}”: the start"),
        ends_at=gathering.moment(fields.text("ends_at"), f"Session “{shown(name)}”: the end"),
        chairs=people_of_field(fields, "chairs"),
        abstract=fields.text("abstract"),
        source_id=fields.text_or_number("id"),
        links=links_of_field(fields),
    )


def _appear(gathering: Gathering, session: SessionDraft, paper: PaperDraft | None, fields: Fields) -> None:
    if paper is None:
        return
    gathering.appear(
        session,
        paper,
        starts_at=gathering.moment(fields.text("starts_at"), f"{fields.path_of('starts_at')}: the start"),
        ends_at=gathering.moment(fields.text("ends_at"), f"{fields.path_of('ends_at')}: the end"),
        room=fields.text("room"),
        board=board_of(fields),
    )

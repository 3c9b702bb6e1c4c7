"""OpenReview's notes, as its API gives them in both versions: `{"notes": […]}`, or the list of notes alone.

Accepted papers are read. What is said of papers, such as reviews, is left out, but for the decisions.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from bot.errors import UserError
from bot.programme.source import SourcePaper
from bot.sources.formats.openreview.notes import (
    Content,
    Note,
    is_reply,
    links_of,
    people_of,
    plain_note,
    presentation_of_venue,
    state_of,
    topics_of,
)
from bot.sources.reading.decisions import presentation_of
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.gather import Gathering
from bot.sources.reading.values import converted, identifier, json_or_none, words

NAME = "openreview"
DESCRIPTION = "notes from OpenReview's API, version 1 or 2 (JSON)"
FORMAT = f"{NAME}/1"

_LOOKED_AT: Final = 20


def recognises(file: File) -> bool:
    """Tell whether it holds notes: records with a `content` that has a title."""
    document = json_or_none(file)
    notes = document.get("notes") if isinstance(document, dict) else document
    return isinstance(notes, list) and any(map(_is_note, notes[:_LOOKED_AT]))


def read(file: File, hints: Hints) -> Reading:
    """Read the accepted papers among OpenReview's notes.

    Raises:
        UserError: the file holds only the first of the notes, or something in it is of another type than it should be.
    """
    document = file.json if isinstance(file.json, dict) else {"notes": file.json}
    if isinstance(document.get("notes"), list):
        document = {**document, "notes": [plain_note(note) for note in document["notes"]]}
    page = converted(file, document, _Page)
    count = page.count or 0
    if count > len(page.notes):
        raise UserError(
            f"{file.name}: it is only a part: {len(page.notes):,} of {count:,} notes. The API gives at most 1,000 at a "
            "time: fetch the others with &offset=1000 and so on, and put all of them into one list “notes”."
        )
    gathering = Gathering(file.name, FORMAT, hints)
    _gather(page.notes, gathering)
    return gathering.finish()


class _Page(Struct):
    """What the API answers; `count` is how many notes there are on all pages."""

    notes: list[Note]
    count: int | None = None


def _is_note(note: object) -> bool:
    if not isinstance(note, dict) or not isinstance(note.get("content"), dict):
        return False
    return "title" in note["content"] and not note.keys().isdisjoint(("id", "forum", "invitation", "invitations"))


def _gather(notes: Sequence[Note], gathering: Gathering) -> None:
    decisions = {identifier(note.forum): note.decision for note in notes if note.decision and is_reply(note)}
    undecided = 0
    for place, note in enumerate(notes):
        note.decision = note.decision or decisions.get(identifier(note.forum))
        content = note.content or Content()
        title = (content.title or "").strip()
        what = title or identifier(note.id) or f"notes[{place}]"
        if is_reply(note):
            gathering.leave_out("review, comment or decision")
        elif note.ddate:
            gathering.leave_out("deleted")
        elif state := state_of(note, gathering.hints.public):
            gathering.leave_out(state)
            undecided += not (content.venue or content.venueid)
        elif not gathering.may_show(note.decision, what):
            continue
        elif not title:
            gathering.leave_out("no title", what)
        else:
            paper = _paper(note, content)
            gathering.paper(paper, ("note", paper.source_id) if paper.source_id else None)
    if undecided:
        gathering.problems.action(
            "papers without a decision",
            f"Left out: {undecided:,} submissions of which the file says neither the venue nor the decision. Export "
            "the notes with the fields “venue” and “venueid”, or with details=directReplies.",
        )


def _paper(note: Note, content: Content) -> SourcePaper:
    return SourcePaper(
        title=content.title,
        authors=people_of(note),
        abstract=content.abstract or None,
        kind=presentation_of(note.decision) or presentation_of_venue(note),
        track=words(content.track).strip() or None,
        topics=topics_of(note),
        source_id=identifier(note.id),
        links=tuple(links_of(note)),
    )

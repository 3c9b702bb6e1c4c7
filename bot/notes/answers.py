"""How notes look, and the buttons by which they are made."""

from collections.abc import Mapping, Sequence

from bot.notes.model import Note, Reading
from bot.programme.model import Paper
from bot.ui.answer import ActionButton, Answer, Button, Row
from bot.ui.card import Card
from bot.ui.limits import EMBED_FIELD_VALUE
from bot.ui.markdown import escaped, escaped_line
from bot.ui.menus import paper_menu
from bot.ui.pager import Page
from bot.ui.places import dated_entry
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import plural

NOTE = "note"
"""The verb of the button that opens the form; those of the others are called by what they say of the paper."""

_WORDS = {Reading.SEEN: "Seen", Reading.WANTED: "Want to read"}
_TAKE_BACK = {Reading.SEEN: "Not seen", Reading.WANTED: "Don't want to read"}


def note_buttons(key: str, note: Note | None) -> tuple[ActionButton, ...]:
    """Return the buttons by which somebody keeps something about a paper, given what they keep already."""
    reading = note.reading if note else None
    return (
        ActionButton("Edit note" if note and note.text else "Add note", key, verb=NOTE),
        *(
            ActionButton((_TAKE_BACK if reading is one else _WORDS)[one], key, verb=one.value)
            for one in (Reading.SEEN, Reading.WANTED)
        ),
    )


def note_text(note: Note | None) -> str:
    """Return what somebody keeps about a paper as the text of a field; empty for nothing."""
    if note is None:
        return ""
    lines = [f"**{_WORDS[note.reading]}**"] if note.reading else []
    if note.text:
        lines.append(escaped(note.text, EMBED_FIELD_VALUE - 30))
    return "\n".join(lines)


def kept_answer(paper: Paper, note: Note | None) -> Answer:
    """Tell somebody what they keep about a paper now."""
    card = Card("Only you see this", description=dated_entry(paper, 300))
    card.add("Your note", note_text(note) or "Nothing is kept about this paper.")
    return Answer(card.embed(), (note_buttons(paper.key, note), (_ALL,)))


def notes_answer(papers: Sequence[tuple[Paper, Note]], gone: int, number: int) -> Answer:
    """Show somebody's notes, what was changed last first.

    Args:
        papers: the papers with what is kept about them.
        gone: how many more there are about papers that are no longer in the programme.
        number: which page.
    """
    page = Page.of(papers, number)
    card = Card("Your notes", footer=page.note)
    if papers:
        counts = [f"{count} {words.lower()}" for words, count in _counted(papers).items() if count]
        lines = ["Only you see this. " + ", ".join(counts) + "."]
        lines += [_line(paper, note) for paper, note in page.entries]
        card.description = "\n\n".join(lines)
    else:
        card.description = "You have no notes yet. Open a paper and press **Add note**, **Seen** or **Want to read**."
    if gone:
        card.add("No longer in the programme", f"{plural(gone, 'paper')} with a note; `/mydata` hands them out too.")
    rows: list[Row] = [buttons] if (buttons := page.buttons(Question(QuestionKind.NOTES, page=page.number))) else []
    return Answer(card.embed(), (*rows, *paper_menu([paper for paper, _ in page.entries])))


def _line(paper: Paper, note: Note) -> str:
    lines = [dated_entry(paper, 180), _WORDS[note.reading] if note.reading else "", escaped_line(note.text, 150)]
    return "\n".join(filter(None, lines))


def _counted(papers: Sequence[tuple[Paper, Note]]) -> Mapping[str, int]:
    notes = [note for _, note in papers]
    return {
        "Seen": sum(note.reading is Reading.SEEN for note in notes),
        "To read": sum(note.reading is Reading.WANTED for note in notes),
        "With a note": sum(bool(note.text) for note in notes),
    }


_ALL = Button("My notes", Question(QuestionKind.NOTES))

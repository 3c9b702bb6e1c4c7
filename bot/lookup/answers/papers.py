"""Answers about papers."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence

from bot.discussion.answers import discuss_button, talk_text
from bot.discussion.model import Talk
from bot.lookup.model import Addition
from bot.notes.answers import note_buttons, note_text
from bot.notes.model import Note
from bot.programme.model import Paper, Person, Programme, Session
from bot.search import Similar
from bot.ui.answer import Answer, AnyButton, BookmarkButton, Button, Row
from bot.ui.card import Card
from bot.ui.fitting import joined
from bot.ui.limits import BUTTON_LABEL, EMBED_FIELD_VALUE, EMBED_TITLE, MENU_OPTIONS, ROW_BUTTONS, ROWS, clip
from bot.ui.links import link_buttons, link_lines
from bot.ui.markdown import escaped, render
from bot.ui.menus import bookmark_menu, paper_menu, person_menu
from bot.ui.pager import Page
from bot.ui.places import dated_entry, places
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import byline, heading, in_quotes, kind_of_paper, plural, starred

_LINK_ROWS = 2
"""How many rows of buttons a paper's links may have."""


def paper_answer(
    programme: Programme,
    paper: Paper,
    *,
    marked: bool | None,
    note: Note | None = None,
    talk: Talk | None = None,
    additions: Sequence[Addition] = (),
) -> Answer:
    """Show one paper: everything the programme knows of it, and the ways on.

    Args:
        programme: the programme it is in.
        paper: the paper.
        marked: whether the reader has bookmarked it; None where there are many readers.
        note: what the reader keeps about it for themselves; None where there are many readers.
        talk: how people come to talk about it; None where they can't.
        additions: what other parts add.
    """
    sessions = programme.sessions_of(paper)
    card = Card(heading(paper, EMBED_TITLE))
    card.add("Your note (only you see it)", note_text(note))
    card.add("Authors", byline(paper.byline, EMBED_FIELD_VALUE))
    for addition in additions:
        card.add(addition.name, addition.text)
    card.add("Where and when", places(programme, paper))
    card.add("Discussion", talk_text(talk.place) if talk and talk.place else "")
    card.add("Kind", escaped(kind_of_paper(paper, sessions), 100), inline=True)
    card.add("Track", _track(paper, sessions), inline=True)
    card.add("Topics", joined((escaped(topic, 80) for topic in paper.topics), 500))
    rows: list[Row] = [tuple(_buttons(programme, paper, sessions, marked=marked))]
    rows += _author_menu([programme.people[author.key] for author in paper.authors])
    if len(sessions) > 1:
        rows.append(tuple(_session_buttons(sessions[:ROW_BUTTONS])))
    discuss = (discuss_button(talk.subject),) if talk else ()
    added = (button for one in additions for button in one.buttons)
    rows.append((*note_buttons(paper.key, note), *discuss, *added))
    rows += link_buttons(paper.links, paper.abstract, rows=min(ROWS - len(rows), _LINK_ROWS))
    card.add("Links", link_lines(paper.links, rows))
    card.add("Not in the source", joined(_missing(paper), EMBED_FIELD_VALUE))
    if paper.abstract:
        card.description = render(paper.abstract, card.room)
    return Answer(card.embed(), tuple(rows), Question(QuestionKind.PAPER, paper.key))


def similar_answer(paper: Paper, found: Sequence[Similar], marked: Container[str] | None = None) -> Answer:
    """Show the papers nearest to a paper, each with what both are about; what is bookmarked has a star."""
    card = Card("Similar papers", footer=clip(f"Similar to {paper.label}", 150))
    card.description = "\n\n".join(
        "\n".join(filter(None, (starred(dated_entry(other.paper, 240), other.paper, marked), _reason(paper, other))))
        for other in found
    )
    if not found:
        card.description = "This is the only paper of the programme."
    question, papers = Question(QuestionKind.SIMILAR, paper.key), [other.paper for other in found]
    return Answer(card.embed(), (*paper_menu(papers), *bookmark_menu(papers, marked, question)), question)


def byline_answer(programme: Programme, paper: Paper, number: int) -> Answer:
    """Show the authors of a paper with what else each of them shows; those with most come first."""
    people = {author.key: programme.people[author.key] for author in paper.authors}
    ranked = sorted(people.values(), key=lambda person: -len(person.papers))
    page = Page.of(ranked, number)
    question = Question(QuestionKind.BYLINE, paper.key, page.number)
    card = Card("More by an author", footer=clip(" · ".join(filter(None, (page.note, paper.label))), 150))
    lines = [_also(person, paper) for person in page.entries]
    if all(len(person.papers) == 1 for person in ranked):
        lines.insert(0, "None of the authors has another paper in this programme.")
    card.description = "\n\n".join(lines)
    rows: list[Row] = [buttons] if (buttons := page.buttons(question)) else []
    rows += _author_menu(page.entries)
    return Answer(card.embed(), tuple(rows), question)


def choice_answer(papers: Sequence[Paper], typed: str, search: Question) -> Answer:
    """Ask which of a few papers is meant."""
    card = Card("Did you mean …")
    card.description = "\n\n".join(dated_entry(paper, 250) for paper in papers)
    rows: tuple[Row, ...] = (*paper_menu(papers, "Pick the paper"), (_search_button(typed, search),))
    return Answer(card.embed(), rows)


def nothing_answer(typed: str, search: Question) -> Answer:
    """Say that no paper fits, and offer to search the abstracts."""
    card = Card("No such paper")
    card.description = (
        f"No paper in this programme has a title or an author like {in_quotes(escaped(typed, 200))}.\n"
        "Pick one of the suggestions while you type, or look through everything with `/search`."
    )
    return Answer(card.embed(), ((_search_button(typed, search),),))


def _reason(paper: Paper, other: Similar) -> str:
    """Tell what two papers have in common: what they are about, and who wrote both."""
    keys = {author.key for author in paper.authors}
    authors = joined((escaped(author.name, 60) for author in other.paper.authors if author.key in keys), 120)
    both = joined((escaped(term, 60) for term in other.shared), 200)
    return " · ".join(filter(None, (both and f"Both: {both}", authors and f"Both by {authors}")))


def _search_button(typed: str, search: Question) -> Button:
    return Button(clip(f"Search for {in_quotes(clip(' '.join(typed.split()), 40))}", BUTTON_LABEL), search)


def _track(paper: Paper, sessions: Sequence[Session]) -> str:
    """Name a paper's track, or else those of its sessions."""
    tracks = [paper.track] if paper.track else [session.track for session in sessions]
    return joined((escaped(track, 100) for track in dict.fromkeys(filter(None, tracks))), 200)


def _buttons(
    programme: Programme, paper: Paper, sessions: Sequence[Session], *, marked: bool | None
) -> list[AnyButton]:
    """Return the ways on from a paper that lead somewhere."""
    buttons: list[AnyButton] = [BookmarkButton(paper.key, marked)]
    if len(programme.papers) > 1:
        buttons.append(Button("Similar papers", Question(QuestionKind.SIMILAR, paper.key)))
    more = any(len(programme.people[author.key].papers) > 1 for author in paper.authors)
    if more or len(paper.authors) > MENU_OPTIONS:
        label = "More by an author" if more else "All authors"
        buttons.append(Button(label, Question(QuestionKind.BYLINE, paper.key)))
    if len(sessions) == 1:
        buttons.append(_session_button("All of this session", sessions[0]))
    return buttons


def _session_buttons(sessions: Sequence[Session]) -> Iterator[Button]:
    """Yield a button for each session; those of one name are counted, in the order of time."""
    names = Counter(session.name for session in sessions)
    seen: Counter[str] = Counter()
    for session in sessions:
        seen[session.name] += 1
        number = f" ({seen[session.name]})" if names[session.name] > 1 else ""
        yield _session_button(clip(session.name, BUTTON_LABEL - len(number)) + number, session)


def _session_button(label: str, session: Session) -> Button:
    return Button(label, Question(QuestionKind.SESSION, session.key))


def _author_menu(people: Sequence[Person]) -> tuple[Row, ...]:
    notes = ((person, plural(len(person.papers), "paper") + " in this programme") for person in people)
    return person_menu("Open an author", notes)


def _also(person: Person, paper: Paper) -> str:
    others = [other for other in person.papers if other.key != paper.key]
    titles = joined((heading(other, 100) for other in others), 240)
    return f"**{escaped(person.name, 80)}**" + (f": {titles}" if others else "")


def _missing(paper: Paper) -> list[str]:
    missing = []
    if paper.title is None:
        missing.append("title")
    if not paper.byline:
        missing.append("authors")
    if paper.unnamed:
        missing.append(f"the {'name' if paper.unnamed == 1 else 'names'} of {plural(paper.unnamed, 'author')}")
    if paper.abstract is None:
        missing.append("abstract")
    return missing

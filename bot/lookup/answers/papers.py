"""Answers about papers."""

from collections.abc import Sequence

from bot.programme.model import Paper, Person, Programme, Unnamed
from bot.search import Similar
from bot.ui.answer import Answer, AnyButton, BookmarkButton, Button, LinkButton, Row
from bot.ui.card import Card
from bot.ui.fitting import joined
from bot.ui.limits import BUTTON_LABEL, EMBED_FIELD_VALUE, EMBED_TITLE, LINK_BUTTON_URL, ROW_BUTTONS, clip
from bot.ui.markdown import escaped, render
from bot.ui.menus import paper_menu, person_menu
from bot.ui.pager import Page
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import byline, entry, heading, place, plural, session_lines


def paper_answer(programme: Programme, paper: Paper, *, marked: bool | None) -> Answer:
    """Show one paper: everything the programme knows of it, and the ways on.

    Args:
        programme: the programme it is in.
        paper: the paper.
        marked: whether the reader has bookmarked it; None where there are many readers.
    """
    session = programme.session_of(paper)
    card = Card(heading(paper, EMBED_TITLE), footer=f"key: {paper.key}")
    card.add("Authors", byline(paper, EMBED_FIELD_VALUE))
    card.add("Where and when", f"{session_lines(session)}\n{place(paper, session)}")
    card.add("Links", "\n".join(f"{escaped(link.label, 60)}: {link.url}" for link in paper.links[:4]))
    card.add("Not in the source", joined(_missing(paper), EMBED_FIELD_VALUE))
    if paper.abstract:
        card.description = render(paper.abstract, card.room)
    buttons: list[AnyButton] = [
        BookmarkButton(paper.key, marked),
        Button("Similar papers", Question(QuestionKind.SIMILAR, paper.key)),
        Button("All of this session", Question(QuestionKind.SESSION, session.key)),
    ]
    rows: list[Row] = []
    if paper.authors:
        buttons.insert(2, Button("More by an author", Question(QuestionKind.BYLINE, paper.key)))
    rows.append(tuple(buttons))
    rows += _author_menu([programme.people[author.key] for author in paper.authors])
    if links := [link for link in paper.links if len(link.url) <= LINK_BUTTON_URL]:
        rows.append(tuple(LinkButton(clip(link.label, BUTTON_LABEL), link.url) for link in links[:ROW_BUTTONS]))
    return Answer(card.embed(), tuple(rows), Question(QuestionKind.PAPER, paper.key))


def similar_answer(paper: Paper, found: Sequence[Similar]) -> Answer:
    """Show the papers nearest to a paper, each with the rare words both have."""
    card = Card("Similar papers", footer=clip(f"Similar to #{paper.number} · {paper.label}", 150))
    card.description = "\n".join(
        f"{entry(other.paper, 240)}" + (f"\nboth: {joined(other.shared, 200)}" if other.shared else "")
        for other in found
    )
    if not found:
        card.description = "This is the only paper of the programme."
    return Answer(card.embed(), paper_menu([other.paper for other in found]), Question(QuestionKind.SIMILAR, paper.key))


def byline_answer(programme: Programme, paper: Paper, number: int) -> Answer:
    """Show the authors of a paper with what else each of them shows; those with most come first."""
    people = {author.key: programme.people[author.key] for author in paper.authors}
    ranked = sorted(people.values(), key=lambda person: -len(person.papers))
    page = Page.of(ranked, number)
    question = Question(QuestionKind.BYLINE, paper.key, page.number)
    card = Card("More by an author", footer=clip(" · ".join(filter(None, (page.note, paper.label))), 150))
    lines = [_also(person, paper) for person in page.entries]
    if all(len(person.papers) == 1 for person in ranked):
        lines.insert(0, "None of the authors has another paper in this programme.\n")
    card.description = "\n".join(lines)
    rows: list[Row] = [buttons] if (buttons := page.buttons(question)) else []
    rows += _author_menu(page.entries)
    return Answer(card.embed(), tuple(rows), question)


def choice_answer(papers: Sequence[Paper], typed: str, search: Question) -> Answer:
    """Ask which of a few papers is meant."""
    card = Card("Did you mean …")
    card.description = "\n".join(entry(paper, 250) for paper in papers)
    rows: tuple[Row, ...] = (*paper_menu(papers, "Pick the paper"), (_search_button(typed, search),))
    return Answer(card.embed(), rows)


def nothing_answer(typed: str, search: Question) -> Answer:
    """Say that no paper fits, and offer to search the abstracts."""
    card = Card("No such paper")
    card.description = (
        f"No paper in this programme has a title, number, key or author like “{escaped(typed, 200)}”.\n"
        "Pick one of the suggestions while you type, or look through everything with `/search`."
    )
    return Answer(card.embed(), ((_search_button(typed, search),),))


def _search_button(typed: str, search: Question) -> Button:
    return Button(clip(f"Search for “{clip(' '.join(typed.split()), 40)}”", BUTTON_LABEL), search)


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
    unnamed = sum(entry.count for entry in paper.byline if isinstance(entry, Unnamed))
    if unnamed:
        missing.append(f"the {'name' if unnamed == 1 else 'names'} of {plural(unnamed, 'author')}")
    if paper.abstract is None:
        missing.append("abstract")
    return missing

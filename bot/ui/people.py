"""Answers about authors."""

from collections.abc import Sequence

from bot.programme.model import Person
from bot.questions import About, Question
from bot.ui.answer import Answer, Card, Menu, Option, Row
from bot.ui.limits import EMBED_FIELD_VALUE, EMBED_TITLE, MENU_OPTIONS, OPTION_TEXT, clip
from bot.ui.markdown import escaped
from bot.ui.pager import Page
from bot.ui.papers import paper_menu
from bot.ui.words import entry, joined, plural


def author_answer(person: Person, number: int) -> Answer:
    """Show an author's papers in the programme, and who wrote them too."""
    page = Page.of(person.papers, number)
    question = Question(About.AUTHOR, person.key, page.number)
    card = Card(escaped(person.name, EMBED_TITLE), footer=page.note)
    card.description = f"{plural(len(person.papers), 'paper')} in this programme\n\n" + "\n".join(
        entry(paper, 300) for paper in page.entries
    )
    card.add("Co-authors", joined((escaped(other.name, 100) for other in person.coauthors), EMBED_FIELD_VALUE))
    rows: list[Row] = [buttons] if (buttons := page.buttons(question)) else []
    rows += paper_menu(page.entries)
    if person.coauthors:
        others = person.coauthors[:MENU_OPTIONS]
        rows.append(
            Menu(
                "Open a co-author",
                tuple(Option(clip(other.name, OPTION_TEXT), Question(About.AUTHOR, other.key)) for other in others),
            )
        )
    return Answer(card.embed(), tuple(rows), question)


def people_answer(people: Sequence[Person]) -> Answer:
    """Ask which of several people is meant."""
    card = Card("Which author?")
    card.description = "\n".join(
        f"**{escaped(person.name, 100)}** — {plural(len(person.papers), 'paper')}: {entry(person.papers[0], 200)}"
        for person in people
    )
    options = (
        Option(clip(person.name, OPTION_TEXT), Question(About.AUTHOR, person.key), _first(person)) for person in people
    )
    return Answer(card.embed(), (Menu("Pick the author", tuple(options)),))


def nobody_answer(typed: str) -> Answer:
    """Say that nobody of that name is in the programme."""
    card = Card("No such author")
    card.description = (
        f"Nobody in this programme has a name like “{escaped(typed, 200)}”.\n"
        "Part of the name is enough, in any order; suggestions come while you type. Some authors are not named "
        "in the source."
    )
    return Answer(card.embed())


def _first(person: Person) -> str:
    return clip(person.papers[0].label, OPTION_TEXT)

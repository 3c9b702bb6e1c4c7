"""Answers about authors."""

from collections.abc import Sequence

from bot.programme.model import Person
from bot.ui.answer import Answer, Row
from bot.ui.card import Card
from bot.ui.fitting import joined
from bot.ui.limits import EMBED_FIELD_VALUE, EMBED_TITLE, OPTION_TEXT, clip
from bot.ui.markdown import escaped
from bot.ui.menus import paper_menu, person_menu
from bot.ui.pager import Page
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import entry, plural


def author_answer(person: Person, number: int) -> Answer:
    """Show an author's papers in the programme, and who wrote them too."""
    page = Page.of(person.papers, number)
    question = Question(QuestionKind.AUTHOR, person.key, page.number)
    card = Card(escaped(person.name, EMBED_TITLE), footer=page.note)
    card.description = f"{plural(len(person.papers), 'paper')} in this programme\n\n" + "\n".join(
        entry(paper, 300) for paper in page.entries
    )
    card.add("Co-authors", joined((escaped(other.name, 100) for other in person.coauthors), EMBED_FIELD_VALUE))
    rows: list[Row] = [buttons] if (buttons := page.buttons(question)) else []
    rows += paper_menu(page.entries)
    rows += person_menu("Open a co-author", ((other, "") for other in person.coauthors))
    return Answer(card.embed(), tuple(rows), question)


def people_answer(people: Sequence[Person]) -> Answer:
    """Ask which of several people is meant."""
    card = Card("Which author?")
    card.description = "\n".join(
        f"**{escaped(person.name, 100)}** — {plural(len(person.papers), 'paper')}: {entry(person.papers[0], 200)}"
        for person in people
    )
    notes = ((person, clip(person.papers[0].label, OPTION_TEXT)) for person in people)
    return Answer(card.embed(), person_menu("Pick the author", notes))


def nobody_answer(typed: str) -> Answer:
    """Say that nobody of that name is in the programme."""
    card = Card("No such author")
    card.description = (
        f"Nobody in this programme has a name like “{escaped(typed, 200)}”.\n"
        "Part of the name is enough, in any order; suggestions come while you type. Some authors are not named "
        "in the source."
    )
    return Answer(card.embed())

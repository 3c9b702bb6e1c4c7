"""Answers about authors, and about who chairs sessions."""

from collections.abc import Container, Sequence
from dataclasses import replace

from bot.programme.model import Paper, Person, Programme
from bot.ui.answer import Answer, Row
from bot.ui.card import Card
from bot.ui.fitting import joined, lines_that_fit
from bot.ui.limits import EMBED_FIELD_VALUE, EMBED_TITLE, OPTION_TEXT, clip
from bot.ui.markdown import escaped
from bot.ui.menus import bookmark_menu, paper_menu, person_menu, session_menu
from bot.ui.pager import Page
from bot.ui.places import dated_entry, short_places, when
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import credits_of, entry, in_quotes, starred


def author_answer(programme: Programme, person: Person, number: int, marked: Container[str] | None = None) -> Answer:
    """Show an author's papers in the programme, who wrote them too, and the sessions they chair.

    Args:
        programme: the programme.
        person: the author.
        number: which page.
        marked: what the reader has bookmarked, which has a star; None where there are many readers.
    """
    page = Page.of(person.papers, number)
    question = Question(QuestionKind.AUTHOR, person.key, page.number)
    card = Card(escaped(person.name, EMBED_TITLE), footer=page.note)
    card.description = f"{credits_of(person)} in this programme\n\n" + "\n\n".join(
        starred(_entry(programme, paper), paper, marked) for paper in page.entries
    )
    card.add("Affiliations", joined((escaped(name, 100) for name in person.affiliations), 300))
    chaired = [f"**{escaped(session.name, 80)}** · {when(session)}" for session in person.chaired]
    card.add("Chairs", lines_that_fit(chaired, 500))
    card.add("Co-authors", joined((escaped(other.name, 100) for other in person.coauthors), EMBED_FIELD_VALUE))
    rows: list[Row] = [buttons] if (buttons := page.buttons(question)) else []
    rows += paper_menu(page.entries)
    rows += bookmark_menu(page.entries, marked, question)
    rows += person_menu("Open a co-author", ((other, "") for other in person.coauthors))
    rows += session_menu(person.chaired)
    return Answer(card.embed(), tuple(rows), question)


def author_of_user_answer(programme: Programme, person: Person, marked: Container[str] | None) -> Answer:
    """Show the papers of the author who is called like somebody here, and say that only the name says so."""
    answer = author_answer(programme, person, 0, marked)
    return replace(answer, content=f"-# The author called {escaped(person.name, 100)}; I go by the name alone.")


def no_user_answer(called: str) -> Answer:
    """Say that no author is called like somebody here."""
    card = Card("No papers found")
    named = f"like {in_quotes(escaped(called, 100))}" if called else "like that"
    card.description = (
        f"No author in this programme is called {named}. I know people here by their names alone; "
        "`/author` finds an author by any part of the name."
    )
    return Answer(card.embed())


def people_answer(people: Sequence[Person]) -> Answer:
    """Ask which of several people is meant."""
    card = Card("Which author?")
    card.description = "\n\n".join(
        f"**{escaped(person.name, 100)}** — {credits_of(person)}: {_first(person)}" for person in people
    )
    notes = ((person, clip(_first_name(person), OPTION_TEXT)) for person in people)
    return Answer(card.embed(), person_menu("Pick the author", notes))


def nobody_answer(typed: str) -> Answer:
    """Say that nobody of that name is in the programme."""
    card = Card("No such author")
    card.description = (
        f"Nobody in this programme has a name like {in_quotes(escaped(typed, 200))}.\n"
        "Part of the name is enough, in any order; suggestions come while you type. Some authors are not named "
        "in the source."
    )
    return Answer(card.embed())


def _entry(programme: Programme, paper: Paper) -> str:
    """Return a line about a paper, and more with its places, unless there is one place only."""
    if len(programme.sessions) == 1 and paper.session_keys:
        return dated_entry(paper, 300)
    return f"{entry(paper, 200)}\n{short_places(programme, paper, 175)}"


def _first(person: Person) -> str:
    return dated_entry(person.papers[0], 200) if person.papers else f"**{escaped(_first_name(person), 196)}**"


def _first_name(person: Person) -> str:
    """Return what tells somebody apart from others: the first paper, or the first session they chair."""
    return person.papers[0].label if person.papers else person.chaired[0].name

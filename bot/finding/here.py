"""Finding in this very process: what is found, and what is suggested, is the same wherever it is looked for."""

from collections.abc import Iterable, Sequence

from bot.finding.model import Found, FoundPaper, Suggested, Wanted
from bot.programme.model import Paper, Person
from bot.programme.text import tidy
from bot.search import Index, Query
from bot.ui.limits import CHOICE_NAME, CHOICES, clip
from bot.ui.pager import Page
from bot.ui.wording import credits_of, label

Named = tuple[str, str]
"""A suggestion: what is shown, and what stands for it."""


def find(index: Index, wanted: Wanted) -> Found:
    """Return a page of what a search finds."""
    results = index.search(
        Query.parse(wanted.query),
        session=wanted.session,
        author=wanted.author,
        topic=wanted.topic,
        affiliation=wanted.affiliation,
    )
    page = Page.of(results, wanted.page)
    entries = [FoundPaper(hit.paper, hit.marks) for hit in page.entries]
    return Found(Page(entries, page.number, page.count, page.total), results.corrected)


def suggestions(index: Index, kind: Suggested, typed: str) -> Sequence[Named]:
    """Return what to suggest to somebody who has typed something."""
    if kind is Suggested.PAPERS:
        return paper_suggestions(index.suggest(tidy(typed), CHOICES))
    return author_suggestions(hit.person for hit in index.people(tidy(typed), unfinished=True, limit=CHOICES))


def paper_suggestions(papers: Iterable[Paper]) -> Sequence[Named]:
    """Return the suggestions of papers, each with its board and its first author."""
    return [(label(paper, numbered=True), paper.key) for paper in papers]


def author_suggestions(people: Iterable[Person]) -> Sequence[Named]:
    """Return the suggestions of people, each with how much they present."""
    choices = []
    for person in people:
        papers = f" — {credits_of(person)}"
        choices.append((clip(person.name, CHOICE_NAME - len(papers)) + papers, person.key))
    return choices

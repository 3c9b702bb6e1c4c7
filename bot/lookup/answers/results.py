"""Answers to searches."""

from collections.abc import Sequence

from bot.search import Facet, Hit, Results
from bot.search.snippet import snippet
from bot.ui.answer import Answer, Row
from bot.ui.card import Card
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import EMBED_TITLE, size
from bot.ui.markdown import escaped, render
from bot.ui.menus import paper_menu
from bot.ui.pager import Page
from bot.ui.places import dated_entry
from bot.ui.questions import Question
from bot.ui.wording import plural

_ENTRY = 240
_SNIPPET = 150

HELP = (
    "A few words are enough: `kv cache planning`. They are looked for in titles, authors, affiliations, topics and "
    'abstracts, in any order and with typing errors.\n- `"early exit"` in quotes: exactly these words\n'
    "- `federated -privacy`: without a word\n- `session:`, `author:`, `track:` and `affiliation:` narrow it down, "
    "also without words"
)


def results_answer(results: Results, typed: str, question: Question) -> Answer:
    """Show what a search found, a page at a time, each with the part of its abstract that answers."""
    page = Page.of(results, question.page)
    here = question.on_page(page.number)
    card = Card(f"Results for “{escaped(typed, EMBED_TITLE - 20)}”")
    card.footer = " · ".join(filter(None, (plural(page.total, "paper"), page.note)))
    lines = [_result(hit) for hit in page.entries]
    if results.corrected:
        lines.insert(0, f"Showing results for “{escaped(results.corrected, 200)}”")
    card.description = "\n\n".join(lines)
    rows: list[Row] = [buttons] if (buttons := page.buttons(here)) else []
    return Answer(card.embed(), (*rows, *paper_menu([hit.paper for hit in page.entries])), here)


def no_results_answer(typed: str) -> Answer:
    """Say that nothing was found, and how to search."""
    card = Card("Nothing found")
    card.description = f"No paper fits “{escaped(typed, 200)}”.\n\n{HELP}"
    return Answer(card.embed())


def which_topic_answer(typed: str, found: Sequence[Facet], known: Sequence[Facet]) -> Answer:
    """Ask which track or topic is meant; where none is, tell those of most papers."""
    if found:
        return _which_answer("Which track or topic?", "", found)
    said = f"This programme has no track or topic like “{escaped(typed, 200)}”."
    return _which_answer("No such track or topic", f"{said} It has:" if known else said, known)


def which_affiliation_answer(typed: str, found: Sequence[Facet]) -> Answer:
    """Ask which affiliation is meant, or say that nobody works there."""
    if found:
        return _which_answer("Which affiliation?", "", found)
    said = f"Nobody in this programme has an affiliation like “{escaped(typed, 200)}”. Suggestions come while you type."
    return _which_answer("No such affiliation", said, ())


def _which_answer(title: str, said: str, facets: Sequence[Facet]) -> Answer:
    card = Card(title)
    lines = [f"**{escaped(facet.name, 120)}** — {plural(facet.papers, 'paper')}" for facet in facets]
    card.description = "\n".join(filter(None, (said, lines_that_fit(lines, card.room - size(said) - 1))))
    return Answer(card.embed())


def search_help_answer() -> Answer:
    """Explain how to search to somebody who asked for nothing."""
    return Answer(Card("How to search", description=HELP).embed())


def _result(hit: Hit) -> str:
    line = dated_entry(hit.paper, _ENTRY - 80)
    if hit.paper.abstract is None:
        return line
    part = render(snippet(hit.paper.abstract.plain, hit.marks, _SNIPPET), _SNIPPET + 60)
    return f"{line}\n{part}" if part else line

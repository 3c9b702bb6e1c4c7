"""Answers to searches."""

from collections.abc import Container, Sequence

from bot.finding.model import Found, FoundPaper
from bot.lookup.model import Narrowed
from bot.search import Facet
from bot.search.snippet import snippet
from bot.ui.answer import Answer, Button, Row
from bot.ui.card import Card
from bot.ui.fitting import joined, lines_that_fit
from bot.ui.limits import EMBED_TITLE, clip, size
from bot.ui.markdown import escaped, render
from bot.ui.menus import bookmark_menu, paper_menu
from bot.ui.places import dated_entry
from bot.ui.questions import Question
from bot.ui.wording import in_quotes, plural, starred

_ENTRY = 240
_SNIPPET = 150
_NAME = 80
"""How many characters of the name of what a search is narrowed down to are shown."""

HELP = (
    "A few words are enough: `kv cache planning`. They are looked for in titles, authors, affiliations, topics and "
    'abstracts, in any order and with typing errors.\n- `"early exit"` in quotes: exactly these words\n'
    "- `federated -privacy`: without a word\n- `session:`, `author:`, `track:` and `affiliation:` narrow it down, "
    "also without words"
)


def results_answer(
    found: Found,
    typed: str,
    narrowed: Sequence[Narrowed],
    question: Question,
    marked: Container[str] | None = None,
) -> Answer:
    """Show what a search found, a page at a time, each with the part of its abstract that answers.

    Args:
        found: the page of what was found.
        typed: the words that were asked for; none where everything was that the search is narrowed down to.
        narrowed: what it is narrowed down to.
        question: the search and the page.
        marked: what the reader has bookmarked, which has a star; None where there are many readers.
    """
    page = found.page
    here = question.on_page(page.number)
    asked = typed or " · ".join(one.name for one in narrowed)
    card = Card(f"Results for {in_quotes(escaped(asked, EMBED_TITLE - 20))}")
    named = [f"{one.option}: {clip(one.name, _NAME)}" for one in narrowed if typed]
    card.footer = " · ".join(filter(None, (plural(page.total, "paper"), *named, page.note)))
    lines = [starred(_result(hit), hit.paper, marked) for hit in page.entries]
    if found.corrected:
        lines.insert(0, f"Showing results for {in_quotes(escaped(found.corrected, 200))}")
    card.description = "\n\n".join(lines)
    rows: list[Row] = [buttons] if (buttons := page.buttons(here)) else []
    return Answer(card.embed(), (*rows, *paper_menu(found.papers), *bookmark_menu(found.papers, marked, here)), here)


def no_results_answer(typed: str, narrowed: Sequence[Narrowed], wider: Sequence[tuple[str, Question]] = ()) -> Answer:
    """Say that nothing was found, and offer to search more widely, or say how to search.

    Args:
        typed: the words that were asked for, which may be none.
        narrowed: what the search was narrowed down to.
        wider: searches that find something, each with what it leaves out.
    """
    card = Card("Nothing found")
    named = joined((f"{one.option} **{escaped(one.name, _NAME)}**" for one in narrowed), 700)
    if typed and named:
        said = f"No paper with {named} fits {in_quotes(escaped(typed, 200))}."
    else:
        said = f"No paper fits {in_quotes(escaped(typed, 200))}." if typed else f"No paper has all of this: {named}."
    card.description = said if wider else f"{said}\n\n{HELP}"
    buttons = tuple(Button(f"Search without {left_out}", question) for left_out, question in wider)
    return Answer(card.embed(), (buttons,) if buttons else ())


def which_topic_answer(typed: str, found: Sequence[Facet], known: Sequence[Facet]) -> Answer:
    """Ask which track or topic is meant; where none is, tell those of most papers."""
    if found:
        return _which_answer("Which track or topic?", "", found)
    said = f"This programme has no track or topic like {in_quotes(escaped(typed, 200))}."
    return _which_answer("No such track or topic", f"{said} It has:" if known else said, known)


def which_affiliation_answer(typed: str, found: Sequence[Facet]) -> Answer:
    """Ask which affiliation is meant, or say that nobody works there."""
    if found:
        return _which_answer("Which affiliation?", "", found)
    typed = in_quotes(escaped(typed, 200))
    said = f"Nobody in this programme has an affiliation like {typed}. Suggestions come while you type."
    return _which_answer("No such affiliation", said, ())


def _which_answer(title: str, said: str, facets: Sequence[Facet]) -> Answer:
    card = Card(title)
    lines = [f"**{escaped(facet.name, 120)}** — {plural(facet.papers, 'paper')}" for facet in facets]
    card.description = "\n".join(filter(None, (said, lines_that_fit(lines, card.room - size(said) - 1))))
    return Answer(card.embed())


def search_help_answer() -> Answer:
    """Explain how to search to somebody who asked for nothing."""
    return Answer(Card("How to search", description=HELP).embed())


def _result(hit: FoundPaper) -> str:
    line = dated_entry(hit.paper, _ENTRY - 80)
    if hit.paper.abstract is None:
        return line
    part = render(snippet(hit.paper.abstract.plain, hit.marks, _SNIPPET), _SNIPPET + 60)
    return f"{line}\n{part}" if part else line

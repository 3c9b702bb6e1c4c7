"""How suggestions look."""

from collections.abc import Sequence
from typing import Final

from bot.agenda.suggestions import Suggestion
from bot.programme.model import Programme
from bot.ui.answer import Answer, Button, Row
from bot.ui.card import Card
from bot.ui.fitting import joined
from bot.ui.limits import EMBED_FIELD_VALUE, size
from bot.ui.markdown import escaped
from bot.ui.menus import bookmark_menu, paper_menu
from bot.ui.pager import Page
from bot.ui.places import NO_PLACE, place_line
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import entry, in_quotes, sentence

MOST = 18
"""How many suggestions there are."""

_PAGE = 6
"""How many are on a page: two of them are such as few have seen."""

LONG: Final = 560
"""How many characters a suggestion has where there is room: six of them fit into an embed."""

SHORT: Final = EMBED_FIELD_VALUE // 3 - 2
"""How many it has where three must fit into a field, an empty line between them."""

_ENTRY: Final = 170
"""How many of them the paper has at most."""

_HOW = "Near your bookmarks and never at the same time; every third is one that few have bookmarked."


def for_you_answer(programme: Programme, found: Sequence[Suggestion], number: int, *, bookmarks: bool) -> Answer:
    """Show what somebody may want to see, with the reasons, and let several be bookmarked at once.

    Args:
        programme: the programme.
        found: the suggestions, the best first.
        number: which page.
        bookmarks: whether they have any bookmarks.
    """
    page = Page.of(found, number, _PAGE)
    card = Card("For you", footer=page.note)
    question = Question(QuestionKind.FOR_YOU, page=page.number)
    rows: list[Row] = []
    if not found:
        card.description = "Nothing that is still to come fits into your agenda."
    else:
        lines = [suggestion_lines(programme, one) for one in page.entries]
        card.description = "\n\n".join((_said(found, bookmarks=bookmarks), *lines))
        papers = [one.paper for one in page.entries]
        rows = [*bookmark_menu(papers, frozenset(), question), *paper_menu(papers)]
    agenda = Button("My agenda", Question(QuestionKind.AGENDA))
    return Answer(card.embed(), ((*page.buttons(question), agenda), *rows))


def suggestion_lines(programme: Programme, suggestion: Suggestion, limit: int = LONG) -> str:
    """Tell a suggestion on three lines of so many characters: the paper, when and where it is, and why."""
    session = programme.session(suggestion.shown.session_key) if suggestion.shown else None
    place = place_line(session, suggestion.shown) if session and suggestion.shown else sentence(NO_PLACE)
    below = "\n".join(filter(None, (place, _reason(suggestion, brief=limit < LONG))))
    return f"{entry(suggestion.paper, min(limit - size(below) - 1, _ENTRY), shown=suggestion.shown)}\n{below}"


def _said(found: Sequence[Suggestion], *, bookmarks: bool) -> str:
    near = found[0].to is not None
    if bookmarks and near:
        return _HOW
    if bookmarks:
        return "Nothing to come is near your bookmarks, so these are some that few have bookmarked."
    if near:
        return "You have no bookmarks yet, so these are near what you looked at last. Bookmark some to get closer ones."
    return (
        "You have no bookmarks yet, so these are some that few have bookmarked. Bookmark a few papers, and the next "
        "ones will be near them."
    )


def _reason(suggestion: Suggestion, *, brief: bool) -> str:
    few = "Few have bookmarked it." if suggestion.seldom else ""
    if suggestion.to is None:
        return few
    like = in_quotes(escaped(suggestion.to.label, 36 if brief else 70))
    shared = joined((escaped(word, 40) for word in suggestion.shared), 40 if brief else 100)
    if suggestion.authors:
        by = joined((escaped(author.name, 50) for author in suggestion.authors), 55 if brief else 110)
        why = f"By {by}, as is {like}."
    elif shared:
        why = f"Near {like}: {shared}."
    else:
        why = f"Near {like}."
    return f"{why} {few}".rstrip()

"""How the parts of a programme look."""

from collections.abc import Container, Sequence

from bot.browsing.model import Facet, Part, Place
from bot.programme.model import Paper
from bot.ui.answer import ActionButton, Answer, AnyButton, Button, Menu, Option, Row
from bot.ui.card import Card
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import MENU_OPTIONS, OPTION_TEXT, clip
from bot.ui.markdown import escaped
from bot.ui.menus import bookmark_menu, paper_menu
from bot.ui.pager import Page
from bot.ui.places import dated_entry
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import plural, starred

FOLLOW = "follow"
"""The verb of the button that follows a part, or no longer does."""


def question_of(place: Place, page: int = 0) -> Question:
    """Return the question of what is at a place."""
    return Question(QuestionKind.BROWSE, place.key, page)


def facets_answer(
    papers: int, facets: Sequence[tuple[Facet, int]], followed: Sequence[Part], *, looking: bool
) -> Answer:
    """Offer the ways in which a programme is divided, each with how many parts it has.

    Args:
        papers: how many papers there are.
        facets: the ways, with the number of parts.
        followed: the parts that the reader follows.
        looking: whether topics are still being found.
    """
    place = Place()
    card = Card("Browse", footer=plural(papers, "paper"))
    lines = [f"**{facet.plural.capitalize()}** · {count}" for facet, count in facets]
    if looking:
        lines.append("I am still finding the topics; ask again in a moment.")
    card.description = "\n".join(lines) or "The programme is not divided by topic, track, kind, day or room."
    options = tuple(
        Option(f"By {facet}", question_of(place.choose(facet)), plural(count, facet)) for facet, count in facets
    )
    rows: list[Row] = [Menu("Browse by …", options)] if options else []
    if followed:
        own = tuple(
            Option(clip(part.name, OPTION_TEXT), question_of(place.into(part)), plural(len(part.keys), "paper"))
            for part in followed[:MENU_OPTIONS]
        )
        rows.append(Menu("Open what you follow", own))
    return Answer(card.embed(), tuple(rows), question_of(place))


def parts_answer(
    place: Place, trail: Sequence[Part], found: Sequence[tuple[Part, int]], number: int, *, looking: bool
) -> Answer:
    """Show the parts of the facet that is to be chosen from, each with how many papers it has.

    Args:
        place: where somebody is, and what they choose from.
        trail: the parts they are in.
        found: the parts, with the number of papers.
        number: which page.
        looking: whether topics are still being found.
    """
    facet = place.choosing or Facet.TOPIC
    page = Page.of(found, number, MENU_OPTIONS)
    card = Card(_title(trail, facet.plural.capitalize()), footer=page.note)
    lines = [f"**{escaped(part.name, 120)}** · {count}" for part, count in page.entries]
    if not lines:
        looked = "I am still finding the topics; ask again in a moment."
        lines.append(looked if looking and facet is Facet.TOPIC else f"There are no {facet.plural} here.")
    card.description = lines_that_fit(lines, card.room)
    question = question_of(place, page.number)
    inside = Place(place.steps)
    options = tuple(
        Option(clip(part.name, OPTION_TEXT), question_of(inside.into(part)), plural(count, "paper"))
        for part, count in page.entries
    )
    rows: list[Row] = [buttons] if (buttons := (*page.buttons(question), *_back_buttons(place))) else []
    if options:
        rows.append(Menu(f"Open a {facet}", options))
    return Answer(card.embed(), tuple(rows), question)


def papers_answer(
    place: Place,
    trail: Sequence[Part],
    papers: Sequence[Paper],
    further: Sequence[tuple[Facet, int]],
    number: int,
    *,
    marked: Container[str] | None,
    followed: bool | None,
) -> Answer:
    """Show the papers at a place, and by what they can be narrowed down.

    Args:
        place: where somebody is.
        trail: the parts they are in.
        papers: the papers there.
        further: by what they can be narrowed down, each with into how many parts.
        number: which page.
        marked: what the reader has bookmarked, which has a star; None where there are many readers.
        followed: whether the reader follows this part; None where it can't be followed.
    """
    page = Page.of(papers, number)
    card = Card(_title(trail), footer=" · ".join(filter(None, (plural(page.total, "paper"), page.note))))
    card.description = "\n\n".join(starred(dated_entry(paper, 240), paper, marked) for paper in page.entries)
    question = question_of(place, page.number)
    buttons: list[AnyButton] = [*page.buttons(question)]
    if followed is not None:
        label = "Following: stop" if followed else f"Follow this {trail[0].facet}"
        buttons.append(ActionButton(label, place.key, verb=FOLLOW))
    buttons += _back_buttons(place)
    options = tuple(
        Option(f"By {facet}", question_of(place.choose(facet)), plural(count, facet)) for facet, count in further
    )
    rows: list[Row] = [tuple(buttons)]
    rows += paper_menu(page.entries)
    rows += bookmark_menu(page.entries, marked, question)
    if options:
        rows.append(Menu("Narrow down by …", options))
    return Answer(card.embed(), tuple(rows), question)


def followed_answer(name: str, *, followed: bool) -> Answer:
    """Tell somebody that they follow a part of the programme now, or no longer."""
    card = Card("Following" if followed else "No longer following", description=f"**{escaped(name, 200)}**")
    if followed:
        card.description += "\nNew and moved papers of it are in your morning digest, if you take one."
    return Answer(card.embed())


def _title(trail: Sequence[Part], last: str = "") -> str:
    names = [escaped(part.name, 90) for part in trail]
    return " › ".join(filter(None, (*names, last)))


def _back_buttons(place: Place) -> tuple[Button, ...]:
    """Return the button that leads one menu up."""
    if place.choosing:
        up = Place(place.steps)
    elif place.steps:
        up = Place(place.steps[:-1], place.steps[-1][0])
    else:
        return ()
    return (Button("Back", question_of(up), turns=True),)

"""How claims look to the moderators."""

from collections.abc import Sequence
from datetime import datetime

from discord.utils import format_dt

from bot.authors.answers import link_line
from bot.authors.model import About, Claim, Request, Saying, Slot, Stage, Way
from bot.programme.model import Paper, Programme
from bot.ui.answer import ActionButton, Answer, AnyButton, Button, Menu, Option, Row
from bot.ui.card import Card
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import EMBED_FIELD_VALUE, OPTION_TEXT, ROW_BUTTONS, clip
from bot.ui.markdown import escaped, escaped_line
from bot.ui.pager import Page
from bot.ui.places import dated_entry
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import byline, plural

VERB = "claims"
"""The verb of the moderators' buttons."""

APPROVE = "approve"
REFUSE = "refuse"
BACK = "back"
BACK_SURELY = "backsurely"
PUBLISH = "publish"
HIDE = "hide"
LIST = "list"
OPEN = "open"
"""What they do, as their custom ids say it; then comes a colon and a number."""

REQUEST, CLAIM, SAYING = "request", "claim", "saying"
"""What a subject of a delivery, or a line of the list, begins with; then comes a colon and a number."""

_WAYS = {Way.CODE: "by a code", Way.TICKET: "by the name on their ticket", Way.MODERATOR: "confirmed by a moderator"}
_PAGE = 20


def request_answer(paper: Paper | None, request: Request, holder: Claim | None, namesakes: int) -> Answer:
    """Ask whether somebody is an author.

    Args:
        paper: the paper; None where it is gone.
        request: what they say.
        holder: who is that author already, if somebody is.
        namesakes: how many other papers have an author of that name.
    """
    card = Card("Is this an author?")
    name = escaped_line(request.slot.name, 100)
    card.description = f"<@{request.user_id}> says to be **{name}**, an author of\n{_paper(paper)}"
    card.add("They say", escaped(request.note, EMBED_FIELD_VALUE))
    if paper:
        card.add("Authors", byline(paper.byline, EMBED_FIELD_VALUE))
    warnings = []
    if request.slot.author_key is None:
        warnings.append("The programme names no author of this paper like that.")
    if holder:
        warnings.append(
            f"<@{holder.user_id}> is here as that author already, {_WAYS[holder.way]}: take that back first."
        )
    if namesakes:
        also = plural(namesakes, "other paper has", "other papers have")
        warnings.append(f"{also} an author of that name; this is about this paper alone.")
    card.add("Mind", "\n".join(f"⚠ {warning}" for warning in warnings))
    return Answer(card.embed(), (_request_row(request),))


def _request_row(request: Request) -> Row:
    return (
        ActionButton("Confirm", f"{APPROVE}:{request.id}", verb=VERB),
        ActionButton("Refuse", f"{REFUSE}:{request.id}", verb=VERB),
    )


def claim_answer(paper: Paper | None, claim: Claim, said: Sequence[Saying] = ()) -> Answer:
    """Show a claim, which can be taken back, and what its author says."""
    card = Card("An author is here")
    name, since = escaped_line(claim.slot.name, 100), format_dt(claim.claimed_at, "f")
    card.description = f"<@{claim.user_id}> is **{name}**, {_WAYS[claim.way]}, since {since}\n{_paper(paper)}"
    buttons: list[AnyButton] = [ActionButton("Take it back", f"{BACK}:{claim.id}", dangerous=True, verb=VERB)]
    for saying in said:
        what = "words" if saying.about is About.WORDS else "picture"
        waits = saying.stage is Stage.WAITING
        card.add(f"The {what} {'wait for you' if waits else 'that everybody sees'}", saying_text(saying))
        if waits:
            buttons.append(ActionButton(f"Show the {what} to all", f"{PUBLISH}:{saying.id}", verb=VERB))
        away = "Don't show" if waits else "Delete"
        buttons.append(ActionButton(f"{away} the {what}", f"{HIDE}:{saying.id}", dangerous=not waits, verb=VERB))
    rows = (tuple(buttons[:ROW_BUTTONS]), tuple(buttons[ROW_BUTTONS:]))
    return Answer(card.embed(), tuple(filter(None, rows)))


def saying_answer(paper: Paper | None, claim: Claim, saying: Saying) -> Answer:
    """Ask whether everybody may see what an author says."""
    what = "picture" if saying.about is About.PICTURE else "text"
    card = Card(f"May everybody see this {what}?")
    name = escaped_line(claim.slot.name, 100)
    card.description = f"**{name}** (<@{claim.user_id}>) adds it to\n{_paper(paper)}"
    card.add("The text" if saying.about is About.WORDS else "The picture", saying_text(saying))
    buttons = (
        ActionButton("Show it to all", f"{PUBLISH}:{saying.id}", verb=VERB),
        ActionButton("Don't show it", f"{HIDE}:{saying.id}", verb=VERB),
    )
    return Answer(card.embed(), (buttons,))


def saying_text(saying: Saying) -> str:
    """Return what an author says as the text of a field."""
    if saying.about is About.PICTURE:
        return "A picture of the poster."
    lines = [f"“{escaped(saying.text, 700)}”"] if saying.text else []
    return lines_that_fit([*lines, *map(link_line, saying.links)], EMBED_FIELD_VALUE)


def decided_answer(text: str, paper: Paper | None, *buttons: AnyButton, said: Saying | None = None) -> Answer:
    """Say what was decided, in place of the question.

    Args:
        text: what, as Markdown.
        paper: the paper; None where it is not known.
        buttons: what can still be done.
        said: what it was about, if that was something that an author says.
    """
    card = Card("Decided", description=f"{text}\n{_paper(paper)}" if paper else text)
    card.add("It was", saying_text(said) if said else "")
    ways = [Button("Open the paper", Question(QuestionKind.PAPER, paper.key))] if paper else []
    row = (*buttons, *ways)
    return Answer(card.embed(), (row,) if row else ())


def back_button(claim: Claim) -> ActionButton:
    """Return the button that takes a claim back, which is asked about."""
    return ActionButton("Take it back", f"{BACK}:{claim.id}", dangerous=True, verb=VERB)


def hide_button(saying: Saying) -> ActionButton:
    """Return the button that deletes what an author says."""
    return ActionButton("Delete it", f"{HIDE}:{saying.id}", dangerous=True, verb=VERB)


def taking_back_answer(paper: Paper | None, claim: Claim) -> Answer:
    """Ask whether a claim is really to be taken back."""
    card = Card("Take the claim back?")
    name = escaped_line(claim.slot.name, 100)
    card.description = (
        f"<@{claim.user_id}> will no longer be shown as **{name}**, what they said there goes away, and they hear it. "
        f"From then on only a moderator can confirm this author of the paper.\n{_paper(paper)}"
    )
    sure = ActionButton("Yes, take it back", f"{BACK_SURELY}:{claim.id}", dangerous=True, verb=VERB)
    return Answer(card.embed(), ((sure,),))


def list_answer(
    programme: Programme,
    claims: Sequence[Claim],
    requests: Sequence[Request],
    sayings: Sequence[tuple[Saying, Claim]],
    number: int,
    about: Paper | None = None,
) -> Answer:
    """List who has claimed what and what waits; each opens.

    Args:
        programme: the programme.
        claims: the claims, those that were made last first.
        requests: the requests that wait.
        sayings: what waits to be shown to all, with who says it.
        number: which page.
        about: the paper that it is about; all, unless given.
    """
    lines = [_line(programme, f"{REQUEST}:{one.id}", "asks", one.slot) for one in requests]
    lines += [_line(programme, f"{SAYING}:{one.id}", "to be shown", claim.slot) for one, claim in sayings]
    lines += [_line(programme, f"{CLAIM}:{one.id}", "is here", one.slot) for one in claims]
    page = Page.of(lines, number, _PAGE)
    card = Card("Authors", footer=page.note)
    facts = [plural(len(claims), "author is", "authors are") + " here"]
    facts += [f"{plural(len(requests), 'request waits', 'requests wait')} for you"] if requests else []
    facts += [f"{plural(len(sayings), 'text or picture waits', 'texts and pictures wait')} for you"] if sayings else []
    where = f" of {dated_entry(about, 200)}" if about else ""
    card.description = ", ".join(facts) + where + ".\n\n" + lines_that_fit([text for _, text, _ in page.entries], 3500)
    rows: list[Row] = []
    if page.count > 1:
        rows.append(
            tuple(
                ActionButton(word, f"{LIST}:{to % page.count}:{about.key if about else ''}", verb=VERB)
                for word, to in (("Previous", page.number - 1), ("Next", page.number + 1))
            )
        )
    options = tuple(Option(name, f"{OPEN}:{value}") for value, _, name in page.entries)
    if options:
        rows.append(Menu("Open one", options, verb=VERB))
    return Answer(card.embed(), tuple(rows))


def _line(programme: Programme, value: str, what: str, slot: Slot) -> tuple[str, str, str]:
    """Return a line of the list with the value and the name that it has in the menu."""
    paper, name = programme.papers.get(slot.paper_key), slot.name
    title = paper.label if paper else "a paper that is gone"
    text = f"**{escaped_line(name, 60)}** {what}: {escaped_line(title, 100)}"
    return value, text, clip(f"{clip(name, 40)} {what}: {title}", OPTION_TEXT)


def _paper(paper: Paper | None) -> str:
    return dated_entry(paper, 300) if paper else "a paper that is no longer in the programme."


def counted(claims: Sequence[Claim], waiting: int, since: datetime | None) -> str:
    """Say in a line for those who look after the bot how many authors are here."""
    papers = len({claim.paper_key for claim in claims})
    text = f"**Authors**: {plural(len(claims), 'claim')} on {plural(papers, 'paper')}"
    if waiting and since:
        text += f"; {plural(waiting, 'thing waits', 'things wait')} for the moderators since {format_dt(since, 'R')}"
    return text

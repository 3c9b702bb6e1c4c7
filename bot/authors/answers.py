"""How claims look to attendees and to authors."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.authors.model import About, Claim, Request, Saying, Stage, Way
from bot.programme.model import Paper, Programme
from bot.programme.source import Link
from bot.ui.answer import ActionButton, Answer, AnyButton, LinkButton, Menu, Option, Row
from bot.ui.card import Card
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import EMBED_FIELD_VALUE, MENU_OPTIONS
from bot.ui.links import host_of
from bot.ui.markdown import escaped, escaped_line
from bot.ui.pager import Page
from bot.ui.places import dated_entry
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import heading, label, option_note, plural

VERB = "author"
"""The verb of the buttons of attendees and authors."""

START = "start"
CODE = "code"
TICKET = "ticket"
ASK = "ask"
WITHDRAW = "withdraw"
EDIT = "edit"
AGAIN = "again"
NO_PICTURE = "nopicture"
QUIET = "quiet"
LOUD = "loud"
LOOKED = "looked"
LEAVE = "leave"
LEAVE_SURELY = "leavesurely"
OWN = "own"
MINE = "mine"
"""What they do, as their custom ids say it; then comes a colon and what it is about, mostly a paper's key."""

FIELD = "From the authors"
"""What the field is called that says who of the authors is here."""

UNREACHABLE = (
    "I could not write to you about your papers: your direct messages are closed to me. Open them in the server's "
    "privacy settings, and press **Write to me** on your paper under `/mypapers`; until then I won't try."
)

_LABELS = {Way.CODE: "Enter my code", Way.TICKET: "Use the name on my ticket", Way.MODERATOR: "Ask the moderators"}
_ACTIONS = {Way.CODE: CODE, Way.TICKET: TICKET, Way.MODERATOR: ASK}
_HOW = {
    Way.CODE: "by the code that the organizers mailed them",
    Way.TICKET: "by the name on their ticket",
    Way.MODERATOR: "as a moderator confirmed",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """An author who is here, and what they say.

    Attributes:
        claim: who they are.
        text: their sentence; empty for none.
        links: their links.
        picture: whether there is a picture of their poster.
    """

    claim: Claim
    text: str = ""
    links: tuple[Link, ...] = ()
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody's own claim is.

    Attributes:
        claim: the claim.
        sayings: what they say, in every stage.
        url: the address of the place where people talk about the paper; empty for none yet.
        unreachable: whether their direct messages are closed.
    """

    claim: Claim
    sayings: Sequence[Saying]
    url: str = ""
    unreachable: bool = False
    by: Mapping[tuple[About, Stage], Saying] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by", {(one.about, one.stage): one for one in self.sayings})


def start_button(key: str) -> ActionButton:
    """Return the button by which an author begins."""
    return ActionButton("I am an author", f"{START}:{key}", verb=VERB)


def voice_lines(voices: Iterable[Voice]) -> list[str]:
    """Tell who of the authors is here, and what each says, a line each."""
    return [_voice(voice) for voice in voices]


def voices_text(voices: Sequence[Voice]) -> str:
    """Return that as the text of a field, with the links, as far as there is room."""
    return lines_that_fit([*voice_lines(voices), *map(link_line, links_of(voices))], EMBED_FIELD_VALUE)


def links_of(voices: Iterable[Voice]) -> tuple[Link, ...]:
    """Return the links of the authors who are here, each once."""
    return tuple(dict.fromkeys(link for voice in voices for link in voice.links))


def link_line(link: Link) -> str:
    """Tell a link; where it leads can be read."""
    return f"{escaped_line(link.label or host_of(link.url) or 'Link', 80)}: <{link.url}>"


def _voice(voice: Voice) -> str:
    says = f": “{escaped_line(voice.text, 600)}”" if voice.text else ""
    poster = " (a picture of the poster is in the discussion)" if voice.picture else ""
    return f"✓ **{escaped_line(voice.claim.slot.name, 80)}** is here as <@{voice.claim.user_id}>{says}{poster}"


def claiming_answer(paper: Paper, reader: int, ways: Collection[Way], voices: Sequence[Voice]) -> Answer:
    """Offer somebody to show that they are an author of a paper."""
    card = Card(heading(paper, 256))
    card.description = (
        f"Are you an author of this paper? Then show it here, and everybody will see that <@{reader}> is one of its "
        "authors. You hear when somebody writes about it, and you can add a sentence, links and a picture of your "
        "poster."
    )
    card.add(FIELD, voices_text(voices))
    return Answer(card.embed(), ways_row(paper.key, ways))


def ways_row(key: str, ways: Collection[Way]) -> tuple[Row, ...]:
    """Return the buttons for the ways in which somebody can show that they are an author."""
    buttons = [ActionButton(_LABELS[way], f"{_ACTIONS[way]}:{key}", verb=VERB) for way in Way if way in ways]
    return (tuple(buttons),) if buttons else ()


def not_by_ticket_answer(key: str, text: str, ways: Collection[Way]) -> Answer:
    """Say why the name on somebody's ticket does not do, and what else there is."""
    return Answer(None, ways_row(key, [way for way in ways if way is not Way.TICKET]), content=text)


def asked_answer(paper: Paper, request: Request) -> Answer:
    """Tell somebody that the moderators were asked."""
    card = Card("The moderators decide", description=dated_entry(paper, 300))
    name = escaped_line(request.slot.name, 100)
    card.description += f"\n\nYou asked them to confirm that you are **{name}**. I write to you when they have decided."
    return Answer(card.embed(), ((ActionButton("Take it back", f"{WITHDRAW}:{paper.key}", verb=VERB),),))


def own_answer(paper: Paper, standing: Standing, *, news: str = "") -> Answer:
    """Show somebody their own paper: who they are there, what they say, and what they can do.

    Args:
        paper: the paper.
        standing: how their claim is.
        news: what has just happened.
    """
    claim, key = standing.claim, paper.key
    card = Card("Your paper")
    lines = [dated_entry(paper, 300), f"You are here as **{escaped_line(claim.slot.name, 100)}**, {_HOW[claim.way]}."]
    lines += ["You hear nothing of it." if claim.quiet else "I write to you when somebody writes about it."]
    if standing.unreachable:
        lines.append("I could not write to you: open your direct messages in the server's privacy settings.")
    card.description = "\n\n".join(filter(None, (news, "\n".join(lines))))
    for stage, name in ((Stage.PUBLIC, "Everybody sees"), (Stage.WAITING, "The moderators look at it")):
        card.add(name, _said(standing, stage))
    buttons: list[AnyButton] = [ActionButton("Edit what I say", f"{EDIT}:{key}", verb=VERB)]
    if any(saying.about is About.PICTURE for saying in standing.sayings):
        buttons.append(ActionButton("Remove the picture", f"{NO_PICTURE}:{key}", verb=VERB))
    action, words = (LOUD, "Write to me") if claim.quiet else (QUIET, "Don't write to me")
    buttons.append(ActionButton(words, f"{action}:{key}", verb=VERB))
    buttons.append(ActionButton("I am no author of it", f"{LEAVE}:{key}", dangerous=True, verb=VERB))
    ways = [LinkButton("Open the discussion", standing.url)] if standing.url else []
    return Answer(card.embed(), (tuple(buttons), (*ways, _PAPERS)))


def _said(standing: Standing, stage: Stage) -> str:
    words, picture = (standing.by.get((about, stage)) for about in (About.WORDS, About.PICTURE))
    lines = [f"“{escaped(words.text, 600)}”"] if words and words.text else []
    lines += [link_line(link) for link in words.links] if words else []
    if picture:
        lines.append("A picture of the poster.")
    return "\n".join(lines)


def leaving_answer(paper: Paper) -> Answer:
    """Ask whether somebody is really no author of a paper."""
    card = Card("You are no author of this paper?", description=dated_entry(paper, 300))
    card.description += "\n\nWhat you said there goes away, and nobody sees any more that you are one of its authors."
    sure = ActionButton("I am no author of it", f"{LEAVE_SURELY}:{paper.key}", dangerous=True, verb=VERB)
    return Answer(card.embed(), ((sure, ActionButton("Back", f"{OWN}:{paper.key}", verb=VERB)),))


def left_answer(paper: Paper) -> Answer:
    """Say that somebody is no author of a paper any more."""
    text = f"{dated_entry(paper, 300)}\n\nYou are no longer shown as one of its authors."
    return Answer(Card("Done", description=text).embed(), ((_PAPERS,),))


def papers_answer(
    programme: Programme, claims: Sequence[Claim], requests: Sequence[Request], number: int, ways: Collection[Way]
) -> Answer:
    """List the papers that somebody has shown to be an author of, and what they asked the moderators."""
    page = Page.of(claims, number)
    card = Card("Your papers", footer=page.note)
    papers = [(claim, programme.papers.get(claim.paper_key)) for claim in page.entries]
    lines = [dated_entry(paper, 250) if paper else _gone(claim.slot.name) for claim, paper in papers]
    card.description = "\n\n".join(lines) or (
        "Nobody knows yet that you are an author. Open your paper and press **I am an author**"
        + (", or use this command with your code." if Way.CODE in ways else ".")
    )
    asked = [(request, programme.papers.get(request.slot.paper_key)) for request in requests]
    waiting = [dated_entry(paper, 200) for request, paper in asked if paper and request.is_open]
    card.add("The moderators decide", lines_that_fit(waiting, EMBED_FIELD_VALUE))
    rows: list[Row] = [turn] if (turn := page.buttons(Question(QuestionKind.MY_PAPERS, page=page.number))) else []
    options = tuple(
        Option(label(paper), f"{OWN}:{paper.key}", option_note(paper)) for _, paper in papers if paper is not None
    )
    if options:
        rows.append(Menu("What I say there, and what I hear", options[:MENU_OPTIONS], verb=VERB))
    return Answer(card.embed(), tuple(rows))


def _gone(name: str) -> str:
    return f"A paper by {escaped_line(name, 80)} that is no longer in the programme."


def kept_lines(claims: Sequence[Claim], requests: Sequence[Request], sayings: int) -> list[str]:
    """Tell what is kept about somebody."""
    lines = []
    if claims:
        lines.append(
            f"That you are an author of {plural(len(claims), 'paper')}: your Discord id with the paper, the author's "
            "name, how you showed it and when, and whether I wrote to you. `/mypapers` shows them."
        )
    if sayings:
        lines.append("What you say on your papers: the words and links, and where the pictures are.")
    if requests:
        lines.append(
            f"{plural(len(requests), 'request')} to the moderators to confirm that you are an author, with what you "
            "wrote to them."
        )
    return lines


_PAPERS = ActionButton("My papers", MINE, verb=VERB)

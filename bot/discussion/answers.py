"""How a place looks: its name, its first message, and how answers about a paper or a session lead to it."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import discord

from bot.discussion.model import Addition, Place, Subject, SubjectKind
from bot.programme.model import Paper, Programme, Session
from bot.programme.text import Text
from bot.ui.answer import ActionButton, Answer, AnyButton, BookmarkButton, LinkButton
from bot.ui.card import Card
from bot.ui.fitting import joined, lines_that_fit
from bot.ui.limits import EMBED_FIELD_VALUE, EMBED_TITLE, clip
from bot.ui.links import link_buttons, link_lines
from bot.ui.markdown import escaped, render
from bot.ui.moments import local_moment
from bot.ui.places import about, places, when, where
from bot.ui.wording import byline, heading, plural

DISCUSS = "discuss"
"""The verb of the button that opens a place."""

THREAD_NAME = 100
"""How many characters a thread's name has at most (Discord's documentation, Channel Object)."""

_MOST_BUTTONS = 25
_ABSTRACT = 1_500
"""How much of an abstract the first message shows: people scroll past it each time they come."""


@dataclass(frozen=True, slots=True)
class Starter:
    """A place as it should look.

    Attributes:
        name: the thread's name, plain text.
        embed: what the first message says.
        buttons: its buttons, besides the first one, by which it is known.
    """

    name: str
    embed: discord.Embed
    buttons: tuple[AnyButton, ...]

    def fingerprints(self, tags: Iterable[str] = ()) -> str:
        """Return fingerprints of the name, the names of the tags and the first message, between colons."""
        parts = (self.name, "\n".join(tags), f"{self.embed.to_dict()!r}{self.buttons!r}")
        return ":".join(hashlib.sha256(part.encode("utf-8", "surrogatepass")).hexdigest()[:12] for part in parts)


def exists(programme: Programme, subject: Subject) -> bool:
    """Tell whether what a place is about is in the programme."""
    if subject.kind is SubjectKind.PAPER:
        return subject.key in programme.papers
    return programme.session(subject.key) is not None


def starter(programme: Programme, subject: Subject, additions: Sequence[Addition] = ()) -> Starter | None:
    """Return how a place should look; None where what it is about is not in the programme."""
    if subject.kind is SubjectKind.PAPER:
        paper = programme.papers.get(subject.key)
        return _about_paper(programme, paper, additions) if paper else None
    session = programme.session(subject.key)
    return _about_session(programme, session, additions) if session else None


def gone_starter(subject: Subject, name: str) -> Starter:
    """Return how a place should look whose paper or session has left the programme."""
    card = Card(escaped(name, EMBED_TITLE))
    card.description = f"This {subject.kind} is no longer in the programme. What was said about it stays here."
    return Starter(name, card.embed(), ())


def discuss_button(subject: Subject) -> ActionButton:
    """Return the button that opens a place."""
    return ActionButton("Discuss", subject.code, verb=DISCUSS)


def talk_text(place: Place) -> str:
    """Tell, as Markdown, where people talk, how much was written, and when last."""
    if place.last_at is None:
        return f"[Open the discussion]({place.url}): nobody has written there yet"
    last = discord.utils.format_dt(place.last_at, "R")
    return f"[{plural(place.messages, 'message')}]({place.url}), the last {last}"


def place_answer(place: Place) -> Answer:
    """Lead somebody to a place."""
    text = f"People talk about this {place.subject.kind} in <#{place.thread_id}>."
    if place.last_at:
        text += f" The last message there: {discord.utils.format_dt(place.last_at, 'R')}."
    return Answer(None, ((LinkButton("Open the discussion", place.url),),), content=text)


def ahead_answer(session: Session, channel_id: int, there: int, of_all: int) -> Answer:
    """Tell an organizer how many of a session's places are made."""
    name = escaped(session.name, 200)
    if there == of_all:
        return Answer(None, content=f"**{name}**: {_all_open(of_all)} in <#{channel_id}>.")
    text = (
        f"**{name}**: {there} of {plural(of_all, 'discussion')} in <#{channel_id}> "
        f"{'is' if there == 1 else 'are'} open. I open the others one after the other, also if I am restarted; use the "
        "command again to see how far that is."
    )
    return Answer(None, content=text)


def _all_open(count: int) -> str:
    return "its discussion is open" if count == 1 else f"all {count} discussions are open"


def _about_paper(programme: Programme, paper: Paper, additions: Sequence[Addition]) -> Starter:
    card = Card(heading(paper, EMBED_TITLE), footer="Ask, answer, and say where to meet.")
    card.add("Authors", byline(paper.byline, EMBED_FIELD_VALUE))
    card.add("Where and when", places(programme, paper))
    card.add("Topics", joined((escaped(topic, 80) for topic in paper.topics), 300))
    links = link_buttons(paper.links, paper.abstract)
    card.add("Links", link_lines(paper.links, links))
    buttons: list[AnyButton] = [BookmarkButton(paper.key)]
    return _finished(card, paper.label, paper.abstract, buttons, links, additions)


def _about_session(programme: Programme, session: Session, additions: Sequence[Addition]) -> Starter:
    card = Card(escaped(session.name, EMBED_TITLE), footer="Ask, answer, and say where to meet.")
    card.add("Where and when", "\n".join(filter(None, (where(session), when(session), about(session)))))
    card.add("Chairs", byline(session.chairs, 500))
    links = link_buttons(session.links)
    card.add("Links", link_lines(session.links, links))
    names = Counter(one.name for one in programme.sessions)
    name = session.name
    if names[name] > 1 and session.starts_at:
        time = f" ({local_moment(session.starts_at, session.zone)})"
        name = clip(name, THREAD_NAME - len(time)) + time
    return _finished(card, name, session.abstract, [], links, additions)


def _finished(
    card: Card,
    name: str,
    abstract: Text | None,
    buttons: Sequence[AnyButton],
    links: Sequence[object],
    additions: Sequence[Addition],
) -> Starter:
    """Add what others add, and as much of the abstract as there is room for."""
    for addition in additions:
        card.add(addition.name, lines_that_fit(addition.lines, EMBED_FIELD_VALUE))
    if abstract:
        card.description = render(abstract, min(card.room, _ABSTRACT))
    embed = card.embed()
    if image := next((addition.image for addition in additions if addition.image), ""):
        embed.set_image(url=image)
    added = [button for addition in additions for button in addition.buttons]
    opened = [button for row in links if isinstance(row, tuple) for button in row]
    shown = (*buttons, *added, *opened)[: _MOST_BUTTONS - 1]
    return Starter(clip(" ".join(name.split()), THREAD_NAME) or "Discussion", embed, shown)

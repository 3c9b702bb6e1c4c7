"""How a digest looks, and what is said about getting one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

import discord

from bot.agenda.answers import agenda_lines, clashes_in
from bot.agenda.model import Item, gathered
from bot.digest.model import USUAL
from bot.programme.days import in_time_order
from bot.programme.model import Session
from bot.ui.answer import ActionButton, Answer, Button, Row
from bot.ui.card import Card
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import EMBED_FIELD_VALUE
from bot.ui.places import day_name, session_lines
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import plural

VERB: Final = "digest"
STOP: Final = "stop"
"""What a digest's own button does, as its custom id says it; to get one it says the time, such as "08:00"."""

UNREACHABLE: Final = (
    "I could not send you the digest you asked for: your direct messages are closed to me. Open them in the server's "
    "privacy settings and use `/digest` again; until then I won't try."
)

_DAY = 2200
"""How many characters one's own day has, so that the rest has room beside it."""

_FIRST = 4
"""How many of the day's sessions are named where somebody has bookmarked nothing of it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a digest besides one's own day.

    Attributes:
        heading: what it is called.
        texts: what it says, ready as Markdown; each has a field's room.
    """

    heading: str
    texts: Sequence[str]


def digest_embed(
    day: date, sessions: Sequence[Session], items: Sequence[Item], parts: Sequence[Part], *, begun: bool = False
) -> discord.Embed:
    """Tell somebody what a day brings.

    Args:
        day: the day where the conference is.
        sessions: the programme's sessions of that day that are not over.
        items: what they bookmarked of it.
        parts: what else there is to say.
        begun: whether some sessions of that day are over.
    """
    card = Card(f"Your {day_name(day)}", footer="By the conference's own calendar. You asked for this with /digest.")
    if items:
        card.description = lines_that_fit(agenda_lines(gathered(items), None), _DAY)
    else:
        first = in_time_order(sessions)[:_FIRST]
        what = "Still to come:" if begun else "The day begins with:"
        said = f"Nothing of what is on is bookmarked yet. {what}"
        card.description = "\n\n".join((said, *map(session_lines, first)))
    card.add("At the same time", clashes_in(items))
    for part in parts:
        for place, text in enumerate(part.texts):
            card.add("" if place else part.heading, text)
    return card.embed()


def changes_part(lines: Sequence[str], *, first: bool) -> Part:
    """Tell what has changed in one's agenda since the last digest, or since they were asked for."""
    if not lines:
        return Part("", ())
    return Part(
        "Changed lately" if first else "Changed since your last digest", [lines_that_fit(lines, EMBED_FIELD_VALUE)]
    )


def digest_questions(day: date) -> list[tuple[str, Question]]:
    """Return what the buttons below a digest ask, with their labels."""
    return [
        ("My agenda", Question(QuestionKind.AGENDA)),
        ("The whole day", Question(QuestionKind.SCHEDULE, day.isoformat())),
        ("What is on", Question(QuestionKind.NOW)),
        ("For you", Question(QuestionKind.FOR_YOU)),
    ]


def digest_answer(embed: discord.Embed, day: date, at: time | None) -> Answer:
    """Show a digest to whoever asks for it, and offer to send one each morning, or to end that."""
    buttons = tuple(Button(label, question) for label, question in digest_questions(day))
    return Answer(embed, (buttons, _wish_buttons(at)), content=_now_and_then(at))


def no_digest_answer(at: time | None) -> Answer:
    """Say that no day of the conference is left."""
    card = Card("No digest", description="No day of the conference is left that I could tell you of.")
    return Answer(card.embed(), (_wish_buttons(at),) if at else ())


def wish_answer(at: time | None, days: int) -> Answer:
    """Confirm somebody's wish for a digest, or that they want none.

    Args:
        at: at which time of day, or None for none.
        days: on how many days of the conference that is still to come.
    """
    if at is None:
        return Answer(Card("No digest", description="I send you no digest any more.").embed())
    card = Card("Your morning digest")
    coming = f" That is {plural(days, 'more day')}." if days else " No such day is left."
    card.description = (
        f"On each day of the conference, at {at:%H:%M} by its own clock, you get a direct message with your day, what "
        f"has changed in it and what else may be for you.{coming} Your privacy settings must let me write to you."
    )
    return Answer(card.embed(), (_wish_buttons(at),))


def kept_line(at: time) -> str:
    """Tell what is kept about somebody who gets a digest."""
    return (
        f"Your wish for a digest at {at:%H:%M} on each day of the conference, with your Discord id and since when, and "
        "which digests were sent. `/digest` changes it."
    )


def _wish_buttons(at: time | None) -> Row:
    if at:
        return (ActionButton("Stop the digest", STOP, verb=VERB),)
    return (ActionButton(f"Send me this at {USUAL:%H:%M} each day", f"{USUAL:%H:%M}", verb=VERB),)


def _now_and_then(at: time | None) -> str:
    return f"You get this at {at:%H:%M} on each day of the conference." if at else ""

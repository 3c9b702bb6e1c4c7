"""What the bot tells the moderators and organizers of the programme's source without having been asked."""

from dataclasses import replace
from datetime import tzinfo

import discord

from bot.moderating.answers import proposal_answer
from bot.moderating.difference_answer import difference_text
from bot.moderating.model import Findings, PendingChange
from bot.programme.difference import Difference
from bot.sources.watch_state import WatchState
from bot.ui.answer import ActionButton, Answer
from bot.ui.markdown import escaped
from bot.ui.moments import told

_NAME = 200
_REASON = 600


def question_answer(change: PendingChange, token: str) -> Answer:
    """Ask whether a change of the source is to be applied."""
    answer = proposal_answer(change, token, asked=True)
    looks_wrong = ", and it looks wrong" if change.findings.suspicions else ""
    text = (
        f"The programme's source has changed{looks_wrong}: {escaped(change.about, _NAME)}. "
        "Nothing of it is in use until a moderator applies it. What you ignore is not shown again."
    )
    return replace(answer, content=text)


def decided_answer(question: Answer, text: str) -> Answer:
    """Say what became of a question; what it was about is still shown."""
    return replace(question, content=text, rows=())


def applied_alone_answer(difference: Difference, name: str, undo: ActionButton) -> Answer:
    """Tell what was applied without asking, with the button that takes it back."""
    answer, pages = difference_text(difference, Findings(), title="What has changed")
    if pages > 1 and answer.embed:
        answer.embed.set_footer(text=f"The first of {pages} pages. Undo… shows all before it undoes anything.")
    text = f"The programme's source has changed, and this is in use now: {escaped(name, _NAME)}."
    return replace(answer, content=text, rows=((undo,),))


def failing_answer(state: WatchState) -> Answer:
    """Tell that a source has been away for long, or is no programme any more."""
    since = f" since {discord.utils.format_dt(state.failing_since, 'R')}" if state.failing_since else ""
    what = "is no programme the bot can read" if state.unreadable else "can't be reached"
    return Answer(
        None,
        content=f"The programme's source {escaped(state.name, _NAME)} {what}{since}: {escaped(state.reason, _REASON)}\n"
        "The programme that is in use stays. I keep looking, and say when this is over.",
    )


def recovered_answer(before: WatchState, zone: tzinfo) -> Answer:
    """Tell that a source is there again, of which it was told that it is not.

    Args:
        before: how it was.
        zone: the conference's zone.
    """
    since = f" It was not since {told(before.failing_since, zone)}." if before.failing_since else ""
    return Answer(None, content=f"The programme's source {escaped(before.name, _NAME)} is there again.{since}")

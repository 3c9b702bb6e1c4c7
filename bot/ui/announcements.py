"""How announcements look: in their channels, in the preview, in lists, and what became of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import discord

from bot.announcements import TEXT, Announcement, Draft, Purpose, Status, Wording
from bot.due import State
from bot.questions import About, Question
from bot.store.announcements import Issue
from bot.store.ledger import Entry
from bot.ui.answer import COLOUR, ActionButton, Answer, Button, Card, Row
from bot.ui.limits import CHOICE_NAME, EMBED_FIELD_VALUE, EMBED_TITLE, clip, size
from bot.ui.markdown import escaped

VERB = "announce"
"""How the custom ids of the buttons here begin."""

SCHEDULE = ("See the schedule", Question(About.SCHEDULE))
"""The button under every announcement."""

NameOf = Callable[[int], str]
"""Calls a channel by its id what people call it, as Markdown."""

_NOTE = 1500
"""How much room there is beside an announcement in one message."""

_SEND = {Purpose.POST: "Send", Purpose.EDIT: "Save", Purpose.CORRECT: "Send correction"}
_PREVIEWS = {
    Purpose.POST: "Preview: nothing is posted yet",
    Purpose.EDIT: "Preview: nothing is changed yet",
    Purpose.CORRECT: "Preview: nothing is corrected yet",
}


@dataclass(frozen=True, slots=True)
class Review:
    """A draft, looked at before it is sent.

    Attributes:
        draft: the draft.
        wording: what it says; None where there are faults.
        faults: why it can't be sent as it is.
        warnings: what will go wrong, or may.
        places: where it goes, a line each.
        ping: the mention of the role that it pings, or nothing.
        reach: how many people that pings; None where nobody knows.
    """

    draft: Draft
    wording: Wording | None
    faults: Sequence[str]
    warnings: Sequence[str]
    places: Sequence[str]
    ping: str = ""
    reach: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview as a message: what is said, and the answer that has its buttons."""

    content: str
    embeds: Sequence[discord.Embed]
    answer: Answer


def announcement_embed(wording: Wording, corrected_at: datetime | None = None) -> discord.Embed:
    """Show an announcement as it was written."""
    embed = discord.Embed(
        title=clip(wording.title, EMBED_TITLE),
        description=clip(wording.text, TEXT),
        url=wording.link,
        colour=COLOUR,
        timestamp=corrected_at,
    )
    if wording.image:
        embed.set_image(url=wording.image)
    if corrected_at:
        embed.set_footer(text="Corrected")
    return embed


def preview(review: Review, token: str, now: datetime) -> Preview:
    """Show a draft exactly as it will be, with what is to be known before it is sent."""
    edit, leave = _action("Edit", f"edit:{token}"), _action("Cancel", f"discard:{token}")
    if review.wording is None:
        card = Card("This can't be sent yet")
        card.description = lines_within([f"❌ {fault}" for fault in review.faults], _NOTE)
        return Preview("", [card.embed()], Answer(card.embed(), ((edit, leave),)))
    purpose = review.draft.purpose
    card = Card(_PREVIEWS[purpose])
    card.description = lines_within(_notes(review), _NOTE)
    send = _action("Schedule" if purpose is Purpose.POST and review.draft.due_at else _SEND[purpose], f"send:{token}")
    rows: tuple[Row, ...] = ((Button(*SCHEDULE),), (send, edit, leave))
    corrected_at = now if purpose is Purpose.CORRECT else None
    embeds = [announcement_embed(review.wording, corrected_at), card.embed()]
    return Preview(review.ping, embeds, Answer(card.embed(), rows))


def lines_within(lines: Sequence[str], limit: int) -> str:
    """Join lines, leaving out whole ones at the end, counted, where they don't fit."""
    for kept in range(len(lines), -1, -1):
        rest = [f"… and {len(lines) - kept} more"] if kept < len(lines) else []
        text = "\n".join([*lines[:kept], *rest])
        if size(text) <= limit:
            return text
    return ""


def outcome_answer(issue: Issue, name_of: NameOf, notes: Mapping[int, str], now: datetime) -> Answer:
    """Tell where an announcement went and where not, and why.

    Args:
        issue: the announcement.
        name_of: calls a channel what people call it.
        notes: what else there is to say about what was sent, by the channel's id.
        now: the present moment.
    """
    announcement = issue.announcement
    if announcement.due_at > now:
        card = Card("Scheduled")
        first = f"“{escaped(announcement.wording.title, 100)}” goes out {_moment(announcement.due_at)}."
    else:
        card = Card("What became of it")
        first = f"“{escaped(announcement.wording.title, 100)}”"
    lines = [course_line(entry, name_of, notes.get(entry.delivery.target_id, "")) for entry in issue.entries]
    card.description = lines_within([first, *lines], 3_800)
    return Answer(card.embed())


def cancelling_answer(issue: Issue, token: str, name_of: NameOf) -> Answer:
    """Ask whether an announcement is really not to go out."""
    announcement = issue.announcement
    card = Card(clip(f"Cancel “{escaped(announcement.wording.title, 150)}”?", EMBED_TITLE))
    lines = [course_line(entry, name_of) for entry in issue.entries]
    card.description = lines_within([f"It is to go out {_moment(announcement.due_at)}.", *lines], 3_800)
    buttons = (_action("Cancel it", f"cancel:{token}", dangerous=True), _action("Keep it", f"keep:{token}"))
    return Answer(card.embed(), (buttons,))


def cancelled_answer(issue: Issue, name_of: NameOf) -> Answer:
    """Tell what will not go out any more, and what a courier had taken already."""
    taken = issue.in_state(State.SENT, State.CLAIMED)
    card = Card("Cancelled, but not everywhere" if taken else "Cancelled")
    lines = [course_line(entry, name_of) for entry in issue.entries]
    if issue.in_state(State.CLAIMED):
        lines.append("What is on its way already may still arrive; `/announce list` tells.")
    card.description = lines_within([f"“{escaped(issue.announcement.wording.title, 100)}”", *lines], 3_800)
    return Answer(card.embed())


def list_answer(issues: Sequence[Issue], name_of: NameOf) -> Answer:
    """List what is scheduled, what is being sent, what never went out, and what was sent."""
    card = Card("Announcements")
    groups: dict[Status, list[Issue]] = {}
    for issue in issues:
        groups.setdefault(issue.status, []).append(issue)
    scheduled = sorted(groups.get(Status.SCHEDULED, ()), key=lambda issue: issue.announcement.due_at)
    for name, group in (
        ("Scheduled", scheduled),
        ("On its way", groups.get(Status.UNDERWAY, [])),
        ("Never went out", groups.get(Status.LOST, [])),
        ("Sent", groups.get(Status.SENT, [])),
    ):
        card.add(name, lines_within([_list_line(issue, name_of) for issue in group], EMBED_FIELD_VALUE))
    if not card.fields:
        card.description = "There are none yet."
    return Answer(card.embed())


def done_answer(text: str) -> Answer:
    """Confirm something in one sentence."""
    return Answer(Card(text).embed())


def choice_name(announcement: Announcement, local: datetime) -> str:
    """Call an announcement something in a list of suggestions, as plain text."""
    moment = f" · {local:%a %-d %b %H:%M}"
    return clip(announcement.wording.title, CHOICE_NAME - len(moment)) + moment


def course_line(entry: Entry, name_of: NameOf, note: str = "") -> str:
    """Tell how far an announcement is in one channel, and why."""
    why = escaped(entry.reason, 200) if entry.reason else ""
    match entry.state:
        case State.SENT:
            mark, text = "✅", note
        case State.FAILED:
            mark, text = "❌", why
        case State.MISSED:
            mark, text = "❌", f"missed, it could not be sent in time{f' ({why})' if why else ''}"
        case State.CANCELLED:
            mark, text = "✖️", "cancelled"
        case State.CLAIMED:
            mark, text = "⏳", f"not there yet, I keep trying ({why})" if why else "on its way"
        case _:
            mark, text = "🕑", "to be sent"
    return f"{mark} {name_of(entry.delivery.target_id)}" + (f": {text}" if text else "")


def plain(announcement: Announcement, channels: Iterable[int]) -> str:
    """Write an announcement down for the record, as plain text."""
    wording = announcement.wording
    parts = (
        f"title: {wording.title}",
        f"link: {wording.link}" if wording.link else "",
        f"image: {wording.image}" if wording.image else "",
        f"pings: {announcement.role}" if announcement.role else "",
        f"time: {announcement.due_at:%Y-%m-%d %H:%M:%S} UTC",
        f"channels: {', '.join(map(str, channels))}",
        f"text: {wording.text}",
    )
    return "\n".join(part for part in parts if part)


def _notes(review: Review) -> list[str]:
    draft = review.draft
    notes = [f"⚠️ {warning}" for warning in review.warnings]
    if draft.purpose is not Purpose.CORRECT:
        notes.append(f"**When:** {_moment(draft.due_at) if draft.due_at else 'now'}")
    notes.append(f"**Pings:** {_pinged(review)}")
    notes.append("**Where:**")
    return [*notes, *review.places]


def _pinged(review: Review) -> str:
    draft = review.draft
    if draft.purpose is Purpose.CORRECT:
        return "nobody; a correction is silent"
    if draft.role is None:
        return "nobody"
    reached = "I can't tell how many people have it" if review.reach is None else _people(review.reach)
    return f"{review.ping or escaped(draft.role, 100)} ({reached})"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _list_line(issue: Issue, name_of: NameOf) -> str:
    announcement = issue.announcement
    places = lines_within([course_line(entry, name_of) for entry in issue.entries], 500).replace("\n", " · ")
    corrected = " (corrected)" if announcement.corrected_at else ""
    return f"**{escaped(announcement.wording.title, 80)}**{corrected}, {_moment(announcement.due_at)}: {places}"


def _moment(moment: datetime) -> str:
    return f"{discord.utils.format_dt(moment, 'F')} ({discord.utils.format_dt(moment, 'R')})"


def _action(label: str, action: str, *, dangerous: bool = False) -> ActionButton:
    return ActionButton(label, action, dangerous, VERB)

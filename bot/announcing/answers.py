"""How announcements look: in their channels, in the preview, in lists, and what became of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo

import discord

from bot.announcing.model import TEXT, Announcement, Purpose, Review, Status
from bot.delivery.model import Entry, State
from bot.ui.answer import ActionButton, Answer, Button, Menu, Option, Row
from bot.ui.card import COLOUR, Card
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import CHOICE_NAME, EMBED_FIELD_VALUE, EMBED_TITLE, MENU_OPTIONS, OPTION_TEXT, ROWS, clip
from bot.ui.markdown import escaped
from bot.ui.moments import local_moment, told, told_time
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import in_quotes

VERB = "announce"
"""How the custom ids of the buttons here begin."""

SCHEDULE = ("See the schedule", Question(QuestionKind.SCHEDULE))
"""The button under every announcement."""

NameOf = Callable[[int], str]
"""Calls a channel by its id what people call it, as Markdown."""

_NOTE = 1500
"""How much room there is beside an announcement in one message, in characters."""

_TOLD = 3_800
"""How much room there is for what became of an announcement, in characters."""

_SEND = {Purpose.POST: "Send", Purpose.EDIT: "Save", Purpose.CORRECT: "Send correction"}
_PREVIEWS = {
    Purpose.POST: "Preview: nothing is posted yet",
    Purpose.EDIT: "Preview: nothing is changed yet",
    Purpose.CORRECT: "Preview: nothing is corrected yet",
}


def announcement_embed(announcement: Announcement) -> discord.Embed:
    """Show an announcement as it was written."""
    embed = discord.Embed(
        title=clip(announcement.title, EMBED_TITLE),
        description=clip(announcement.text, TEXT),
        url=announcement.link,
        colour=COLOUR,
        timestamp=announcement.corrected_at,
    )
    if announcement.image:
        embed.set_image(url=announcement.image)
    if announcement.corrected_at:
        embed.set_footer(text="Corrected")
    return embed


def preview_answer(review: Review, token: str, now: datetime, zone: tzinfo) -> Answer:
    """Show a draft exactly as it will be, with what is to be known before it is sent."""
    draft = review.draft
    buttons = [_action("Edit", f"edit:{token}"), _action("Cancel", f"discard:{token}")]
    if draft.purpose is not Purpose.CORRECT:
        buttons.insert(1, _action("Link and image", f"links:{token}"))
    if review.faults:
        card = Card("This can't be sent yet")
        card.description = lines_that_fit([f"❌ {fault}" for fault in review.faults], _NOTE)
        return Answer(card.embed(), (tuple(buttons),))
    card = Card(_PREVIEWS[draft.purpose])
    card.description = lines_that_fit(_notes(review, zone), _NOTE)
    later = draft.purpose is Purpose.POST and draft.due_at
    send = _action("Schedule" if later else _SEND[draft.purpose], f"send:{token}")
    return Answer(
        card.embed(),
        ((Button(*SCHEDULE),), (send, *buttons)),
        content=review.ping,
        above=announcement_embed(draft.announcement(now)),
    )


def outcome_answer(
    announcement: Announcement, name_of: NameOf, notes: Mapping[int, str], now: datetime, zone: tzinfo
) -> Answer:
    """Tell where an announcement went and where not, and why.

    Args:
        announcement: the announcement.
        name_of: calls a channel what people call it.
        notes: what else there is to say about what was sent, by the channel's id.
        now: the present moment.
        zone: the conference's zone.
    """
    scheduled = announcement.due_at > now
    card = Card("Scheduled" if scheduled else "What became of it")
    first = _quoted(announcement) + (f" goes out {_moment(announcement.due_at, zone)}." if scheduled else "")
    card.description = lines_that_fit([first, *_delivery_lines(announcement, name_of, zone, notes)], _TOLD)
    return Answer(card.embed(), (_change_buttons(announcement),) if scheduled else ())


def cancelling_answer(announcement: Announcement, token: str, name_of: NameOf, zone: tzinfo) -> Answer:
    """Ask whether an announcement is really not to go out."""
    card = Card(clip(f"Cancel {in_quotes(escaped(announcement.title, 150))}?", EMBED_TITLE))
    first = f"It is to go out {_moment(announcement.due_at, zone)}."
    card.description = lines_that_fit([first, *_delivery_lines(announcement, name_of, zone)], _TOLD)
    buttons = (
        ActionButton("Cancel it", f"cancel:{token}", dangerous=True, verb=VERB),
        _action("Keep it", f"keep:{token}"),
    )
    return Answer(card.embed(), (buttons,))


def cancelled_answer(announcement: Announcement, name_of: NameOf, zone: tzinfo) -> Answer:
    """Tell what will not go out any more, and what is out or on its way already."""
    taken = announcement.in_state(State.SENT, State.CLAIMED)
    card = Card("Cancelled, but not everywhere" if taken else "Cancelled")
    lines = [_quoted(announcement), *_delivery_lines(announcement, name_of, zone)]
    if announcement.in_state(State.CLAIMED):
        lines.append("What is on its way already may still arrive; `/announce list` tells.")
    card.description = lines_that_fit(lines, _TOLD)
    return Answer(card.embed())


def list_answer(announcements: Sequence[Announcement], name_of: NameOf, zone: tzinfo) -> Answer:
    """List what is scheduled, what is being sent, what never went out, and what was sent."""
    card = Card("Announcements")
    groups: dict[Status, list[Announcement]] = {}
    for announcement in announcements:
        groups.setdefault(announcement.status, []).append(announcement)
    groups.get(Status.SCHEDULED, []).sort(key=lambda announcement: announcement.due_at)
    for name, status in (
        ("Scheduled", Status.SCHEDULED),
        ("On its way", Status.UNDERWAY),
        ("Never went out", Status.LOST),
        ("Sent", Status.SENT),
        ("Cancelled", Status.CANCELLED),
    ):
        lines = [_list_line(announcement, name_of, zone) for announcement in groups.get(status, ())]
        card.add(name, lines_that_fit(lines, EMBED_FIELD_VALUE))
    if not card.fields:
        card.description = "There are none yet."
    scheduled = groups.get(Status.SCHEDULED, [])
    shown = scheduled if len(scheduled) <= ROWS else scheduled[: ROWS - 1]
    rows: list[Row] = [_change_buttons(one, f" {in_quotes(clip(one.title, 40))}") for one in shown]
    if rest := scheduled[len(shown) :][:MENU_OPTIONS]:
        options = (
            Option(clip(one.title, OPTION_TEXT), f"show:{one.id}", local_moment(one.due_at, zone)) for one in rest
        )
        rows.append(Menu("Edit or cancel another one", tuple(options), verb=VERB))
    return Answer(card.embed(), tuple(rows))


def scheduled_answer(announcement: Announcement, name_of: NameOf, zone: tzinfo) -> Answer:
    """Show one that has not gone out, with what can be done about it."""
    card = Card("Scheduled")
    first = f"{_quoted(announcement)} goes out {_moment(announcement.due_at, zone)}."
    card.description = lines_that_fit([first, *_delivery_lines(announcement, name_of, zone)], _TOLD)
    return Answer(card.embed(), (_change_buttons(announcement),), above=announcement_embed(announcement))


def done_answer(text: str) -> Answer:
    """Confirm something in one sentence."""
    return Answer(Card(text).embed())


def choice_name(announcement: Announcement, zone: tzinfo) -> str:
    """Call an announcement something in a list of suggestions, as plain text."""
    moment = f" · {local_moment(announcement.due_at, zone)}"
    return clip(announcement.title, CHOICE_NAME - len(moment)) + moment


def delivery_line(entry: Entry, name_of: NameOf, zone: tzinfo, note: str = "") -> str:
    """Tell how far an announcement is in one channel, and why."""
    why = escaped(entry.reason, 200) if entry.reason else ""
    match entry.state:
        case State.SENT:
            mark, text = "✅", note
        case State.FAILED:
            mark, text = "❌", f"{why}; {_once_allowed(entry, zone)}" if entry.awaits_permission else why
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
    parts = (
        f"title: {announcement.title}",
        f"link: {announcement.link}" if announcement.link else "",
        f"image: {announcement.image}" if announcement.image else "",
        f"pings: {announcement.role}" if announcement.role else "",
        f"time: {announcement.due_at:%Y-%m-%d %H:%M:%S} UTC",
        f"channels: {', '.join(map(str, channels))}",
        f"text: {announcement.text}",
    )
    return "\n".join(part for part in parts if part)


def _notes(review: Review, zone: tzinfo) -> list[str]:
    draft = review.draft
    notes = [f"⚠️ {warning}" for warning in review.warnings]
    if draft.purpose is not Purpose.CORRECT:
        notes.append(f"**When:** {_moment(draft.due_at, zone) if draft.due_at else 'now'}")
    return [*notes, f"**Pings:** {_pinged(review)}", "**Where:**", *review.places]


def _pinged(review: Review) -> str:
    draft = review.draft
    if draft.purpose is Purpose.CORRECT:
        return "nobody; a correction is silent"
    if draft.role is None:
        return "nobody"
    if review.reach is None:
        reached = "I can't tell how many people have it"
    else:
        reached = "1 person" if review.reach == 1 else f"{review.reach:,} people"
    return f"{review.ping or escaped(draft.role, 100)} ({reached})"


def _list_line(announcement: Announcement, name_of: NameOf, zone: tzinfo) -> str:
    places = lines_that_fit(_delivery_lines(announcement, name_of, zone), 500).replace("\n", " · ")
    corrected = " (corrected)" if announcement.corrected_at else ""
    return f"**{escaped(announcement.title, 80)}**{corrected}, {_moment(announcement.due_at, zone)}: {places}"


def _delivery_lines(
    announcement: Announcement, name_of: NameOf, zone: tzinfo, notes: Mapping[int, str] | None = None
) -> list[str]:
    known = notes or {}
    return [
        delivery_line(entry, name_of, zone, known.get(entry.delivery.target_id, ""))
        for entry in announcement.deliveries
    ]


def _once_allowed(entry: Entry, zone: tzinfo) -> str:
    return f"sent once I may, until {told_time(entry.delivery.useful_until, zone)}"


def _quoted(announcement: Announcement) -> str:
    return in_quotes(escaped(announcement.title, 100))


def _moment(moment: datetime, zone: tzinfo) -> str:
    return f"{told(moment, zone)}, {discord.utils.format_dt(moment, 'R')}"


def _change_buttons(announcement: Announcement, name: str = "") -> tuple[ActionButton, ...]:
    """Offer to edit or cancel an announcement; the buttons say which one, so that they work after a restart."""
    return (
        _action(f"Edit{name}", f"change:{announcement.id}"),
        _action(f"Cancel{name}", f"stop:{announcement.id}"),
    )


def _action(label: str, action: str) -> ActionButton:
    return ActionButton(label, action, verb=VERB)

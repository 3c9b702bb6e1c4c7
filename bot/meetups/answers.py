"""How meetups look: in their channel, in answers, and in direct messages. What people typed leaves here escaped."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

import discord

from bot.meetups.clashes import Clash
from bot.meetups.model import Change, End, Guest, Meetup
from bot.ui.answer import ActionButton, Answer, AnyButton, Button, Menu, Option, Row
from bot.ui.card import Card
from bot.ui.fitting import joined, lines_that_fit
from bot.ui.limits import EMBED_FIELD_VALUE, EMBED_TITLE, OPTION_TEXT, clip
from bot.ui.markdown import escaped, escaped_line
from bot.ui.moments import local_moment, local_span, told
from bot.ui.pager import Page
from bot.ui.places import when
from bot.ui.questions import Question, QuestionKind
from bot.ui.rooms import room_question
from bot.ui.wording import plural

VERB: Final = "meetup"
"""Whose action the buttons are that are for everybody."""

CLOSE_VERB: Final = "close-meetup"
"""Whose action the button is that is for organizers and moderators alone."""

MINE: Final = "mine"
"""The key of the question about the asker's own meetups."""

UNREACHABLE: Final = (
    "I could not send you a direct message about your meetup: your direct messages are closed to me. Open them in the "
    "server's privacy settings; until then look at `/meetup list`."
)

_ENDS: Final = {
    End.OVER: "Over",
    End.CANCELLED: "Cancelled",
    End.CLOSED: "Closed by the organizers",
    End.GONE: "A meetup that does not take place",
}
_MENTIONS: Final = EMBED_FIELD_VALUE - 40


@dataclass(frozen=True, slots=True)
class _Timed:
    starts_at: datetime | None
    ends_at: datetime | None
    zone: tzinfo
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """Who looks at a meetup.

    Attributes:
        reader: Discord's id of them; None for everybody.
        organizes: whether they may close it.
        lost: whether there is no message about it in its channel.
    """

    reader: int | None
    organizes: bool = False
    lost: bool = False


# In the channel.


def meetup_embed(meetup: Meetup, zone: tzinfo, minutes: int) -> discord.Embed:
    """Show a meetup to everybody; `minutes` is how long before it begins people are reminded."""
    if not meetup.is_open:
        return _ended_card(meetup, zone).embed()
    card = _card(meetup, zone)
    card.footer = f"Who comes gets a direct message {plural(minutes, 'minute')} before, and is added to its thread."
    return card.embed()


def message_buttons(meetup: Meetup) -> list[ActionButton]:
    """Return the buttons below the message about a meetup, besides the one by which it is known again."""
    return [_action("Join", "join", meetup), _action("Leave", "leave", meetup)] if meetup.is_open else []


def details_question(meetup: Meetup) -> tuple[str, Question]:
    """Return the button that shows a meetup to whoever presses it alone."""
    return "Details", Question(QuestionKind.MEETUP, meetup.number)


def fingerprint(embed: discord.Embed) -> str:
    """Return a short sign for what a message says."""
    return hashlib.sha256(json.dumps(embed.to_dict(), sort_keys=True).encode()).hexdigest()[:16]


def thread_name(meetup: Meetup) -> str:
    """Call the thread of a meetup something."""
    return clip(meetup.topic, 100) or "A meetup that is over"


# Answers.


def meetup_answer(
    meetup: Meetup,
    looked: Looked,
    zone: tzinfo,
    *,
    said: str = "",
    clashes: Sequence[Clash] = (),
    room: str | None = None,
) -> Answer:
    """Show a meetup with what can be done about it.

    Args:
        meetup: the meetup.
        looked: who looks.
        zone: the conference's zone.
        said: what has just been done, before all else.
        clashes: what of the reader's own is at the same time.
        room: the room of the programme that its place is, if it is one.
    """
    card = _card(meetup, zone) if meetup.is_open else _ended_card(meetup, zone)
    places = [f"[Its message](<{url}>)"] if (url := _message_url(meetup)) else []
    places += [f"its thread: <#{meetup.thread_id}>"] if meetup.thread_id and meetup.is_open else []
    parts = (said, card.description, " · ".join(places))
    card.description = "\n\n".join(filter(None, parts))
    lines = [f"{escaped(one.name, 80)}, {local_span(one.starts_at, one.ends_at, zone)}" for one in clashes]
    card.add("At the same time in your agenda", lines_that_fit(lines, EMBED_FIELD_VALUE, 5))
    question = Question(QuestionKind.MEETUP, meetup.number) if meetup.is_open else None
    buttons = [*_buttons(meetup, looked), *([Button("Where is it?", room_question(room))] if room else [])]
    if looked.organizes and meetup.is_open:
        buttons.append(ActionButton("Close", meetup.number, dangerous=True, verb=CLOSE_VERB))
    further = (Button("All meetups", Question(QuestionKind.MEETUPS)), _MY_MEETUPS)
    return Answer(card.embed(), (*((tuple(buttons),) if buttons else ()), further), question)


def list_answer(
    meetups: Sequence[Meetup], reader: int | None, number: int, zone: tzinfo, *, mine: bool, channel: str
) -> Answer:
    """List meetups to come, in the order of time.

    Args:
        meetups: the meetups.
        reader: Discord's id of whoever reads it; None for everybody.
        number: which page.
        zone: the conference's zone.
        mine: whether they are the reader's own.
        channel: the mention of the channel in which they are.
    """
    page = Page.of(meetups, number)
    card = Card("Your meetups" if mine else "Meetups to come", footer=page.note)
    card.description = "\n\n".join(_list_entry(one, reader, zone) for one in page.entries)
    if not meetups:
        none = "You come to none yet." if mine else "There are none yet."
        card.description = f"{none} Open one with `/meetup open`, or look at {channel}."
    question = Question(QuestionKind.MEETUPS, MINE if mine else "", page.number)
    other = Button("All meetups", Question(QuestionKind.MEETUPS)) if mine else _MY_MEETUPS
    rows: list[Row] = [(*page.buttons(question), other)]
    if page.entries:
        options = (
            Option(
                clip(one.topic, OPTION_TEXT),
                f"show:{one.id}",
                clip(f"{local_moment(one.starts_at, zone)} · {one.place}", OPTION_TEXT),
            )
            for one in page.entries
        )
        rows.append(Menu("Open a meetup", tuple(options), verb=VERB))
    return Answer(card.embed(), tuple(rows), None if mine else question)


def faults_answer(faults: Sequence[str], token: str, *, new: bool) -> Answer:
    """Say why something can't be opened or changed as it was typed, and offer to mend it."""
    card = Card("This meetup can't be opened yet" if new else "The meetup can't be changed like this")
    card.description = "\n".join([*(f"❌ {fault}" for fault in faults), "", "**Edit** has all that you typed."])
    return Answer(card.embed(), ((ActionButton("Edit", f"edit:{token}", verb=VERB),),))


def cancelling_answer(meetup: Meetup, zone: tzinfo) -> Answer:
    """Ask whether a meetup is really to be called off."""
    card = Card(clip(f"Cancel “{escaped(meetup.topic, 150)}”?", EMBED_TITLE))
    others = len(meetup.guests) - 1
    hear = f" {plural(others, 'other person', 'other people')} will hear of it." if others > 0 else ""
    card.description = f"It is to begin {told(meetup.starts_at, zone)}.{hear}"
    surely = ActionButton("Cancel it", f"cancel-surely:{meetup.id}", dangerous=True, verb=VERB)
    return Answer(card.embed(), ((surely, ActionButton("Keep it", f"show:{meetup.id}", verb=VERB)),))


# Direct messages.


def reminder_embed(meetup: Meetup, zone: tzinfo, now: datetime) -> discord.Embed:
    """Remind somebody who comes."""
    begins = "begins soon" if meetup.starts_at > now else "has begun"
    return _told_card(f"{escaped(meetup.topic, EMBED_TITLE - 20)} {begins}", meetup, zone).embed()


def up_embed(meetup: Meetup, zone: tzinfo) -> discord.Embed:
    """Tell somebody who waited that they have a place."""
    card = _told_card(clip(f"You have a place: {escaped(meetup.topic, 200)}", EMBED_TITLE), meetup, zone)
    card.description = f"Somebody has left, or more people may come. If you can't, leave.\n\n{card.description}"
    return card.embed()


def changed_embed(meetup: Meetup, change: Change, zone: tzinfo) -> discord.Embed:
    """Tell somebody what has changed about a meetup."""
    card = _told_card(clip(f"Changed: {escaped(meetup.topic, 200)}", EMBED_TITLE), meetup, zone)
    lines = [
        f"**Another time:** it was {local_moment(change.starts_at, zone)}" if change.starts_at else "",
        f"**Another place:** it was {escaped(change.place, 200)}" if change.place else "",
        f"**Another topic:** it was {escaped(change.topic, 200)}" if change.topic else "",
    ]
    card.description = "\n".join(filter(None, lines)) + f"\n\n{card.description}"
    return card.embed()


def ended_embed(meetup: Meetup, zone: tzinfo) -> discord.Embed:
    """Tell somebody that a meetup does not take place, or does not go on."""
    return _ended_card(meetup, zone).embed()


# What is kept.


def kept_line(opened: int, joined_: int) -> str:
    """Tell somebody how many meetups of theirs are kept, as Markdown."""
    facts = [f"{plural(opened, 'meetup')} you opened, as you wrote them" if opened else ""]
    facts.append(f"that you come to or wait for {plural(joined_, 'meetup')}" if joined_ else "")
    return (
        f"{' and '.join(filter(None, facts)).capitalize()}, with your Discord id and the time, until 30 days after the "
        "end. `/meetup list` shows those to come. If you delete everything, those that you opened end."
    )


def plain(meetup: Meetup) -> str:
    """Write a meetup down for the record, as plain text."""
    return (
        f"topic: {meetup.topic}\ntime: {meetup.starts_at:%Y-%m-%d %H:%M} UTC\nplace: {meetup.place}\n"
        f"people: {len(meetup.coming)} of {meetup.people}, {len(meetup.waiting)} waiting"
        + (f"\nabout: {meetup.about}" if meetup.about else "")
    )


def choice_name(meetup: Meetup, zone: tzinfo) -> str:
    """Call a meetup something in a list of suggestions, as plain text."""
    moment = f" · {local_moment(meetup.starts_at, zone)}"
    return clip(meetup.topic, OPTION_TEXT - len(moment)) + moment


_MY_MEETUPS: Final = Button("My meetups", Question(QuestionKind.MEETUPS, MINE))


def _card(meetup: Meetup, zone: tzinfo) -> Card:
    card = Card(escaped(meetup.topic, EMBED_TITLE))
    facts = "\n".join((_facts(meetup, zone), f"**Opened by:** <@{meetup.opener_id}>"))
    card.description = f"{escaped(meetup.about, 1_200)}\n\n{facts}" if meetup.about else facts
    card.add(f"Who comes: {len(meetup.coming)} of {meetup.people}", _mentions(meetup.coming) or "Nobody yet.")
    if meetup.waiting:
        card.add(f"On the waiting list: {len(meetup.waiting)}", _mentions(meetup.waiting))
    return card


def _ended_card(meetup: Meetup, zone: tzinfo) -> Card:
    how = _ENDS[meetup.ended_as or End.OVER]
    if not meetup.topic:
        card = Card(_ENDS[End.GONE] if meetup.ended_as is End.GONE else how)
        card.description = (
            f"It was to begin {told(meetup.starts_at, zone)}. Whoever opened it has had everything deleted that I kept "
            "about them."
        )
        return card
    card = Card(clip(f"{how}: {escaped(meetup.topic, 200)}", EMBED_TITLE))
    came = f"{plural(len(meetup.coming), 'person', 'people')} came." if meetup.ended_as is End.OVER else ""
    reason = f"**Why:** {escaped(meetup.reason, 600)}" if meetup.reason else ""
    card.description = "\n".join(filter(None, (_facts(meetup, zone), reason, came)))
    return card


def _told_card(title: str, meetup: Meetup, zone: tzinfo) -> Card:
    card = Card(title, footer="You get this because you joined this meetup.")
    thread = f"Its thread: <#{meetup.thread_id}>" if meetup.thread_id else ""
    message = f"[Its message](<{url}>)" if (url := _message_url(meetup)) else ""
    card.description = "\n".join(filter(None, (_facts(meetup, zone), thread, message)))
    return card


def _facts(meetup: Meetup, zone: tzinfo) -> str:
    time = when(_Timed(meetup.starts_at, meetup.ends_at, zone))
    return f"**When:** {time}\n**Where:** {escaped_line(meetup.place, 220)}"


def _list_entry(meetup: Meetup, reader: int | None, zone: tzinfo) -> str:
    own = meetup.guest(reader)
    star = "★ " if own else ""
    counts = [f"{len(meetup.coming)} of {meetup.people} come"]
    counts += [f"{plural(len(meetup.waiting), 'person waits', 'people wait')}"] if meetup.waiting else []
    counts += ["you wait"] if own and own.waits else []
    url = _message_url(meetup)
    link = f" · [message](<{url}>)" if url else ""
    place = escaped_line(meetup.place, 110)
    return (
        f"{star}**{escaped(meetup.topic, 150)}**\n{told(meetup.starts_at, zone)} · {place}\n{', '.join(counts)}{link}"
    )


def _buttons(meetup: Meetup, looked: Looked) -> list[AnyButton]:
    if not meetup.is_open:
        return []
    reader = looked.reader
    if reader is None:
        return [*message_buttons(meetup)]
    buttons: list[AnyButton] = []
    if reader == meetup.opener_id:
        buttons += [_action("Change", "change", meetup), _action("Cancel it", "cancel", meetup)]
    elif meetup.guest(reader):
        buttons.append(_action("Leave", "leave", meetup))
    else:
        full = len(meetup.coming) >= meetup.people
        buttons.append(_action("Join the waiting list" if full else "Join", "join", meetup))
    if looked.lost and (looked.organizes or reader == meetup.opener_id):
        buttons.append(_action("Post it again", "again", meetup))
    return buttons


def _mentions(guests: Iterable[Guest]) -> str:
    return joined((f"<@{guest.user_id}>" for guest in guests), _MENTIONS)


def _message_url(meetup: Meetup) -> str:
    if meetup.message_id is None:
        return ""
    return f"https://discord.com/channels/{meetup.server_id}/{meetup.channel_id}/{meetup.message_id}"


def _action(label: str, action: str, meetup: Meetup) -> ActionButton:
    return ActionButton(label, f"{action}:{meetup.id}", verb=VERB)

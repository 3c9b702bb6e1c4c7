"""What is told of meetups: to their channel, and to those who come."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

import discord

from bot.clock import Clock
from bot.delivery.message import OutgoingMessage
from bot.delivery.model import Batch, Delivery, Refused
from bot.meetups.answers import (
    changed_embed,
    details_question,
    ended_embed,
    fingerprint,
    meetup_embed,
    message_buttons,
    reminder_embed,
    up_embed,
)
from bot.meetups.meetups import Meetups
from bot.meetups.model import MEETUP, MEETUP_REMINDER, Meetup, News, NewsSubject, post_of
from bot.ui.answer import ActionButton


class MeetupWriter:
    """Writes the messages about meetups as these are at the moment.

    Attributes:
        written: a fingerprint of what was written last about each meetup, by its number.
    """

    def __init__(self, meetups: Meetups, clock: Clock, zone: ZoneInfo, minutes: int) -> None:
        """Make a writer; `minutes` is how long before a meetup begins those who come are reminded."""
        self._meetups = meetups
        self._clock = clock
        self._zone = zone
        self._minutes = minutes
        self.written: dict[int, str] = {}

    def embed(self, meetup: Meetup) -> discord.Embed:
        """Return what the channel's message about a meetup says now."""
        return meetup_embed(meetup, self._zone, self._minutes)

    async def write(self, batch: Batch) -> OutgoingMessage:
        """Write a message.

        Raises:
            Refused: the meetup is gone, or there is nothing to say of it any more.
        """
        (delivery,) = batch.deliveries
        meetup = await self._meetups.look_up(_number(delivery))
        if meetup is None or not _holds(delivery, meetup):
            raise Refused("the meetup is gone, or is another one now")
        details = [details_question(meetup)]
        if batch.kind == MEETUP:
            embed = self.embed(meetup)
            self.written[meetup.id] = fingerprint(embed)
            return OutgoingMessage([embed], details, message_buttons(meetup))
        if batch.kind == MEETUP_REMINDER:
            embed = reminder_embed(meetup, self._zone, self._clock.now())
            return OutgoingMessage([embed], details, _leave(meetup, batch))
        subject = NewsSubject.parse(delivery.subject)
        embed = self._news_embed(meetup, subject)
        return OutgoingMessage([embed], details, [] if subject.news is News.ENDED else _leave(meetup, batch))

    async def outdated(self, batch: Batch) -> Sequence[str]:
        """Return the keys of those deliveries that tell of what is not so any more."""
        meetups = [(one, await self._meetups.look_up(_number(one))) for one in batch.deliveries]
        return [one.key for one, meetup in meetups if meetup is None or not _holds(one, meetup)]

    def _news_embed(self, meetup: Meetup, subject: NewsSubject) -> discord.Embed:
        tells: dict[News, Callable[[], discord.Embed]] = {
            News.UP: lambda: up_embed(meetup, self._zone),
            News.ENDED: lambda: ended_embed(meetup, self._zone),
            News.CHANGED: lambda: changed_embed(
                meetup, next(one for one in meetup.changes if one.number == subject.number), self._zone
            ),
        }
        return tells[subject.news]()


def _holds(delivery: Delivery, meetup: Meetup) -> bool:
    """Tell whether what was planned about a meetup is so."""
    if delivery.kind == MEETUP:
        return meetup.is_open and delivery.key == post_of(meetup, delivery.due_at).key
    guest = meetup.guest(delivery.target_id)
    if delivery.kind == MEETUP_REMINDER:
        comes = guest is not None and not guest.waits
        return comes and meetup.is_open and meetup.starts_at == delivery.starts_at
    subject = NewsSubject.parse(delivery.subject)
    if subject.news is News.ENDED:
        return not meetup.is_open
    if guest is None or not meetup.is_open:
        return False
    if subject.news is News.UP:
        return not guest.waits
    return any(one.number == subject.number for one in meetup.changes)


def _number(delivery: Delivery) -> int:
    return int(delivery.subject.partition(":")[0])


def _leave(meetup: Meetup, batch: Batch) -> list[ActionButton]:
    """Offer to leave, to all but whoever opened it."""
    return [button for button in message_buttons(meetup) if button.label == "Leave"] * (
        batch.target_id != meetup.opener_id
    )

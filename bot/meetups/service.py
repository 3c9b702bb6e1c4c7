"""What people do with meetups: open, join, leave, change, cancel, list; and organizers: close."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import discord

from bot.admin.log_channel import LogChannel
from bot.agenda.agendas import Agendas
from bot.clock import Clock
from bot.config import Meetups as MeetupsConfig
from bot.connection.contexts import in_direct_messages
from bot.delivery.channels import Channels
from bot.editions.service import Library
from bot.errors import UserError
from bot.meetups import answers
from bot.meetups.answers import Looked
from bot.meetups.clashes import Clash, clashes_with
from bot.meetups.meetups import Meetups
from bot.meetups.model import Draft, End, Limits, Meetup
from bot.meetups.needs import missing
from bot.meetups.rows import MeetupStore
from bot.permissions import missing_permissions
from bot.programme.names import fold
from bot.programme.rooms import room_names
from bot.store.audit import AuditEntry
from bot.ui.answer import Answer
from bot.ui.asking import Questions
from bot.ui.fitting import joined
from bot.ui.interaction import Interaction
from bot.ui.limits import CHOICE_NAME, clip
from bot.ui.questions import Question, QuestionKind, number_in
from bot.ui.when import parse_when_in_thread, write_when

_NOT_SET_UP = (
    "Meetups are not set up here: no channel is configured for them, or this server has none of that name (`channel` "
    "under `[meetups]`)."
)


class MeetupService:
    """Does what people do with meetups; who may close them is asked before."""

    def __init__(
        self,
        meetups: Meetups,
        store: MeetupStore,
        library: Library,
        agendas: Agendas,
        channels: Channels,
        log_channel: LogChannel,
        clock: Clock,
        zone: ZoneInfo,
        config: MeetupsConfig,
    ) -> None:
        self._meetups = meetups
        self._store = store
        self._library = library
        self._agendas = agendas
        self._channels = channels
        self._log_channel = log_channel
        self._clock = clock
        self._zone = zone
        self._config = config

    def register(self, questions: Questions) -> None:
        """Answer the questions about meetups."""
        questions.on(self._answer, QuestionKind.MEETUP, QuestionKind.MEETUPS)

    # Looking.

    async def show(
        self, number: int, reader: int | None, *, organizes: bool = False, said: str = "", clashing: bool = False
    ) -> Answer:
        """Answer with a meetup.

        Args:
            number: its number.
            reader: Discord's id of whoever reads it; None for everybody.
            organizes: whether they may close it.
            said: what has just been done.
            clashing: whether to say what of the reader's own is at the same time.

        Raises:
            UserError: there is no such meetup any more.
        """
        meetup = self._meetups.get(number)
        lost = meetup.is_open and meetup.message_id is None and await self._store.is_lost(meetup)
        clashes = self._clashes(meetup, reader) if clashing and reader is not None else ()
        looked = Looked(reader, organizes, lost)
        room = self._room(meetup.place)
        return answers.meetup_answer(meetup, looked, self._zone, said=said, clashes=clashes, room=room)

    def list_all(self, reader: int | None, number: int = 0) -> Answer:
        """Answer with the meetups to come."""
        return self._list(self._meetups.to_come(self._clock.now()), reader, number, mine=False)

    def list_own(self, reader: int, number: int = 0) -> Answer:
        """Answer with the meetups to come to which somebody comes, or for which they wait."""
        own = [one for one in self._meetups.to_come(self._clock.now()) if one.guest(reader)]
        return self._list(own, reader, number, mine=True)

    def suggest(self, typed: str, opener: int | None) -> Sequence[tuple[str, str]]:
        """Return the meetups to come whose topics have what is typed, of one person or of all, as names and values."""
        wanted = typed.casefold()
        return [
            (answers.choice_name(one, self._zone), one.number)
            for one in self._meetups.to_come(self._clock.now())
            if (opener is None or one.opener_id == opener) and wanted in one.topic.casefold()
        ]

    def places_like(self, typed: str) -> Sequence[tuple[str, str]]:
        """Return the rooms of the programme that have what is typed."""
        rooms = room_names(self._library.edition.programme.sessions)
        return [(clip(room, CHOICE_NAME), clip(room, CHOICE_NAME)) for room in rooms if fold(typed) in fold(room)]

    # Opening and changing.

    def check_place(self, user: discord.User | discord.Member, guild: discord.Guild | None) -> discord.TextChannel:
        """Return the channel in which somebody may open a meetup.

        Raises:
            UserError: there is none here, they do not see it, or the bot may not write there.
        """
        channels = self._channels.named(self._config.channel)
        channel = next((one for one in channels if one.guild == guild), None)
        if channel is None:
            raise UserError(_NOT_SET_UP)
        if not isinstance(user, discord.Member) or not channel.permissions_for(user).view_channel:
            raise UserError("Meetups are in a channel that you don't see. Ask the organizers.")
        if lacking := missing_permissions(channel):
            raise UserError(
                f"I can't open it: I lack {joined(lacking, 200)} in {channel.mention}. Tell the organizers, please."
            )
        return channel

    async def check(self, draft: Draft) -> tuple[list[str], datetime]:
        """Return all that is wrong with a draft, a sentence each, and when the meetup is to begin."""
        now, about = self._clock.now(), self._about(draft)
        faults = draft.faults(self._config.most_people, len(about.coming) if about else 0)
        if about and draft.when == write_when(about.starts_at, self._zone):
            return faults, about.starts_at
        if not draft.when:
            return [*faults, "When: say when it begins, such as “14:30” or “tomorrow 9:00”."], now
        try:
            starts_at = await parse_when_in_thread(draft.when, now, self._zone)
        except UserError as error:
            return [*faults, f"When: {error}"], now
        return faults, starts_at or now

    async def open(
        self, draft: Draft, starts_at: datetime, opener: int, channel: discord.TextChannel, *, limited: bool
    ) -> Answer:
        """Open a meetup, and say so.

        Raises:
            UserError: it is open already, or they have opened as many as one may.
        """
        config = self._config
        meetup = Meetup(
            id=0,
            server_id=channel.guild.id,
            channel_id=channel.id,
            opener_id=opener,
            topic=draft.topic,
            about=draft.about,
            place=draft.place,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=draft.hours or config.hours),
            people=draft.number_of_people(config.most_people),
            made_at=self._clock.now(),
        )
        limits = Limits(config.open_at_once, config.open_per_day) if limited else None
        made = await self._meetups.add(meetup, limits)
        said = f"**It is open**, and in {channel.mention} in a moment, with a thread of its own."
        return await self.show(made.id, opener, said=said, clashing=True)

    def draft_of(self, number: int, user_id: int) -> Draft:
        """Return what somebody's own meetup says, to be changed.

        Raises:
            UserError: there is no such meetup any more, it is over, or it is not theirs.
        """
        meetup = self._meetups.own(number, user_id)
        when = write_when(meetup.starts_at, self._zone)
        return Draft(meetup.topic, when, meetup.place, str(meetup.people), meetup.about, meetup_id=meetup.id)

    async def change(self, draft: Draft, starts_at: datetime, user_id: int) -> Answer:
        """Change somebody's own meetup, and say so.

        Raises:
            UserError: there is no such meetup any more, it is over, it is not theirs, or it was changed too often.
        """
        before = self._meetups.own(draft.meetup_id or 0, user_id)
        draft = replace(draft, people=draft.people or str(self._config.most_people))
        after = await self._meetups.change(draft, starts_at, user_id)
        new = after.changes[len(before.changes) :]
        if after == before:
            said = "Nothing was changed."
        elif any(one.is_heard for one in new) and len(after.guests) > 1:
            said = "**Changed.** Those who come hear of it."
        else:
            said = "**Changed.**"
        return await self.show(after.id, user_id, said=said, clashing=True)

    # Joining and leaving.

    async def join(self, number: int, user_id: int, *, organizes: bool) -> Answer:
        """Let somebody come to a meetup, or wait, and say which it is, with what clashes in their agenda.

        Raises:
            UserError: there is no such meetup any more, or it is over.
        """
        guest = (await self._meetups.join(number, user_id)).guest(user_id)
        if guest and guest.waits:
            said = "**You are on the waiting list.** When a place is free for you, I send you a direct message."
        else:
            minutes = self._config.minutes_before
            said = f"**You come.** I send you a direct message {minutes} minutes before it begins."
        return await self.show(number, user_id, organizes=organizes, said=said, clashing=True)

    async def leave(self, number: int, user_id: int, *, organizes: bool) -> Answer:
        """Let somebody not come any more, and say so.

        Raises:
            UserError: there is no such meetup any more, it is over, or it is their own.
        """
        came = self._meetups.get(number).guest(user_id) is not None
        await self._meetups.leave(number, user_id)
        said = "**You come no more.**" if came else "You had not joined it."
        return await self.show(number, user_id, organizes=organizes, said=said)

    # Ending.

    def ask_to_cancel(self, number: int, user_id: int) -> Answer:
        """Ask whether somebody's own meetup is really to be called off.

        Raises:
            UserError: there is no such meetup any more, it is over, or it is not theirs.
        """
        return answers.cancelling_answer(self._meetups.own(number, user_id), self._zone)

    async def cancel(self, number: int, user_id: int) -> Answer:
        """Call off somebody's own meetup; those who come hear of it.

        Raises:
            UserError: there is no such meetup any more, it is over, or it is not theirs.
        """
        self._meetups.own(number, user_id)
        await self._meetups.end(number, End.CANCELLED)
        return await self.show(number, user_id, said="**It is cancelled.** Those who wanted to come hear of it.")

    def is_own(self, number: int, user_id: int) -> bool:
        """Tell whether somebody has opened a meetup.

        Raises:
            UserError: there is no such meetup any more.
        """
        return self._meetups.get(number).opener_id == user_id

    def open_one(self, number: int) -> Meetup:
        """Return a meetup that is not over.

        Raises:
            UserError: there is no such meetup any more, or it is over.
        """
        return self._meetups.open_one(number)

    async def close(self, number: int, organizer: int, reason: str) -> Answer:
        """Close a meetup for the organizers, record it, and say so; those who come hear of it, with the reason.

        Raises:
            UserError: there is no such meetup any more, or it is over.
        """
        meetup = self._meetups.open_one(number)
        record = AuditEntry(
            self._clock.now(), organizer, "meetup closed", meetup.topic, answers.plain(meetup), reason or None
        )
        await self._meetups.end(number, End.CLOSED, reason=reason, record=record)
        self._log_channel.show(record)
        return await self.show(number, organizer, said="**It is closed.** Those who wanted to come hear of it.")

    async def post_again(self, number: int, user_id: int, *, organizes: bool) -> Answer:
        """Put a new message about a meetup into the channel, where the one that was there is gone.

        Raises:
            UserError: there is no such meetup any more, it is over, not theirs, or its message is there.
        """
        if not organizes:
            self._meetups.own(number, user_id)
        await self._meetups.post_again(number)
        return await self.show(number, user_id, organizes=organizes, said="It is in its channel in a moment.")

    # What is missing.

    def missing(self, guild: discord.Guild) -> Sequence[str]:
        """Return what is missing in a server for people to meet, a sentence each as Markdown."""
        return missing(guild, self._config.channel, self._channels, self._meetups.to_come(self._clock.now()))

    # What is kept about people.

    def told(self, user_id: int) -> Sequence[str]:
        """Tell what is kept about somebody; nothing where nothing is."""
        opened = self._meetups.opened_by(user_id)
        joined_ = [one for one in self._meetups.joined_by(user_id) if one not in opened]
        return [answers.kept_line(len(opened), len(joined_))] if opened or joined_ else []

    def exported(self, user_id: int) -> Mapping[str, object]:
        """Return that as what JSON can say."""
        meetups = {one.id: one for one in (*self._meetups.opened_by(user_id), *self._meetups.joined_by(user_id))}
        return {"meetups": [_exported(one, user_id) for one in meetups.values()]} if meetups else {}

    async def forget(self, user_id: int) -> None:
        """Delete it: the meetups that somebody opened end, and their places are others'."""
        await self._meetups.forget(user_id)

    async def tell_unreachable(self, interaction: Interaction, _answer: Answer) -> None:
        """Tell whoever just asked something, once, that a direct message about a meetup did not arrive."""
        if await self._meetups.take_unreachable(interaction.user.id):
            await interaction.followup.send(answers.UNREACHABLE, ephemeral=not in_direct_messages(interaction))

    def _list(self, meetups: Sequence[Meetup], reader: int | None, number: int, *, mine: bool) -> Answer:
        channel = next((one.mention for one in self._channels.named(self._config.channel)), "their channel")
        return answers.list_answer(meetups, reader, number, self._zone, mine=mine, channel=channel)

    def _about(self, draft: Draft) -> Meetup | None:
        return self._meetups.find(draft.meetup_id) if draft.meetup_id else None

    def _clashes(self, meetup: Meetup, reader: int) -> Sequence[Clash]:
        programme = self._library.edition.programme
        papers = [programme.papers[key] for key in self._agendas.of(reader) if key in programme.papers]
        others = [one for one in self._meetups.joined_by(reader) if one.is_open]
        return clashes_with(meetup, programme, papers, others)

    def _room(self, place: str) -> str | None:
        """Return the room of the programme that a place is, if it is one."""
        wanted = fold(place)
        rooms = room_names(self._library.edition.programme.sessions)
        return next((room for room in rooms if wanted and fold(room) == wanted), None)

    async def _answer(self, question: Question, reader: int | None) -> Answer:
        if question.kind is QuestionKind.MEETUP:
            return await self.show(number_in(question.key), reader, clashing=True)
        if question.key == answers.MINE:
            return self.list_own(reader or 0, question.page)
        return self.list_all(reader, question.page)


def _exported(meetup: Meetup, user_id: int) -> dict[str, object]:
    guest = meetup.guest(user_id)
    own = meetup.opener_id == user_id
    return {
        "topic": meetup.topic,
        "place": meetup.place,
        "starts_at": meetup.starts_at.isoformat(),
        "ends_at": meetup.ends_at.isoformat(),
        "ended_as": meetup.ended_as,
        "opened_by_you": own,
        "waits": guest.waits if guest else None,
        "since": guest.since.isoformat() if guest else None,
        **({"about": meetup.about, "opened_at": meetup.made_at.isoformat(), "people": meetup.people} if own else {}),
    }

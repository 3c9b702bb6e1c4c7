"""The organizers' broadcast: looks at a draft before it is sent, and does what they decide then."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import discord

from bot.announcements import (
    SAME_WITHIN,
    Announcement,
    Draft,
    Purpose,
    Status,
    Wording,
    faults_of,
    form_of,
    worded,
)
from bot.announcing_time import understood, written
from bot.audience import is_named
from bot.delivery.announcements import role_in
from bot.due import State
from bot.errors import Trouble
from bot.status import lacking
from bot.store.announcements import Issue
from bot.store.ledger import Entry
from bot.ui.announcements import Review, announcement_embed, course_line, plain
from bot.ui.markdown import escaped
from bot.ui.words import joined

if TYPE_CHECKING:
    from bot.client import ConferenceBot

_PATIENCE = 10.0
"""How long an organizer waits at most to hear where an announcement went, in seconds."""

_COUNTING = 3.0
_PUBLISHED_ALREADY = 40033
_OPEN = (State.PLANNED, State.CLAIMED)

log = logging.getLogger(__name__)


class Announcer:
    """Does what organizers do with announcements; who may, is asked before."""

    def __init__(self, bot: "ConferenceBot") -> None:
        self._bot = bot
        self.zone = ZoneInfo(bot.config.conference.timezone)

    # --- before

    def channels(self, named: Iterable[discord.TextChannel], *, everywhere: bool) -> tuple[int, ...]:
        """Return the ids of the channels that are meant: those named, or else the configured ones of every server.

        Args:
            named: channels of the organizer's own server.
            everywhere: whether the configured ones are meant besides.

        Raises:
            Trouble: there are none.
        """
        found = {channel.id: None for channel in named}
        if everywhere or not found:
            wanted = self._bot.config.announcements.channels
            found |= {channel.id: None for name in wanted for channel in self._bot.office.channels(name)}
        if not found:
            raise Trouble(
                "Say in which channel: none is configured, or no server has one of that name "
                "(`channels` under `[announcements]`)."
            )
        return tuple(found)

    def role(self, role: discord.Role | None) -> str | None:
        """Return a role's name, if announcements may ping it.

        Raises:
            Trouble: they may not.
        """
        allowed = self._bot.config.announcements.roles
        if role is None:
            return None
        if not role.is_default() and is_named(role, role.name, allowed):
            return role.name
        names = [escaped(other.name, 100) for other in role.guild.roles if is_named(other, other.name, allowed)]
        may = f"Those it may ping: {joined(names, 1_000)}." if names else ""
        none = "None is configured here (`roles` under `[announcements]`)."
        raise Trouble(f"An announcement may not ping {escaped(role.name, 100)}. {may or none}")

    async def moment(self, words: str) -> datetime | None:
        """Return the moment that is meant, None for now.

        Raises:
            Trouble: it is past, or none.
        """
        return await understood(words, self._bot.clock.now(), self.zone)

    async def scheduled(self, number: str) -> Issue:
        """Return an announcement of which nothing has been sent.

        Raises:
            Trouble: there is no such announcement, or it can't be changed any more.
        """
        issue = await self._issue(number)
        correct = f"Use {self._bot.mention('announce correct')} to change it wherever it is."
        match issue.status:
            case Status.SENT:
                raise Trouble(f"It has gone out already. {correct}")
            case Status.UNDERWAY:
                raise Trouble(f"It is being sent at this moment, or has arrived in part. {correct}")
            case Status.LOST:
                raise Trouble("It never went out, and its time is over. Write it again.")
            case Status.CANCELLED:
                raise Trouble("It was cancelled.")
        return issue

    async def cancellable(self, number: str) -> Issue:
        """Return an announcement of which something has not been sent yet.

        Raises:
            Trouble: there is no such announcement, or there is nothing to cancel.
        """
        issue = await self._issue(number)
        return issue if issue.status is Status.UNDERWAY else await self.scheduled(number)

    async def correctable(self, number: str) -> Issue:
        """Return an announcement of which something has been sent, or is being sent.

        Raises:
            Trouble: there is no such announcement, or it is nowhere.
        """
        issue = await self._issue(number)
        if issue.status in (Status.SENT, Status.UNDERWAY):
            return issue
        if issue.status is Status.SCHEDULED:
            raise Trouble(f"It has not gone out yet: use {self._bot.mention('announce edit')}.")
        return await self.scheduled(number)

    def draft_of(self, issue: Issue, purpose: Purpose, when: str = "") -> Draft:
        """Begin a draft with what an announcement says now."""
        announcement = issue.announcement
        when = when or (written(announcement.due_at, self.zone) if purpose is Purpose.EDIT else "")
        entries = issue.in_state(*_OPEN, State.SENT)
        return Draft(
            purpose,
            form_of(announcement.wording, when),
            tuple(entry.delivery.target_id for entry in entries),
            announcement.role,
            announcement.due_at,
            announcement,
        )

    async def review(self, draft: Draft) -> Review:
        """Look at a filled-in draft: what it says, and everything that can go wrong with it."""
        faults = faults_of(draft.form)
        if draft.purpose is not Purpose.CORRECT:
            try:
                draft = replace(draft, due_at=await self._due_at(draft))
            except Trouble as trouble:
                faults.append(str(trouble))
        if faults:
            return Review(draft, None, faults, (), ())
        wording = worded(draft.form)
        warnings = [] if draft.purpose is Purpose.CORRECT else await self._warnings(draft, wording)
        roles = self._roles(draft)
        return Review(
            draft,
            wording,
            (),
            warnings,
            await self._places(draft),
            ping=next((role.mention for role in roles), ""),
            reach=await self._reach(roles),
        )

    def check_time(self, draft: Draft) -> None:
        """Look at the clock once more when it is to be sent.

        Raises:
            Trouble: its time has passed while it was looked at.
        """
        if draft.purpose is not Purpose.CORRECT and draft.due_at and draft.due_at <= self._bot.clock.now():
            moment = discord.utils.format_dt(draft.due_at, "t")
            raise Trouble(f"Its time, {moment}, has passed meanwhile. Nothing was done: press Edit and name another.")

    # --- doing

    async def send(self, draft: Draft, user_id: int) -> Issue:
        """Post or schedule a new announcement; return how far it is once it is there or will take a while."""
        now = self._bot.clock.now()
        due_at = draft.due_at or now
        new = Announcement(0, worded(draft.form), draft.role, due_at, user_id, now)
        announcement = await self._bot.store.announcements.add(new, draft.channels)
        self._bot.office.courier.wake()
        action = "announcement scheduled" if draft.due_at else "announcement sent"
        await self._record(user_id, action, announcement, after=plain(announcement, draft.channels))
        return await self._settled(announcement.id)

    async def edit(self, draft: Draft, user_id: int) -> Issue:
        """Change an announcement that has not gone out yet.

        Raises:
            Trouble: it has begun to go out meanwhile. Nothing was done.
        """
        before = _about(draft)
        due_at = draft.due_at or self._bot.clock.now()
        after = replace(before, wording=worded(draft.form), due_at=due_at)
        if not await self._bot.store.announcements.change(before.id, after.wording, due_at):
            await self.scheduled(str(before.id))
        self._bot.office.courier.wake()
        texts = plain(before, draft.channels), plain(after, draft.channels)
        await self._record(user_id, "announcement changed", after, before=texts[0], after=texts[1])
        return await self._settled(after.id)

    async def cancel(self, number: int, user_id: int) -> Issue:
        """Send no more of an announcement; return how it is then, which may be that it is there all the same.

        Raises:
            Trouble: there is nothing to cancel any more.
        """
        before = await self.cancellable(str(number))
        issue = await self._bot.store.announcements.cancel(number) or before
        self._bot.office.courier.wake()
        channels = (entry.delivery.target_id for entry in before.in_state(*_OPEN))
        await self._record(
            user_id, "announcement cancelled", before.announcement, before=plain(before.announcement, channels)
        )
        return issue

    async def correct(self, draft: Draft, user_id: int) -> tuple[Issue, dict[int, str]]:
        """Correct an announcement everywhere; return how far it is, and for each message how it went."""
        before, now = _about(draft), self._bot.clock.now()
        after = replace(before, wording=worded(draft.form), corrected_at=now)
        await self._bot.store.announcements.correct(before.id, after.wording, now)
        texts = plain(before, draft.channels), plain(after, draft.channels)
        await self._record(user_id, "announcement corrected", after, before=texts[0], after=texts[1])
        # What is being sent at this moment may still say what it said before; it is waited for, and then corrected.
        issue = await self._settled(before.id)
        embed = announcement_embed(after.wording, now)
        sent = issue.in_state(State.SENT)
        notes = await asyncio.gather(*(self._rewrite(entry, embed) for entry in sent))
        return issue, {entry.delivery.target_id: note for entry, note in zip(sent, notes, strict=True)}

    # --- telling

    async def latest(self, *statuses: Status) -> list[Issue]:
        """Return the announcements that are as far as that, the one that goes or went out last first."""
        issues = await self._bot.store.announcements.latest()
        return [issue for issue in issues if issue.status in statuses]

    def name_of(self, channel_id: int) -> str:
        """Call a channel what people call it, as Markdown: with its server, where the bot is in several."""
        channel = self._bot.get_channel(channel_id)
        if not isinstance(channel, discord.TextChannel):
            return "a channel that is gone"
        server = f" in {escaped(channel.guild.name, 60)}" if len(self._bot.guilds) > 1 else ""
        return f"{channel.mention}{server}"

    async def notes(self, issue: Issue) -> dict[int, str]:
        """Tell of each message that is there where it is, and whether an announcement channel passed it on."""
        sent = issue.in_state(State.SENT)
        notes = await asyncio.gather(*map(self._note, sent))
        return {entry.delivery.target_id: note for entry, note in zip(sent, notes, strict=True)}

    # --- parts

    async def _issue(self, number: str) -> Issue:
        issue = (
            await self._bot.store.announcements.get(int(number)) if number.isdecimal() and len(number) < 12 else None
        )
        if issue is None:
            raise Trouble("I don't know that announcement. Pick one of the suggestions that come while you type.")
        return issue

    async def _due_at(self, draft: Draft) -> datetime | None:
        """Return the time a form names; one that was left as it stood means the very moment it stood for."""
        before = draft.about.due_at if draft.about else None
        if before and draft.form.when == written(before, self.zone):
            return before
        return await self.moment(draft.form.when)

    async def _warnings(self, draft: Draft, wording: Wording) -> list[str]:
        warnings = [warning for channel in draft.channels for warning in self._obstacles(channel, draft.role)]
        served = {channel.guild for channel in self._text_channels(draft)}
        if draft.everywhere:
            warnings += [
                f"{escaped(guild.name, 60)} hears nothing: it has no channel that is configured for announcements."
                for guild in self._bot.guilds
                if self._bot.config.discord.trusts(guild.id)
                if guild not in served
            ]
        return warnings + await self._said_before(draft, wording)

    def _obstacles(self, channel_id: int, role_name: str | None) -> list[str]:
        channel = self._bot.get_channel(channel_id)
        if not isinstance(channel, discord.TextChannel):
            return ["One of the channels is gone, or I can't see it any more."]
        needed = lacking(channel)
        found = [f"I can't post in {self.name_of(channel_id)}: I lack {', '.join(needed)}."] if needed else []
        role = role_in(channel.guild, role_name, self._bot.config)
        if role and not (role.mentionable or channel.permissions_for(channel.guild.me).mention_everyone):
            found.append(
                f"I can't ping {role.mention} in {self.name_of(channel_id)}: allow everybody to mention this role, or "
                "give me the permission Mention Everyone. The message would be there without the ping."
            )
        if role_name and not role:
            found.append(f"In {self.name_of(channel_id)} there is no role {escaped(role_name, 100)} that I may ping.")
        return found

    async def _said_before(self, draft: Draft, wording: Wording) -> list[str]:
        since = self._bot.clock.now() - SAME_WITHIN
        for issue in await self.latest(Status.SCHEDULED, Status.UNDERWAY, Status.SENT):
            other = issue.announcement
            if other.due_at < since or (draft.about and draft.about.id == other.id):
                continue
            if other.wording.says_the_same(wording):
                verb = "is scheduled for" if issue.status is Status.SCHEDULED else "went out"
                return [f"The same text {verb} {discord.utils.format_dt(other.due_at, 'R')}."]
        return []

    def _text_channels(self, draft: Draft) -> list[discord.TextChannel]:
        found = (self._bot.get_channel(channel_id) for channel_id in draft.channels)
        return [channel for channel in found if isinstance(channel, discord.TextChannel)]

    def _roles(self, draft: Draft) -> list[discord.Role]:
        """Return the role that is pinged in each server, that of the first channel first."""
        guilds = dict.fromkeys(channel.guild for channel in self._text_channels(draft))
        return [role for guild in guilds if (role := role_in(guild, draft.role, self._bot.config))]

    async def _reach(self, roles: Iterable[discord.Role]) -> int | None:
        """Return how many people have these roles, None where Discord does not say."""
        reach = 0
        try:
            async with asyncio.timeout(_COUNTING):
                for role in roles:
                    counts = await role.guild.role_member_counts()
                    reach += {counted.id: count for counted, count in counts.items()}.get(role.id, 0)
        except Exception as error:  # noqa: BLE001 - a mere number must not keep anybody from announcing
            log.warning("the members of a role could not be counted: %s", error)
            return None
        return reach

    async def _places(self, draft: Draft) -> list[str]:
        if draft.purpose is Purpose.CORRECT:
            issue = await self._issue(str(_about(draft).id))
            return [course_line(entry, self.name_of) for entry in issue.in_state(*_OPEN, State.SENT)]
        news = {channel.id for channel in self._text_channels(draft) if channel.is_news()}
        published = ", and published to the servers that follow it"
        return [f"- {self.name_of(channel)}{published if channel in news else ''}" for channel in draft.channels]

    async def _settled(self, number: int) -> Issue:
        """Wait until an announcement that is due is there, given up, or to be tried again; but not for long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while True:
                    # Listening begins before looking: what is settled in between is not missed.
                    settled = asyncio.create_task(self._bot.office.courier.next_settled())
                    try:
                        issue = await self._issue(str(number))
                        if not self._is_moving(issue):
                            return issue
                        await settled
                    finally:
                        settled.cancel()
        return await self._issue(str(number))

    def _is_moving(self, issue: Issue) -> bool:
        return issue.announcement.due_at <= self._bot.clock.now() and any(
            entry.reason is None for entry in issue.in_state(*_OPEN)
        )

    async def _note(self, entry: Entry) -> str:
        message = self._message(entry)
        if message is None:
            return ""
        link = f"[the message](<{message.jump_url}>)"
        channel = self._bot.get_channel(entry.delivery.target_id)
        if not isinstance(channel, discord.TextChannel) or not channel.is_news():
            return link
        return f"{link}, {await self._published(message)}"

    async def _published(self, message: discord.PartialMessage) -> str:
        """Tell whether a message was passed on; where it was not, try once more and learn why."""
        published = "published to the servers that follow this channel"
        failed = "but not passed on to the servers that follow this channel"
        try:
            async with asyncio.timeout(_PATIENCE):
                if not (await message.fetch()).flags.crossposted:
                    await message.publish()
        except discord.HTTPException as error:
            if error.code == _PUBLISHED_ALREADY:
                return published
            return f"{failed}: {escaped(error.text or str(error.status), 200)}"
        except TimeoutError:
            return f"{failed} yet: Discord makes me wait"
        return published

    async def _rewrite(self, entry: Entry, embed: discord.Embed) -> str:
        message = self._message(entry)
        if message is None:
            return "not corrected: the channel is gone"
        try:
            async with asyncio.timeout(_PATIENCE):
                await message.edit(embeds=[embed])
        except discord.NotFound:
            return "not corrected: the message was deleted there"
        except discord.HTTPException as error:
            return f"not corrected: Discord refuses: {escaped(error.text or str(error.status), 200)}"
        except TimeoutError:
            return "not corrected: Discord did not answer in time; correct it once more"
        return f"corrected: [the message](<{message.jump_url}>)"

    def _message(self, entry: Entry) -> discord.PartialMessage | None:
        channel = self._bot.get_channel(entry.delivery.target_id)
        if not isinstance(channel, discord.TextChannel) or entry.message_id is None:
            return None
        return channel.get_partial_message(entry.message_id)

    async def _record(
        self, user_id: int, action: str, about: Announcement, *, before: str | None = None, after: str | None = None
    ) -> None:
        await self._bot.audit.record(user_id, action, about.wording.title, before=before, after=after)


def _about(draft: Draft) -> Announcement:
    if draft.about is None:
        raise ValueError("this draft is about no announcement that is there already")
    return draft.about

"""The private threads of those who ask for help: each made once, told what it is about, and closed for good.

Discord drops no thread that is made twice. So a request is claimed in the database before its thread is made; whoever
takes it again looks first for a thread that bears its token, and of two that were made all the same the later goes,
also where Discord makes it only when nobody expects that any more.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import discord

from bot.clock import Clock
from bot.connection.patience import FAILURES, in_words
from bot.connection.refusals import PassingOver, is_about_permissions, is_gone
from bot.helpdesk import answers
from bot.helpdesk.duty import Duty
from bot.helpdesk.model import About, HelpRequest, Step, is_token
from bot.helpdesk.rows import HelpStore
from bot.ui.answer import Answer
from bot.ui.controls import buttons_of, view_of
from bot.ui.limits import clip

LEASE: Final = timedelta(seconds=60)
"""How long a request belongs to whoever makes its thread."""

_AGAIN: Final = timedelta(seconds=15)
_LONGEST: Final = timedelta(minutes=10)
"""How long it is waited before the next try: at first, and at most."""

_NAME: Final = 100
_CLOSED_BEFORE: Final = 50
"""How many of a closed thread's last messages are looked through for the notice."""

Changed: TypeAlias = Callable[[HelpRequest], None]

log = logging.getLogger(__name__)


class HelpThreads:
    """Makes and closes the threads.

    Attributes:
        changed: called with a request when it was brought on.
    """

    def __init__(self, store: HelpStore, duty: Duty, client: discord.Client, clock: Clock) -> None:
        self._store = store
        self._duty = duty
        self._client = client
        self._clock = clock
        self.changed: Changed | None = None

    async def bring_on(self, token: str) -> HelpRequest | None:
        """Make what is still to be made for a request, unless another is at it; return it as it is then.

        What fails now is tried again later, and logged.
        """
        until = self._clock.steady() + LEASE.total_seconds()
        request = await self._store.claim(token, self._clock.now(), LEASE)
        if request is not None:
            await self._try(request, until)
        after = await self._store.get(token)
        if after and self.changed:
            self.changed(after)
        return after

    async def _try(self, request: HelpRequest, until: float) -> None:
        try:
            if request.step is Step.OPENING:
                await self._open(request, until)
            else:
                await self._close(request, until)
        except FAILURES as error:
            pause = (
                _LONGEST if is_about_permissions(error) else min(_AGAIN * 2 ** min(request.attempts - 1, 8), _LONGEST)
            )
            log.warning("help request %s: %s; next try in %s", request.token, in_words(error), pause)
            if self._clock.steady() < until:  # else it may be another's by now
                await self._store.put_off(request.token, self._clock.now() + pause)

    async def bring_all_on(self) -> datetime | None:
        """Make all that is still to be made; return when something is to be tried again."""
        now = self._clock.now()
        for token, until in await self._store.unfinished():
            if until is None or until <= now:
                await self.bring_on(token)
        await self._take_doubles_away()
        waiting = [until or now for _, until in await self._store.unfinished()]
        return min(waiting, default=None)

    async def _take_doubles_away(self) -> None:
        """Delete the threads that came late: their requests have others, and nobody was ever let into them."""
        threads = [one for guild in self._client.guilds for one in guild.threads if _is_empty(one)]
        requests = {one.token: one for one in await self._store.all()} if threads else {}
        for thread in threads:
            request = requests.get(_token_of(thread))
            if request and request.step is not Step.OPENING and request.thread_id not in (None, thread.id):
                log.info("help request %s: thread %d came late; it is taken away", request.token, thread.id)
                try:
                    await thread.delete()
                except FAILURES as error:
                    log.warning("help request %s: %s", request.token, in_words(error))

    async def _open(self, request: HelpRequest, until: float) -> None:
        guild = self._client.get_guild(request.server_id)
        channel = self._client.get_channel(request.channel_id)
        if channel is None and guild:  # it was deleted; another may have taken its place
            channel = self._duty.channel(About.HELP, guild)
        if not isinstance(channel, discord.TextChannel):
            log.warning("help request %s: its channel is not there", request.token)
            await self._store.put_off(request.token, self._clock.now() + _LONGEST)
            return
        thread = await self._thread_of(request, channel, until)
        if thread is None:
            return
        thread = await _awake(thread, request)
        starter = await self._starter_in(thread, request.token) if request.attempts > 1 else None
        if starter is None:
            # First the asker, so that the message calls them; those on duty come by being called.
            await thread.add_user(discord.Object(request.user_id))
            if self._clock.steady() >= until:
                return  # whoever has taken it meanwhile looks for the message first
            starter = await self._write_starter(thread, request)
        await self._store.opened(request.token, starter.id)

    async def _thread_of(
        self, request: HelpRequest, channel: discord.TextChannel, until: float
    ) -> discord.Thread | None:
        """Return the request's thread, made if it is not there; None where it is another's by now."""
        thread: discord.Thread | None = None
        if request.thread_id:
            thread = await self._known_thread(request.thread_id)
        elif request.attempts > 1:
            thread = await _found(channel, request.token)
        if thread is None:
            if self._clock.steady() >= until:
                return None  # whoever has taken it meanwhile looks for it first
            thread = await channel.create_thread(
                name=clip(f"{request.token} {' '.join((request.text or 'Help').split())}", _NAME),
                type=discord.ChannelType.private_thread,
                invitable=False,
                auto_archive_duration=10080,
            )
        known = thread.id == request.thread_id
        if not known and not await self._store.set_thread(request.token, thread.id, request.thread_id):
            await thread.delete()
            return None
        return thread

    async def is_gone(self, request: HelpRequest) -> bool:
        """Tell whether the thread of an open request was deleted; where Discord can't be asked, it was not."""
        try:
            return request.thread_id is not None and await self._known_thread(request.thread_id) is None
        except FAILURES as error:
            log.warning("help request %s: %s", request.token, in_words(error))
            return False

    async def _known_thread(self, thread_id: int) -> discord.Thread | None:
        with PassingOver(is_gone):
            thread = self._client.get_channel(thread_id) or await self._client.fetch_channel(thread_id)
            return thread if isinstance(thread, discord.Thread) else None
        return None

    async def _starter_in(self, thread: discord.Thread, token: str) -> discord.Message | None:
        async for message in thread.history(limit=_CLOSED_BEFORE, oldest_first=True):
            if message.author == thread.guild.me and any(
                token in (button.custom_id or "") for button in buttons_of(message)
            ):
                return message
        return None

    async def _write_starter(self, thread: discord.Thread, request: HelpRequest) -> discord.Message:
        roles = self._duty.helper_roles(thread.guild)
        asker = discord.Object(request.user_id)
        rows = (answers.request_buttons(request),)
        return await thread.send(
            " ".join((*(role.mention for role in roles), f"<@{request.user_id}>")),
            embeds=answers.request_embeds(request),
            view=view_of(Answer(None, rows), shareable=False),
            nonce=request.token,
            allowed_mentions=discord.AllowedMentions(everyone=False, roles=roles, users=[asker]),
        )

    async def _close(self, request: HelpRequest, until: float) -> None:
        """Tell the asker, and close the thread so that only those who manage threads can open it again."""
        thread = await self._known_thread(request.thread_id) if request.thread_id else None
        if thread is None:
            await self._store.finish(request.token)
            return
        if not (thread.archived and thread.locked):
            thread = await _awake(thread, request)
            if request.attempts < 2 or not await _says(thread, answers.closed_notice(request)):
                if self._clock.steady() >= until:
                    return  # likewise
                await thread.send(
                    answers.closed_notice(request),
                    nonce=f"{request.token}c",
                    allowed_mentions=discord.AllowedMentions(
                        everyone=False, roles=False, users=[discord.Object(request.user_id)]
                    ),
                )
            await thread.edit(archived=True, locked=True)
        await self._store.finish(request.token)


async def _awake(thread: discord.Thread, request: HelpRequest) -> discord.Thread:
    """Return a request's thread in a state in which it takes messages.

    One made long ago may be archived, and the bot may not have heard of it: after a failure it asks in any case.
    """
    return await thread.edit(archived=False) if thread.archived or request.attempts > 1 else thread


async def _found(channel: discord.TextChannel, token: str) -> discord.Thread | None:
    """Return the bot's own private thread whose name begins with a token, be it open or closed."""
    for thread in await channel.guild.active_threads():
        if thread.parent_id == channel.id and _is_for(thread, token):
            return thread
    with PassingOver(is_about_permissions):
        async for thread in channel.archived_threads(private=True, joined=True, limit=None):
            if _is_for(thread, token):
                return thread
    return None


def is_own(thread: discord.Thread) -> bool:
    """Tell whether a thread is one that the bot has made for a request, be it which it may."""
    mine = thread.type is discord.ChannelType.private_thread and thread.owner_id == thread.guild.me.id
    return mine and is_token(_token_of(thread))


def _is_empty(thread: discord.Thread) -> bool:
    return is_own(thread) and not thread.message_count and thread.last_message_id is None


def _token_of(thread: discord.Thread) -> str:
    return thread.name.partition(" ")[0]


def _is_for(thread: discord.Thread, token: str) -> bool:
    return thread.owner_id == thread.guild.me.id and _token_of(thread) == token


async def _says(thread: discord.Thread, text: str) -> bool:
    async for message in thread.history(limit=_CLOSED_BEFORE):
        if message.author == thread.guild.me and message.content == text:
            return True
    return False

"""Requests for help: asked once, taken and closed by those on duty."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Final

import discord

from bot.background import BackgroundTasks
from bot.clock import Clock
from bot.errors import UserError
from bot.helpdesk import answers
from bot.helpdesk.duty import Duty
from bot.helpdesk.model import HELP_AN_HOUR, HOUR, OPEN_AT_ONCE, About, Asked, HelpRequest
from bot.helpdesk.rows import HelpStore
from bot.helpdesk.threads import HelpThreads
from bot.ui.answer import Answer
from bot.ui.questions import NOT_UNDERSTOOD

_PATIENCE: Final = 8.0
"""For how long the asker waits for their thread, in seconds; then they hear that it is being opened."""

GONE: Final = "I no longer know this request. The thread stays as it is; whoever may manage threads can close it."


class HelpDesk:
    """What is asked of those on duty."""

    def __init__(
        self, store: HelpStore, threads: HelpThreads, duty: Duty, background: BackgroundTasks, clock: Clock
    ) -> None:
        self._store = store
        self._threads = threads
        self._duty = duty
        self._background = background
        self._clock = clock
        self._known: dict[str, HelpRequest] = {}
        threads.changed = self._note

    async def open(self) -> None:
        """Read what is known."""
        self._known = {one.token: one for one in await self._store.all()}

    async def ask(self, asked: Asked, guild: discord.Guild, asker: discord.Member) -> Answer:
        """Open a thread for somebody with those on duty; for the same form once, however often it is sent.

        Raises:
            UserError: they have enough open, or have asked too often.
        """
        channel = self._duty.channel(About.HELP, guild)
        trouble = self._duty.help_trouble(guild)
        if channel and not trouble and not channel.permissions_for(asker).view_channel:
            trouble = f"you don't see {channel.mention}, where it would be"
        if channel is None or trouble:
            return answers.refused_answer(
                f"I can't open a thread with those on duty: {trouble}.", self._duty.contact, asked.text
            )
        if asked.token not in self._known:
            await self._check_number(asked)
        kept = await self._store.add(asked, guild.id, channel.id)
        if kept.user_id != asked.user_id:
            raise UserError(NOT_UNDERSTOOD)
        self._note(kept)
        with contextlib.suppress(TimeoutError):
            await self._background.within(_PATIENCE, self._threads.bring_on(asked.token), "opening a thread")
        return answers.opened_answer(self._known[asked.token])

    async def take(self, token: str, holder: int | None, user_id: int) -> HelpRequest:
        """Give a request to somebody on duty; where another was quicker it stays theirs.

        Raises:
            UserError: it is not known, or closed.
        """
        request = self._checked(await self._store.take(token, holder, user_id))
        if request.closed_by:
            raise UserError("It is closed already.")
        return request

    async def close(self, token: str, user_id: int, *, on_duty: bool) -> HelpRequest:
        """Close a request: those on duty may, and whoever asked. Its thread is closed a moment later.

        Raises:
            UserError: it is not known, or it is not the presser's to close.
        """
        request = self._checked(await self._store.get(token))
        if not on_duty and request.user_id != user_id:
            raise UserError("Those on duty close this, or whoever asked.")
        return self._checked(await self._store.close(token, user_id, self._clock.now()))

    async def finish_closing(self, token: str) -> None:
        """Close the thread of a request that is closed."""
        await self._threads.bring_on(token)

    def dropped(self, tokens: Sequence[str]) -> None:
        """Let go of requests that the database has no more."""
        for token in tokens:
            self._known.pop(token, None)

    @property
    def keeps_any(self) -> bool:
        """Whether any request is known."""
        return bool(self._known)

    # What /mydata asks.

    def of(self, user_id: int) -> list[HelpRequest]:
        """Return somebody's requests."""
        return [one for one in self._known.values() if one.user_id == user_id]

    def exported(self, user_id: int) -> Mapping[str, object]:
        """Return what JSON can say about them."""
        own = [
            {"token": one.token, "made_at": one.made_at.isoformat(), "thread": one.url, "closed": bool(one.closed_by)}
            for one in self.of(user_id)
        ]
        return {"help_requests": own} if own else {}

    async def forget(self, user_id: int) -> None:
        """Forget somebody's requests, and which they took or closed; the threads stay in Discord."""
        await self._store.forget(user_id)
        await self.open()

    def _note(self, request: HelpRequest) -> None:
        self._known[request.token] = request

    def _checked(self, request: HelpRequest | None) -> HelpRequest:
        if request is None:
            raise UserError(GONE)
        self._note(request)
        return request

    async def _check_number(self, asked: Asked) -> None:
        own = self.of(asked.user_id)
        still_open = [one for one in own if not one.closed_by]
        if len(still_open) >= OPEN_AT_ONCE:
            for gone in [one for one in still_open if await self._threads.is_gone(one)]:
                await self._store.close(gone.token, asked.user_id, asked.made_at)
                await self._threads.bring_on(gone.token)
                still_open.remove(gone)
        if len(still_open) >= OPEN_AT_ONCE:
            raise UserError(answers.too_many_text(still_open))
        lately = sorted(one.made_at for one in own if one.made_at > asked.made_at - HOUR)
        if len(lately) >= HELP_AN_HOUR:
            raise UserError(answers.too_often_text(lately[-HELP_AN_HOUR] + HOUR))

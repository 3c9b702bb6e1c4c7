"""Bringing a batch to Discord: one message, found again by its mark, pinging nobody but the message's role."""

import io
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta
from http import HTTPStatus

import discord

from bot.background import BackgroundTasks
from bot.config import NameOrId
from bot.connection.patience import FAILURES, asked_to_wait, in_words
from bot.connection.refusals import direct_pause, is_about_permissions, is_final, is_trouble, takes_no_messages
from bot.connection.servers import is_shown
from bot.delivery.channel_messages import ChannelMessages
from bot.delivery.channels import Channels
from bot.delivery.message import MessageWriter
from bot.delivery.model import Batch, Holds, Kind, NotYet, Refused
from bot.permissions import role_named
from bot.ui.answer import Answer
from bot.ui.controls import bears_mark, mark_of, message_view

_MARGIN = timedelta(minutes=5)
"""How much earlier than it was claimed a message is looked for: this machine's clock may be used where Discord's was
not known yet, and they may be apart."""

_UNTIL_SHOWN = 10.0
"""After how many seconds it is looked again whether Discord shows a server, where nothing can be pinged before."""

_LOOKED_THROUGH = 5_000
_PUBLISH_TIMEOUT = 5
"""How long passing a message on holds up what comes next, in seconds."""

_LIMITED = 5.0
"""For how long a message waits at least that Discord makes wait, in seconds."""

log = logging.getLogger(__name__)


class Sender:
    """Sends what the writers write through the bot's own connection."""

    def __init__(
        self,
        client: discord.Client,
        channels: Channels,
        unreachable: Callable[[int], Awaitable[None]],
        organizers: ChannelMessages,
        background: BackgroundTasks,
    ) -> None:
        """Make a sender.

        Args:
            client: the connection.
            channels: where the organizers' channel is found.
            unreachable: called with a person's id when they take no direct messages.
            organizers: writes to those who hear what can't be sent.
            background: where passing a message on goes on when it takes long.
        """
        self._client = client
        self._channels = channels
        self._unreachable = unreachable
        self._organizers = organizers
        self._background = background
        self._writers: dict[Kind, MessageWriter] = {}

    def writes(self, kind: Kind, writer: MessageWriter) -> None:
        """Let a writer write the messages of a kind."""
        self._writers[kind] = writer

    async def find(self, batch: Batch) -> int | None:
        """Return the id of the batch's message if it is there already.

        Raises:
            Refused: the bot may not read the history, so that it can't know.
            NotYet: Discord can't be asked now.
        """
        place = await self._place(batch)
        mark = mark_of(batch.token)
        try:
            async for message in place.history(limit=_LOOKED_THROUGH, after=batch.claimed_at - _MARGIN):
                if bears_mark(message, mark):
                    await self._publish(message, batch.kind)
                    return message.id
        except FAILURES as error:
            if is_about_permissions(error):
                raise Refused("the bot may not read the message history there", for_permission=True) from None
            raise await self._judged(error, batch) from error
        return None

    async def send(self, batch: Batch) -> int:
        """Send the batch as one message and return its id.

        Raises:
            Refused: the channel is gone, the bot may not write there, or there is nothing to say any more.
            NotYet: Discord does not take it now.
        """
        place = await self._place(batch)
        written = await self._writers[batch.kind].write(batch)
        roles = _pinged(place, (written.ping, *written.also_pings))
        try:
            message = await place.send(
                " ".join(filter(None, (*(role.mention for role in roles), written.content))) or None,
                embeds=written.embeds,
                view=message_view(batch.token, written.questions, written.buttons, written.rows),
                files=[discord.File(io.BytesIO(data), name) for name, data in written.files],
                nonce=batch.token,
                silent=written.silent,
                allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=roles or False),
            )
        except FAILURES as error:
            raise await self._judged(error, batch) from error
        await self._publish(message, batch.kind)
        return message.id

    async def outdated(self, batch: Batch) -> Sequence[str]:
        """Return the keys of those deliveries that are no longer to be sent as they were planned."""
        return await self._writers[batch.kind].outdated(batch)

    async def report(self, batch: Batch, reason: str) -> bool:
        """Tell the organizers that a channel can't be reached; tell whether they know, as far as they can."""
        text = f"I can't send {batch.kind.called} to <#{batch.target_id}>: {reason}."
        return await self._organizers.tell(Answer(None, content=text))

    async def _place(self, batch: Batch) -> discord.TextChannel | discord.Thread | discord.DMChannel:
        client, target = self._client, batch.target_id
        try:
            if batch.kind.to_person:
                user = client.get_user(target) or await client.fetch_user(target)
                return user.dm_channel or await user.create_dm()
            channel = client.get_channel(target) or await client.fetch_channel(target)
        except FAILURES as error:
            raise await self._judged(error, batch) from error
        if not isinstance(channel, discord.TextChannel | discord.Thread):
            raise Refused("this is no text channel and no thread")
        if not is_shown(channel.guild):
            raise NotYet("Discord does not show its server yet", _UNTIL_SHOWN)
        if not self._channels.is_own(channel.guild):
            raise Refused("its server is not the conference's own")
        return channel

    async def _judged(self, error: BaseException, batch: Batch) -> Exception:
        """Return what a failure means for a batch; a person who can't be written to is noted."""
        reason, to_person = in_words(error), batch.kind.to_person
        wait = asked_to_wait(error)
        if is_trouble(error):
            return NotYet(f"Discord can't be reached: {reason}", wait, Holds.EVERYTHING)
        if not isinstance(error, discord.HTTPException):
            return NotYet(reason, wait)
        if to_person and (pause := direct_pause(error)):
            return NotYet(f"Discord lets the bot write to nobody: {reason}", pause, Holds.DIRECT_MESSAGES)
        if error.status == HTTPStatus.TOO_MANY_REQUESTS:
            return NotYet("Discord makes the bot wait", max(wait, _LIMITED))
        if not is_final(error):
            return error
        if to_person and takes_no_messages(error):
            await self._unreachable(batch.target_id)
        lacking = not to_person and is_about_permissions(error)
        return Refused(f"Discord refuses: {error.text or error.status}", for_permission=lacking)

    async def _publish(self, message: discord.Message, kind: Kind) -> None:
        """Pass a message on to the servers that follow its channel; what can't be passed on is there all the same."""
        channel = message.channel
        if not kind.published or not isinstance(channel, discord.TextChannel) or not channel.is_news():
            return
        if message.flags.crossposted:
            return
        try:
            # Past some ten in an hour Discord makes wait for long; the message is there, and that was to be sent.
            await self._background.within(_PUBLISH_TIMEOUT, message.publish(), "publishing a message")
        except FAILURES as error:
            log.warning("message %s is not published yet: %s", message.id, in_words(error))


def _pinged(place: discord.abc.Messageable, wanted: Iterable[NameOrId | None]) -> list[discord.Role]:
    if not isinstance(place, discord.TextChannel):
        return []
    found = (role_named(place.guild, one) for one in wanted)
    return list(dict.fromkeys(role for role in found if role))

"""The pictures of posters: what authors upload, taken from Discord and given back to it.

None is kept in the database. An upload into a form is Discord's for some hours at least, long enough to be shown to the
moderators or to go into the paper's place; from then on the message that shows it is where it is.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

import discord

from bot.authors.model import PICTURE, REVIEW, Saying
from bot.authors.rows import AuthorStore
from bot.clock import Clock
from bot.connection.patience import FAILURES, in_words, until_done
from bot.connection.refusals import is_gone, is_trouble
from bot.delivery.model import NotYet, Refused
from bot.errors import UserError

Download: TypeAlias = Callable[[str], Awaitable[bytes]]
"""Returns what is at an address of Discord's own; raises one of `FAILURES`."""

LARGEST: Final = 8 * 2**20
"""How large a picture may be, in bytes: Discord takes ten million of a bot, and phones have to load it."""

_BEGINS: Final = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
"""How the pictures begin that Discord shows, besides WebP."""

_RETRY = 30.0
"""After how many seconds a picture is asked for again that Discord did not hand out, for no reason of its own."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody put into a form.

    Attributes:
        url: where it is.
        size: how large it is, in bytes.
    """

    url: str
    size: int


def upload_in(data: Mapping[str, Any], number: str) -> Upload | None:
    """Return the file of an id that came with a form; None where none was put in."""
    found = data.get("resolved", {}).get("attachments", {}).get(number)
    return Upload(str(found["url"]), int(found["size"])) if found else None


class Pictures:
    """Hands out the pictures that authors uploaded."""

    def __init__(self, client: discord.Client, store: AuthorStore, download: Download, clock: Clock) -> None:
        self._client = client
        self._store = store
        self._download = download
        self._clock = clock

    async def check(self, upload: Upload) -> None:
        """Make sure that an upload is a picture that Discord shows.

        Raises:
            UserError: it is none, is too large, or can't be looked at.
        """
        if upload.size > LARGEST:
            raise UserError(
                f"The picture has {upload.size / 2**20:.1f} MiB, and {LARGEST // 2**20} are the most. Upload a smaller "
                "one."
            )
        try:
            data = await self._download(upload.url)
        except FAILURES as error:
            log.warning("an upload could not be looked at: %s", in_words(error))
            raise UserError("Discord does not hand out the picture. Upload it again.") from None
        if _ending(data) is None:
            raise UserError("This file is no PNG, JPEG, GIF or WebP picture. Of a PDF, upload a screenshot.")

    async def file(self, saying: Saying) -> tuple[str, bytes]:
        """Return a picture as a file.

        Raises:
            Refused: it is nowhere any more.
            NotYet: Discord does not hand it out now.
        """
        trouble: BaseException | None = None
        shown = []
        try:
            shown = await self._shown(saying)
        except FAILURES as error:
            trouble = error
        for url in [saying.url, *shown]:
            try:
                data = await self._download(url)
            except FAILURES as error:
                # Files are handed out without JSON, so that nothing but the date of an address tells that it is over.
                if not _is_over(url, self._clock.now()):
                    trouble = error
                continue
            if ending := _ending(data):
                return f"poster.{ending}", data
        if trouble:
            raise NotYet(f"Discord does not hand out the picture: {in_words(trouble)}", _RETRY)
        raise Refused("the picture is nowhere any more")

    async def remove(self, saying: Saying) -> None:
        """Delete the messages in the paper's places that show a picture, as soon as Discord can be reached."""
        for entry in await self._store.sent(PICTURE, saying.subject):
            if entry.message_id:
                message = self._message(entry.delivery.target_id, entry.message_id)
                await until_done("deleting a picture", partial(_delete, message))

    async def _shown(self, saying: Saying) -> list[str]:
        """Return where a picture is in messages that show it, the moderators' among them.

        Raises:
            discord.HTTPException: Discord, or the line to it, is in trouble; or what `FAILURES` has besides.
        """
        urls = []
        for kind in (REVIEW, PICTURE):
            for entry in await self._store.sent(kind, saying.subject):
                if entry.message_id is None:
                    continue
                try:
                    message = await self._message(entry.delivery.target_id, entry.message_id).fetch()
                except FAILURES as error:
                    if is_trouble(error):
                        raise
                    log.info("a message with a picture could not be read: %s", in_words(error))
                    continue
                urls += [attachment.url for attachment in message.attachments]
                # What an embed shows is no attachment any more.
                urls += [embed.image.url for embed in message.embeds if embed.image.url]
        return urls

    def _message(self, channel_id: int, message_id: int) -> discord.PartialMessage:
        return self._client.get_partial_messageable(channel_id).get_partial_message(message_id)


async def _delete(message: discord.PartialMessage) -> None:
    try:
        await message.delete()
    except discord.HTTPException as error:
        if is_trouble(error):
            raise
        if not is_gone(error):
            log.warning("could not delete a picture: %s", in_words(error))


def _is_over(url: str, now: datetime) -> bool:
    """Tell whether an address of Discord's own is good no more: it bears until when it is, in seconds since 1970.

    As in Discord's documentation, Signed Attachment CDN URLs.
    """
    until = parse_qs(urlsplit(url).query).get("ex", [""])[0]
    try:
        return int(until, 16) <= now.timestamp()
    except ValueError:
        return False


def _ending(data: bytes) -> str | None:
    """Return how the name of a picture's file ends; None where Discord would not show it."""
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    return next((ending for begin, ending in _BEGINS if data.startswith(begin)), None)

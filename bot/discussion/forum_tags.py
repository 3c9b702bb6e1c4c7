"""The tags of a forum in Discord: made, renamed and taken away with the programme, beside those of the organizers."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import discord

from bot.connection.patience import FAILURES, in_words
from bot.discussion.model import Subject
from bot.discussion.rows import PlaceStore
from bot.discussion.tags import MOST_ON_POST, MOST_TAGS, Tag, labels_of, wanted_tags
from bot.editions.service import Library
from bot.programme.model import Programme

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a forum's tags.

    Attributes:
        programme: the programme they are for.
        ids: the ids of all its tags before and after the bot's last change: discord.py hears of that a little later.
        tags: those that are of use, by what they stand for.
        own: the ids of those that the bot made.
    """

    programme: Programme
    ids: tuple[frozenset[int], frozenset[int]]
    tags: Mapping[str, discord.ForumTag]
    own: frozenset[int]


class ForumTags:
    """Keeps the tags of forums, as far as the bot may, and tells which of them a post should have."""

    def __init__(self, library: Library, store: PlaceStore, *, makes: bool) -> None:
        """Make it.

        Args:
            library: the programme.
            store: knows which tags the bot made.
            makes: whether it makes any; else only those that are there already are used.
        """
        self._library = library
        self._store = store
        self._makes = makes
        self._known: dict[int, _Known] = {}
        self._updating: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, forum: discord.ForumChannel, subject: Subject) -> list[discord.ForumTag]:
        """Return the tags that a subject's post should have; a forum that demands one gets one."""
        programme = self._library.edition.programme
        # Two updates at once would each make the tags that are missing.
        async with self._updating[forum.id]:
            known, ids = self._known.get(forum.id), _ids(forum.available_tags)
            if known is None or known.programme is not programme or ids not in known.ids:
                known = self._known[forum.id] = await self._update(forum, programme)
        tags = [known.tags[label] for label in labels_of(programme, subject) if label in known.tags]
        found = list({tag.id: tag for tag in tags}.values())[:MOST_ON_POST]
        if not found and forum.flags.require_tag:
            found = [tag for tag in forum.available_tags if not tag.moderated][:1]
        return found

    def is_own(self, forum_id: int, tag: discord.ForumTag) -> bool:
        """Tell whether the bot made a tag of a forum, as far as it has looked."""
        known = self._known.get(forum_id)
        return known is not None and tag.id in known.own

    async def _update(self, forum: discord.ForumChannel, programme: Programme) -> _Known:
        """Bring a forum's tags up to date with the programme."""
        there = {tag.id: tag for tag in forum.available_tags}
        own = {label: there[number] for label, number in (await self._store.tags(forum.id)).items() if number in there}
        own_ids = _ids(own.values())
        others = {tag.name.casefold(): tag for tag in there.values() if tag.id not in own_ids}
        theirs = {tag.label: others[name] for tag in wanted_tags(programme) if (name := tag.name.casefold()) in others}
        room = MOST_TAGS - len(others)
        wanted = [tag for tag in wanted_tags(programme, room + len(theirs)) if tag.label not in theirs][:room]
        before = after = frozenset(there)
        differs = {tag.label: tag.name for tag in wanted} != {label: tag.name for label, tag in own.items()}
        if differs and self._makes and forum.permissions_for(forum.guild.me).manage_channels:
            try:
                all_tags = await self._change(forum, [*others.values()], wanted, own)
            except FAILURES as error:
                log.warning("could not change the tags of channel %d: %s", forum.id, in_words(error))
            else:
                after = _ids(all_tags)
                made = {tag.name: tag for tag in all_tags if tag.id not in _ids(others.values())}
                own = {tag.label: made[tag.name] for tag in wanted if tag.name in made}
                await self._store.set_tags(forum.id, {label: tag.id for label, tag in own.items()})
        return _Known(programme, (before, after), {**own, **theirs}, _ids(own.values()))

    async def _change(
        self,
        forum: discord.ForumChannel,
        others: Sequence[discord.ForumTag],
        wanted: Sequence[Tag],
        own: Mapping[str, discord.ForumTag],
    ) -> Sequence[discord.ForumTag]:
        """Give a forum the wanted tags beside those of others; return all it has then."""
        made = []
        for tag in wanted:
            one = discord.ForumTag(name=tag.name)
            one.id = own[tag.label].id if tag.label in own else 0
            made.append(one)
        changed = await forum.edit(available_tags=[*others, *made], reason="The programme's tracks, sessions or topics")
        return changed.available_tags


def _ids(tags: Iterable[discord.ForumTag]) -> frozenset[int]:
    return frozenset(tag.id for tag in tags)

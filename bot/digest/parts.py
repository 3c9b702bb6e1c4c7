"""What else is in a digest besides one's own day and what has changed in it."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias

from bot.agenda.agendas import Agendas
from bot.agenda.service import AgendaService
from bot.agenda.suggestion_answers import LONG, SHORT, suggestion_lines
from bot.clock import Clock
from bot.digest.answers import Part
from bot.digest.messages import ToldChanges
from bot.digest.rows import DigestStore
from bot.editions.service import Library
from bot.programme.news import Bulletin
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import EMBED_FIELD_VALUE, size
from bot.ui.markdown import escaped
from bot.ui.wording import entry

PapersFollowed: TypeAlias = Callable[[int], Awaitable[Mapping[str, frozenset[str]]]]
"""Returns the keys of the papers in each topic and track that somebody follows, by its name."""

_NEW: Final = 5
"""How many new papers of one topic are named."""

_SUGGESTIONS: Final = 3
"""How many papers are suggested each morning; the last of three is one that few have seen."""


class Suggested:
    """Suggests papers that are near one's bookmarks and fit into one's agenda."""

    def __init__(self, agenda: AgendaService, library: Library) -> None:
        self._agenda = agenda
        self._library = library

    async def make(self, user_id: int, _since: datetime) -> Part:
        """Suggest some papers to somebody, each with the reason."""
        found = await asyncio.to_thread(self._agenda.suggestions, user_id, _SUGGESTIONS)
        programme, text = self._library.edition.programme, ""
        for limit in (LONG, SHORT):
            text = "\n\n".join(suggestion_lines(programme, one, limit) for one in found)
            if size(text) <= EMBED_FIELD_VALUE:
                break
        return Part("For you", [text] if text else ())


class Followed:
    """Tells of new and moved papers of the topics and tracks that somebody follows."""

    def __init__(
        self,
        papers_followed: PapersFollowed,
        agendas: Agendas,
        library: Library,
        store: DigestStore,
        told_changes: ToldChanges,
        clock: Clock,
    ) -> None:
        self._papers_followed = papers_followed
        self._agendas = agendas
        self._library = library
        self._store = store
        self._told_changes = told_changes
        self._clock = clock

    async def make(self, user_id: int, since: datetime) -> Part:
        """Tell somebody what is new and what has moved in what they follow; bookmarks have a part of their own."""
        followed = await self._papers_followed(user_id)
        if not followed:
            return Part("", ())
        bulletins = await self._store.bulletins_since(since)
        papers, marked = self._library.edition.programme.papers, set(self._agendas.of(user_id))
        told = list(
            self._told_changes(_without(bulletins, marked), frozenset().union(*followed.values()), self._clock.now())
        )
        added = dict.fromkeys(key for bulletin in bulletins for key in sorted(bulletin.added) if key in papers)
        for name, keys in followed.items():
            new = [entry(papers[key], 170) for key in added if key in keys and key not in marked]
            if len(new) > _NEW:
                new[_NEW:] = [f"and {len(new) - _NEW} more: see `/browse`"]
            told += [f"\n**New in {escaped(name, 60)}**", *new] if new else []
        return Part("In what you follow", [lines_that_fit(told, EMBED_FIELD_VALUE)] if told else ())


def _without(bulletins: Sequence[Bulletin], marked: Collection[str]) -> list[Bulletin]:
    """Return bulletins without the news that concern what somebody has bookmarked."""
    return [
        replace(one, news=tuple(news for news in one.news if one.papers[news.key].isdisjoint(marked)))
        for one in bulletins
    ]

"""News of the sessions, as they are kept from the change of the programme until everybody has heard them."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from bot.programme.difference import Difference, SessionNews, fold_news, session_news
from bot.programme.model import Programme


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What people must hear after one change of the programme.

    Attributes:
        news: what happened to which session.
        papers: the keys of the papers that each of these sessions has or had, by the session's key.
    """

    news: tuple[SessionNews, ...]
    papers: Mapping[str, frozenset[str]]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `text` wrote."""
        data = json.loads(text)
        news = tuple(map(SessionNews.from_json, data["news"]))
        return cls(news, {key: frozenset(papers) for key, papers in data["papers"].items()})

    @property
    def text(self) -> str:
        """The bulletin as JSON."""
        news = [item.to_json() for item in self.news]
        return json.dumps({"news": news, "papers": {key: sorted(papers) for key, papers in self.papers.items()}})

    def concerns(self, bookmarks: Collection[str]) -> bool:
        """Tell whether somebody with these bookmarks must hear it."""
        return any(not papers.isdisjoint(bookmarks) for papers in self.papers.values())


def news_text(before: Programme, after: Programme, difference: Difference) -> str | None:
    """Return what people must hear after a change as a bulletin's text, or None for nothing.

    A programme that is the first one is no news.
    """
    if not before.sessions:
        return None
    news = session_news(difference)
    if not news:
        return None
    papers = {
        item.key: frozenset(
            paper.key
            for programme in (before, after)
            if (session := programme.session(item.key))
            for paper in session.papers
        )
        for item in news
    }
    return Bulletin(news, papers).text


def folded(bulletins: Sequence[Bulletin], bookmarks: Collection[str] | None = None) -> tuple[SessionNews, ...]:
    """Return the news of several changes in their order as one, for everybody or for somebody with these bookmarks."""
    return fold_news([_concerning(bulletin, bookmarks) for bulletin in bulletins])


def _concerning(bulletin: Bulletin, bookmarks: Collection[str] | None) -> tuple[SessionNews, ...]:
    if bookmarks is None:
        return bulletin.news
    return tuple(item for item in bulletin.news if not bulletin.papers[item.key].isdisjoint(bookmarks))

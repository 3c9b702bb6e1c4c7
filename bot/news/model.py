"""Who is to hear what has changed in the programme, and when."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.delivery.model import Delivery, Kind
from bot.programme.news import Bulletin, SessionNews

NEWS = Kind("news", called="what has changed in the programme")
"""A channel hears which sessions and talks have moved, were cancelled or added."""

DIRECT_NEWS = Kind("direct-news", to_person=True)
"""A person hears that of what they bookmarked."""

NEWS_FOR = timedelta(days=1)
"""How long news of a change help."""


@dataclass(frozen=True, slots=True)
class News:
    """What people must hear after one change of the programme.

    Attributes:
        number: under which it is kept.
        made_at: when the programme was changed, in UTC.
        bulletin: what people must hear.
    """

    number: int
    made_at: datetime
    bulletin: Bulletin


def plan_news(news: News, channels: Iterable[int], people: Sequence[int], pace: int) -> list[Delivery]:
    """Return who is to hear news: the channels at once, the people one after the other.

    Args:
        news: the news.
        channels: the ids of the channels.
        people: Discord's ids of those who have bookmarked something that is concerned and wish to hear.
        pace: how many direct messages go out in a minute.
    """
    made_at, subject = news.made_at, str(news.number)
    ahead = timedelta(minutes=1) / pace
    targets = [(NEWS, channel, made_at) for channel in channels]
    targets += [(DIRECT_NEWS, person, made_at + ahead * place) for place, person in enumerate(people)]
    return [
        Delivery(f"{kind.name}:{target}:{subject}", target, subject, made_at, due_at, made_at + NEWS_FOR, kind)
        for kind, target, due_at in targets
    ]


def is_talk(news: SessionNews) -> bool:
    """Tell whether news are about a talk, and not about a session."""
    return "/" in news.key


def with_moved_talks(news: Sequence[SessionNews]) -> list[SessionNews]:
    """Make one of two news where a talk has left one session for another, and none where its time stays the same."""
    talks: dict[str, list[SessionNews]] = defaultdict(list)
    for one in news:
        if is_talk(one):
            talks[one.key.partition("/")[2]].append(one)
    moved: dict[str, SessionNews | None] = {}
    for about in talks.values():
        gone, new = [one for one in about if one.cancelled], [one for one in about if one.added]
        if len(gone) == len(new) == 1:
            moved[gone[0].key] = None
            moved[new[0].key] = replace(new[0], before=gone[0].before) if gone[0].before != new[0].after else None
    return [told for one in news if (told := moved.get(one.key, one))]

"""Who is to hear what has changed in the programme, and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.model import Delivery, Kind
from bot.programme.news import Bulletin

NEWS = Kind("news", called="what has changed in the programme")
"""A channel hears which sessions have moved, were cancelled or added."""

DIRECT_NEWS = Kind("direct-news", to_person=True)
"""A person hears that of the sessions that hold their bookmarks."""

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

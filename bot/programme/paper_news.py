"""Which papers are new, and which have another time or place, between two programmes."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.programme.model import Paper, Programme
from bot.programme.news import Slot


@dataclass(frozen=True, slots=True)
class PaperNews:
    """What has become of a paper.

    Attributes:
        paper: the paper as it is now.
        before: when and where it was shown; None for a new paper.
        after: when and where it is shown now.
    """

    paper: Paper
    before: tuple[Slot, ...] | None
    after: tuple[Slot, ...]

    @property
    def added(self) -> bool:
        """Whether there was no such paper before; otherwise it has moved."""
        return self.before is None


def paper_news(before: Programme, after: Programme, keys: Collection[str]) -> tuple[PaperNews, ...]:
    """Return what is new or has moved of some papers, such as those of topics that somebody follows.

    Args:
        before: the programme as it was.
        after: the programme as it is; what is not in it any more is no news of a paper.
        keys: the papers that are asked about.

    Returns:
        the new papers and those that moved, in the order of the programme; nothing of the first programme.
    """
    if not before.papers:
        return ()
    news = []
    for key, paper in after.papers.items():
        was = before.papers.get(key)
        if key not in keys or was is paper:
            continue
        slots, earlier = _slots(paper), None if was is None else _slots(was)
        if slots != earlier:
            news.append(PaperNews(paper, earlier, slots))
    return tuple(news)


def _slots(paper: Paper) -> tuple[Slot, ...]:
    return tuple(Slot(shown.starts_at, shown.ends_at, shown.room) for shown in paper.appearances)

"""What somebody may want to see besides what they bookmarked: a pure function from bookmarks to suggestions."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from statistics import mean, median
from typing import Final

from bot.agenda.model import Item, with_end
from bot.programme.days import Timed, at_once, ends_at
from bot.programme.model import Appearance, Author, Paper, Programme
from bot.search import Index

_EACH_THIRD: Final = 3
"""One suggestion of so many is one that few have seen: of three, the last."""

_WINDOW: Final = 60
"""Among how many of the nearest papers one that few have seen is looked for.

Far enough for people with the same bookmarks to get different ones, and near enough for these to be of their topic: of
the 60 nearest to five papers of one track of ACL 2020, 28 of 100 are in that track, of all papers 5 of 100.
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A paper that somebody may want to see, and why.

    Attributes:
        paper: the paper.
        shown: when and where it is still to be seen without missing anything bookmarked, or where alone, if no time was
            announced, or where it was, after the conference; None for what appears in no session.
        to: which of the papers they chose it is nearest to; None where they have chosen none.
        shared: the topics and the rare words that it shares with that one.
        authors: who wrote it and one of the papers they chose as well.
        seldom: whether it is suggested since few have seen it.
    """

    paper: Paper
    shown: Appearance | None = None
    to: Paper | None = None
    shared: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    seldom: bool = False


def suggestions(
    index: Index,
    chosen: Sequence[str],
    *,
    agenda: Collection[str],
    without: Collection[str] = (),
    seen_by: Callable[[str], int],
    reader: int,
    now: datetime,
    limit: int,
) -> list[Suggestion]:
    """Return what somebody may want to see, the best first, and the same again for as long as nothing has changed.

    Nothing of it is over, or on at the same time as something in their agenda in another room; after the conference
    times no longer count. Every third suggestion is one that few others have seen, if there is any, and who is sent to
    which of those differs from person to person. Where no more is near what they have chosen, all the rest are of that
    kind.

    Args:
        index: the index of the programme in use.
        chosen: the keys of the papers that tell what they like, the one chosen last at the end.
        agenda: the keys of the papers they have bookmarked.
        without: the keys of further papers not to suggest, such as what they have seen.
        seen_by: tells how many people have bookmarked or seen the paper of a key.
        reader: Discord's id of the person.
        now: the present moment.
        limit: how many there are at the most.
    """
    programme = index.programme
    left_out = {*chosen, *agenda, *without}
    places = _Places(programme, agenda, now)

    def that_fit(papers: Iterable[Paper]) -> Iterator[tuple[Paper, Appearance | None]]:
        """Yield those that can be seen, with when and where."""
        for paper in papers:
            if paper.key not in left_out and (found := places.of(paper)):
                yield paper, found[0]

    near = index.near(chosen)
    window = dict(islice(((paper.key, (paper, shown)) for paper, shown in that_fit(near.papers)), max(_WINDOW, limit)))
    seldom = _seldom([paper for paper, _ in window.values()], seen_by, reader)
    made = []
    for key, is_seldom in islice(_mixed(window, [paper.key for paper in seldom]), limit):
        paper, shown = window[key]
        reason = near.reason(paper)
        made.append(Suggestion(paper, shown, reason.to, reason.shared, reason.authors, is_seldom))
    if len(made) < limit:
        others = (paper for key, paper in programme.papers.items() if key not in window)
        rest = sorted(others, key=lambda paper: (seen_by(paper.key), _draw(reader, paper)))
        made += (Suggestion(paper, shown, seldom=True) for paper, shown in islice(that_fit(rest), limit - len(made)))
    return made


class _Places:
    """When and where papers are still to be seen by somebody with an agenda."""

    def __init__(self, programme: Programme, agenda: Iterable[str], now: datetime) -> None:
        self._programme = programme
        self._now = now
        self._over = not any(self._is_ahead(session) for session in programme.sessions)
        bookmarked = (programme.papers[key] for key in agenda if key in programme.papers)
        self._busy = [item for paper in bookmarked for item in self._items(paper) if self._is_ahead(item)]

    def of(self, paper: Paper) -> tuple[Appearance | None] | None:
        """Return when and where a paper is to be seen, None in it where nobody knows; None where it is not."""
        items = [item for item in self._items(paper) if item.starts_at]
        if self._over or not items:
            return (next(iter(paper.appearances), None),)
        return next(((item.shown,) for item in items if self._is_free(item)), None)

    def _items(self, paper: Paper) -> Iterator[Item]:
        for shown in paper.appearances:
            yield with_end(Item(paper, self._programme.session(shown.session_key), shown))

    def _is_free(self, item: Item) -> bool:
        begun = item.has_slot and item.starts_at is not None and item.starts_at <= self._now
        return not begun and self._is_ahead(item) and not any(at_once(item, other) for other in self._busy)

    def _is_ahead(self, timed: Timed) -> bool:
        return timed.starts_at is None or ends_at(timed, timed.starts_at) > self._now


def _seldom(papers: Sequence[Paper], seen_by: Callable[[str], int], reader: int) -> list[Paper]:
    """Return those of some papers that fewer have seen, in an order of the reader's own; posters before talks."""
    if not papers:
        return []
    counts = [seen_by(paper.key) for paper in papers]
    most = min(median(counts), mean(counts))
    seldom = [paper for paper, count in zip(papers, counts, strict=True) if count <= most]
    return sorted(seldom, key=lambda paper: (_is_talk(paper), _draw(reader, paper)))


def _is_talk(paper: Paper) -> bool:
    return bool(paper.appearances) and all(shown.has_slot for shown in paper.appearances)


def _draw(reader: int, paper: Paper) -> bytes:
    """Draw a lot for a person and a paper: always the same one."""
    return blake2b(f"{reader}/{paper.key}".encode(), digest_size=8).digest()


def _mixed(nearest: Iterable[str], seldom: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield keys, each once, with whether it is one that few have seen: two of the nearest, then one of those."""
    sources = {False: iter(nearest), True: iter(seldom)}
    done: set[str] = set()
    place = 0
    while True:
        place += 1
        is_seldom = place % _EACH_THIRD == 0
        for kind in (is_seldom, not is_seldom):
            key = next((key for key in sources[kind] if key not in done), None)
            if key is not None:
                done.add(key)
                yield key, kind
                break
        else:
            return

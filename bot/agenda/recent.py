"""The papers somebody looked at last, to be suggested again. They are in memory only: a restart forgets them."""

from collections import OrderedDict

_PEOPLE = 5_000
_PAPERS = 5


class Recent:
    """What each of the people who asked last has looked at, by Discord's id of the person."""

    def __init__(self) -> None:
        self._papers: OrderedDict[int, OrderedDict[str, None]] = OrderedDict()

    def note(self, user_id: int, key: str) -> None:
        """Remember that somebody looked at a paper; who has not asked for longest is forgotten first."""
        papers = self._papers.setdefault(user_id, OrderedDict())
        papers[key] = None
        papers.move_to_end(key)
        if len(papers) > _PAPERS:
            papers.popitem(last=False)
        self._papers.move_to_end(user_id)
        if len(self._papers) > _PEOPLE:
            self._papers.popitem(last=False)

    def of(self, user_id: int) -> tuple[str, ...]:
        """Return the keys of the papers somebody looked at, the last one first."""
        return tuple(reversed(self._papers.get(user_id, ())))

    def forget(self, user_id: int) -> None:
        """Forget what somebody looked at."""
        self._papers.pop(user_id, None)

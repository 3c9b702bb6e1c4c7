"""Making the index of each programme in turn, with what the one before it already knows."""

from bot.programme.model import Programme
from bot.search.index import Index


class IndexBuilder:
    """Builds one index after another; papers that stay as they are, are taken apart once."""

    def __init__(self, last: Index | None = None) -> None:
        """Begin with an index that was kept, or with none."""
        self._last = last

    def build(self, programme: Programme) -> Index:
        """Return the index of a programme. It takes a while: call it in a thread, one call at a time."""
        self._last = Index(programme, self._last)
        return self._last

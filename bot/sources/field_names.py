"""The names under which fields come in tables and in JSON."""

import re
from collections.abc import Iterable

from bot.sources.problems import Problems, shown

TIME_NAMES = {"starts_at": "startsat startat starttime start", "ends_at": "endsat endat endtime end"}

PAPER_NAMES = {
    "key": "key paperkey",
    "title": "title papertitle name",
    "authors": "authors author authornames",
    "abstract": "abstract summary",
    "number": "number posternumber posterposition poster",
    "id": "id uid paperid",
    "links": "links",
    "url": "url link",
    "pdf": "pdf pdfurl",
}
SESSION_NAMES = {
    "session_key": "sessionkey",
    "session_kind": "sessionkind kind",
    "session": "session sessionname sessiontitle",
    "room": "room location",
    **TIME_NAMES,
}
NESTED_SESSION_NAMES = {
    "session_key": "key sessionkey",
    "session_kind": "kind sessionkind",
    "session": "name sessionname session title",
    "room": "room location",
    **TIME_NAMES,
    "papers": "papers",
}
LINK_LABELS = {"url": "Page", "pdf": "PDF"}
"""What links are called that come in a field of their own, by field."""


class FieldNames:
    """The names under which fields come; case, spaces and underscores in them don't matter."""

    def __init__(self, **names: str) -> None:
        """Take the names of each field, separated by spaces, the surest first."""
        self._known = {
            name: (field_name, rank) for field_name, text in names.items() for rank, name in enumerate(text.split())
        }

    def find(self, given: Iterable[str]) -> dict[str, int]:
        """Return, for each field that is there, which of the given names is its."""
        best: dict[str, tuple[int, int]] = {}
        for position, name in enumerate(given):
            if known := self._known.get(name) or self._known.get(_bare(name)):
                field_name, rank = known
                best[field_name] = min(best.get(field_name, (rank, position)), (rank, position))
        return {field_name: position for field_name, (_, position) in best.items()}


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def left_out(names: Iterable[str], what: str, problems: Problems, line: int | None = None) -> None:
    """Note which names of fields are not known to the bot."""
    unknown = [f"“{shown(name)}”" for name in dict.fromkeys(names)]
    if unknown:
        more = f" and {len(unknown) - 20} more" if len(unknown) > 20 else ""
        problems.note(
            f"unknown {what}", f"Left out, because the bot knows no such {what}: {', '.join(unknown[:20])}{more}.", line
        )

"""What a source says again is taken from what is in memory: most of it is as it was, and would be there twice."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, Final

from bot.programme.source import SourcePaper

_NAMES: Final = tuple(part.name for part in fields(SourcePaper))


class SaidAlready:
    """The papers of a source that was read before."""

    def __init__(self, papers: Sequence[SourcePaper]) -> None:
        self._by_key = {paper.key: paper for paper in papers}
        self._by_title = {paper.title: paper for paper in papers if paper.title}

    def shared(self, paper: SourcePaper) -> SourcePaper:
        """Return a paper that says the same as this one, of which that is part which an earlier one said as well."""
        known = self._by_key.get(paper.key) or self._by_title.get(paper.title or "")
        if known is None:
            return paper
        same = {name: was for name in _NAMES if _is_same(name, was := getattr(known, name), getattr(paper, name))}
        return known if len(same) == len(_NAMES) else replace(paper, **same)


def _is_same(name: str, was: Any, now: Any) -> bool:  # noqa: ANN401 - values of any field
    if was != now:
        return False
    # These are also equal where they differ in what only the account of a source asks for.
    if name == "authors":
        return all(one.identifier == other.identifier for one, other in zip(was, now, strict=True))
    return name != "links" or all(one.listed == other.listed for one, other in zip(was, now, strict=True))

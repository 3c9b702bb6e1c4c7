"""What each of several sources is taken for, and which of them is asked first."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.errors import UserError
from bot.programme.source import SourceAppearance, SourcePaper, SourceSession

FIELDS: Final = frozenset({"papers", "sessions", "abstracts", "authors", "times", "rooms", "topics", "links"})
"""What a source can be taken for: "authors" are chairs as well, "rooms" boards, and "topics" tracks."""


class Taken:
    """What each of several sources is taken for."""

    def __init__(self, contributes: Sequence[frozenset[str] | None]) -> None:
        """Take sources for what they contribute.

        Args:
            contributes: for each source the fields it is taken for; None for all of them.

        Raises:
            UserError: there is no such field.
        """
        for fields in contributes:
            if unknown := (fields or frozenset()) - FIELDS:
                raise UserError(
                    f"A source cannot contribute {', '.join(sorted(unknown))}; it can contribute "
                    f"{', '.join(sorted(FIELDS))}."
                )
        self._contributes = contributes

    def takes(self, source: int, field: str) -> bool:
        """Tell whether a source, by its place, is taken for a field."""
        fields = self._contributes[source]
        return fields is None or field in fields

    def rank(self, source: int) -> tuple[bool, int]:
        """Return what sources are ordered by: those taken for something by name first, then the earlier ones."""
        return self._contributes[source] is None, source

    def paper(self, source: int, paper: SourcePaper) -> SourcePaper:
        """Return a paper without what its source is not taken for."""
        changes: dict[str, object] = {}
        if not self.takes(source, "papers"):
            changes |= {"title": None, "kind": "", "key": ""}
        if not self.takes(source, "abstracts"):
            changes["abstract"] = None
        if not self.takes(source, "authors"):
            changes["authors"] = ()
        if not self.takes(source, "topics"):
            changes |= {"topics": (), "track": None}
        if not self.takes(source, "links"):
            changes["links"] = ()
        return replace(paper, **changes) if changes else paper  # type: ignore[arg-type]

    def session(self, source: int, session: SourceSession) -> SourceSession:
        """Return a session without what its source is not taken for; what appears in it stays."""
        changes: dict[str, object] = {}
        if not self.takes(source, "sessions"):
            changes |= {"name": "", "kind": "", "key": ""}
        if not self.takes(source, "abstracts"):
            changes["abstract"] = None
        if not self.takes(source, "authors"):
            changes["chairs"] = ()
        if not self.takes(source, "topics"):
            changes["track"] = None
        if not self.takes(source, "links"):
            changes["links"] = ()
        if not self.takes(source, "times"):
            changes |= {"starts_at": None, "ends_at": None}
        if not self.takes(source, "rooms"):
            changes["room"] = None
        return replace(session, **changes) if changes else session  # type: ignore[arg-type]

    def appearance(self, source: int, appearance: SourceAppearance) -> SourceAppearance:
        """Return an appearance without what its source is not taken for."""
        if not self.takes(source, "times"):
            appearance = replace(appearance, starts_at=None, ends_at=None)
        if not self.takes(source, "rooms"):
            appearance = replace(appearance, room=None, board=None)
        return appearance

"""Finding for those who ask: in the process beside the bot where there is one that can, or else here."""

from typing import Any, Final

from bot.editions.service import Library
from bot.finding.beside import FindingProcess
from bot.finding.here import find
from bot.finding.model import Found, Suggested, Wanted
from bot.ui.interaction import Interaction

_SUGGESTED: Final = {
    ("paper", "paper"): Suggested.PAPERS,
    ("author", "name"): Suggested.AUTHORS,
    ("search", "author"): Suggested.AUTHORS,
}
"""The commands' options for which the programme alone says what to suggest, as soon as something is typed."""


class Finding:
    """Finds papers and people."""

    def __init__(self, library: Library, beside: FindingProcess | None = None) -> None:
        """Make one.

        Args:
            library: has the programme.
            beside: the process that finds, if there is to be one.
        """
        self._library = library
        self.beside = beside

    async def search(self, wanted: Wanted) -> Found:
        """Return a page of what a search finds."""
        found = await self.beside.search(wanted) if self.beside else None
        return find(self._library.edition.index, wanted) if found is None else found

    async def suggest(self, interaction: Interaction) -> bool | None:
        """Let the process beside the bot answer somebody who types, if it can.

        Returns:
            whether they were answered in time; with None, nobody has answered them.
        """
        if self.beside is None or (asked := _what_is_typed(interaction)) is None:
            return None
        kind, typed = asked
        return await self.beside.suggest(kind, typed, interaction.id, interaction.token)


def _what_is_typed(interaction: Interaction) -> tuple[Suggested, str] | None:
    data: Any = interaction.data or {}
    for option in data.get("options", ()):
        kind = _SUGGESTED.get((data.get("name"), option.get("name")))
        if option.get("focused") and kind and isinstance(typed := option.get("value"), str) and typed.strip():
            return kind, typed
    return None

"""Builds what finds things in the programme, with a process of its own where the configuration says so."""

from collections.abc import Iterable

from bot.editions.keeping import kept_beside
from bot.finding.beside import FindingProcess
from bot.finding.service import Finding
from bot.services.part import Part
from bot.services.shared import Shared
from bot.ui.wording import plural


class FindingPart(Part):
    """Finding papers and people."""

    def __init__(self, shared: Shared) -> None:
        config, beside = shared.config, None
        if config.search.own_process:
            beside = FindingProcess(
                shared.library,
                kept_beside(config.database.path),
                config.conference.timezone,
                shared.background,
                (config.logging.level, config.logging.format),
            )
            shared.library.kept = beside.take_up
        self._beside = beside
        self._responder = shared.responder
        self.service = Finding(shared.library, beside)

    def counts(self) -> Iterable[str]:
        """Return whether the process that finds is at work, or would be of use."""
        if self._beside:
            yield (
                "A second process finds papers and people"
                if self._beside.is_ready
                else "The second process is not ready: the bot finds papers and people by itself"
            )
        elif late := self._responder.late:
            asked = plural(late, "command or suggestion", "commands and suggestions")
            yield f"{asked} not answered in time since the start; `[search] own_process` answers more at once"

    async def open(self) -> None:
        """Begin the process that finds."""
        if self._beside:
            self._beside.begin()

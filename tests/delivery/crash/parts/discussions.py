"""People who want to talk about papers: each has one place, which is written down, and all are led to that one."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, ClassVar

from tests.delivery.crash.evidence import Evidence, Findings
from tests.delivery.crash.part import Part, Scene, until
from tests.delivery.crash.report import Row
from tests.support.stand_in import Person

_FORUM = "papers"
_WRITTEN = "SELECT thread_id FROM place WHERE thread_id IS NOT NULL"
_PAPERS = ("Amber", "Birch", "Cedar", "Dove", "Elm", "Fern")
_LEADS = re.compile(r"'url': 'https://discord\.com/channels/\d+/(\d+)'")


class Discussions(Part):
    """Two people who press Discuss at once, now and then."""

    points: ClassVar = {
        "claim a place": "bot.discussion.rows:PlaceStore.claim",
        "make a place": "bot.discussion.making:PlaceMaker.make",
        "mark a place": "bot.discussion.rows:PlaceStore.settle",
    }

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._forum = scene.guild.channel(_FORUM, forum=True)
        self._told: dict[str, set[str]] = defaultdict(set)

    def configuration(self) -> Mapping[str, Mapping[str, Any]]:
        return {"discussion": {"forum": _FORUM, "opened_per_hour": 1000}}

    def act(self, rows: Sequence[Row]) -> Coroutine[Any, Any, None]:  # noqa: ARG002 - as in `Part`
        return self._talk(self.scene.chance.choice(_PAPERS), self.scene.people[:2])

    async def _talk(self, paper: str, people: Sequence[Person]) -> None:
        await asyncio.gather(*(self._press(paper, person) for person in people))

    async def _press(self, paper: str, person: Person) -> None:
        stand_in = self.scene.stand_in
        asked = await stand_in.command(person, "paper", paper=f"About {paper}")
        await until(asked, lambda exchange: exchange.shown)
        pressed = await stand_in.press(person, asked, "Discuss")
        await until(pressed, lambda exchange: _LEADS.search(str(exchange.messages)))
        self._told[paper] |= set(_LEADS.findall(str(pressed.messages)))

    @property
    def is_done(self) -> bool:
        """Whether every place is written down: one that a life could not write down is found at the next start."""
        written = {str(number) for (number,) in self.scene.query(_WRITTEN)}
        return written.issuperset(thread.id for thread in self._forum.threads)

    def judge(self, evidence: Evidence, findings: Findings) -> None:
        """Each paper has one place, which is written down, and all who were led to one were led there."""
        there: dict[str, set[str]] = defaultdict(set)
        for thread in self._forum.threads:
            there[thread.name.removeprefix("About ")].add(thread.id)
        findings.count("places", len(there))
        written = {str(number) for (number,) in evidence.query(_WRITTEN)}
        for paper, threads in there.items():
            if len(threads) > 1:
                findings.find("duplicates", f"“{paper}” has the places {sorted(threads)}", paper.lower(), *threads)
            for thread_id in threads - written:
                findings.find("losses", f"the place {thread_id} of “{paper}” is not written down", thread_id)
        for paper, told in self._told.items():
            for thread_id in told - there[paper]:
                findings.find("losses", f"somebody was led to {thread_id}, which is no place of “{paper}”", thread_id)


PART = Discussions

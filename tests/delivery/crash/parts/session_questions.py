"""Questions to a session: what was confirmed is kept once, a vote as it was confirmed last, and the list says it."""

import re
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from tests.delivery.crash.evidence import Evidence, Findings
from tests.delivery.crash.part import Part, Scene, until
from tests.delivery.crash.report import Row
from tests.support.stand_in import Person

_FORUM = "papers"
_SESSION = "wall"
"""It is in the programme whatever else changes."""

_MOST = 6
_SAYS = {
    "Your vote counts": True,
    "You have voted for this already": True,
    "Your vote is taken back": False,
    "You have not voted for this": False,
}
_LISTED = re.compile(r"\*\*(\d+)\*\* · (\d+) votes?")


class SessionQuestions(Part):
    """People who ask and vote, and what they were told."""

    points: ClassVar = {
        "ask": "bot.session_questions.rows:QuestionStore.ask",
        "vote": "bot.session_questions.rows:QuestionStore.vote",
    }

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        channels = scene.guild.channels.values()
        self._forum = next((one for one in channels if one.forum), None) or scene.guild.channel(_FORUM, forum=True)
        self._asked: dict[str, int] = {}

        self._votes: dict[tuple[int, int], bool | None] = {}

    def configuration(self) -> Mapping[str, Mapping[str, Any]]:
        return {"discussion": {"forum": self._forum.name}, "questions": {"enabled": True}}

    def act(self, rows: Sequence[Row]) -> Coroutine[Any, Any, None] | None:  # noqa: ARG002
        # Which of two copies answers is not known.
        return None if self.scene.has_copy else self._use(self.scene.chance.choice(self.scene.people))

    async def _use(self, person: Person) -> None:
        asks = len(self._asked) < _MOST and self.scene.chance.random() < 0.4
        await (self._ask(person) if asks or not self._asked else self._vote(person))

    async def _ask(self, person: Person) -> None:
        """Ask something by the form; whoever was not answered before asks the same again."""
        text = f"Question {len(self._asked)} of {person.name}?"
        opened = await self.scene.stand_in.command(person, "questions ask", session=_SESSION)
        await until(opened, lambda exchange: exchange.acknowledged)
        if opened.form is None:
            return
        handed_in = await self.scene.stand_in.submit(person, opened, text=text)
        await until(handed_in, lambda exchange: exchange.acknowledged)
        if "on the list" in str(handed_in.acknowledged) or "asked this already" in str(handed_in.acknowledged):
            self._asked[text] = int(handed_in.button("Withdraw it").partition(":")[2])

    async def _vote(self, person: Person) -> None:
        """Vote for two or three questions at once, or take votes back."""
        chance, stand_in = self.scene.chance, self.scene.stand_in
        for question in chance.sample(sorted(self._asked.values()), min(len(self._asked), 3)):
            key, verb = (question, int(person.id)), chance.choice(("vote", "vote", "unvote"))
            self._votes[key] = None
            first = self.scene.guild.first
            if not first.messages:
                first.chat("Hello.")
            pressed = await stand_in.press_on(person, first, f"{verb}:{question}", first.messages[0])
            await until(pressed, lambda exchange: exchange.acknowledged)
            told = [wanted for title, wanted in _SAYS.items() if title in str(pressed.acknowledged)]
            self._votes[key] = told[0] if told else None

    @property
    def is_done(self) -> bool:
        """Whether the list says all that is kept."""
        kept = self._kept()
        return not kept or [kept] == [*self._listed()]

    def judge(self, evidence: Evidence, findings: Findings) -> None:
        """What was confirmed is there, once, and shown."""
        found: dict[str, list[int]] = {}
        for text, number in evidence.query("SELECT text, id FROM session_question"):
            found.setdefault(text, []).append(number)
        for text, number in self._asked.items():
            if number not in found.get(text, ()):
                findings.find("losses", f"“{text}” was confirmed as {number}, and is kept as {found.get(text)}")
        for text, numbers in found.items():
            if len(numbers) > 1:
                findings.find("duplicates", f"“{text}” is there {len(numbers)} times")
        votes = set(evidence.query("SELECT question_id, user_id FROM session_vote"))
        for key, wanted in self._votes.items():
            if wanted is not None and (key in votes) is not wanted:
                what = "is lost" if wanted else "counts though it was taken back"
                findings.find("losses", f"the vote of {key[1]} for question {key[0]} {what}")
        if not self.is_done:
            findings.find("others", f"kept are {self._kept()}, and listed {[*self._listed()]}")
        findings.count("questions", len(self._asked))
        findings.count("votes", sum(wanted is not None for wanted in self._votes.values()))

    def _kept(self) -> dict[int, int]:
        """Return how many votes each question has, by its number."""
        asked = (
            "SELECT number, count(user_id) FROM session_question "
            "LEFT JOIN session_vote ON question_id = id GROUP BY number"
        )
        return dict(self.scene.query(asked))

    def _listed(self) -> Iterator[dict[int, int]]:
        """Yield what the lists in the session's places say of each question's votes; there is to be one list."""
        for thread in self._forum.threads:
            for message in thread.messages:
                if any(embed.get("title", "").startswith("Questions to") for embed in message["embeds"]):
                    said = _LISTED.findall(message["embeds"][0]["description"])
                    yield {int(number): int(votes) for number, votes in said}


PART = SessionQuestions

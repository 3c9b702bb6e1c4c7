"""People who say to be authors, and a moderator who decides: what was confirmed is so, once, and they hear of it."""

import re
from collections import Counter
from collections.abc import Coroutine, Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar

from bot.authors.answers import ASK
from bot.authors.answers import VERB as AUTHOR
from bot.authors.model import NOTE, REVIEW
from bot.authors.review_answers import APPROVE, BACK, BACK_SURELY, REFUSE
from bot.authors.review_answers import VERB as REVIEWER
from tests.delivery.crash.evidence import Evidence, Findings
from tests.delivery.crash.part import Part, Scene, until
from tests.delivery.crash.report import Row
from tests.support.stand_in import Person

_PAPERS = ("Amber", "Birch", "Cedar", "Dove")
"""They are in the programme whatever else changes, each with two authors."""

_NAMES = ("Uma", "Vic")
_OPEN = re.compile(rf"{REVIEWER}:{APPROVE}:(\d+)")
_GRANTED = re.compile(rf"{REVIEWER}:{BACK}:(\d+)")


class _Told(StrEnum):
    """What somebody was told about a paper, by the words that say it."""

    ASKED = "The moderators decide"
    CONFIRMED = "> confirmed that <@"
    REFUSED = "did not confirm that <@"
    TAKEN = "took back that <@"


_DECISIONS = (_Told.CONFIRMED, _Told.REFUSED, _Told.TAKEN)

_Key = tuple[str, str]
"""Who it is, by Discord's id, and the key of the paper."""


class Authors(Part):
    """Requests, and a moderator who confirms or refuses them, or takes back what was confirmed."""

    points: ClassVar = {
        "ask": "bot.authors.rows:AuthorStore.ask",
        "confirm": "bot.authors.rows:AuthorStore.claim",
        "take back": "bot.authors.rows:AuthorStore.end",
    }

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._channel = scene.guild.channel("moderators")
        self._moderator = scene.guild.person("mo", "Moderators")
        self._told: dict[_Key, _Told] = {}
        self._kept: set[_Key] = set()

    def configuration(self) -> Mapping[str, Mapping[str, Any]]:
        return {
            "authors": {"claim_by": ["moderator"]},
            "discord": {"moderators": ["Moderators"], "moderators_channel": self._channel.name},
        }

    def act(self, rows: Sequence[Row]) -> Coroutine[Any, Any, None] | None:  # noqa: ARG002 - not about the outbox
        if self.scene.has_copy:
            return None  # which of the two would do it is not known
        chance = self.scene.chance
        posted = [message for message in self._channel.messages if self._about(message)]
        if posted and chance.random() < 0.6:
            return self._decide(chance.choice(posted))
        return self._ask(chance.choice(self.scene.people), chance.choice(_PAPERS), chance.choice(_NAMES))

    async def _ask(self, person: Person, word: str, name: str) -> None:
        """Ask the moderators by the form."""
        stand_in, key = self.scene.stand_in, (person.id, f"about-{word.lower()}")
        first = self.scene.guild.first
        if not first.messages:
            first.chat("Hello.")
        opened = await stand_in.press_on(person, first, f"{AUTHOR}:{ASK}:{key[1]}", first.messages[0])
        await until(opened, lambda exchange: exchange.acknowledged)
        if opened.form is None:
            return  # they asked already, are an author of it, or were refused
        before = self._told.pop(key, None)
        handed_in = await stand_in.submit(person, opened, name=f"{name} {word}", note="I am.")
        await until(handed_in, lambda exchange: exchange.acknowledged)
        if _Told.ASKED in str(handed_in.acknowledged):
            self._told[key] = _Told.ASKED
            self._kept.add(key)
        elif before:
            self._told[key] = before

    async def _decide(self, message: dict[str, Any]) -> None:
        """Decide what a message is about: a request, or a claim that was confirmed there."""
        verb, number, key = self._about(message)[0]
        action = self.scene.chance.choice((APPROVE, APPROVE, REFUSE)) if verb == APPROVE else BACK_SURELY
        self._told.pop(key, None)
        if action == BACK_SURELY:
            self._kept.discard(key)
        pressed = await self.scene.stand_in.press_on(
            self._moderator, self._channel, f"{REVIEWER}:{action}:{number}", message
        )
        await until(pressed, lambda exchange: exchange.acknowledged)
        said = next((told for told in _DECISIONS if told in str(pressed.acknowledged)), None)
        if said:
            self._told[key] = said

    def _about(self, message: dict[str, Any]) -> list[tuple[str, int, _Key]]:
        """Return what a message in the moderators' channel is about and waits, or can be taken back."""
        buttons = str(message["components"])
        for verb, pattern, table in ((APPROVE, _OPEN, "author_request"), (BACK, _GRANTED, "author_claim")):
            if found := pattern.search(buttons):
                number = int(found[1])
                rows = self.scene.query(f"SELECT user_id, paper_key FROM {table} WHERE id = ?", number)  # noqa: S608
                return [(verb, number, (str(user), paper)) for user, paper in rows]
        return []

    def judge(self, evidence: Evidence, findings: Findings) -> None:
        """All is as it was told, nobody is an author twice, and everybody has heard what was decided, once."""
        claims = evidence.query("SELECT id, user_id, paper_key, author_key, number FROM author_claim")
        requests = evidence.query("SELECT id, user_id, paper_key, refused_at IS NULL FROM author_request")
        here = {(str(user), paper) for _, user, paper, *_ in claims}
        waiting = {(str(user), paper) for _, user, paper, is_open in requests if is_open}
        refused = {(str(user), paper) for _, user, paper, is_open in requests if not is_open}
        for key, told in self._told.items():
            there = {_Told.ASKED: waiting, _Told.CONFIRMED: here, _Told.REFUSED: refused}.get(told)
            if (there is None and key in here | waiting) or (there is not None and key not in there):
                findings.find("losses", f"“{told}” was said of {key}, and it is not so", *key)
        for key in self._kept - here - waiting - refused:
            findings.find("losses", f"nothing is left of what {key} asked", *key)
        for whose, times in Counter((paper, author, number) for *_, paper, author, number in claims).items():
            if times > 1:
                findings.find("duplicates", f"{times} people are the author {whose}", whose[0])
        self._judge_messages(evidence, findings, [number for number, *_ in claims])
        for number, _, _, is_open in requests:
            questions = sum(
                f"{REVIEWER}:{APPROVE}:{number}" in str(one["components"]) for one in self._channel.messages
            )
            if is_open and questions != 1:
                findings.find("losses", f"{questions} questions ask the moderators about request {number}", str(number))
        findings.count("authors' requests", len(self._kept))
        findings.count("authors confirmed", len(claims))

    def _judge_messages(self, evidence: Evidence, findings: Findings, claims: Sequence[int]) -> None:
        """Everybody who is an author has heard it; nothing of it was given up."""
        sent = Counter(
            row.key.rpartition(":")[2] for row in evidence.rows if row.kind == NOTE.name and ":confirmed:" in row.key
        )
        for number in claims:
            if sent[str(number)] != 1:
                findings.find("losses", f"of claim {number} its author is told {sent[str(number)]} times", str(number))
        for row in evidence.rows:
            if row.kind in (NOTE.name, REVIEW.name) and row.state == "missed":
                findings.lose(f"{row.key} was given up, though it is of use for days", [row])


PART = Authors

"""People ask for help and report conduct, and send a form again that was not answered: one thread, one report each."""

from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import discord

from bot.helpdesk.answers import ABOUTS, HIDDEN
from bot.helpdesk.model import About
from tests.delivery.crash.evidence import Evidence, Findings
from tests.delivery.crash.part import Part, Scene, until
from tests.delivery.crash.report import Row
from tests.support.stand_in import Channel, Exchange, Person
from tests.support.stand_in.people import ALL_PERMISSIONS, APPLICATION_ID

_TAKEN = {About.HELP: "Your thread with the help desk", About.CONDUCT: "Your report · "}
"""What the bot says when it has taken a form."""

_TO_TELL = """
SELECT 1 FROM delivery AS late JOIN delivery AS report ON report.key = 'conduct-report:' || late.subject
WHERE late.key LIKE 'conduct-answer:%-late' AND report.state = 'sent'
AND NOT EXISTS (SELECT 1 FROM delivery WHERE key = 'conduct-answer:' || late.subject || '-sent')
"""

_VIEW = str(discord.Permissions(view_channel=True).value)


@dataclass
class _Form:
    """A form that somebody fills in, and sends until it is answered.

    Attributes:
        taken: whether the bot said that it has it.
    """

    person: Person
    opened: Exchange
    about: About
    text: str
    taken: bool = False


class HelpDesk(Part):
    """A channel with private threads, and one that only the conduct team and the bot see."""

    points: ClassVar = {
        "keep": "bot.helpdesk.rows:HelpStore.add",
        "claim": "bot.helpdesk.rows:HelpStore.claim",
        "thread": "bot.helpdesk.rows:HelpStore.set_thread",
        "opened": "bot.helpdesk.rows:HelpStore.opened",
        "report": "bot.helpdesk.rows:ConductStore.add",
    }

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        guild = scene.guild
        guild.everyone.permissions = ALL_PERMISSIONS & ~discord.Permissions(administrator=True).value
        guild.role("Helpers")
        team = guild.role("Conduct team")
        self._help: Channel = guild.channel("help-desk")
        self._conduct: Channel = guild.channel("conduct")
        self._conduct.overwrites = [
            {"id": guild.id, "type": 0, "allow": "0", "deny": _VIEW},
            {"id": team.id, "type": 0, "allow": _VIEW, "deny": "0"},
            {"id": APPLICATION_ID, "type": 1, "allow": _VIEW, "deny": "0"},
        ]
        self._forms: list[_Form] = []

    def configuration(self) -> Mapping[str, Mapping[str, Any]]:
        names = {"channel": "help-desk", "conduct_channel": "conduct"}
        return {"help_desk": {**names, "helpers": ["Helpers"], "conduct": ["Conduct team"]}}

    def act(self, rows: Sequence[Row]) -> Coroutine[Any, Any, None] | None:  # noqa: ARG002 - not about the outbox
        waiting = [form for form in self._forms if not form.taken]
        if waiting and self.scene.chance.random() < 0.6:
            return self._send(waiting[0])
        return self._ask() if len(self._forms) < 12 else None

    async def _ask(self) -> None:
        """Fill in a form as an attendee does."""
        chance = self.scene.chance
        person, about = chance.choice(self.scene.people), chance.choice(list(About))
        opened = await self.scene.stand_in.command(person, "help-desk")
        await until(opened, lambda exchange: exchange.acknowledged)
        if opened.form is None:
            return
        form = _Form(person, opened, about, f"{about.value.title()} number {len(self._forms)}.")
        self._forms.append(form)
        await self._send(form)

    async def _send(self, form: _Form) -> None:
        picked = {"about": ABOUTS[form.about], "name": HIDDEN}
        answer = await self.scene.stand_in.submit(form.person, form.opened, what=form.text, **picked)
        await until(answer, lambda exchange: exchange.shown)
        form.taken = _TAKEN[form.about] in str(answer.shown)

    @property
    def is_done(self) -> bool:
        """Whether every thread is there, and all who heard that their report is late were told that it has arrived."""
        return not self.scene.query("SELECT 1 FROM help_request WHERE step != 'open'") and not self.scene.query(
            _TO_TELL
        )

    def judge(self, evidence: Evidence, findings: Findings) -> None:
        """What the bot has taken is there once; nothing is there twice, and no report where others read it."""
        threads = self._help.threads
        elsewhere = [text for channel in evidence.channels if channel is not self._conduct for text in channel.texts]
        for form in self._forms:
            if form.about is About.HELP:
                there = sum(thread.name.endswith(form.text) for thread in threads)
                said = sum(form.text in text for thread in threads for text in thread.texts)
            else:
                there = said = sum(form.text in text for text in self._conduct.texts)
                if any(form.text in text for text in elsewhere):
                    findings.find("others", f"{form.text!r} was told where others read it")
            if max(there, said) > 1:
                findings.find("duplicates", f"{form.text!r} is there {there} times, and said {said} times")
            elif form.taken and not (there and said):
                findings.find("losses", f"{form.text!r} was taken, and is there {there} times, and said {said} times")
        findings.count("requests and reports taken", sum(form.taken for form in self._forms))


PART = HelpDesk

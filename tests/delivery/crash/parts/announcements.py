"""What organizers announce while the bot is down, and correct once it is out: in each channel, as corrected last."""

from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, ClassVar

from bot.announcing.model import ANNOUNCEMENT, Announcement
from bot.announcing.rows import AnnouncementStore
from bot.delivery.rows import Outbox
from bot.store.audit import AuditEntry
from bot.store.engine import Database
from tests.delivery.crash.evidence import Evidence, Findings
from tests.delivery.crash.part import Part, Scene, until
from tests.delivery.crash.report import Row
from tests.delivery.crash.timetable import MINUTE

_AS_IT_WAS = "As it was."
_MOST = 3


class Announcements(Part):
    """Announcements in all channels."""

    points: ClassVar = {"correct": "bot.announcing.rows:AnnouncementStore.correct"}

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._made = 0

    def configuration(self) -> Mapping[str, Mapping[str, Any]]:
        return {"announcements": {"channels": [channel.name for channel in self.scene.guild.text_channels]}}

    async def meanwhile(self, database: Database) -> None:
        """Let an organizer have scheduled an announcement for all channels."""
        chance, now = self.scene.chance, self.scene.clock.now()
        if self._made >= _MOST or chance.random() > 0.6:
            return
        self._made += 1
        due_at = now + MINUTE * chance.uniform(-1, 30)
        store = AnnouncementStore(database, Outbox(database, (ANNOUNCEMENT,)))
        said = Announcement(0, f"Announcement {self._made}", _AS_IT_WAS, None, None, None, due_at, 1, now)
        record = AuditEntry(now, 1, "announcement scheduled", said.title)
        await store.add(said, [int(channel.id) for channel in self.scene.guild.text_channels], record)

    def act(self, rows: Sequence[Row]) -> Coroutine[Any, Any, None] | None:
        sent = sorted({row.subject for row in rows if row.kind == ANNOUNCEMENT.name and row.state == "sent"})
        # Which of two copies would correct it is not known.
        return None if self.scene.has_copy or not sent else self._correct(self.scene.chance.choice(sent))

    async def _correct(self, number: str) -> None:
        """Correct an announcement as an organizer does."""
        stand_in, olga = self.scene.stand_in, self.scene.olga
        opened = await stand_in.command(olga, "announce correct", announcement=number)
        await until(opened, lambda exchange: exchange.acknowledged)
        if opened.form is None:
            return
        preview = await stand_in.submit(olga, opened, text=f"Corrected {self.scene.life}.")
        await until(preview, lambda exchange: exchange.shown)
        pressed = await stand_in.press(olga, preview, "Send correction")
        await until(pressed, lambda exchange: exchange.acknowledged)

    @property
    def is_done(self) -> bool:
        """Whether no message has still to be corrected: what a life left undone is done at the next start."""
        return not self.scene.query("SELECT 1 FROM correction_underway")

    def judge(self, evidence: Evidence, findings: Findings) -> None:
        """Every announcement is wherever it goes, and says there what is kept of it."""
        texts = dict(evidence.query("SELECT id, text FROM announcement"))
        findings.count("corrections", sum(text != _AS_IT_WAS for text in texts.values()))
        for row in evidence.rows:
            if row.kind != ANNOUNCEMENT.name:
                continue
            if row.state != "sent":
                findings.lose(f"{row.key} is {row.state}", [row])
                continue
            message = findings.message(row)
            says = message["embeds"][0].get("description") if message and message["embeds"] else None
            if message and says != texts[int(row.subject)]:
                text = f"{row.key} says {says!r}, and is kept as {texts[int(row.subject)]!r}"
                findings.find("losses", text, row.batch, "correct")


PART = Announcements

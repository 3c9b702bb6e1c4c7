"""Meetups that people open, join, leave and move: one message and one thread each, everybody there and told once."""

import re
from collections.abc import Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from bot.delivery.rows import Outbox
from bot.meetups.model import MEETUP, MEETUP_REMINDER, Meetup
from bot.meetups.rows import MeetupStore
from bot.store.engine import Database
from tests.delivery.crash.evidence import Evidence, Findings
from tests.delivery.crash.part import Part, Scene, until
from tests.delivery.crash.report import Row
from tests.delivery.crash.timetable import MINUTE, NEWS, THRESHOLD
from tests.support.stand_in import Channel, Exchange, Person

_LEAD = 10 * MINUTE
_HELPS = 30 * MINUTE
"""As in bot.meetups.model: how long after the beginning a reminder still helps."""

_COUNT = re.compile(r"Who comes: (\d+) of")
_COMES, _WAITS, _GOES = "You come.", "You are on the waiting list", "You come no more"


class Meetups(Part):
    """Meetups in one of the channels."""

    points: ClassVar = {
        "open": "bot.meetups.rows:MeetupStore.add",
        "write": "bot.meetups.rows:MeetupStore.keep",
        "edit": "bot.meetups.threads:MeetupThreads.edit",
        "make the thread": "bot.meetups.threads:MeetupThreads.start",
        "add to the thread": "bot.meetups.threads:MeetupThreads.add",
        "archive": "bot.meetups.threads:MeetupThreads.archive",
    }

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._opened = 0
        self._told: dict[tuple[str, str], str] = {}
        """What the bot told people last about whether they come, by topic and person; nothing where it died first."""

    @property
    def _channel(self) -> Channel:
        return next(channel for channel in self.scene.guild.channels.values() if channel.name == NEWS)

    def configuration(self) -> Mapping[str, Mapping[str, Any]]:
        limits = {"open_at_once": 50, "open_per_day": 50, "most_people": 3}
        return {"meetups": {"channel": NEWS, "minutes_before": _LEAD // MINUTE, "hours": 1, **limits}}

    async def prepare(self, database: Database) -> None:
        """Let two people have opened meetups in the bot's life before."""
        chance, now = self.scene.chance, self.scene.clock.now()
        store = MeetupStore(database, Outbox(database, (MEETUP,)))
        for opener, guest in (self.scene.people[:2], self.scene.people[2:4]):
            starts_at = now + MINUTE * chance.randrange(20, 400)
            made = Meetup(
                id=0,
                server_id=int(self.scene.guild.id),
                channel_id=int(self._channel.id),
                opener_id=int(opener.id),
                topic=self._next_topic(),
                about="",
                place="Foyer",
                starts_at=starts_at,
                ends_at=starts_at + 60 * MINUTE,
                people=chance.choice((2, 3)),
                made_at=now,
            )
            await store.add(made.joined(int(opener.id), now).joined(int(guest.id), now), now)

    # What people do.

    def act(self, rows: Sequence[Row]) -> Coroutine[Any, Any, None] | None:
        chance, person = self.scene.chance, self.scene.chance.choice(self.scene.people)
        sent = {str(row.message_id) for row in rows if row.kind == MEETUP.name}
        posts = [message for message in self._channel.messages if message["id"] in sent and _buttons(message)]
        if self.scene.has_copy:
            return None  # which of the two would do it is not known
        if chance.random() < 0.25 or not posts:
            return self._open(person) if self._opened < 6 else None
        message = chance.choice(posts)
        if chance.random() < 0.2:
            return self._move(message)
        return self._press(person, message, chance.choice(("Join", "Join", "Leave")))

    async def _open(self, person: Person) -> None:
        options = {"topic": self._next_topic(), "where": "Foyer", "people": self.scene.chance.choice((2, 3))}
        when = f"in {self.scene.chance.randrange(15, 240)} minutes"
        opened = await self.scene.stand_in.command(person, "meetup open", self._channel, when=when, **options)
        await until(opened, lambda exchange: exchange.shown)
        if "It is open" in _said(opened):
            self._told[str(options["topic"]), person.id] = _COMES

    async def _press(self, person: Person, message: dict[str, Any], label: str) -> None:
        topic = _topic(message)
        self._told.pop((topic, person.id), None)
        pressed = await self.scene.stand_in.press_on(person, self._channel, _buttons(message)[label], message)
        pressed.original = None
        await until(pressed, lambda exchange: exchange.shown)
        told = next((one for one in (_COMES, _WAITS, _GOES) if one in _said(pressed)), None)
        if told:
            self._told[topic, person.id] = told

    async def _move(self, message: dict[str, Any]) -> None:
        """Let whoever opened a meetup put it off."""
        found = self.scene.query("SELECT id, opener_id FROM meetup WHERE topic = ?", _topic(message))
        number, opener = found[0]
        person = next(one for one in self.scene.people if one.id == str(opener))
        form = await self.scene.stand_in.command(person, "meetup change", self._channel, meetup=str(number))
        await until(form, lambda exchange: exchange.acknowledged)
        if form.form is None:
            return
        when = f"in {self.scene.chance.randrange(5, 300)} minutes"
        changed = await self.scene.stand_in.submit(person, form, when=when)
        await until(changed, lambda exchange: exchange.shown)

    def _next_topic(self) -> str:
        self._opened += 1
        return f"Topic {self._opened}."

    # What is then there.

    @property
    def is_done(self) -> bool:
        """Whether messages say what is kept, threads are there with all who come, and ends are carried out."""
        if self.scene.query(
            "SELECT 1 FROM meetup WHERE (ended_as IS NOT NULL AND NOT settled) OR "
            "(ended_as IS NULL AND (message_id IS NULL OR thread_id IS NULL)) UNION SELECT 1 FROM meetup_guest "
            "JOIN meetup ON id = meetup_id WHERE ended_as IS NULL AND NOT waits AND NOT in_thread"
        ):
            return False
        return all(self._says(message) == count for message, count in self._open_ones())

    def _open_ones(self) -> list[tuple[dict[str, Any], int]]:
        found = self.scene.query(
            "SELECT message_id, (SELECT count(*) FROM meetup_guest WHERE meetup_id = id AND NOT waits) FROM meetup "
            "WHERE ended_as IS NULL AND message_id IS NOT NULL"
        )
        messages = {message["id"]: message for message in self._channel.messages}
        return [(messages[str(number)], count) for number, count in found if str(number) in messages]

    @staticmethod
    def _says(message: dict[str, Any]) -> int | None:
        """Return how many come, as a message says it."""
        names = [field["name"] for embed in message["embeds"] for field in embed.get("fields", ())]
        counts = [int(found[1]) for name in names if (found := _COUNT.match(name))]
        return counts[0] if counts else None

    def judge(self, evidence: Evidence, findings: Findings) -> None:
        """Every meetup is there once, with one thread; who was told that they come does; everybody is reminded once."""
        self._judge_messages(evidence, findings)
        self._judge_people(evidence, findings)
        self._judge_reminders(evidence, findings)

    def _judge_messages(self, evidence: Evidence, findings: Findings) -> None:
        kept = evidence.query("SELECT topic, message_id, thread_id, ended_as, settled FROM meetup")
        findings.count("meetups", len(kept))
        topics = [topic for topic, *_ in kept]
        for topic in {one for one in topics if topics.count(one) > 1}:
            findings.find("duplicates", f"the meetup {topic!r} was opened {topics.count(topic)} times", topic)
        threads = list(self.scene.guild.threads.values())
        for topic, message_id, thread_id, ended_as, settled in kept:
            posts = [one for one in self._channel.messages if one["embeds"] and _topic(one) == topic]
            own = [thread for thread in threads if thread.name == topic]
            if len(posts) > 1 or len(own) > 1:
                text = f"the meetup {topic!r} has {len(posts)} messages and {len(own)} threads"
                findings.find("duplicates", text, topic)
            if [int(one["id"]) for one in posts] != ([message_id] if message_id else []):
                findings.find("losses", f"the message of {topic!r} is not the one written down", topic)
            if [int(one.id) for one in own] != ([thread_id] if thread_id else []):
                findings.find("losses", f"the thread of {topic!r} is not the one written down", topic)
            if ended_as is None and not (message_id and thread_id):
                findings.find("losses", f"{topic!r} has no message or no thread", topic)
            if ended_as and not (settled and all(one.archived for one in own) and not any(map(_buttons, posts))):
                findings.find("losses", f"{topic!r} is over, and its message or its thread is not", topic)
        for message, count in self._open_ones():
            if self._says(message) != count:
                text = f"{_topic(message)!r} says that {self._says(message)} come, and {count} do"
                findings.find("losses", text, _topic(message))

    def _judge_people(self, evidence: Evidence, findings: Findings) -> None:
        kept = evidence.query(
            "SELECT topic, user_id, waits, in_thread, people FROM meetup JOIN meetup_guest ON id = meetup_id"
        )
        there = {(topic, str(user)): waits for topic, user, waits, *_ in kept}
        for (topic, person), told in self._told.items():
            if (told == _GOES) == ((topic, person) in there):
                findings.find("losses", f"{person} was told {told!r} about {topic!r}, and it is not so", topic)
            if told == _COMES and there.get((topic, person)):
                findings.find("losses", f"{person} was told {told!r} about {topic!r}, and waits", topic)
        for topic, people in {(topic, people) for topic, *_, people in kept}:
            coming = sum(not waits for (one, _), waits in there.items() if one == topic)
            if coming > people:
                findings.find("others", f"{coming} come to {topic!r}, which is for {people}", topic)
        threads = {thread.name: thread for thread in self.scene.guild.threads.values()}
        for topic, user, _, in_thread, _ in kept:
            if in_thread and str(user) not in threads[topic].added:
                findings.find("losses", f"{user} is not in the thread of {topic!r}", topic)

    def _judge_reminders(self, evidence: Evidence, findings: Findings) -> None:
        rows = [row for row in evidence.rows if row.kind == MEETUP_REMINDER.name]
        sent = [row for row in rows if row.state == "sent"]
        for number, row in enumerate(sent):
            for other in sent[number + 1 :]:
                if row.base == other.base and abs(row.starts_at - other.starts_at) <= THRESHOLD:
                    findings.find("duplicates", f"{row.key} and {other.key} were both sent", row.batch, other.batch)
        wanted = evidence.query(
            "SELECT id, user_id, since, starts_at, coalesce((SELECT max(made_at) FROM meetup_change "
            "WHERE meetup_id = id AND before LIKE '%starts_at%'), made_at) "
            "FROM meetup JOIN meetup_guest ON id = meetup_id WHERE NOT waits"
        )
        for number, user, *moments in wanted:
            since, starts_at, moved_at = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in moments)
            due, end = starts_at - _LEAD, starts_at + _HELPS
            own = [row for row in rows if row.base == f"{MEETUP_REMINDER.name}:{number}:{user}"]
            told = any(row.state == "sent" and abs(row.starts_at - starts_at) <= THRESHOLD for row in own)
            rested = any(due <= moment < end for life in evidence.lives for moment in life.rests)
            if due > max(since, moved_at) and rested and not told:
                text = f"{user} was not reminded of meetup {number}, {[f'{row.key} {row.state}' for row in own]}"
                findings.lose(text, own, end)


def _said(exchange: Exchange) -> str:
    return "\n".join(
        str(part)
        for message in exchange.messages
        for part in (message["content"], *(embed.get("description") for embed in message["embeds"]))
    )


def _topic(message: dict[str, Any]) -> str:
    """Return the topic of the meetup that a message is about, also of one that is over."""
    title = str(message["embeds"][0].get("title", "")) if message["embeds"] else ""
    return title.removeprefix("Over: ")


def _buttons(message: dict[str, Any]) -> dict[str, str]:
    """Return the custom ids of the buttons of a message about a meetup that is not over, by their labels."""
    found = {
        button["label"]: button["custom_id"]
        for row in message["components"]
        for button in row.get("components", ())
        if "custom_id" in button
    }
    return found if "Join" in found else {}


PART = Meetups

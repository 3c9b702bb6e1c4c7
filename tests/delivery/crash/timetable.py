"""Random programmes, how they change, and the files that the bot reads them from."""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.delivery.crash.clock import BEGIN

CHANNEL = "announcements"
NEWS = "news"
THRESHOLD = timedelta(minutes=10)
OPEN_ENDED = timedelta(hours=3)
MINUTE = timedelta(minutes=1)
LEADS = (0, 5, 10, 15, 30, 60, 120)
"""How many minutes before a session there may be a reminder."""

_ON_THE_WALL = ("Amber", "Birch", "Cedar", "Dove", "Elm", "Fern", "Grape", "Hazel", "Iris", "Jade", "Kelp", "Lime")
"""The papers of a session that has no time, so that nobody is reminded of it."""

_NAMES = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel")


def _abstract(name: str) -> str:
    """Return an abstract that has no word in common with any other, so that no paper is taken for another."""
    chance = random.Random(name)  # noqa: S311 - it is to be the same each time
    words = ("".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(5, 10))) for _ in range(45))
    return f"{name} {' '.join(words)}."


@dataclass(frozen=True)
class Slot:
    """A session's place in the programme.

    Attributes:
        start: when it begins.
        end: when it ends, if that was announced.
        listed: whether the programme has it.
        timed: whether it has a time.
    """

    start: datetime
    end: datetime | None
    listed: bool = True
    timed: bool = True

    @property
    def takes_place(self) -> bool:
        return self.listed and self.timed

    @property
    def useful_until(self) -> datetime:
        return self.end or self.start + OPEN_ENDED


Timetable = Mapping[str, Slot]
"""Sessions by key."""

Configuration = Mapping[str, Mapping[str, Any]]
"""A part of the configuration: by a table's name, what is in it."""


def paper_key(key: str) -> str:
    """Return the key of a session's one paper."""
    return f"on-{key}"


def random_timetable(chance: random.Random) -> dict[str, Slot]:
    starts = [BEGIN + MINUTE * 5 * chance.randrange(2, 80) for _ in range(3)]
    table = {}
    for name in _NAMES[: chance.randint(2, len(_NAMES))]:
        start = chance.choice(starts) if chance.random() < 0.4 else BEGIN + MINUTE * chance.randrange(5, 480)
        table[name.lower()] = Slot(start, chance.choice((None, start + MINUTE * chance.randrange(20, 200))))
    return table


def changed(table: Timetable, now: datetime, chance: random.Random) -> dict[str, Slot]:
    """Move some sessions, cancel some, and bring some back."""
    after = dict(table)
    for key in chance.sample(sorted(table), chance.randint(1, min(3, len(table)))):
        slot = after[key]
        kind = chance.random()
        if kind < 0.6:
            by = MINUTE * chance.choice((chance.randrange(1, 16), chance.randrange(11, 240), -chance.randrange(1, 120)))
            if kind < 0.1:
                by = max(now - slot.start, timedelta()) + MINUTE * chance.randrange(1, 90)
            end = slot.end + by if slot.end else None
            after[key] = replace(slot, start=slot.start + by, end=end)
        elif slot.takes_place:
            after[key] = replace(slot, listed=kind < 0.8, timed=kind >= 0.8)
        else:
            after[key] = replace(slot, listed=True, timed=True)
    if not any(slot.listed for slot in after.values()):
        return dict(table)
    return after


def write(folder: Path, table: Timetable, leads: Sequence[int], more: Iterable[Configuration] = ()) -> Path:
    """Write the programme, and a configuration for it; return the configuration's path.

    Args:
        folder: where they are written.
        table: the programme.
        leads: how many minutes before each session the channel is reminded.
        more: what else is in the configuration, by tables.
    """
    # The bot asks a moderator before it drops a third of all papers at once; these stay, whatever else goes.
    lines = ["Session", "Wall", "Foyer"]
    for word in _ON_THE_WALL:
        lines += [f"About {word}", f"Uma {word} ⋅ Vic {word}", _abstract(word)]
    config: dict[str, dict[str, Any]] = {
        "conference": {"name": "Crash"},
        "programme": {"source": "programme.txt"},
        "database": {"path": "conference.sqlite3"},
        "discord": {"events": False, "organizers": ["Organizers"]},
        "reminders": {
            "channel": CHANNEL,
            "minutes_before": list(leads),
            "direct_per_minute": 3000,
            "moved_by_minutes": THRESHOLD // MINUTE,
        },
    }
    for tables in more:
        for name, values in tables.items():
            config[name] = {**config.get(name, {}), **values}
    for key, slot in table.items():
        if slot.listed:
            name = key.title()
            lines += ["Session", name, f"Room {name}", f"On {name}", f"Ann {name} ⋅ Bob {name}", _abstract(name)]
        if slot.timed:
            times = {"start": slot.start.isoformat()} | ({"end": slot.end.isoformat()} if slot.end else {})
            config[f'sessions."{key}"'] = times
    (folder / "programme.txt").write_text("\n".join(lines), encoding="utf-8")
    path = folder / "config.toml"
    path.write_text("".join(f"[{name}]\n{_values(values)}" for name, values in config.items()), encoding="utf-8")
    return path


def _values(values: Mapping[str, Any]) -> str:
    """Write values as TOML, which writes texts, numbers, truths and lists of them as JSON does."""
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())

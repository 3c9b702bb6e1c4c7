"""What a crowd does: who types, asks and presses what, and when."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any, Self

from bot.programme.model import Paper, Programme
from tests.search.bench_queries import SEED, queries_of

TYPED = "autocomplete"
SEARCH, TURN, PAPER, MARK = "search", "next page", "paper", "bookmark"
WISH, ANNOUNCE = "remindme", "announce"
ASK, VOTE, TAKE_BACK = "ask a session", "vote", "take the vote back"

PATIENCE = 3.0
"""How long Discord waits for an answer, in seconds."""

_LONG = 100
"""A query of so many characters does not fit on a button."""


@dataclass(frozen=True)
class Act:
    """Something that somebody does.

    Attributes:
        kind: what the figures call it.
        at: when, in seconds from the beginning; after an answer, in seconds from that.
        who: by whom, a number.
        command: the command's name, or the label of the button.
        options: the command's options, or the form's fields.
        focused: the option that is being typed.
        then: what is done with the answer.
    """

    kind: str
    at: float
    who: int
    command: str
    options: dict[str, Any] = field(default_factory=dict)
    focused: str = ""
    then: tuple["Act", ...] = ()

    @classmethod
    def read(cls, written: dict[str, Any]) -> Self:
        """Read an act back from JSON."""
        return cls(**{**written, "then": tuple(map(cls.read, written["then"]))})


@dataclass(frozen=True)
class Stage:
    """A part of a test.

    Attributes:
        name: what the figures call it.
        acts: what is done.
        one_by_one: whether each act waits for the answer to the one before, whatever its time.
        patience: how long an answer is waited for, in seconds.
    """

    name: str
    acts: tuple[Act, ...]
    one_by_one: bool = False
    patience: float = PATIENCE

    def write(self, path: Path) -> None:
        """Write the stage into a file."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a stage from its file."""
        written = json.loads(path.read_text(encoding="utf-8"))
        return cls(written["name"], tuple(map(Act.read, written["acts"])), written["one_by_one"], written["patience"])


def busy_minute(programme: Programme, people: int, seconds: float, first: int = 0) -> Stage:
    """Return what a crowd does within so many seconds.

    Everybody types eight letters or words, searches twice and opens a paper; half of them bookmark it, and half turn
    the page of a search; a quarter want to be reminded. Every ten seconds the organizers announce something.

    Args:
        programme: what they look for.
        people: how many they are.
        seconds: in which time.
        first: the number of the first one.
    """
    chance = random.Random(SEED + first)  # noqa: S311 - it is to be the same each time
    papers = list(programme.papers.values())
    queries = [query.text for query in queries_of(papers, max(people // 4, 10))]
    acts: list[Act] = []
    for who in range(first, first + people):
        begin = chance.uniform(0, seconds)
        acts += _visit(chance, papers, queries, who, begin, seconds)
    acts += [
        Act(ANNOUNCE, at, -1, "announce post", {"title": "Lunch", "text": f"Lunch is in hall {at:.0f}.", "when": "now"})
        for at in accumulate([seconds / 6] * 5)
    ]
    return Stage("a busy minute", tuple(sorted(acts, key=lambda act: act.at)))


def at_once(programme: Programme, people: int) -> Stage:
    """Return what happens when everybody searches at the same moment, as when a speaker asks them to."""
    papers = list(programme.papers.values())
    queries = [query.text for query in queries_of(papers, people)]
    chance = random.Random(SEED)  # noqa: S311
    acts = [Act(SEARCH, 0.0, who, "search", {"query": chance.choice(queries)}) for who in range(people)]
    return Stage(f"{people} at once", tuple(acts))


def asking(session: str, count: int) -> Stage:
    """Return what happens when so many people put a question each to a session, one after another."""
    acts = [
        Act(ASK, 0.0, who, "questions ask", {"session": session, "text": f"Question {who}?"}) for who in range(count)
    ]
    return Stage("questions", tuple(acts), one_by_one=True)


def voting(people: int, questions: int, seconds: float, first: int = 0) -> Stage:
    """Return what happens when everybody votes for one to three questions; every tenth takes a vote back.

    Args:
        people: how many they are.
        questions: how many questions there are, by the numbers from 1.
        seconds: in which time.
        first: the number of the first one.
    """
    chance = random.Random(SEED + first)  # noqa: S311 - it is to be the same each time
    acts: list[Act] = []
    for who in range(first, first + people):
        for number in chance.sample(range(1, questions + 1), min(chance.randint(1, 3), questions)):
            back = Act(TAKE_BACK, chance.uniform(0.5, 2), who, "Take my vote back")
            then = (back,) if chance.random() < 0.1 else ()
            acts.append(Act(VOTE, chance.uniform(0, seconds), who, f"▲ {number}", then=then))
    return Stage(f"{people} vote", tuple(sorted(acts, key=lambda act: act.at)))


def one_by_one(programme: Programme, count: int) -> Iterator[Stage]:
    """Yield a stage for each kind of question, whose cost is to be known, asked so many times, one after another."""
    papers = list(programme.papers.values())
    chance = random.Random(SEED)  # noqa: S311
    queries = chance.sample(texts := [query.text for query in queries_of(papers, count)], min(count, len(texts)))
    names = [author.name for paper in papers for author in paper.authors]
    sessions = [session.name for session in programme.sessions]
    kinds: dict[str, tuple[str, str, Sequence[str]]] = {
        SEARCH: ("search", "query", queries),
        PAPER: ("paper", "paper", [paper.key for paper in papers]),
        "author": ("author", "name", names),
        "session": ("session", "session", sessions),
    }
    for kind, (command, option, values) in kinds.items():
        acts = [Act(kind, 0, 0, command, {option: chance.choice(values)}) for _ in range(count)]
        yield Stage(kind, tuple(acts), one_by_one=True)
    for command in ("schedule", "now"):
        yield Stage(command, tuple(Act(command, 0, 0, command) for _ in range(count)), one_by_one=True)
    typed = {
        "paper, typed": ("paper", "paper", queries),
        "author, typed": ("author", "name", names),
        "session, typed": ("session", "session", sessions),
    }
    for kind, (command, option, values) in typed.items():
        acts = [
            Act(kind, 0, 0, command, {option: value[: chance.randint(3, 12)]}, option)
            for value in chance.choices(values, k=count)
        ]
        yield Stage(kind, tuple(acts), one_by_one=True)


def _visit(
    chance: random.Random, papers: Sequence[Paper], queries: Sequence[str], who: int, begin: float, seconds: float
) -> Iterator[Act]:
    def moment() -> float:
        return (begin + chance.uniform(0, seconds / 2)) % seconds

    paper = chance.choice(papers)
    if who % 4 == 0:
        yield Act(WISH, begin, who, "remindme", {"before": 15})
    yield from _typing(chance, who, "paper", "paper", paper.label, moment(), 4)
    author = chance.choice([author.name for author in paper.authors] or ["Ada"])
    yield from _typing(chance, who, "author", "name", author, moment(), 2)
    yield from _typing(chance, who, "search", "author", author, moment(), 2)
    mark = Act(MARK, chance.uniform(0.5, 2), who, "Bookmark")
    yield Act(PAPER, moment(), who, "paper", {"paper": paper.key}, then=(mark,) if who % 2 == 0 else ())
    for number in range(2):
        query = chance.choice(queries)
        if who % 20 == 0:
            query = f"{query} {paper.label} {query} {paper.label}"[:_LONG].strip()
        turn = Act(TURN, chance.uniform(0.5, 2), who, "Next")
        yield Act(SEARCH, moment(), who, "search", {"query": query}, then=(turn,) if number and who % 2 else ())


def _typing(
    chance: random.Random, who: int, command: str, option: str, text: str, begin: float, strokes: int
) -> Iterator[Act]:
    """Yield what Discord asks while somebody types a text: after each pause."""
    length = chance.randint(1, 3)
    for _ in range(strokes):
        yield Act(TYPED, begin, who, command, {option: text[:length].strip() or "a"}, option)
        length += chance.randint(2, 5)
        begin += chance.uniform(0.2, 0.6)

"""Gathering what is wrong with a source, so that it can be read through."""

from collections import Counter

from bot.programme.source import Problem, Severity

MOST_OF_A_KIND = 50
"""The most problems of one kind that are listed; nobody reads more of them."""


class Problems:
    """What was found while one source was read."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._counts: Counter[tuple[str, Severity]] = Counter()

    def note(self, kind: str, message: str, line: int | None = None) -> None:
        """Add something the reader put right or assumed; `kind` says what all like it have in common."""
        self._add(kind, Severity.NOTE, message, line)

    def action(self, kind: str, message: str, line: int | None = None) -> None:
        """Add something that only a person can put right."""
        self._add(kind, Severity.ACTION, message, line)

    def listed(self) -> tuple[Problem, ...]:
        """Return the problems in the order of the file, then what was left out of the list."""
        more = (
            Problem(None, severity, f"There are {count} problems “{kind}”, of which {MOST_OF_A_KIND} are listed.")
            for (kind, severity), count in self._counts.items()
            if count > MOST_OF_A_KIND
        )
        return (*sorted(self._problems, key=lambda problem: problem.line or 0), *more)

    def _add(self, kind: str, severity: Severity, message: str, line: int | None) -> None:
        self._counts[kind, severity] += 1
        if self._counts[kind, severity] <= MOST_OF_A_KIND:
            self._problems.append(Problem(line, severity, message))


def shown(text: str, limit: int = 60) -> str:
    """Return a text as a message may quote it: on one line, short, and with nothing a terminal would obey."""
    line = text[: 4 * limit]
    if not line.isprintable():
        line = "".join(character if character.isprintable() else " " for character in line)
    line = " ".join(line.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"

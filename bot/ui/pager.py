"""Lists that are longer than a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from bot.ui.answer import Button
from bot.ui.questions import Question

T = TypeVar("T")

LENGTH = 10
"""How many entries one page of a list has."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        entries: what is on it.
        number: which page, counted from 0.
        count: how many pages there are.
        total: how many entries the whole list has.
    """

    entries: Sequence[T]
    number: int
    count: int
    total: int

    @classmethod
    def of(cls, entries: Sequence[T], number: int, length: int = LENGTH) -> Self:
        """Cut a page out of a list; a number beyond the last page means the last one."""
        count = max(-(-len(entries) // length), 1)
        number = min(max(number, 0), count - 1)
        return cls(entries[number * length : (number + 1) * length], number, count, len(entries))

    @property
    def note(self) -> str:
        """Where we are, for a footer; empty when there is one page only."""
        return f"Page {self.number + 1} of {self.count}" if self.count > 1 else ""

    def buttons(self, question: Question) -> tuple[Button, ...]:
        """Return the buttons that turn the pages of a question's answer; none when there is one page only."""
        return tuple(self._turns(question)) if self.count > 1 else ()

    def _turns(self, question: Question) -> Iterator[Button]:
        yield self._turn("Previous", question, self.number - 1)
        yield self._turn("Next", question, self.number + 1)

    def _turn(self, label: str, question: Question, to: int) -> Button:
        # Going round at the ends gives both buttons a question of their own even where they lead nowhere.
        return Button(label, question.on_page(to % (self.count + 1)), turns=True, disabled=not 0 <= to < self.count)

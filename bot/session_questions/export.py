"""Questions as files: CSV for a spreadsheet, JSON for programs. Who asked without a name has none there either."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from bot.session_questions.model import Ranked

COLUMNS = (
    "session",
    "session_name",
    "number",
    "question",
    "votes",
    "asked_by",
    "asked_at",
    "state",
    "merged_into",
    "answer",
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would work out."""


def files_of(names: dict[str, str], ranked: Sequence[Ranked]) -> tuple[tuple[str, bytes], ...]:
    """Return the files by their names.

    Args:
        names: the sessions' names by their keys.
        ranked: the questions, those of a session together.
    """
    numbers = {one.question.id: one.question.number for one in ranked}
    records = list(_records(names, numbers, ranked))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in record.items()} for record in records)
    as_json = json.dumps({"questions": records}, ensure_ascii=False, indent=2) + "\n"
    # The mark at the beginning lets spreadsheets know that it is UTF-8.
    return (
        ("questions.csv", text.getvalue().encode("utf-8-sig", "replace")),
        ("questions.json", as_json.encode("utf-8", "replace")),
    )


def _records(names: dict[str, str], numbers: dict[int, int], ranked: Iterable[Ranked]) -> Iterator[dict[str, object]]:
    for one in ranked:
        question = one.question
        values = (
            question.session_key,
            names.get(question.session_key),
            question.number,
            question.text,
            one.votes,
            question.name,
            question.asked_at.isoformat(),
            question.state.value,
            numbers.get(question.merged_into or 0),
            question.answer_url,
        )
        yield dict(zip(COLUMNS, values, strict=True))


def _cell(value: object) -> object:
    """Return a value as a cell that is text where it is text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value

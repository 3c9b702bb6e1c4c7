"""EasyChair's list of authors (author.csv), a row for each author of each submission.

It completes the list of submissions, which is a table like any other: a submission that is not accepted has its
authors here all the same, so what is here is shown only where the other file has the submission.
"""

from collections.abc import Iterable

from bot.programme.source import Credit, SourcePaper
from bot.sources.formats.table.columns import Header, bare_name
from bot.sources.formats.table.grid import Row
from bot.sources.reading.gather import Gathering


def is_author_list(header: Header) -> bool:
    """Tell whether a table is a list of authors with the numbers of their submissions."""
    ids = {bare_name(header.names[at]) for at in header.fields.get("id", ())}
    return bool(ids & {"submission#", "submission"}) and "last_name" in header.fields and "title" not in header.fields


def gather_authors(rows: Iterable[Row], gathering: Gathering) -> None:
    """Gather the authors of each submission as a paper that completes that of another file."""
    authors: dict[str, dict[Credit, None]] = {}
    lines: dict[str, list[int]] = {}
    for row in rows:
        submission = row.text("id")
        name = " ".join(filter(None, (row.text("first_name"), row.text("last_name"))))
        if submission is None or not name:
            gathering.leave_out(
                "no submission" if submission is None else "no name", name or submission or "", row.line
            )
            continue
        where = row.text("affiliations")
        authors.setdefault(submission, {})[Credit(name, (where,) if where else ())] = None
        lines.setdefault(submission, []).append(row.line)
    for submission, people in authors.items():
        paper = SourcePaper(line=lines[submission][0], authors=tuple(people), source_id=submission)
        for _ in lines[submission]:
            gathering.paper(paper, submission)

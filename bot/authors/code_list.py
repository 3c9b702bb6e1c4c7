"""The list of codes that the organizers mail: a table with a line for each author of each paper."""

import csv
import io
from collections.abc import Iterable

from bot.authors.codes import Codes
from bot.authors.model import slots_of
from bot.programme.model import Paper
from bot.sources.formats.table.cells import to_cell

COLUMNS = ("paper", "title", "author", "affiliations", "code")


def code_list(papers: Iterable[Paper], codes: Codes) -> str:
    """Return the codes as CSV; nothing in it is taken for a formula by a spreadsheet."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for paper in papers:
        for author, slot in zip(paper.authors, slots_of(paper), strict=True):
            cells = (paper.key, paper.label, author.name, "; ".join(author.affiliations))
            writer.writerow([*map(to_cell, cells), codes.of(slot)])
    return table.getvalue().encode("utf-8", "replace").decode("utf-8")

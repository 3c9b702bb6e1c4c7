"""How much a programme may hold. Beyond these bounds it is an attack or a mistake, and would slow everybody down.

Files and papers agree: a paper with its abstract takes 1,300 to 1,800 bytes, so that the largest file holds the most
papers.
"""

from typing import Final

from bot.errors import UserError

MOST_PAPERS: Final = 130_000
"""The most papers, and the most sessions: ten times those of the largest conferences."""

SIZE_LIMIT: Final = 224 * 2**20
"""The largest file, in bytes, wherever it comes from."""

LONGEST: Final = {"title": 1_000, "name": 1_000, "abstract": 20_000}
"""The most characters of the texts that may be long."""

LONGEST_LINE: Final = 500
"""The most characters of every other text: kinds, tracks, rooms, boards, topics, people's names, places of work."""

LONGEST_ADDRESS: Final = 2_000
"""The most characters of a link's address; a longer one leads nowhere in most browsers."""

MOST_NAMES: Final = 10_000
"""The most people of a paper or session; the largest experiments have five thousand authors."""

MOST_PLACES: Final = 50
"""The most places where one person works."""

MOST_OF_A_PAPER: Final = {"topics": 100, "links": 100, "other_ids": 100}
"""The most of what a paper or session has several of."""


def refuse_too_large(file: str, size: int) -> None:
    """Refuse a file, by its name and its size in bytes, that is too large.

    Raises:
        UserError: it is.
    """
    if size > SIZE_LIMIT:
        raise UserError(f"{file}: the file is larger than {SIZE_LIMIT // 2**20} MiB.")

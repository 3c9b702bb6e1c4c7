"""What did they mean? One index built from a programme, swapped whole on a reload, never touching the database."""

from bot.search.index import Hit, Index, Match, Results
from bot.search.query import Query

__all__ = ["Hit", "Index", "Match", "Query", "Results"]

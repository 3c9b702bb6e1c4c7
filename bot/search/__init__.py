"""Finding papers and people by a few words: an index in memory, built from one programme and never changed."""

from bot.search.builder import IndexBuilder
from bot.search.facets import Facet
from bot.search.hits import Hit
from bot.search.index import Index
from bot.search.interests import Neighbours, Reason
from bot.search.query import Query
from bot.search.results import Certainty, Results
from bot.search.similar import Similar

__all__ = ["Certainty", "Facet", "Hit", "Index", "IndexBuilder", "Neighbours", "Query", "Reason", "Results", "Similar"]

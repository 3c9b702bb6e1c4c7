"""Reading what a test has written as the bot reads its sources."""

from bot.config import ListedSource
from bot.programme.source import Loaded
from bot.sources.fetch import Fetched
from bot.sources.load import found, read_and_join


def loaded(data: bytes, name: str = "page.txt", zone: str = "America/Los_Angeles") -> Loaded:
    """Read a file at a conference in this zone."""
    source = ListedSource.model_construct()
    return read_and_join([found(Fetched(data, name), source, zone)])

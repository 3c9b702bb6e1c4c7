"""What each module that reads one format has in common."""

from typing import Protocol

from bot.sources.reading.file import File, Hints, Reading


class Reader(Protocol):
    """The face of a module that reads one format."""

    NAME: str
    """What the configuration calls the format."""

    FORMAT: str
    """Its name with the revision of the reader, such as "page-text/2"."""

    DESCRIPTION: str
    """What messages say of it, in a few words."""

    def recognises(self, file: File) -> bool:
        """Tell, from the content alone, whether this is the reader's format. Never raises, and takes no time."""
        ...

    def read(self, file: File, hints: Hints) -> Reading:
        """Read a file. Raises `UserError` when it makes no sense, with what is wrong and what to do."""
        ...

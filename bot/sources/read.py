"""Reading a programme in whatever form it comes: from bytes to a `Source` with the problems found."""

from typing import Protocol

from bot.errors import UserError
from bot.programme.source import Source
from bot.sources import csv_form, json_form, page_text

SIZE_LIMIT = 32 * 1024 * 1024
"""The largest source that is read, in bytes: some fifty times the abstracts of the largest conferences' days."""


class Reader(Protocol):
    """What a module that reads one form has."""

    DESCRIPTION: str

    def can_read(self, data: bytes) -> bool:
        """Tell, from the content alone, whether this is the reader's form. Never raises."""
        ...

    def read(self, data: bytes, name: str) -> Source:
        """Read a source; `name` is what messages call it. Raises `UserError` when it makes no sense."""
        ...


READERS: tuple[Reader, ...] = (json_form, csv_form, page_text)
"""Page text comes last: nearly any text might be some."""


def read(data: bytes, name: str) -> Source:
    """Read a programme in whatever form it is.

    Args:
        data: the whole source.
        name: what messages call it: a file's name or an address.

    Raises:
        UserError: it is empty, too large, in no form that is known, or its reader can make no sense of it.
    """
    if not data.strip():
        raise UserError(f"{name}: the file is empty.")
    if len(data) > SIZE_LIMIT:
        raise UserError(f"{name}: the file is larger than {SIZE_LIMIT // 2**20} MiB.")
    for reader in READERS:
        if reader.can_read(data):
            return reader.read(data, name)
    forms = "; ".join(reader.DESCRIPTION for reader in READERS)
    raise UserError(f"{name}: this is no form of programme the bot can read. It reads: {forms}.")

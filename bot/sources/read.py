"""Reading a programme in whatever format it comes: from bytes to a `Reading`."""

from typing import Final

from bot.errors import UserError
from bot.sources.formats import (
    calendar,
    frab,
    indico,
    mini_conf,
    openreview,
    page_text,
    paper_list,
    pretalx,
    sessionize,
    sigchi,
    table,
    virtual_site,
)
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.limits import refuse_too_large
from bot.sources.reading.reader import Reader
from bot.sources.reading.unknown import describe

READERS: Final[tuple[Reader, ...]] = (
    openreview,
    virtual_site,
    sigchi,
    pretalx,
    frab,
    sessionize,
    indico,
    calendar,
    mini_conf,
    paper_list,
    table,
    page_text,
)
"""What bears the marks of one system comes before what anybody may write, and page text last. No two claim a file."""


def read(data: bytes, name: str, hints: Hints | None = None, format: str | None = None) -> Reading:  # noqa: A002
    """Read a programme.

    Args:
        data: the whole file.
        name: what messages call it: a file's name or an address.
        hints: what the configuration says about it.
        format: the name of its format, for one whose own reader would not know it; else the content tells.

    Raises:
        UserError: it is empty, too large, in no format that is known, or its reader can make no sense of it.
    """
    refuse_too_large(name, len(data))
    if not data or data.isspace():
        raise UserError(f"{name}: the file is empty.")
    file = File(name, data)
    hints = hints or Hints()
    reader = _reader_called(format) if format else _reader_of(file)
    if reader is None and hints.columns and not file.looks_like_json:
        reader = table  # whose columns may have any names
    if reader is None:
        raise _refusal(file)
    return reader.read(file, hints)


def format_names() -> tuple[str, ...]:
    """Return what the configuration calls the formats."""
    return tuple(reader.NAME for reader in READERS)


def current_formats() -> frozenset[str]:
    """Return the formats with the revisions in which they are read now."""
    return frozenset(reader.FORMAT for reader in READERS)


def _reader_of(file: File) -> Reader | None:
    if paper_list.is_marked(file):
        return paper_list
    return next((one for one in READERS if one.recognises(file)), None)


def _reader_called(name: str) -> Reader:
    reader = next((one for one in READERS if name == one.NAME), None)
    if reader is None:
        raise UserError(f"“{name}” is no format the bot can read. It reads: {', '.join(format_names())}.")
    return reader


def _refusal(file: File) -> UserError:
    """Return why a file is not read: it is broken, or something else than a programme."""
    what = describe(file)
    try:
        # What is no valid JSON, or in another encoding, is recognised by nobody; these say where it is broken.
        _ = file.json if what == "JSON" else file.text if what == "text" else None
    except UserError as error:
        return error
    formats = "; ".join(reader.DESCRIPTION for reader in reversed(READERS))
    return UserError(f"{file.name}: it is {what}, and no programme the bot can read. It reads: {formats}.")

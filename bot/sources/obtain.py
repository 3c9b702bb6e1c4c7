"""Getting a source's bytes from where it is: a file of this machine, or an address."""

import asyncio
import os
from pathlib import Path
from typing import overload

from bot.errors import UserError
from bot.sources.fetch import Fetched, Fetcher
from bot.sources.reading.limits import SIZE_LIMIT, refuse_too_large
from bot.sources.validators import Validators


@overload
async def obtain(origin: Path | str, fetcher: Fetcher) -> Fetched: ...


@overload
async def obtain(origin: Path | str, fetcher: Fetcher, since: Validators | None) -> Fetched | None: ...


async def obtain(origin: Path | str, fetcher: Fetcher, since: Validators | None = None) -> Fetched | None:
    """Return a source with what messages call it.

    Args:
        origin: the path of a file, or an https address.
        fetcher: fetches from addresses.
        since: the version that is known already.

    Returns:
        The source, or None when the file system or the server says that this is the known version still.

    Raises:
        UserError: the file can't be opened or is too large, or the address is refused or can't be fetched.
    """
    if isinstance(origin, Path):
        return await asyncio.to_thread(_read, origin, since)
    return await fetcher.fetch(origin, since)


def _read(path: Path, since: Validators | None) -> Fetched | None:
    try:
        with path.open("rb") as file:
            # Looked at before it is read: what is written meanwhile is found the next time.
            validators = Validators.of_file(os.fstat(file.fileno()))
            if validators == since:
                return None
            data = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(f"{path}: {reason}. See programme.source in the configuration.") from None
    refuse_too_large(str(path), len(data))
    return Fetched(data, path.name, validators)

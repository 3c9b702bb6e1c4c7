"""Getting a source's bytes from where it is: a file of this machine, or an address."""

import asyncio
from pathlib import Path

from bot.errors import UserError
from bot.sources.fetch import Fetched, Fetcher
from bot.sources.read import SIZE_LIMIT


async def obtain(origin: Path | str, fetcher: Fetcher) -> Fetched:
    """Return a source with what messages call it.

    Args:
        origin: the path of a file, or an https address.
        fetcher: fetches from addresses.

    Raises:
        UserError: the file can't be opened or is too large, or the address is refused or can't be fetched.
    """
    if isinstance(origin, Path):
        return Fetched(await read_file(origin), origin.name)
    return await fetcher.fetch(origin)


async def read_file(path: Path) -> bytes:
    """Return the bytes of a source file.

    Raises:
        UserError: the file can't be opened, or is larger than a source may be.
    """
    return await asyncio.to_thread(_read_file, path)


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(f"{path}: {reason}. See programme.source in the configuration.") from None
    if len(data) > SIZE_LIMIT:
        raise UserError(f"{path}: the file is larger than {SIZE_LIMIT // 2**20} MiB.")
    return data

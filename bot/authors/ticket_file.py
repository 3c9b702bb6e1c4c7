"""The ticket holders as the organizers' registration hands them out: a table with names and accounts of Discord's.

The file is read when somebody asks, and nothing of it is kept: it can be replaced at any time.
"""

import asyncio
import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.authors.tickets import Ticket
from bot.errors import UserError

_NAME: Final = ("name", "ticket name", "attendee name", "full name")
_ACCOUNT: Final = ("discord", "discord id", "discord name", "discord username")
_AFFILIATION: Final = ("affiliation", "company", "organization", "organisation", "institution")

_LARGEST: Final = 20 * 2**20
"""How large the file may be, in bytes: some hundred thousand lines."""

_ID = re.compile(r"\d{15,20}")


class TicketFile:
    """Reads the ticket holders.

    Attributes:
        trouble: why they could not be read the last time, for organizers; empty where they could.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.trouble = ""

    @property
    def is_there(self) -> bool:
        """Whether the configuration names such a file."""
        return self._path is not None

    async def read(self) -> list[Ticket]:
        """Read the file as it is now; empty where none is named.

        Raises:
            UserError: it can't be read. The text is for organizers.
        """
        if self._path is None:
            return []
        try:
            tickets = await asyncio.to_thread(read_tickets, self._path)
        except UserError as error:
            self.trouble = str(error)
            raise
        self.trouble = ""
        return tickets

    async def look(self) -> None:
        """Find out whether the file can be read, for `trouble`."""
        try:
            await self.read()
        except UserError:
            return


def read_tickets(path: Path) -> list[Ticket]:
    """Read the ticket holders from a table in UTF-8 whose columns are separated by commas, semicolons or tabs.

    Raises:
        UserError: the file can't be read, or lacks a column. The text is for organizers.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UserError(f"authors.tickets: {path} is larger than {_LARGEST // 2**20} MiB.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"authors.tickets: {path}: {(error.strerror or str(error)).lower()}.") from None
    except UnicodeDecodeError:
        raise UserError(f"authors.tickets: {path} is not in UTF-8.") from None
    try:
        return _tickets(path, text)
    except csv.Error as error:
        raise UserError(f"authors.tickets: {path} is no table: {error}.") from None


def _tickets(path: Path, text: str) -> list[Ticket]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    header = [" ".join(cell.replace("_", " ").casefold().split()) for cell in next(rows, [])]
    name, account, affiliation = (_column(header, known) for known in (_NAME, _ACCOUNT, _AFFILIATION))
    if name is None or account is None:
        missing = "name" if name is None else "discord"
        raise UserError(
            f"authors.tickets: {path} has no column called “{missing}”. It needs “name”, the name on the ticket, and "
            "“discord”, the id or the name of the account; “affiliation” may be there, too."
        )
    found = []
    for row in rows:
        cells = [cell.strip() for cell in row] + [""] * len(header)
        if cells[name] and (whose := _account(cells[account])):
            found.append(Ticket(cells[name], whose, cells[affiliation] if affiliation is not None else ""))
    return found


def _column(header: Sequence[str], known: Sequence[str]) -> int | None:
    return next((header.index(name) for name in known if name in header), None)


def _account(cell: str) -> str:
    """Return an account's id or name as it is compared; names had a number behind a # once."""
    if _ID.fullmatch(cell):
        return cell
    return cell.removeprefix("@").partition("#")[0].casefold().strip()

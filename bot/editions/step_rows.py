"""The corrections that a change of the programme touched, as the database keeps them: JSON."""

from collections.abc import Iterable

import msgspec

from bot.editions.model import Touched

_TOUCHED = msgspec.json.Decoder(tuple[Touched, ...])


def written_touched(touched: Iterable[Touched]) -> str:
    """Write corrections before and after a change."""
    return msgspec.json.encode(list(touched)).decode()


def read_touched(text: str) -> tuple[Touched, ...]:
    """Read what `written_touched` wrote."""
    return _TOUCHED.decode(text)

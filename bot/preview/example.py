"""The conference that is shown where no other is configured: of four days, on its second afternoon."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.programme.corrections import Correction

CONFIGURATION: Final = Path("data/example-conference.toml")

FIX: Final = Correction("session", "dinner", "room", "Boathouse, Upper Deck", "Boathouse")
"""What a moderator has put right before anybody looks."""

BEGINS: Final = datetime(2026, 5, 19, 0, 45, tzinfo=UTC)
"""A quarter of an hour before the posters, while talks and demonstrations are on: 17:45 at the conference."""

"""What moderators put right: kept apart from the source, and laid over every version of it."""

from bot.programme.corrections.comparison import conflicts, field_text, redundant
from bot.programme.corrections.model import (
    FIELDS,
    LIMITS,
    TIMES,
    UNNAMED,
    Conflict,
    Correctable,
    Correction,
    moment_of,
)
from bot.programme.corrections.overlay import lay_over
from bot.programme.corrections.validation import validated

__all__ = [
    "FIELDS",
    "LIMITS",
    "TIMES",
    "UNNAMED",
    "Conflict",
    "Correctable",
    "Correction",
    "conflicts",
    "field_text",
    "lay_over",
    "moment_of",
    "redundant",
    "validated",
]

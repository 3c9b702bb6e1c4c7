"""Shields: characters that no rule may touch, moved into private-use code points until the text is read.

A shielded character is itself, moved up to one of two private planes, each as large as the basic plane (BMP).
"""

import re
from typing import Final

_ADDRESS_PLANE: Final = 0xF0000
_LITERAL_PLANE: Final = 0x100000
_SHIELDED = re.compile("[\U000f0000-\U0010ffff]")
SHIELDED_ADDRESS = re.compile("([\U000f0000-\U000fffff]+)")


def shield_address(text: str) -> str:
    """Return an address so that no rule changes it, and so that it becomes a span with a link."""
    return _moved(text, _ADDRESS_PLANE)


def shield_literal(text: str) -> str:
    """Return characters that mean themselves so that no rule takes them for markup."""
    return _moved(text, _LITERAL_PLANE)


def unshield(text: str) -> str:
    """Return the characters that were shielded."""
    return _SHIELDED.sub(lambda match: chr(ord(match[0]) & 0xFFFF), text)


def _moved(text: str, plane: int) -> str:
    return "".join(chr(ord(char) + plane) if ord(char) <= 0xFFFF else char for char in text)

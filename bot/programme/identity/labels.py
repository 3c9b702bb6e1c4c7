"""What to call a paper, also one that lost its title."""

import re

from bot.programme.text import clean

_INTRODUCED = re.compile(
    r"\b(?:present(?:s|ing)?|introduc(?:e|es|ing)|propos(?:e|es|ing)|call(?:ed)?|named|dubbed)\s+"
    r"(?P<name>[A-Za-z][\w-]*)"
)


def system_name(title: str | None, abstract: str | None) -> str | None:
    """Return the name a paper gives its own system, or None.

    It stands before the colon of the title ("db-SP: Accelerating …"), or the abstract introduces it
    ("presenting CSLE: …"), in which case it must look like a name: two capitals, or a capital and a digit.
    """
    if title:
        before, colon, _ = clean(title).plain.partition(":")
        name = before.strip()
        if colon and name and len(name.split()) <= 2 and "," not in name:
            return name
    if abstract:
        for match in _INTRODUCED.finditer(clean(abstract).plain):
            name = match["name"].rstrip("-_")
            if sum(character.isupper() or character.isdigit() for character in name) >= 2:
                return name
    return None


def label_of(title: str | None, abstract: str | None, key: str) -> str:
    """Return what to call a paper: its title or, where the source lost it, words of its own text."""
    if title and (plain := clean(title).plain):
        return plain
    if name := system_name(None, abstract):
        return name
    words = clean(abstract).plain.split() if abstract else []
    if not words:
        return key
    return " ".join(words[:8]).rstrip(".,;:") + ("…" if len(words) > 8 else "")

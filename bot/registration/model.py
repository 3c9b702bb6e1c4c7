"""What Discord was told of the commands."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Registered:
    """The commands as Discord has them.

    Attributes:
        fingerprint: of all that Discord was told.
        ids: Discord's ids of the commands, by the first word of their names.
    """

    fingerprint: str
    ids: Mapping[str, int]


def fingerprint_of(commands: Iterable[Mapping[str, Any]]) -> str:
    """Return a fingerprint of commands as they go to Discord; the order in which they were found does not count."""
    described = sorted(json.dumps(command, sort_keys=True, ensure_ascii=True) for command in commands)
    return hashlib.sha256("\n".join(described).encode()).hexdigest()

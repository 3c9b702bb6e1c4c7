"""What a version of a source is called, so that it can be asked whether there is another one (RFC 9110, section 13)."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Self

_ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')
_LONGEST = 500
"""How long an entity tag may be, in characters; servers use some forty."""

_SETTLED = timedelta(seconds=60)
"""How old a modification must be before its time tells versions apart: RFC 9110, section 8.8.2.2."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells one version of a source from the next.

    Attributes:
        place: what they are about: the address that answered in the end, or a file's path.
        tag: the entity tag, or what the file system says of a file; None for none.
        modified: when it was modified, as the server writes it; None for what tells nothing.
    """

    place: str
    tag: str | None = None
    modified: str | None = None

    @classmethod
    def of_response(cls, place: str, headers: Mapping[str, str]) -> Self | None:
        """Return what a server says of what it sends, or None when that would not tell another version."""
        tag = headers.get("ETag", "").strip()
        if len(tag) > _LONGEST or not _ENTITY_TAG.fullmatch(tag):
            tag = ""
        modified = headers.get("Last-Modified", "") if _settled(headers) else ""
        return cls(place, tag or None, modified or None) if tag or modified else None

    @classmethod
    def of_file(cls, status: os.stat_result) -> Self:
        """Return what the file system says of a file; one that was replaced is another file."""
        return cls("", f"{status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns}")

    def headers(self, place: str) -> dict[str, str]:
        """Return the headers that ask an address for another version; none where they are about another address."""
        if place != self.place:
            return {}
        wanted = {"If-None-Match": self.tag, "If-Modified-Since": self.modified}
        return {name: value for name, value in wanted.items() if value}


def _settled(headers: Mapping[str, str]) -> bool:
    """Tell whether nothing can have been modified after it was sent and still bear the same time, in seconds."""
    with suppress(ValueError, TypeError, KeyError, OverflowError):
        sent, modified = (parsedate_to_datetime(headers[name]) for name in ("Date", "Last-Modified"))
        return sent - modified >= _SETTLED
    return False

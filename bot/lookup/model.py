"""A search as it is kept for its buttons."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search as it was asked: the words and the two filters, by key."""

    query: str
    session_key: str | None = None
    author_key: str | None = None

    @property
    def token(self) -> str:
        """A short name for the search, the same each time it is asked: ten hexadecimal digits."""
        parts = "\0".join((self.query, self.session_key or "", self.author_key or ""))
        return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:10]

"""A search as it is kept for its buttons."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search as it was asked.

    Attributes:
        query: the words.
        session_key: only papers of this session.
        author_key: only papers by this person.
        topic: only papers of this track or topic, by its folded name.
        affiliation: only papers by somebody who works there, by its folded name.
    """

    query: str
    session_key: str | None = None
    author_key: str | None = None
    topic: str | None = None
    affiliation: str | None = None

    @property
    def token(self) -> str:
        """A short name for the search, the same each time it is asked: ten hexadecimal digits."""
        parts = [self.query, self.session_key or "", self.author_key or ""]
        if self.topic or self.affiliation:
            # Without these it is the name it always had.
            parts += [self.topic or "", self.affiliation or ""]
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:10]

"""SQLite, through SQLAlchemy: the only place that speaks SQL."""

from bot.store.audit import AuditEntry
from bot.store.store import Asked, Store
from bot.store.versions import Version

__all__ = ["Asked", "AuditEntry", "Store", "Version"]

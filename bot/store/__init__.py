"""SQLite, through SQLAlchemy: the only place that speaks SQL."""

from bot.store.store import Asked, Store, Version

__all__ = ["Asked", "Store", "Version"]

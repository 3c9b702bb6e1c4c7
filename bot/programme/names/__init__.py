"""People's names: how they are shown, and how they are compared, found and typed."""

from bot.programme.names.display import display_name
from bot.programme.names.folding import fold, slug

__all__ = ["display_name", "fold", "slug"]

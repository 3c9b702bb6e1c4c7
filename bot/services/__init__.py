"""Builds everything that the commands use, once: a module for each capability, and one that puts them together."""

from bot.services.services import Services

__all__ = ["Services"]

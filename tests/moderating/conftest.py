"""The fixture that every test of the moderators' commands begins with."""

from tests.support.moderating import start

__all__ = ["start"]

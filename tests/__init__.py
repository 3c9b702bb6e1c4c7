"""The tests, and what measures the bot."""

import bot  # noqa: F401 - before anything imports numpy, of which it decides how many threads it has

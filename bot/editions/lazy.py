"""What takes a while to make is made when somebody needs it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lazy(Generic[T]):
    """A value that is made when it is first asked for, and then kept until it is to be forgotten."""

    def __init__(self, make: Callable[[], Awaitable[T]], value: T | None = None) -> None:
        """Begin with how to make it, and with the value where it is there already."""
        self._make = make
        self._making = asyncio.Lock()
        self._value = value

    @classmethod
    def made(cls, value: T) -> "Lazy[T]":
        """Return one whose value is there already."""

        async def make() -> T:
            return value

        return cls(make, value)

    async def get(self) -> T:
        """Return the value; when making it failed, the next who asks makes it anew."""
        async with self._making:
            value = self._value
            if value is None:
                value = self._value = await self._make()
            return value

    def forget(self) -> T | None:
        """Return the value if it is there, and make it anew for the next who asks. Any thread may call it."""
        value, self._value = self._value, None
        return value

    @property
    def value(self) -> T | None:
        """The value, or None when it is not there."""
        return self._value

"""What takes a while to make is made when somebody needs it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lazy(Generic[T]):
    """A value that is made when it is first asked for, once, and then kept."""

    def __init__(self, make: Callable[[], Awaitable[T]]) -> None:
        self._make = make
        self._making = asyncio.Lock()
        self._value: list[T] = []

    @classmethod
    def made(cls, value: T) -> "Lazy[T]":
        """Return one whose value is there already."""

        async def make() -> T:
            return value

        lazy = cls(make)
        lazy._value.append(value)
        return lazy

    async def get(self) -> T:
        """Return the value; when making it failed, the next who asks makes it anew."""
        async with self._making:
            if not self._value:
                self._value.append(await self._make())
            return self._value[0]

    @property
    def value(self) -> T | None:
        """The value, or None when it was not made yet."""
        return self._value[0] if self._value else None

"""Decoding a long JSON file a part at a time: neither its text nor its whole document is in memory, and others go on.

What is no plain JSON in UTF-8 is refused without a reason: who asks decodes the whole of it, which tells what is wrong.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

PART: Final = 2**18
"""How many bytes are decoded without letting others go on."""

_PLAIN: Final = json.JSONDecoder()
_OF_NUMBERS: Final = re.compile(r"[-+.0-9Ee]*")
_SPACE: Final = re.compile(r"[ \t\n\r]*")


class NotPlain(ValueError):
    """It is no JSON, or not in UTF-8."""


class JsonParts:
    """Walks through a JSON file: at any time one value of it is decoded."""

    def __init__(self, data: bytes, decoder: json.JSONDecoder, *, start: int = 0, part: int = PART) -> None:
        """Begin.

        Args:
            data: the file.
            decoder: makes the values.
            start: at which byte to begin.
            part: how many bytes to look at in one go.
        """
        self._data = data
        self._decoder = decoder
        self._part = part
        self._read = start
        self._bytes = codecs.getincrementaldecoder("utf-8")()
        self._text = ""
        self._at = 0

    @property
    def place(self) -> int:
        """At which byte the next value begins; after `peek`."""
        return self._read - len(self._bytes.getstate()[0]) - len(self._text[self._at :].encode())

    def peek(self) -> str:
        """Go on to what is no white space, and return the first character of it; nothing at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def value(self, decoder: json.JSONDecoder | None = None) -> Any:  # noqa: ANN401 - whatever it is
        """Return the next value, made by another decoder if one is given.

        Raises:
            NotPlain: there is none.
        """
        decoder = decoder or self._decoder
        self.peek()
        while True:
            try:
                value, end = decoder.raw_decode(self._text, self._at)
            except ValueError as error:
                if not self._more():
                    raise NotPlain from error
                continue
            if _goes_on(self._text, end) and self._more():
                continue
            self._at = end
            return value

    def items(self, decoder: json.JSONDecoder | None = None) -> Iterator[Any]:
        """Yield what the list lists that begins here, likewise.

        Raises:
            NotPlain: it is broken.
        """
        self._take("[")
        if self.peek() == "]":
            self._take("]")
            return
        while True:
            yield self.value(decoder)
            if self._take(",]") == "]":
                return

    def fields(self) -> Iterator[str]:
        """Yield the name of each field of the object that begins here; take its value before you go on.

        Raises:
            NotPlain: it is broken.
        """
        self._take("{")
        if self.peek() == "}":
            self._take("}")
            return
        while True:
            name = self.value()
            if not isinstance(name, str):
                raise NotPlain
            self._take(":")
            yield name
            if self._take(",}") == "}":
                return
            if self.peek() == "}":
                raise NotPlain

    def end(self) -> None:
        """Make sure that nothing follows.

        Raises:
            NotPlain: something does.
        """
        if self.peek():
            raise NotPlain

    def _take(self, expected: str) -> str:
        found = self.peek()
        if not found or found not in expected:
            raise NotPlain
        self._at += 1
        return found

    def _more(self) -> bool:
        """Look at more of the file, at as much again as there is; tell whether there was any."""
        if self._read >= len(self._data):
            return False
        rest = self._text[self._at :]
        part = self._data[self._read : self._read + max(self._part, len(rest))]
        self._read += len(part)
        try:
            self._text = rest + self._bytes.decode(part, final=self._read >= len(self._data))
        except UnicodeDecodeError as error:
            raise NotPlain from error
        self._at = 0
        return True


class Later(Sequence[Any]):
    """A list of a file that is known to be sound; what it lists is decoded each time when somebody comes to it."""

    def __init__(self, data: bytes, start: int, length: int, decoder: json.JSONDecoder) -> None:
        """Take the file, at which byte of it the list begins, how much it lists, and what makes the values."""
        self._data = data
        self._start = start
        self._length = length
        self._decoder = decoder

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Any]:
        return JsonParts(self._data, self._decoder, start=self._start).items()

    def __getitem__(self, at: Any) -> Any:  # noqa: ANN401 - a place or a slice, as for any sequence
        return list(self)[at]


def start_of(data: bytes) -> int:
    """Return at which byte the JSON of a file begins: behind the byte order mark where there is one."""
    return len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0


def whole(data: bytes, decoder: json.JSONDecoder, *, part: int = PART) -> Any:  # noqa: ANN401 - whatever it holds
    """Return all of a file.

    Raises:
        NotPlain: it is no plain JSON.
    """
    return _document(JsonParts(data, decoder, start=start_of(data), part=part), decoder, lambda parts: [*parts.items()])


def by_and_by(data: bytes, decoder: json.JSONDecoder, *, part: int = PART) -> Any:  # noqa: ANN401 - whatever it holds
    """Return a file whose long lists are decoded later: it is one, or an object that has some.

    Raises:
        NotPlain: it is no plain JSON.
    """

    def later(parts: JsonParts) -> Later:
        start = parts.place
        return Later(data, start, sum(1 for _ in parts.items(_PLAIN)), decoder)

    return _document(JsonParts(data, decoder, start=start_of(data), part=part), decoder, later)


def _goes_on(text: str, end: int) -> bool:
    """Tell whether a value that ends there may be a number that goes on behind the end of the text."""
    match = _OF_NUMBERS.match(text, end)
    return match is not None and match.end() == len(text)


def _document(parts: JsonParts, decoder: json.JSONDecoder, listed: Callable[[JsonParts], Sequence[Any]]) -> Any:  # noqa: ANN401 - whatever it holds
    """Return all of a file, in which lists, its own or those of its object, are what a function makes of them."""

    def value() -> Any:  # noqa: ANN401 - whatever it is
        return listed(parts) if parts.peek() == "[" else parts.value()

    if parts.peek() == "{":
        pairs = [(name, value()) for name in parts.fields()]
        make: Any = decoder.object_pairs_hook
        document = make(pairs) if make else dict(pairs)
    else:
        document = value()
    parts.end()
    return document

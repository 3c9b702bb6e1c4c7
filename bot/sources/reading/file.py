"""A file to be read, what is known about it beforehand, and what came of reading it."""

import codecs
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from bot.errors import UserError
from bot.programme.source import Source
from bot.sources.reading.json_parts import NotPlain, whole
from bot.sources.reading.said_already import SaidAlready

_SURROGATE = re.compile("[\ud800-\udfff]")
_HALF_CHARACTER = re.compile(
    rb"\\u[dD](?:[89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD])[c-fC-F])"
)
"""What may be half a character in JSON: an escape of one half without that of the other beside it."""

_PART: Final = 2**18
"""How much of a long text is looked at without letting others go on, in characters or bytes."""

_LONG: Final = 2**20
"""A longer text, in bytes, is decoded so that others go on meanwhile."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What the configuration says about a source.

    Attributes:
        zone: the zone of times without an offset, unless the file itself names one.
        zone_given: whether that zone was given for this very source, and so beats the file's own.
        columns: which columns of a table are what, by the bot's names of the fields; several are put together.
        public: values of a status that mean "show it", besides those the bot knows.
        sheet: the sheet of a workbook, or None to find it.
        in_use: what is in memory already, and is taken from there where the source says the same.
    """

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    zone_given: bool = False
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    public: frozenset[str] = frozenset()
    sheet: str | None = None
    in_use: SaidAlready | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Account:
    """What became of everything a file held: `records` is the sum of the other numbers.

    Attributes:
        records: how many entries the file has: papers, talks, events, rows.
        papers: how many of them became a paper of their own.
        sessions: how many of them became a session, or only completed one.
        merged: how many of them completed a paper that was there already.
        left_out: how many were left out, by the reason.
    """

    records: int = 0
    papers: int = 0
    sessions: int = 0
    merged: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a file.

    Attributes:
        file: what messages call the file.
        source: the programme as the file has it.
        account: what became of each record.
        zone: the zone in which times without an offset were taken, None where there were none.
    """

    file: str
    source: Source
    account: Account
    zone: str | None = None


class File:
    """A file's bytes, and what several readers want to know of them, worked out once.

    Attributes:
        name: what messages call it: a file's name or an address.
        data: the whole of it.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.data = data

    @cached_property
    def beginning(self) -> str:
        """The first characters of what may be a text, without the white space before them. Never raises."""
        return self.data[: 64 * 1024].decode(self._encoding, "replace").lstrip()

    @cached_property
    def text(self) -> str:
        """The text of a file in UTF-8, with or without a byte order mark, or in UTF-16 with one.

        Raises:
            UserError: it is in another encoding.
        """
        try:
            if len(self.data) <= _LONG:
                return self.data.decode(self._encoding)
            decoder = codecs.getincrementaldecoder(self._encoding)()
            starts = range(0, len(self.data), _PART)
            parts = [decoder.decode(self.data[start : start + _PART]) for start in starts]
            return "".join([*parts, decoder.decode(b"", final=True)])
        except UnicodeDecodeError as error:
            # Of a long file the error knows a part only; else it counts from behind the byte order mark.
            if len(self.data) > _LONG:
                error = _error_in(self.data, self._encoding) or error
            before = error.object[: error.start].decode(self._encoding, "replace")
            line = len(re.split(r"\r\n|\r|\n", before))
            raise UserError(
                f"{self.name}: line {line}: byte 0x{error.object[error.start]:02x} is not "
                f"{'UTF-16' if self._encoding == 'utf-16' else 'UTF-8'}. Save the file as UTF-8."
            ) from None

    @property
    def looks_like_json(self) -> bool:
        """Whether it begins as a list or an object of JSON."""
        return self.beginning[:1] in ("{", "[")

    @cached_property
    def json(self) -> Any:  # noqa: ANN401 - whatever the document holds
        """The document of a JSON file, made of dicts, lists, str, int, float, bool and None.

        Two things that are no JSON, and that Python and others write nevertheless, are taken: NaN, as None, and half
        a character, as the replacement character.

        Raises:
            UserError: it is no valid JSON; the message names the line and the column.
        """
        try:
            if self.is_long and not _has_half_character(self.data):
                return whole(self.data, _BY_AND_BY)
        except (NotPlain, RecursionError):
            pass  # the other parser says where it is broken
        text = self.text
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError as error:
            try:
                document = json.dumps(json.loads(text, parse_constant=lambda _: None), ensure_ascii=False)
                return msgspec.json.decode(_SURROGATE.sub("\ufffd", document))
            except (ValueError, RecursionError):  # all errors of both parsers are one of them
                raise UserError(f"{self.name}: {_where(text, str(error))}") from None
        except RecursionError:
            raise UserError(f"{self.name}: its brackets are nested too deeply for a programme.") from None

    @property
    def is_long(self) -> bool:
        """Whether it is better decoded a part at a time."""
        return len(self.data) > _LONG

    def forget_json(self) -> None:
        """Let go of the document, for who makes one of their own: two of a large file take much room."""
        let_go(self.__dict__.pop("json", None))

    @property
    def _encoding(self) -> str:
        return "utf-16" if self.data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"


def _error_in(data: bytes, encoding: str) -> UnicodeDecodeError | None:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return error
    return None


def _has_half_character(data: bytes) -> bool:
    ends = range(_PART, len(data) + _PART, _PART)
    found = (_HALF_CHARACTER.search(data, end - _PART, end + 12) for end in ends)
    return any(match and match.start() < end for match, end in zip(found, ends, strict=True))


def let_go(document: object) -> None:
    """Free a document that nobody else uses piece by piece: a large one at once would hold everything else up."""
    lists = document.values() if isinstance(document, dict) else [document]
    for one in lists:
        while isinstance(one, list) and one:
            del one[-200:]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return dict(pairs)  # in Python, not `dict` itself: between two lines of Python others may go on


_BY_AND_BY: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=lambda _: None)


def _where(text: str, reason: str) -> str:
    """Say in which line and column JSON is broken, from the parser's words."""
    match = re.search(r"byte (\d+)", reason)
    if match is None:
        return f"no valid JSON: {reason}. The file may have been cut off; export it again."
    before = text.encode("utf-8", "surrogatepass")[: int(match[1])].decode("utf-8", "ignore")
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    fault = reason.partition(" (")[0].removeprefix("JSON is malformed: ")
    return f"line {line}, column {column}: no valid JSON: {fault}. Mend it there, or export the file again."

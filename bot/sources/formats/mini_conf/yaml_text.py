"""YAML as lists, mappings and texts, with the line of each mapping, whatever a file holds.

The values are texts as written: whether "12:30" is a time or a number nobody knows better than who reads the field.
PyYAML's loaders call themselves for each level of nesting, and the fast one takes the whole process down when there are
too many; so they are not used, only the parser below them, which reports one thing after the other.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from bot.errors import UserError
from bot.sources.reading.file import File
from bot.sources.reading.problems import shown

LINE: Final = "<line>"
"""Under this key a mapping has the line where it begins, counted from 1."""

MOST_BYTES: Final = 8 * 2**20
"""The largest file that is read: fifty times the largest that is known."""

_DEEPEST: Final = 40
_MOST_VALUES: Final = 1_000_000
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})


def load(file: File) -> Any:  # noqa: ANN401 - whatever the document holds
    """Return the document of a file, made of dicts, lists, str and None.

    Raises:
        UserError: it is no valid YAML, too large, or nested too deeply.
    """
    if len(file.data) > MOST_BYTES:
        raise UserError(f"{file.name}: the file is larger than {MOST_BYTES // 2**20} MiB, which is too large for YAML.")
    builder = _Builder(file.name)
    try:
        for event in yaml.parse(file.text, Loader=yaml.CBaseLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise UserError(f"{file.name}: {where}no valid YAML: {shown(error.problem or str(error))}.") from None
    except yaml.YAMLError as error:
        raise UserError(f"{file.name}: no valid YAML: {shown(str(error))}.") from None
    return builder.document


@dataclass(slots=True)
class _Open:
    """A list or a mapping that has not ended yet.

    Attributes:
        value: what it holds so far.
        size: how many values are in it, also within what is in it.
        anchor: the name by which other places may refer to it.
        key: the key of a mapping whose value comes next.
        has_key: whether there is one.
    """

    value: dict[Hashable, Any] | list[Any]
    anchor: str | None
    size: int = 1
    key: str = ""
    has_key: bool = False


@dataclass(slots=True)
class _Builder:
    """Puts together what the parser reports.

    Attributes:
        name: what messages call the file.
        document: the first document of the file, once it is complete.
    """

    name: str
    document: Any = None
    _open: list[_Open] = field(default_factory=list)
    _anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    _values: int = 0
    _documents: int = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next thing the parser reports."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style is None or event.style == ""
            self._add(None if plain and event.value in _NULL else event.value, event.anchor, 1, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin([], event.anchor, line)
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin({LINE: line}, event.anchor, line)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            done = self._open.pop()
            self._add(done.value, done.anchor, done.size, line)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise UserError(f"{self.name}: line {line}: “*{shown(event.anchor or '')}” refers to nothing above it.")
            value, size = self._anchors[event.anchor]
            self._add(value, None, size, line)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise UserError(f"{self.name}: line {line}: a second document begins here. Put it into its own file.")

    def _begin(self, value: dict[Hashable, Any] | list[Any], anchor: str | None, line: int) -> None:
        if len(self._open) == _DEEPEST:
            raise UserError(f"{self.name}: line {line}: it is nested too deeply for a programme.")
        self._open.append(_Open(value, anchor))

    def _add(self, value: Any, anchor: str | None, size: int, line: int) -> None:  # noqa: ANN401 - any of them
        if anchor:
            self._anchors[anchor] = (value, size)
        if not self._open:
            self.document = value
            return
        holder = self._open[-1]
        holder.size += size
        if holder.size > _MOST_VALUES:
            raise UserError(f"{self.name}: line {line}: it holds more than {_MOST_VALUES:,} values.")
        if isinstance(holder.value, list):
            holder.value.append(value)
        elif not holder.has_key:
            holder.key, holder.has_key = ("" if value is None else str(value)), True
            if isinstance(value, dict | list):
                raise UserError(f"{self.name}: line {line}: a list or a mapping can't be the name of a field.")
        else:
            if isinstance(value, dict) and isinstance(holder.value.get(holder.key), dict):
                raise UserError(f"{self.name}: line {line}: “{shown(holder.key)}” is there a second time. Rename one.")
            # A field that is there twice is common, and nearly always blank in one place.
            if value is not None or holder.key not in holder.value:
                holder.value[holder.key] = value
            holder.has_key = False

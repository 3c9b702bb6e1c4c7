"""How an answer looks in a terminal."""

import re
import textwrap
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import discord

_WIDTH = 100
_ESCAPED = re.compile(r"\\([^\w\s])")
_TIMESTAMP = re.compile(r"<t:(-?\d+)(?::([tTdDfFR]))?>")
_COMMAND_MENTION = re.compile(r"<(/[^:>]+):\d+>")


def boxed(lines: Iterable[str], note: str) -> Iterator[str]:
    """Draw a box around an answer, with a note on its edge; long lines are broken."""
    yield f"┌─ {note}"
    for line in lines:
        indent = line[: len(line) - len(line.lstrip())]
        wrapped = textwrap.wrap(
            line, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or [""]
        yield from (f"│ {part}".rstrip() for part in wrapped)
    yield "└─"


def embed_lines(embed: discord.Embed) -> Iterator[str]:
    """Write an embed as lines: its title, its text, its fields and its footer."""
    if embed.title:
        yield from readable(embed.title)
        yield ""
    if embed.description:
        yield from readable(embed.description)
        yield ""
    for field in embed.fields:
        yield f"{field.name}:"
        yield from (f"    {line}" for line in readable(field.value or ""))
    if embed.footer.text:
        yield f"({embed.footer.text})"


def readable(markdown: str) -> list[str]:
    """Undo what is there for Discord alone: escapes, timestamps and command mentions."""
    text = _COMMAND_MENTION.sub(r"\1", _TIMESTAMP.sub(_moment, markdown))
    return _ESCAPED.sub(r"\1", text).splitlines()


def _moment(match: re.Match[str]) -> str:
    moment = datetime.fromtimestamp(int(match[1]), UTC)
    if match[2] == "R":
        return f"at {moment:%Y-%m-%d %H:%M} UTC"
    return f"{moment:%H:%M} UTC" if match[2] in ("t", "T") else f"{moment:%Y-%m-%d %H:%M} UTC"

"""Joining texts as far as they fit, and saying how many are left out."""

from collections.abc import Iterable, Sequence

from bot.ui.limits import EMBED_FIELD_VALUE, size


def joined(parts: Iterable[str], limit: int, between: str = ", ") -> str:
    """Join ready pieces of Markdown, leaving out whole pieces, counted, where they don't fit."""
    return _fitted(list(parts), limit, between, " and {} more")


def lines_that_fit(lines: Sequence[str], limit: int, most: int | None = None) -> str:
    """Join lines, leaving out whole ones at the end, counted, where they don't fit.

    Args:
        lines: the lines.
        limit: how many characters there may be.
        most: how many lines there may be, if that is limited.
    """
    return _fitted(lines, limit, "\n", "\n… and {} more", most)


def fields_of(lines: Iterable[str]) -> list[str]:
    """Join lines into as few texts as there must be for each to fit into an embed's field; none is left out."""
    texts: list[str] = []
    for line in lines:
        if texts and size(texts[-1]) + 1 + size(line) <= EMBED_FIELD_VALUE:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return texts


def _fitted(parts: Sequence[str], limit: int, between: str, more: str, most: int | None = None) -> str:
    for kept in range(min(len(parts), most if most is not None else len(parts)), -1, -1):
        rest = more.format(len(parts) - kept) if kept < len(parts) else ""
        text = (between.join(parts[:kept]) + rest).strip()
        if size(text) <= limit:
            return text
    return ""

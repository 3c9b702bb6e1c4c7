"""Several texts in one: names separated by commas, bars or "and", and a form that is read back exactly."""

import re
from collections.abc import Iterable, Iterator

_PART = re.compile(r'\s*(?:(?P<quoted>"(?:[^"]|"")*")\s*|(?P<plain>[^;]*))(?P<end>;|\Z)')
_AND = re.compile(r",?\sand\s", re.IGNORECASE)
_NOT_PLAIN = re.compile(r'[;"|,]|\sand\s|^[\s\ufeff\u200b]*[=+\-@＝＋－＠\']', re.IGNORECASE)


def joined(parts: Iterable[str]) -> str:
    """Return texts as one, separated by semicolons; `split` takes it apart exactly.

    What would be read as something else is in quotation marks, those in it doubled, as in a CSV file.
    """
    return "; ".join(
        '"{}"'.format(part.replace('"', '""')) if not part or part != part.strip() or _NOT_PLAIN.search(part) else part
        for part in parts
    )


def split(text: str) -> tuple[str, ...]:
    """Return the texts that semicolons separate. What is blank between two of them is kept, after the last one not."""
    return tuple(value for value, _ in _parts(text))


def split_names(text: str) -> tuple[str, ...]:
    """Return the names of a text as people write them: separated by semicolons, or else bars, "and" or commas.

    A comma beside an "and" is taken for part of a name ("Lovelace, Ada and Hopper, Grace") if the last name has one.
    """
    parts = list(_parts(text))
    if len(parts) != 1 or parts[0][1] or ";" in text:
        return tuple(value for value, _ in parts)
    text = text.strip()
    if "|" in text:
        names = text.split("|")
    else:
        names = _AND.split(text)
        if "," not in names[-1] or len(names) == 1:
            names = [name for group in names for name in group.split(",")]
    names = [name.strip() for name in names]
    return tuple(names if names[-1] else names[:-1])


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield what semicolons separate, each with whether it was in quotation marks."""
    position, ended = 0, not text.strip()
    while not ended:
        match = _PART.match(text, position)
        assert match is not None  # noqa: S101 - the pattern matches anything
        position, ended = match.end(), not match["end"]
        if match["quoted"]:
            yield match["quoted"][1:-1].replace('""', '"'), True
        elif match["plain"].strip() or not ended:
            yield match["plain"].strip(), False

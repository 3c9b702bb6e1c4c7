"""Files that are slightly wrong, for trying that a reader reads them or says what is wrong, and nothing else."""

import json
from copy import deepcopy
from datetime import UTC
from typing import Any

from hypothesis import strategies as st

from bot.errors import UserError
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.reader import Reader

NAME = "file.ext"

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=6),
    st.sampled_from(["2025-02-30", "2025-03-30T02:30:00", "24:00", "//", "http://", "https://[", "0", "<b>", "&#x0;"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@st.composite
def mutated(draw: st.DrawFn, document: Any) -> Any:
    """The document with one to four of its values replaced, left out, doubled or exchanged for others of its own."""
    document = deepcopy(document)
    for _ in range(draw(st.integers(1, 4))):
        places = _places(document)
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(["replace", "remove", "double", "exchange"])):
            case "replace":
                holder[key] = draw(VALUES)
            case "remove":
                del holder[key]
            case "double" if isinstance(holder, list):
                holder.append(deepcopy(holder[key]))
            case _:
                other, other_key = draw(st.sampled_from(places))
                holder[key] = deepcopy(other[other_key])
    return document


def read_or_refused(reader: Reader, data: bytes, hints: Hints | None = None) -> Reading | None:
    """Read a file, if it can be read, and check what must be true of whatever is made of it."""
    file = File(NAME, data)
    reader.recognises(file)
    message, reading = "", None
    try:
        reading = reader.read(file, hints or Hints())
    except UserError as error:
        message = str(error)
    if reading is None:
        assert message.startswith(f"{NAME}: ")
        return None
    account, source = reading.account, reading.source
    assert account.records == account.papers + account.sessions + account.merged + sum(account.left_out.values())
    assert account.papers == len(source.papers)
    for session in source.sessions:
        assert all(0 <= appearance.paper < len(source.papers) for appearance in session.appearances)
        assert all(moment is None or moment.tzinfo is UTC for moment in (session.starts_at, session.ends_at))
    return reading


def as_json(document: Any) -> bytes:
    return json.dumps(document).encode("utf-8", "surrogatepass")


def _places(document: Any) -> list[tuple[Any, Any]]:
    """Every place in a document that holds a value: its container and its key there."""
    found: list[tuple[Any, Any]] = []
    rest = [document]
    while rest:
        holder = rest.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        found += [(holder, key) for key in keys]
        rest += [holder[key] for key in keys]
    return found

"""A file that is decoded a part at a time says what it says as a whole, wherever the parts end."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.formats.paper_list.json_fields import document_of
from bot.sources.read import read
from bot.sources.reading.file import File
from bot.sources.reading.json_parts import JsonParts, Later, NotPlain, by_and_by, whole

DECODER = json.JSONDecoder()
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=12,
)


def written(value: object, *, indented: bool, escaped: bool) -> bytes:
    text = json.dumps(value, indent=1 if indented else None, ensure_ascii=escaped)
    return text.encode("utf-8", "surrogatepass" if escaped else "strict")


@given(values, st.integers(1, 30), st.booleans(), st.booleans())
def test_parts_make_the_whole(value: Any, part: int, indented: bool, bom: bool) -> None:
    data = b"\xef\xbb\xbf" * bom + written(value, indented=indented, escaped=False)

    assert whole(data, DECODER, part=part) == value
    later = by_and_by(data, DECODER, part=part)
    for _ in range(2):
        if isinstance(later, Later):
            assert (list(later), len(later), bool(later)) == (value, len(value), bool(value))
        elif isinstance(later, dict):
            assert {name: list(one) if isinstance(one, Later) else one for name, one in later.items()} == value
        else:
            assert later == value


@given(values, st.integers(1, 30), st.data())
def test_what_is_cut_off_or_goes_on_is_refused(value: Any, part: int, data: st.DataObject) -> None:
    content = written([value], indented=False, escaped=False)
    cut = content[: data.draw(st.integers(0, len(content) - 1))]

    for broken in (cut, content + b"]", content + b" 1", content.replace(b"[", b"[,", 1)):
        with pytest.raises(NotPlain):
            whole(broken, DECODER, part=part)
        with pytest.raises(NotPlain):
            by_and_by(broken, DECODER, part=part)


@pytest.mark.parametrize("data", [b'{"a": 1,}', b"{1: 2}", b'{"a" 1}', b"[1,]", b"[1 2]", b'["\xff"]', b""])
def test_what_only_looks_like_it_is_refused(data: bytes) -> None:
    with pytest.raises(NotPlain):
        whole(data, DECODER, part=2)


def test_the_place_of_a_value_is_counted_in_bytes() -> None:
    data = '{"ä€😀": "é", "list": [1]}'.encode()
    for part in range(1, len(data)):
        parts = JsonParts(data, DECODER, part=part)
        places = {name: (parts.peek(), parts.place, parts.value())[1] for name in parts.fields()}
        assert places == {"ä€😀": data.index(b'"\xc3\xa9"'), "list": data.index(b"[")}


def test_a_long_programme_in_the_own_form_is_read_as_a_short_one() -> None:
    papers = [{"key": f"p{number}", "title": f"Title {number}", "abstract": "é " * number} for number in range(1_200)]
    sessions = [{"name": "Posters", "appearances": [{"paper": "p1", "board": "7"}, {"paper": 1_199}]}]
    document = {"form": "conference-programme/2", "sessions": sessions, "papers": papers}
    text = json.dumps(document, ensure_ascii=False)
    assert isinstance(document_of(File("x.json", text.encode()))["papers"], Later)  # type: ignore[index]

    by_parts, at_once = (read(text.encode(encoding), "x.json") for encoding in ("utf-8", "utf-16"))

    assert by_parts == at_once
    assert [paper.title for paper in by_parts.source.papers[::600]] == ["Title 0", "Title 600"]
    assert [one.paper for one in by_parts.source.sessions[0].appearances] == [1, 1_199]

"""A file's document, also where a program has written what is no JSON."""

import pytest

from bot.errors import UserError
from bot.sources.reading.file import File


@pytest.mark.parametrize(
    ("data", "document"),
    [
        (b'{"a": NaN, "b": [-Infinity, 1]}', {"a": None, "b": [None, 1]}),
        (rb'["a\ud800b"]', ["a\ufffdb"]),
        (rb'["\ud83d\ude00"]', ["😀"]),
        ('["é"]'.encode("utf-8-sig"), ["é"]),
        ('["é"]'.encode("utf-16"), ["é"]),
    ],
)
def test_what_programs_write_is_read(data: bytes, document: object) -> None:
    assert File("x.json", data).json == document


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'[1,\n2,\n"a" "b"]', "x.json: line 3, column 5: no valid JSON"),
        (b'{"a": NaN, "b": [', "no valid JSON"),
        (b'{"a": ', "no valid JSON"),
        (b"[NaN," + b"[" * 100_000, "no valid JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'["caf\xe9"]', "line 1: byte 0xe9 is not UTF-8"),
    ],
)
def test_what_is_broken_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UserError) as caught:
        _ = File("x.json", data).json
    assert message in str(caught.value)


LONG = b'"' + b"x" * 1_200_000 + b'"'


@pytest.mark.parametrize(
    ("data", "document"),
    [
        (b'{"a": NaN, "a": [-Infinity, 1, 2.5]}', {"a": [None, 1, 2.5]}),
        (rb'["a\ud800b", "\udc00", "\ud800\u0041"]', ["a\ufffdb", "\ufffd", "\ufffdA"]),
        (rb'["\ud83d\ude00", "\\ud800"]', ["😀", r"\ud800"]),
        ('["é", "😀"]'.encode(), ["é", "😀"]),
    ],
)
def test_a_long_file_is_read_like_a_short_one(data: bytes, document: object) -> None:
    assert File("x.json", b"[" + LONG + b"," + data + b"]").json[1] == document
    assert File("x.json", b"\xef\xbb\xbf[" + data + b"," + LONG + b"]").json[0] == document
    text = f"[{data.decode()}, {LONG.decode()}]".encode("utf-16")
    assert File("x.json", text).json[0] == document


@pytest.mark.parametrize(
    ("written", "read"), [(rb"\ud83d\ude00", "😀"), (rb"\ud83d", "\ufffd"), (rb"\ude00", "\ufffd")]
)
def test_halves_of_characters_are_found_wherever_they_are(written: bytes, read: str) -> None:
    for place in range(2**18 - 16, 2**18 + 4):
        data = b'["' + b"x" * (place - 2) + written + b'", ' + LONG + b"]"
        assert File("x.json", data).json[0][place - 2 :] == read


def test_where_a_long_file_is_broken_is_told() -> None:
    with pytest.raises(UserError, match="line 3: byte 0xe9 is not UTF-8"):
        _ = File("x.json", b"[" + LONG + b',\n\n"caf\xe9"]').json
    with pytest.raises(UserError, match="line 2, column 5: no valid JSON"):
        _ = File("x.json", b"[" + LONG + b',\n"a" "b"]').json

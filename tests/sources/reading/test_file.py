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

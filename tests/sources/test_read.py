"""Which reader takes which file, and what is said of a file that none takes."""

import re

import pytest

from bot.errors import UserError
from bot.sources.read import READERS, format_names, read
from bot.sources.reading.file import File, Hints
from bot.sources.reading.limits import SIZE_LIMIT
from tests.sources.samples import SAMPLES

NAME = "programme"


def refusal(data: bytes, format_name: str | None = None) -> str:
    with pytest.raises(UserError) as caught:
        read(data, NAME, format=format_name)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("what", SAMPLES)
def test_one_reader_claims_each_file(what: str) -> None:
    name, data = SAMPLES[what]
    assert [reader.NAME for reader in READERS if reader.recognises(File(NAME, data))] == [name]
    assert re.fullmatch(rf"{name}/\d+", read(data, NAME).source.format)


def test_there_is_a_sample_for_every_reader() -> None:
    assert {name for name, _ in SAMPLES.values()} == set(format_names())


def test_a_file_is_read_by_the_reader_the_configuration_names() -> None:
    # Without the name of the format nothing says that the first row names columns.
    data, hints = b"Who,What\nAda,Caching\n", Hints(columns={"title": ("What",), "authors": ("Who",)})
    (paper,) = read(data, NAME, hints).source.papers
    assert (paper.title, paper.byline) == ("Caching", ("Ada",))
    assert read(data, NAME, hints, "table").source.papers == (paper,)
    assert "Ada" not in str(read(SAMPLES["own form"][1], NAME, hints).source.problems)


def test_a_format_that_is_none_is_refused_with_those_there_are() -> None:
    message = refusal(b"x", "excel")
    assert message.startswith("“excel” is no format")
    assert all(name in message for name in format_names())


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"<!DOCTYPE html><html><body>Programme</body></html>", "a web page (HTML)"),
        (b'{"count": 0, "results": []}', "JSON"),
        (b"{}", "JSON"),
        (b"[]", "JSON"),
        (b"Just a few words.", "text"),
    ],
)
def test_a_file_that_is_no_programme_is_called_by_what_it_is(data: bytes, what: str) -> None:
    message = refusal(data)
    assert message.startswith(f"{NAME}: it is {what}, and no programme the bot can read. It reads: ")
    assert all(reader.DESCRIPTION in message for reader in READERS)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b" " * (SIZE_LIMIT + 1), "larger than 224 MiB"),
        (b'{"papers": [\n{"title": }]}', "line 2, column 11: no valid JSON"),
        (b"A title\ncaf\xe9\n", "line 2: byte 0xe9 is not UTF-8"),
    ],
)
def test_a_file_that_is_broken_is_refused_with_the_place(data: bytes, message: str) -> None:
    assert refusal(data).startswith(f"{NAME}: ")
    assert message in refusal(data)


@pytest.mark.parametrize("what", SAMPLES)
def test_everything_in_a_file_is_accounted_for(what: str) -> None:
    account = read(SAMPLES[what][1], NAME).account
    assert account.records == account.papers + account.sessions + account.merged + sum(account.left_out.values()) > 0

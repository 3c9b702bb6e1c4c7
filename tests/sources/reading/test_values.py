"""Values of JSON exports, and the addresses in them."""

import pytest
from msgspec import Struct

from bot.errors import UserError
from bot.sources.reading.addresses import absolute, doi_address
from bot.sources.reading.file import File
from bot.sources.reading.values import Identifier, Words, converted, identifier, json_or_none, words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Bees", "Bees"),
        (None, ""),
        (404, "404"),
        (1.5, "1.5"),
        ({"de": "Bienen", "en": "Bees"}, "Bees"),
        ({"de": "Bienen", "en-us": "Bees"}, "Bees"),
        ({"de": "Bienen", "fr": "Abeilles"}, "Bienen"),
        ({"de": "", "fr": "Abeilles"}, "Abeilles"),
        ({"id": 3, "name": {"en": "Bees"}}, "Bees"),
        ({"name": 101}, "101"),
        ({"name": None, "slug": "bees"}, "bees"),
        ({}, ""),
        ({"en": ["Bees"]}, ""),
    ],
)
def test_a_text_is_shown_in_one_language(value: Words, text: str) -> None:
    assert words(value) == text


@pytest.mark.parametrize(("value", "text"), [(7, "7"), (" 7 ", "7"), ("", None), (None, None), (0, "0")])
def test_an_identifier_is_a_text(value: Identifier, text: str | None) -> None:
    assert identifier(value) == text


@pytest.mark.parametrize(
    ("address", "base", "full"),
    [
        ("https://a.example.org/x", None, "https://a.example.org/x"),
        ("/x", "https://a.example.org/b/", "https://a.example.org/x"),
        ("x.pdf", "https://a.example.org/b/", "https://a.example.org/b/x.pdf"),
        ("x.pdf", None, None),
        ("//a.example.org/x", None, "https://a.example.org/x"),
        ("www.example.org/x", "https://a.example.org/", "https://www.example.org/x"),
        ("mailto:ada@example.org", "https://a.example.org/", "mailto:ada@example.org"),
        ("  ", "https://a.example.org/", None),
        (None, "https://a.example.org/", None),
        ("x", "https://[broken", None),
    ],
)
def test_an_address_is_made_absolute_or_dropped(address: str | None, base: str | None, full: str | None) -> None:
    assert absolute(address, base) == full


@pytest.mark.parametrize(
    "text",
    [
        "10.1145/1111111.2222222",
        "doi:10.1145/1111111.2222222",
        "https://doi.org/10.1145/1111111.2222222",
        "doi.org/10.1145/1111111.2222222",
        "https://dl.acm.org/doi/10.1145/1111111.2222222",
    ],
)
def test_a_doi_leads_to_doi_org(text: str) -> None:
    assert doi_address(text) == "https://doi.org/10.1145/1111111.2222222"


@pytest.mark.parametrize("text", [None, "", "https://example.org/11", "version 10.2/3"])
def test_what_is_no_doi_leads_nowhere(text: str | None) -> None:
    assert doi_address(text) is None


class Hive(Struct):
    bees: int = 0


def test_numbers_may_be_written_as_texts() -> None:
    assert converted(File("hive.json", b""), {"bees": "12"}, Hive).bees == 12


def test_a_wrong_value_is_refused_with_its_place() -> None:
    file = File("hive.json", b"")
    with pytest.raises(UserError, match=r"^hive\.json: bees: expected int, got array\. "):
        converted(file, {"bees": []}, Hive)
    with pytest.raises(UserError, match=r"^hive\.json: hives\[1\]\.bees: expected int"):
        converted(file, [{}, {"bees": "many"}], list[Hive], "hives")
    with pytest.raises(UserError, match=r"^hive\.json: the whole of it: expected object, got str"):
        converted(file, "x", Hive)


@pytest.mark.parametrize("data", [b"", b"x", b"{", b"\xff\xff{", b"[1, 2"])
def test_what_is_no_json_is_no_document(data: bytes) -> None:
    assert json_or_none(File("x", data)) is None

"""YAML is read as texts, however hostile it is."""

import pytest

from bot.errors import UserError
from bot.sources.formats.mini_conf.yaml_text import LINE, MOST_BYTES, load
from bot.sources.reading.file import File


def read(text: str) -> object:
    return load(File("x.yml", text.encode()))


def refusal(text: str) -> str:
    with pytest.raises(UserError) as caught:
        read(text)
    return str(caught.value)


def test_values_are_texts_as_written_with_the_lines_of_mappings() -> None:
    assert read("# c\na: 12:30\nb: [on, 007, ~, '', 2020-01-01 10:00]\nc:\n  d: \"null\"\n  e:\n") == {
        LINE: 2,
        "a": "12:30",
        "b": ["on", "007", None, "", "2020-01-01 10:00"],
        "c": {LINE: 5, "d": "null", "e": None},
    }
    assert read("") is None


def test_what_is_said_above_may_be_said_again() -> None:
    assert read("a: &x [1, 2]\nb: *x\n") == {LINE: 1, "a": ["1", "2"], "b": ["1", "2"]}


def test_a_field_that_is_there_twice_counts_where_it_is_not_blank() -> None:
    assert read("a: 1\na:\n") == {LINE: 1, "a": "1"}
    assert "line 3: “a” is there a second time" in refusal("a: {b: 1}\na: {b: 2}\n# end\n").replace("line 2", "line 3")


@pytest.mark.parametrize(("beginning", "end"), [("- ", ""), ("[", "]"), ("{a: ", "}"), ("? ", "")])
def test_nesting_that_would_crash_the_parser_is_refused(beginning: str, end: str) -> None:
    assert "nested too deeply" in refusal(beginning * 100_000 + "x" + end * 100_000)


def test_a_text_that_grows_by_references_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 9)]
    assert "more than 1,000,000 values" in refusal("\n".join(lines))
    assert "refers to nothing above it" in refusal("&a [*a]")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: b: c", "line 1, column 5: no valid YAML"),
        ("a: 1\n---\nb: 2", "line 2: a second document begins here"),
        ("[a]: 1", "line 1: a list or a mapping can't be the name of a field"),
        ("a: \0", "no valid YAML"),
        ("a: " + "x" * MOST_BYTES, "larger than 8 MiB"),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_place(text: str, reason: str) -> None:
    assert reason in refusal(text)

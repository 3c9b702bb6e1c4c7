"""An index that is written to a file and read again."""

import logging
from hashlib import blake2b
from pathlib import Path
from typing import Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programme.model import Programme
from bot.search import Index, IndexBuilder
from bot.search.kept import REVISION, dump, restore
from tests.search.test_worths import PROGRAMME as SMALL
from tests.support.programmes import programme_of, session
from tests.support.searching import INDEX, PROGRAMME, any_text, found, of

DUMPED = b"".join(dump(INDEX))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kept") / "index"
    path.write_bytes(DUMPED)
    return path


@pytest.fixture(scope="module")
def restored(kept: Path) -> Index:
    index = restore(PROGRAMME, kept)
    assert index is not None
    return index


@given(any_text)
def test_what_was_kept_answers_like_what_was_built(restored: Index, text: str) -> None:
    assert answers(restored, text) == answers(INDEX, text)


@pytest.mark.parametrize("key", PROGRAMME.papers)
def test_what_was_kept_knows_papers_and_what_is_near_them(restored: Index, key: str) -> None:
    paper = PROGRAMME.papers[key]
    name = paper.authors[0].name if paper.authors else "nobody"

    assert answers(restored, paper.label) == answers(INDEX, paper.label)
    assert answers(restored, f'"{paper.label[:20]}" -{paper.label[20:30]}') == answers(
        INDEX, f'"{paper.label[:20]}" -{paper.label[20:30]}'
    )
    assert restored.people(name) == INDEX.people(name)
    assert restored.similar(key) == INDEX.similar(key)


def test_what_is_new_is_built_on_what_was_kept(restored: Index) -> None:
    more = programme_of(session("Talks", of("Three new words"), of("Other", "Ann Lee (MIT)")))

    assert b"".join(dump(IndexBuilder(restored).build(more))) == b"".join(dump(Index(more)))
    assert b"".join(dump(restored)) == DUMPED


@pytest.mark.parametrize("programme", [Programme(), programme_of(session("Talks", of("One\ud800 \x00 wörd 本")))])
def test_any_programme_s_index_can_be_kept(programme: Programme, tmp_path: Path) -> None:
    path = tmp_path / "index"
    path.write_bytes(b"".join(dump(Index(programme))))

    index = restore(programme, path)

    assert index is not None
    assert found(index, "wörd") == [paper.label for paper in programme.papers.values()]


@given(st.data())
def test_what_was_damaged_is_not_used_and_said_in_one_line(kept: Path, data: st.DataObject) -> None:
    path = kept.parent / "damaged"
    at = data.draw(st.one_of(st.integers(0, 2000), st.integers(0, len(DUMPED) - 1)))
    bit = 1 << data.draw(st.integers(0, 7))
    damaged = {
        "cut": DUMPED[:at],
        "longer": DUMPED + b"\0",
        "changed": DUMPED[:at] + bytes([DUMPED[at] ^ bit]) + DUMPED[at + 1 :],
        "another": data.draw(st.binary(max_size=300)),
    }
    path.write_bytes(damaged[data.draw(st.sampled_from(sorted(damaged)))])

    with Told() as told:
        assert restore(PROGRAMME, path) is None
    assert len(told.lines) == 1
    assert str(path) in told.lines[0]


def one_paper(topics: tuple[str, ...] = (), track: str | None = None, **changed: str) -> Programme:
    fields = {"title": "One", "authors": "Ann Lee (MIT)", "abstract": "Words."} | changed
    return programme_of(session("Talks", of(**fields, topics=topics), track=track))


@pytest.mark.parametrize(
    "other",
    [
        one_paper(topics=("Systems",)),
        one_paper(track="Systems"),
        one_paper(authors="Ann Lee"),
        one_paper(authors="Ann Li (MIT)"),
        one_paper(abstract="Other words."),
        one_paper(title="One!"),
        programme_of(session("Talks", of("One", "Ann Lee (MIT)", "Words."), of("Two"))),
        Programme(),
    ],
)
def test_the_index_of_another_programme_is_not_used(other: Programme, tmp_path: Path) -> None:
    (path := tmp_path / "index").write_bytes(b"".join(dump(Index(one_paper()))))

    assert restore(one_paper(), path) is not None
    with Told() as told:
        assert restore(other, path) is None
    assert len(told.lines) == 1


def test_where_nothing_was_kept_the_index_is_built(tmp_path: Path) -> None:
    with Told() as told:
        assert restore(PROGRAMME, tmp_path / "index") is None
        assert restore(PROGRAMME, tmp_path) is None
    assert len(told.lines) == 2


def test_who_changes_what_is_kept_raises_the_revision() -> None:
    arrays = b"".join(dump(Index(SMALL))).split(b"\n", 2)[2]
    digest = blake2b(arrays, digest_size=8).hexdigest()

    assert (REVISION, digest) == (5, "a297bad50e5aaa8a")


def answers(index: Index, text: str) -> object:
    return (
        found(index, text),
        index.find(text),
        index.people(text, unfinished=True),
        index.topics(text),
        index.affiliations(text),
    )


class Told(logging.Handler):
    """The lines of the log that the search writes."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())

    def __enter__(self) -> Self:
        log = logging.getLogger("bot.search.kept")
        self._level = log.level
        log.setLevel(logging.INFO)
        log.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        log = logging.getLogger("bot.search.kept")
        log.removeHandler(self)
        log.setLevel(self._level)

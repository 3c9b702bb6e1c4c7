"""Codes: the same for the same author of the same paper, and nobody else's."""

import asyncio
import csv
import io
import stat
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.authors.code_list import code_list
from bot.authors.codes import SECRET_VARIABLE, Codes
from bot.authors.model import Slot, slots_of
from bot.cli import main
from bot.errors import UserError
from tests.support.authors import SECRET
from tests.support.moderating import Start
from tests.support.programmes import at, paper, programme_of, session

PROGRAMME = programme_of(
    session(
        "Posters",
        at(paper("Caches", "Ann Apple", "Wei Wang", "Wei Wang", "")),
        at(paper("=Batches", "Wei Wang", "Émile Noël")),
    )
)
PAPERS = tuple(PROGRAMME.papers.values())
SLOTS = [slot for one in PAPERS for slot in slots_of(one)]
CODES = Codes(SECRET)


def test_each_author_of_each_paper_has_a_code_of_their_own_also_namesakes_on_one_paper() -> None:
    codes = [CODES.of(slot) for slot in SLOTS]
    assert len(SLOTS) == 5
    assert len(set(codes)) == 5
    assert [CODES.find(code, PAPERS) for code in codes] == SLOTS
    assert CODES.find(codes[0], PAPERS[1:]) is None


def test_another_secret_makes_other_codes_and_takes_none_of_these() -> None:
    other = Codes(SECRET[::-1])
    assert all(other.of(slot) != CODES.of(slot) for slot in SLOTS)
    assert all(other.find(CODES.of(slot), PAPERS) is None for slot in SLOTS)


def test_accents_case_and_the_order_of_the_authors_change_no_code() -> None:
    again = programme_of(session("Posters", at(paper("=Batches", "EMILE NOEL", "wei wang"))))
    (changed,) = again.papers.values()
    assert {CODES.of(slot) for slot in slots_of(changed)} == {CODES.of(slot) for slot in slots_of(PAPERS[1])}


@given(st.sampled_from(SLOTS), st.data())
def test_a_code_is_known_however_it_is_typed(slot: Slot, data: st.DataObject) -> None:
    typed = data.draw(st.sampled_from([str.upper, str.lower, str.title]))(CODES.of(slot))
    typed = typed.replace("-", data.draw(st.sampled_from(["", " ", "-", " – ", "_"])))
    misread = data.draw(st.sampled_from([("0", "O"), ("1", "l"), ("1", "I"), ("Q", "Q")]))
    assert CODES.find(f" {typed.replace(*misread)}\n", PAPERS) == slot


@given(st.one_of(st.text(max_size=40), st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=16, max_size=16)))
def test_whatever_else_is_typed_is_nobodys_code(typed: str) -> None:
    assert CODES.find(typed, PAPERS) is None


@pytest.mark.parametrize("secret", ["", "short", "x" * 31])
def test_a_secret_that_is_too_short_is_refused_and_says_how_to_get_one(secret: str) -> None:
    with pytest.raises(UserError, match=r"AUTHOR_CODES_SECRET: too short.*token_urlsafe\(32\)"):
        Codes(secret)


def test_the_list_has_a_line_for_each_author_and_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(code_list(PAPERS, CODES))))
    assert [row["author"] for row in rows] == ["Ann Apple", "Wei Wang", "Wei Wang", "Wei Wang", "Émile Noël"]
    assert [row["code"] for row in rows] == [CODES.of(slot) for slot in SLOTS]
    assert rows[3]["title"] == "'=Batches"
    assert rows[0]["paper"] == PAPERS[0].key
    assert all(one["code"] != other["code"] for one, other in combinations(rows, 2))


async def test_the_command_writes_the_codes_of_the_programme_in_use_for_its_owner_alone(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = await start()
    config = tmp_path / "config.toml"
    config.write_text(
        f'[conference]\nname = "MLSys 2026"\n[programme]\nsource = "base.json"\n'
        f'[database]\npath = "{server.config.database.path}"\n',
        encoding="utf-8",
    )
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    file = tmp_path / "codes.csv"
    file.write_text("an earlier one", encoding="utf-8")
    file.chmod(0o644)

    status = await asyncio.to_thread(main, ["author-codes", str(file), "--config", str(config)])

    assert status == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    papers = server.services.library.edition.programme.papers
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert {(row["paper"], row["code"]) for row in rows} == {
        (key, CODES.of(slot)) for key, one in papers.items() for slot in slots_of(one)
    }
    assert "12 codes of 6 papers" in capsys.readouterr().err
    assert SECRET.encode() not in server.config.database.path.read_bytes()


@pytest.mark.parametrize(
    ("secret", "told"),
    [("", f"{SECRET_VARIABLE}: not set. Put a secret of your own"), ("x" * 31, f"{SECRET_VARIABLE}: too short.")],
)
def test_without_a_sound_secret_no_code_is_made(
    secret: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, secret)
    assert main(["author-codes"]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(told)
    assert captured.out == ""


def test_without_a_programme_no_code_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[conference]\nname = "MLSys"\n[programme]\nsource = "x.txt"\n', encoding="utf-8")
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    assert main(["author-codes", "--config", str(config)]) == 2
    assert "no programme is there yet. Start the bot once" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [config]

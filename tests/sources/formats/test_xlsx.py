"""Workbooks: which sheet and which row is the header, and what their cells hold."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.source import Credit, Severity, Source
from bot.sources.formats import table
from bot.sources.formats.table import xlsx
from bot.sources.reading.file import File, Hints
from tests.sources.mutations import read_or_refused

NAME = "programme.xlsx"
PAPERS = [["Title", "Authors"], ["Caching", "Ada; Bo"]]


def workbook(hidden: Sequence[str] = (), **sheets: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def read(data: bytes, hints: Hints | None = None) -> Source:
    file = File(NAME, data)
    assert table.recognises(file)
    return table.read(file, hints or Hints()).source


def refusal(data: bytes, hints: Hints | None = None) -> str:
    with pytest.raises(UserError) as caught:
        table.read(File(NAME, data), hints or Hints())
    assert str(caught.value).startswith(f"{NAME}: ")
    return str(caught.value)


def test_cells_are_texts_numbers_dates_and_times() -> None:
    source = read(
        workbook(
            Papers=[
                ["ID", "Title", "Authors", "Session", "Date", "Start", "End", "Board", "Withdrawn"],
                [7, "Caching", "Ada", "A", date(2025, 12, 8), time(9, 0), time(9, 30), 12.0, False],
                [8.5, 2001, "Bo", "B", datetime(2025, 12, 9), 0.375, timedelta(hours=10), None, None],  # noqa: DTZ001
                ["x", "=1+1", "Cy", "C", "45999", "9:00 AM", None, "#N/A", True],
            ]
        )
    )
    assert [(paper.source_id, paper.title) for paper in source.papers] == [("7", "Caching"), ("8.5", "2001")]
    first, second = source.sessions
    assert (first.starts_at, first.ends_at) == (
        datetime(2025, 12, 8, 9, tzinfo=UTC),
        datetime(2025, 12, 8, 9, 30, tzinfo=UTC),
    )
    assert (second.starts_at, second.ends_at) == (
        datetime(2025, 12, 9, 9, tzinfo=UTC),
        datetime(2025, 12, 9, 10, tzinfo=UTC),
    )
    assert [one.appearances[0].board for one in source.sessions] == ["12", None]


def test_the_sheet_with_the_programme_is_found_and_the_others_are_named() -> None:
    source = read(workbook(Info=[["Conference", "X"]], Papers=PAPERS, Old=PAPERS, hidden=["Old"]))
    assert [paper.title for paper in source.papers] == ["Caching"]
    assert "The sheet “Papers” is read; not read are: “Info”." in [problem.message for problem in source.problems]


def test_of_several_programmes_one_is_read_and_a_person_is_asked() -> None:
    source = read(workbook(Monday=PAPERS, Tuesday=[["Title", "Authors"], ["Other", "Cy"]]))
    assert [paper.title for paper in source.papers] == ["Caching"]
    (problem,) = [problem for problem in source.problems if problem.severity is Severity.ACTION]
    assert "Only the sheet “Monday” is read, but “Tuesday” may be programmes, too" in problem.message


def test_the_configuration_names_the_sheet() -> None:
    data = workbook(Monday=PAPERS, Tuesday=[["Title", "Authors"], ["Other", "Cy"]])
    assert [paper.title for paper in read(data, Hints(sheet=" tuesday ")).papers] == ["Other"]
    assert "names the sheet “Friday”, but its sheets are: “Monday”, “Tuesday”" in refusal(data, Hints(sheet="Friday"))


def test_the_configuration_may_name_the_column_of_titles() -> None:
    data = workbook(Info=[["Conference", "X"]], List=[["Was", "Wer"], ["Caching", "Ada"]])
    assert "none has a title column" in refusal(data)
    for sheet in (None, "list"):
        hints = Hints(columns={"title": ("Was",), "authors": ("Wer",)}, sheet=sheet)
        assert [(paper.title, paper.byline) for paper in read(data, hints).papers] == [("Caching", ("Ada",))]


def test_cells_missing_at_the_end_of_a_row_are_no_problem() -> None:
    source = read(workbook(Papers=[["Title", "Authors", "Abstract", "PDF"], ["Caching", "Ada", "x"]]))
    assert source.problems == ()


def test_a_workbook_without_titles_is_refused_with_what_its_sheets_have() -> None:
    data = workbook(People=[["Name", "Email"], ["Ada", "a@e.org"]], Rooms=[["Where"], ["Hall"]], Empty=[])
    message = refusal(data)
    assert "this is an Excel file of 3 sheets; none has a title column" in message
    assert "“People” has “Name”, “Email”; “Rooms” has “Where”; “Empty” has no row that names columns" in message


AGENDA: list[list[Any]] = [
    ["Agenda Template", None],
    ["Step 1", "Fill in the agenda below the row that says START"],
    ["AGENDA SAMPLES"],
    ["*Date", "*Start Time", "*End Time", "*Session Title", "Room/Location (Optional)", "Speakers (Optional)"],
    ["3/31/2016", "9:00 AM", "11:00 AM", "Sample session", "Building A", "Diana"],
    ["START YOUR AGENDA BELOW       * = Required Field"],
    ["*Date", "*Time Start", "*Time End", "*Session Title", "Room/Location (Optional)", "Speakers (Optional)"],
    [datetime(2025, 10, 25), time(8), time(17), "Engines", "Hall", "Ada"],  # noqa: DTZ001
]


def test_samples_above_the_real_header_are_no_records() -> None:
    source = read(workbook(Agenda=AGENDA))
    assert [(one.name, one.line) for one in source.sessions] == [("Engines", 8)]
    without_marker = [row for row in AGENDA if "START" not in str(row[0])]
    assert [one.name for one in read(workbook(Agenda=without_marker)).sessions] == ["Engines"]


def test_a_sheet_of_people_tells_where_they_work() -> None:
    people: list[list[Any]] = [
        ["Speakers", None],
        ["*Name", "Email", "Affiliation", "Bio"],
        ["ada", "a@e.org", "Uni A", "…"],
        ["Bo", "b@e.org", None, None],
    ]
    source = read(workbook(Agenda=AGENDA, Speaker=people))
    assert source.papers[0].authors == (Credit("Ada", ("Uni A",)),)


@pytest.mark.parametrize("data", [b"PK\x03\x04 xl/workbook.xml", workbook(Papers=PAPERS)[:-300]])
def test_a_broken_workbook_is_refused(data: bytes) -> None:
    assert "this Excel file can't be opened" in refusal(data)


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = workbook(Papers=PAPERS)
    monkeypatch.setattr(xlsx, "_MOST_UNPACKED", 1000)
    assert "the workbook is too large: unpacked" in refusal(data)
    monkeypatch.undo()
    monkeypatch.setattr(xlsx, "MOST_CELLS", 3)
    assert "the sheet “Papers” has more than 3 cells" in refusal(data)


@pytest.mark.slow
def test_a_cell_far_away_costs_no_time() -> None:
    """A sheet may say that it has a million rows, of which all but one are missing."""
    with zipfile.ZipFile(io.BytesIO(workbook(Papers=PAPERS))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        b"</sheetData>", b'<row r="999999999999"><c r="A2" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert [paper.title for paper in read(written.getvalue()).papers] == ["Caching"]


WORKBOOK = workbook(Papers=[*PAPERS, ["Batching", "Cy"]], Speaker=[["Name", "Email", "Affiliation"], ["Ada", "a", "b"]])


@settings(max_examples=60)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), max_size=4),
    end=st.integers(0, len(WORKBOOK)) | st.just(len(WORKBOOK)),
)
def test_any_workbook_is_read_or_refused(changes: list[tuple[int, int]], end: int) -> None:
    data = bytearray(WORKBOOK)
    for at, byte in changes:
        data[at] = byte
    if table.recognises(File("x", bytes(data[:end]))):
        read_or_refused(table, bytes(data[:end]))


@settings(max_examples=60)
@given(
    part=st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"]),
    at=st.floats(0, 1),
    piece=st.sampled_from(
        [b"<row>", b"</row>", b'<c r="ZZZZ1"/>', b"<v>9999999</v>", b't="s"', b't="d"', b's="9"', b"&x;", b"<", b"\xff"]
    ),
    length=st.integers(0, 40),
)
def test_any_part_of_a_workbook_may_be_damaged(part: str, at: float, piece: bytes, length: int) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive, zipfile.ZipFile(written, "w") as damaged:
        for name in archive.namelist():
            data = archive.read(name)
            if name == part:
                place = int(at * len(data))
                data = data[:place] + piece + data[place + length :]
            damaged.writestr(name, data)
    read_or_refused(table, written.getvalue())

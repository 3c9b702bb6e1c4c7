"""Tables of papers as spreadsheets and other tools write them, and what is wrong with one."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.source import Credit, Link, Severity, Source, SourcePaper, SourceSession
from bot.sources.formats import table
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.limits import MOST_PAPERS
from bot.sources.reading.problems import MOST_OF_A_KIND
from tests.sources.mutations import read_or_refused

NAME = "papers.csv"
START = datetime(2026, 5, 19, 1, tzinfo=UTC)
HEADER = "Title,Authors,Abstract,Session,Room,Start,End\n"
SINGAPORE = Hints(zone=ZoneInfo("Asia/Singapore"))


def reading(text: str | bytes, hints: Hints | None = None) -> Reading:
    file = File(NAME, text if isinstance(text, bytes) else text.encode())
    assert table.recognises(file)
    return table.read(file, hints or Hints())


def read(text: str | bytes, hints: Hints | None = None) -> Source:
    return reading(text, hints).source


def refusal(text: str | bytes, hints: Hints | None = None) -> str:
    with pytest.raises(UserError) as caught:
        table.read(File(NAME, text if isinstance(text, bytes) else text.encode()), hints or Hints())
    message = str(caught.value)
    assert message.startswith(f"{NAME}: ")
    assert "\n" not in message
    return message


def titles(source: Source, session: SourceSession) -> list[str | None]:
    return [source.papers[one.paper].title for one in session.appearances]


def in_sessions(source: Source) -> list[tuple[str, list[str | None]]]:
    return [(session.name, titles(source, session)) for session in source.sessions]


def problems(source: Source, severity: Severity) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.message) for problem in source.problems if problem.severity is severity]


def notes(source: Source) -> list[tuple[int | None, str]]:
    return problems(source, Severity.NOTE)


def actions(source: Source) -> list[tuple[int | None, str]]:
    return problems(source, Severity.ACTION)


def local(moments: Iterable[datetime | None], zone: str = "UTC") -> list[str | None]:
    return [moment.astimezone(ZoneInfo(zone)).strftime("%d %H:%M") if moment else None for moment in moments]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_encodings_and_line_ends_are_found_out(delimiter: str, encoding: str, end: str) -> None:
    written = io.StringIO(newline="")
    rows = [
        ["Abstract", "TITLE", "authors"],
        ["We, who;\tstudy |“caches”.", "Café 😀", "Ada; Bo"],
        ["-1", "Second", "Cy"],
    ]
    csv.writer(written, delimiter=delimiter, lineterminator=end).writerows(rows)
    source = read(written.getvalue().encode(encoding))
    assert [(paper.line, paper.title, paper.byline, paper.abstract) for paper in source.papers] == [
        (2, "Café 😀", ("Ada", "Bo"), "We, who;\tstudy |“caches”."),
        (3, "Second", ("Cy",), "-1"),
    ]
    assert source.problems == ()
    assert source.format == table.FORMAT


def test_a_spreadsheet_may_name_its_delimiter() -> None:
    assert [paper.title for paper in read("sep=;\nTitle;Authors\nA, b;Ada\n").papers] == ["A, b"]


@pytest.mark.parametrize(
    "title",
    [
        "title",
        "Name",
        " TITLE ",
        "paper_title",
        "Paper Title",
        "Talk",
        "*Title*",
        "Title (Optional)",
        "Titel",
        "Título",
    ],
)
def test_a_column_of_titles_is_enough(title: str) -> None:
    source = read(f"{title}\nCaching\nBatching\n")
    assert [paper.title for paper in source.papers] == ["Caching", "Batching"]
    assert source.sessions == ()


def test_papers_are_in_the_sessions_they_name() -> None:
    found = reading(
        HEADER
        + "a,A,x,One,Hall,2026-05-18T18:00:00-07:00,2026-05-19T03:00Z\n"
        + "b,B,x,Two,,,\n"
        + "c,C,x,one,Hall,2026-05-18T18:00:00-07:00,2026-05-19T03:00Z\n"
        + "d,D,x,,,,\n"
        + ",,,Reception,Foyer,,\n"
    )
    source = found.source
    assert in_sessions(source) == [("One", ["a", "c"]), ("Two", ["b"]), ("Reception", [])]
    assert [paper.title for paper in source.papers] == ["a", "b", "c", "d"]
    first = source.sessions[0]
    assert (first.room, first.starts_at, first.ends_at) == ("Hall", START, START.replace(hour=3))
    assert all(one.starts_at is None and one.room is None for one in first.appearances)
    assert source.sessions[2].room == "Foyer"
    assert source.problems == ()
    account = found.account
    assert (account.records, account.papers, account.sessions) == (5, 4, 1)


def test_each_talk_has_its_own_time_and_room_where_they_differ() -> None:
    source = read(
        "Session,Date,Start Time,End Time,Location,Track,Presentation Order,Session Title,PID,Title,Author\n"
        "Session 2,2023-12-08,11:00,11:15,East,IE,1,IE 1,1793,First,Ada\n"
        "Session 2,2023-12-08,11:15,11:30,West,IE,2,IE 1,1794,Second,Bo\n"
        "Session 3,2023-12-08,11:00,11:15,East,MT,1,MT 1,1795,Third,Cy\n",
        SINGAPORE,
    )
    assert in_sessions(source) == [("Session 2: IE 1", ["First", "Second"]), ("Session 3: MT 1", ["Third"])]
    first, second = source.sessions
    assert local([first.starts_at, first.ends_at], "Asia/Singapore") == ["08 11:00", "08 11:30"]
    assert local((one.starts_at for one in first.appearances), "Asia/Singapore") == ["08 11:00", "08 11:15"]
    assert local((one.ends_at for one in first.appearances), "Asia/Singapore") == ["08 11:15", "08 11:30"]
    assert [one.room for one in first.appearances] == ["East", "West"]
    assert [one.board for one in first.appearances] == [None, None]
    assert (first.room, first.track) == (None, "IE")
    assert local([second.starts_at, second.ends_at], "Asia/Singapore") == ["08 11:00", "08 11:15"]
    assert (second.room, second.appearances[0].room) == ("East", None)
    assert [paper.source_id for paper in source.papers] == ["1793", "1794", "1795"]
    assert reading("Title,Start\na,2023-12-08 09:00\n", SINGAPORE).zone == "Asia/Singapore"


def test_sessions_of_the_same_name_on_other_days_are_others() -> None:
    source = read(
        "Title,Session,Start\na,Posters,2025-12-08 09:00\nb,Posters,2025-12-09 09:00\nc,Posters,2025-12-08 09:00\n"
    )
    assert in_sessions(source) == [("Posters", ["a", "c"]), ("Posters", ["b"])]


def test_rows_of_sessions_alone_are_one_session_each_time() -> None:
    source = read(
        "Session,Title,Authors,Start,End\n"
        "Coffee,,,2025-12-08 10:00,2025-12-08 10:30\n"
        "Coffee,,,2025-12-08 15:00,2025-12-08 15:30\n"
        "Posters,,,2025-12-08 11:00,2025-12-08 12:00\nPosters,a,A,,\n"
        "Posters,,,2025-12-08 16:00,2025-12-08 17:00\nPosters,b,B,,\n"
    )
    assert [(one.name, *local([one.starts_at, one.ends_at])) for one in source.sessions] == [
        ("Coffee", "08 10:00", "08 10:30"),
        ("Coffee", "08 15:00", "08 15:30"),
        ("Posters", "08 11:00", "08 12:00"),
        ("Posters", "08 16:00", "08 17:00"),
    ]
    assert [titles(source, one) for one in source.sessions] == [[], [], ["a"], ["b"]]


def test_a_talk_whose_date_is_mistyped_stays_in_its_session_and_a_person_is_asked() -> None:
    rows = [(8, 9), (8, 10), (7, 11), (8, 12)]
    source = read("Title,Session,Start\n" + "".join(f"t{hour},S,2023-12-{day:02} {hour:02}:00\n" for day, hour in rows))
    assert in_sessions(source) == [("S", ["t9", "t10", "t11", "t12"])]
    (session,) = source.sessions
    assert local([session.starts_at]) == ["08 09:00"]
    assert local(one.starts_at for one in session.appearances) == ["08 09:00", "08 10:00", "07 11:00", "08 12:00"]
    ((line, message),) = actions(source)
    assert line == 4
    assert "“t11” is on 2023-12-07, but the talks around it in “S” are on 2023-12-08" in message


def test_a_paper_is_there_once_however_many_sessions_it_is_in() -> None:
    found = reading(
        "ID,Title,Authors,Session,Board\n7,Caching,Ada,Talks,\n7,Caching,Ada,Posters,P3\n8,Other,Bo,Posters,P4\n"
    )
    source = found.source
    assert [paper.title for paper in source.papers] == ["Caching", "Other"]
    assert [[one.paper for one in session.appearances] for session in source.sessions] == [[0], [0, 1]]
    assert [one.board for one in source.sessions[1].appearances] == ["P3", "P4"]
    assert (found.account.records, found.account.papers, found.account.merged) == (3, 2, 1)


def test_the_same_title_and_authors_are_the_same_paper() -> None:
    source = read("Title,Authors,Session\nCaching,Ada,One\ncaching ,ada,Two\nCaching,Bo,Two\nPanel,,One\nPanel,,Two\n")
    assert [(paper.title, paper.byline) for paper in source.papers[:2]] == [("Caching", ("Ada",)), ("Caching", ("Bo",))]
    assert [paper.title for paper in source.papers[2:]] == ["Panel", "Panel"]


def test_numbers_that_start_anew_in_each_session_are_no_identifiers() -> None:
    source = read("#,Title,Authors,Session\n1,a,A,S\n2,b,B,S\n1,c,C,T\n")
    assert [(paper.title, paper.source_id) for paper in source.papers] == [("a", None), ("b", "2"), ("c", None)]
    assert (4, "“1” is the identifier of “a” and of “c”, and is left out.") in notes(source)


def test_one_column_may_list_several_sessions() -> None:
    source = read(
        "UID,title,authors,abstract,keywords,sessions\na,A,Ada|Bo,x,k|l,Mon 1|Tue 2\nb,B,Cy,x,k,\nc,C,Di,x,,Mon 1\n"
    )
    assert in_sessions(source) == [("Mon 1", ["A", "C"]), ("Tue 2", ["A"])]
    assert [session.source_id for session in source.sessions] == ["Mon 1", "Tue 2"]
    assert source.papers[0].byline == ("Ada", "Bo")
    assert source.papers[0].topics == ("k", "l")


def test_rows_may_put_papers_of_another_file_into_sessions() -> None:
    source = read(
        "UID,session_name,starttime,endtime,timezone\n"
        "m.1,1A,2020-07-06 05:00,2020-07-06 06:00,UTC\nm.2,1A,2020-07-06 05:00,2020-07-06 06:00,UTC\n"
        "m.1,2B,2020-07-06 08:00,2020-07-06 09:00,UTC\n",
        SINGAPORE,
    )
    assert [(paper.source_id, paper.title) for paper in source.papers] == [("m.1", None), ("m.2", None)]
    assert [(one.name, *local([one.starts_at])) for one in source.sessions] == [("1A", "06 05:00"), ("2B", "06 08:00")]
    assert [[a.paper for a in one.appearances] for one in source.sessions] == [[0, 1], [0]]


def test_entries_tell_sessions_of_the_same_name_apart() -> None:
    source = read("entry,session,title\ns1p1,S,a\ns2p1,S,b\ns1p2,S,c\n,S,d\nx,S,e\n")
    assert in_sessions(source) == [("S", ["a", "c", "d", "e"]), ("S", ["b"])]


def test_every_field_has_a_column() -> None:
    source = read(
        "session_key,session_kind,session,session_id,chairs,session_abstract,key,title,authors,affiliations,kind,track,"
        "topics,board,id,url,pdf,doi,video,links\n"
        "posters,Session,Posters,S1,Cy; Di,All of them,caching,Caching,Ada; Bo,Uni A; Lab B,Long,Systems,caches; disks,"
        "7b,x-1,https://e.org/a;b,http://e.org/p,10.1234/x,https://e.org/v,"
        '"Code <https://e.org/c>; https://e.org/d"\n'
    )
    (session,) = source.sessions
    assert (session.key, session.kind, session.name, session.source_id) == ("posters", "Session", "Posters", "S1")
    assert session.chairs == (Credit("Cy"), Credit("Di"))
    assert session.abstract == "All of them"
    assert session.appearances[0].board == "7b"
    (paper,) = source.papers
    assert (paper.key, paper.source_id, paper.kind, paper.track) == ("caching", "x-1", "Long", "Systems")
    assert paper.authors == (Credit("Ada", ("Uni A",)), Credit("Bo", ("Lab B",)))
    assert paper.topics == ("caches", "disks")
    assert paper.links == (
        Link("Code", "https://e.org/c"),
        Link("Page", "https://e.org/d"),
        Link("Page", "https://e.org/a;b"),
        Link("PDF", "http://e.org/p"),
        Link("DOI", "https://doi.org/10.1234/x"),
        Link("Video", "https://e.org/v"),
    )


def test_a_column_called_poster_has_numbers_or_addresses() -> None:
    source = read("Title,Authors,Session,Poster\na,A,S,17b\nb,B,S,https://e.org/p.pdf\n")
    assert [one.board for one in source.sessions[0].appearances] == ["17b", None]
    assert source.papers[1].links == (Link("Poster", "https://e.org/p.pdf"),)


def test_durations_that_are_none_are_left_out_and_noted() -> None:
    source = read("Title,Authors,Abstract,Session,Start,Length\na,A,x,S,2025-12-08 09:00,Long 12/2.5\n")
    assert source.sessions[0].ends_at is None
    assert notes(source) == [(2, "The column with durations has none, but such as “Long 12/2.5”, and is left out.")]


def test_html_becomes_text_and_a_guard_is_taken_off() -> None:
    first, second = read('title,abstract\nAT&amp;T,"<p>One</p><p>Two &lt;3</p>"\n' + '"  a\r\n""b"" ",\'=1\n').papers
    assert (first.title, first.abstract) == ("AT&T", "One\n\nTwo <3")
    assert (second.title, second.abstract) == ('a\r\n"b"', "=1")


def test_lines_are_counted_through_line_breaks_in_cells_and_blank_rows() -> None:
    papers = read('\n title ,abstract\n"a\nb",x\n\n,\nc,"y\n\n"\nd,z\n').papers
    assert [(paper.title, paper.line) for paper in papers] == [("a\nb", 3), ("c", 7), ("d", 10)]


def test_a_header_may_stand_below_other_rows_and_come_again() -> None:
    source = read(
        "Programme of the conference,,\n(draft),,\nTitle,Authors,Room\na,A,Hall\nTitle,Authors,Room\nb,B,Hall\n"
    )
    assert [(paper.title, paper.line) for paper in source.papers] == [("a", 4), ("b", 6)]


def test_what_is_said_once_for_several_rows_is_filled_in_and_noted() -> None:
    source = read(
        "Day,Time,Title,Speakers,Room\nMonday 8 December 2025,09:00-09:30,a,Ada,H\n,09:30-10:00,b,Bo,H\n"
        "Tuesday 9 December 2025,09:00-09:30,c,Cy,H\n"
    )
    assert local(one.starts_at for one in source.sessions) == ["08 09:00", "08 09:30", "09 09:00"]
    assert (3, "A row without a day is taken to be on the day above it.") in notes(source)


@pytest.mark.parametrize(
    "rows",
    ["S 1,,\n,a,A\n,b,B\nS 2,,\n,c,C\n", "S 1,a,A\n,b,B\n,c2,C\nS 2,c,C\n,d,D\n"],
    ids=["a row for each session", "in the first row of each session"],
)
def test_sessions_may_be_named_once_above_their_papers(rows: str) -> None:
    source = read(f"Session,Title,Authors\n{rows}")
    assert [one.name for one in source.sessions] == ["S 1", "S 2"]
    assert {at for one in source.sessions for at in (a.paper for a in one.appearances)} == set(
        range(len(source.papers))
    )
    assert any("papers without one are taken to be in the session above" in text for _, text in notes(source))


def test_papers_without_a_session_stay_without_one_where_others_name_theirs() -> None:
    source = read("Session,Title,Authors\nS,a,A\nS,b,B\n,c,C\n")
    assert in_sessions(source) == [("S", ["a", "b"])]
    assert len(source.papers) == 3


def test_talks_without_sessions_are_in_that_of_their_track_room_and_day() -> None:
    source = read(
        "Title,Speaker,Track,Room,Date,Start,Duration\n"
        "a,Ada,Web,R1,2025-12-08,9:00 AM,30\nb,Bo,Web,R1,2025-12-08,9:30 AM,30\nc,Cy,Web,R2,2025-12-08,9:00 AM,30\n"
        "Lunch,,,,2025-12-08,12:00 PM,1h\nd,Di,,R1,2025-12-09,23:30,60 min\n"
    )
    assert [(one.name, one.room, *local([one.starts_at, one.ends_at])) for one in source.sessions] == [
        ("Web", "R1", "08 09:00", "08 10:00"),
        ("Web", "R2", "08 09:00", "08 09:30"),
        ("Lunch", None, "08 12:00", "08 13:00"),
        ("d", "R1", "09 23:30", "10 00:30"),
    ]
    assert [paper.title for paper in source.papers] == ["a", "b", "c", "d"]


def test_boards_without_a_session_are_asked_for() -> None:
    source = read("Poster #,Title,Authors\nP1,a,A\nP2,b,B\n")
    assert len(source.papers) == 2
    assert source.sessions == ()
    ((_, message),) = actions(source)
    assert "does not tell in which session the posters are" in message


def test_an_agenda_has_sessions_with_what_is_given_in_them() -> None:
    found = reading(
        "*Date,*Time Start,*Time End,Tracks (Optional),*Session Title,Room/Location (Optional),Description (Optional),"
        "Speakers (Optional),Role: Moderators (Optional),Authors (Optional),Session or Sub-session(Sub) (Optional)\n"
        "12/13/2025,8:00 AM,12:00 PM,Courses,Short Courses,Room A,<p>All of them</p>,,Cy,,Session\n"
        "12/13/2025,8:00 AM,9:00 AM,Courses,Basics,Room B,,Karl; Bo,,,Sub\n"
        "12/13/2025,9:00 AM,9:30 AM,General,Break,Foyer,,,,,Sub\n"
        "12/13/2025,10:00 AM,11:00 AM,Courses,Basics,Room A,,Karl; Bo,,,Sub\n"
        "12/13/2025,1:00 PM,2:00 PM,Keynotes,Engines,Room A,On engines,Ada,,,Session\n"
        "12/13/2025,6:00 PM,7:00 PM,Social,Reception,Foyer,,,,,\n"
    )
    source = found.source
    assert in_sessions(source) == [
        ("Short Courses", ["Basics", "Basics"]),
        ("Break", []),
        ("Engines", ["Engines"]),
        ("Reception", []),
    ]
    courses, pause, engines, _ = source.sessions
    assert (courses.track, courses.room, courses.abstract) == ("Courses", "Room A", "All of them")
    assert courses.chairs == (Credit("Cy"),)
    assert local(one.starts_at for one in courses.appearances) == ["13 08:00", "13 10:00"]
    assert [one.room for one in courses.appearances] == ["Room B", None]
    assert local([pause.starts_at]) == ["13 09:00"]
    assert (engines.abstract, source.papers[1].abstract) == (None, "On engines")
    assert [paper.byline for paper in source.papers] == [("Karl", "Bo"), ("Ada",)]
    account = found.account
    assert (account.records, account.papers, account.sessions, account.merged) == (6, 2, 3, 1)


@pytest.mark.parametrize(
    ("column", "values", "shown", "left_out"),
    [
        ("Decision", ["Accept (Oral)", "Reject", "", "no decision"], ["a"], {"reject": 1, "no decision": 2}),
        ("Decision", ["Accept (Oral)", "", "Poster"], ["a", "b", "c"], {}),
        ("Status", ["confirmed", "TBD"], ["a"], {"unknown status “TBD”": 1}),
        ("deleted?", ["no", "yes", ""], ["a", "c"], {"deleted or withdrawn": 1}),
        ("Withdrawn", ["", "Withdrawn on 1 May"], ["a"], {"withdrawn on 1 may": 1}),
        ("Accepted?", ["yes", "no", "Yes (poster)", ""], ["a", "c"], {"not public": 2}),
        ("Accepted?", ["x", ""], ["a"], {"not public": 1}),
        ("Public", ["", ""], ["a", "b"], {}),
    ],
)
def test_only_what_is_public_is_shown(
    column: str, values: list[str], shown: list[str], left_out: dict[str, int]
) -> None:
    rows = "".join(f"{title},A,{value}\n" for title, value in zip("abcd", values, strict=False))
    found = reading(f"Title,Authors,{column}\n{rows}")
    assert [paper.title for paper in found.source.papers] == shown
    assert found.account.left_out == left_out
    assert found.account.records == len(values)


def test_the_configuration_may_say_which_status_is_public() -> None:
    text = "Title,Authors,Status\na,A,sehr gut\n"
    assert read(text).papers == ()
    assert [paper.title for paper in read(text, Hints(public=frozenset({"Sehr Gut"}))).papers] == ["a"]


def test_the_kind_of_a_paper_may_stand_in_its_decision() -> None:
    assert read("Title,Authors,Decision\na,A,Accept (Oral)\n").papers[0].kind == "Oral"


def test_the_configuration_names_columns_and_several_are_put_together() -> None:
    hints = Hints(
        columns={"title": ("Paper",), "starts_at": ("Tag", "Ab"), "session": ("Block", "Strand"), "authors": ("Who",)}
    )
    source = read("Paper,Title,Tag,Ab,Block,Strand,Who\na,wrong,8.12.2025,9.30,1,Web,Ada\n", hints)
    assert in_sessions(source) == [("1: Web", ["a"])]
    assert local([source.sessions[0].starts_at]) == ["08 09:30"]


def test_a_column_or_field_that_is_none_is_refused_by_its_name() -> None:
    assert "names a column “Papr”, but the columns are: “Paper”, “Room”" in refusal(
        "Paper,Room\na,b\n", Hints(columns={"title": ("Papr",)})
    )
    assert "“titel”, but there is no such field" in refusal("Paper,Room\na,b\n", Hints(columns={"titel": ("Paper",)}))


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (["Ada; Bo", "Cy"], [("Ada", "Bo"), ("Cy",)]),
        (["Ada, Bo and Cy", "Di & Ed"], [("Ada", "Bo", "Cy"), ("Di", "Ed")]),
        (["Ada|Bo", "Cy"], [("Ada", "Bo"), ("Cy",)]),
        (["Lovelace, Ada; Hopper, Grace", "Turing, Alan"], [("Lovelace, Ada", "Hopper, Grace"), ("Turing, Alan",)]),
        (["Ada; Bo", "Cy, Di", "Ed, Flo"], [("Ada", "Bo"), ("Cy", "Di"), ("Ed", "Flo")]),
        (["Ada\nBo"], [("Ada", "Bo")]),
        (["TBA", "Ada,Bo,"], [(), ("Ada", "Bo")]),
        (["Wei Wang, Wei Wang", "Ada*"], [("Wei Wang", "Wei Wang"), ("Ada",)]),
        (["Ada (1,2), Bo (2)", "Cy (she/her)", "Chee (Ben) Leong"], [("Ada", "Bo"), ("Cy",), ("Chee (Ben) Leong",)]),
    ],
)
def test_names_are_taken_apart_as_the_column_writes_them(cells: list[str], names: list[tuple[str, ...]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([("Title", "Authors"), *((f"t{at}", cell) for at, cell in enumerate(cells))])
    assert [paper.byline for paper in read(written.getvalue()).papers] == names


def test_authors_may_have_a_column_each() -> None:
    source = read(
        'Title,Author 1,Author 2,Affiliation 1,Affiliation 2\na,"Lovelace, Ada",Bo,Uni A,Uni B\nb,Cy,,Uni C,\n'
    )
    assert [paper.authors for paper in source.papers] == [
        (Credit("Lovelace, Ada", ("Uni A",)), Credit("Bo", ("Uni B",))),
        (Credit("Cy", ("Uni C",)),),
    ]


def test_affiliations_may_stand_in_brackets_behind_the_names() -> None:
    source = read('Title,Authors\na,"Ada (Uni A, UK)*, Bo (Lab; B) and Cy"\nb,"Di (MIT); Ed (ETH, Zürich)*"\n')
    assert [paper.authors for paper in source.papers] == [
        (Credit("Ada", ("Uni A, UK",)), Credit("Bo", ("Lab; B",)), Credit("Cy")),
        (Credit("Di", ("MIT",)), Credit("Ed", ("ETH, Zürich",))),
    ]


def test_a_blank_between_two_names_is_kept_and_a_person_is_asked() -> None:
    source = read("Title,Authors,Abstract\na,A; ; B,x\n")
    assert source.papers[0].byline == ("A", "", "B")
    assert [text for _, text in actions(source)] == [
        "Paper “a”: 1 author slot is blank; shown as not named in the source."
    ]


def test_columns_of_tools_that_call_a_talk_a_session() -> None:
    """As Sessionize and pretalx do."""
    source = read(
        "Session Id,Title,Description,Session format,Status,Speakers,Room,Scheduled At,Scheduled Duration\n"
        "12,Caching,Text,Workshop,Accepted,Ada,Hall,8 Dec 2025 9:00 AM,45\n"
    )
    assert (source.papers[0].source_id, source.papers[0].kind) == ("12", "Workshop")
    (session,) = source.sessions
    assert (session.name, session.room, *local([session.starts_at, session.ends_at])) == (
        "Caching",
        "Hall",
        "08 09:00",
        "08 09:45",
    )
    source = read("ID,Proposal title,Session type,Track,State,Speaker names\nXY,Caching,Talk,Web,confirmed,Ada\n")
    assert (source.papers[0].title, source.papers[0].kind, source.papers[0].track) == ("Caching", "Talk", "Web")


def test_columns_of_systems_for_submissions() -> None:
    """As CMT and HotCRP name them."""
    source = read(
        "Paper ID,Paper Title,Abstract,Authors,Author Names,Primary Subject Area,Status\n"
        '5,Caching,Text,Ada Lovelace (Uni A)*; Bo Li (Lab B),"Lovelace, Ada*; Li, Bo",Systems,Accept\n'
    )
    assert source.papers[0].authors == (Credit("Ada Lovelace", ("Uni A",)), Credit("Bo Li", ("Lab B",)))
    assert (source.papers[0].source_id, source.papers[0].track) == ("5", "Systems")
    source = read("paper,title,decision,authors\n7,Caching,Accepted,Ada\n")
    assert (source.papers[0].source_id, source.papers[0].title) == ("7", "Caching")


def test_columns_of_calendars() -> None:
    """As Google and Outlook export them."""
    source = read(
        "Subject,Start Date,Start Time,End Date,End Time,All Day Event,Description,Location,Private\n"
        "Opening,12/30/2025,9:00 AM,12/30/2025,10:00 AM,False,Welcome,Hall,False\n"
        "Party,12/30/2025,10:00 PM,12/31/2025,2:00 AM,False,,Bar,False\n"
        "Board,12/30/2025,9:00 AM,12/30/2025,10:00 AM,False,,Room,True\n"
    )
    assert [(one.name, one.room, *local([one.starts_at, one.ends_at])) for one in source.sessions] == [
        ("Opening", "Hall", "30 09:00", "30 10:00"),
        ("Party", "Bar", "30 22:00", "31 02:00"),
    ]


def test_who_presents_is_no_further_author() -> None:
    source = read("Title,Authors,Presenter\na,Ada Lovelace; Bo,A. Lovelace\nb,,Cy\nc,Di,Ed\n")
    assert [paper.byline for paper in source.papers] == [("Ada Lovelace", "Bo"), ("Cy",), ("Di", "Ed")]


def test_affiliations_of_another_number_of_people_are_left_out_and_noted() -> None:
    source = read("Title,Authors,Affiliation\na,Ada; Bo; Cy,MIT; ETH\nb,Di,MIT; ETH\n")
    assert [person.affiliations for person in source.papers[0].authors] == [(), (), ()]
    assert source.papers[1].authors == (Credit("Di", ("MIT", "ETH")),)
    assert (2, "“MIT; ETH” is not one affiliation for each of 3 people, and is left out.") in notes(source)


def test_dates_that_may_be_read_in_two_ways_are_asked_for() -> None:
    source = read("Title,Authors,Abstract,Date,Start\na,A,x,12/8/2023,9:00 AM\n")
    assert source.sessions == ()
    ((_, message),) = actions(source)
    assert message.startswith("“12/8/2023” may begin with the day or with the month")


@pytest.mark.parametrize(("other", "month"), [("12/13/2023", 12), ("13/8/2023", 8)])
def test_other_dates_tell_how_a_date_is_to_be_read(other: str, month: int) -> None:
    source = read(f"Title,Authors,Abstract,Date,Start\na,A,x,12/8/2023,9:00 AM\nb,B,x,{other},9:00 AM\n")
    assert source.sessions[0].starts_at is not None
    assert source.sessions[0].starts_at.month == month
    assert source.problems == ()


def test_how_dates_are_read_by_the_days_lying_together_is_noted() -> None:
    source = read("Title,Authors,Abstract,Date,Start\na,A,x,12/8/2023,9:00\nb,B,x,12/9/2023,9:00\n")
    assert [one.starts_at and one.starts_at.month for one in source.sessions] == [12, 12]
    assert [text.split(" are read")[0] for _, text in notes(source)] == ["Dates such as “12/8/2023”"]


def test_times_that_make_no_sense_are_asked_for_with_their_line() -> None:
    source = read(
        "Title,Authors,Abstract,Session,Start,End\na,A,x,S,2025-12-08 09:00,soon\nb,B,x,T,2025-12-08 9:00 XYZT,\n"
    )
    assert [line for line, _ in actions(source)] == [2, 3]
    assert "“soon” is no time" in actions(source)[0][1]
    assert "“XYZT”, which is not the zone of this file (UTC)" in actions(source)[1][1]
    assert [one.starts_at for one in source.sessions] == [None, None]


def test_a_time_without_a_date_is_asked_for_once() -> None:
    source = read("Title,Authors,Abstract,Session,Time\na,A,x,S,9:00\nb,B,x,S,9:30\n")
    ((line, message),) = actions(source)
    assert line == 2
    assert "has a time of day but no date" in message


def test_the_name_of_the_own_zone_is_understood() -> None:
    text = "Title,Authors,Abstract,Session,Start\na,A,x,S,2025-07-08 09:00 CEST\n"
    (session,) = read(text, Hints(zone=ZoneInfo("Europe/Berlin"))).sessions
    assert local([session.starts_at]) == ["08 07:00"]


def test_unknown_columns_are_noted_and_left_out() -> None:
    source = read("title,authors,abstract,Favourite colour,title\na,A,x,red,b\n")
    assert notes(source) == [(None, "Left out, because the bot knows no such column: “Favourite colour”, “title”.")]


def test_of_two_columns_for_a_field_the_surer_one_is_read() -> None:
    source = read("name,title,authors,abstract\nwrong,right,A,x\n")
    assert source.papers[0].title == "right"
    assert "“name”" in notes(source)[0][1]


def test_rows_of_another_width_are_noted_with_their_line() -> None:
    source = read("title,authors,abstract\na,A\nb,B,x,more\nc,C,x,,\n")
    assert (2, "2 cells of 3; the others are empty.") in notes(source)
    assert (3, "4 cells for 3 columns; “more” is left out.") in notes(source)
    assert [line for line, text in notes(source) if "cells" in text] == [2, 3]


def test_a_row_without_a_title_is_left_out() -> None:
    found = reading(HEADER + "a,A,x,S,H,,\n,B,Text,S,H,,\n,,,,Foyer,,\n")
    assert found.account.left_out == {"no title": 2}
    assert in_sessions(found.source) == [("S", ["a"])]


def test_of_many_problems_the_first_are_listed_and_the_rest_counted() -> None:
    source = read("title,authors,abstract\n" + "".join(f"a{at},A\n" for at in range(MOST_OF_A_KIND + 9)) + "b,B,x\n")
    assert len([text for _, text in notes(source) if text.startswith("2 cells of 3")]) == MOST_OF_A_KIND
    assert f"There are {MOST_OF_A_KIND + 9} problems “a row with too few cells”" in " ".join(
        problem.message for problem in source.problems[-2:]
    )


@pytest.mark.parametrize("text", ["title\n", "title,authors", "title;abstract\n;\n\n"])
def test_a_table_without_rows_is_refused(text: str) -> None:
    assert "no papers and no sessions" in refusal(text)


def test_a_table_without_titles_is_refused_with_its_columns() -> None:
    assert "no column has titles; the columns are: “authors”, “room”" in refusal("authors,room\nA,H\n")


def test_a_wrong_encoding_names_the_line_and_the_byte() -> None:
    data = "title\nx\née\n".encode("latin-1")
    assert "line 3: byte 0xe9 is not UTF-8. Save the file as UTF-8." in refusal(data)


@pytest.mark.parametrize("row", ['"never closed\nx\n', '"a"b\n', '"a" ,x\n'])
def test_quotation_marks_that_are_not_in_pairs_are_refused_with_their_line(row: str) -> None:
    message = refusal(f'title,abstract\n"a\nb",x\n{row}')
    assert "line 4" in message
    assert "quotation marks are not in pairs" in message


def test_a_cell_beyond_the_limit_is_refused_with_its_line() -> None:
    message = refusal(b"title\nx\n" + b"y" * (csv.field_size_limit() + 1))
    assert "line 3" in message
    assert "more than 131,072 characters" in message


@pytest.mark.slow
def test_the_most_papers_are_read_and_one_more_is_refused() -> None:
    assert f"more than {MOST_PAPERS:,} papers" in refusal(b"title\n" + b"x\n" * (MOST_PAPERS + 1))
    assert "rows, which is more than the bot can serve" in refusal(b"title,status\n" + b"x,reject\n" * 200_001)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 100,
        b"\x89PNG\r\n\x1a\n\0",
        b'{"title": 1}',
        b"[title, x]",
        b"<title>,title",
        b"Session\nPosters\nHall\n",
        b"The title, again\nx\n",
        b"authors,abstract\nA,x\n",
        b"Name,Email,Affiliation\nAda,a@e.org,MIT\n",
        b'"' + b"x" * 200_000,
        b"Session 1A: Caching\nMonday, 9:00\n\nCaching for all\nAda Lovelace, Bo\nWe study caches, and title them.\n",
    ],
)
def test_what_has_no_column_of_titles_is_no_table(data: bytes) -> None:
    assert not table.recognises(File(NAME, data))


WORDS = [
    *("title", "Session Title", "session", "sessions", "start", "date", "time", "entry", "s1p1", "UID", "level", "Sub"),
    *(
        "authors",
        "speakers",
        "status",
        "deleted",
        "accept",
        "reject",
        "room",
        "track",
        "paperID",
        "acceptance",
        "p1_title",
    ),
    *(
        "submission #",
        "last name",
        "session_ID",
        "session_start",
        "organisations",
        '"',
        '"a',
        '""',
        "'",
        "=",
        "|",
        "A; B",
    ),
    *("2026-05-19", "12/8/2023", "9:00", "9:00-10:00", "23:59", "0001-01-01 00:00", "9999-12-31 23:59", "<p>", "&amp;"),
    *("Coffee", "yes", "no", "1", "", "START YOUR AGENDA BELOW"),
]


@given(
    header=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6),
    rows=st.lists(st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=6), max_size=7),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
@example(header=["title", "start"], rows=[["a", "\ud800"]], delimiter=",")
def test_any_table_is_read_or_refused(header: list[str], rows: list[list[str]], delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in [header, *rows])
    read_or_refused(table, text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refused(table, data)


def test_papers_keep_what_a_later_row_adds() -> None:
    source = read("ID,Title,Authors,Abstract,PDF\n1,a,A,,\n1,a,A,Text,https://e.org/p\n")
    assert source.papers == (
        SourcePaper(
            line=2,
            title="a",
            authors=(Credit("A"),),
            abstract="Text",
            source_id="1",
            links=(Link("PDF", "https://e.org/p"),),
        ),
    )

"""ConfTool's exports of papers and of sessions."""

from hypothesis import given
from hypothesis import strategies as st

from bot.programme.source import Credit
from bot.sources.formats import table
from bot.sources.reading.file import File, Hints, Reading
from tests.sources.mutations import read_or_refused

PAPERS = (
    '"paperID";"contribution_type";"authors";"organisations";"title";"topics";"keywords";"abstract";"acceptance_status";'
    '"acceptance";"withdrawn";"presenting_author";"session_ID";"session_short";"session_title";"session_start";'
    '"session_end";"session_room";"chair1";"chair1_name";"chair1_organisation"\n'
)


def read(text: str) -> Reading:
    file = File("papers.csv", text.encode())
    assert table.recognises(file)
    return table.read(file, Hints())


def test_papers_with_their_organisations_and_sessions() -> None:
    found = read(
        PAPERS
        + '101;"Full paper";"Lovelace, Ada (1,2); Li, Bo* (2)";"1: Uni A, UK; 2: Lab; B";"Caching";"Systems";"disks";'
        '"<p>One</p><p>Two</p>";1;"Accepted (Oral)";;"Li, Bo";7;"S1";"Storage";"2024-03-18 08:30";"2024-03-18 10:00";'
        '"Hall";"Chair, Cy";"Cy Chair";"Uni C"\n'
        '102;"Full paper";"Roe, Di";"Uni D";"Batching";"";"";"";1;"Accepted";;"";7;"S1";"Storage";"2024-03-18 08:30";'
        '"2024-03-18 10:00";"Hall";"";"";""\n'
        '103;"Full paper";"X";"";"Secret";"";"";"";-1;"Rejected";;"";;;;;;;;;\n'
        '104;"Full paper";"X";"";"Later";"";"";"";0;"";;"";;;;;;;;;\n'
        '105;"Full paper";"X";"";"Gone";"";"";"";1;"Accepted";1;"";;;;;;;;;\n'
    )
    first, second = found.source.papers
    assert (first.title, first.source_id, first.kind, first.abstract) == ("Caching", "101", "Full paper", "One\n\nTwo")
    assert first.authors == (Credit("Ada Lovelace", ("Uni A, UK", "Lab; B")), Credit("Bo Li", ("Lab; B",)))
    assert first.topics == ("Systems", "disks")
    assert second.authors == (Credit("Di Roe", ("Uni D",)),)
    (session,) = found.source.sessions
    assert (session.name, session.room, session.source_id) == ("S1: Storage", "Hall", "7")
    assert session.chairs == (Credit("Cy Chair", ("Uni C",)),)
    assert session.starts_at is not None
    assert f"{session.starts_at:%Y-%m-%d %H:%M}" == "2024-03-18 08:30"
    assert [one.paper for one in session.appearances] == [0, 1]
    assert found.account.left_out == {"rejected": 1, "no decision": 1, "deleted or withdrawn": 1}


def test_authors_in_columns_of_their_own() -> None:
    found = read(
        "paperID,title,authors_formatted_1_name,authors_formatted_1_organisation,"
        "authors_formatted_2_name,authors_formatted_2_organisation\n"
        '1,Caching,"Lovelace, Ada",Uni A; Lab B,"Li, Bo",\n'
    )
    assert found.source.papers[0].authors == (Credit("Ada Lovelace", ("Uni A", "Lab B")), Credit("Bo Li"))


SESSIONS = (
    "session_ID,session_short,session_title,session_start,session_end,session_room,session_info,chair1,presentations,"
    "p1_paperID,p1_title,p1_authors,p1_organisations,p1_abstract,p1_start,p1_end,"
    "p2_paperID,p2_title,p2_authors,p2_organisations,p2_abstract,p2_start,p2_end\n"
    '7,S1,Storage,2024-03-18 08:30,2024-03-18 09:10,Hall,About disks,"Chair, Cy",2,'
    '101,Caching,"Lovelace, Ada (1)",1: Uni A,One,2024-03-18 08:30,2024-03-18 08:50,'
    '102,Batching,"Roe, Di",Uni D,Two,2024-03-18 08:50,2024-03-18 09:10\n'
    "8,,Lunch,2024-03-18 12:00,2024-03-18 13:00,Foyer,,,0,,,,,,,,,,,,,,\n"
)


def test_sessions_with_their_presentations() -> None:
    found = read(SESSIONS)
    source = found.source
    storage, lunch = source.sessions
    assert (storage.name, storage.room, storage.abstract) == ("S1: Storage", "Hall", "About disks")
    assert storage.chairs == (Credit("Cy Chair"),)
    assert [one.starts_at and f"{one.starts_at:%H:%M}" for one in storage.appearances] == ["08:30", "08:50"]
    assert (lunch.name, lunch.appearances) == ("Lunch", ())
    assert [(paper.title, paper.source_id, paper.abstract) for paper in source.papers] == [
        ("Caching", "101", "One"),
        ("Batching", "102", "Two"),
    ]
    assert source.papers[0].authors == (Credit("Ada Lovelace", ("Uni A",)),)
    account = found.account
    assert (account.records, account.papers, account.sessions) == (4, 2, 2)


@given(
    at=st.integers(0, len(SESSIONS) - 1),
    piece=st.sampled_from(["", "\n", ",", '"', ";", "(1,9)", "(", "9: ", ", ", "2024-03-18 25:00", "S1"]),
    length=st.integers(0, 9),
    text=st.sampled_from([SESSIONS, PAPERS + '1;a;"X, Y (1)";"1: Z";t;;;;;;;;;;;;;;;;\n']),
)
def test_any_export_is_read_or_refused(at: int, piece: str, length: int, text: str) -> None:
    read_or_refused(table, (text[:at] + piece + text[at + length :]).encode())

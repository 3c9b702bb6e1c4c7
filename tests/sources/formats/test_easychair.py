"""EasyChair's lists of submissions and of authors."""

from bot.programme.source import Credit
from bot.sources.formats import table
from bot.sources.reading.file import File, Hints, Reading


def read(text: str) -> Reading:
    file = File("file.csv", text.encode())
    assert table.recognises(file)
    return table.read(file, Hints())


def test_accepted_submissions_that_are_not_deleted_are_shown() -> None:
    found = read(
        "#,title,authors,submitted,last updated,form fields,keywords,decision,notified,reviews sent,abstract,deleted?\n"
        '1,Caching,"Ada Lovelace, Bo Li and Cy",2024-11-19 12:50,2024-11-19,,"caches\ndisks",accept,no,no,'
        '"One.\nTwo.",no\n'
        "2,Secret,Di,2024-11-19 12:50,2024-11-19,,,reject,no,no,x,no\n"
        "3,Gone,Ed,2024-11-19 12:50,2024-11-19,,,accept,no,no,x,yes\n"
        "4,Open,Flo,2024-11-19 12:50,2024-11-19,,,no decision,no,no,x,no\n"
        "5,Blank,Gus,2024-11-19 12:50,2024-11-19,,,,no,no,x,no\n"
    )
    (paper,) = found.source.papers
    assert (paper.title, paper.source_id, paper.byline) == ("Caching", "1", ("Ada Lovelace", "Bo Li", "Cy"))
    assert (paper.topics, paper.abstract) == (("caches", "disks"), "One.\nTwo.")
    assert found.account.left_out == {"reject": 1, "deleted or withdrawn": 1, "no decision": 2}
    assert not any(name in str(found.source.problems) for name in ("Secret", "Gone", "Open", "Blank"))


def test_the_list_of_authors_completes_submissions() -> None:
    found = read(
        "submission #,first name,last name,email,country,affiliation,Web page,person #,corresponding?\n"
        "1,Ada,Lovelace,a@e.org,UK,Uni A,http://e.org/,2,no\n"
        "2,Bo,,b@e.org,UK,,,3,no\n"
        "1,Cy,Li,c@e.org,UK,Uni C,,4,yes\n"
        ",No,Submission,d@e.org,UK,x,,5,no\n"
    )
    assert [(paper.source_id, paper.title, paper.authors) for paper in found.source.papers] == [
        ("1", None, (Credit("Ada Lovelace", ("Uni A",)), Credit("Cy Li", ("Uni C",)))),
        ("2", None, (Credit("Bo"),)),
    ]
    account = found.account
    assert (account.records, account.papers, account.merged) == (4, 2, 1)
    assert account.left_out == {"no submission": 1}

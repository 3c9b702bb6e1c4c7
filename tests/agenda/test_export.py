"""What is kept about somebody as files: each of them must be read back by what reads such files."""

import json
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pylatexenc.latex2text import LatexNodes2Text

from bot.agenda.export import as_bibtex, as_json, as_markdown, markdown, tex
from bot.agenda.model import Own
from bot.notes.model import Note, Reading
from bot.programme.source import Link
from tests.notes.test_notes import note, opened
from tests.support.messages import buttons_of, shown
from tests.support.planning import alone, mark
from tests.support.programmes import at, paper, programme_of, session
from tests.support.server import Server

NOW = datetime(2026, 5, 18, 12, tzinfo=UTC)
STARTS = datetime(2026, 5, 18, 17, tzinfo=UTC)
HOSTILE = "50% of {A_B} & C# ^ ~ $x$ \\input{x} *bold* <b> [x](y) `c` |"

PROGRAMME = programme_of(
    session(
        "Posters & *More*",
        at(
            paper(
                HOSTILE,
                "Ann Lee",
                "Foo, Inc.",
                "Rand and Sons",
                abstract="100% sure.",
                links=(Link("Page", "https://example.org/a_(b)?x=1&y={2}"),),
            ),
            board="12",
        ),
        paper("Plain", "Bo Chen"),
        room="Hall",
        starts_at=STARTS,
    )
)
HOSTILE_KEY, PLAIN_KEY = PROGRAMME.papers
LABEL = PROGRAMME.papers[HOSTILE_KEY].label


def own(**given: object) -> Own:
    fields: dict[str, object] = {
        "conference": "MLSys & Friends 2026",
        "zone": ZoneInfo("America/Los_Angeles"),
        "now": NOW,
        "programme": PROGRAMME,
        "bookmarks": {HOSTILE_KEY: NOW, "gone": NOW},
        "notes": {
            HOSTILE_KEY: Note("100%\n\n# no heading\n- no list }", Reading.SEEN, NOW),
            PLAIN_KEY: Note("", Reading.WANTED, NOW),
        },
        "minutes": 15,
        "recent": (PLAIN_KEY,),
        "followed": ["Agents"],
        "others": {"digest": True},
        **given,
    }
    return Own(**fields)  # type: ignore[arg-type]


def inline(text: str) -> list[Token]:
    return [token for token in MarkdownIt("commonmark").parse(text) if token.type == "inline"]


# What is not printed, such as a carriage return, is the same to neither format.
printed = st.text(
    st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" -+#=.)1*_[]<>&;:/\\"), max_size=60
).map(lambda text: " ".join(text.split()))


@given(st.sampled_from(["", "- ", "- x "]), printed.filter(bool))
def test_any_text_shows_as_itself_in_markdown(before: str, text: str) -> None:
    tokens = inline(f"{before}{markdown(text)}")
    assert len(tokens) == 1
    children = tokens[0].children or []
    assert "".join(child.content for child in children) == before.lstrip("- ") + text
    assert all(child.type in ("text", "text_special") for child in children)


@given(st.text(st.sampled_from("ab \\{}$&#%_^~<>|\"'`-.üλ"), max_size=40).map(lambda text: " ".join(text.split())))
def test_any_text_is_printed_as_itself_by_latex_and_its_braces_are_balanced(text: str) -> None:
    written = tex(text)
    assert read_latex(written) == re.sub(r"\s", "", re.sub(r"``|''|---?|\?`|!`", lambda m: LATEX.get(m[0], m[0]), text))
    depth = 0
    for character in re.sub(r"\\[{}]", "", written):
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0


def read_latex(text: str) -> str:
    """Return what LaTeX prints; for pylatexenc, which takes the circumflex and the tilde for their small forms."""
    read = str(LatexNodes2Text(keep_comments=True).latex_to_text(text))
    return re.sub(r"\s", "", read.replace("ˆ", "^").replace("˜", "~"))


LATEX = {"``": "“", "''": "”", "--": "–", "---": "—"}
"""What LaTeX makes of these, which loses nothing."""


def test_markdown_has_everything_under_its_heading() -> None:
    text = as_markdown(own())
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Bookmarks",
        "## Want to read",
        "## Seen",
        "## Notes",
        "## Reminders",
        "## Followed topics",
        "## Also kept",
    ]
    shown = MarkdownIt("commonmark").render(text)
    assert "<h1>MLSys &amp; Friends 2026: my papers</h1>" in shown
    assert "50% of A_B &amp; C# ^ x *bold* &lt;b&gt; [x](y) `c` |" in shown
    assert "Posters &amp; *More* · Hall · board 12 · 2026-05-18 10:00 (America/Los_Angeles)" in shown
    assert "<blockquote>\n<p>100%" in shown
    assert "# no heading<br />\n- no list }" in shown
    assert shown.count("<h1>") == 1
    assert "gone (no longer in the programme)" in shown
    assert "A direct message 15 minutes before what is bookmarked." in shown


def test_bibtex_has_an_entry_for_each_paper_with_names_that_stay_whole() -> None:
    text = as_bibtex(own())
    entries = re.findall(r"^@inproceedings\{([^,]+),$", text, re.MULTILINE)
    assert entries == [HOSTILE_KEY, PLAIN_KEY]
    assert "  author = {Ann Lee and {Foo, Inc.} and {Rand And Sons}}," in text
    assert "  booktitle = {MLSys \\& Friends 2026}," in text
    assert "  year = {2026}," in text
    assert "  url = {https://example.org/a_(b)?x=1&y=%7B2%7D}," in text
    assert r"  annote = {Seen. 100\% \# no heading - no list \}}," in text
    for value in re.findall(r"^  title = \{\{(.*)\}\},$", text, re.MULTILINE)[:1]:
        assert read_latex(value) == LABEL.replace(" ", "")


def test_json_has_it_all_with_times_in_utc() -> None:
    kept = json.loads(as_json(own()))
    assert [one["key"] for one in kept["bookmarks"]] == [HOSTILE_KEY, "gone"]
    assert kept["bookmarks"][0]["title"] == LABEL
    assert kept["bookmarks"][0]["shown"] == [
        {"session": "Posters & *More*", "starts_at": STARTS.isoformat(), "ends_at": None, "room": "Hall", "board": "12"}
    ]
    assert kept["bookmarks"][1]["in_programme"] is False
    assert [(one["note"], one["reading"]) for one in kept["notes"]] == [
        ("100%\n\n# no heading\n- no list }", "seen"),
        (None, "wanted"),
    ]
    assert kept["reminders"] == {"minutes_before": 15}
    assert kept["looked_at_last"] == [PLAIN_KEY]
    assert kept["followed"] == ["Agents"]
    assert kept["digest"] is True


@alone
async def test_everything_is_handed_out_by_a_button_of_my_data(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Apple")
    await note(ann, await opened(ann, own, "kiwi"), "Good.")
    data = await ann.slash(own.channel, "mydata")
    assert list(buttons_of(shown(data))) == ["Download everything", "Delete everything"]

    handed = await ann.click(shown(data), label="Download everything")

    files = {one.filename: own.env.backend.cdn.get(one.url) for one in shown(handed).attachments}
    assert list(files) == ["my-mlsys-2026.md", "my-mlsys-2026.bib", "my-mlsys-2026.json", "agenda.ics"]
    assert shown(handed).ephemeral
    texts = {name.rpartition(".")[2]: (data or b"").decode() for name, data in files.items()}
    assert "**Apple: All about Apple**" in texts["md"]
    assert "> Good." in texts["md"]
    assert texts["bib"].count("@inproceedings{") == 2
    assert [one["key"] for one in json.loads(texts["json"])["notes"]] == ["kiwi"]
    assert len(list(Calendar.from_ical(texts["ics"]).walk("VEVENT"))) == 1

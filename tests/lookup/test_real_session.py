"""The 34 papers of the real session: each is found in every way people look for it, and shown clean and whole."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from simcord.actors import MemberActor

from bot.programme.model import Paper
from tests.support.messages import assert_within_limits, buttons_of, displayed, embed_of, key_shown, markdown_of, shown
from tests.support.server import SESSION_PAGE, Server, config_in, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINES = SESSION_PAGE.read_text(encoding="utf-8").splitlines()
UNTITLED = {10: ("CSLE", 3), 41: ("Retrieval-augmented generation (RAG) enables LLMs to ground responses…", 14)}
"""The papers that lost their title and authors, by line: what they are called instead, and their place."""

FIRST_LINES = [line for line in (*range(4, 10, 3), 10, *range(11, 41, 3), 41, *range(42, 102, 3)) if line <= len(LINES)]
"""Where the papers begin: every third line, but for the two that are an abstract alone."""

LATEX = re.compile(r"[\\${}]")
every_paper = pytest.mark.parametrize(
    ("number", "line"), list(enumerate(FIRST_LINES, start=1)), ids=[f"line{line}" for line in FIRST_LINES]
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    async with running(config_in(tmp_path_factory.mktemp("real"))) as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ann(server: Server) -> MemberActor:
    return server.member("ann")


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def rest(server: Server) -> AsyncIterator[None]:
    yield
    await server.rest()


def paper_of(server: Server, number: int) -> Paper:
    (session,) = server.bot.services.library.edition.programme.sessions
    return session.papers[number - 1]


async def test_there_are_34_papers_two_of_them_without_title_and_authors(server: Server) -> None:
    assert len(FIRST_LINES) == 34
    (session,) = server.bot.services.library.edition.programme.sessions
    assert [paper.line for paper in session.papers] == FIRST_LINES
    assert {paper.line for paper in session.papers if paper.title is None} == set(UNTITLED)
    assert {paper.line for paper in session.papers if not paper.byline} == set(UNTITLED)
    assert all(paper.abstract for paper in session.papers)


@every_paper
async def test_it_is_found_by_key_and_title(server: Server, ann: MemberActor, number: int, line: int) -> None:
    paper = paper_of(server, number)
    title = LINES[line - 1] if line not in UNTITLED else UNTITLED[line][0]

    for typed in (paper.key, paper.key.upper(), title, title.lower(), paper.label):
        result = await ann.slash(server.channel, "paper", paper=typed)
        assert key_shown(result) == paper.key, typed


@every_paper
async def test_it_is_suggested_first_by_key_and_by_title(
    server: Server, ann: MemberActor, number: int, line: int
) -> None:
    paper = paper_of(server, number)

    for typed in (paper.key, paper.label):
        choices = await ann.autocomplete(server.channel, "paper", "paper", typed)
        assert choices[0]["value"] == paper.key, typed


@every_paper
async def test_it_is_found_by_each_named_author(server: Server, ann: MemberActor, number: int, line: int) -> None:
    paper = paper_of(server, number)
    printed = [] if line in UNTITLED else [name.strip() for name in LINES[line].split("⋅")]
    named = [name for name in printed if name]

    assert len(paper.authors) == len(named)
    for raw, author in zip(named, paper.authors, strict=True):
        for typed in dict.fromkeys((raw.replace(" None ", " "), author.name)):
            result = await ann.slash(server.channel, "author", name=typed)
            assert embed_of(result).title == author.name
            assert paper.label[:60] in displayed(embed_of(result).description or "")[0]
            assert_within_limits(shown(result))


@every_paper
async def test_it_is_shown_whole_clean_and_within_every_limit(
    server: Server, ann: MemberActor, number: int, line: int
) -> None:
    paper = paper_of(server, number)
    assert paper.abstract

    result = await ann.slash(server.channel, "paper", paper=paper.key)

    embed = embed_of(result)
    assert_within_limits(shown(result))
    name = f"{UNTITLED[line][0]} (title not in the source)" if line in UNTITLED else paper.label
    assert displayed(embed.title or "")[0] == name
    assert displayed(embed.description or "")[0] == paper.abstract.plain, "shown whole"
    for clean in (paper.label, paper.abstract.plain, *(author.name for author in paper.authors)):
        assert not LATEX.search(clean)
    for markdown in markdown_of(shown(result)):
        assert not LATEX.search(displayed(markdown)[0])


@every_paper
async def test_its_authors_and_blanks_are_shown_in_their_order(
    server: Server, ann: MemberActor, number: int, line: int
) -> None:
    result = await ann.slash(server.channel, "paper", paper=paper_of(server, number).key)

    fields = {entry.name: entry.value or "" for entry in embed_of(result).fields}
    if line in UNTITLED:
        assert "Authors" not in fields
        assert fields["Not in the source"] == "title, authors"
        return
    slots = [name.strip() for name in LINES[line].split("⋅")]
    said = displayed(fields["Authors"])[0]
    counted = re.sub(r"(\d+) authors? not named in the source", lambda match: ", ".join(["?"] * int(match[1])), said)
    assert [name.casefold() for name in counted.split(", ")] == [
        name.replace(" None ", " ").casefold() or "?" for name in slots
    ]
    assert ("Not in the source" in fields) == ("" in slots)


@every_paper
async def test_its_other_answers_are_clean_and_within_every_limit(
    server: Server, ann: MemberActor, number: int, line: int
) -> None:
    result = await ann.slash(server.channel, "paper", paper=paper_of(server, number).key)

    presses = [label for label in ("Similar papers", "More by an author") if label in buttons_of(shown(result))]
    answers = [await ann.click(shown(result), label=label) for label in presses]
    answers.append(await ann.slash(server.channel, "search", query=paper_of(server, number).label))
    for answer in answers:
        assert_within_limits(shown(answer))
        for markdown in markdown_of(shown(answer)):
            assert not LATEX.search(displayed(markdown)[0])


@pytest.mark.parametrize("page", range(4))
async def test_the_session_lists_them_clean(server: Server, ann: MemberActor, page: int) -> None:
    result = await ann.slash(server.channel, "session")
    for _ in range(page):
        result = await ann.click(shown(result), label="Next")

    for markdown in markdown_of(shown(result)):
        assert not LATEX.search(displayed(markdown)[0])


async def test_a_papers_own_name_stands_where_its_macro_was(server: Server, ann: MemberActor) -> None:
    for number, name in ((4, "db-SP"), (31, "VeriMoA"), (34, "ZK-APEX")):
        result = await ann.slash(server.channel, "paper", paper=paper_of(server, number).key)
        text = displayed(embed_of(result).description or "")[0]
        assert name.casefold() in text.casefold()
        assert not re.search(r"nickname|ourtool", text)

"""What the bot asks or offers where a search finds nothing, or a paper is not clearly meant."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.editions.model import Edition
from bot.programme.source import Credit
from bot.search import Index
from tests.support.messages import assert_within_limits, buttons_of, displayed, embed_of, shown
from tests.support.programmes import at, paper, programme_of, session
from tests.support.server import Server, config_in, running

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    async with running(config_in(tmp_path_factory.mktemp("asking"))) as server:
        programme = programme_of(
            session(
                "Posters",
                at(
                    paper(
                        "TriInfer: Serving in Three Stages",
                        "Mia Kim",
                        topics=("Serving",),
                        abstract="Inference is 3 times faster. Code: https://git.org/lab/inference, inference.org/3. "
                        "GPT-3.5 needs 3,000 tokens for inference.",
                    ),
                    board="5",
                ),
                at(paper("Caching Plans", authors=(Credit("Bo Lee", ("MIT",)),), topics=("Agents",)), board="15"),
            ),
            session("Talks", paper("Early Exit for Everyone", "Ann Roy", abstract="An early exit saves tokens.")),
        )
        server.services.library.edition = Edition(programme, Index(programme))
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ann(server: Server) -> MemberActor:
    return server.member("ann")


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def rest(server: Server) -> AsyncIterator[None]:
    yield
    await server.rest()


def text_of(result: InteractionResult) -> str:
    """Return what an answer says, as it is displayed."""
    assert_within_limits(shown(result))
    return displayed(embed_of(result).description or "")[0]


def without(result: InteractionResult) -> list[str]:
    return [label for label in buttons_of(shown(result)) if "without" in label]


@pytest.mark.parametrize("typed", ["Tri Dao", "tri dao", "Bo Exit", "Roy quantum gravity"])
async def test_a_name_close_to_nobody_does_not_open_the_nearest_paper(
    server: Server, ann: MemberActor, typed: str
) -> None:
    result = await ann.slash(server.channel, "paper", paper=typed)

    assert embed_of(result).title == "Did you mean …"
    assert f"Search for “{typed}”" in buttons_of(shown(result))


@pytest.mark.parametrize("typed", ["TriInfer", "tri infer", "serving kim", "triinfer stages", "early exit"])
async def test_a_paper_that_has_all_the_words_is_opened(server: Server, ann: MemberActor, typed: str) -> None:
    result = await ann.slash(server.channel, "paper", paper=typed)

    assert any(name in (embed_of(result).title or "") for name in ("TriInfer", "Early Exit"))


async def test_a_narrowed_search_that_finds_nothing_names_the_filter_and_offers_to_leave_it_out(
    server: Server, ann: MemberActor
) -> None:
    result = await ann.slash(server.channel, "search", query="inference", author="Bo Lee")

    assert embed_of(result).title == "Nothing found"
    assert text_of(result) == "No paper with author Bo Lee fits “inference”."
    assert without(result) == ["Search without the author"]
    wider = await ann.click(shown(result), label="Search without the author")
    assert embed_of(wider).title == "Results for “inference”"
    assert "TriInfer" in text_of(wider)


async def test_each_filter_can_be_left_out_or_all_where_that_finds_something(server: Server, ann: MemberActor) -> None:
    filters = {"author": "Bo Lee", "session": "Talks", "affiliation": "MIT"}
    result = await ann.slash(server.channel, "search", query="caching", **filters)

    said = "No paper with session Talks, author Bo Lee, affiliation MIT fits “caching”."
    assert text_of(result) == said
    assert without(result) == ["Search without the session", "Search without any of these"]
    wider = await ann.click(shown(result), label="Search without the session")
    assert "Caching Plans" in text_of(wider)
    assert embed_of(wider).footer.text == "1 paper · author: Bo Lee · affiliation: MIT"


async def test_filters_that_nothing_has_together_are_named_without_any_words(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "search", author="Bo Lee", session="Talks")

    assert text_of(result) == "No paper has all of this: session Talks, author Bo Lee."
    assert without(result) == ["Search without the session", "Search without the author"]
    wider = await ann.click(shown(result), label="Search without the session")
    assert embed_of(wider).title == "Results for “Bo Lee”"


async def test_a_search_that_finds_nothing_anywhere_offers_nothing_that_would_not_help(
    server: Server, ann: MemberActor
) -> None:
    result = await ann.slash(server.channel, "search", query="xyzzyplugh", author="Bo Lee")

    said = "No paper with author **Bo Lee** fits “xyzzyplugh”.\n"
    assert (embed_of(result).description or "").startswith(said)
    assert not without(result)


@pytest.mark.parametrize("typed", ['"early exit"', "“early exit”", '"early exit" tokens'])
async def test_what_was_typed_in_quotes_is_not_quoted_again(server: Server, ann: MemberActor, typed: str) -> None:
    found = await ann.slash(server.channel, "search", query=typed)
    assert embed_of(found).title == f"Results for {typed}"

    nothing = await ann.slash(server.channel, "search", query=f"{typed} -exit")
    assert f"No paper fits {typed} -exit." in (embed_of(nothing).description or "")
    unclear = await ann.slash(server.channel, "paper", paper=f"{typed} xyzzyplugh quux")
    assert any(label.startswith("Search for ") and "“" + typed[0] not in label for label in buttons_of(shown(unclear)))


@pytest.mark.parametrize("typed", ['"xyzzyplugh"', "“xyzzyplugh” quux", "„xyzzyplugh“"])
@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("search", "query"),
        ("search", "author"),
        ("search", "track"),
        ("search", "affiliation"),
        ("paper", "paper"),
        ("author", "name"),
        ("session", "session"),
        ("where", "room"),
    ],
)
async def test_no_answer_puts_what_was_quoted_into_quotes_again(
    server: Server, ann: MemberActor, command: str, option: str, typed: str
) -> None:
    result = await ann.slash(server.channel, command, **{option: typed})

    said = [shown(result).content, *buttons_of(shown(result))]
    said += [part or "" for embed in shown(result).embeds for part in (embed.title, embed.description)]
    assert typed in "\n".join(said)
    assert not [part for part in said if f"“{typed}" in part]


@pytest.mark.parametrize(
    "typed", ["poster 5", "Poster #5", "#5", "5", "board 5", "poster no. 5", "poster number 5", "stand 5"]
)
async def test_a_poster_is_offered_first_by_the_number_of_its_board(
    server: Server, ann: MemberActor, typed: str
) -> None:
    found = await ann.slash(server.channel, "search", query=typed)
    assert text_of(found).startswith("#5 · TriInfer")

    choices = await ann.autocomplete(server.channel, "paper", "paper", typed)
    assert choices[0]["name"].startswith("#5 · TriInfer")
    opened = await ann.slash(server.channel, "paper", paper=typed)
    assert (embed_of(opened).title or "").startswith("#5 · TriInfer")


async def test_words_are_bold_where_they_are_words_and_not_in_addresses_and_other_numbers(
    server: Server, ann: MemberActor
) -> None:
    for typed, times in (("inference", 2), ("3 inference", 3), ("3.5 inference", 4)):
        result = await ann.slash(server.channel, "search", query=typed)
        description = embed_of(result).description or ""
        entry = description[description.index("\n") :]
        bold = [part for number, part in enumerate(entry.split("**")) if number % 2]
        assert len(bold) == times, entry
        assert {part.lower() for part in bold} <= {"inference", "3", "gpt-3.5"}

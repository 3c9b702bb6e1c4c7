"""Looking things up, as an attendee does it: the five commands and the suggestions while one types."""

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
import pytest_asyncio
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, UserHandle
from simcord.results import InteractionResult

from bot.programme.model import Paper, Programme
from tests.support.messages import (
    assert_within_limits,
    buttons_of,
    displayed,
    embed_of,
    key_shown,
    menu_id,
    menus_of,
    shown,
)
from tests.support.server import Server, StartServer, config_in, running

pytestmark = pytest.mark.asyncio(loop_scope="module")
alone = pytest.mark.asyncio(loop_scope="function")
"""For the tests that need a server of their own."""

SESSION = "poster-session-1-opening"
COMMANDS: dict[str, dict[str, str]] = {
    "paper": {"paper": "agenticcache"},
    "author": {"name": "Qi Qi"},
    "search": {"query": "kv cache"},
    "session": {},
    "help": {},
}
every_command = pytest.mark.parametrize("command", COMMANDS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    config = config_in(tmp_path_factory.mktemp("lookup"), discord={"public_channels": ["posters"]})
    async with running(config) as server:
        yield server


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def rest(server: Server) -> AsyncIterator[None]:
    yield
    await server.rest()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ann(server: Server) -> MemberActor:
    return server.member("ann")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def uma(server: Server) -> UserHandle:
    """Somebody who writes to the bot directly."""
    return server.env.create_user("uma")


def programme_of(server: Server) -> Programme:
    return server.bot.services.library.edition.programme


def paper(server: Server, number: int) -> Paper:
    return programme_of(server).sessions[0].papers[number - 1]


def description_of(result: InteractionResult) -> str:
    return embed_of(result).description or ""


def field(result: InteractionResult, name: str) -> str:
    return next(entry.value or "" for entry in embed_of(result).fields if entry.name == name)


async def pick(
    who: MemberActor, result: InteractionResult, placeholder: str, label: str | None = None
) -> InteractionResult:
    """Pick an option of a menu: the one whose label begins like this, or the first one."""
    options = menus_of(shown(result))[placeholder]
    value = next(option["value"] for option in options if option["label"].startswith(label or ""))
    return await who.select(shown(result), [value], custom_id=menu_id(shown(result), placeholder))


# --- where one asks


@every_command
async def test_in_a_server_an_answer_is_for_the_asker_alone(server: Server, ann: MemberActor, command: str) -> None:
    result = await ann.slash(server.channel, command, **COMMANDS[command])

    assert shown(result).ephemeral
    assert ("Share" in buttons_of(shown(result))) == (command != "help")
    assert_within_limits(shown(result))


@every_command
async def test_in_a_direct_message_the_same_is_answered_with_nothing_to_share(
    server: Server, ann: MemberActor, uma: UserHandle, command: str
) -> None:
    direct = await uma.slash(command, **COMMANDS[command])
    in_server = await ann.slash(server.channel, command, **COMMANDS[command])

    assert not shown(direct).ephemeral
    assert "Share" not in buttons_of(shown(direct))
    assert embed_of(direct).title == embed_of(in_server).title
    assert menus_of(shown(direct)) == menus_of(shown(in_server))


async def test_buttons_and_menus_work_in_a_direct_message(uma: UserHandle) -> None:
    session = shown(await uma.slash("session"))

    turned = await uma.click(session, label="Next")
    assert shown(turned).id == session.id
    assert "Page 2 of 4" in (embed_of(turned).footer.text or "")
    menu = menu_id(shown(turned), "Open a paper")
    opened = await uma.select(shown(turned), ["paper:0:hippocampus"], custom_id=menu)
    assert embed_of(opened).title == "Hippocampus: An Efficient and Scalable Memory Module for Agentic AI"
    similar = await uma.click(shown(opened), label="Similar papers")
    assert embed_of(similar).title == "Similar papers"
    assert "Share" not in {*buttons_of(shown(turned)), *buttons_of(shown(opened)), *buttons_of(shown(similar))}


@every_command
async def test_in_a_channel_for_public_answers_everybody_sees_them_at_once(
    server: Server, ann: MemberActor, command: str
) -> None:
    posters = server.guild.channels.get("posters") or server.guild.create_text_channel("posters")

    result = await ann.slash(posters, command, **COMMANDS[command])

    assert not shown(result).ephemeral
    assert "Share" not in buttons_of(shown(result))


@alone
async def test_a_channel_for_public_answers_may_be_named_by_its_id(start_server: StartServer) -> None:
    server = await start_server()
    table = server.config.discord.model_copy(update={"public_channels": (server.channel.id,)})
    await server.restart(server.config.model_copy(update={"discord": table}))
    ann = server.member("ann")

    public = await ann.slash(server.channel, "paper", paper="agenticcache")
    private = await ann.slash(server.guild.create_text_channel("other"), "paper", paper="agenticcache")

    assert not public.ephemeral
    assert private.ephemeral


async def test_a_thread_of_a_channel_for_public_answers_is_one_too(server: Server, ann: MemberActor) -> None:
    posters = server.guild.channels.get("posters") or server.guild.create_text_channel("posters")
    public = await ann.slash(await thread_in(server, posters), "paper", paper="agenticcache")
    private = await ann.slash(await thread_in(server, server.channel), "paper", paper="agenticcache")

    assert not public.ephemeral
    assert private.ephemeral


async def thread_in(server: Server, channel: ChannelHandle) -> ChannelHandle:
    cached = server.bot.get_channel(channel.id)
    assert isinstance(cached, discord.TextChannel)
    await cached.create_thread(name="about a poster", type=discord.ChannelType.public_thread)
    await server.env.settle()
    return channel.threads[-1]


async def test_every_command_tells_discord_what_it_is_and_where_it_may_be_used(server: Server) -> None:
    synced = [entry.json for entry in server.env.http_requests if entry.path.endswith("/commands")]
    payloads: list[dict[str, Any]] = synced[0] or []

    assert {payload["name"] for payload in payloads} >= set(COMMANDS)
    for payload in payloads:
        administrative = payload["name"] in ("announce", "programme", "status")
        assert payload["contexts"] == ([0] if administrative else [0, 1, 2]), payload["name"]
        assert (payload["default_member_permissions"] is not None) == administrative
        assert payload["integration_types"] == ([0] if administrative else [0, 1]), "to servers, to one's own account"
        if payload["type"] != discord.AppCommandType.chat_input.value:
            continue  # what is in a menu has its name alone
        described = [payload, *payload["options"]]
        assert all(5 < len(item["description"]) <= 100 for item in described)
        assert all(item["description"] != "…" for item in described)


# --- /paper


async def test_a_paper_is_shown_with_everything_the_programme_knows_of_it(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "paper", paper="agenticcache")

    embed = embed_of(result)
    assert embed.title == "AgenticCache: Cache-Driven Asynchronous Planning for Embodied AI Agents"
    assert description_of(result).startswith("Large language models (LLMs) have recently been integrated")
    assert description_of(result).endswith("autonomy in LLM-based agents.")
    assert field(result, "Authors") == "Hojoon Kim, Yuheng Wu, Thierry Tambe"
    assert field(result, "Where and when").splitlines() == [
        "**Poster Session 1 & Opening Reception**",
        "Evergreen Ballroom",
        "time not announced",
    ]
    assert key_shown(result) == "agenticcache"
    assert list(buttons_of(shown(result))) == [
        "Share",
        "Bookmark",
        "Similar papers",
        "All of this session",
        "Add note",
        "Seen",
        "Want to read",
    ]


async def test_a_paper_says_what_is_missing_in_the_source(server: Server, ann: MemberActor) -> None:
    untitled = await ann.slash(server.channel, "paper", paper="CSLE")
    assert embed_of(untitled).title == "CSLE (title not in the source)"
    assert field(untitled, "Not in the source") == "title, authors"

    nameless = await ann.slash(server.channel, "paper", paper="blueprint")
    assert displayed(field(nameless, "Authors"))[0] == (
        "Zhongshu Gu, 1 author not named in the source, Salman Ahmed, Julian James Stephen, "
        "2 authors not named in the source, Shixuan Zhao, Zhiqiang Lin"
    )
    assert field(nameless, "Not in the source") == "the names of 3 authors"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("agenticcache", 1),
        ("AgenticCache", 1),
        ("hippocampus: an efficient and scalable memory module for agentic ai", 12),
        ("HIPPOCAMPUS: AN EFFICIENT AND SCALABLE MEMORY MODULE FOR AGENTIC AI", 12),
        ("Tidar think in diffusion talk in autoregression", 27),
        ("suh offloading", 19),
        ("abhyankar computer-use", 16),
        ("yiying zhang computer use", 16),
        ("hipocampus", 12),
        ("agenticache", 1),
        ("jailbrake oracle", 29),
    ],
)
async def test_a_paper_is_found_by_key_title_author_or_misspelt_words(
    server: Server, ann: MemberActor, typed: str, number: int
) -> None:
    result = await ann.slash(server.channel, "paper", paper=typed)

    assert (embed_of(result).title or "").startswith(paper(server, number).label[:20])


async def test_an_unclear_paper_becomes_a_choice_whose_options_open_the_papers(
    server: Server, ann: MemberActor
) -> None:
    result = await ann.slash(server.channel, "paper", paper="federated learning")

    assert embed_of(result).title == "Did you mean …"
    options = menus_of(shown(result))["Pick the paper"]
    assert 2 <= len(options) <= 5
    for option in options:
        opened = await pick(ann, result, "Pick the paper", option["label"])
        title, _, _ = option["label"].partition("…")
        title, _, _ = title.partition(" — ")
        assert title in displayed(embed_of(opened).title or "")[0]
        assert opened.ephemeral


async def test_an_unclear_paper_can_be_searched_for_instead(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "paper", paper="federated learning")

    found = await ann.click(shown(result), label="Search for “federated learning”")

    assert embed_of(found).title == "Results for “federated learning”"
    assert "PLayer-FL" in description_of(found)


async def test_when_no_paper_fits_it_says_so_and_offers_to_search(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "paper", paper="xyzzyplugh")

    assert embed_of(result).title == "No such paper"
    assert "“xyzzyplugh”" in description_of(result)
    assert "/search" in description_of(result)
    found = await ann.click(shown(result), label="Search for “xyzzyplugh”")
    assert embed_of(found).title == "Nothing found"


async def test_similar_papers_are_other_papers_with_what_they_share(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "paper", paper="ragboost")

    similar = await ann.click(shown(result), label="Similar papers")

    assert "RagInfer" in description_of(similar)
    assert "Both: " in description_of(similar)
    assert "RAGBoost" not in description_of(similar)
    opened = await pick(ann, similar, "Open a paper", "RagInfer")
    assert (embed_of(opened).title or "").startswith("RagInfer")


async def test_no_button_leads_to_authors_who_have_no_other_paper(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "paper", paper="osworld-human")

    assert not {"More by an author", "All authors"} & set(buttons_of(shown(result)))
    opened = await pick(ann, result, "Open an author", "Yiying Zhang")
    assert embed_of(opened).title == "Yiying Zhang"


async def test_all_of_this_session_opens_the_session(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "paper", paper="csle")

    session = await ann.click(shown(result), label="All of this session")

    assert embed_of(session).title == "Poster Session 1 & Opening Reception"


# --- /author


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Yiying Zhang", "Yiying Zhang"),
        ("yiying ZHANG", "Yiying Zhang"),
        ("Zhang Yiying", "Yiying Zhang"),
        ("Zhang, Yiying", "Yiying Zhang"),
        ("Y. Zhang", "Yiying Zhang"),
        ("G. Suh", "G. Edward Suh"),
        ("Edward Suh", "G. Edward Suh"),
        ("G Edward Suh", "G. Edward Suh"),
        ("Gamze Gürsoy", "Gamze Gursoy"),
        ("luka grbčić", "Luka Grbcic"),
        ("Lizy John", "Lizy John"),
        ("ching feng yeh", "Ching-Feng Yeh"),
        ("Thiery Tambe", "Thierry Tambe"),
        ("yiying-zhang", "Yiying Zhang"),
    ],
)
async def test_an_author_is_found_in_any_case_order_accents_and_with_initials(
    server: Server, ann: MemberActor, typed: str, name: str
) -> None:
    result = await ann.slash(server.channel, "author", name=typed)

    assert embed_of(result).title == name


async def test_an_author_is_shown_with_papers_and_coauthors(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "author", name="Qi Qi")

    assert description_of(result).startswith("1 paper in this programme")
    assert "**OSWorld-Human: Benchmarking the Efficiency of Computer-Use Agents" in description_of(result)
    assert field(result, "Co-authors") == "Reyna Abhyankar, Yiying Zhang"
    opened = await pick(ann, result, "Open a paper")
    assert (embed_of(opened).title or "").startswith("OSWorld-Human")
    coauthor = await pick(ann, result, "Open a co-author", "Yiying")
    assert embed_of(coauthor).title == "Yiying Zhang"


async def test_a_part_of_several_names_becomes_a_choice_whose_menu_opens_the_author(
    server: Server, ann: MemberActor
) -> None:
    result = await ann.slash(server.channel, "author", name="zhang")

    options = menus_of(shown(result))["Pick the author"]
    assert len(options) > 3
    assert all("Zhang" in option["label"] for option in options)
    for option in options:
        opened = await pick(ann, result, "Pick the author", option["label"])
        assert embed_of(opened).title == option["label"]


async def test_when_nobody_has_that_name_it_says_so(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "author", name="Grace *Hopper*")

    assert embed_of(result).title == "No such author"
    assert "“Grace *Hopper*”" in displayed(description_of(result))[0]


# --- /search


async def test_results_show_the_matching_words_bold_in_their_place(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "search", query="kv cache")

    assert embed_of(result).title == "Results for “kv cache”"
    assert embed_of(result).footer.text == "9 papers"
    _, bold = displayed(description_of(result))
    assert {"KV", "cache"} <= bold
    opened = await pick(ann, result, "Open a paper", "SuperInfer")
    assert (embed_of(opened).title or "").startswith("SuperInfer")


async def test_results_can_be_narrowed_to_an_author_and_a_session(server: Server, ann: MemberActor) -> None:
    by_author = await ann.slash(server.channel, "search", query="agents", author="zhang yiying")
    assert embed_of(by_author).footer.text == "1 paper · author: Yiying Zhang"
    assert "OSWorld-Human" in description_of(by_author)

    by_choice = await ann.slash(server.channel, "search", query="agents", author="yiying-zhang", session=SESSION)
    assert embed_of(by_choice).description == embed_of(by_author).description
    session = "Poster Session 1 & Opening Reception"
    assert embed_of(by_choice).footer.text == f"1 paper · session: {session} · author: Yiying Zhang"

    in_session = await ann.slash(server.channel, "search", query="federated", session="opening reception")
    everywhere = await ann.slash(server.channel, "search", query="federated")
    assert embed_of(in_session).description == embed_of(everywhere).description

    not_hers = await ann.slash(server.channel, "search", query="federated", author="yiying zhang")
    assert embed_of(not_hers).title == "Nothing found"


async def test_a_search_by_an_unknown_or_unclear_author_or_session_asks_back(server: Server, ann: MemberActor) -> None:
    unknown = await ann.slash(server.channel, "search", query="agents", author="xyzzyplugh")
    assert embed_of(unknown).title == "No such author"

    several = await ann.slash(server.channel, "search", query="agents", author="zhang")
    assert embed_of(several).title == "Which author?"

    nowhere = await ann.slash(server.channel, "search", query="agents", session="banquet")
    assert embed_of(nowhere).title == "No session like “banquet”; there are"
    opened = await pick(ann, nowhere, "Open a session")
    assert embed_of(opened).title == "Poster Session 1 & Opening Reception"


async def test_quotes_ask_for_exactly_these_words(server: Server, ann: MemberActor) -> None:
    loose = await ann.slash(server.channel, "search", query="early exit")
    phrase = await ann.slash(server.channel, "search", query='"early exit"')

    assert "HELIOS" in description_of(phrase)
    assert embed_of(phrase).footer.text == "1 paper"
    assert embed_of(loose).footer.text != "1 paper"
    backwards = await ann.slash(server.channel, "search", query='"latency bottlenecks significant"')
    assert embed_of(backwards).title == "Nothing found"


async def test_a_minus_leaves_papers_with_that_word_out(server: Server, ann: MemberActor) -> None:
    everything = await ann.slash(server.channel, "search", query="federated")
    without = await ann.slash(server.channel, "search", query="federated -privacy")

    assert "ProToken" in description_of(everything)
    assert "ProToken" not in description_of(without)
    assert "FLoRIST" in description_of(without)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hipocampus", "hippocampus"),
        ("jailbrake oracle", "jailbreak oracle"),
        ("federatd learning", "federated learning"),
    ],
)
async def test_a_misspelt_search_is_answered_and_tells_what_it_was_taken_for(
    server: Server, ann: MemberActor, typed: str, meant: str
) -> None:
    result = await ann.slash(server.channel, "search", query=typed)

    assert description_of(result).startswith(f"Showing results for “{meant}”\n")


async def test_results_come_ten_a_page(server: Server, ann: MemberActor) -> None:
    first = await ann.slash(server.channel, "search", query="llm")
    before = titles(first)
    assert len(before) == 10
    assert embed_of(first).footer.text == "20 papers · Page 1 of 2"
    assert buttons_of(shown(first))["Previous"]["disabled"]

    second = await ann.click(shown(first), label="Next")
    assert shown(second).id == shown(first).id
    assert embed_of(second).footer.text == "20 papers · Page 2 of 2"
    assert buttons_of(shown(second))["Next"]["disabled"]
    assert len({*titles(second), *before}) == 20

    back = await ann.click(shown(second), label="Previous")
    assert titles(back) == before
    assert not buttons_of(shown(back))["Next"]["disabled"]


def titles(result: InteractionResult) -> list[str]:
    """Return the lines with the titles of what was found."""
    return [entry.partition("\n")[0] for entry in description_of(result).split("\n\n")]


@pytest.mark.parametrize("query", [" ", '""', "-foo", "-", "…", '"', "***"])
async def test_a_search_for_nothing_explains_how_to_search(server: Server, ann: MemberActor, query: str) -> None:
    result = await ann.slash(server.channel, "search", query=query)

    assert embed_of(result).title == "How to search"
    assert "in quotes" in description_of(result)


async def test_a_hopeless_search_says_so_and_explains_how_to_search(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "search", query="xyzzyplugh **quux**")

    assert embed_of(result).title == "Nothing found"
    assert r"“xyzzyplugh \*\*quux\*\*”" in description_of(result)
    assert "in quotes" in description_of(result)


@pytest.mark.parametrize("query", ["cache " * 1000, "c" * 6000, "*" * 6000, '"a" ' * 1500, "-cache " * 850 + "llm"])
async def test_the_longest_query_discord_lets_through_is_answered(server: Server, ann: MemberActor, query: str) -> None:
    result = await ann.slash(server.channel, "search", query=query[:6000])

    assert embed_of(result).title
    assert_within_limits(shown(result))


# --- /session


async def test_the_only_session_needs_no_name(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "session")

    assert embed_of(result).title == "Poster Session 1 & Opening Reception"
    assert description_of(result).splitlines()[:3] == ["Evergreen Ballroom", "time not announced", "34 posters"]


@pytest.mark.parametrize("typed", [SESSION, "Poster Session 1 & Opening Reception", "opening", "POSTER reception"])
async def test_a_session_is_found_by_key_name_or_words(server: Server, ann: MemberActor, typed: str) -> None:
    result = await ann.slash(server.channel, "session", session=typed)

    assert embed_of(result).title == "Poster Session 1 & Opening Reception"


async def test_an_unknown_session_is_answered_with_those_there_are(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "session", session="ban_quet")

    assert displayed(embed_of(result).title or "")[0] == "No session like “ban_quet”; there are"
    assert "Poster Session 1 & Opening Reception" in description_of(result)


def papers_of(result: InteractionResult) -> list[str]:
    """Return the lines about papers below what is said of their session."""
    return description_of(result).split("\n\n")[1:]


async def test_paging_through_a_session_shows_every_poster_once_and_opens_any(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "session")
    assert buttons_of(shown(result))["Previous"]["disabled"]
    listed = papers_of(result)
    for number in (2, 3, 4):
        result = await ann.click(shown(result), label="Next")
        assert embed_of(result).footer.text == f"Page {number} of 4"
        assert_within_limits(shown(result))
        listed += papers_of(result)
    assert buttons_of(shown(result))["Next"]["disabled"]

    for line, hung in zip(listed, programme_of(server).sessions[0].papers, strict=True):
        assert displayed(line)[0].startswith(hung.label)
        assert "#" not in line
    opened = await pick(ann, result, "Open a paper", "ZK-APEX")
    assert (embed_of(opened).title or "").startswith("ZK-APEX")


@alone
async def test_configured_times_are_shown_to_each_reader_in_their_own_zone(start_server: StartServer) -> None:
    server = await start_server(sessions={SESSION: {"start": "2026-05-18T18:00:00", "end": "2026-05-18T20:00:00"}})
    ann = server.member("ann")

    session = await ann.slash(server.channel, "session")
    result = await ann.slash(server.channel, "paper", paper="agenticcache")

    # 18:00 in Los Angeles, in May, is 01:00 UTC of the next day.
    when = "Mon 18 May, 18:00–20:00 PDT · for you <t:1779152400:f> – <t:1779159600:t> (<t:1779152400:R>)"
    assert description_of(session).splitlines()[1] == when
    assert field(result, "Where and when").splitlines()[2] == when
    assert "not announced" not in description_of(session)


# --- suggestions


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("hippo", "hippocampus"),
        ("hippocampus", "hippocampus"),
        ("memory module", "hippocampus"),
        ("stall free sched", "from-tokens-to-layers"),
        ("SUH", "privatar"),
        ("yiying zh", "osworld-human"),
        ("csle", "csle"),
    ],
)
async def test_the_first_suggestion_is_the_paper_one_is_typing(
    server: Server, ann: MemberActor, typed: str, key: str
) -> None:
    choices = await ann.autocomplete(server.channel, "paper", "paper", typed)

    assert choices[0]["value"] == key


async def test_with_nothing_typed_the_first_papers_are_suggested(server: Server) -> None:
    choices = await server.member("newcomer").autocomplete(server.channel, "paper", "paper", "")

    assert [choice["value"] for choice in choices] == list(programme_of(server).papers)[:25]
    assert choices[0]["name"] == (
        "AgenticCache: Cache-Driven Asynchronous Planning for Embodied AI Agents — Hojoon Kim"
    )


@pytest.mark.parametrize("typed", ["", "l", "llm", "a", "efficient", "e", "federated lear", "zz", "@*`<", "x" * 3000])
async def test_suggestions_fit_discord_are_cut_at_whole_words_and_open_what_they_name(
    server: Server, ann: MemberActor, typed: str
) -> None:
    choices = await ann.autocomplete(server.channel, "paper", "paper", typed)

    assert len(choices) <= 25
    for choice in choices:
        label = programme_of(server).papers[choice["value"]].label
        title, cut, _ = choice["name"].partition("…")
        assert 1 <= len(choice["name"]) <= 100
        if cut:
            assert label.startswith(title)
            assert not label[len(title)].isalnum()
    for choice in (*choices[:1], *choices[-1:]):
        opened = await ann.slash(server.channel, "paper", paper=choice["value"])
        assert key_shown(opened) == choice["value"]


@pytest.mark.parametrize("where", ["author name", "search author"])
@pytest.mark.parametrize(
    ("typed", "name"),
    [("yiying", "Yiying Zhang"), ("zhang yi", "Yiying Zhang"), ("SUH", "G. Edward Suh"), ("gürs", "Gamze Gursoy")],
)
async def test_authors_are_suggested_by_any_part_of_their_names(
    server: Server, ann: MemberActor, where: str, typed: str, name: str
) -> None:
    command, option = where.split()
    filled = {"query": "x"} if command == "search" else {}
    choices = await ann.autocomplete(server.channel, command, option, typed, **filled)

    assert choices[0]["name"] == f"{name} — 1 paper"
    opened = await ann.slash(server.channel, "author", name=choices[0]["value"])
    assert embed_of(opened).title == name


@pytest.mark.parametrize("typed", ["", "z", "a", "li", "zzz", "x" * 3000])
async def test_author_suggestions_fit_discord(server: Server, ann: MemberActor, typed: str) -> None:
    choices = await ann.autocomplete(server.channel, "author", "name", typed)

    assert len(choices) <= 25
    assert (len(choices) == 25) or typed
    assert len({choice["value"] for choice in choices}) == len(choices)
    assert all(1 <= len(choice["name"]) <= 100 and len(choice["value"]) <= 100 for choice in choices)


@pytest.mark.parametrize(("command", "filled"), [("session", {}), ("search", {"query": "agents"})])
async def test_sessions_are_suggested(server: Server, ann: MemberActor, command: str, filled: dict[str, str]) -> None:
    for typed in ("", "poster", "OPENING rec"):
        choices = await ann.autocomplete(server.channel, command, "session", typed, **filled)
        assert choices == [{"name": "Poster Session 1 & Opening Reception", "value": SESSION}]
    assert await ann.autocomplete(server.channel, command, "session", "banquet", **filled) == []


async def test_suggestions_come_in_direct_messages_too(uma: UserHandle) -> None:
    papers = await uma.autocomplete("paper", "paper", "hippo")
    people = await uma.autocomplete("author", "name", "yiying")

    assert papers[0]["value"] == "hippocampus"
    assert people[0]["value"] == "yiying-zhang"

"""A conference of talks, posters and breaks, as attendees ask about it: filters, suggestions, what is on."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.editions.model import Edition
from bot.programme.model import Programme
from bot.programme.source import Credit
from bot.search import Index
from bot.ui.menus import BOOKMARK_SEVERAL
from tests.support.messages import buttons_of, embed_of, menu_id, menus_of, shown
from tests.support.moments import clock
from tests.support.programmes import at, credited, paper, programme_of, session
from tests.support.server import Server, config_in, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""When the simulation begins; in Los Angeles it is Wednesday, 16:00. The tests take some hours of its time."""

HOUR = timedelta(hours=1)


def conference() -> Programme:
    both = paper("Caching Everything", "Ann Lee", topics=("Storage",), abstract="We cache what there is.")
    return programme_of(
        session("Coffee", kind="Break", starts_at=NOW - 2 * HOUR, ends_at=NOW - HOUR),
        session(
            "Posters 1",
            at(both, board="7"),
            at(paper("Slow Storage", authors=(Credit("Bob Roy", ("MIT",)),), track="Systems"), board="9"),
            room="Foyer",
            starts_at=NOW + 30 * HOUR,
        ),
        session(
            "Orals 1",
            at(both, NOW - HOUR, NOW + 10 * HOUR),
            at(paper("Fair Models", authors=(Credit("Cy Fox", ("Acme Labs",)),), track="Learning"), NOW + 10 * HOUR),
            room="Hall",
            track="Main",
            starts_at=NOW - HOUR,
            ends_at=NOW + 12 * HOUR,
            chairs=credited("Dee Poe"),
        ),
        session("Coffee", kind="Break", starts_at=NOW + 20 * HOUR),
        unscheduled=[paper("Cached Later", "Eve Kay", topics=("Storage", "systems"))],
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    async with running(config_in(tmp_path_factory.mktemp("conference"))) as server:
        programme = conference()
        server.services.library.edition = Edition(programme, Index(programme))
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ann(server: Server) -> MemberActor:
    return server.member("ann")


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def rest(server: Server) -> AsyncIterator[None]:
    yield
    await server.rest()


def description_of(result: InteractionResult) -> str:
    return embed_of(result).description or ""


def found(result: InteractionResult) -> list[str]:
    """Return the keys of the papers that an answer lists."""
    options = menus_of(shown(result)).get("Open a paper", [])
    return [option["value"].rpartition(":")[2] for option in options]


async def suggested(who: MemberActor, server: Server, option: str, typed: str = "") -> dict[str, str]:
    """Return what is suggested for an option of /search: its value by its name."""
    choices = await who.autocomplete(server.channel, "search", option, typed)
    return {choice["name"]: choice["value"] for choice in choices}


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        ({"track": "Systems"}, ["slow-storage", "cached-later"]),
        ({"track": "storage"}, ["caching-everything", "cached-later"]),
        ({"track": "learn"}, ["fair-models"]),
        ({"affiliation": "MIT"}, ["slow-storage"]),
        ({"affiliation": "acme"}, ["fair-models"]),
        ({"query": "caching", "track": "Storage"}, ["caching-everything", "cached-later"]),
        ({"query": "slow", "track": "Storage"}, []),
        ({"query": "storage", "affiliation": "MIT"}, ["slow-storage"]),
        ({"track": "Systems", "session": "Posters 1"}, ["slow-storage"]),
        ({"session": "Orals 1"}, ["caching-everything", "fair-models"]),
    ],
)
async def test_a_search_is_narrowed_down_by_track_topic_and_affiliation(
    server: Server, ann: MemberActor, filters: dict[str, str], keys: list[str]
) -> None:
    result = await ann.slash(server.channel, "search", **filters)

    assert found(result) == keys
    assert (embed_of(result).title == "Nothing found") == (not keys)


async def test_a_search_without_words_is_called_by_what_it_is_narrowed_down_to(
    server: Server, ann: MemberActor
) -> None:
    result = await ann.slash(server.channel, "search", track="systems", author="Bob Roy")

    assert embed_of(result).title == "Results for “Bob Roy · Systems”"
    nothing = await ann.slash(server.channel, "search", track="learning", affiliation="MIT")
    assert "track **Learning**, affiliation **MIT**" in description_of(nothing)


async def test_a_narrowed_search_can_be_shared(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "search", track="systems", affiliation="MIT")

    shared = (await ann.click(shown(result), label="Share")).followups[0]

    assert shared.embeds[0].to_dict() == embed_of(result).to_dict()


async def test_an_unknown_or_unclear_track_or_affiliation_is_asked_back(server: Server, ann: MemberActor) -> None:
    unknown = await ann.slash(server.channel, "search", query="x", track="xyzzy")
    assert embed_of(unknown).title == "No such track or topic"
    assert "“xyzzy”" in description_of(unknown)
    assert "**Storage** — 2 papers" in description_of(unknown)

    unclear = await ann.slash(server.channel, "search", query="x", track="s")
    assert embed_of(unclear).title == "Which track or topic?"
    assert {line.split("**")[1] for line in description_of(unclear).splitlines()} == {"Storage", "Systems"}

    nowhere = await ann.slash(server.channel, "search", query="x", affiliation="xyzzy")
    assert embed_of(nowhere).title == "No such affiliation"


async def test_tracks_topics_and_affiliations_are_suggested_with_how_many_papers_they_have(
    server: Server, ann: MemberActor
) -> None:
    assert await suggested(ann, server, "track", "sto") == {"Storage — 2 papers": "Storage"}
    assert set(await suggested(ann, server, "track")) == {
        "Storage — 2 papers",
        "Systems — 2 papers",
        "Learning — 1 paper",
        "Main — 1 paper",
    }
    assert await suggested(ann, server, "affiliation", "acm") == {"Acme Labs — 1 paper": "Acme Labs"}


async def test_nothing_at_all_explains_how_to_search(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "search")

    assert embed_of(result).title == "How to search"
    assert "`track:`" in description_of(result)


async def test_a_paper_that_is_in_no_session_is_found_and_says_so(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "paper", paper="cached later")

    fields = {field.name: field.value for field in embed_of(result).fields}
    assert embed_of(result).title == "Cached Later"
    assert fields["Where and when"] == "time and place not announced"
    assert "All of this session" not in buttons_of(shown(result))


async def test_the_board_of_a_poster_finds_it_and_is_shown(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "paper", paper="9")

    assert embed_of(result).title == "#9 · Slow Storage"
    assert "Poster 9" in str(embed_of(result).fields)


async def test_a_paper_that_is_shown_twice_leads_to_both_sessions(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "paper", paper="caching everything")

    for name in ("Orals 1", "Posters 1"):
        opened = await ann.click(shown(result), label=name)
        assert embed_of(opened).title == name


async def test_with_nothing_typed_what_comes_next_is_suggested_first(server: Server, ann: MemberActor) -> None:
    choices = await server.member("newcomer").autocomplete(server.channel, "paper", "paper", "")

    # The first talk is on, the second follows, the poster comes later, and the last has no time.
    assert [choice["value"] for choice in choices] == [
        "caching-everything",
        "fair-models",
        "slow-storage",
        "cached-later",
    ]


async def test_what_is_on_now_names_the_talk_and_a_break_has_no_papers(server: Server, ann: MemberActor) -> None:
    now = description_of(await ann.slash(server.channel, "now"))

    # Both end on the next day by the conference's own clock, and are told with it.
    assert now.splitlines() == [
        "__Hall__",
        f"**Orals 1** · until {clock(NOW + 12 * HOUR, 'f')}",
        f"Now: **Caching Everything** — Ann Lee · until {clock(NOW + 10 * HOUR, 'f')}",
    ]
    following = description_of(await ann.slash(server.channel, "next"))
    assert following.splitlines()[0] == "**Coffee**"
    assert "paper" not in following


async def test_sessions_of_one_name_are_suggested_with_day_and_time(server: Server, ann: MemberActor) -> None:
    choices = await ann.autocomplete(server.channel, "session", "session", "cof")

    # What is over comes last.
    assert [choice["name"] for choice in choices] == ["Coffee (Thu 1 Jan, 20:00 UTC)", "Coffee (Wed 31 Dec, 22:00 UTC)"]
    for choice in choices:
        opened = await ann.slash(server.channel, "session", session=choice["value"])
        assert embed_of(opened).title == "Coffee"


@pytest.mark.parametrize(
    ("typed", "name"), [("orals", "Orals 1"), ("hall", "Orals 1"), ("main hall", "Orals 1"), ("foyer", "Posters 1")]
)
async def test_a_session_is_found_by_its_room_and_track_too(
    server: Server, ann: MemberActor, typed: str, name: str
) -> None:
    result = await ann.slash(server.channel, "session", session=typed)

    assert embed_of(result).title == name


async def test_who_chairs_a_session_is_found_and_leads_to_it(server: Server, ann: MemberActor) -> None:
    choices = await ann.autocomplete(server.channel, "author", "name", "dee")
    assert choices == [{"name": "Dee Poe — 1 session as chair", "value": "dee-poe"}]

    result = await ann.slash(server.channel, "author", name="dee-poe")

    (option,) = menus_of(shown(result))["Open a session"]
    opened = await ann.select(shown(result), [option["value"]], custom_id=menu_id(shown(result), "Open a session"))
    assert embed_of(opened).title == "Orals 1"


async def test_bookmarking_from_one_session_stays_in_it_where_a_paper_is_in_two(
    server: Server, ann: MemberActor
) -> None:
    kim = server.member("kim")
    posters = await kim.slash(server.channel, "session", session="posters-1")
    stored = server.env.backend.get_message(shown(posters).channel_id, shown(posters).id)
    # As a reminder's button asks it.
    stored.components[0]["components"][0]["custom_id"] = "ask:marking:0:posters-1"
    marking = await kim.click(shown(posters), custom_id="ask:marking:0:posters-1")
    assert embed_of(marking).title == "Bookmark posters of Posters 1"
    options = menus_of(shown(marking))[BOOKMARK_SEVERAL]

    marked = await kim.select(shown(marking), [options[0]["value"]], custom_id="marks:marking:0:posters-1")

    assert embed_of(marked).title == "Bookmark posters of Posters 1"
    assert description_of(marked).splitlines()[0] == "★ **#7 · Caching Everything** — Ann Lee"

"""/browse: by topic, track, kind, day and room, one menu deeper at a time; and following a topic or a track."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.editions.model import Edition
from bot.programme.model import Programme
from bot.search import Index
from bot.ui.menus import BOOKMARK_SEVERAL
from tests.support.messages import assert_within_limits, buttons_of, embed_of, menu_id, menus_of, shown
from tests.support.planning import description_of, in_file, pick
from tests.support.programmes import at, paper, programme_of, session
from tests.support.server import Server, StartServer

NINE = datetime(2026, 5, 18, 16, tzinfo=UTC)
"""Nine o'clock in Los Angeles, where the conference is."""

DAY = timedelta(days=1)


def conference(*more: Any) -> Programme:
    """A conference whose papers have topics of the source's own."""
    return programme_of(
        session(
            "Posters",
            paper("Slow Storage", "Ann Lee", topics=("Storage",), kind="Long paper"),
            paper("Fast Storage", "Bo Li", topics=("Storage", "Caches"), kind="Short paper"),
            *more,
            kind="Poster session",
            track="Systems",
            room="Hall",
            starts_at=NINE,
        ),
        session(
            "Talks",
            at(paper("Warm Caches", "Cy Fox", topics=("Caches",), kind="Long paper"), NINE + DAY),
            track="Memory",
            room="Attic",
            starts_at=NINE + DAY,
        ),
    )


def use(server: Server, programme: Programme) -> None:
    server.services.library.edition = Edition(programme, Index(programme))


@pytest.fixture
async def server(start_server: StartServer) -> Server:
    started = await start_server()
    use(started, conference())
    return started


@pytest.fixture
def ann(server: Server) -> MemberActor:
    return server.member("ann")


def lines(result: InteractionResult) -> list[str]:
    return [line.replace("**", "") for line in description_of(result).splitlines() if line]


async def browse(who: MemberActor, server: Server, *picks: tuple[str, str], **options: str) -> InteractionResult:
    """Use /browse, and pick from its menus, one after the other."""
    result = await who.slash(server.channel, "browse", **options)
    for placeholder, label in picks:
        result = await pick(who, shown(result), placeholder, label)
    return result


async def test_the_ways_in_are_told_with_how_many_parts_each_has(server: Server, ann: MemberActor) -> None:
    result = await browse(ann, server)

    assert embed_of(result).title == "Browse"
    assert lines(result) == ["Topics · 2", "Tracks · 2", "Kinds · 2", "Days · 2", "Rooms · 2"]
    assert embed_of(result).footer.text == "3 papers"
    assert [option["label"] for option in menus_of(shown(result))["Browse by …"]] == [
        "By topic",
        "By track",
        "By kind",
        "By day",
        "By room",
    ]


@pytest.mark.parametrize(
    ("by", "parts"),
    [
        ("topic", ["Caches · 2", "Storage · 2"]),
        ("track", ["Systems · 2", "Memory · 1"]),
        ("kind", ["Long paper · 2", "Short paper · 1"]),
        ("day", ["Monday, 18 May 2026 · 2", "Tuesday, 19 May 2026 · 1"]),
        ("room", ["Hall · 2", "Attic · 1"]),
    ],
)
async def test_the_parts_are_told_with_how_many_papers_each_has(
    server: Server, ann: MemberActor, by: str, parts: list[str]
) -> None:
    assert lines(await browse(ann, server, by=by)) == parts
    by_menu = await browse(ann, server, ("Browse by …", f"By {by}"))
    assert lines(by_menu) == parts
    assert_within_limits(shown(by_menu))


async def test_one_menu_deeper_at_a_time_down_to_a_paper_and_back(server: Server, ann: MemberActor) -> None:
    papers = await browse(ann, server, ("Open a topic", "Storage"), by="topic")
    assert embed_of(papers).title == "Storage"
    assert [line.partition(" — ")[0] for line in lines(papers)] == ["Slow Storage", "Fast Storage"]
    assert embed_of(papers).footer.text == "2 papers"
    assert_within_limits(shown(papers))

    kinds = await pick(ann, shown(papers), "Narrow down by …", "By kind")
    assert embed_of(kinds).title == "Storage › Kinds"
    assert lines(kinds) == ["Long paper · 1", "Short paper · 1"]
    short = await pick(ann, shown(kinds), "Open a kind", "Short paper")
    assert embed_of(short).title == "Storage › Short paper"
    assert [line.partition(" — ")[0] for line in lines(short)] == ["Fast Storage"]
    assert "Narrow down by …" not in menus_of(shown(short))
    opened = await pick(ann, shown(short), "Open a paper", "Fast Storage")
    assert embed_of(opened).title == "Fast Storage"

    back = await ann.click(shown(short), label="Back")
    assert shown(back).id == shown(short).id
    assert embed_of(back).title == "Storage › Kinds"
    again = await ann.click(shown(back), label="Back")
    assert embed_of(again).title == "Storage"


async def test_papers_are_bookmarked_from_there(server: Server, ann: MemberActor) -> None:
    papers = await browse(ann, server, ("Open a room", "Hall"), by="room")
    menu = menus_of(shown(papers))[BOOKMARK_SEVERAL]

    marked = await ann.select(
        shown(papers), [option["value"] for option in menu], custom_id=menu_id(shown(papers), BOOKMARK_SEVERAL)
    )

    assert isinstance(marked, InteractionResult)
    assert embed_of(marked).title == "Hall"
    assert all(line.startswith("★ ") for line in lines(marked))


async def test_a_topic_is_followed_and_no_longer_and_that_outlives_a_restart(server: Server, ann: MemberActor) -> None:
    papers = await browse(ann, server, ("Open a topic", "Storage"), by="topic")

    followed = await ann.click(shown(papers), label="Follow this topic")

    assert shown(followed).id == shown(papers).id
    assert "Following: stop" in buttons_of(shown(followed))
    assert in_file(server, "SELECT user_id, facet, name FROM followed") == [(ann.id, "topic", "Storage")]
    programme = server.services.library.edition.programme
    await server.restart()
    use(server, programme)
    root = await browse(ann, server)
    assert [option["label"] for option in menus_of(shown(root))["Open what you follow"]] == ["Storage"]
    assert await server.services.browsing.service.papers_followed(ann.id) == {
        "Storage": frozenset({"slow-storage", "fast-storage"})
    }
    assert await server.services.browsing.service.papers_followed(server.member("bob").id) == {}

    opened = await pick(ann, shown(root), "Open what you follow", "Storage")
    stopped = await ann.click(shown(opened), label="Following: stop")
    assert "Follow this topic" in buttons_of(shown(stopped))
    assert in_file(server, "SELECT * FROM followed") == []


async def test_a_track_can_be_followed_and_a_room_cannot(server: Server, ann: MemberActor) -> None:
    track = await browse(ann, server, ("Open a track", "Systems"), by="track")
    room = await browse(ann, server, ("Open a room", "Hall"), by="room")

    assert "Follow this track" in buttons_of(shown(track))
    assert not any("Follow" in label for label in buttons_of(shown(room)))


async def test_my_data_tells_what_i_follow_and_deletes_it(server: Server, ann: MemberActor) -> None:
    papers = await browse(ann, server, ("Open a topic", "Storage"), by="topic")
    await ann.click(shown(papers), label="Follow this topic")

    kept = await ann.slash(server.channel, "mydata")
    assert "“Storage”" in description_of(kept)
    sure = await ann.click(shown(kept), label="Delete everything")
    await ann.click(shown(sure), label="Yes, delete everything")

    assert in_file(server, "SELECT * FROM followed") == []
    assert "Nothing." in description_of(await ann.slash(server.channel, "mydata"))


async def test_a_public_answer_does_not_tell_what_the_asker_follows(start_server: StartServer) -> None:
    server = await start_server(discord={"public_channels": ["posters"]})
    use(server, conference())
    posters = server.guild.create_text_channel("posters")
    ann, bob = server.member("ann"), server.member("bob")
    private = await browse(ann, server, ("Open a topic", "Storage"), by="topic")
    await ann.click(shown(private), label="Follow this topic")

    root = await ann.slash(posters, "browse")
    assert "Open what you follow" not in menus_of(shown(root))
    shared = (await ann.click(shown(private), label="Share")).followups[0]
    assert "Follow this topic" in buttons_of(shared)

    told = await bob.click(shared, label="Follow this topic")

    assert shown(told).ephemeral
    assert embed_of(told).title == "Following"
    assert "Follow this topic" in buttons_of(shared)


async def test_a_part_that_is_gone_says_so(server: Server, ann: MemberActor) -> None:
    papers = await browse(ann, server, ("Open a topic", "Storage"), by="topic")
    use(server, programme_of(session("Posters", paper("Cold Fusion", topics=("Physics",)))))

    turned = await ann.click(shown(papers), label="Follow this topic")
    assert "gone" in shown(turned).content
    assert in_file(server, "SELECT * FROM followed") == []


async def test_topics_are_found_where_the_source_names_none(start_server: StartServer) -> None:
    server = await start_server()
    ann = server.member("ann")

    result = await browse(ann, server, by="topic")

    counts = [int(line.rpartition(" · ")[2]) for line in lines(result)]
    assert len(counts) >= 3
    assert sum(counts) <= 34
    assert any("Federated learning" in line for line in lines(result))
    first = lines(result)[0].rpartition(" · ")[0]
    papers = await pick(ann, shown(result), "Open a topic", first)
    assert embed_of(papers).footer.text
    followed = await ann.click(shown(papers), label="Follow this topic")
    assert "Following: stop" in buttons_of(shown(followed))
    await server.restart()
    assert list(await server.services.browsing.service.papers_followed(ann.id)) == [first]

"""What is new and what has moved in followed topics and tracks, in the digest."""

from pathlib import Path

import discord

from tests.browsing.test_browse import browse
from tests.support.loading import loaded
from tests.support.messages import shown
from tests.support.planning import mark
from tests.support.server import StartServer

HEAD = "title,authors,session,room,starts_at,ends_at,topics"


def rows(*lines: str, room: str = "Hall") -> str:
    """A table of papers; each is given as its title, its authors and its topics."""
    table = [HEAD]
    for line in lines:
        title, author, topic = line.split("/")
        table.append(f"{title},{author},Morning,{room},2026-01-01T10:00+07:00,2026-01-01T12:00+07:00,{topic}")
    return "\n".join(table)


PAPERS = ("Slow Disks/Ann Lee/Storage", "Fast Disks/Bo Li/Storage", "Warm Caches/Cy Fox/Caches")


def parts(message: discord.Message) -> dict[str, str]:
    return {field.name or "": field.value or "" for field in message.embeds[0].fields}


async def test_new_and_moved_papers_of_what_one_follows_are_told_and_bookmarks_only_once(
    start_server: StartServer, tmp_path: Path
) -> None:
    source = tmp_path / "papers.csv"
    source.write_text(rows(*PAPERS))
    # There the simulation begins at seven in the morning.
    server = await start_server(conference={"name": "C", "timezone": "Asia/Bangkok"}, programme={"source": source})
    ann, bob, cy = (server.member(name) for name in ("ann", "bob", "cy"))
    for person in (ann, bob):
        papers = await browse(person, server, ("Open a topic", "Storage"), by="topic")
        await person.click(shown(papers), label="Follow this topic")
    await mark(bob, server.channel, "Slow Disks")
    for person in (ann, bob, cy):
        await person.slash(server.channel, "digest", at="8:00")
    added = rows(*PAPERS, "New Disks/Di Ray/Storage", "New Caches/Ed Poe/Caches", room="Garden")
    await server.services.library.load(loaded(added.encode(), "papers.csv"))
    await server.advance(3660)

    (to_ann,), (to_bob,), (to_cy,) = (person.user.dm_channel.history() for person in (ann, bob, cy))
    moved, new = "**Another room**\n**Morning**: now in Garden, not Hall", "**New in Storage**\n**New Disks** — Di Ray"
    assert parts(to_ann)["In what you follow"] == f"{moved}\n\n{new}"
    assert "Changed lately" not in parts(to_ann)
    assert parts(to_bob)["In what you follow"] == new
    assert parts(to_bob)["Changed lately"] == moved
    assert "In what you follow" not in parts(to_cy)
    assert server.channel.history() == []


async def test_a_new_paper_alone_is_no_news_for_a_channel(start_server: StartServer, tmp_path: Path) -> None:
    source = tmp_path / "papers.csv"
    source.write_text(rows(*PAPERS))
    server = await start_server(programme={"source": source}, reminders={"channel": "general"})
    await server.services.library.load(loaded(rows(*PAPERS, "New Disks/Di Ray/Storage").encode(), "papers.csv"))
    await server.advance(120)

    assert server.channel.history() == []

"""/where: a room, what is on there and next, and the organizers' map of it."""

from pathlib import Path
from typing import Any

import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.config import load
from bot.errors import UserError
from tests.admin.test_status import status
from tests.support.messages import assert_within_limits, buttons_of, embed_of, menus_of, shown
from tests.support.moderating import moderator
from tests.support.planning import description_of, pick, tables
from tests.support.server import MakeConfig, Server, StartServer

PNG = b"\x89PNG\r\n\x1a\n" + b"a plan of the venue"
BLOCKS = (
    ("Posters", "Hall 10", "Apple Banana"),
    ("Demos", "Hall 2", "Kiwi"),
    ("Closing", "Hall 10", "Fig"),
    ("Banquet", "Hall 10", "Date"),
    (
        "Long",
        "A room with a name that is longer than any button of Discord's could ever carry in its custom id",
        "Plum",
    ),
)
TIMES: dict[str, tuple[str, str | None]] = {
    "posters": ("2025-12-31T23:00", "2026-01-01T02:00"),
    "closing": ("2026-01-01T10:00", "2026-01-01T11:00"),
    "banquet": ("2026-01-02T20:00", None),
}
"""By the clock in London, where the simulation begins at midnight."""


@pytest.fixture
def start(start_server: StartServer, make_config: MakeConfig, tmp_path: Path) -> StartServer:
    async def start(**maps: Any) -> Server:
        conference = {"name": "MLSys 2026", "timezone": "Europe/London"}
        return await start_server(make_config(conference=conference, maps=maps, **tables(tmp_path, BLOCKS, TIMES)))

    return start


def picture(server: Server, result: InteractionResult) -> bytes | None:
    """Return the picture that an answer shows from a file of its own."""
    (attachment,) = shown(result).attachments
    assert (embed_of(result).image.url or "").endswith(attachment.filename)
    return server.env.backend.cdn.get(attachment.url)


async def where(who: MemberActor, server: Server, room: str) -> InteractionResult:
    return await who.slash(server.channel, "where", room=room)


async def test_a_room_tells_what_is_on_now_what_is_next_and_what_comes_later(start: StartServer) -> None:
    server = await start()
    ann = server.member("ann")

    hall = await where(ann, server, "hall 10")

    assert embed_of(hall).title == "Hall 10"
    assert description_of(hall).splitlines() == [
        "**Posters** · 2 posters · until 02:00 GMT (for you <t:1767232800:t>)",
        "Next: 10:00 GMT (for you <t:1767261600:t>) **Closing** · 1 paper",
    ]
    (later,) = embed_of(hall).fields
    assert (later.name, later.value) == ("Later here", "Fri 2 Jan, 20:00 GMT (for you <t:1767384000:f>) **Banquet**")
    assert [option["label"] for option in menus_of(shown(hall))["Open a session"]] == ["Posters", "Closing", "Banquet"]
    assert shown(hall).attachments == []
    demos = await where(ann, server, "2")
    assert description_of(demos) == "Nothing is on here right now."
    assert_within_limits(shown(hall))


async def test_rooms_are_suggested_in_their_order_and_found_by_any_words(start: StartServer) -> None:
    server = await start()
    ann = server.member("ann")

    every = await ann.autocomplete(server.channel, "where", "room", "")
    halls = await ann.autocomplete(server.channel, "where", "room", "hall")

    assert [choice["name"] for choice in every][1:] == ["Hall 2", "Hall 10"]
    assert [choice["name"] for choice in halls] == ["Hall 2", "Hall 10"]
    picked = await where(ann, server, every[0]["value"])
    assert (embed_of(picked).title or "").startswith("A room with a name that is longer")
    which = await where(ann, server, "hall")
    assert embed_of(await pick(ann, shown(which), "Open a room", "Hall 10")).title == "Hall 10"
    nowhere = await where(ann, server, "garden")
    assert embed_of(nowhere).title == "No room like “garden”; there are"
    assert "- Hall 2\n- Hall 10" in description_of(nowhere)
    assert "- Hall 2\n- Hall 10" in description_of(await ann.slash(server.channel, "where"))


async def test_the_picture_of_a_file_is_handed_out_and_shared_with_everybody(
    start: StartServer, tmp_path: Path
) -> None:
    plan, own = tmp_path / "plan.png", tmp_path / "Hall.PNG"
    plan.write_bytes(PNG)
    own.write_bytes(PNG + b", Hall 10")
    server = await start(all=str(plan), rooms={"hall 10": str(own)})
    ann = server.member("ann")

    assert picture(server, await where(ann, server, "Hall 2")) == PNG
    hall = await where(ann, server, "Hall 10")
    assert picture(server, hall) == PNG + b", Hall 10"

    result = await ann.click(shown(hall), label="Share")
    (public,) = result.followups
    assert [attachment.filename for attachment in public.attachments] == ["map.png"]


async def test_a_picture_on_the_web_is_shown_from_there(start: StartServer) -> None:
    server = await start(all="https://example.org/plan.png", rooms={"Hall 10": "https://example.org/10.png"})
    ann = server.member("ann")

    assert embed_of(await where(ann, server, "Hall 2")).image.url == "https://example.org/plan.png"
    assert embed_of(await where(ann, server, "Hall 10")).image.url == "https://example.org/10.png"


async def test_a_file_that_is_gone_leaves_the_answer_without_a_picture(
    start: StartServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    plan = tmp_path / "plan.png"
    plan.write_bytes(PNG)
    server = await start(all=str(plan))
    plan.unlink()

    hall = await where(server.member("ann"), server, "Hall 10")

    assert "**Posters**" in description_of(hall)
    assert shown(hall).attachments == []
    assert "plan.png can't be read" in caplog.text


async def test_a_session_leads_to_its_room_also_after_a_restart(start: StartServer, tmp_path: Path) -> None:
    plan = tmp_path / "plan.png"
    plan.write_bytes(PNG)
    server = await start(all=str(plan))
    ann = server.member("ann")
    session = await ann.slash(server.channel, "session", session="posters")
    await server.restart()

    hall = await ann.click(shown(session), label="Where is it?")

    assert embed_of(hall).title == "Hall 10"
    assert picture(server, hall) == PNG
    assert hall.ephemeral
    assert "Share" in buttons_of(shown(hall))


async def test_status_tells_of_a_picture_for_a_room_that_the_programme_does_not_have(start: StartServer) -> None:
    server = await start(rooms={"Hal 10": "https://example.org/10.png", "HALL 2": "https://example.org/2.png"})
    told = "".join((await status(moderator(server), server)).values())

    assert "`maps.rooms`: the programme has no room called “Hal 10”." in told
    assert "HALL 2" not in told


MISTAKES = {
    "maps.all": ('all = "plan.png"', "plan.png: no such file or directory"),
    'maps.rooms."Hall 10"': ('rooms = { "Hall 10" = "notes.png" }', "notes.png is no PNG, JPEG, GIF or WebP picture"),
    'maps.rooms."Hall 2"': ('rooms = { "Hall 2" = "huge.png" }', "huge.png has 10.1 MiB; Discord takes 10"),
    "maps.rooms.Hall 3": ('rooms = { "Hall 3" = "http://example.org/a.png" }', "an address that begins with https://"),
}


@pytest.mark.parametrize("field", MISTAKES)
def test_a_picture_that_can_not_be_shown_is_refused_at_the_start_and_the_field_is_named(
    field: str, tmp_path: Path
) -> None:
    text, problem = MISTAKES[field]
    (tmp_path / "notes.png").write_text("not a picture")
    (tmp_path / "huge.png").write_bytes(PNG + bytes(10 * 2**20 + 100_000))
    config = tmp_path / "config.toml"
    config.write_text(f'[conference]\nname = "C"\n[programme]\nsource = "page.txt"\n[maps]\n{text}\n')

    with pytest.raises(UserError) as refused:
        load(config)

    assert f"{field}: " in str(refused.value)
    assert problem in str(refused.value)


def test_the_path_of_a_picture_starts_at_the_folder_of_the_configuration(tmp_path: Path) -> None:
    for name, begins in (("a.png", PNG), ("b.jpg", b"\xff\xd8\xff\xe0"), ("c.webp", b"RIFF\0\0\0\0WEBPVP8 ")):
        (tmp_path / name).write_bytes(begins)
    config = tmp_path / "config.toml"
    config.write_text(
        '[conference]\nname = "C"\n[programme]\nsource = "page.txt"\n'
        '[maps]\nall = "a.png"\nrooms = { B = "b.jpg", C = "c.webp", D = "https://example.org/d.png" }\n'
    )

    maps = load(config).maps

    assert maps.all == tmp_path / "a.png"
    assert maps.rooms == {"B": tmp_path / "b.jpg", "C": tmp_path / "c.webp", "D": "https://example.org/d.png"}

"""The way past one's bookmarked posters, in the order of their boards."""

from pathlib import Path
from typing import Any

import pytest
from simcord.actors import MemberActor

from tests.support.messages import assert_within_limits, buttons_of, embed_of, shown
from tests.support.planning import description_of, field, mark
from tests.support.server import Server, StartServer

BOARDS = {"Apple": "P10", "Banana": "P9", "Citron": "P100", "Kiwi": "2", "Mango": "1", "Fig": ""}


@pytest.fixture
async def hall(start_server: StartServer, tmp_path: Path) -> Server:
    rows = ["title,authors,session,kind,room,starts_at,ends_at,board"]
    for names, session, room, hour in (
        ("Apple Banana Citron", "Morning", "Hall", 9),
        ("Kiwi Mango Fig", "Evening", "Foyer", 18),
    ):
        rows += [
            f"{name}: All about {name},Ada Lovelace,{session},Poster session,{room},"
            f"2026-01-01T{hour:02}:00,2026-01-01T{hour + 1:02}:00,{BOARDS[name]}"
            for name in names.split()
        ]
    source = tmp_path / "posters.csv"
    source.write_text("\n".join(rows))
    return await start_server(conference={"name": "C", "timezone": "UTC"}, programme={"source": source})


def lines(text: str) -> list[str]:
    return [line.partition(":")[0] for line in text.splitlines() if line.startswith("**#")]


async def route(who: MemberActor, hall: Server) -> Any:
    return await who.click(shown(await who.slash(hall.channel, "agenda")), label="Route")


async def test_it_leads_past_the_boards_in_their_order_session_by_session(hall: Server) -> None:
    ann = hall.member("ann")
    await mark(ann, hall.channel, *BOARDS)

    result = await route(ann, hall)

    assert result.ephemeral
    text = description_of(result)
    assert lines(text) == ["**#P9 · Banana", "**#P10 · Apple", "**#P100 · Citron", "**#1 · Mango", "**#2 · Kiwi"]
    assert text.index("**Morning**\nHall") < text.index("3 posters, in the order of the boards:") < text.index("Banana")
    assert text.index("Citron") < text.index("**Evening**\nFoyer") < text.index("2 posters, in the order")
    assert field(await ann.slash(hall.channel, "agenda"), "Your route") == "Morning: P9, P10, P100\nEvening: 1, 2"
    assert embed_of(await ann.click(shown(result), label="Where is it?")).title == "Hall"
    assert_within_limits(shown(result))


async def test_what_is_over_is_left_out_while_something_is_to_come(hall: Server) -> None:
    ann = hall.member("ann")
    await mark(ann, hall.channel, *BOARDS)
    hall.env.backend.advance_clock(10 * 3600)
    await hall.env.settle()

    assert lines(description_of(await route(ann, hall))) == ["**#1 · Mango", "**#2 · Kiwi"]

    hall.env.backend.advance_clock(12 * 3600)
    await hall.env.settle()
    assert len(lines(description_of(await route(ann, hall)))) == 5


async def test_there_is_no_route_where_nothing_bookmarked_has_a_board(hall: Server) -> None:
    ann = hall.member("ann")
    await mark(ann, hall.channel, "Fig")

    assert "Route" not in buttons_of(shown(await ann.slash(hall.channel, "agenda")))

"""Proposals that nobody presses do not stay in memory: one for each moderator, and none for long."""

from bot.ui.pending import KEPT
from tests.support.moderating import FRUIT, Start, moderator, posters, press, refused, reload, titles
from tests.support.server import Server

HOUR = KEPT.total_seconds()


def waiting(server: Server) -> int:
    """Return how many changes of the programme are held for a press."""
    return len(server.services.moderating.service._pending._held)


async def propose(server: Server, name: str, number: int) -> None:
    await reload(moderator(server, name), server, posters(*FRUIT, f"Grape {number}"))


async def test_a_moderator_has_one_proposal_and_it_is_the_last(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    first = await reload(mo, server, posters(*FRUIT, "Grape"))
    await reload(mo, server, posters(*FRUIT, "Honeydew"))
    last = await reload(mo, server, posters(*FRUIT, "Imbe"))
    assert waiting(server) == 1
    assert "made way for a newer one" in await refused(mo, first, "Apply")
    assert titles(server) == list(FRUIT)
    await press(mo, last, "Apply")
    assert titles(server) == [*FRUIT, "Imbe"]
    assert waiting(server) == 0


async def test_what_nobody_presses_is_let_go_of_when_its_time_is_over(start: Start) -> None:
    server = await start()
    await propose(server, "mo", 1)
    await server.advance(HOUR / 2)
    await propose(server, "max", 2)
    assert waiting(server) == 2
    await server.advance(HOUR / 2 + 2)
    assert waiting(server) == 1
    await server.advance(HOUR / 2 + 2)
    assert waiting(server) == 0


async def test_there_are_only_so_many_however_many_moderators_there_are(start: Start) -> None:
    server = await start()
    for number in range(13):
        await propose(server, f"mo{number}", number)
    assert waiting(server) == 10

"""Looking things up, as an attendee does it."""

from tests.conftest import Server, embed_of


async def test_a_paper_is_shown_with_everything_the_programme_knows_of_it(server: Server) -> None:
    ann = server.member("ann")

    result = await ann.slash(server.channel, "paper", paper="agenticcache")

    embed = embed_of(result)
    assert result.ephemeral
    assert embed.title == "#1 · AgenticCache: Cache-Driven Asynchronous Planning for Embodied AI Agents"

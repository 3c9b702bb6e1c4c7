"""The preview of another conference: one of talks, which is not on today."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.permissions import Audience
from bot.preview.furnishing import furnish
from bot.preview.page import beginning, with_demonstration_times
from bot.preview.world import simulated
from tests.support.messages import embed_of
from tests.support.moderating import text_of
from tests.support.server import MakeConfig

TALKS = Path(__file__).parent / "talks.json"
OPENING = datetime(2026, 9, 12, 7, tzinfo=UTC)
LEAD = timedelta(minutes=15)


async def test_it_begins_before_the_conference_opens_and_answers_about_its_talks(make_config: MakeConfig) -> None:
    config = make_config().showing(TALKS, "Europe/Berlin")
    assert await with_demonstration_times(config, LEAD) == config
    start = await beginning(config, LEAD)
    assert start == OPENING - LEAD
    async with simulated(config, start) as world:
        await furnish(world)
        ada = world.people[Audience.ATTENDEE]
        opening = embed_of(await ada.slash(world.channel, "next"))
        talk = embed_of(await ada.slash(world.channel, "paper", paper="time zones"))
        keynote = embed_of(await ada.slash(world.channel, "session", session="keynote"))
        assert world.bot.services.library.edition.corrections == (), "somebody's own programme is not touched"
    assert "Keynote: What a Schedule Owes Its Readers" in (opening.description or "")
    places = {field.name: field.value or "" for field in talk.fields}
    assert "Main hall" in places["Where and when"]
    assert f"<t:{int(datetime(2026, 9, 12, 8, 15, tzinfo=UTC).timestamp())}:" in places["Where and when"]
    assert "poster" not in str([opening.to_dict(), talk.to_dict(), keynote.to_dict()]).lower()


async def test_a_conference_whose_times_are_not_announced_begins_now(make_config: MakeConfig) -> None:
    assert abs(await beginning(make_config(), LEAD) - datetime.now(UTC)) < timedelta(minutes=5)


async def test_nothing_but_the_bot_itself_answers_in_a_simulation_where_it_is_configured_to_have_a_second_process(
    make_config: MakeConfig,
) -> None:
    async with simulated(make_config(search={"own_process": True})) as world:
        status = await world.people[Audience.MODERATOR].slash(world.organizers, "status")
    assert status.response
    assert "process" not in text_of(status.response)

"""What has happened in the preview before anybody looks, for organizers and moderators; and a calendar that answers."""

import re

import aiohttp
from icalendar import Calendar
from simcord.actors import MemberActor
from simcord.results import ResponseMessage

from bot.permissions import Audience
from bot.preview.world import World
from tests.preview.test_example import shown
from tests.support.messages import assert_within_limits
from tests.support.moderating import text_of


async def asked(world: World, who: Audience, command: str, **options: object) -> ResponseMessage:
    channel = world.channel if who is Audience.ATTENDEE else world.organizers
    result = await world.people[who].slash(channel, command, **options)
    assert result.response
    assert_within_limits(result.response)
    return result.response


async def test_organizers_find_a_scheduled_announcement_and_one_that_was_cancelled() -> None:
    async with shown() as world:
        listed = text_of(await asked(world, Audience.ORGANIZER, "announce list"))
        assert "Group photo at lunch" in listed
        assert "Morning run" in listed[listed.casefold().index("cancelled") :]
        assert "Tue 19 May, 11:45 PDT" in listed
        assert "Group photo at lunch" not in [embed.title for one in world.news.history() for embed in one.embeds]


async def test_what_was_done_is_told_in_the_organizers_own_channel() -> None:
    async with shown() as world:
        await world.env.settle()
        told = "\n".join(map(text_of, world.organizers.history()))
    assert "announcement cancelled" in told.casefold()
    assert "Conference Dinner" in told


async def test_moderators_find_a_fix_in_the_history_that_can_be_taken_back() -> None:
    async with shown() as world:
        history = text_of(await asked(world, Audience.MODERATOR, "programme history")).replace("\\", "")
        assert "**Fix**: room of Conference Dinner, “Boathouse” → “Boathouse, Upper Deck”" in history
        assert "Boathouse, Upper Deck" in text_of(await asked(world, Audience.ATTENDEE, "session", session="dinner"))
        preview = text_of(await asked(world, Audience.MODERATOR, "programme undo"))
        assert "takes back the last change: **fix**" in preview


async def test_an_attendee_subscribes_to_the_agenda_at_an_address_that_answers() -> None:
    async with shown() as world:
        ada: MemberActor = world.people[Audience.ATTENDEE]
        paper = (await ada.slash(world.channel, "paper", paper="warm-caches")).response
        assert paper
        await ada.click(paper, label="Bookmark")
        agenda = (await ada.slash(world.channel, "agenda")).response
        assert agenda
        offered = (await ada.click(agenda, label="Subscribe")).response
        assert offered
        told = (await ada.click(offered, label="Give me an address")).response
        assert told
        (address,) = re.findall(r"^http://\S+$", text_of(told), re.MULTILINE)
        assert f"webcal:{address.removeprefix('http:')}" in text_of(told)

        async with aiohttp.ClientSession() as http, http.get(address) as response:
            assert response.status == 200
            calendar = Calendar.from_ical(await response.text())
        assert any("Warm Caches" in str(event) for event in calendar.walk("VEVENT"))

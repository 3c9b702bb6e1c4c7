"""The button that hands out one's agenda as a calendar file."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from simcord.actors import MemberActor

from bot.config import Config
from tests.support.loading import loaded
from tests.support.messages import shown
from tests.support.planning import alone, at, calendar_in, described, mark, paper_lines, public_messages, said, state
from tests.support.server import Server, StartServer

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def exported(server: Server, who: MemberActor) -> dict[str, Any]:
    """Export somebody's agenda; return its events by the sessions' names."""
    listed = await who.slash(server.channel, "agenda")
    events = calendar_in(server, await who.click(shown(listed), label="Export calendar"))
    assert len({str(event["UID"]) for event in events}) == len(events)
    return {str(event["SUMMARY"]): event for event in events}


async def test_the_calendar_has_an_event_for_each_session_of_mine(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Walnut", "Mango", "Kiwi", "Nectarine", "Quince")

    events = await exported(server, ann)

    assert list(events) == ["Evening Posters", "Night Posters", "Closing"]
    evening = events["Evening Posters"]
    assert described(evening) == ["Kiwi", "Mango"]
    assert evening["DTSTART"].to_ical() == b"20260518T180000"
    assert evening["DTSTART"].params["TZID"] == "America/Los_Angeles"
    assert evening["DTEND"].to_ical() == b"20260518T200000"
    assert str(evening["LOCATION"]) == "Hall"
    assert "LOCATION" not in events["Night Posters"]
    assert "DTEND" not in events["Closing"]


async def test_the_calendar_file_is_for_the_presser_alone_and_the_agenda_stays(server: Server) -> None:
    channel = server.guild.create_text_channel("quiet")
    ann = server.member("ann")
    await mark(ann, channel, "Apple")
    listed = await ann.slash(channel, "agenda")
    before = state(shown(listed))

    result = await ann.click(shown(listed), label="Export calendar")

    assert shown(result).ephemeral
    assert "calendar" in shown(result).content
    assert calendar_in(server, result)
    assert state(shown(listed)) == before
    assert public_messages(server, channel) == []


async def test_where_nothing_of_mine_has_a_time_the_export_says_so(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Quince")
    listed = await ann.slash(server.channel, "agenda")

    result = await ann.click(shown(listed), label="Export calendar")

    assert shown(result).attachments == []
    assert shown(result).ephemeral
    assert "nothing to export" in said(result)


async def test_an_agenda_emptied_meanwhile_has_nothing_to_export(server: Server) -> None:
    ann = server.member("ann")
    marked = await mark(ann, server.channel, "Apple")
    listed = await ann.slash(server.channel, "agenda")
    await ann.click(shown(marked), label="Remove bookmark")

    result = await ann.click(shown(listed), label="Export calendar")

    assert shown(result).attachments == []
    assert "nothing to export" in said(result)


@alone
async def test_importing_again_after_a_reload_updates_the_same_events(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Apple", "Kiwi")
    before = await exported(own, ann)
    changed = (
        f"Session\nEvening\nBalcony\n{paper_lines('Kiwi', 'Kiwi: Everything about It')}"
        f"Session\nMorning\nHall\n{paper_lines('Banana')}{paper_lines('Apple')}"
    )
    assert await own.services.library.load(loaded(changed.encode(), "changed.txt"))

    after = await exported(own, ann)

    assert {name: str(event["UID"]) for name, event in after.items()} == {
        name: str(event["UID"]) for name, event in before.items()
    }
    assert all(after[name]["SEQUENCE"] > before[name]["SEQUENCE"] for name in before)
    assert str(after["Evening"]["LOCATION"]) == "Balcony"
    assert "Everything about It" in str(after["Evening"]["DESCRIPTION"])
    assert str(after["Morning"]["DESCRIPTION"]).startswith("Apple")


@alone
async def test_importing_again_after_the_time_was_changed_moves_the_same_event(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Kiwi")
    before = (await exported(own, ann))["Evening"]
    await at(own, own.env.now() + timedelta(minutes=1))

    await own.restart(later(own.config))
    after = (await exported(own, ann))["Evening"]

    assert str(after["UID"]) == str(before["UID"])
    assert before["DTSTART"].to_ical() == b"20260518T180000"
    assert after["DTSTART"].to_ical() == b"20260518T190000"
    # Of two descriptions of an event with the same sequence the one with the later stamp counts (RFC 5546).
    assert (after["SEQUENCE"], after["DTSTAMP"].dt) > (before["SEQUENCE"], before["DTSTAMP"].dt)


def later(config: Config) -> Config:
    """Return the configuration with the evening session an hour later."""
    moved = config.model_dump()
    moved["sessions"]["evening"]["start"] = "2026-05-18T19:00"
    return Config.model_validate(moved)


@alone
async def test_a_conference_far_away_is_exported_in_its_own_time(start: StartServer) -> None:
    server = await start(
        ("Posters", "Hall", "Apple"),
        times={"posters": ("2026-09-27T09:00", "2026-09-27T11:00")},
        zone="Pacific/Auckland",
    )
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")

    event = (await exported(server, ann))["Posters"]

    assert event["DTSTART"].to_ical() == b"20260927T090000"
    assert event["DTSTART"].params["TZID"] == "Pacific/Auckland"
    assert event["DTSTART"].dt == datetime(2026, 9, 26, 20, tzinfo=UTC)

"""Editing and cancelling what has not gone out."""

import sqlite3
from datetime import timedelta

from tests.support.announcing import FORM, Hall, fail, fields, note, states, texts
from tests.support.messages import buttons_of, embed_of, menus_of, shown


async def test_a_scheduled_one_is_edited(hall: Hall) -> None:
    await hall.announce({"when": "18:00", "link": "https://example.org"}, role=hall.attendees)
    ((choice,),) = [await hall.olga.autocomplete(hall.channel, "announce edit", "announcement", "lun")]
    assert choice == {"name": "Lunch · Wed 31 Dec, 18:00 PST", "value": "1"}
    opened = await hall.olga.slash(hall.channel, "announce edit", announcement="1")
    assert fields(opened) == {
        **FORM,
        "when": "2025-12-31 18:00 -0800",
        "channels": str(hall.news.id),
        "role": "Attendees",
    }

    preview = await hall.submit(opened, {"text": "In hall C.", "when": "17:00"})
    assert preview.embeds[1].title == "Preview: nothing is changed yet"
    assert preview.content == hall.attendees.mention
    await hall.olga.click(preview, label="Save")

    assert preview.embeds[0].title == "Scheduled"
    await hall.server.advance(3600 + 60)
    assert texts(hall.news) == ["In hall C."]
    await hall.server.advance(3600)
    assert len(hall.news.history()) == 1


async def test_a_time_that_is_left_as_it_stands_stays_to_the_second(hall: Hall) -> None:
    await hall.server.advance(17)
    await hall.announce({"when": "in 20 minutes"})
    (before,) = await hall.store.latest()

    preview = await hall.edited("edit", {"text": "In hall C."})
    await hall.olga.click(preview, label="Save")

    (after,) = await hall.store.latest()
    assert after.due_at == before.due_at
    assert after.due_at.second != 0
    assert after.text == "In hall C."


async def test_a_new_time_can_be_given_with_the_command_and_now_is_one(hall: Hall) -> None:
    await hall.announce({"when": "18:00"})

    preview = await hall.edited("edit", {}, when="now")
    assert "**When:** now" in note(preview)
    await hall.olga.click(preview, label="Save")

    assert f"✅ {hall.news.mention}" in note(preview)
    assert len(hall.news.history()) == 1
    await hall.server.advance(2 * 3600 + 60)
    assert len(hall.news.history()) == 1


async def test_an_edited_one_goes_to_other_channels_and_pings_another_role(hall: Hall) -> None:
    second = hall.server.guild.create_text_channel("second")
    await hall.announce({"when": "18:00"}, role=hall.attendees)
    opened = await hall.olga.slash(hall.channel, "announce edit", announcement="1")

    preview = await hall.submit(opened, {"channels": f"{second.id} {hall.channel.id}", "role": ""})
    assert "**Pings:** nobody" in note(preview)
    assert f"- {second.mention}\n- {hall.channel.mention}" in note(preview)
    await hall.olga.click(preview, label="Save")

    (after,) = await hall.store.latest()
    assert sorted(entry.delivery.target_id for entry in after.deliveries) == sorted([second.id, hall.channel.id])
    await hall.server.advance(2 * 3600 + 60)
    assert (texts(second), texts(hall.channel), texts(hall.news)) == ([FORM["text"]], [FORM["text"]], [])
    assert second.history()[0].content == ""


async def test_channels_of_other_servers_stay_when_those_of_this_one_are_changed(hall: Hall) -> None:
    workshops = await hall.another_server()
    there = workshops.channels["announcements"]
    await hall.announce({"when": "18:00"})
    opened = await hall.olga.slash(hall.channel, "announce edit", announcement="1")
    assert fields(opened)["channels"] == str(hall.news.id)

    await hall.olga.click(await hall.submit(opened, {"channels": str(hall.channel.id)}), label="Save")

    await hall.server.advance(2 * 3600 + 60)
    assert (len(there.history()), len(hall.channel.history()), len(hall.news.history())) == (1, 1, 0)


async def test_a_scheduled_one_has_edit_and_cancel_beside_it_also_after_a_restart(hall: Hall) -> None:
    outcome = await hall.announce({"when": "in 20 minutes"})
    assert list(buttons_of(outcome)) == ["Edit", "Cancel"]
    await hall.server.restart()

    listed = await hall.olga.slash(hall.channel, "announce list")
    assert list(buttons_of(shown(listed))) == ["Edit “Lunch”", "Cancel “Lunch”"]
    preview = await hall.submit(await hall.olga.click(shown(listed), label="Edit “Lunch”"), {"text": "In hall C."})
    await hall.olga.click(preview, label="Save")
    assert [one.text for one in await hall.store.latest()] == ["In hall C."]

    result = await hall.olga.click(outcome, label="Cancel")
    question = shown(result)
    assert embed_of(result).title == "Cancel “Lunch”?"
    await hall.olga.click(question, label="Cancel it")
    assert states(hall.server) == ["cancelled"]
    assert "**Lunch**, " in (await hall.listed())["Cancelled"]
    assert f"✖️ {hall.news.mention}: cancelled" in (await hall.listed())["Cancelled"]


async def test_of_many_scheduled_ones_each_can_be_changed_from_the_list(hall: Hall) -> None:
    for number in range(7):
        await hall.announce({"title": f"Lunch {number}", "text": f"Lunch {number}", "when": f"in {number + 1} hours"})

    listed = shown(await hall.olga.slash(hall.channel, "announce list"))
    assert list(buttons_of(listed))[:2] == ["Edit “Lunch 0”", "Cancel “Lunch 0”"]
    assert len(buttons_of(listed)) == 8
    (options,) = menus_of(listed).values()
    assert [option["label"] for option in options] == ["Lunch 4", "Lunch 5", "Lunch 6"]
    await hall.olga.select(listed, [options[1]["value"]])
    assert listed.embeds[0].title == "Lunch 5"
    assert list(buttons_of(listed)) == ["Edit", "Cancel"]


async def test_what_has_gone_out_is_neither_edited_nor_cancelled_but_corrected(hall: Hall) -> None:
    await hall.announce()

    for command in ("edit", "cancel"):
        refused = await hall.olga.slash(hall.channel, f"announce {command}", announcement="1")
        assert refused.ephemeral
        assert "It has gone out already. Use </announce correct:" in shown(refused).content
        assert await hall.olga.autocomplete(hall.channel, f"announce {command}", "announcement", "") == []


async def test_an_announcement_that_is_none_is_told(hall: Hall) -> None:
    for command in ("edit", "cancel", "correct"):
        for number in ("2", "Lunch", "-1", "9" * 40, "²"):
            refused = await hall.olga.slash(hall.channel, f"announce {command}", announcement=number)

            assert refused.ephemeral
            assert "I don't know that announcement" in shown(refused).content
        await hall.server.rest()


async def test_one_that_goes_out_while_it_is_edited_is_not_changed(hall: Hall) -> None:
    await hall.announce({"when": "in 20 minutes"})
    preview = await hall.edited("edit", {"text": "Too late.", "when": "in 30 minutes"})
    await hall.server.advance(1210)

    result = await hall.olga.click(preview, label="Save")

    said = [message.content for message in result.followups]
    assert any("It has gone out already" in content for content in said)
    assert texts(hall.news) == [FORM["text"]]
    assert [entry.action for entry in await hall.record()] == ["announcement scheduled"]
    await hall.server.advance(1800)
    assert len(hall.news.history()) == 1


async def test_a_scheduled_one_is_cancelled_when_that_is_confirmed(hall: Hall) -> None:
    await hall.announce({"when": "in 20 minutes"})
    asked = await hall.olga.slash(hall.channel, "announce cancel", announcement="1")
    assert asked.ephemeral
    await hall.olga.click(shown(asked), label="Keep it")
    assert embed_of(asked).title == "It stays as it is."
    assert states(hall.server) == ["planned"]

    asked = await hall.olga.slash(hall.channel, "announce cancel", announcement="1")
    await hall.olga.click(shown(asked), label="Cancel it")

    assert embed_of(asked).title == "Cancelled"
    assert states(hall.server) == ["cancelled"]
    await hall.server.advance(3600)
    assert hall.news.history() == []
    for command in ("edit", "cancel", "correct"):
        refused = await hall.olga.slash(hall.channel, f"announce {command}", announcement="1")
        assert "It was cancelled." in shown(refused).content


async def test_one_that_goes_out_while_it_is_cancelled_is_there_and_that_is_told(hall: Hall) -> None:
    await hall.announce({"when": "in 20 minutes"})
    asked = await hall.olga.slash(hall.channel, "announce cancel", announcement="1")
    await hall.server.advance(1210)

    result = await hall.olga.click(shown(asked), label="Cancel it")

    assert any("It has gone out already" in message.content for message in result.followups)
    assert len(hall.news.history()) == 1
    assert [entry.action for entry in await hall.record()] == ["announcement scheduled"]


async def test_one_that_was_taken_to_be_sent_may_still_arrive_and_that_is_told(hall: Hall) -> None:
    await hall.announce({"when": "in 20 minutes"})
    with sqlite3.connect(hall.server.config.database.path) as database:
        until = (hall.server.env.now() + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
        database.execute(
            "UPDATE delivery SET state = 'claimed', batch = 'b', claimed_at = ?, claimed_until = ?", (until, until)
        )
    database.close()

    asked = await hall.olga.slash(hall.channel, "announce cancel", announcement="1")
    await hall.olga.click(shown(asked), label="Cancel it")

    assert embed_of(asked).title == "Cancelled, but not everywhere"
    assert "may still arrive" in (embed_of(asked).description or "")


async def test_one_that_discord_does_not_take_is_retried_until_it_is_cancelled(hall: Hall) -> None:
    fail(hall, hall.news)

    outcome = await hall.announce()
    assert f"⏳ {hall.news.mention}: not there yet, I keep trying" in note(outcome)
    assert "On its way" in await hall.listed()
    asked = await hall.olga.slash(hall.channel, "announce cancel", announcement="1")
    await hall.olga.click(shown(asked), label="Cancel it")
    hall.server.env.backend.faults.clear()
    await hall.server.advance(1800)

    assert hall.news.history() == []
    assert states(hall.server) == ["cancelled"]

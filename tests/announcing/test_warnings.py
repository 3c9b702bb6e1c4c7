"""What can go wrong with an announcement is told before it is sent."""

import re

from tests.support.announcing import FORM, Hall, OpenHall, deny, fields, note, posts, texts
from tests.support.messages import assert_within_limits, buttons_of, shown


async def test_a_channel_where_the_bot_may_not_write_is_told_before_and_after(hall: Hall) -> None:
    closed = hall.server.guild.create_text_channel("closed")
    deny(hall.server, closed, send_messages=True, embed_links=True)

    preview = await hall.preview(channel=closed, everywhere=True)

    assert f"⚠️ I can't post in {closed.mention}: I lack Send Messages, Embed Links." in note(preview)
    await hall.olga.click(preview, label="Send")
    assert f"❌ {closed.mention}: Discord refuses: Missing Permissions" in note(preview)
    assert f"✅ {hall.news.mention}" in note(preview)
    assert closed.history() == []
    assert len(hall.news.history()) == 1


FAULTS = [
    ({"title": "😀" * 129}, "The title has 258 characters, 2 more than the 256"),
    ({"text": "😀" * 2500}, "The text has 5,000 characters, 1,000 more than the 4,000"),
    ({"text": "   "}, "The text is empty."),
    ({"link": "example.org"}, "The link must be a whole address"),
    ({"image": "file:///etc/passwd"}, "The image's address must be a whole address"),
    ({"when": "yesterday 9:00"}, "“yesterday 9:00” is past"),
    ({"when": "banana"}, "I don't understand “banana”"),
]


async def test_what_can_not_be_sent_is_told_and_nothing_typed_is_lost(hall: Hall) -> None:
    for form, fault in FAULTS:
        preview = await hall.preview(form)

        assert f"❌ {fault}" in note(preview)
        assert list(buttons_of(preview)) == ["Edit", "Link and image", "Cancel"]
        assert_within_limits(preview)
        label = "Edit" if FORM.keys() & form.keys() else "Link and image"
        again = await hall.olga.click(preview, label=label)
        assert {**fields(again), **form} == fields(again)
        await hall.submit(again, FORM if label == "Edit" else {"link": "", "image": ""})
        assert list(buttons_of(preview)) == ["See the schedule", "Send", "Edit", "Link and image", "Cancel"]
        await hall.server.rest()


async def test_the_longest_announcement_is_shown_and_posted_whole(hall: Hall) -> None:
    preview = await hall.preview({"title": "T" * 256, "text": "t" * 4000}, role=hall.attendees)
    assert_within_limits(preview)

    await hall.olga.click(preview, label="Send")

    (message,) = hall.news.history()
    assert_within_limits(message)
    assert (message.embeds[0].title, message.embeds[0].description) == ("T" * 256, "t" * 4000)


async def test_a_time_that_can_not_be_meant_is_refused_before_the_form_opens(hall: Hall) -> None:
    # The simulation begins at four in the afternoon by the conference's clocks.
    for when in ("yesterday 9:00", "15:00", "tomorrow", "soon", "1 Jan 2031 9:00"):
        refused = await hall.form(when=when)

        assert refused.modal is None
        assert refused.ephemeral
        assert f"“{when}”" in shown(refused).content


async def test_a_time_that_passes_before_send_is_told_and_nothing_goes_out(hall: Hall) -> None:
    preview = await hall.preview({"when": "in 5 minutes"})
    await hall.server.advance(400)

    refused = await hall.olga.click(preview, label="Schedule")

    assert refused.ephemeral
    assert "has passed meanwhile" in shown(refused).content
    assert posts(hall.server) == []
    again = await hall.olga.click(preview, label="Edit")
    await hall.olga.submit_modal(again, FORM)
    await hall.olga.click(preview, label="Send")
    assert len(hall.news.history()) == 1


async def test_without_a_channel_there_is_nowhere_to_post(open_hall: OpenHall) -> None:
    hall = await open_hall(announcements={"channels": ["nowhere"]})

    preview = await hall.preview()
    assert "❌ Say in which channel" in note(preview)

    await hall.submit(await hall.olga.click(preview, label="Edit"), {"channels": str(hall.news.id)})
    await hall.olga.click(preview, label="Send")
    assert texts(hall.news) == [FORM["text"]]


async def test_the_same_text_some_minutes_later_is_warned_of_but_can_be_sent(hall: Hall) -> None:
    await hall.announce()
    await hall.server.advance(120)

    preview = await hall.preview({"title": "LUNCH"})
    assert re.search(r"⚠️ The same text went out <t:\d+:R>\.", note(preview))
    await hall.olga.click(preview, label="Send")
    assert len(hall.news.history()) == 2

    await hall.server.advance(16 * 60)
    assert "The same text" not in note(await hall.preview())


async def test_the_same_text_that_is_scheduled_is_warned_of(hall: Hall) -> None:
    await hall.announce({"when": "tomorrow 9:00"})

    assert "⚠️ The same text is scheduled for <t:" in note(await hall.preview())
    assert "The same text" not in note(await hall.preview({"text": "Something else"}))

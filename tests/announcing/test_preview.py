"""The preview of an announcement, and sending exactly what it shows."""

from tests.support.announcing import FORM, Hall, fields, note, posts, pressed, texts
from tests.support.messages import assert_within_limits, buttons_of, embed_of, shown


async def test_the_form_asks_for_what_an_announcement_has(hall: Hall) -> None:
    opened = await hall.form(when="in 20 minutes")

    assert fields(opened) == {"title": "", "text": "", "when": "in 20 minutes", "channels": "", "role": ""}
    assert opened.modal
    required = [part["component"]["custom_id"] for part in opened.modal["components"] if part["component"]["required"]]
    assert required == ["title", "text"]


async def test_nothing_is_posted_before_send_and_then_exactly_what_was_shown(hall: Hall) -> None:
    form = {**FORM, "link": "https://example.org/lunch", "image": "https://example.org/lunch.png"}

    preview = await hall.preview(form, role=hall.attendees)

    assert preview.ephemeral
    assert_within_limits(preview)
    assert list(buttons_of(preview)) == ["See the schedule", "Send", "Edit", "Link and image", "Cancel"]
    assert preview.embeds[1].title == "Preview: nothing is posted yet"
    assert posts(hall.server) == []
    assert hall.news.history() == []
    before, content = preview.embeds[0].to_dict(), preview.content

    await hall.olga.click(preview, label="Send")

    (message,) = hall.news.history()
    assert message.embeds[0].to_dict() == before
    assert message.embeds[0].description == FORM["text"]
    assert message.embeds[0].url == form["link"]
    assert message.embeds[0].image.url == form["image"]
    assert message.content == content == hall.attendees.mention
    assert list(buttons_of(message)) == ["See the schedule"]
    assert buttons_of(preview) == {}
    assert f"✅ {hall.news.mention}: [the message](<{message.jump_url}>)" in note(preview)


async def test_channels_and_role_are_chosen_in_the_form(hall: Hall) -> None:
    second = hall.server.guild.create_text_channel("second")
    picked = {"channels": f"{second.id} {hall.channel.id}", "role": "Attendees"}

    preview = await hall.preview(picked)
    assert f"- {second.mention}\n- {hall.channel.mention}" in note(preview)
    assert f"**Pings:** {hall.attendees.mention}" in note(preview)
    again = await hall.olga.click(preview, label="Edit")
    assert fields(again)["channels"].split() == [str(second.id), str(hall.channel.id)]
    await hall.submit(again, {})
    await hall.olga.click(preview, label="Send")

    assert [len(one.history()) for one in (second, hall.channel, hall.news)] == [1, 1, 0]
    assert second.history()[0].content == hall.attendees.mention


async def test_the_form_offers_the_roles_that_may_be_pinged_and_no_others(hall: Hall) -> None:
    opened = await hall.form()
    assert opened.modal
    (role,) = [part["component"] for part in opened.modal["components"] if part["component"]["custom_id"] == "role"]
    assert [option["value"] for option in role["options"]] == ["Attendees"]


async def test_the_buttons_of_the_preview_and_of_the_message_show_the_schedule(hall: Hall) -> None:
    preview = await hall.preview()
    titles = {embed_of(await hall.olga.click(preview, label="See the schedule")).title}
    await hall.olga.click(preview, label="Send")
    ann = hall.server.member("ann")

    result = await ann.click(hall.news.history()[0], label="See the schedule")

    assert result.ephemeral
    assert {embed_of(result).title} == titles


async def test_cancelling_the_preview_posts_nothing(hall: Hall) -> None:
    preview = await hall.preview()

    await hall.olga.click(preview, label="Cancel")

    assert preview.embeds[0].title == "Nothing was posted."
    assert buttons_of(preview) == {}
    assert posts(hall.server) == []
    assert await hall.record() == []


async def test_editing_the_preview_opens_the_form_as_it_was_filled_in(hall: Hall) -> None:
    preview = await hall.preview({"link": "https://example.org"}, role=hall.attendees)
    stale, rows = buttons_of(preview)["Send"]["custom_id"], preview.components

    again = await hall.olga.click(preview, label="Edit")
    assert fields(again) == {**FORM, "channels": "", "role": "Attendees"}
    changed = await hall.submit(again, {"text": "Lunch is in hall C."})

    assert changed.id == preview.id
    links = await hall.olga.click(preview, label="Link and image")
    assert fields(links) == {"link": "https://example.org", "image": ""}
    assert preview.embeds[0].description == "Lunch is in hall C."
    assert posts(hall.server) == []
    refused = await pressed(hall.olga, preview, stale, rows)
    assert "Nothing was changed" in shown(refused).content
    assert posts(hall.server) == []
    await hall.olga.click(preview, label="Send")
    assert texts(hall.news) == ["Lunch is in hall C."]
    assert hall.news.history()[0].content == hall.attendees.mention


async def test_pressing_send_twice_sends_once(hall: Hall) -> None:
    preview = await hall.preview()
    custom_id, rows = buttons_of(preview)["Send"]["custom_id"], preview.components

    await hall.olga.click(preview, label="Send")
    await pressed(hall.olga, preview, custom_id, rows)

    assert len(hall.news.history()) == 1
    assert len(await hall.record()) == 1
    assert f"✅ {hall.news.mention}" in note(preview), "what became of it is said again"


async def test_a_preview_is_its_owners_alone(hall: Hall) -> None:
    preview = await hall.preview()
    otto = hall.server.member("otto", "Organizers")

    refused = await pressed(otto, preview, buttons_of(preview)["Send"]["custom_id"])

    assert refused.ephemeral
    assert "Nothing was changed" in shown(refused).content
    assert posts(hall.server) == []


async def test_after_a_restart_a_preview_says_that_nothing_was_done(hall: Hall) -> None:
    preview = await hall.preview()
    await hall.server.restart()

    for label in ("Send", "Edit", "Cancel"):
        result = await hall.olga.click(preview, label=label)
        assert result.ephemeral
        assert "Nothing was changed; use the command again." in shown(result).content
    assert posts(hall.server) == []

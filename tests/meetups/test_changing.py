"""Changing, cancelling and closing meetups, who may, how often, and what is kept about people."""

import json

import discord

from bot.meetups.answers import UNREACHABLE
from tests.meetups.conftest import Opened, Square, said, text
from tests.support.announcing import deny, fields
from tests.support.messages import buttons_of, embed_of, shown
from tests.support.planning import description_of, forge_press, pick


async def change(square: Square, **typed: str) -> str:
    opened = await square.ann.slash(square.general, "meetup change", meetup="1")
    result = await square.ann.submit_modal(opened, fields(opened) | typed)
    await square.rest()
    return said(result) or text(result)


async def test_those_who_come_hear_what_has_changed_and_are_reminded_at_the_new_time(square: Square) -> None:
    await square.open(when="0:30", people=3)
    await square.join(square.bob)

    assert await change(square, when="0:40", place="Garden") == "**Changed.** Those who come hear of it."

    (embed,) = square.received(square.bob)
    assert embed.title == "Changed: Graphs over coffee"
    text_ = embed.description or ""
    assert text_.startswith(
        "**Another time:** it was Thu 1 Jan, 00:30 UTC\n**Another place:** it was Foyer\n\n"
        "**When:** Thu 1 Jan, 00:40–02:40 UTC"
    )
    assert square.received(square.ann) == []
    assert "**Where:** Garden" in (square.post.embeds[0].description or "")
    await square.pass_minutes(20)
    assert len(square.titles(square.bob)) == 1
    await square.pass_minutes(6)
    assert square.titles(square.bob)[1:] == ["Graphs over coffee begins soon"]

    # Once reminded, they are again where it is put off by more than some minutes.
    assert await change(square, when="0:55", topic="Graphs over tea") == "**Changed.** Those who come hear of it."
    await square.pass_minutes(15)
    assert square.titles(square.bob)[2:] == ["Changed: Graphs over tea", "Graphs over tea begins soon"]
    assert square.threads[0].name == "Graphs over tea"


async def test_more_places_are_for_those_who_wait_and_fewer_than_come_there_can_t_be(square: Square) -> None:
    await square.open(people=2)
    await square.join(square.bob, square.cyd)

    assert await change(square, people="3") == "**Changed.**"
    assert square.titles(square.cyd) == ["You have a place: Graphs over coffee"]
    assert square.titles(square.bob) == []
    assert "Who comes: 3 of 3" in square.fields
    assert await change(square, people="2") == "❌ How many people: 3 come already, so it can't be for fewer."
    assert await change(square) == "Nothing was changed."


async def test_changes_are_limited_since_others_hear_of_each(square: Square) -> None:
    await square.open()
    for number in range(5):
        assert await change(square, topic=f"Topic {number}") == "**Changed.**"

    opened = await square.ann.slash(square.general, "meetup change", meetup="1")
    refused = await square.ann.submit_modal(opened, fields(opened) | {"topic": "One more"})

    assert any("It was changed 5 times within an hour" in one.content for one in [*refused.followups, shown(refused)])
    assert square.post.embeds[0].title == "Topic 4"


async def test_who_opened_it_cancels_it_after_a_question_and_nobody_else_can(opened: Opened) -> None:
    square = await opened(check_errors=False)
    await square.open(when="0:30", people=2)
    await square.join(square.bob, square.cyd)

    others = await square.bob.slash(square.general, "meetup cancel", meetup="1")
    assert "Only whoever opened a meetup" in text(others)
    assert "cancel it with `/meetup cancel`" in text(await square.press(square.ann, "Leave"))
    asked = await square.ann.slash(square.general, "meetup cancel", meetup="1")
    assert "2 other people will hear of it." in description_of(asked)
    stolen = await forge_press(square.server, square.bob, shown(asked), "Cancel it")
    assert "Only whoever opened a meetup" in text(stolen)
    done = await square.ann.click(shown(asked), label="Cancel it")
    await square.rest()
    await square.server.restart()
    await square.pass_minutes(20)

    assert said(done) == "**It is cancelled.** Those who wanted to come hear of it."
    assert square.titles(square.bob) == square.titles(square.cyd) == ["Cancelled: Graphs over coffee"]
    assert square.titles(square.ann) == []
    assert square.post.embeds[0].title == "Cancelled: Graphs over coffee"
    assert list(buttons_of(square.post)) == ["Details"]
    assert square.is_archived() == (True, False)
    assert square.in_file("SELECT DISTINCT state FROM delivery WHERE kind = 'meetup-reminder'") == [("cancelled",)]


async def test_how_many_one_person_opens_at_a_time_and_in_a_day_is_limited(opened: Opened) -> None:
    square = await opened(check_errors=False, open_at_once=2, open_per_day=3)
    olga = square.server.member("olga", "Organizers")

    async def cancel(number: int) -> None:
        asked = await square.ann.slash(square.general, "meetup cancel", meetup=str(number))
        await square.ann.click(shown(asked), label="Cancel it")

    await square.open(topic="One")
    assert "You have opened this meetup already" in square.told(await square.open(topic="one"))
    await square.open(topic="Two")
    third = square.told(await square.open(topic="Three"))
    await cancel(1)
    await square.open(topic="Three")
    await cancel(3)
    fourth = square.told(await square.open(topic="Four"))

    assert "You have 2 meetups open, which is as many as one person may" in third
    assert "You have opened 3 meetups within a day" in fourth
    assert "the next one <t:1767312" in fourth
    assert len(square.posts) == 3
    await square.open(square.bob, topic="Four")
    for number in range(4):
        await square.open(olga, topic=f"Of the organizers {number}")
    assert len(square.posts) == 8


async def test_organizers_close_one_with_a_reason_and_it_is_recorded(square: Square) -> None:
    await square.open(topic="Buy my book")
    await square.join(square.bob)
    olga = square.server.member("olga", "Organizers")

    looked = await pick(olga, shown(await olga.slash(square.general, "meetup list")), "Open a meetup", "Buy")
    assert "Close" not in buttons_of(shown(await square.press(square.bob, "Details")))
    refused = await forge_press(square.server, square.bob, shown(looked), "Close")
    assert "This is for organizers and moderators only." in text(refused)
    form = await olga.click(shown(looked), label="Close")
    done = await olga.submit_modal(form, {"reason": "No *advertising*."})
    await square.rest()

    assert said(done) == "**It is closed.** Those who wanted to come hear of it."
    for person in (square.ann, square.bob):
        (embed,) = square.received(person)
        assert embed.title == "Closed by the organizers: Buy my book"
        assert "**Why:** No \\*advertising\\*." in (embed.description or "")
    assert square.is_archived() == (True, True)
    (entry,) = await square.record()
    assert (entry.user_id, entry.action, entry.about, entry.after) == (
        olga.id,
        "meetup closed",
        "Buy my book",
        "No *advertising*.",
    )
    (logged,) = square.server.guild.channels["bot-log"].history()
    assert logged.embeds[0].title == "meetup closed"
    suggested = await olga.autocomplete(square.general, "meetup cancel", "meetup", "")
    assert suggested == []


async def test_my_data_shows_it_hands_it_out_and_its_deletion_ends_ones_meetups_and_gives_places_away(
    square: Square,
) -> None:
    ann, bob, cyd = square.ann, square.bob, square.cyd
    await square.open(topic="Secret handshakes", where="My flat")
    await square.open(bob, topic="Chess", when="19:00", people=2)
    await ann.click(square.posts[1], label="Join")
    await cyd.click(square.posts[1], label="Join")
    await bob.click(square.posts[0], label="Join")
    await square.rest()

    data = await ann.slash(square.general, "mydata")
    assert "1 meetup you opened, as you wrote them and that you come to or wait for 1 meetup" in description_of(data)
    downloaded = await ann.click(shown(data), label="Download everything")
    files = {one.filename: one.url for one in shown(downloaded).attachments}
    content = square.server.env.backend.cdn.get(files["my-mlsys-2026.json"])
    assert content is not None
    kept = json.loads(content)["meetups"]
    assert [(one["topic"], one["opened_by_you"]) for one in kept] == [("Secret handshakes", True), ("Chess", False)]
    asked = await ann.click(shown(data), label="Delete everything")
    await ann.click(shown(asked), label="Yes, delete everything")
    await square.rest()

    for (name,) in square.in_file("SELECT name FROM sqlite_master WHERE type = 'table'"):
        found = square.in_file(f'SELECT * FROM "{name}"')  # noqa: S608
        assert not any(ann.id in row or str(ann.id) in row or "My flat" in row for row in found), name
    mine, chess = square.posts
    assert mine.embeds[0].title == "A meetup that does not take place"
    assert list(buttons_of(mine)) == ["Details"]
    threads = {one.id: one for one in square.channel.threads}
    assert threads[mine.id].name == "A meetup that is over"
    assert square.is_archived(threads[mine.id]) == (True, False)
    assert square.titles(bob) == ["A meetup that does not take place"]
    assert "Secret" not in str(square.received(bob)[0].to_dict())
    assert square.titles(cyd) == ["You have a place: Chess"]
    assert {field.name: field.value for field in chess.embeds[0].fields} == {
        "Who comes: 2 of 2": f"<@{bob.id}>, <@{cyd.id}>"
    }
    assert square.thread_members(threads[chess.id]) == {bob.id, cyd.id}
    assert description_of(await ann.slash(square.general, "mydata")) == "Nothing."


async def test_who_came_is_forgotten_a_month_after_the_end(square: Square) -> None:
    await square.open()
    asked = await square.ann.slash(square.general, "meetup cancel", meetup="1")
    await square.ann.click(shown(asked), label="Cancel it")
    await square.rest()
    assert "1 meetup" in description_of(await square.ann.slash(square.general, "mydata")).lower()

    await square.server.bot.close()
    square.server.env.backend.advance_clock(30 * 24 * 3600)
    await square.server.restart()
    await square.rest()

    assert square.in_file("SELECT opener_id, topic, place FROM meetup") == [(None, "", "")]
    assert square.in_file("SELECT count(*) FROM meetup_guest") == [(0,)]
    await square.open(topic="The next one")
    assert square.in_file("SELECT id, topic FROM meetup") == [(2, "The next one")]


async def test_who_takes_no_direct_messages_hears_of_it_once(square: Square) -> None:
    await square.open(people=2)
    await square.join(square.bob, square.cyd)
    closed = f"/channels/{square.cyd.user.dm_channel.id}/messages"
    square.server.env.inject_error("POST", closed, status=403, code=50007, message="Cannot send messages to this user")
    await square.press(square.bob, "Leave")
    await square.rest()
    await square.server.restart()

    first, second = [await square.cyd.slash(square.general, "meetup list") for _ in range(2)]

    assert [one.content for one in first.followups] == [UNREACHABLE]
    assert second.followups == []


async def test_status_names_what_is_missing_in_the_channel_for_meetups(square: Square) -> None:
    olga = square.server.member("olga", "Organizers")
    manager = square.server.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    square.server.env.backend.add_member_role(square.server.guild.id, olga.id, manager.id)
    deny(square.server, square.channel, create_public_threads=True)
    await square.server.env.settle()

    answer = await olga.slash(square.general, "status")

    problems = next(field.value for field in embed_of(answer).fields if field.name == "Permission problems")
    assert f"{square.channel.mention} (`meetups.channel`): the bot lacks Create Public Threads" in (problems or "")

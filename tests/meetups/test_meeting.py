"""Opening a meetup, joining it, waiting for a place, being reminded, and its end."""

from simcord.actors import MemberActor
from simcord.results import InteractionResult

from tests.meetups.conftest import Opened, Square, said, text
from tests.support.announcing import allow, deny, fields
from tests.support.messages import assert_within_limits, buttons_of, displayed, embed_of, menus_of, shown
from tests.support.planning import field, mark, pick


async def test_it_is_posted_once_with_who_comes_and_gets_a_thread_with_whoever_opened_it(square: Square) -> None:
    answer = await square.open(people=6)

    assert answer.ephemeral
    assert said(answer) == f"**It is open**, and in {square.channel.mention} in a moment, with a thread of its own."
    embed = square.post.embeds[0]
    assert embed.title == "Graphs over coffee"
    assert "**When:** Thu 1 Jan, 18:00–20:00 UTC · for you <t:1767290400:f>" in (embed.description or "")
    assert f"**Where:** Foyer\n**Opened by:** <@{square.ann.id}>" in (embed.description or "")
    assert square.fields == {"Who comes: 1 of 6": f"<@{square.ann.id}>"}
    assert list(buttons_of(square.post)) == ["Details", "Join", "Leave"]
    (thread,) = square.threads
    assert (thread.id, thread.name) == (square.post.id, "Graphs over coffee")
    assert square.thread_members() == {square.ann.id}
    assert square.post.mentions == []


async def test_the_form_asks_for_what_was_not_said_names_what_is_wrong_and_loses_nothing(square: Square) -> None:
    opened = await square.ann.slash(square.general, "meetup open", topic="Proofs", where="Café")
    typed = {"when": "yesterdayish", "people": "1", "about": "Bring a *pen*."}
    assert fields(opened)["topic"] == "Proofs"

    refused = await square.ann.submit_modal(opened, fields(opened) | typed)

    lines = (embed_of(refused).description or "").splitlines()
    assert lines[0] == "❌ How many people: a meetup is for 2 to 50 people, you included."
    assert lines[1].startswith("❌ When: I don't understand “yesterdayish” as a date and a time. Write one such as")
    assert square.posts == []

    again = await square.ann.click(shown(refused), label="Edit")
    assert fields(again) == {"topic": "Proofs", "place": "Café", **typed}
    done = await square.ann.submit_modal(again, fields(again) | {"when": "tomorrow 9:00", "people": ""})
    await square.rest()

    assert said(done).startswith("**It is open**")
    assert square.post.embeds[0].title == "Proofs"
    assert (square.post.embeds[0].description or "").startswith("Bring a \\*pen\\*.\n\n**When:** Fri 2 Jan, 09:00")
    assert "Who comes: 1 of 50" in square.fields


async def test_who_joins_is_shown_and_in_the_thread_and_many_joins_are_few_edits(square: Square) -> None:
    await square.open()
    crowd = [square.server.member(f"guest{number}") for number in range(20)]
    edits = f"/channels/{square.channel.id}/messages/{square.post.id}"

    for one in crowd:
        await square.press(one, "Join")
    await square.press(crowd[0], "Join")
    await square.rest()

    assert square.fields["Who comes: 21 of 50"].split(", ") == [f"<@{one.id}>" for one in (square.ann, *crowd)]
    assert square.thread_members() == {square.ann.id, *(one.id for one in crowd)}
    assert len([one for one in square.server.env.http_requests if (one.method, one.path) == ("PATCH", edits)]) <= 4
    left = await square.press(crowd[3], "Leave")
    await square.rest()
    assert said(left) == "**You come no more.**"
    assert f"<@{crowd[3].id}>" not in square.fields["Who comes: 20 of 50"]
    assert crowd[3].id not in square.thread_members()


async def test_who_finds_no_place_waits_moves_up_in_turn_and_is_told_once(square: Square) -> None:
    ann, bob, cyd = square.ann, square.bob, square.cyd
    dan = square.server.member("dan")
    await square.open(people=2)
    await square.join(bob)
    waits = await square.press(cyd, "Join")
    await square.join(dan)

    assert said(waits).startswith("**You are on the waiting list.**")
    assert square.fields == {
        "Who comes: 2 of 2": f"<@{ann.id}>, <@{bob.id}>",
        "On the waiting list: 2": f"<@{cyd.id}>, <@{dan.id}>",
    }
    assert square.thread_members() == {ann.id, bob.id}
    await square.press(bob, "Leave")
    await square.rest()
    await square.server.restart()
    await square.rest()

    assert square.fields == {"Who comes: 2 of 2": f"<@{ann.id}>, <@{cyd.id}>", "On the waiting list: 1": f"<@{dan.id}>"}
    assert square.titles(cyd) == ["You have a place: Graphs over coffee"]
    assert square.titles(dan) == square.titles(bob) == []
    assert square.thread_members() == {ann.id, cyd.id}
    (message,) = cyd.user.dm_channel.history()
    gone = await cyd.user.click(message, label="Leave")
    await square.rest()
    assert said(gone) == "**You come no more.**"
    assert square.titles(dan) == ["You have a place: Graphs over coffee"]
    assert square.thread_members() == {ann.id, dan.id}


async def test_those_who_come_are_reminded_once_whatever_is_restarted(square: Square) -> None:
    await square.open(when="0:30", people=2)
    await square.join(square.bob, square.cyd)
    assert square.fields["On the waiting list: 1"] == f"<@{square.cyd.id}>"
    await square.server.restart()
    await square.pass_minutes(13)
    assert square.titles(square.bob) == []

    await square.pass_minutes(3)
    await square.server.restart()
    await square.pass_minutes(5)

    assert square.titles(square.bob) == square.titles(square.ann) == ["Graphs over coffee begins soon"]
    assert square.titles(square.cyd) == []
    (embed,) = square.received(square.bob)
    assert f"**Where:** Foyer\nIts thread: <#{square.threads[0].id}>" in (embed.description or "")
    assert list(buttons_of(square.bob.user.dm_channel.history()[0])) == ["Details", "Leave"]
    assert list(buttons_of(square.ann.user.dm_channel.history()[0])) == ["Details"]


async def test_who_leaves_is_not_reminded_and_who_joins_late_neither(square: Square) -> None:
    await square.open(when="0:30")
    await square.join(square.bob)
    await square.press(square.bob, "Leave")
    await square.pass_minutes(16)
    await square.join(square.cyd)
    await square.pass_minutes(16)

    assert square.titles(square.ann) == ["Graphs over coffee begins soon"]
    assert square.titles(square.bob) == square.titles(square.cyd) == []


async def test_it_ends_by_itself_with_a_message_that_says_so_and_an_archived_thread(square: Square) -> None:
    await square.open(when="0:02", hours=1)
    await square.join(square.bob)
    await square.pass_minutes(58)
    assert square.is_archived() == (False, False)

    await square.pass_minutes(4)

    assert square.post.embeds[0].title == "Over: Graphs over coffee"
    assert "2 people came." in (square.post.embeds[0].description or "")
    assert list(buttons_of(square.post)) == ["Details"]
    assert square.is_archived() == (True, False)
    assert "There are none yet." in (embed_of(await square.bob.slash(square.general, "meetup list")).description or "")
    requests = len(square.server.env.http_requests)
    await square.pass_minutes(3)
    assert len(square.server.env.http_requests) == requests


async def test_one_that_ends_while_the_bot_is_away_is_closed_at_its_next_start(square: Square) -> None:
    await square.open(when="1:00", hours=1)
    await square.server.bot.close()
    square.server.env.backend.advance_clock(3 * 3600)
    await square.server.restart()
    await square.rest()

    assert square.post.embeds[0].title == "Over: Graphs over coffee"
    assert square.is_archived() == (True, False)
    assert square.titles(square.ann) == []


async def test_what_clashes_with_ones_agenda_and_ones_other_meetups_is_said(square: Square) -> None:
    await mark(square.bob, square.general, "Apple", "Kiwi", "Fig")
    await square.open(when="11:15", topic="Lunch?")

    joined = await square.press(square.bob, "Join")
    await square.open(square.cyd, when="11:30", topic="Chess")
    another = await square.bob.click(square.posts[1], label="Join")

    def clashes(result: InteractionResult) -> str | None:
        return field(result, "At the same time in your agenda")

    assert said(joined) == "**You come.** I send you a direct message 15 minutes before it begins."
    assert clashes(joined) == "Posters, Thu 1 Jan, 10:00–12:00 UTC\nDemos, Thu 1 Jan, 11:00–11:30 UTC"
    assert clashes(another) == "Posters, Thu 1 Jan, 10:00–12:00 UTC\nLunch?, Thu 1 Jan, 11:15–13:15 UTC"
    assert clashes(await square.press_on(0, square.cyd, "Join")) == "Chess, Thu 1 Jan, 11:30–13:30 UTC"


async def test_the_list_has_those_to_come_in_order_marks_ones_own_and_opens_each(square: Square) -> None:
    await square.open(topic="Second", when="12:00")
    await square.open(topic="First", when="tomorrow 8:00", where="Hall")
    await square.open(square.bob, topic="Before both", when="11:00", people=2)
    await square.ann.click(square.posts[2], label="Join")
    await square.cyd.click(square.posts[2], label="Join")
    await square.rest()

    listed = await square.cyd.slash(square.general, "meetup list")
    text_ = embed_of(listed).description or ""
    assert listed.ephemeral
    assert text_.index("★ **Before both**") < text_.index("\n**Second**") < text_.index("\n**First**")
    assert "2 of 2 come, 1 person waits, you wait" in text_
    assert f"[message](<https://discord.com/channels/{square.server.guild.id}/{square.channel.id}/" in text_
    assert_within_limits(shown(listed))
    options = menus_of(shown(listed))["Open a meetup"]
    assert [option["label"] for option in options] == ["Before both", "Second", "First"]
    looked = await pick(square.cyd, shown(listed), "Open a meetup", "First")
    assert list(buttons_of(shown(looked))) == ["Share", "Join", "Where is it?", "All meetups", "My meetups"]
    own = await square.cyd.click(shown(looked), label="My meetups")
    assert "Before both" in (embed_of(own).description or "")
    assert "Second" not in (embed_of(own).description or "")
    public = await square.cyd.slash(square.server.guild.channels["lobby"], "meetup list")
    assert not public.ephemeral
    assert "★" not in (embed_of(public).description or "")


async def test_what_people_type_can_neither_ping_nor_forge_anything(square: Square) -> None:
    topic = "@everyone [free](https://evil.example) **x** \u202egnp"
    await square.open(topic=topic, where="# <@1> <#2> ||boo||", people=2)
    await square.join(square.bob, square.cyd)

    embed = square.post.embeds[0]
    assert displayed(embed.title or "")[0] == "@everyone [free](https://evil.example) **x** gnp"
    assert "**Where:** \\# \\<\\@1\\> \\<\\#2\\> \\|\\|boo\\|\\|" in (embed.description or "")
    assert embed.url is None
    sent = [one.json for one in square.server.env.http_requests if one.path.endswith(f"{square.channel.id}/messages")]
    assert [one["allowed_mentions"] for one in sent if one and "allowed_mentions" in one] == [{"parse": []}]


async def test_where_meetups_are_not_set_up_there_is_no_command_and_elsewhere_it_says_why(opened: Opened) -> None:
    square = await opened(check_errors=False)
    another = square.server.env.create_guild("Workshop")
    channel = another.create_text_channel("general")
    await square.server.env.settle()
    dan = another.add_member(square.server.env.create_user("dan"))

    assert "Meetups are not set up here" in text(
        await dan.slash(channel, "meetup open", topic="x", when="9:00", where="y")
    )
    deny(square.server, square.channel, send_messages=True)
    refused = await square.ann.slash(square.general, "meetup open", topic="x", when="9:00", where="y")
    assert f"I lack Send Messages, Embed Links in {square.channel.mention}" in text(refused)
    allow(square.server, square.channel)
    deny(square.server, square.channel, view_channel=True)
    await square.server.env.settle()
    assert "you don't see" in text(await square.ann.slash(square.general, "meetup open"))
    off = square.server.config.model_copy(
        update={"meetups": square.server.config.meetups.model_copy(update={"channel": None})}
    )
    await square.server.restart(off)
    assert "meetup" not in [one.name for one in square.server.bot.tree.get_commands()]


async def test_where_threads_are_not_allowed_all_else_works_and_the_thread_comes_once_it_is(square: Square) -> None:
    deny(square.server, square.channel, create_public_threads=True)
    await square.open()
    await square.join(square.bob)
    assert square.threads == []
    assert len(square.fields["Who comes: 2 of 50"].split(", ")) == 2

    allow(square.server, square.channel)
    await square.server.env.settle()
    await square.rest()

    assert square.thread_members() == {square.ann.id, square.bob.id}


async def look(square: Square, who: MemberActor) -> InteractionResult:
    """Open the one meetup from the list."""
    return await pick(who, shown(await who.slash(square.general, "meetup list")), "Open a meetup", "Graphs")


async def test_a_message_that_somebody_deleted_is_posted_again_when_asked_for(square: Square) -> None:
    await square.open()
    first = square.post.id
    square.server.env.backend.delete_message(square.channel.id, first)
    assert "Post it again" not in buttons_of(shown(await look(square, square.ann)))
    # That it is gone is known once it is to be changed.
    await square.bob.click(shown(await look(square, square.bob)), label="Join")
    await square.rest()
    assert square.posts == []
    assert "Post it again" not in buttons_of(shown(await look(square, square.bob)))

    again = await square.ann.click(shown(await look(square, square.ann)), label="Post it again")
    await square.rest()

    assert said(again) == "It is in its channel in a moment."
    assert square.post.id != first
    assert "Who comes: 2 of 50" in square.fields
    assert len(square.channel.threads) == 1
    assert square.thread_members() == {square.ann.id, square.bob.id}

"""A place for each paper and session: opened by a press, once; what it shows; and that people find their way to it."""

import asyncio
from datetime import UTC

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.discussion import room
from bot.discussion.model import Addition, Subject, paper_subject
from bot.errors import UserError
from bot.ui.answer import ActionButton
from tests.discussion.conftest import PAPERS, StartTalking
from tests.support.announcing import deny
from tests.support.messages import assert_within_limits, buttons_of, embed_of, shown
from tests.support.moderating import moderator, moment, paper, posters, press, reload
from tests.support.talking import Talking, fields


async def test_a_press_opens_a_place_with_all_about_the_paper_and_the_next_press_leads_there(
    talking: Talking,
) -> None:
    asked = await talking.paper("Apple")
    assert "Discussion" not in fields(asked)

    answer = await talking.discuss(asked)

    (thread,) = talking.forum.threads
    assert thread.name == "Apple"
    assert f"<#{thread.id}>" in answer.content
    assert buttons_of(answer)["Open the discussion"]["url"].endswith(f"/{thread.id}")
    first = talking.starter("Apple")
    assert_within_limits(first)
    (embed,) = first.embeds
    assert embed.title == "Apple"
    assert "All about Apple" in (embed.description or "")
    said = {field.name: field.value or "" for field in embed.fields}
    assert "Ann Apple" in said["Authors"]
    assert "Posters" in said["Where and when"]
    assert "Hall" in said["Where and when"]

    bob = talking.server.member("bob")
    again = await talking.discuss(await talking.paper("Apple", bob), bob)
    assert f"<#{thread.id}>" in again.content
    assert talking.made() == 1
    paper_again = await bob.click(first, label="Show the paper")
    assert embed_of(paper_again).title == "Apple"
    assert "nobody has written" in fields(paper_again)["Discussion"]
    bookmarked = await bob.click(first, label="Bookmark")
    assert "Apple" in str(shown(bookmarked).content) + str([one.to_dict() for one in shown(bookmarked).embeds])


@pytest.mark.parametrize("text", [False, True], ids=["a forum", "a text channel"])
async def test_a_place_is_slow_where_the_configuration_says_so(text: bool, start_talking: StartTalking) -> None:
    talking = await start_talking(text=text, slow_mode_seconds=30)
    await talking.discuss(await talking.paper("Apple"))
    asked = [one.json or {} for one in talking.server.env.http_requests if one.path.endswith("/threads")]
    assert [one["rate_limit_per_user"] for one in asked] == [30]


async def test_a_session_has_a_place_of_its_own_beside_those_of_its_papers(talking: Talking) -> None:
    await talking.discuss(await talking.session("Posters"))
    await talking.discuss(await talking.paper("Banana"))

    assert sorted(talking.threads) == ["Banana", "Posters"]
    assert "Show the session" in buttons_of(talking.starter("Posters"))
    answered = await talking.session("Posters")
    assert "Open the discussion" in fields(answered)["Discussion"]


async def test_however_many_press_at_once_there_is_one_place(talking: Talking) -> None:
    places, subject = talking.server.services.discussion.places, paper_subject("apple")
    opened = await asyncio.gather(*(places.open(subject) for _ in range(20)))

    assert len({place.thread_id for place in opened}) == 1
    assert len(talking.forum.threads) == 1
    assert talking.made() == 1


async def test_the_paper_tells_how_much_people_wrote_there_and_when_last_also_after_a_restart(
    talking: Talking,
) -> None:
    await talking.discuss(await talking.paper("Apple"))
    thread = talking.threads["Apple"]
    await talking.ann.send(thread, "Which data did you use?")
    await talking.server.advance(600)
    last = await talking.ann.send(thread, "And is it public?")

    stamp = f"<t:{int(last.created_at.replace(tzinfo=UTC).timestamp())}:R>"
    told = fields(await talking.paper("Apple"))["Discussion"]
    assert "[2 messages](https://discord.com/channels/" in told
    assert stamp in told

    await talking.server.restart()
    await talking.server.env.settle()
    assert fields(await talking.paper("Apple"))["Discussion"] == told


async def test_what_was_written_opened_or_deleted_while_the_bot_was_away_is_found_at_its_start(
    talking: Talking,
) -> None:
    heard: list[tuple[str, int, int]] = []

    async def hear(subject: object, author: int, message: int) -> None:
        heard.append((str(subject), author, message))

    await talking.discuss(await talking.paper("Apple"))
    await talking.discuss(await talking.paper("Banana"))
    apple, backend = talking.threads["Apple"], talking.server.env.backend
    await talking.server.bot.close()
    missed = backend.create_message(apple.id, talking.ann.id, "Are you there?")
    backend.delete_channel(talking.threads["Banana"].id)

    await talking.server.restart()
    await talking.server.env.settle()

    assert "[1 message](" in fields(await talking.paper("Apple"))["Discussion"]
    assert "Discussion" not in fields(await talking.paper("Banana"))
    talking.server.services.discussion.places.when_written(hear)
    sent = await talking.ann.send(apple, "Hello?")
    assert [message for _, _, message in heard] == [sent.id]
    assert heard[0][1] == talking.ann.id
    assert "apple" in heard[0][0]
    assert missed.id < sent.id


async def test_a_place_follows_corrections_and_moves_and_says_when_its_paper_is_gone(talking: Talking) -> None:
    server = talking.server
    mo = moderator(server)
    for name in PAPERS:
        await talking.discuss(await talking.paper(name))
    before = {name: talking.edits(name) for name in PAPERS}
    changed = posters(paper("Apple", title="Apricot"), "Banana", starts_at=moment(24), ends_at=moment(26), room="Foyer")

    await press(mo, await reload(mo, server, changed), "Apply")
    await server.env.settle()

    assert sorted(talking.threads) == ["Apricot", "Banana", "Cherry"]
    (embed,) = talking.starter("Apricot").embeds
    assert embed.title == "Apricot"
    assert "Foyer" in str(embed.to_dict())
    assert "Foyer" in str(talking.starter("Banana").embeds[0].to_dict())
    assert "no longer in the programme" in (talking.starter("Cherry").embeds[0].description or "")
    assert {name: talking.edits(name) - before.get(name, 0) for name in ("Banana", "Cherry")} == {
        "Banana": 1,
        "Cherry": 1,
    }

    await server.restart()
    await server.env.settle()
    assert talking.edits("Banana") - before["Banana"] == 1, "what has not changed is not edited again"


async def test_what_moderators_call_a_thread_stays_when_the_time_changes(talking: Talking) -> None:
    mo = moderator(talking.server)
    await talking.discuss(await talking.paper("Apple"))
    talking.server.env.backend.edit_channel(talking.threads["Apple"].id, {"name": "Apple (award!)"})

    moved = posters(*PAPERS, starts_at=moment(24), ends_at=moment(26))
    await press(mo, await reload(mo, talking.server, moved), "Apply")
    await talking.server.env.settle()

    assert list(talking.threads) == ["Apple (award!)"]
    assert "Sat 3 Jan" in str(talking.starter("Apple (award!)").embeds[0].to_dict())


async def test_a_sleeping_place_is_woken_by_a_press_and_then_says_what_is_so_now(talking: Talking) -> None:
    mo = moderator(talking.server)
    await talking.discuss(await talking.paper("Apple"))
    talking.archive("Apple")
    await press(mo, await reload(mo, talking.server, posters(*PAPERS, room="Foyer")), "Apply")
    await talking.server.env.settle()
    assert "Foyer" not in str(talking.starter("Apple").embeds[0].to_dict())

    await talking.discuss(await talking.paper("Apple"))
    await talking.server.env.settle()

    assert not talking.is_archived("Apple")
    assert "Foyer" in str(talking.starter("Apple").embeds[0].to_dict())
    assert talking.made() == 1


async def test_one_that_a_moderator_locked_stays_closed_and_can_be_read(talking: Talking) -> None:
    await talking.discuss(await talking.paper("Apple"))
    thread = talking.threads["Apple"]
    talking.archive("Apple", locked=True)

    answer = await talking.discuss(await talking.paper("Apple"))

    assert str(thread.id) in buttons_of(answer)["Open the discussion"]["url"]
    assert talking.is_archived("Apple")


async def test_a_thread_or_a_whole_forum_that_was_deleted_by_hand_is_made_again_on_request(talking: Talking) -> None:
    server = talking.server
    asked = await talking.paper("Apple")
    await talking.discuss(asked)
    server.env.backend.delete_channel(talking.threads["Apple"].id)
    await server.env.settle()
    await talking.discuss(asked)
    assert list(talking.threads) == ["Apple"]

    server.env.backend.delete_channel(talking.forum.id)
    await server.env.settle()
    assert "Discussion" not in fields(await talking.paper("Apple"))
    assert "is not there" in (await talking.discuss(asked)).content

    talking.forum = server.guild.create_forum_channel("papers")
    await server.env.settle()
    await talking.discuss(asked)
    assert list(talking.threads) == ["Apple"]


async def test_in_a_text_channel_each_place_is_a_thread_of_a_message(start_talking: StartTalking) -> None:
    talking = await start_talking(text=True)
    asked = await talking.paper("Apple")
    answer = await talking.discuss(asked)

    thread = talking.threads["Apple"]
    first = talking.starter("Apple")
    assert first.channel.id == talking.forum.id
    assert f"<#{thread.id}>" in answer.content
    await talking.ann.send(thread, "Hello")
    assert "[1 message](" in fields(await talking.paper("Apple"))["Discussion"]
    mo = moderator(talking.server)
    await press(mo, await reload(mo, talking.server, posters(*PAPERS, room="Foyer")), "Apply")
    await talking.server.env.settle()
    assert "Foyer" in str(talking.starter("Apple").embeds[0].to_dict())
    await talking.discuss(asked)
    assert talking.made() == 1


async def test_who_may_not_write_there_opens_nothing_and_nobody_opens_more_than_the_limit(
    start_talking: StartTalking,
) -> None:
    talking = await start_talking(opened_per_hour=2)
    mute = talking.server.member("mute", "Muted")
    role = talking.server.guild.roles["Muted"]
    denied = discord.Permissions(send_messages_in_threads=True).value
    talking.server.env.backend.set_overwrite(talking.forum.id, Overwrite(role.id, OverwriteType.ROLE, 0, denied))
    await talking.server.env.settle()
    assert "can't write" in (await talking.discuss(await talking.paper("Apple", mute), mute)).content

    for name in PAPERS[:2]:
        await talking.discuss(await talking.paper(name))
    refused = await talking.discuss(await talking.paper("Cherry"))
    assert "2 discussions within an hour. Press again in 30 minutes;" in refused.content
    assert sorted(talking.threads) == ["Apple", "Banana"]
    assert str(talking.threads["Apple"].id) in (await talking.discuss(await talking.paper("Apple"))).content

    await talking.server.advance(1800)
    await talking.discuss(await talking.paper("Cherry"))
    assert sorted(talking.threads) == sorted(PAPERS)


async def test_the_status_names_what_is_missing_beforehand_and_a_press_says_so(talking: Talking) -> None:
    server = talking.server
    mo = moderator(server)

    async def status() -> str:
        return str(embed_of(await mo.slash(server.channel, "status")).to_dict())

    assert "`discussion.forum`" not in await status()
    deny(server, talking.forum, send_messages_in_threads=True, manage_channels=True)
    await server.env.settle()
    said = await status()
    assert "(`discussion.forum`): the bot lacks Send Messages In Threads." in said
    assert "lacks Manage Channels" in said
    refused = await talking.discuss(await talking.paper("Apple"))
    assert "I lack Send Messages In Threads" in refused.content
    assert talking.made() == 0

    server.env.backend.delete_channel(talking.forum.id)
    await server.env.settle()
    assert "this server has no forum or text channel called papers" in await status()


async def test_a_moderator_has_all_of_a_session_opened_ahead_also_over_a_restart(talking: Talking) -> None:
    server = talking.server
    mo = moderator(server)
    first = await mo.slash(server.channel, "programme open-discussions", session="Posters")
    assert "0 of 4 discussions" in shown(first).content
    await server.env.settle()

    assert sorted(talking.threads) == ["Apple", "Banana", "Cherry", "Posters"]
    again = await mo.slash(server.channel, "programme open-discussions", session="Posters")
    assert "all 4 discussions are open" in shown(again).content
    assert talking.made() == 4

    for thread in talking.forum.threads:
        server.env.backend.delete_channel(thread.id)
    server.env.inject_error(
        "POST", f"/channels/{talking.forum.id}/threads", status=403, code=50013, message="Missing Permissions"
    )
    await server.env.settle()
    await mo.slash(server.channel, "programme open-discussions", session="Posters")
    assert "4 discussions are still to be opened" in str(embed_of(await mo.slash(server.channel, "status")).to_dict())
    await server.restart()
    await server.env.settle()
    await server.advance(61)
    assert len(talking.threads) == 4


async def test_a_paper_that_was_withdrawn_before_its_place_was_made_does_not_keep_the_others_waiting(
    talking: Talking,
) -> None:
    server = talking.server
    mo = moderator(server)
    route = f"/channels/{talking.forum.id}/threads"
    server.env.inject_error("POST", route, status=403, code=50013, message="Missing Permissions", times=6)
    await mo.slash(server.channel, "programme open-discussions", session="Posters")
    await press(mo, await reload(mo, server, posters("Banana", "Cherry")), "Apply")
    for _ in range(7):
        await server.advance(61)
    assert sorted(talking.threads) == ["Banana", "Cherry", "Posters"]
    assert "still to be opened" not in str(embed_of(await mo.slash(server.channel, "status")).to_dict())


async def test_what_others_add_is_shown_and_brought_up_to_date_in_few_edits(talking: Talking) -> None:
    places, votes = talking.server.services.discussion.places, 0

    def shows(subject: Subject) -> Addition | None:
        button = ActionButton("Ask", subject.code, verb="ask-x")
        return Addition("Questions", [f"{votes} votes"], [button]) if subject.key == "apple" else None

    places.also_shows(shows)
    await talking.discuss(await talking.paper("Apple"))
    await talking.discuss(await talking.paper("Banana"))
    assert "0 votes" in str(talking.starter("Apple").embeds[0].to_dict())
    assert "Ask" in buttons_of(talking.starter("Apple"))
    assert "Ask" not in buttons_of(talking.starter("Banana"))
    for _ in range(100):
        votes += 1
        places.refresh(paper_subject("apple"))
    await talking.server.env.settle()
    assert "100 votes" in str(talking.starter("Apple").embeds[0].to_dict())
    assert talking.edits("Apple") <= 2
    assert talking.edits("Banana") == 0


async def test_without_a_forum_there_is_no_button_and_an_old_one_says_why(talking: Talking) -> None:
    asked = await talking.paper("Apple")
    config = talking.server.config
    await talking.server.restart(config.model_copy(update={"discussion": type(config.discussion)()}))
    assert "Discuss" not in buttons_of(shown(await talking.paper("Apple")))
    assert "no place for discussions" in (await talking.discuss(asked)).content
    with pytest.raises(UserError):
        await talking.server.services.discussion.places.open(paper_subject("apple"))


async def test_a_moderator_has_the_channel_made_where_there_is_none_if_the_bot_may(
    start_talking: StartTalking,
) -> None:
    talking = await start_talking()
    server = talking.server
    mo = moderator(server)
    server.env.backend.delete_channel(talking.forum.id)
    await server.env.settle()

    made = await mo.slash(server.channel, "programme open-discussions", session="Posters")
    await server.env.settle()

    # SimCord's server is no community, which alone can have a forum.
    talking.forum = server.guild.channels["papers"]
    assert f"<#{talking.forum.id}>" in shown(made).content
    assert sorted(talking.threads) == ["Apple", "Banana", "Cherry", "Posters"]
    assert sum(channel.name == "papers" for channel in server.env.backend.channels.values()) == 1


async def test_in_direct_messages_members_begin_discussions_and_strangers_are_only_led_to_them(
    talking: Talking,
) -> None:
    ann, stranger = talking.ann.user, talking.server.env.create_user("stranger")
    asked = await ann.slash("paper", paper="Apple")
    opened = await ann.click(shown(asked), label="Discuss")
    assert [thread.name for thread in talking.forum.threads] == ["Apple"]
    said = str([message.content for message in opened.followups])
    assert str(talking.threads["Apple"].id) in said

    asked = await stranger.slash("paper", paper="Banana")
    refused = await stranger.click(shown(asked), label="Discuss")
    assert "in the conference's server" in str([message.content for message in refused.followups])
    assert [thread.name for thread in talking.forum.threads] == ["Apple"]


async def test_where_nearly_a_thousand_threads_are_active_the_oldest_quiet_place_makes_room(
    talking: Talking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_SPARE", room.MOST_ACTIVE - 3)
    backend = talking.server.env.backend
    backend.create_thread(talking.server.channel.id, "of the attendees", talking.ann.id)
    await talking.server.env.settle()
    for name in ("Apple", "Banana"):
        await talking.discuss(await talking.paper(name))
    await talking.ann.send(talking.threads["Apple"], "Is anybody here?")

    await talking.discuss(await talking.paper("Cherry"))
    assert [name for name in sorted(talking.threads) if talking.is_archived(name)] == ["Banana"]

    await talking.discuss(await talking.paper("Banana"))
    assert [name for name in sorted(talking.threads) if talking.is_archived(name)] == ["Apple"]
    assert talking.made() == 3

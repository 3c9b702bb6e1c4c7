"""The bot finds a change of the source by itself, and asks the moderators whether it is to be used."""

import json

import pytest
from simcord.results import InteractionResult, ResponseMessage

from bot.errors import UserError
from tests.support.messages import buttons_of, shown
from tests.support.moderating import (
    BASE,
    FRUIT,
    GROWN,
    audit,
    fix,
    moderator,
    paper,
    pick,
    posters,
    press,
    refused,
    reload,
    text_of,
    titles,
)
from tests.support.site import authority, certificate, site, trust
from tests.support.watching import INTERVAL, ROLES, StartWatching, start_watching

__all__ = ["authority", "certificate", "site", "start_watching", "trust"]


@pytest.mark.parametrize("after", [1, 300, 599])
async def test_the_moderators_are_asked_within_the_interval_and_a_minute(
    after: int, start_watching: StartWatching
) -> None:
    server = await start_watching()
    await server.advance(after)
    assert server.moderators.history() == []
    server.site.serve(GROWN)
    begun = server.env.now()
    while not server.moderators.history():
        assert (server.env.now() - begun).total_seconds() <= INTERVAL + 60
        await server.advance(5)
    question = server.asked()
    assert "The programme's source has changed: programme.example.org/page.txt." in text_of(question).replace("\\", "")
    assert "1 paper added" in text_of(question)
    assert "Grape" in text_of(question)
    assert set(buttons_of(question)) == {"Apply", "Ignore"}
    assert titles(server) == list(FRUIT)
    assert question.mentions == []


async def test_nothing_is_asked_while_nothing_has_changed(start_watching: StartWatching) -> None:
    server = await start_watching()
    await server.advance(3600)
    assert 6 <= len(server.site.requests) <= 8
    assert server.moderators.history() == server.organizers.history() == []


async def test_any_moderator_applies_it_and_all_see_who_did(start_watching: StartWatching) -> None:
    server = await start_watching()
    moderator(server, "mo")
    max_ = moderator(server, "max")
    await server.publish(GROWN)

    await max_.click(server.asked(), label="Apply")

    assert titles(server) == [*FRUIT, "Grape"]
    (message,) = server.moderators.history()
    assert f"Applied by <@{max_.id}>" in text_of(message)
    assert "Version 2 is in use" in text_of(message)
    assert set(buttons_of(message)) == {"Undo…"}
    assert audit(server) == [
        (max_.id, "source change applied", "programme.example.org/page.txt", "version 1", "version 2")
    ]
    history = text_of(shown(await max_.slash(server.channel, "programme history")))
    assert f"by <@{max_.id}>" in history
    await server.next_look()
    assert len(server.moderators.history()) == 1


async def test_undo_is_shown_to_who_asks_and_leaves_the_message_to_the_others(start_watching: StartWatching) -> None:
    server = await start_watching()
    mo = moderator(server)
    await server.publish(GROWN)
    await mo.click(server.asked(), label="Apply")
    before = text_of(server.asked())

    preview = shown_after(await mo.click(server.asked(), label="Undo…"))
    assert preview.ephemeral
    assert "1 paper removed" in text_of(preview)
    assert text_of(server.asked()) == before
    await press(mo, preview, "Apply")
    assert titles(server) == list(FRUIT)
    await server.advance(2 * INTERVAL)
    await server.restart()
    await server.advance(2 * INTERVAL)
    assert titles(server) == list(FRUIT)
    assert len(server.moderators.history()) == 1, "what a moderator has gone back from is not asked about again"


async def test_nobody_else_may_press(start_watching: StartWatching) -> None:
    server = await start_watching()
    ann = server.member("ann", "Organizers")
    await server.publish(GROWN)
    for label in ("Apply", "Ignore"):
        assert "This is for moderators only" in await refused(ann, server.asked(), label)
    assert titles(server) == list(FRUIT)
    assert set(buttons_of(server.asked())) == {"Apply", "Ignore"}


async def test_an_ignored_change_is_not_shown_again_also_after_a_restart(start_watching: StartWatching) -> None:
    server = await start_watching()
    mo = moderator(server)
    await server.publish(GROWN)
    await mo.click(server.asked(), label="Ignore")
    assert f"Ignored by <@{mo.id}>" in text_of(server.asked())
    assert "Grape" in text_of(server.asked())
    assert buttons_of(server.asked()) == {}
    assert audit(server) == [(mo.id, "source change ignored", "programme.example.org/page.txt", None, None)]

    await server.publish(GROWN.replace(b"}", b" }"))
    await server.restart()
    await server.next_look()
    assert len(server.moderators.history()) == 1
    assert titles(server) == list(FRUIT)

    await server.publish(posters(*FRUIT, "Grape", "Huckleberry"))
    assert "2 papers added" in text_of(server.asked())


async def test_a_newer_change_replaces_the_question_and_the_old_message_says_so(start_watching: StartWatching) -> None:
    server = await start_watching()
    mo = moderator(server)
    await server.publish(GROWN)
    stale = buttons_of(server.asked())["Apply"]["custom_id"]
    await server.publish(posters(*FRUIT, "Huckleberry"))

    old, new = server.moderators.history()
    assert text_of(old).startswith("Out of date: ")
    assert buttons_of(old) == {}
    assert "Huckleberry" in text_of(new)
    assert stale not in {button["custom_id"] for button in buttons_of(new).values()}
    await mo.click(new, label="Apply")
    assert titles(server) == [*FRUIT, "Huckleberry"]


async def test_a_source_that_is_as_before_again_takes_the_question_back(start_watching: StartWatching) -> None:
    server = await start_watching()
    await server.publish(GROWN)
    await server.publish(BASE)
    (message,) = server.moderators.history()
    assert text_of(message).startswith("Out of date: the source is again what is in use")
    assert buttons_of(message) == {}


async def test_after_a_restart_an_old_button_says_so_and_the_change_is_asked_about_again(
    start_watching: StartWatching,
) -> None:
    server = await start_watching()
    mo = moderator(server)
    await server.publish(GROWN)
    old = server.asked()

    await server.restart()
    await server.env.settle()
    assert len(server.moderators.history()) == 2
    assert titles(server) == list(FRUIT)
    for label in ("Apply", "Ignore"):
        assert "This is out of date" in await refused(mo, old, label)
    assert titles(server) == list(FRUIT)
    await mo.click(server.asked(), label="Apply")
    assert titles(server) == [*FRUIT, "Grape"]


async def test_what_looks_wrong_is_applied_only_when_confirmed_twice(start_watching: StartWatching) -> None:
    server = await start_watching()
    mo, max_ = moderator(server, "mo"), moderator(server, "max")
    await server.publish(posters("Quark", "Gluon", name="Physics"))
    assert "looks wrong" in text_of(server.asked())
    assert "It may be another conference's" in text_of(server.asked())
    await mo.click(server.asked(), label="Apply")
    assert titles(server) == list(FRUIT)
    await max_.click(server.asked(), label="Yes, use this programme")
    assert titles(server) == ["Quark", "Gluon"]


async def test_other_bytes_that_say_the_same_are_no_change(start_watching: StartWatching) -> None:
    """Many sites write the moment of the request into what they send, or list things in another order each time."""
    server = await start_watching()
    document = json.loads(BASE)
    for second in range(3):
        document["sessions"][0]["papers"].reverse()
        document["generated_at"] = f"2026-01-01T00:00:0{second}Z"
        await server.publish(json.dumps(document).encode())
    assert server.moderators.history() == []
    assert server.services.library.edition.version
    assert server.services.library.edition.version.id == 1

    mo = moderator(server)
    document["sessions"][0]["papers"].append(paper("Grape"))
    await server.publish(json.dumps(document).encode())
    document["generated_at"] = "2026-01-02T00:00:00Z"
    await server.publish(json.dumps(document).encode())
    assert len(server.moderators.history()) == 1, "it is the same question still"
    await mo.click(server.asked(), label="Ignore")
    document["generated_at"] = "2026-01-03T00:00:00Z"
    await server.publish(json.dumps(document).encode())
    assert len(server.moderators.history()) == 1


async def test_a_fix_meanwhile_is_worked_into_the_question(start_watching: StartWatching) -> None:
    server = await start_watching()
    mo = moderator(server)
    await server.publish(posters(paper("Apple", title="Apple Pie"), *FRUIT[1:], "Grape"))
    stale = buttons_of(server.asked())["Apply"]["custom_id"].rpartition(":")[2]
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples"), "Apply")
    await server.env.settle()

    assert len(server.moderators.history()) == 1
    assert "the correction “Apples” stays" in text_of(server.asked())
    with pytest.raises(UserError, match="This is out of date"):
        await server.services.moderating.watching.apply(mo.id, stale, sure=True)
    await pick(mo, server.asked(), "The source has new values", "Take the source's title")
    await mo.click(server.asked(), label="Apply")
    assert titles(server) == ["Apple Pie", *FRUIT[1:], "Grape"]


async def test_who_loads_it_with_the_command_has_answered_the_question(start_watching: StartWatching) -> None:
    server = await start_watching()
    mo = moderator(server)
    await server.publish(GROWN)
    await press(mo, await reload(mo, server), "Apply")
    await server.env.settle()
    (message,) = server.moderators.history()
    assert text_of(message).startswith("Out of date: the programme in use is what the source says now.")
    assert buttons_of(message) == {}
    await server.next_look()
    assert len(server.moderators.history()) == 1


async def test_a_long_change_has_pages_that_all_turn_together(start_watching: StartWatching) -> None:
    server = await start_watching()
    mo, max_ = moderator(server, "mo"), moderator(server, "max")
    await server.publish(posters(*FRUIT, *(f"Paper number {n} of many" for n in range(120))))
    first = text_of(server.asked())
    await mo.click(server.asked(), label="Next")
    assert text_of(server.asked()) != first
    await max_.click(server.asked(), label="Previous")
    assert text_of(server.asked()) == first
    await mo.click(server.asked(), label="Apply")
    assert len(titles(server)) == 126


async def test_several_servers_are_asked_and_hear_who_answered(start_watching: StartWatching) -> None:
    server = await start_watching()
    theirs = (await server.own_server("The other server", "moderators")).channels["moderators"]
    mo = moderator(server)
    await server.publish(GROWN)
    (message,) = theirs.history()
    assert set(buttons_of(message)) == {"Apply", "Ignore"}
    await mo.click(server.asked(), label="Apply")
    (message,) = theirs.history()
    assert f"Applied by <@{mo.id}>" in text_of(message)


@pytest.mark.parametrize(
    ("channels", "place"),
    [({"organizers_channel": "organizers"}, "organizers"), ({"moderators_channel": "moderators"}, "moderators")],
)
async def test_the_moderators_are_asked_in_the_organizers_channel_unless_they_have_their_own(
    channels: dict[str, str], place: str, start_watching: StartWatching
) -> None:
    server = await start_watching(discord={"moderators": ["Moderators"], **channels})
    await server.publish(GROWN)
    asked = {channel.name: len(channel.history()) for channel in (server.moderators, server.organizers)}
    assert asked == {"moderators": 0, "organizers": 0, place: 1}


async def test_without_any_channel_the_log_and_the_status_tell(
    start_watching: StartWatching, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start_watching(discord={"moderators": ["Moderators"]})
    mo = moderator(server)
    await server.publish(GROWN)
    assert "page.txt has changed; a moderator has to apply or ignore it" in caplog.text
    assert "there is no discord.moderators_channel to ask in" in caplog.text
    status = text_of(shown(await mo.slash(server.channel, "status")))
    assert "A change waits for a moderator, found <t:" in status
    assert "`discord.moderators_channel`: none is set" in status
    await press(mo, await reload(mo, server), "Apply")
    assert titles(server) == [*FRUIT, "Grape"]


async def test_a_question_that_discord_does_not_take_is_asked_after_the_next_look(
    start_watching: StartWatching,
) -> None:
    server = await start_watching()
    server.env.inject_error("POST", f"/channels/{server.moderators.id}/messages", status=403)
    await server.publish(GROWN)
    assert server.moderators.history() == []
    await server.next_look()
    assert "Grape" in text_of(server.asked())


async def test_a_channel_that_comes_later_is_asked_in(start_watching: StartWatching) -> None:
    server = await start_watching(discord={**ROLES, "moderators_channel": "programme"})
    await server.publish(GROWN)
    later = server.guild.create_text_channel("programme")
    await server.env.settle()
    (message,) = later.history()
    assert "Grape" in text_of(message)


def shown_after(result: InteractionResult) -> ResponseMessage:
    """Return the private message that a press was followed by."""
    (answer,) = result.followups
    return answer

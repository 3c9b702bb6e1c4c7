"""Who bookmarked something that is concerned, and wishes to hear, is told by direct message."""

from typing import Any

from tests.support.messages import buttons_of, embed_of, shown
from tests.support.moderating import FRUIT, Start, change, moderator, programme, session, start, text_of
from tests.support.news import (
    BALLROOM,
    CHANNEL,
    GARDEN,
    bookmark,
    break_channel,
    mend_channel,
    open_deliveries,
    received,
    wishing,
)

__all__ = ["start"]


async def test_only_who_bookmarked_in_it_and_wishes_to_hear_gets_a_direct_message(start: Start) -> None:
    two = {"Posters": "Hall", "Talks": "Hall"}

    def both(**rooms: str) -> bytes:
        first, second = (two | rooms).values()
        return programme(session("Apple", room=first), session("Quark", name="Talks", room=second))

    server = await start(both(), reminders=CHANNEL)
    mo = moderator(server)
    wishes, bookmarks, elsewhere, both_places, neither = (
        server.member(name) for name in ("wishes", "bookmarks", "elsewhere", "both", "neither")
    )
    await wishing(wishes, server, "apple")
    await bookmark(bookmarks, server, "apple")
    await wishing(elsewhere, server, "quark")
    await wishing(both_places, server, "apple", "quark")
    await wishing(neither, server)

    await change(mo, server, both(Posters="Garden"))
    await server.advance(120)

    counts = [len(received(person)) for person in (wishes, bookmarks, elsewhere, both_places, neither)]
    assert counts == [1, 0, 0, 1, 0]
    (message,) = received(both_places)
    assert "Posters" in text_of(message)
    assert "Talks" not in text_of(message)
    assert set(buttons_of(message)) == {"See the schedule", "Stop reminding me"}


async def test_who_takes_wish_or_bookmark_back_before_it_is_sent_hears_nothing(start: Start) -> None:
    server = await start()
    mo, ann, bob = moderator(server), server.member("ann"), server.member("bob")
    for person in (ann, bob):
        await wishing(person, server, "apple")
        break_channel(server, place=person.user.dm_channel.id)
    await change(mo, server, BALLROOM)
    await ann.slash(server.channel, "remindme", before=0)
    await bob.click(shown(await bob.slash(server.channel, "paper", paper="apple")), label="Remove bookmark")

    mend_channel(server)
    await server.advance(900)

    assert (received(ann), received(bob)) == ([], [])
    assert open_deliveries(server) == 0


async def test_one_press_in_the_message_ends_them(start: Start) -> None:
    server = await start()
    mo, ann = moderator(server), server.member("ann")
    await wishing(ann, server, "apple")
    await change(mo, server, BALLROOM)
    answer = await ann.user.click(received(ann)[0], label="Stop reminding me")
    assert "no reminders any more" in (embed_of(answer).description or "")
    await change(mo, server, GARDEN)
    await server.advance(120)
    assert len(received(ann)) == 1


async def test_who_bookmarked_what_is_cancelled_hears_it(start: Start) -> None:
    data: list[Any] = [session(*FRUIT), session("Quark", name="Talks")]
    server = await start(programme(*data))
    mo, ann = moderator(server), server.member("ann")
    await wishing(ann, server, "quark")
    await change(mo, server, programme(data[0]))
    (message,) = received(ann)
    assert "**Cancelled**\n**Talks**" in text_of(message)


async def test_direct_messages_keep_the_configured_pace(start: Start) -> None:
    server = await start(reminders={"direct_per_minute": 1})
    mo = moderator(server)
    people = [server.member(f"person{number}") for number in range(3)]
    for person in people:
        await wishing(person, server, "apple")
    await change(mo, server, BALLROOM)
    assert sum(len(received(person)) for person in people) == 1
    await server.advance(61)
    assert sum(len(received(person)) for person in people) == 2
    await server.advance(60)
    assert [len(received(person)) for person in people] == [1, 1, 1]


async def test_who_waits_for_their_turn_when_the_next_change_comes_hears_both_as_one(start: Start) -> None:
    server = await start(reminders={"direct_per_minute": 1})
    mo = moderator(server)
    people = [server.member(f"person{number}") for number in range(3)]
    for person in people:
        await wishing(person, server, "apple")
    await change(mo, server, BALLROOM)
    await server.advance(10)
    await change(mo, server, GARDEN)
    await server.advance(300)

    first, *others = sorted((received(person) for person in people), key=len, reverse=True)
    assert ["now in Ballroom, not Hall" in text_of(one) for one in first] == [True, False]
    for messages in others:
        (message,) = messages
        assert "now in Garden, not Hall" in text_of(message)
        # At their turn of the first change, not of the second.
        assert message.created_at.second == first[0].created_at.second

"""/agenda: one's bookmarks in the order of the day, with the clashes and the menus."""

from datetime import UTC, datetime

import discord
import pytest

from tests.support.messages import (
    assert_within_limits,
    buttons_of,
    displayed,
    embed_of,
    markdown_of,
    menu_id,
    menus_of,
    shown,
)
from tests.support.planning import (
    agenda,
    alone,
    bold_lines,
    calendar_in,
    days_of,
    described,
    description_of,
    field,
    forge,
    forge_press,
    mark,
    papers_in,
    pick,
    public_messages,
    state,
)
from tests.support.server import Server, StartServer

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_empty_agenda_says_how_to_fill_it(server: Server) -> None:
    result = await server.member("ann").slash(server.channel, "agenda")

    assert embed_of(result).title == "Your agenda"
    assert "Nothing is bookmarked yet." in description_of(result)
    assert "Bookmark" in description_of(result)
    assert shown(result).components == []
    assert shown(result).ephemeral


async def test_the_agenda_is_in_the_order_of_the_day_and_then_of_the_posters(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Quince", "Fig", "Walnut", "Mango", "Citron", "Apple", "Nectarine")

    result = await ann.slash(server.channel, "agenda")

    assert papers_in(result) == ["Apple", "Citron", "Mango", "Fig", "Nectarine", "Walnut", "Quince"]
    assert bold_lines(description_of(result)) == [
        "Opening Posters",
        "Evening Posters",
        "Night Posters",
        "Closing",
        "Some Day",
    ]
    start, end = (int(datetime(2026, 5, 19, hour, tzinfo=UTC).timestamp()) for hour in (1, 3))
    times = f"Mon 18 May, 18:00–20:00 PDT · for you <t:{start}:f> – <t:{end}:t> (<t:{start}:R>)"
    assert f"**Evening Posters**\nHall · {times}\n- " in description_of(result)
    assert "**Night Posters**\nroom not announced · Mon 18 May, " in description_of(result)
    assert "**Some Day**\nAttic · time not announced\n- " in description_of(result)
    assert_within_limits(shown(result))
    for text in markdown_of(shown(result)):
        displayed(text.replace("- **", "**").replace("__", ""))
    assert list(days_of(result)) == ["Monday, 18 May 2026", "Wednesday, 20 May 2026", "Time not announced"]


async def test_without_boards_there_are_no_numbers_and_there_is_no_route(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Fig", "Kiwi", "Melon", "Banana")

    result = await ann.slash(server.channel, "agenda")

    assert "#" not in description_of(result)
    assert field(result, "Your route") is None


@pytest.mark.parametrize(
    ("names", "clash"),
    [
        (["Kiwi", "Tomato"], "Evening Posters and Foyer Demos"),
        (["Tomato", "Mango", "Pepper", "Kiwi"], "Evening Posters and Foyer Demos"),
        (["Kiwi", "Carrot"], None),
        (["Kiwi", "Mango"], None),
        (["Apple", "Kiwi"], None),
        (["WorkA", "WorkB"], None),
        (["Kiwi", "Quince"], None),
    ],
    ids=["at once", "at once with more", "touching", "one session", "apart", "apart in other rooms", "without a time"],
)
async def test_what_is_mine_in_two_rooms_at_once_is_noted(server: Server, names: list[str], clash: str | None) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, *names)

    assert field(await ann.slash(server.channel, "agenda"), "At the same time") == clash


@alone
async def test_two_sessions_in_one_room_do_not_clash_and_touching_ones_neither(start: StartServer) -> None:
    server = await start(
        ("Posters", "Hall", "Apple"),
        ("Demos", "Hall", "Banana"),
        ("Talks", "Foyer", "Citron"),
        times={
            "posters": ("2026-05-18T10:00", "2026-05-18T12:00"),
            "demos": ("2026-05-18T11:00", "2026-05-18T13:00"),
            "talks": ("2026-05-18T13:00", None),
        },
    )
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple", "Banana", "Citron")

    assert field(await ann.slash(server.channel, "agenda"), "At the same time") is None


async def test_a_clash_is_over_when_one_of_the_two_is_removed(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Kiwi", "Tomato")
    result = await ann.slash(server.channel, "agenda")

    updated = await pick(ann, shown(result), "Remove bookmarks", "Tomato")

    assert field(updated, "At the same time") is None


THIRTEEN = "Apple Kiwi Mango Peach Guava Lemon Olive Grape Melon Plum Cherry Date Fig".split()


async def test_a_long_agenda_has_pages_that_turn_in_place(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, *THIRTEEN)
    await server.rest()

    first = await ann.slash(server.channel, "agenda")
    assert papers_in(first) == THIRTEEN[:10]
    assert embed_of(first).footer.text == "Page 1 of 2"
    assert len(menus_of(shown(first))["Open a paper"]) == 10
    second = await ann.click(shown(first), label="Next")

    assert shown(second).id == shown(first).id
    assert papers_in(second) == THIRTEEN[10:]
    assert bold_lines(description_of(second)) == ["Evening Posters"]
    assert [option["label"].partition(":")[0] for option in menus_of(shown(second))["Remove bookmarks"]] == THIRTEEN[
        10:
    ]
    back = await ann.click(shown(second), label="Previous")
    assert papers_in(back) == THIRTEEN[:10]


async def test_removing_from_a_later_page_stays_on_that_page(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, *THIRTEEN)
    await server.rest()
    second = await ann.click(shown(await ann.slash(server.channel, "agenda")), label="Next")

    updated = await pick(ann, shown(second), "Remove bookmarks", "Date")

    assert papers_in(updated) == ["Cherry", "Fig"]
    assert embed_of(updated).footer.text == "Page 2 of 2"


async def test_removing_the_last_paper_of_the_last_page_shows_the_page_before(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, *THIRTEEN[:11])
    await server.rest()
    second = await ann.click(shown(await ann.slash(server.channel, "agenda")), label="Next")

    updated = await pick(ann, shown(second), "Remove bookmarks", "Cherry")

    assert papers_in(updated) == THIRTEEN[:10]
    assert "Next" not in buttons_of(shown(updated))


async def test_a_paper_of_the_agenda_opens_privately(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple", "Kiwi")
    listed = await ann.slash(server.channel, "agenda")
    before = state(shown(listed))

    opened = await pick(ann, shown(listed), "Open a paper", "Kiwi")

    assert embed_of(opened).title == "Kiwi: All about Kiwi"
    assert shown(opened).ephemeral
    assert "Remove bookmark" in buttons_of(shown(opened))
    assert state(shown(listed)) == before


async def test_a_bookmark_is_removed_in_the_agenda_itself(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple", "Kiwi")
    listed = await ann.slash(server.channel, "agenda")

    updated = await pick(ann, shown(listed), "Remove bookmarks", "Apple")
    assert shown(updated).id == shown(listed).id
    assert papers_in(updated) == ["Kiwi"]
    emptied = await pick(ann, shown(updated), "Remove bookmarks", "Kiwi")

    assert shown(emptied).id == shown(listed).id
    assert "Nothing is bookmarked yet." in description_of(emptied)
    assert embed_of(emptied).fields == []
    assert shown(emptied).components == []
    assert await agenda(ann, server.channel) == []


async def test_removing_twice_from_two_copies_of_the_agenda_does_not_bring_it_back(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple", "Kiwi")
    one, two = await ann.slash(server.channel, "agenda"), await ann.slash(server.channel, "agenda")

    await pick(ann, shown(one), "Remove bookmarks", "Apple")
    updated = await pick(ann, shown(two), "Remove bookmarks", "Apple")

    assert papers_in(updated) == ["Kiwi"]
    assert await agenda(ann, server.channel) == ["Kiwi"]


@pytest.mark.parametrize("command", ["agenda", "mydata"])
async def test_what_is_ones_own_is_private_even_where_answers_are_public(server: Server, command: str) -> None:
    posters = server.guild.channels["posters"]
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")
    before = len(public_messages(server, posters))

    result = await ann.slash(posters, command)

    assert shown(result).ephemeral
    assert "Share" not in buttons_of(shown(result))
    assert len(public_messages(server, posters)) == before


async def test_an_agenda_pressed_by_another_shows_them_their_own(server: Server) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    await mark(ann, server.channel, "Apple", "Kiwi")
    await mark(bob, server.channel, "Mango", "Kiwi")
    listed = shown(await ann.slash(server.channel, "agenda"))
    before = state(listed)
    options = menus_of(listed)["Remove bookmarks"]

    removed = await forge(
        server,
        bob,
        listed,
        custom_id=menu_id(listed, "Remove bookmarks"),
        component_type=discord.ComponentType.string_select.value,
        values=[next(option["value"] for option in options if option["label"].startswith("Kiwi"))],
    )
    exported = await forge_press(server, bob, listed, "Export calendar")

    assert state(listed) == before
    assert shown(removed).ephemeral
    assert papers_in(removed) == ["Mango"]
    assert await agenda(ann, server.channel) == ["Apple", "Kiwi"]
    assert await agenda(bob, server.channel) == ["Mango"]
    assert shown(exported).ephemeral
    assert [name for event in calendar_in(server, exported) for name in described(event)] == ["Mango"]

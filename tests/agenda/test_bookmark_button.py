"""The button that bookmarks a paper: on private and public answers, for each presser alone."""

import pytest

import bot.agenda.agendas
from tests.support.messages import buttons_of, displayed, embed_of, shown
from tests.support.planning import (
    agenda,
    alone,
    description_of,
    forge_press,
    in_public,
    mark,
    papers_in,
    pick,
    public_messages,
    said,
    sessions_in,
    state,
)
from tests.support.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_on_a_private_answer_the_bookmark_turns_in_place_and_back(server: Server) -> None:
    ann = server.member("ann")
    answer = await ann.slash(server.channel, "paper", paper="apple")
    before, paper = state(shown(answer)), embed_of(answer).to_dict()
    assert "Bookmark" in buttons_of(shown(answer))

    marked = await ann.click(shown(answer), label="Bookmark")

    assert shown(marked).id == shown(answer).id
    assert embed_of(marked).to_dict() == paper
    assert list(buttons_of(shown(marked))) == [
        "Share",
        "Remove bookmark",
        "Similar papers",
        "More by an author",
        "All of this session",
        "Add note",
        "Seen",
        "Want to read",
    ]
    assert await agenda(ann, server.channel) == ["Apple"]

    unmarked = await ann.click(shown(marked), label="Remove bookmark")

    assert shown(unmarked).id == shown(answer).id
    assert state(shown(unmarked)) == before
    assert await agenda(ann, server.channel) == []


async def test_a_paper_that_is_opened_again_says_that_it_is_bookmarked(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")

    again = await ann.slash(server.channel, "paper", paper="apple")
    session = await ann.slash(server.channel, "session", session="opening-posters")
    from_menu = await pick(ann, shown(session), "Open a paper", "Apple")
    other = await pick(ann, shown(session), "Open a paper", "Banana")

    assert "Remove bookmark" in buttons_of(shown(again))
    assert "Remove bookmark" in buttons_of(shown(from_menu))
    assert "Remove bookmark" not in buttons_of(shown(other))


@pytest.mark.parametrize("how", ["asked in public", "shared"])
async def test_on_a_public_message_the_presser_alone_is_told_and_the_message_stays(server: Server, how: str) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    public, channel = await in_public(server, ann, how)
    before, messages = state(public), len(public_messages(server, channel))
    assert "Bookmark" in buttons_of(public)

    for who in (bob, ann):
        told = await who.click(public, label="Bookmark")
        assert shown(told).ephemeral
        assert shown(told).id != public.id
        assert embed_of(told).title == "Bookmarked"
        assert "Apple: All about Apple" in displayed(description_of(told))[0]
        assert state(public) == before
        assert await agenda(who, server.channel) == ["Apple"]

    told = await bob.click(public, label="Bookmark")
    assert embed_of(told).title == "Bookmark removed"
    assert state(public) == before
    assert await agenda(bob, server.channel) == []
    assert await agenda(ann, server.channel) == ["Apple"]
    assert len(public_messages(server, channel)) == messages


async def test_a_public_answer_does_not_tell_what_the_asker_bookmarked(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")

    for how in ("asked in public", "shared"):
        public, _ = await in_public(server, ann, how)
        assert "Bookmark" in buttons_of(public)
        assert "Remove bookmark" not in buttons_of(public)


async def test_the_confirmation_takes_the_bookmark_back_and_leads_to_the_agenda(server: Server) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    public, _ = await in_public(server, ann, "shared")
    told = await bob.click(public, label="Bookmark")

    opened = await bob.click(shown(told), label="My agenda")
    assert shown(opened).ephemeral
    assert papers_in(opened) == ["Apple"]
    removed = await bob.click(shown(told), label="Remove bookmark")

    assert shown(removed).id == shown(told).id
    assert "Bookmark" in buttons_of(shown(removed))
    assert "Remove bookmark" not in buttons_of(shown(removed))
    assert await agenda(bob, server.channel) == []


async def test_what_was_shared_still_says_so_after_it_was_bookmarked(server: Server) -> None:
    channel = server.guild.create_text_channel("quiet")
    ann = server.member("ann")
    answer = await ann.slash(channel, "paper", paper="apple")
    await ann.click(shown(answer), label="Share")

    marked = await ann.click(shown(answer), label="Bookmark")

    assert "Share" not in buttons_of(shown(marked))
    assert buttons_of(shown(marked))["Shared"]["disabled"]


async def test_sharing_a_bookmarked_paper_leaves_its_bookmark_on_the_private_answer(server: Server) -> None:
    channel = server.guild.create_text_channel("quiet")
    ann = server.member("ann")
    answer = await mark(ann, channel, "Apple")

    await ann.click(shown(answer), label="Share")

    assert "Remove bookmark" in buttons_of(shown(answer))
    (shared,) = public_messages(server, channel)
    assert "Remove bookmark" not in buttons_of(shared)


async def test_a_private_answer_whose_bookmark_is_pressed_by_another_is_not_changed(server: Server) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    answer = shown(await ann.slash(server.channel, "paper", paper="apple"))
    before = state(answer)

    told = await forge_press(server, bob, answer, "Bookmark")

    assert state(answer) == before
    assert shown(told).ephemeral
    assert shown(told).id != answer.id
    assert await agenda(ann, server.channel) == []
    assert await agenda(bob, server.channel) == ["Apple"]


async def test_in_a_direct_message_everything_is_the_same_and_nothing_is_hidden(server: Server) -> None:
    ann = server.member("ann")
    uma = ann.user
    await mark(ann, server.channel, "Kiwi")

    answer = await uma.slash("paper", paper="apple")
    marked = await uma.click(shown(answer), label="Bookmark")

    assert shown(marked).id == shown(answer).id
    assert not shown(marked).ephemeral
    assert "Remove bookmark" in buttons_of(shown(marked))
    listed = await uma.slash("agenda")
    assert papers_in(listed) == ["Apple", "Kiwi"]
    assert not shown(listed).ephemeral
    removed = await pick(uma, shown(listed), "Remove bookmarks", "Kiwi")
    assert shown(removed).id == shown(listed).id
    assert papers_in(removed) == ["Apple"]
    assert await agenda(ann, server.channel) == ["Apple"]
    exported = await uma.click(shown(removed), label="Export calendar")
    assert [attachment.filename for attachment in shown(exported).attachments] == ["agenda.ics"]
    unmarked = await uma.click(shown(marked), label="Remove bookmark")
    assert "Bookmark" in buttons_of(shown(unmarked))
    assert sessions_in(await uma.slash("schedule", day="wednesday")) == ["Closing"]


@alone
async def test_the_button_and_the_bookmarks_outlive_a_restart(own: Server) -> None:
    ann, bob = own.member("ann"), own.member("bob")
    await mark(ann, own.channel, "Kiwi", "Apple")
    old = await ann.slash(own.channel, "paper", paper="banana")
    marked = await mark(ann, own.channel, "Mango")
    listed = await ann.slash(own.channel, "agenda")

    await own.restart()

    assert await agenda(ann, own.channel) == ["Apple", "Kiwi", "Mango"]
    assert await agenda(bob, own.channel) == []
    turned = await ann.click(shown(old), label="Bookmark")
    assert shown(turned).id == shown(old).id
    assert "Remove bookmark" in buttons_of(shown(turned))
    turned = await ann.click(shown(marked), label="Remove bookmark")
    assert "Bookmark" in buttons_of(shown(turned))
    updated = await pick(ann, shown(listed), "Remove bookmarks", "Kiwi")
    assert shown(updated).id == shown(listed).id
    assert papers_in(updated) == ["Apple", "Banana"]


async def test_the_bookmarks_of_two_people_do_not_mix(server: Server) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    await mark(ann, server.channel, "Apple", "Kiwi")
    await mark(bob, server.channel, "Kiwi", "Mango")

    taken = await ann.slash(server.channel, "paper", paper="kiwi")
    await ann.click(shown(taken), label="Remove bookmark")

    assert await agenda(ann, server.channel) == ["Apple"]
    assert await agenda(bob, server.channel) == ["Kiwi", "Mango"]
    fresh = await ann.slash(server.channel, "paper", paper="mango")
    assert "Bookmark" in buttons_of(shown(fresh))


async def test_there_is_a_limit_and_it_says_what_to_do(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.agenda.agendas, "LIMIT", 2)
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple", "Kiwi")
    answer = await ann.slash(server.channel, "paper", paper="mango")

    refused = await ann.click(shown(answer), label="Bookmark")

    assert shown(refused).ephemeral
    assert "2 bookmarks" in said(refused)
    assert "/agenda" in said(refused)
    assert await agenda(ann, server.channel) == ["Apple", "Kiwi"]
    await pick(ann, shown(await ann.slash(server.channel, "agenda")), "Remove bookmarks", "Apple")
    marked = await ann.click(shown(answer), label="Bookmark")
    assert "Remove bookmark" in buttons_of(shown(marked))
    assert await agenda(ann, server.channel) == ["Kiwi", "Mango"]

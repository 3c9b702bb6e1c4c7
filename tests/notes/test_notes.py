"""Private notes on papers, and what somebody has seen or wants to read."""

import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from bot.notes.model import LIMIT
from tests.support.messages import assert_within_limits, buttons_of, displayed, embed_of, shown
from tests.support.moderating import filled_in
from tests.support.planning import alone, description_of, field, in_file, in_public, load, mark, public_messages
from tests.support.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

MINE = "Your note (only you see it)"


async def opened(who: MemberActor, server: Server, name: str) -> ResponseMessage:
    return shown(await who.slash(server.channel, "paper", paper=name))


async def note(who: MemberActor, message: ResponseMessage, text: str, label: str = "Add note") -> InteractionResult:
    """Write a note by the button below a paper."""
    form = await who.click(message, label=label)
    assert form.modal
    result = await who.submit_modal(form, {"text": text})
    assert isinstance(result, InteractionResult)
    return result


async def test_a_note_is_on_the_paper_for_its_writer_alone_and_can_be_edited_and_emptied(server: Server) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    message = await opened(ann, server, "apple")
    written = await note(ann, message, "Ask about **scaling**\nand @everyone")

    assert shown(written).id == message.id
    assert displayed(field(written, MINE) or "")[0] == "Ask about **scaling**\nand @everyone"
    assert_within_limits(shown(written))
    assert field(await bob.slash(server.channel, "paper", paper="apple"), MINE) is None

    form = await ann.click(await opened(ann, server, "apple"), label="Edit note")
    assert filled_in(form.modal) == {"text": "Ask about **scaling**\nand @everyone"}
    await ann.submit_modal(form, {"text": "Asked."})
    assert field(await ann.slash(server.channel, "paper", paper="apple"), MINE) == "Asked."

    emptied = await note(ann, await opened(ann, server, "apple"), "  \n ", "Edit note")
    assert field(emptied, MINE) is None
    assert "Add note" in buttons_of(shown(emptied))
    assert (ann.id,) not in in_file(server, "SELECT user_id FROM note")


async def test_seen_and_want_to_read_take_each_others_place_and_are_taken_back(server: Server) -> None:
    ann = server.member("ann")
    message = await opened(ann, server, "kiwi")

    wanted = await ann.click(message, label="Want to read")
    assert field(wanted, MINE) == "**Want to read**"
    seen = await ann.click(shown(wanted), label="Seen")
    assert field(seen, MINE) == "**Seen**"
    assert {"Not seen", "Want to read"} <= set(buttons_of(shown(seen)))
    neither = await ann.click(shown(seen), label="Not seen")
    assert field(neither, MINE) is None


async def test_sharing_a_paper_never_shows_the_note(server: Server) -> None:
    ann = server.member("ann")
    written = await note(ann, await opened(ann, server, "mango"), "A secret of mine.")

    shared = await ann.click(shown(written), label="Share")

    (message,) = shared.followups
    assert not message.ephemeral
    assert MINE not in [entry.name for embed in message.embeds for entry in embed.fields]
    assert not any(
        "secret" in str(embed.to_dict()) for one in public_messages(server, server.channel) for embed in one.embeds
    )


@pytest.mark.parametrize("how", ["asked in public", "shared"])
@alone
async def test_on_a_public_answer_each_keeps_a_note_of_their_own_privately(own: Server, how: str) -> None:
    ann, bob = own.member("ann"), own.member("bob")
    message, channel = await in_public(own, ann, how)

    pressed = await bob.click(message, label="Seen")
    assert shown(pressed).ephemeral
    assert field(pressed, "Your note") == "**Seen**"
    written = await note(bob, message, "Mine alone.")
    assert shown(written).ephemeral
    assert field(written, "Your note") == "**Seen**\nMine alone."

    assert not any("alone" in str(embed.to_dict()) for one in public_messages(own, channel) for embed in one.embeds)
    assert field(await ann.slash(own.channel, "paper", paper="apple"), MINE) is None


@alone
async def test_notes_are_listed_the_latest_first_and_outlive_a_restart_and_the_form_too(own: Server) -> None:
    ann = own.member("ann")
    await note(ann, await opened(ann, own, "apple"), "First.")
    own.env.backend.advance_clock(60)
    await ann.click(await opened(ann, own, "kiwi"), label="Want to read")
    form = await ann.click(await opened(ann, own, "mango"), label="Add note")
    await own.restart()
    own.env.backend.advance_clock(60)
    await ann.submit_modal(form, {"text": "Written across a restart."})

    listed = await ann.slash(own.channel, "notes")

    blocks = description_of(listed).split("\n\n")
    assert blocks[0] == "Only you see this. 1 to read, 2 with a note."
    assert [block.split(":")[0].strip("*") for block in blocks[1:]] == ["Mango", "Kiwi", "Apple"]
    assert blocks[1].endswith("\nWritten across a restart.")
    assert blocks[2].endswith("\nWant to read")
    assert shown(listed).ephemeral

    await load(own, ("Morning", "Hall", "Apple"))
    after = await ann.slash(own.channel, "notes")
    assert field(after, "No longer in the programme") == "2 papers with a note; `/mydata` hands them out too."


async def test_without_notes_the_list_says_how_to_make_one(server: Server) -> None:
    result = await server.member("ann").slash(server.channel, "notes")
    assert description_of(result).startswith("You have no notes yet.")


@alone
async def test_what_was_seen_is_not_suggested_and_what_one_wants_to_read_tells_ones_taste(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Apple")
    await ann.click(await opened(ann, own, "banana"), label="Seen")

    text = description_of(await ann.slash(own.channel, "foryou"))

    assert "Banana" not in text
    assert "Citron" in text


@alone
async def test_nobody_keeps_notes_without_end_and_those_there_are_can_be_changed(own: Server) -> None:
    ann = own.member("ann")
    for number in range(LIMIT):
        await own.services.notes.notes.write(ann.id, f"paper-{number}", "x")

    refused = await note(ann, await opened(ann, own, "apple"), "One more.")

    assert f"You have notes on {LIMIT} papers" in shown(refused).content
    await own.services.notes.notes.write(ann.id, "paper-7", "changed")
    assert own.services.notes.notes.of(ann.id)["paper-7"].text == "changed"


@alone
async def test_the_longest_note_fits_and_comes_back_whole(own: Server) -> None:
    ann = own.member("ann")
    text = "*_`" * 333

    written = await note(ann, await opened(ann, own, "apple"), text)

    assert_within_limits(shown(written))
    form = await ann.click(shown(written), label="Edit note")
    assert filled_in(form.modal) == {"text": text}
    assert_within_limits(shown(await ann.slash(own.channel, "notes")))


@alone
async def test_deleting_my_data_deletes_notes_and_seen(own: Server) -> None:
    ann = own.member("ann")
    await note(ann, await opened(ann, own, "apple"), "Secret.")
    await ann.click(await opened(ann, own, "kiwi"), label="Seen")
    data = await ann.slash(own.channel, "mydata")
    assert "Notes on 2 papers" in description_of(data)

    asked = await ann.click(shown(data), label="Delete everything")
    await ann.click(shown(asked), label="Yes, delete everything")

    assert in_file(own, "SELECT * FROM note") == []
    assert own.services.notes.notes.seen_by("kiwi") == 0
    assert description_of(await ann.slash(own.channel, "notes")).startswith("You have no notes yet.")
    assert embed_of(await ann.slash(own.channel, "mydata"))

"""Buttons and menus: after a restart, shared, pressed by somebody else, and out of date."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import discord
import pytest
import pytest_asyncio
from simcord.actors import MemberActor, _component_interaction
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult, ResponseMessage

from tests.support.loading import loaded
from tests.support.messages import (
    Component,
    assert_within_limits,
    buttons_of,
    components_of,
    displayed,
    embed_of,
    menu_id,
    menus_of,
    shown,
)
from tests.support.server import SESSION_PAGE, Server, StartServer, config_in, running

ANOTHER_PAGE = """\
Session
Poster Session 2
Hall B
Postcards: Sending Tensors by Mail
Grace Hopper ⋅ Ada Lovelace
{}
""".format("Tensors are usually moved by wire, which nobody enjoys as much as a card with a stamp on it. " * 4)

SEQUEL = """
Sequels: What Came After Hippocampus and Matrix
Yi Li ⋅ Dong Wang
Whoever wrote one paper may well have written another, which is told of here.
"""

Ask = Callable[[MemberActor, ChannelHandle], Awaitable[InteractionResult]]


def ask(command: str, **options: str) -> Ask:
    return lambda who, channel: who.slash(channel, command, **options)


def then(before: Ask, label: str) -> Ask:
    async def press(who: MemberActor, channel: ChannelHandle) -> InteractionResult:
        return await who.click(shown(await before(who, channel)), label=label)

    return press


PAPER = ask("paper", paper="hippocampus")
AUTHOR = ask("author", name="Puneet Sharma")
RESULTS = ask("search", query="models")
SESSION = ask("session")

BUTTONS: dict[str, tuple[Ask, str, str]] = {
    "share": (PAPER, "Share", "Hippocampus"),
    "share an author": (AUTHOR, "Share", "Puneet Sharma"),
    "share results": (RESULTS, "Share", "Results for “models”"),
    "similar papers": (PAPER, "Similar papers", "Similar papers"),
    "more by an author": (PAPER, "More by an author", "More by an author"),
    "all of this session": (PAPER, "All of this session", "Poster Session 1"),
    "next page of a session": (SESSION, "Next", "Poster Session 1"),
    "next page of results": (RESULTS, "Next", "Results for “models”"),
    "previous page of results": (then(RESULTS, "Next"), "Previous", "Results for “models”"),
    "next page of authors": (
        then(ask("paper", paper="matrix"), "More by an author"),
        "Next",
        "More by an author",
    ),
    "search instead": (ask("paper", paper="federated learning"), "Search for “federated learning”", "Results for"),
}
MENUS: dict[str, tuple[Ask, str, str]] = {
    "author of a paper": (PAPER, "Open an author", "Yi Li"),
    "paper of an author": (AUTHOR, "Open a paper", "Hippocampus"),
    "co-author": (AUTHOR, "Open a co-author", "Yi Li"),
    "paper of a session": (SESSION, "Open a paper", "AgenticCache"),
    "found paper": (RESULTS, "Open a paper", ""),
    "similar paper": (then(PAPER, "Similar papers"), "Open a paper", ""),
    "author of a byline": (then(PAPER, "More by an author"), "Open an author", "Yi Li"),
    "meant paper": (ask("paper", paper="federated learning"), "Pick the paper", ""),
    "meant author": (ask("author", name="li"), "Pick the author", ""),
    "session": (ask("session", session="banquet"), "Open a session", "Poster Session 1"),
}

pytestmark = pytest.mark.asyncio(loop_scope="module")
alone = pytest.mark.asyncio(loop_scope="function")
"""For the tests that need a server of their own."""

OldAnswers = tuple[MemberActor, dict[str, ResponseMessage]]
"""Who asked, and the answers."""


def with_sequel(folder: Path) -> Path:
    """A page with the session's papers, and one more by authors of two of them."""
    page = folder / "page.txt"
    page.write_text(SESSION_PAGE.read_text(encoding="utf-8") + SEQUEL, encoding="utf-8")
    return page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    folder = tmp_path_factory.mktemp("buttons")
    config = config_in(folder, programme={"source": with_sequel(folder)}, discord={"public_channels": ["posters"]})
    async with running(config) as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def old_answers(server: Server) -> OldAnswers:
    """One answer for each kind of button and menu, all from before the bot was restarted."""
    ann = server.member("ann")
    answers = {kind: shown(await asked(ann, server.channel)) for kind, (asked, _, _) in {**BUTTONS, **MENUS}.items()}
    await server.restart()
    return ann, answers


@pytest_asyncio.fixture(loop_scope="module")
async def channel(server: Server) -> AsyncIterator[ChannelHandle]:
    """A channel in which nothing was said yet."""
    yield server.guild.create_text_channel("quiet")
    await server.rest()


@pytest.mark.parametrize("kind", BUTTONS)
async def test_a_button_still_works_after_a_restart(old_answers: OldAnswers, kind: str) -> None:
    _, label, title = BUTTONS[kind]
    ann, answers = old_answers
    old = answers[kind]
    before = old.embeds[0].to_dict()

    result = await ann.click(old, label=label)

    answer = result.followups[0] if label == "Share" else shown(result)
    assert (answer.embeds[0].title or "").startswith(title)
    if label == "Share":
        assert answer.embeds[0].to_dict() == before
    else:
        assert answer.ephemeral
        assert answer.embeds[0].to_dict() != before
    assert_within_limits(answer)


@pytest.mark.parametrize("kind", MENUS)
async def test_a_menu_still_works_after_a_restart(old_answers: OldAnswers, kind: str) -> None:
    _, placeholder, title = MENUS[kind]
    ann, answers = old_answers
    old = answers[kind]
    option = menus_of(old)[placeholder][0]

    result = await ann.select(old, [option["value"]], custom_id=menu_id(old, placeholder))

    assert shown(result).id != old.id
    assert result.ephemeral
    name = option["label"].partition(" — ")[0].partition("…")[0]
    assert (embed_of(result).title or "").startswith(title or name)
    assert name in displayed(embed_of(result).title or "")[0]


async def test_buttons_work_for_longer_than_discord_py_remembers_the_answer(
    server: Server, channel: ChannelHandle
) -> None:
    ann = server.member("ann")
    result = await SESSION(ann, channel)
    server.env.backend.advance_clock(20 * 60)
    await server.env.settle()

    turned = await ann.click(shown(result), label="Next")

    assert embed_of(turned).footer.text == "Page 2 of 4"


@alone
async def test_a_search_that_was_forgotten_says_so(small_server: Server) -> None:
    ann = small_server.member("ann")
    result = await ann.slash(small_server.channel, "search", query=f"models {'language ' * 9}")
    small_server.env.backend.advance_clock(timedelta(days=61).total_seconds())
    await ann.slash(small_server.channel, "search", query=f"cache {'memory ' * 12}")

    turned = await ann.click(shown(result), label="Next")

    assert embed_of(turned).title == "This search is gone"


# --- sharing


def public_messages(server: Server, channel: ChannelHandle) -> list[discord.Message]:
    """What somebody sees who asked nothing."""
    return channel.history(viewer=server.member("lurker"))


async def test_sharing_shows_everybody_what_was_private(server: Server, channel: ChannelHandle) -> None:
    ann = server.member("ann")
    result = await PAPER(ann, channel)
    assert public_messages(server, channel) == []

    await ann.click(shown(result), label="Share")

    (shared,) = public_messages(server, channel)
    assert shared.embeds[0].to_dict() == embed_of(result).to_dict()
    assert "Share" not in buttons_of(shared)
    assert "Similar papers" in buttons_of(shared)


async def test_sharing_names_the_sharer_and_pings_nobody(server: Server, channel: ChannelHandle) -> None:
    ann = server.member("ann")
    result = await PAPER(ann, channel)

    await ann.click(shown(result), label="Share")

    (shared,) = public_messages(server, channel)
    assert shared.content == f"Shared by {ann.mention}"
    sent = next(entry.json for entry in reversed(server.env.http_requests) if entry.path.startswith("/webhooks/"))
    assert sent is not None
    assert sent["allowed_mentions"]["parse"] == []
    assert not sent["allowed_mentions"].get("users")


async def test_what_was_shared_says_so_and_cannot_be_shared_again(server: Server, channel: ChannelHandle) -> None:
    ann = server.member("ann")
    result = await PAPER(ann, channel)
    before = embed_of(result).to_dict()

    await ann.click(shown(result), label="Share")

    assert "Share" not in buttons_of(shown(result))
    assert buttons_of(shown(result))["Shared"]["disabled"]
    assert embed_of(result).to_dict() == before
    similar = await ann.click(shown(result), label="Similar papers")
    assert embed_of(similar).title == "Similar papers"


async def test_the_page_that_is_shown_is_the_page_that_is_shared(server: Server, channel: ChannelHandle) -> None:
    ann = server.member("ann")
    second = await then(SESSION, "Next")(ann, channel)

    await ann.click(shown(second), label="Share")

    (shared,) = public_messages(server, channel)
    assert shared.embeds[0].footer.text == "Page 2 of 4"


async def test_who_may_not_write_in_a_channel_may_not_share_in_it(server: Server) -> None:
    mute = discord.PermissionOverwrite(send_messages=False)
    channel = server.guild.create_text_channel("announcements", overwrites={server.guild.default_role: mute})
    ann = server.member("ann")
    result = await PAPER(ann, channel)

    refused = await ann.click(shown(result), label="Share")

    assert refused.ephemeral
    assert "can't post in this channel" in shown(refused).content
    assert public_messages(server, channel) == []
    assert not buttons_of(shown(result))["Share"]["disabled"]


async def test_in_a_thread_the_permission_for_threads_decides(server: Server) -> None:
    rules = discord.PermissionOverwrite(send_messages=True, send_messages_in_threads=False)
    channel = server.guild.create_text_channel("hall", overwrites={server.guild.default_role: rules})
    await server.env.settle()
    cached = server.bot.get_channel(channel.id)
    assert isinstance(cached, discord.TextChannel)
    await cached.create_thread(name="questions", type=discord.ChannelType.public_thread)
    await server.env.settle()
    ann = server.member("ann")
    result = await PAPER(ann, channel.threads[0])

    refused = await ann.click(shown(result), label="Share")

    assert "can't post in this channel" in shown(refused).content


# --- somebody else's message


async def pressed_by_another(server: Server, who: MemberActor, message: ResponseMessage, data: Component) -> object:
    """Press what the client of `who` does not show, as only a forged interaction can."""
    stored = server.env.backend.get_message(message.channel_id, message.id)
    return await _component_interaction(who, stored, data)


def state(message: ResponseMessage) -> tuple[object, ...]:
    return message.content, [embed.to_dict() for embed in message.embeds], message.components


@pytest.mark.parametrize("label", ["Next", "Share", "Open a paper"])
async def test_a_private_answer_pressed_by_another_is_not_changed(
    server: Server, channel: ChannelHandle, label: str
) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    answer = shown(await SESSION(ann, channel))
    before = state(answer)
    if label in menus_of(answer):
        data = {
            "custom_id": menu_id(answer, label),
            "component_type": discord.ComponentType.string_select.value,
            "values": [menus_of(answer)[label][0]["value"]],
        }
    else:
        data = {
            "custom_id": buttons_of(answer)[label]["custom_id"],
            "component_type": discord.ComponentType.button.value,
        }

    result = await pressed_by_another(server, bob, answer, data)

    assert state(answer) == before
    assert isinstance(result, InteractionResult)
    if label != "Share":
        assert shown(result).ephemeral
        assert shown(result).id != answer.id


@pytest.mark.parametrize("label", ["Next", "Previous", "Open a paper"])
async def test_pressing_a_shared_answer_answers_the_presser_alone(
    server: Server, channel: ChannelHandle, label: str
) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    second = await then(SESSION, "Next")(ann, channel)
    shared = (await ann.click(shown(second), label="Share")).followups[0]
    before = state(shared)

    for who in (bob, ann):
        if label in menus_of(shared):
            value = menus_of(shared)[label][0]["value"]
            result = await who.select(shared, [value], custom_id=menu_id(shared, label))
        else:
            result = await who.click(shared, label=label)
            assert embed_of(result).footer.text == f"Page {3 if label == 'Next' else 1} of 4"

        assert shown(result).ephemeral
        assert "Share" in buttons_of(shown(result))
        assert state(shared) == before
    assert len(public_messages(server, channel)) == 1


async def test_pressing_a_public_answer_answers_the_presser_alone(server: Server) -> None:
    channel = server.guild.create_text_channel("posters")
    ann, bob = server.member("ann"), server.member("bob")
    public = shown(await RESULTS(ann, channel))
    before = state(public)

    for who in (ann, bob):
        result = await who.click(public, label="Next")
        assert shown(result).ephemeral
        assert "Page 2 of 3" in (embed_of(result).footer.text or "")
        again = await who.click(shown(result), label="Previous")
        assert shown(again).id == shown(result).id

    assert state(public) == before
    assert len(public_messages(server, channel)) == 1


# --- out of date


async def load_another(server: Server) -> None:
    assert await server.bot.services.library.load(loaded(ANOTHER_PAGE.encode(), "another.txt"))


@alone
async def test_a_button_about_what_is_gone_says_so(start_server: StartServer, tmp_path: Path) -> None:
    server = await start_server(programme={"source": with_sequel(tmp_path)})
    ann = server.member("ann")
    pressed = [
        (PAPER, "Similar papers", "This paper is gone"),
        (PAPER, "More by an author", "This paper is gone"),
        (PAPER, "All of this session", "This session is gone"),
        (SESSION, "Next", "This session is gone"),
        (RESULTS, "Next", "Nothing found"),
    ]
    answers = [(shown(await asked(ann, server.channel)), label, title) for asked, label, title in pressed]
    await load_another(server)

    for answer, label, title in answers:
        result = await ann.click(answer, label=label)
        assert embed_of(result).title == title, label
        assert shown(result).ephemeral


@alone
async def test_a_menu_about_what_is_gone_says_so(small_server: Server) -> None:
    ann = small_server.member("ann")
    picked = [
        (PAPER, "Open an author", "This author is gone"),
        (SESSION, "Open a paper", "This paper is gone"),
        (ask("session", session="banquet"), "Open a session", "This session is gone"),
    ]
    answers = [(shown(await asked(ann, small_server.channel)), menu, title) for asked, menu, title in picked]
    await load_another(small_server)

    for answer, menu, title in answers:
        result = await ann.select(answer, [menus_of(answer)[menu][0]["value"]], custom_id=menu_id(answer, menu))
        assert embed_of(result).title == title, menu
        assert shown(result).ephemeral


@alone
@pytest.mark.parametrize("asked", [PAPER, AUTHOR, SESSION, RESULTS], ids=["paper", "author", "session", "results"])
async def test_sharing_what_is_gone_bothers_nobody_else(small_server: Server, asked: Ask) -> None:
    ann = small_server.member("ann")
    answer = shown(await asked(ann, small_server.channel))
    await load_another(small_server)

    pressed = await ann.click(answer, label="Share")

    assert public_messages(small_server, small_server.channel) == []
    said = [message for message in (pressed.response, *pressed.followups) if message]
    assert all(message.ephemeral for message in said)
    assert any("gone" in str(state(message)) or "Nothing found" in str(state(message)) for message in said)


@pytest.mark.parametrize(
    "custom_id", ["ask:poster:0:hippocampus", "turn:0:session", "share:poster:0:x", "remind-me", "ask:paper:0:"]
)
async def test_a_button_of_another_version_of_the_bot_gets_a_plain_answer(
    server: Server, channel: ChannelHandle, custom_id: str
) -> None:
    ann = server.member("ann")
    answer = shown(await PAPER(ann, channel))
    stored = server.env.backend.get_message(answer.channel_id, answer.id)
    stored.components[0]["components"][1]["custom_id"] = custom_id

    result = await ann.click(answer, custom_id=custom_id)

    assert result.acknowledged
    assert shown(result).ephemeral
    assert "went wrong" not in shown(result).content


@pytest.mark.parametrize("value", ["poster:0:hippocampus", "nonsense"])
async def test_a_menu_of_another_version_of_the_bot_gets_a_plain_answer(
    server: Server, channel: ChannelHandle, value: str
) -> None:
    ann = server.member("ann")
    answer = shown(await PAPER(ann, channel))
    stored = server.env.backend.get_message(answer.channel_id, answer.id)
    menu = next(component for row in stored.components for component in row["components"] if component["type"] == 3)
    menu["options"][0]["value"] = value

    result = await ann.select(answer, [value], custom_id=menu["custom_id"])

    assert shown(result).ephemeral
    assert "went wrong" not in shown(result).content


async def test_every_button_of_every_answer_has_an_id_of_its_own(old_answers: OldAnswers) -> None:
    _, answers = old_answers
    for message in answers.values():
        assert_within_limits(message)
        assert components_of(message)


async def test_an_answer_leaves_nothing_at_work(server: Server, channel: ChannelHandle) -> None:
    ann = server.member("ann")
    await PAPER(ann, channel)
    await server.env.settle()
    before = len(asyncio.all_tasks())

    for _ in range(5):
        result = await PAPER(ann, channel)
        await ann.click(shown(result), label="Similar papers")

    assert len(asyncio.all_tasks()) == before

"""What the configuration calls small is applied without asking, and told; with anything else, all of it is asked."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from bot.config import SmallChange
from bot.editions.model import NOTHING, Edition, Proposal
from bot.moderating.small_changes import is_small
from bot.programme.difference import Difference
from bot.programme.model import Programme
from bot.search import Index
from tests.support.messages import buttons_of, shown
from tests.support.moderating import (
    FRUIT,
    GROWN,
    audit,
    fix,
    moderator,
    moment,
    paper,
    posters,
    press,
    text_of,
    titles,
)
from tests.support.site import authority, certificate, site, trust
from tests.support.watching import StartWatching, WatchingServer, start_watching

__all__ = ["authority", "certificate", "site", "start_watching", "trust"]

ALL: tuple[SmallChange, ...] = get_args(SmallChange)
LINK = [{"label": "PDF", "url": "https://example.org/1.pdf"}]
FULL = paper("Apple", links=LINK)


def changed(**fields: Any) -> bytes:
    """Return a programme whose first paper has other fields."""
    return posters(FULL | fields, *FRUIT[1:])


SMALL = {
    "times": posters(FULL, *FRUIT[1:], starts_at=moment(1), ends_at=moment(3)),
    "rooms": posters(FULL, *FRUIT[1:], room="Ballroom"),
    "abstracts": changed(abstract="All about apples."),
    "titles": changed(title="Apple Pie"),
    "authors": changed(authors=["Ann Apple", "Cy Twombly"]),
    "links": changed(links=[{"label": "PDF", "url": "https://example.org/2.pdf"}]),
}


async def started(start_watching: StartWatching, *allowed: str) -> WatchingServer:
    return await start_watching(posters(FULL, *FRUIT[1:]), {"auto_apply": list(allowed)})


def version(server: WatchingServer) -> int:
    version = server.services.library.edition.version
    assert version
    return version.id


@pytest.mark.parametrize("kind", SMALL)
async def test_a_small_change_is_in_use_at_once_and_told_with_a_way_back(
    kind: str, start_watching: StartWatching
) -> None:
    server = await started(start_watching, kind)
    mo = moderator(server)
    await server.publish(SMALL[kind])

    assert version(server) == 2
    (message,) = server.moderators.history()
    assert "has changed, and this is in use now: programme.example.org/page.txt" in text_of(message).replace("\\", "")
    assert "→" in text_of(message)
    assert set(buttons_of(message)) == {"Undo…"}
    assert audit(server) == []
    assert "by the bot itself" in text_of(shown(await mo.slash(server.channel, "programme history")))

    (preview,) = (await mo.click(message, label="Undo…")).followups
    await press(mo, preview, "Apply")
    assert version(server) == 1
    await server.next_look()
    await server.restart()
    await server.next_look()
    assert version(server) == 1
    assert len(server.moderators.history()) == 1


@pytest.mark.parametrize("kind", SMALL)
async def test_what_is_not_called_small_is_asked_about(kind: str, start_watching: StartWatching) -> None:
    server = await started(start_watching, *(one for one in ALL if one != kind))
    await server.publish(SMALL[kind])
    assert version(server) == 1
    assert set(buttons_of(server.asked())) == {"Apply", "Ignore"}


@pytest.mark.parametrize(
    "data",
    [
        posters(FULL, *FRUIT[1:], "Grape"),
        posters(FULL, *FRUIT[1:-1]),
        posters(FULL, *FRUIT[1:], starts_at=None, ends_at=None),
        posters(FULL, *FRUIT[1:], room=None),
        changed(abstract=None),
        changed(authors=[]),
        changed(links=[]),
        changed(topics=["Fruit"]),
        posters(FULL, *FRUIT[1:], room="Ballroom", kind="Oral session"),
        posters(*FRUIT[3:]),
        posters("Quark", "Gluon", name="Physics"),
    ],
    ids=[
        "a paper more",
        "a paper less",
        "no time any more",
        "no room any more",
        "no abstract any more",
        "no authors any more",
        "no links any more",
        "something else",
        "something else besides",
        "half gone",
        "another conference",
    ],
)
async def test_what_comes_goes_or_looks_wrong_is_never_small(data: bytes, start_watching: StartWatching) -> None:
    server = await started(start_watching, *ALL)
    edition = server.services.library.edition
    await server.publish(data)
    assert server.services.library.edition is edition
    assert "Apply" in buttons_of(server.asked())


async def test_what_was_fixed_by_hand_is_asked_about_when_the_source_changes_it(start_watching: StartWatching) -> None:
    server = await started(start_watching, *ALL)
    mo = moderator(server)
    await press(mo, await fix(mo, server, "session", "posters", room="Gym"), "Apply")
    await server.publish(SMALL["rooms"])
    assert version(server) == 1
    assert "the correction “Gym” stays" in text_of(server.asked())


async def test_a_small_change_answers_the_open_question(start_watching: StartWatching) -> None:
    server = await started(start_watching, "rooms")
    await server.publish(GROWN)
    await server.publish(SMALL["rooms"])
    question, told = server.moderators.history()
    assert text_of(question).startswith("Out of date: ")
    assert buttons_of(question) == {}
    assert "this is in use now" in text_of(told)
    assert titles(server) == list(FRUIT)


async def test_those_who_must_know_of_another_time_are_told(start_watching: StartWatching) -> None:
    data = posters(FULL, *FRUIT[1:])
    server = await start_watching(data, {"auto_apply": ["times"]}, reminders={"channel": "general"})
    await server.publish(SMALL["times"])
    await server.advance(600)
    assert any("Posters" in text_of(message) for message in server.channel.history())


async def test_a_change_of_many_pages_is_told_in_one_message(start_watching: StartWatching) -> None:
    many = [f"Paper number {n} of many" for n in range(150)]
    server = await start_watching(posters(*many), {"auto_apply": ["abstracts"]})
    await server.publish(posters(*(paper(one, abstract=f"Other words about {one}.") for one in many)))
    message = server.asked()
    assert "150 papers changed" in text_of(message)
    assert "Undo… shows all" in (message.embeds[0].footer.text or "")


def test_what_looks_wrong_is_not_small_whatever_it_consists_of() -> None:
    programme = Programme()
    proposal = Proposal(Edition(programme, Index(programme)), programme, Difference(), NOTHING, NOTHING)
    assert is_small(proposal, ())
    assert not is_small(replace(proposal, suspicions=("It may be another conference's.",)), get_args(SmallChange))

"""Tags of a forum: which are worth having within Discord's limits, and that they follow the programme."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discussion.model import paper_subject, session_subject
from bot.discussion.tags import MOST_TAGS, TAG_NAME, labels_of, wanted_tags
from bot.programme.model import Programme
from bot.ui.limits import size
from tests.discussion.conftest import StartTalking
from tests.support.announcing import deny
from tests.support.moderating import moderator, press, programme, reload, session
from tests.support.programmes import paper, programme_of
from tests.support.programmes import session as made
from tests.support.talking import Talking

TWO = programme(session("Apple", "Banana", name="Posters I"), session("Cherry", name="Posters II", room="Foyer"))


def names(programme: Programme, room: int = MOST_TAGS) -> list[str]:
    return [tag.name for tag in wanted_tags(programme, room)]


def test_tracks_come_first_then_sessions_and_the_rest_is_for_the_commonest_topics() -> None:
    shown = [
        paper(f"P{number}", track=f"Track {number % 3}", topics=("common", *(("rare",) if number == 5 else ())))
        for number in range(6)
    ]
    tagged = programme_of(made("One", *shown[:3]), made("Two", *shown[3:]))

    assert names(tagged) == ["Track 0", "Track 1", "Track 2", "One", "Two", "common", "rare"]
    assert names(tagged, 6) == ["Track 0", "Track 1", "Track 2", "One", "Two", "common"]
    assert names(tagged, 4) == ["Track 0", "Track 1", "Track 2", "common"], "half of the sessions would mislead"
    assert names(tagged, 2) == ["Track 0", "Track 1"]
    assert names(tagged, 0) == []
    key = next(iter(tagged.papers))
    assert labels_of(tagged, paper_subject(key)) == ["track:track 0", "session:one", "topic:common"]
    assert labels_of(tagged, session_subject("two")) == ["session:two"]
    assert labels_of(tagged, paper_subject("gone")) == []


@given(
    st.lists(st.text(min_size=1, max_size=60), max_size=30),
    st.lists(st.text(max_size=40), max_size=40),
    st.integers(0, 20),
)
def test_whatever_they_are_called_names_fit_and_no_two_are_alike(
    sessions: list[str], topics: list[str], room: int
) -> None:
    shown = [paper(f"P{number}", topics=(topic,)) for number, topic in enumerate(topics)]
    tags = wanted_tags(programme_of(*(made(name) for name in sessions), made("All", *shown)), room)

    assert len(tags) <= room
    assert all(1 <= size(tag.name) <= TAG_NAME and tag.name == tag.name.strip() for tag in tags)
    assert len({tag.name.casefold() for tag in tags}) == len({tag.label for tag in tags}) == len(tags)


def test_long_names_of_one_beginning_are_told_apart() -> None:
    sessions = [made(f"Poster Session on Learning {letter}", f"P{letter}") for letter in "ABC"]
    assert names(programme_of(*sessions)) == ["Poster Session on…", "Poster Session on… 2", "Poster Session on… 3"]


def available(talking: Talking) -> list[str]:
    return [tag["name"] for tag in talking.forum._channel.available_tags]


async def test_posts_are_tagged_and_a_renamed_session_renames_its_tag(start_talking: StartTalking) -> None:
    talking = await start_talking(TWO)
    mo = moderator(talking.server)
    for name in ("Apple", "Cherry"):
        await talking.discuss(await talking.paper(name))
    assert available(talking) == ["Posters I", "Posters II"]
    assert (talking.tags("Apple"), talking.tags("Cherry")) == (["Posters I"], ["Posters II"])
    ids = [tag["id"] for tag in talking.forum._channel.available_tags]

    opened = await mo.slash(talking.server.channel, "programme fix session", session="posters-ii")
    preview = await mo.submit_modal(opened, {"name": "Late posters"})
    assert preview.response
    await press(mo, preview.response, "Apply")
    await talking.server.env.settle()

    assert available(talking) == ["Posters I", "Late posters"]
    assert [tag["id"] for tag in talking.forum._channel.available_tags] == ids
    assert talking.tags("Cherry") == ["Late posters"]

    moved = programme(
        session("Apple", "Cherry", name="Posters I"), session("Banana", name="Late posters", room="Foyer")
    )
    await press(mo, await reload(mo, talking.server, moved), "Apply")
    await talking.server.env.settle()
    assert talking.tags("Cherry") == ["Posters I"]


async def test_tags_of_the_organizers_stay_are_used_by_name_and_take_the_room_that_there_is(
    start_talking: StartTalking,
) -> None:
    talking = await start_talking(TWO)
    own = [{"id": str(70 + number), "name": f"Own {number}", "moderated": False} for number in range(18)]
    own.append({"id": "99", "name": "posters i", "moderated": False})
    tags = [{**tag, "emoji_id": None, "emoji_name": None} for tag in own]
    talking.server.env.backend.edit_channel(talking.forum.id, {"available_tags": tags})
    await talking.server.env.settle()

    for name in ("Apple", "Cherry"):
        await talking.discuss(await talking.paper(name))

    assert available(talking) == [*(tag["name"] for tag in own), "Posters II"]
    assert talking.tags("Apple") == ["posters i"]
    assert talking.tags("Cherry") == ["Posters II"]


@pytest.mark.parametrize("why", ["not wished", "not allowed"])
async def test_without_permission_or_wish_no_tags_are_made(why: str, start_talking: StartTalking) -> None:
    talking = await start_talking(TWO, tags=why != "not wished")
    if why == "not allowed":
        deny(talking.server, talking.forum, manage_channels=True)
        await talking.server.env.settle()
    await talking.discuss(await talking.paper("Apple"))

    assert available(talking) == []
    assert list(talking.threads) == ["Apple"]

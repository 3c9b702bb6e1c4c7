"""Questions to a session: asked, voted for and listed in its place, for everybody and in few edits."""

import asyncio

import discord

from bot.session_questions.model import ASKS_AT_ONCE, EACH, VOTES_AT_ONCE
from tests.session_questions.conftest import StartLecture
from tests.support.database import rows
from tests.support.loading import loaded
from tests.support.messages import assert_within_limits, buttons_of, embed_of, menus_of, shown
from tests.support.moderating import MANAGER, programme, session
from tests.support.planning import description_of
from tests.support.questioning import (
    ASK,
    VOTE_FOR_SEVERAL,
    WITH_NAME,
    WITHDRAW,
    WITHOUT_NAME,
    Lecture,
    choose,
    said_of,
    title_of,
)
from tests.support.server import StartServer


def votes(lecture: Lecture) -> list[tuple[int, int]]:
    """Return the votes as they are kept: the questions' numbers and the people's ids."""
    asked = "SELECT number, user_id FROM session_vote JOIN session_question ON id = question_id ORDER BY 1, 2"
    return rows(lecture.server.config.database.path, asked)


async def test_attendees_ask_with_and_without_their_name_and_the_list_in_the_place_follows_the_votes(
    lecture: Lecture,
) -> None:
    ann, bob, cyd = (lecture.server.member(name) for name in ("ada", "bob", "cyd"))
    opened = await ann.click(lecture.starter(), label=ASK)
    title, text = said_of(await lecture.hand_in(ann, opened, "Does it\nscale?"))
    assert title == "Your question is on the list"
    where = "It is in the discussion of “Keynote”, where all can vote for it."
    assert text == f"**1** · ada\nDoes it scale?\n\n{where}"
    hidden = await lecture.ask(bob, "Who pays for this?", name=WITHOUT_NAME)
    assert said_of(hidden)[1].startswith("**2** · without a name\n")
    assert "moderators do" in (embed_of(hidden).footer.text or "")

    await lecture.soon()
    first = lecture.listed()
    assert first.flags.suppress_notifications
    assert lecture.ranking == [(1, 0), (2, 0)]
    assert "**2** · 0 votes · without a name\nWho pays for this?" in lecture.text
    assert list(buttons_of(first)) == ["▲ 1", "▲ 2", "All questions", ASK, "For the chair"]

    assert said_of(await lecture.vote(cyd, 2))[0] == "Your vote counts"
    assert said_of(await lecture.vote(ann, 2))[1].startswith("**2** · 2 votes")
    await lecture.soon()
    assert lecture.ranking == [(2, 2), (1, 0)]
    assert list(buttons_of(lecture.listed()))[:2] == ["▲ 2", "▲ 1"]
    assert lecture.listed().id == first.id


async def test_everybody_votes_once_may_change_their_mind_and_all_of_it_outlives_a_restart(lecture: Lecture) -> None:
    ann, bob = lecture.server.member("ada"), lecture.server.member("bob")
    await lecture.ask(ann, "Why?")
    await lecture.soon()
    first = lecture.listed()

    cast = await lecture.vote(bob, 1)
    again = await lecture.vote(bob, 1)
    assert said_of(again)[0] == "You have voted for this already"
    assert votes(lecture) == [(1, bob.id)]
    taken = await bob.click(shown(cast), label="Take my vote back")
    assert shown(taken).id == shown(cast).id
    assert said_of(taken)[0] == "Your vote is taken back"
    assert votes(lecture) == []
    await lecture.server.restart()
    assert said_of(await bob.click(first, label="▲ 1"))[0] == "Your vote counts"

    await lecture.soon()
    assert lecture.ranking == [(1, 1)]
    assert lecture.listed().id == first.id
    assert votes(lecture) == [(1, bob.id)]


async def test_a_form_is_handed_in_across_a_restart_and_twice_is_once(lecture: Lecture) -> None:
    ann = lecture.server.member("ada")
    opened = await ann.slash(lecture.thread, "questions ask")
    await lecture.server.restart()

    first = await lecture.hand_in(ann, opened, "Why?")
    again = await lecture.ask(ann, " Why? ")

    assert said_of(first)[0] == "Your question is on the list"
    assert said_of(again)[0] == "You have asked this already"
    await lecture.soon()
    assert lecture.ranking == [(1, 0)]


async def test_a_crowd_that_votes_is_a_few_edits_and_every_vote_is_on_the_list(lecture: Lecture) -> None:
    ann = lecture.server.member("ada")
    await lecture.ask(ann, "Why?")
    await lecture.ask(ann, "How?")
    await lecture.soon()
    await lecture.soon()
    before, service = lecture.edits(), lecture.server.services.session_questions.service
    ids = [one.question.id for one in service.open_ones("keynote")]

    for _ in range(10):
        crowd = range(1000 + 100 * _, 1100 + 100 * _)
        await asyncio.gather(*(service.vote(who, ids[who % 3 == 0], wanted=True) for who in crowd))
        await lecture.soon(1)
    await lecture.soon()

    assert lecture.edits() - before <= 4
    counted = sorted(lecture.ranking, key=lambda one: one[0])
    assert [number for _, number in counted] == [667, 333]
    assert len(votes(lecture)) == 1000


async def test_nothing_that_people_write_pings_or_looks_like_the_bots_own_words(lecture: Lecture) -> None:
    eve = lecture.server.member("# @everyone")
    await lecture.ask(eve, "@everyone **look** [here](https://evil.example) <@1>\n# Big")
    await lecture.soon()

    assert "\\@everyone \\*\\*look\\*\\* \\[here\\]" in lecture.text
    assert "\n# " not in lecture.text
    (posted,) = [
        one.json or {}
        for one in lecture.server.env.http_requests
        if one.method == "POST" and one.path == f"/channels/{lecture.thread.id}/messages"
    ]
    assert posted["allowed_mentions"] == {"parse": []}


async def test_all_questions_are_voted_for_at_once_and_ones_own_are_withdrawn(lecture: Lecture) -> None:
    ann, bob = lecture.server.member("ada"), lecture.server.member("bob")
    for text in ("Why?", "How?", "When?"):
        await lecture.ask(ann, text)
    await lecture.ask(bob, "Where?")
    everything = await lecture.show(bob)
    assert everything.ephemeral
    assert "**4** · 0 votes · bob · your question\nWhere?" in (everything.embeds[0].description or "")

    voted = shown(await choose(bob, everything, VOTE_FOR_SEVERAL, "1:", "3:"))
    assert voted.id == everything.id
    assert "**3** · 1 vote · ada · ✓ your vote" in (voted.embeds[0].description or "")
    assert [one["label"][0] for one in menus_of(voted)[VOTE_FOR_SEVERAL] if one["default"]] == ["1", "3"]
    await choose(bob, voted, VOTE_FOR_SEVERAL, "3:", "2:")
    assert votes(lecture) == [(2, bob.id), (3, bob.id)]

    gone = await choose(bob, await lecture.show(bob), WITHDRAW, "4:")
    assert said_of(gone)[0] == "Your question is withdrawn"
    await lecture.soon()
    assert sorted(lecture.ranking) == [(1, 0), (2, 1), (3, 1)]
    assert WITHDRAW not in menus_of(await lecture.show(bob))


async def test_a_limit_says_which_one_it_is_and_gives_the_text_back(lecture: Lecture) -> None:
    ann, bob = lecture.server.member("ada"), lecture.server.member("bob")
    for number in range(ASKS_AT_ONCE):
        await lecture.ask(ann, f"Why {number}?")
    refused = shown(await lecture.ask(ann, "And *this*?"))
    assert f"You have asked {ASKS_AT_ONCE} questions in a short time" in refused.content
    assert "You wrote: “And \\*this\\*?”" in refused.content

    for number in range(ASKS_AT_ONCE, EACH):
        await lecture.server.advance(301)
        await lecture.ask(ann, f"Why {number}?")
    await lecture.server.advance(301)
    assert f"this session {EACH} questions" in shown(await lecture.ask(ann, "One more?")).content
    assert len(rows(lecture.server.config.database.path, "SELECT * FROM session_question")) == EACH

    service = lecture.server.services.session_questions.service
    (first, *_) = service.open_ones("keynote")
    for number in range(VOTES_AT_ONCE):
        await service.vote(bob.id, first.question.id, wanted=number % 2 == 0)
    assert "times in a minute" in shown(await lecture.vote(bob, first.question.number)).content
    await lecture.server.advance(10)
    assert said_of(await lecture.vote(bob, first.question.number))[0] == "Your vote counts"


async def test_an_empty_question_is_none(lecture: Lecture) -> None:
    refused = shown(await lecture.ask(lecture.server.member("ada"), " \u202e\n "))
    assert refused.content.startswith("Your question is empty.")
    assert rows(lecture.server.config.database.path, "SELECT * FROM session_question") == []


async def test_where_names_are_needed_the_form_does_not_offer_to_leave_it_out(start_lecture: StartLecture) -> None:
    lecture = await start_lecture(anonymous=False)
    ann = lecture.server.member("ada")
    opened = await ann.slash(lecture.thread, "questions ask")
    assert opened.modal
    assert [part["component"]["custom_id"] for part in opened.modal["components"]] == ["text"]
    await ann.submit_modal(opened, {"text": "Why?"})
    await lecture.soon()
    assert "· ada\nWhy?" in lecture.text


async def test_strangers_can_neither_ask_nor_vote(lecture: Lecture) -> None:
    ann = lecture.server.member("ada")
    await lecture.ask(ann, "Why?")
    await lecture.soon()
    elsewhere = lecture.server.env.create_guild("Somebody else's")
    channel = elsewhere.create_text_channel("general")
    stranger = elsewhere.add_member(lecture.server.env.create_user("eve"))
    await lecture.server.env.settle()

    asked = shown(await stranger.slash(channel, "questions ask", session="Keynote"))
    shown_there = shown(await stranger.slash(channel, "questions show", session="Keynote"))

    for refused in (asked, shown_there):
        assert "in the conference's own server only" in refused.content
    bot_channel = lecture.server.bot.get_channel(channel.id)
    assert isinstance(bot_channel, discord.TextChannel)
    forged = await bot_channel.send("A list", view=discord.ui.View.from_message(lecture.listed()))
    assert "own server only" in shown(await stranger.click(forged, label="▲ 1")).content
    assert votes(lecture) == []


async def test_the_list_comes_again_when_it_was_deleted_and_the_place_when_somebody_asks(lecture: Lecture) -> None:
    ann, bob = lecture.server.member("ada"), lecture.server.member("bob")
    await lecture.ask(ann, "Why?")
    await lecture.soon()
    lecture.server.env.backend.delete_message(lecture.thread.id, lecture.listed().id)
    await lecture.ask(bob, "How?")
    await lecture.soon()
    await lecture.soon()
    assert lecture.ranking == [(1, 0), (2, 0)]

    lecture.server.env.backend.delete_channel(lecture.thread.id)
    await lecture.server.env.settle()
    service = lecture.server.services.session_questions.service
    await service.vote(ann.id, lecture.id_of(2), wanted=True)
    await lecture.server.restart()
    await lecture.soon()
    assert list(lecture.talking.threads) == [], "what a moderator deleted stays away until somebody asks"
    await lecture.ask(ann, "When?")
    await lecture.soon()
    await lecture.soon()
    assert lecture.ranking == [(2, 1), (1, 0), (3, 0)]


async def test_the_first_question_opens_a_place_where_there_is_none_and_only_then(lecture: Lecture) -> None:
    ann = lecture.server.member("ada")
    assert list(lecture.talking.threads) == ["Keynote"]
    panel = Lecture(lecture.talking, "Panel")
    answered = await ann.slash(lecture.server.channel, "session", session="Panel")
    everything = await ann.click(shown(answered), label="Questions")
    opened = await ann.click(shown(everything), label=ASK)
    assert list(lecture.talking.threads) == ["Keynote"]

    await panel.hand_in(ann, opened, "Why?", name=WITH_NAME)
    await panel.soon()

    assert sorted(lecture.talking.threads) == ["Keynote", "Panel"]
    assert panel.ranking == [(1, 0)]


async def test_the_list_follows_a_new_name_of_the_session(lecture: Lecture) -> None:
    await lecture.ask(lecture.server.member("ada"), "Why?")
    await lecture.soon()
    renamed = programme(session("Apple", name="Opening keynote", key="keynote"), session("Kiwi", name="Panel"))
    assert await lecture.server.services.library.load(loaded(renamed, "programme.json"))
    await lecture.soon()
    (thread,) = lecture.talking.forum.threads
    titles = [title_of(one) for one in thread.history()]
    assert "Questions to Opening keynote" in titles


async def test_mydata_tells_hands_out_and_deletes_what_somebody_asked_and_voted(lecture: Lecture) -> None:
    ann, bob = lecture.server.member("ada"), lecture.server.member("bob")
    await lecture.ask(ann, "Secret?", name=WITHOUT_NAME)
    await lecture.ask(bob, "Mine?")
    await lecture.soon()
    await lecture.vote(ann, 2)
    data = await ann.slash(lecture.server.channel, "mydata")
    assert "1 question you put to sessions" in description_of(data)
    assert "Your votes for 1 question" in description_of(data)

    files = await ann.click(shown(data), label="Download everything")
    as_json = next(one for one in shown(files).attachments if one.filename.endswith(".json"))
    assert b'"question": "Secret?"' in await as_json.read()
    asked = await ann.click(shown(data), label="Delete everything")
    await ann.click(shown(asked), label="Yes, delete everything")
    await lecture.soon()

    assert lecture.ranking == [(2, 0)]
    assert "Secret" not in lecture.text
    path = lecture.server.config.database.path
    assert rows(path, "SELECT asker_id FROM session_question") == [(bob.id,)]
    assert votes(lecture) == []
    assert description_of(await ann.slash(lecture.server.channel, "mydata")) == "Nothing."


async def test_without_the_configurations_word_nobody_is_asked_anything(start_lecture: StartLecture) -> None:
    lecture = await start_lecture(enabled=False)
    ann = lecture.server.member("ada")
    assert ASK not in buttons_of(lecture.starter())
    answered = await ann.slash(lecture.server.channel, "session", session="Keynote")
    assert "Questions" not in buttons_of(shown(answered))
    assert not [name for name in ann.available_commands(lecture.thread) if name.startswith("questions")]


async def test_status_names_what_questions_need(start_server: StartServer) -> None:
    server = await start_server(questions={"enabled": True, "chairs": ["Session chairs"]})
    role = server.guild.create_role("Organizers", permissions=MANAGER)
    olga = server.guild.add_member(server.env.create_user("olga"), roles=[role])

    def problems(answer: discord.Embed) -> str:
        return next(one.value or "" for one in answer.fields if one.name == "Permission problems")

    text = problems(embed_of(await olga.slash(server.channel, "status")))
    assert "`questions.enabled`: sessions have no place for their questions: set `discussion.forum`" in text
    assert "`questions.chairs`: this server has no role called Session chairs" in text


async def test_the_help_shows_everybody_what_is_theirs(lecture: Lecture) -> None:
    def commands(answer: discord.Embed) -> str:
        return "\n".join(one.value or "" for one in answer.fields)

    ann, olga = lecture.server.member("ada"), lecture.server.member("olga", "Organizers")
    for_all = commands(embed_of(await ann.slash(lecture.server.channel, "help")))
    for_staff = commands(embed_of(await olga.slash(lecture.server.channel, "help")))
    assert "questions ask" in for_all
    assert "questions export" not in for_all
    assert "questions export" in for_staff
    assert_within_limits(shown(await olga.slash(lecture.server.channel, "help")))

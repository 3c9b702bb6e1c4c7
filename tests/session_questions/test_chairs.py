"""What a session's chair does: mark answered with a link, merge, hide, show a screen; and who is one."""

from typing import Any

import discord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult

from tests.session_questions.conftest import StartLecture
from tests.support.database import rows
from tests.support.messages import buttons_of, menus_of, shown
from tests.support.questioning import WITHOUT_NAME, Lecture, choose, said_of
from tests.support.server import Server

FOR_CHAIRS = "This is for the chair of the session."


async def asked(lecture: Lecture, *texts: str) -> MemberActor:
    """Let somebody ask, and wait for the list."""
    ann = lecture.server.member("ada")
    for text in texts:
        await lecture.ask(ann, text)
    await lecture.soon()
    return ann


def states(lecture: Lecture) -> list[tuple[Any, ...]]:
    return rows(lecture.server.config.database.path, "SELECT number, state FROM session_question ORDER BY number")


async def test_the_chair_marks_a_question_as_answered_with_a_link_and_it_leaves_the_open_ones(
    lecture: Lecture,
) -> None:
    await asked(lecture, "Why?", "How?")
    mo = lecture.server.member("mo", "Moderators")
    reply = await mo.send(lecture.thread, "Because.")
    link = f"https://discord.com/channels/{lecture.server.guild.id}/{lecture.thread.id}/{reply.id}"

    async def hand_in(typed: str) -> InteractionResult:
        form = await mo.click(await lecture.panel(mo, 1), label="Answered, with a link")
        result = await mo.submit_modal(form, {"link": typed})
        assert isinstance(result, InteractionResult)
        return result

    assert "Copy Message Link" in shown(await hand_in("https://example.org/")).content
    assert states(lecture) == [(1, "open"), (2, "open")]
    assert said_of(await hand_in(link))[0] == "Question 1 is answered"
    await lecture.soon()

    assert lecture.ranking == [(2, 0)]
    assert lecture.answered == f"**1** Why? [The answer]({link})"
    assert "▲ 1" not in buttons_of(lecture.listed())
    everything = await lecture.show(lecture.server.member("bob"))
    assert f"**1** · 0 votes · ada · answered\nWhy?\n[The answer]({link})" in (everything.embeds[0].description or "")

    reopened = await lecture.settle(mo, 1, "Open it again")
    assert reopened.embeds[0].title == "Question 1 is open again"
    await lecture.soon()
    assert (lecture.ranking, lecture.answered) == ([(1, 0), (2, 0)], "")


async def test_the_menu_of_a_message_marks_the_question_that_it_answers(lecture: Lecture) -> None:
    await asked(lecture, "Why?", "How?")
    olga, bob = lecture.server.member("olga", "Organizers"), lecture.server.member("bob")
    reply = await bob.send(lecture.thread, "Like this.")
    refused = shown(await bob.context_menu(lecture.thread, "Answers a question", reply))
    assert refused.content.startswith(FOR_CHAIRS)

    picking = shown(await olga.context_menu(lecture.thread, "Answers a question", reply))
    done = await choose(olga, picking, "Pick the question", "2:")
    await lecture.soon()

    assert said_of(done)[0] == "Question 2 is answered"
    assert lecture.answered.endswith(f"/{lecture.server.guild.id}/{lecture.thread.id}/{reply.id})")
    assert lecture.ranking == [(1, 0)]
    elsewhere = await bob.send(lecture.server.channel, "Hello.")
    lost = shown(await olga.context_menu(lecture.server.channel, "Answers a question", elsewhere))
    assert "Which session do you mean?" in lost.content


async def test_merged_questions_share_their_votes_and_hidden_ones_are_seen_by_chairs_alone(lecture: Lecture) -> None:
    await asked(lecture, "Is it fast?", "How fast is it?", "Buy my book!")
    mo, bob, cyd = (
        lecture.server.member("mo", "Moderators"),
        lecture.server.member("bob"),
        lecture.server.member("cyd"),
    )
    for who, number in ((bob, 1), (bob, 2), (cyd, 2)):
        await lecture.vote(who, number)
    await lecture.soon()

    picking = await lecture.settle(mo, 1, "Merge")
    assert [one["label"][0] for one in menus_of(picking)["Merge into"]] == ["2", "3"]
    merged = said_of(await choose(mo, picking, "Merge into", "2:"))
    assert merged[0] == "Question 1 is merged"
    await lecture.settle(mo, 3, "Hide")
    await lecture.soon()

    assert lecture.ranking == [(2, 2)]
    assert "book" not in lecture.text
    assert "book" not in ((await lecture.show(bob)).embeds[0].description or "")
    listed = shown(await mo.click(lecture.listed(), label="For the chair"))
    assert "**3** · 0 votes · ada · hidden\nBuy my book!" in (listed.embeds[0].description or "")
    assert states(lecture) == [(1, "merged"), (2, "open"), (3, "hidden")]
    await lecture.settle(mo, 1, "Open it again")
    await lecture.soon()
    assert lecture.ranking == [(2, 2), (1, 1)]

    record = rows(lecture.server.config.database.path, "SELECT user_id, action, about FROM audit")
    assert (mo.id, "question hidden", "Question 3 to Keynote") in record
    assert "book" not in str(record), "the record is for ever, and the text is its writer's to delete"


async def test_who_asked_without_a_name_is_shown_to_moderators_alone(start_lecture: StartLecture) -> None:
    lecture = await start_lecture(chairs=["Chairs"])
    eve = lecture.server.member("eve")
    await lecture.ask(eve, "Who pays?", name=WITHOUT_NAME)
    await lecture.soon()

    for role, sees in (("Moderators", True), ("Organizers", False), ("Chairs", False)):
        panel = await lecture.panel(lecture.server.member(role.lower(), role), 1)
        assert (f"<@{eve.id}>" in str(panel.embeds[0].to_dict())) is sees, role
    olga = lecture.server.member("olga", "Organizers")
    files = shown(await olga.slash(lecture.server.channel, "questions export"))
    assert [one.filename for one in files.attachments] == ["questions.csv", "questions.json"]
    for file in files.attachments:
        data = await file.read()
        assert b"Who pays?" in data
        assert b"eve" not in data
        assert str(eve.id).encode() not in data


async def test_chairs_are_those_with_the_role_or_the_id_or_whom_an_organizer_appointed(
    start_lecture: StartLecture,
) -> None:
    lecture = await start_lecture(chairs=["Chairs"])
    server = lecture.server
    await asked(lecture, "Why?")
    role, bob, olga = server.member("cara", "Chairs"), server.member("bob"), server.member("olga", "Organizers")

    async def may(who: MemberActor, name: str = "Keynote") -> bool:
        answer = shown(await who.slash(server.channel, "questions chair", session=name))
        assert answer.ephemeral
        return not answer.content.startswith(FOR_CHAIRS)

    assert [await may(one) for one in (role, olga, bob)] == [True, True, False]
    assert shown(await bob.click(lecture.listed(), label="For the chair")).content.startswith(FOR_CHAIRS)
    refused = shown(await bob.slash(lecture.thread, "questions appoint", person=bob))
    assert "organizers and moderators only" in refused.content

    await olga.slash(lecture.thread, "questions appoint", person=bob)
    assert [await may(bob), await may(bob, "Panel")] == [True, False]
    data = shown(await bob.slash(server.channel, "mydata"))
    assert "That you chair 1 session here" in (data.embeds[0].description or "")
    await server.restart()
    assert await may(bob)
    await olga.slash(lecture.thread, "questions appoint", person=bob, remove=True)
    assert not await may(bob)
    panel = await lecture.panel(role, 1)
    server.env.backend.remove_member_role(server.guild.id, role.id, server.guild.roles["Chairs"].id)
    assert shown(await role.click(panel, label="Hide")).content.startswith(FOR_CHAIRS)
    assert states(lecture) == [(1, "open")]


async def test_an_organizer_switches_questions_off_for_a_session_or_all_and_on_again(lecture: Lecture) -> None:
    ann = await asked(lecture, "Why?")
    olga = lecture.server.member("olga", "Organizers")
    for command in ("off", "on", "export"):
        refused = shown(await ann.slash(lecture.thread, f"questions {command}"))
        assert "organizers and moderators only" in refused.content

    async def asks(name: str) -> str:
        result = await ann.slash(lecture.server.channel, "questions ask", session=name)
        return "form" if result.modal else shown(result).content

    await olga.slash(lecture.thread, "questions off")
    assert "takes no questions and no votes now" in await asks("Keynote")
    assert "takes no questions" in shown(await lecture.vote(ann, 1)).content
    await lecture.soon()
    assert list(buttons_of(lecture.listed())) == ["All questions", "For the chair"]
    assert "Why?" in lecture.text
    assert "Ask a question" not in buttons_of(lecture.starter())
    assert await asks("Panel") == "form"

    await olga.slash(lecture.server.channel, "questions off", everywhere=True)
    await lecture.server.restart()
    assert "takes no questions" in await asks("Panel")
    await olga.slash(lecture.server.channel, "questions on", session="Keynote")
    await lecture.soon()
    assert (await asks("Keynote"), "takes no questions" in await asks("Panel")) == ("form", True)
    assert "▲ 1" in buttons_of(lecture.listed())
    which = shown(await olga.slash(lecture.server.channel, "questions off"))
    assert "Which session do you mean?" in which.content


def screens(server: Server, channel: ChannelHandle) -> list[discord.Message]:
    return [one for one in channel.history() if one.content.startswith("# Questions to")]


async def test_a_screen_shows_the_first_five_large_follows_the_votes_and_is_taken_down(lecture: Lecture) -> None:
    await asked(lecture, "Why?", "How?", "When?")
    bob, mo, server = lecture.server.member("bob"), lecture.server.member("mo", "Moderators"), lecture.server
    for text in ("Where?", "Who?", "What <@1>?"):
        await lecture.ask(bob, text)
    wall = server.guild.create_text_channel("wall")
    await server.env.settle()
    refused = shown(await bob.slash(wall, "questions screen", session="Keynote"))
    assert refused.content.startswith(FOR_CHAIRS)

    told = shown(await mo.slash(wall, "questions screen", session="Keynote"))
    assert "appear in this channel" in told.content
    await lecture.soon()
    (screen,) = screens(server, wall)
    assert_within_limits_of_text(screen)
    assert screen.content.count("\n## ▲ 0  ") == 5
    assert "What" not in screen.content
    assert "-# and 1 more" in screen.content

    await server.restart()
    await lecture.server.services.session_questions.service.vote(bob.id, lecture.id_of(6), wanted=True)
    await lecture.soon()
    (after,) = screens(server, wall)
    assert after.id == screen.id
    assert after.content.splitlines()[1] == "## ▲ 1  What \\<\\@1\\>?"
    await mo.slash(wall, "questions screen", session="Panel")
    await lecture.soon()
    (other,) = screens(server, wall)
    assert other.content.startswith("# Questions to Panel")

    assert shown(await bob.click(other, label="Take this screen down")).content.startswith(FOR_CHAIRS)
    await mo.click(other, label="Take this screen down")
    assert screens(server, wall) == []
    assert rows(server.config.database.path, "SELECT key FROM delivery WHERE kind = 'questions-screen'") == []


async def test_a_screen_that_was_deleted_by_hand_stays_away(lecture: Lecture) -> None:
    ann = await asked(lecture, "Why?")
    mo, wall = lecture.server.member("mo", "Moderators"), lecture.server.channel
    await mo.slash(wall, "questions screen", session="Keynote")
    await lecture.soon()
    (screen,) = screens(lecture.server, wall)
    lecture.server.env.backend.delete_message(wall.id, screen.id)

    await lecture.ask(ann, "How?")
    await lecture.soon()
    await lecture.soon()

    assert screens(lecture.server, wall) == []
    assert rows(lecture.server.config.database.path, "SELECT key FROM delivery WHERE kind = 'questions-screen'") == []


def assert_within_limits_of_text(message: discord.Message) -> None:
    assert len(message.content) <= 2000
    ids = [str(button["custom_id"]) for button in buttons_of(message).values()]
    assert len(set(ids)) == len(ids)
    assert max(map(len, ids)) <= 100

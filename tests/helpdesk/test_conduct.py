"""Reports of conduct: only their team reads them, nobody learns who made them, and none is lost or doubled."""

import json
import logging
from pathlib import Path

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.helpdesk.answers import HIDDEN, SHOWN
from tests.helpdesk.conftest import CONDUCT, SHOW, Desk, OpenDesk, answer_of, text_of, told, typed
from tests.support.database import rows
from tests.support.messages import assert_within_limits, buttons_of, embed_of, shown

SAID = "He follows me to every session"
VIEW = SHOW.pair()[0].value


def files_of(desk: Desk) -> bytes:
    """Return all that is on the disk: the database, its log, and whatever lies beside them."""
    folder = desk.server.config.database.path.parent
    return b"".join(file.read_bytes() for file in Path(folder).rglob("*") if file.is_file())


async def reported(desk: Desk, text: str = SAID, name: str = HIDDEN) -> discord.Message:
    """Ann reports Bob's message; return what the team reads."""
    bob = next((one for one in (desk.server.env.backend.users.values()) if one.name == "bob"), None)
    assert bob is None
    message = await desk.server.member("bob").send(desk.channel, "I know where you sit. **@everyone**")
    await desk.report(desk.ann, message, text, name=name)
    await desk.server.env.settle()
    return desk.conduct.history()[-1]


@pytest.mark.parametrize("name", [HIDDEN, SHOWN, None])
async def test_a_report_reaches_the_team_alone_with_the_message_and_a_name_only_if_that_was_wished(
    desk: Desk, name: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bob = desk.server.member("bob")
    message = await bob.send(desk.channel, "I know where you sit. **@everyone**")
    answer = await desk.report(desk.ann, message, SAID, **({"name": name} if name else {}))
    await desk.server.env.settle()

    (report,) = desk.conduct.history()
    said = text_of(report)
    assert f"> {SAID}" in said
    assert "> I know where you sit. \\*\\*\\@everyone\\*\\*" in said
    assert bob.mention in said
    assert f"({message.jump_url})" in said
    assert (str(desk.ann.id) in said) is (name == SHOWN)
    assert [role.id for role in report.role_mentions] == [desk.team.id]
    assert report.mentions == []
    assert_within_limits(report)
    assert "in a channel that only they, the server's owner and Discord can read" in answer_of(answer)
    assert "conduct\\@example.org" in answer_of(answer)
    assert ("They see your name" in answer_of(answer)) is (name == SHOWN)
    elsewhere = [text_of(one) for channel in (desk.channel, desk.organizers, desk.help) for one in channel.history()]
    assert not any(SAID in text or str(desk.ann.id) in text for text in elsewhere)

    await desk.server.advance(120)
    assert rows(desk.server.config.database.path, "SELECT text, quote FROM conduct_report") == [(None, None)]
    stored = files_of(desk)
    assert SAID.encode() not in stored
    assert b"I know where you sit" not in stored
    logged = "\n".join(f"{line.getMessage()} {line.exc_text}" for line in caplog.records if line.name.startswith("bot"))
    assert "a conduct report was made" in logged
    assert not any(secret in logged for secret in (SAID, str(desk.ann.id), str(bob.id), str(message.id)))


async def test_the_same_form_sent_again_makes_no_second_report(desk: Desk) -> None:
    message = await desk.server.member("bob").send(desk.channel, "I know where you sit.")
    opened = await desk.ann.context_menu(desk.channel, "Report this message", message)
    await desk.ann.submit_modal(opened, typed(SAID, CONDUCT))
    await desk.server.restart()
    opened._interaction.modal_consumed = False
    await desk.ann.submit_modal(opened, typed(SAID, CONDUCT))
    await desk.server.advance(120)

    assert len(desk.conduct.history()) == 1


async def test_a_form_that_was_open_while_the_bot_was_restarted_still_has_the_link(desk: Desk) -> None:
    message = await desk.server.member("bob").send(desk.channel, "I know where you sit.")
    opened = await desk.ann.context_menu(desk.channel, "Report this message", message)
    await desk.server.restart()
    await desk.ann.submit_modal(opened, typed(SAID, CONDUCT))
    await desk.server.env.settle()

    said = text_of(desk.conduct.history()[-1])
    assert f"({message.jump_url})" in said
    assert str(message.author.id) in said
    assert "I no longer know what it says" in said


async def test_both_sides_write_to_each_other_through_the_bot_and_no_name_is_told(desk: Desk) -> None:
    report = await reported(desk)
    answered = await desk.write(desk.carla, report, "Answer", "Thank you. *Where* was it?")
    assert str(desk.ann.id) not in answer_of(answered)
    await desk.server.env.settle()
    (direct,) = desk.ann.user.dm_channel.history()
    assert "The conduct team answers:\n> Thank you. \\*Where\\* was it?" in text_of(direct)
    assert str(desk.carla.id) not in text_of(direct)
    await desk.server.restart()
    await desk.write(desk.ann.user, direct, "Answer the conduct team", "In the hall.")
    await desk.server.env.settle()

    _, added = desk.conduct.history()
    assert "> In the hall." in text_of(added)
    assert str(desk.ann.id) not in text_of(added)
    await desk.write(desk.carla, added, "Answer", "We talk to him.")
    await desk.server.env.settle()
    assert "> We talk to him." in told(desk.ann)[-1]
    await desk.server.advance(120)
    assert b"In the hall." not in files_of(desk)
    assert b"We talk to him." not in files_of(desk)


async def test_who_takes_no_direct_messages_sees_the_answer_when_they_use_the_bot_next(desk: Desk) -> None:
    report = await reported(desk)
    dm = desk.ann.user.dm_channel
    desk.server.env.inject_error("POST", f"/channels/{dm.id}/messages", status=403, code=50007, times=None)
    await desk.write(desk.carla, report, "Answer", "Where was it?")
    await desk.server.env.settle()

    asked = await desk.ann.slash(desk.channel, "help")
    hint = asked.followups[-1]
    assert "Where was it?" not in text_of(hint)
    opened = await desk.ann.click(hint, label="Show it")
    assert "> Where was it?" in answer_of(opened)
    assert (await desk.ann.slash(desk.channel, "help")).followups == []
    await desk.write(desk.ann, shown(opened), next(iter(buttons_of(shown(opened)))), "In the hall.")
    await desk.server.env.settle()
    assert "> In the hall." in text_of(desk.conduct.history()[-1])


async def test_the_team_alone_takes_answers_and_closes_and_the_reporter_hears_that_it_is_closed(desk: Desk) -> None:
    report = await reported(desk)
    intruder = desk.server.guild.add_member(
        desk.server.env.create_user("ivo"),
        roles=[
            desk.helpers,
            desk.server.guild.create_role("Staff", permissions=discord.Permissions(administrator=True)),
        ],
    )
    for label in ("Answer", "Take", "Close"):
        refused = await intruder.click(report, label=label)
        assert "for the conduct team only" in answer_of(refused)

    await desk.carla.click(report, label="Take")
    (taken,) = desk.conduct.history()
    assert f"State: Taken by {desk.carla.mention}" in text_of(taken)
    await desk.write(desk.carla, taken, "Close", "")
    (closed,) = desk.conduct.history()
    assert f"State: Closed by {desk.carla.mention}" in text_of(closed)
    assert f"> {SAID}" in text_of(closed)
    assert [*buttons_of(closed)] == ["Answer"]
    await desk.server.env.settle()
    assert "has closed your report" in told(desk.ann)[-1]


@pytest.mark.parametrize("who", ["everyone", "role", "administrator", "person", "another bot"])
async def test_where_others_see_the_channel_nothing_is_sent_and_reporter_and_organizers_are_told(
    desk: Desk, who: str
) -> None:
    guild, backend = desk.server.guild, desk.server.env.backend

    def let(target: int, kind: OverwriteType) -> None:
        backend.set_overwrite(desk.conduct.id, Overwrite(target, kind, VIEW, 0))

    named = ""
    match who:
        case "everyone":
            let(guild.default_role.id, OverwriteType.ROLE)
            named = "everyone"
        case "role":
            let(desk.helpers.id, OverwriteType.ROLE)
            named = desk.helpers.mention
        case "administrator":
            named = guild.create_role("Admins", permissions=discord.Permissions(administrator=True)).mention
        case "person":
            let(desk.hugo.id, OverwriteType.MEMBER)
            named = desk.hugo.mention
        case _:
            role = guild.create_role("Logger", managed=True)
            let(role.id, OverwriteType.ROLE)
            named = role.mention
    await desk.server.env.settle()

    answer = answer_of(await desk.ask(desk.ann, SAID, CONDUCT))
    await desk.server.advance(60)
    assert f"others can see it too: {'the role ' if '&' in named else ''}{named}" in answer
    assert "Nobody has read it" in answer
    assert "conduct\\@example.org" in answer
    assert f"> {SAID}" in answer
    assert desk.conduct.history() == []
    assert rows(desk.server.config.database.path, "SELECT * FROM conduct_report") == []
    assert named in await desk.status()
    (notice,) = desk.organizers.history()
    assert "A conduct report was refused" in notice.content
    assert str(desk.ann.id) not in notice.content
    await desk.ask(desk.ann, SAID, CONDUCT)
    assert len(desk.organizers.history()) == 1


async def test_a_role_that_is_named_on_purpose_may_see_it(open_desk: OpenDesk) -> None:
    desk = await open_desk(conduct=["Conduct team", "Admins"])
    desk.server.guild.create_role("Admins", permissions=discord.Permissions(administrator=True))
    await desk.ask(desk.ann, SAID, CONDUCT)
    await desk.server.env.settle()
    assert len(desk.conduct.history()) == 1


async def test_what_waits_for_its_channel_is_kept_told_and_sent_once_when_that_is_mended(desk: Desk) -> None:
    backend, everyone = desk.server.env.backend, desk.server.guild.default_role.id
    hidden = desk.conduct._channel.overwrites[0]
    desk.server.env.inject_error("POST", f"/channels/{desk.conduct.id}/messages", status=502, times=1)
    await desk.ask(desk.ann, SAID, CONDUCT)
    backend.set_overwrite(desk.conduct.id, Overwrite(everyone, OverwriteType.ROLE, VIEW, 0))
    await desk.server.advance(300)
    assert desk.conduct.history() == []
    assert "has not reached the conduct team" in told(desk.ann)[-1]
    assert "1 conduct report can't be handed on" in await desk.status()

    backend.set_overwrite(desk.conduct.id, Overwrite(everyone, OverwriteType.ROLE, 0, hidden.deny))
    await desk.server.advance(180)
    (report,) = desk.conduct.history()
    assert f"> {SAID}" in text_of(report)
    assert "has reached the conduct team now" in told(desk.ann)[-1]
    await desk.server.advance(300)
    assert len(told(desk.ann)) == 2


async def test_a_report_about_somebody_of_the_team_is_not_handed_to_them(desk: Desk) -> None:
    message = await desk.carla.send(desk.channel, "I know where you sit.")
    answer = answer_of(await desk.report(desk.ann, message, SAID))
    await desk.server.env.settle()
    assert "whoever wrote that message is one of those who read the reports" in answer
    assert desk.conduct.history() == []
    assert desk.organizers.history() == []


async def test_a_flood_is_slowed_down_and_no_report_of_it_is_lost(desk: Desk) -> None:
    told_each = [answer_of(await desk.ask(desk.ann, f"Report number {number}", CONDUCT)) for number in range(7)]
    await desk.server.env.settle()
    assert ["This one is not lost" in one for one in told_each] == [False] * 5 + [True] * 2
    assert len(desk.conduct.history()) < 7
    bob = desk.server.member("bob")
    await desk.ask(bob, "Another's report", CONDUCT)
    await desk.server.env.settle()
    assert "Another's report" in text_of(desk.conduct.history()[-1])
    await desk.server.advance(1500)

    texts = [text_of(one) for one in desk.conduct.history()]
    assert all(sum(f"> Report number {number}" in text for text in texts) == 1 for number in range(7))
    calls = {
        text.partition("> ")[2].partition("\n")[0]: bool(m.role_mentions)
        for text, m in zip(texts, desk.conduct.history(), strict=True)
    }
    assert [calls[f"Report number {number}"] for number in range(7)] == [True] * 5 + [False] * 2


async def test_what_is_kept_about_the_reporter_is_shown_handed_out_and_deleted(desk: Desk) -> None:
    path = desk.server.config.database.path
    report = await reported(desk, name=SHOWN)
    assert str(desk.ann.id) in text_of(report)
    data = await desk.ann.slash(desk.channel, "mydata")
    said = text_of(shown(data))
    assert "That 1 report of conduct came from you" in said
    assert SAID not in said
    handed_out = await desk.ann.click(shown(data), label="Download everything")
    (kept,) = [
        one for one in (handed_out.followups or [shown(handed_out)])[-1].attachments if one.filename.endswith("json")
    ]
    exported = json.loads(await kept.read())
    assert exported["conduct_reports"][0]["named"] is True
    assert SAID not in json.dumps(exported)
    for label in ("Delete everything", "Yes, delete everything"):
        data = await desk.ann.click(shown(data), label=label)
    await desk.server.advance(120)

    (report,) = desk.conduct.history()
    assert str(desk.ann.id) not in text_of(report)
    assert f"> {SAID}" in text_of(report)
    names = [name for (name,) in rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in names:
        assert not any(desk.ann.id in row for row in rows(path, f'SELECT * FROM "{table}"')), table  # noqa: S608
    refused = await desk.write(desk.carla, report, "Answer", "Where was it?")
    assert "can't reach whoever made it" in answer_of(refused)
    assert embed_of(await desk.ann.slash(desk.channel, "mydata")).description == "Nothing."


async def test_what_goes_wrong_is_logged_without_who_and_what(
    open_desk: OpenDesk, caplog: pytest.LogCaptureFixture
) -> None:
    desk = await open_desk(check_errors=False)
    bob = desk.server.member("bob")
    message = await bob.send(desk.channel, "I know where you sit.")
    opened = await desk.ann.context_menu(desk.channel, "Report this message", message)
    rows(desk.server.config.database.path, "ALTER TABLE conduct_report RENAME TO conduct_gone")
    answer = await desk.ann.submit_modal(opened, typed(SAID, CONDUCT))

    assert "Something went wrong (ref " in answer_of(answer)
    logged = caplog.text
    assert "no such table" in logged
    assert not any(secret in logged for secret in (SAID, str(desk.ann.id), str(bob.id), str(message.id)))


async def test_in_direct_messages_with_the_bot_a_report_reaches_the_team_too(desk: Desk) -> None:
    opened = await desk.ann.user.slash("help-desk")
    await desk.ann.user.submit_modal(opened, typed(SAID, CONDUCT))
    await desk.server.env.settle()
    assert f"> {SAID}" in text_of(desk.conduct.history()[-1])

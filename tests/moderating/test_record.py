"""What moderators change is on record: who, what, and how it was before and after."""

from tests.support.messages import assert_within_limits, shown
from tests.support.moderating import (
    BASE,
    GROWN,
    Start,
    audit,
    change,
    fix,
    moderator,
    pick,
    posters,
    press,
    reload,
    text_of,
)


async def test_every_change_is_on_record_with_who_what_before_and_after(start: Start) -> None:
    server = await start(discord={"moderators": ["Moderators"], "log_channel": "log"})
    log = server.guild.create_text_channel("log")
    mo = moderator(server)
    await change(mo, server, GROWN)
    await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples"), "Apply")
    fixes = shown(await mo.slash(server.channel, "programme fixes"))
    await press(mo, await pick(mo, fixes, "Remove a fix", "Remove: title"), "Apply")

    fixed = "version 1 with these fixes:\npaper apple, title: Apples"
    assert audit(server) == [
        (mo.id, "programme reload", "next.json, uploaded", "version 1", "version 2"),
        (mo.id, "programme undo", "back to version 1", "version 2", "version 1"),
        (mo.id, "programme fix paper", "title of Apple", "version 1", fixed),
        (mo.id, "programme fix removed", "title of Apples", fixed, "version 1"),
    ]
    copies = log.history()
    assert len(copies) == 4
    for message in copies:
        assert_within_limits(message)
        assert f"<@{mo.id}>" in text_of(message)
        assert message.mentions == []
    assert "Apples" in text_of(copies[-1])


async def test_what_was_cancelled_refused_or_not_confirmed_is_not_on_record(start: Start) -> None:
    server = await start(discord={"moderators": ["Moderators"], "log_channel": "log"})
    log = server.guild.create_text_channel("log")
    mo = moderator(server)
    await press(mo, await reload(mo, server, GROWN), "Cancel")
    await press(mo, await reload(mo, server, posters("Quark")), "Apply")
    await mo.slash(server.channel, "programme reload", file=("empty.json", b""))
    await reload(mo, server, BASE)
    await mo.slash(server.channel, "programme export")
    assert audit(server) == []
    assert log.history() == []

"""What has happened in the simulated server before anybody looks: questions, announcements, a fix."""

from typing import Final

from bot.announcing.model import Draft, Purpose
from bot.editions.model import KeptCorrection
from bot.moderating.model import PendingChange
from bot.permissions import Audience
from bot.preview import example
from bot.preview.world import World, labels

_ASKED: Final = (
    ("search", {"query": '"early exit"'}),
    ("author", {"name": "Zhang Yiying"}),
)

_SCHEDULED: Final = (
    "Group photo at lunch",
    "Be on the steps in front of the foyer at 12:30. It takes five minutes, and lunch waits.",
    "tomorrow 11:45",
)
_CANCELLED: Final = (
    "Morning run",
    "We meet in front of the foyer and run along the water, at a speed at which one can talk.",
    "tomorrow 6:30",
)
"""Announcements: title, text, and when they go out, by the conference's own clock."""


async def furnish(world: World) -> None:
    """Let the bot find itself in a new server, organizers prepare something, and somebody ask a few things.

    What is asked is shared with everybody.
    """
    guild = world.bot.get_guild(world.guild.id)
    if guild:
        await world.bot.services.take_up(guild)
    await _announce(world)
    await _fix(world)
    visitor = world.guild.add_member(world.env.create_user("grace", global_name="Grace"))
    for command, options in _ASKED:
        result = await visitor.slash(world.channel, command, **options)
        if result.response and "Share" in labels(result.response):
            await visitor.click(result.response, label="Share")


async def _announce(world: World) -> None:
    """Let an organizer schedule an announcement, and another one that is cancelled again."""
    service, olga = world.bot.services.announcing.service, world.people[Audience.ORGANIZER].id
    numbers = []
    for title, text, when in (_SCHEDULED, _CANCELLED):
        # It pings nobody: SimCord cannot count the members of a role, which a review would tell.
        draft = Draft(Purpose.POST, olga, (world.news.id,), title, text, when=when, picked=(world.news.id,))
        numbers.append(await service.carry_out((await service.review(draft)).draft))
    await service.cancel(numbers[-1], olga)


async def _fix(world: World) -> None:
    """Let a moderator correct what the example's programme has wrong; nobody else's is touched."""
    services, mo, fix = world.bot.services, world.people[Audience.MODERATOR].id, example.FIX
    session = services.library.edition.programme.session(fix.key)
    if session is None or session.room != fix.was:
        return
    proposal = await services.library.propose_corrections([KeptCorrection(fix, mo, services.clock.now())])
    findings = await services.moderating.service.findings(proposal)
    change = PendingChange(proposal, findings, "programme fix session", f"{fix.field} of {session.name}")
    await services.moderating.service.make(change, mo)

"""A stand-in for Discord over real HTTP and WebSocket, and what can go wrong with it.

    guild = Guild("announcements", clock=clock.now)
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config, clock) as bot:
        discord.fail(faults.MESSAGES, faults.html(403), times=2)
        answer = await discord.command(guild.person("olga", "Organizers"), "status")

`faults` has what can go wrong, a word each, and the routes it can happen to.
"""

from tests.support.stand_in import faults
from tests.support.stand_in.gateway import Gateway
from tests.support.stand_in.guild import Channel, Guild, said
from tests.support.stand_in.interactions import Exchange
from tests.support.stand_in.people import Person, Role
from tests.support.stand_in.server import StandIn, discord_stand_in

__all__ = [
    "Channel",
    "Exchange",
    "Gateway",
    "Guild",
    "Person",
    "Role",
    "StandIn",
    "discord_stand_in",
    "faults",
    "said",
]

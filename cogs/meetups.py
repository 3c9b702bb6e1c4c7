"""/meetup: attendees arrange to meet."""

from discord import app_commands
from discord.ext import commands

from bot.client import ConferenceBot
from bot.meetups.model import PLACE, TOPIC, Draft
from bot.services import Services
from bot.ui.interaction import Choice, Interaction
from bot.ui.questions import number_in

_Topic = app_commands.Range[str, 1, TOPIC]
_Place = app_commands.Range[str, 1, PLACE]
_Hours = app_commands.Range[int, 1, 24]


class MeetupCommands(commands.Cog):
    """Opens, lists, changes and ends meetups."""

    meetup = app_commands.Group(
        name="meetup",
        description="Meet other attendees",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )

    def __init__(self, services: Services) -> None:
        self._meetups = services.meetups.service
        self._presses = services.meetups.presses
        self._responder = services.responder

    @meetup.command(name="open")
    @app_commands.describe(
        topic="What it is about",
        when="When it begins, such as 14:30, tomorrow 9:00, in 20 minutes; by the conference's own clock",
        where="Where: a room, a café, a corner of the hall",
        people="For how many people, you included; leave it out for as many as may be",
        hours="How long it lasts",
    )
    async def open_new(
        self,
        interaction: Interaction,
        topic: _Topic = "",
        when: str = "",
        where: _Place = "",
        people: app_commands.Range[int, 2, 500] | None = None,
        hours: _Hours | None = None,
    ) -> None:
        """Open a meetup for others to join; without a topic, a time or a place a form asks."""
        draft = Draft(topic, when, where, str(people or ""), hours=hours)
        await self._presses.open(interaction, draft)

    @meetup.command(name="list")
    async def show_all(self, interaction: Interaction) -> None:
        """Show the meetups to come, and join one."""
        answer = self._meetups.list_all(self._responder.reader_of(interaction))
        await self._responder.send(interaction, answer)

    @meetup.command()
    @app_commands.describe(meetup="One of yours", hours="How long it lasts")
    async def change(self, interaction: Interaction, meetup: str, hours: _Hours | None = None) -> None:
        """Change a meetup that you opened; those who come hear of it."""
        await self._presses.change(interaction, _number(meetup), hours)

    @meetup.command()
    @app_commands.describe(meetup="One of yours")
    async def cancel(self, interaction: Interaction, meetup: str) -> None:
        """Cancel a meetup that you opened; organizers can close any."""
        await self._presses.cancel(interaction, _number(meetup))

    @open_new.autocomplete("where")
    async def suggest_places(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the rooms of the programme."""
        return self._responder.suggest(interaction, self._meetups.places_like(typed))

    @change.autocomplete("meetup")
    async def suggest_own(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the meetups that somebody opened."""
        return self._responder.suggest(interaction, self._meetups.suggest(typed, interaction.user.id))

    @cancel.autocomplete("meetup")
    async def suggest_to_end(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the meetups that somebody may end."""
        opener = None if self._presses.organizes(interaction) else interaction.user.id
        return self._responder.suggest(interaction, self._meetups.suggest(typed, opener))


def _number(typed: str) -> int:
    """Return the number that a suggestion stands for; 0, which no meetup has, for what is none."""
    return number_in(typed) if typed.isdecimal() else 0


async def setup(bot: ConferenceBot) -> None:
    """Add the commands where meetups are set up; discord.py calls this."""
    if bot.config.meetups.channel is not None:
        await bot.add_cog(MeetupCommands(bot.services))

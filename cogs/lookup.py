"""Looking things up: /paper, /author, /search and /session."""

from discord import app_commands
from discord.ext import commands

from bot.client import ConferenceBot
from bot.services import Services
from bot.ui.interaction import Choice, Interaction
from bot.ui.limits import CHOICE_NAME, CHOICES, clip
from bot.ui.wording import label, plural


class LookupCommands(commands.Cog):
    """Questions about the programme."""

    def __init__(self, services: Services) -> None:
        self._lookup = services.lookup
        self._responder = services.responder

    @app_commands.command()
    @app_commands.describe(paper="Some words of its title, an author, its number or its key")
    async def paper(self, interaction: Interaction, paper: str) -> None:
        """Show a paper: authors, abstract, where and when its poster is."""
        answer = await self._lookup.paper(paper, self._responder.reader_of(interaction))
        await self._responder.send(interaction, answer)

    @app_commands.command()
    @app_commands.describe(name="A name or a part of it, in any order")
    async def author(self, interaction: Interaction, name: str) -> None:
        """Show what an author presents, and with whom."""
        await self._responder.send(interaction, self._lookup.author(name))

    @app_commands.command()
    @app_commands.describe(
        query='Any words; "quotes" for a phrase, -word to leave out',
        session="Only papers of this session",
        author="Only papers by this author",
    )
    async def search(
        self, interaction: Interaction, query: str, session: str | None = None, author: str | None = None
    ) -> None:
        """Search titles, authors and abstracts."""
        await self._responder.send(interaction, await self._lookup.search(query, session, author))

    @app_commands.command()
    @app_commands.describe(session="Which one; leave it out to see what there is")
    async def session(self, interaction: Interaction, session: str | None = None) -> None:
        """Show a session: time, room and all its posters."""
        await self._responder.send(interaction, self._lookup.session(session))

    @paper.autocomplete("paper")
    async def suggest_papers(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the papers that fit what is typed, in the order in which they would be opened."""
        papers = self._lookup.papers_like(typed, CHOICES, interaction.user.id)
        return self._responder.suggest(interaction, ((label(paper), paper.key) for paper in papers))

    @author.autocomplete("name")
    @search.autocomplete("author")
    async def suggest_authors(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the people whose names fit what is typed."""
        choices = []
        for person in self._lookup.people_like(typed, CHOICES):
            papers = f" — {plural(len(person.papers), 'paper')}"
            choices.append((clip(person.name, CHOICE_NAME - len(papers)) + papers, person.key))
        return self._responder.suggest(interaction, choices)

    @search.autocomplete("session")
    @session.autocomplete("session")
    async def suggest_sessions(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the sessions whose names have the typed words."""
        sessions = self._lookup.sessions_like(typed)
        return self._responder.suggest(
            interaction, ((clip(session.name, CHOICE_NAME), session.key) for session in sessions)
        )


async def setup(bot: ConferenceBot) -> None:
    """Add the commands; discord.py calls this."""
    await bot.add_cog(LookupCommands(bot.services))

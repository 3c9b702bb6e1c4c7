"""Looking things up: /paper, /author, /search and /session."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.buttons import Control
from bot.client import ConferenceBot
from bot.programme.model import Person
from bot.programme.text import tidy
from bot.replies import reader_of, reply, suggest
from bot.ui.limits import CHOICE_NAME, CHOICES, clip
from bot.ui.words import label, plural

Interaction = discord.Interaction[ConferenceBot]
Choice = app_commands.Choice[str]


class Lookup(commands.Cog):
    """Questions about the programme."""

    @app_commands.command()
    @app_commands.describe(paper="Some words of its title, an author, its number or its key")
    async def paper(self, interaction: Interaction, paper: str) -> None:
        """Show a paper: authors, abstract, where and when its poster is."""
        await reply(interaction, await interaction.client.desk.paper(paper, reader_of(interaction)))

    @app_commands.command()
    @app_commands.describe(name="A name or a part of it, in any order")
    async def author(self, interaction: Interaction, name: str) -> None:
        """Show what an author presents, and with whom."""
        await reply(interaction, interaction.client.desk.author(name))

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
        await reply(interaction, await interaction.client.desk.search(query, session, author))

    @app_commands.command()
    @app_commands.describe(session="Which one; leave it out to see what there is")
    async def session(self, interaction: Interaction, session: str | None = None) -> None:
        """Show a session: time, room and all its posters."""
        await reply(interaction, interaction.client.desk.session(session))

    @paper.autocomplete("paper")
    async def suggest_papers(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the papers that fit what is typed, in the order in which they would be opened."""
        papers = interaction.client.desk.papers_like(typed, CHOICES, interaction.user.id)
        return suggest(interaction, ((label(paper), paper.key) for paper in papers))

    @author.autocomplete("name")
    @search.autocomplete("author")
    async def suggest_authors(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the people whose names fit what is typed."""
        edition = interaction.client.desk.edition
        if typed.strip():
            people = [hit.person for hit in edition.index.people(tidy(typed), unfinished=True, limit=CHOICES)]
        else:
            people = list(edition.programme.people.values())
        return suggest(interaction, ((_with_papers(person), person.key) for person in people))

    @search.autocomplete("session")
    @session.autocomplete("session")
    async def suggest_sessions(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the sessions whose names have the typed words."""
        sessions = interaction.client.desk.sessions_like(typed)
        return suggest(interaction, ((clip(session.name, CHOICE_NAME), session.key) for session in sessions))


def _with_papers(person: Person) -> str:
    papers = f" — {plural(len(person.papers), 'paper')}"
    return clip(person.name, CHOICE_NAME - len(papers)) + papers


async def setup(bot: ConferenceBot) -> None:
    """Add the commands and the buttons of their answers; discord.py calls this."""
    bot.add_dynamic_items(Control)
    await bot.add_cog(Lookup())

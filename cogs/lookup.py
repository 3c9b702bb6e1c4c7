"""Looking things up: /paper, /author, /search and /session."""

from collections.abc import Iterable

from discord import app_commands
from discord.ext import commands

from bot.client import ConferenceBot
from bot.finding.here import author_suggestions, paper_suggestions
from bot.search import Facet
from bot.services import Services
from bot.ui.interaction import Choice, Interaction
from bot.ui.limits import CHOICE_NAME, CHOICES, clip
from bot.ui.wording import plural


class LookupCommands(commands.Cog):
    """Questions about the programme."""

    def __init__(self, services: Services) -> None:
        self._lookup = services.lookup.service
        self._responder = services.responder

    @app_commands.command()
    @app_commands.describe(paper="Some words of its title, an author, its board or its key")
    async def paper(self, interaction: Interaction, paper: str) -> None:
        """Show a paper or a talk: authors, abstract, where and when it is."""
        answer = self._lookup.paper(paper, self._responder.reader_of(interaction))
        await self._responder.send(interaction, answer)

    @app_commands.command()
    @app_commands.describe(name="A name or a part of it, in any order")
    async def author(self, interaction: Interaction, name: str) -> None:
        """Show what an author presents, and with whom."""
        await self._responder.send(interaction, self._lookup.author(name, self._responder.reader_of(interaction)))

    @app_commands.command()
    @app_commands.describe(
        query='Any words; "quotes" for a phrase, -word to leave out; none for all that the others say',
        session="Only papers of this session",
        author="Only papers by this author",
        track="Only papers of this track or topic",
        affiliation="Only papers by somebody who works there",
    )
    async def search(
        self,
        interaction: Interaction,
        query: str | None = None,
        session: str | None = None,
        author: str | None = None,
        track: str | None = None,
        affiliation: str | None = None,
    ) -> None:
        """Search titles, authors, affiliations, topics and abstracts."""
        answer = await self._lookup.search(
            query,
            self._responder.reader_of(interaction),
            session=session,
            author=author,
            track=track,
            affiliation=affiliation,
        )
        await self._responder.send(interaction, answer)

    @app_commands.command()
    @app_commands.describe(session="Which one; leave it out to see what there is")
    async def session(self, interaction: Interaction, session: str | None = None) -> None:
        """Show a session: time, room and everything in it."""
        await self._responder.send(interaction, self._lookup.session(session, self._responder.reader_of(interaction)))

    @paper.autocomplete("paper")
    async def suggest_papers(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the papers that fit what is typed, in the order in which they would be opened."""
        papers = self._lookup.papers_like(typed, CHOICES, interaction.user.id)
        return self._responder.suggest(interaction, paper_suggestions(papers))

    @author.autocomplete("name")
    @search.autocomplete("author")
    async def suggest_authors(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the people whose names fit what is typed."""
        return self._responder.suggest(interaction, author_suggestions(self._lookup.people_like(typed, CHOICES)))

    @search.autocomplete("session")
    @session.autocomplete("session")
    async def suggest_sessions(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the sessions whose names have the typed words."""
        sessions = self._lookup.sessions_like(typed)[:CHOICES]
        labels = self._lookup.session_labels(sessions)
        return self._responder.suggest(interaction, ((clip(name, CHOICE_NAME), key) for name, key in labels))

    @search.autocomplete("track")
    async def suggest_tracks(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the tracks and topics that fit what is typed."""
        return self._responder.suggest(interaction, _choices(self._lookup.topics_like(typed)))

    @search.autocomplete("affiliation")
    async def suggest_affiliations(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the affiliations that fit what is typed."""
        return self._responder.suggest(interaction, _choices(self._lookup.affiliations_like(typed)))


def _choices(facets: Iterable[Facet]) -> Iterable[tuple[str, str]]:
    """Return the names and the values of suggestions; a value that had to be cut is how the name begins."""
    choices: dict[str, str] = {}
    for facet in facets:
        papers = f" — {plural(facet.papers, 'paper')}"
        name = clip(facet.name, CHOICE_NAME - len(papers)) + papers
        choices.setdefault(clip(facet.name, CHOICE_NAME).removesuffix("…"), name)
    return ((name, value) for value, name in choices.items())


async def setup(bot: ConferenceBot) -> None:
    """Add the commands; discord.py calls this."""
    await bot.add_cog(LookupCommands(bot.services))

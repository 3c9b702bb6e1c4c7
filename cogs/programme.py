"""For moderators: load the programme anew, fix it, take it back, hand it out, and open its discussions."""

import asyncio
from heapq import nsmallest

import discord
from discord import app_commands

from bot.client import ConferenceBot
from bot.errors import UserError
from bot.permissions import Audience, GuardedCog
from bot.programme.source import Loaded
from bot.services import Services
from bot.sources import export
from bot.sources.fetch import Fetched
from bot.sources.load import load_configured, load_given
from bot.sources.reading.limits import refuse_too_large
from bot.ui.answer import Answer
from bot.ui.interaction import Choice, Interaction
from bot.ui.limits import CHOICE_NAME, CHOICES, clip
from bot.ui.wording import label


class ProgrammeCommands(GuardedCog):
    """Changes the programme, always with a look at the difference first."""

    audiences = (Audience.MODERATOR,)

    programme = app_commands.Group(
        name="programme",
        description="Changes the programme, always with a look at the difference first",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        default_permissions=discord.Permissions(manage_guild=True),
    )
    fix = app_commands.Group(name="fix", description="Correct or fill in what the source has wrong", parent=programme)

    def __init__(self, services: Services) -> None:
        super().__init__(services.permissions)
        self._services = services
        self._moderation = services.moderating.service
        self._responder = services.responder
        self._forms = services.moderating.fix_forms

    @programme.command()
    @app_commands.describe(
        file="A file with the programme, in any format the bot reads",
        source="An https address; leave both out for the configured sources",
    )
    async def reload(
        self, interaction: Interaction, file: discord.Attachment | None = None, source: str | None = None
    ) -> None:
        """Load the programme anew, after a look at what changes."""
        await self._responder.defer(interaction)
        loaded, origin = await self._load(file, source)
        answer = await self._moderation.reload(interaction.user.id, loaded, origin)
        await self._responder.follow_up(interaction, answer)

    @programme.command()
    @app_commands.describe(version="Which version to go back to; leave it out to take back the last change, a fix too")
    async def undo(self, interaction: Interaction, version: app_commands.Range[int, 1] | None = None) -> None:
        """Take back the last change, a fix too; once more brings it back."""
        await self._responder.defer(interaction)
        by, moderation = interaction.user.id, self._moderation
        answer = await (moderation.take_back(by) if version is None else moderation.go_back(by, version))
        await self._responder.follow_up(interaction, answer)

    @programme.command()
    async def history(self, interaction: Interaction) -> None:
        """List the versions and the fixes: when, who, from where, what changed."""
        await self._responder.send(interaction, await self._moderation.history(), private=True)

    @programme.command()
    async def fixes(self, interaction: Interaction) -> None:
        """List what was fixed by hand, and take it back."""
        await self._responder.send(interaction, await self._moderation.list_fixes(), private=True)

    @programme.command(name="open-discussions")
    @app_commands.describe(session="Which session: its own discussion is opened, and one for each of its papers")
    async def open_discussions(self, interaction: Interaction, session: str) -> None:
        """Open the discussions of a session and its papers ahead."""
        found = self._services.lookup.service.sessions_like(session)
        if not found:
            raise UserError("There is no such session. Pick one from the suggestions.")
        if interaction.guild is None:
            raise UserError("Use this in the conference's server.")
        await self._responder.defer(interaction)
        answer = await self._services.discussion.places.open_session(interaction.user.id, found[0], interaction.guild)
        await self._responder.follow_up(interaction, answer)

    @programme.command()
    @app_commands.describe(paper="Of which paper; leave it out for all")
    async def authors(self, interaction: Interaction, paper: str | None = None) -> None:
        """Show which authors are here and who asks to be one; confirm and take back."""
        about = None
        if paper:
            found = self._moderation.edition.index.find(paper)[1]
            if not found:
                raise UserError("There is no such paper. Pick one from the suggestions.")
            about = found[0]
        await self._responder.send(interaction, self._services.authors.decisions.list(0, about), private=True)

    @fix.command(name="paper")
    @app_commands.describe(paper="Some words of its title, an author, its board or its key")
    async def fix_paper(self, interaction: Interaction, paper: str) -> None:
        """Correct a paper, for good."""
        found = self._moderation.edition.index.find(paper)[1]
        if not found:
            raise UserError("There is no such paper. Pick one from the suggestions.")
        await self._forms.open(interaction, "paper", found[0].key, found[0].label)

    @fix.command(name="session")
    @app_commands.describe(session="Which session")
    async def fix_session(self, interaction: Interaction, session: str) -> None:
        """Correct a session's name, kind, room or times, for good."""
        found = self._services.lookup.service.sessions_like(session)
        if not found:
            raise UserError("There is no such session. Pick one from the suggestions.")
        await self._forms.open(interaction, "session", found[0].key, found[0].name)

    @authors.autocomplete("paper")
    @fix_paper.autocomplete("paper")
    async def suggest_papers(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest papers; with nothing typed, those that lack something."""
        papers = (
            self._services.lookup.service.papers_like(typed, CHOICES, interaction.user.id)
            if typed.strip()
            else nsmallest(
                CHOICES,
                self._moderation.edition.programme.papers.values(),
                key=lambda paper: (paper.title is not None, paper.unnamed == 0, paper.abstract is not None),
            )
        )
        return self._responder.suggest(interaction, ((label(paper), paper.key) for paper in papers))

    @fix_session.autocomplete("session")
    @open_discussions.autocomplete("session")
    async def suggest_sessions(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the sessions whose names have the typed words."""
        found = self._services.lookup.service.sessions_like(typed)
        return self._responder.suggest(
            interaction, ((clip(session.name, CHOICE_NAME), session.key) for session in found)
        )

    @programme.command(name="export")
    async def export_programme(self, interaction: Interaction) -> None:
        """Hand out the programme with all fixes, as JSON and CSV."""
        await self._responder.defer(interaction)
        # Everything needed is in the edition, which nobody changes.
        source = (await self._moderation.edition.origin.get()).corrected
        files = await asyncio.to_thread(
            lambda: (("programme.json", export.as_json(source)), ("programme.csv", export.as_csv(source)))
        )
        limit = interaction.guild.filesize_limit if interaction.guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
        if sum(len(data) for _, data in files) > limit:
            raise UserError(f"The files are larger than the {limit // 2**20} MiB that Discord takes here.")
        text = "The programme as it is now, with all fixes. `/programme reload` takes either file."
        await self._responder.follow_up(interaction, Answer(None, content=text, files=files))

    async def _load(self, file: discord.Attachment | None, source: str | None) -> tuple[Loaded, str]:
        """Return a source and what the history calls it: only the configured one by its bare name."""
        if file and source:
            raise UserError("Give a file or an address, not both.")
        in_use = await self._services.library.source()
        if file:
            refuse_too_large(file.filename, file.size)
            try:
                data = await file.read()
            except discord.HTTPException:
                raise UserError(f"{file.filename}: Discord does not hand out the file. Upload it again.") from None
            loaded = await load_given(Fetched(data, file.filename), self._services.config, in_use)
            return loaded, f"{loaded.name}, uploaded"
        if source:
            # A path of the bot's own machine is for the configuration alone.
            loaded = await load_given(await self._services.fetcher.fetch(source), self._services.config, in_use)
            return loaded, f"{loaded.name}, by its address"
        loaded = await load_configured(self._services.config, self._services.fetcher, in_use)
        return loaded, loaded.name


async def setup(bot: ConferenceBot) -> None:
    """Add the commands; discord.py calls this."""
    await bot.add_cog(ProgrammeCommands(bot.services))

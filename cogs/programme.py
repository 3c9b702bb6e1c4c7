"""For moderators: load the programme anew, fix it, take it back, and hand it out."""

import io
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.audience import Audience
from bot.buttons import on_press, view_of
from bot.client import ConferenceBot
from bot.errors import Trouble
from bot.fetching import Fetched
from bot.gate import check_allowed, is_allowed
from bot.moderation import Moderation
from bot.origin import obtain
from bot.programme import export
from bot.programme.corrections import FIELDS, LIMITS, About
from bot.programme.formats import SIZE_LIMIT
from bot.replies import suggest
from bot.ui import moderation as answers
from bot.ui.answer import Answer
from bot.ui.limits import CHOICE_NAME, CHOICES, clip, size
from bot.ui.words import label

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

Interaction = discord.Interaction[ConferenceBot]
Choice = app_commands.Choice[str]

_MODAL_TEXT = 4_000
_LABELS = {
    "title": "Title",
    "authors": "Authors, a line each",
    "abstract": "Abstract",
    "number": "Poster number",
    "name": "Name",
    "room": "Room",
    "starts_at": "Start, such as 2026-05-18 18:00",
    "ends_at": "End",
}
_REQUIRED = ("title", "name")
_LONG = ("authors", "abstract")


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.default_permissions(manage_guild=True)
class Programme(commands.GroupCog, name="programme", group_extras={"audience": Audience.MODERATOR}):
    """Changes the programme, always with a look at the difference first."""

    fix = app_commands.Group(name="fix", description="Correct or fill in what the source has wrong")

    def __init__(self, bot: ConferenceBot) -> None:
        self._bot = bot
        self.moderation = Moderation(bot)

    @app_commands.command()
    @app_commands.describe(
        file="A file with the programme: a copied page, JSON or CSV",
        source="An https address; leave both out for the configured source",
    )
    async def reload(
        self, interaction: Interaction, file: discord.Attachment | None = None, source: str | None = None
    ) -> None:
        """Load the programme anew, after a look at what changes."""
        check_allowed(interaction, Audience.MODERATOR)
        await _ask_for_patience(interaction)
        found, origin = await self._obtain(file, source)
        await _follow_up(interaction, await self.moderation.reload(interaction.user.id, found.data, found.name, origin))

    async def _obtain(self, file: discord.Attachment | None, source: str | None) -> tuple[Fetched, str]:
        """Return a source and what the history calls it: only the configured one by its bare name."""
        if file and source:
            raise Trouble("Give a file or an address, not both.")
        if file:
            if file.size > SIZE_LIMIT:
                raise Trouble(f"{file.filename}: the file is larger than {SIZE_LIMIT // 2**20} MiB.")
            return Fetched(await _read(file), file.filename), f"{file.filename}, uploaded"
        if source:
            # A path of the bot's own machine is for the configuration alone.
            found = await self._bot.fetcher.fetch(source)
            return found, f"{found.name}, by its address"
        found = await obtain(self._bot.config.programme.source, self._bot.fetcher)
        return found, found.name

    @app_commands.command()
    @app_commands.describe(version="Which version; leave it out for the one in use before this one")
    async def undo(self, interaction: Interaction, version: app_commands.Range[int, 1] | None = None) -> None:
        """Go back to the version before, or forward again."""
        check_allowed(interaction, Audience.MODERATOR)
        await _ask_for_patience(interaction)
        await _follow_up(interaction, await self.moderation.go_back(interaction.user.id, version))

    @app_commands.command()
    async def history(self, interaction: Interaction) -> None:
        """List the versions: when, who, from where, what changed."""
        check_allowed(interaction, Audience.MODERATOR)
        await _reply(interaction, await self.moderation.history())

    @app_commands.command()
    async def fixes(self, interaction: Interaction) -> None:
        """List what was fixed by hand, and take it back."""
        check_allowed(interaction, Audience.MODERATOR)
        await _reply(interaction, await self.moderation.list_fixes())

    @fix.command(name="paper")
    @app_commands.describe(paper="Some words of its title, an author, its number or its key")
    async def fix_paper(self, interaction: Interaction, paper: str) -> None:
        """Correct a paper, for good."""
        check_allowed(interaction, Audience.MODERATOR)
        found = self._bot.desk.edition.index.find(paper)[1]
        if not found:
            raise Trouble("There is no such paper. Pick one from the suggestions.")
        await self._open_form(interaction, "paper", found[0].key, found[0].label)

    @fix.command(name="session")
    @app_commands.describe(session="Which session")
    async def fix_session(self, interaction: Interaction, session: str) -> None:
        """Correct a session's name, room or times, for good."""
        check_allowed(interaction, Audience.MODERATOR)
        found = self._bot.desk.sessions_like(session)
        if not found:
            raise Trouble("There is no such session. Pick one from the suggestions.")
        await self._open_form(interaction, "session", found[0].key, found[0].name)

    async def _open_form(self, interaction: Interaction, about: About, key: str, name: str) -> None:
        thing = self.moderation.current(about, key)
        texts = {field: self.moderation.shown(thing, field) for field in FIELDS[about]}
        # What does not fit into a form would come back cut.
        fitting = {field: text for field, text in texts.items() if size(text) <= min(LIMITS[field], _MODAL_TEXT)}
        if not fitting:
            raise Trouble("Everything about it is longer than a form takes. Correct it in the source.")
        interaction.client.timings.handed_over(interaction)
        await interaction.response.send_modal(_Form(self.moderation, about, key, name, fitting))

    @fix_paper.autocomplete("paper")
    async def suggest_papers(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest papers; with nothing typed, those that lack something."""
        if not is_allowed(interaction, Audience.MODERATOR):
            return []
        papers = (
            self._bot.desk.papers_like(typed, CHOICES, interaction.user.id)
            if typed.strip()
            else nsmallest(
                CHOICES,
                self._bot.desk.edition.programme.papers.values(),
                key=lambda paper: (paper.title is not None, paper.unnamed == 0, paper.abstract is not None),
            )
        )
        return suggest(interaction, ((label(paper), paper.key) for paper in papers))

    @fix_session.autocomplete("session")
    async def suggest_sessions(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the sessions whose names have the typed words."""
        if not is_allowed(interaction, Audience.MODERATOR):
            return []
        found = self._bot.desk.sessions_like(typed)
        return suggest(interaction, ((clip(session.name, CHOICE_NAME), session.key) for session in found))

    @app_commands.command(name="export")
    async def export_programme(self, interaction: Interaction) -> None:
        """Hand out the programme with all fixes, as JSON and CSV."""
        check_allowed(interaction, Audience.MODERATOR)
        await _ask_for_patience(interaction)
        # Everything needed is in the edition, which nobody changes.
        source = self._bot.library.edition.source
        files = await self._bot.loop.run_in_executor(
            None, lambda: {"programme.json": export.as_json(source), "programme.csv": export.as_csv(source)}
        )
        limit = interaction.guild.filesize_limit if interaction.guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
        if sum(map(len, files.values())) > limit:
            raise Trouble(f"The files are larger than the {limit // 2**20} MiB that Discord takes here.")
        await interaction.followup.send(
            "The programme as it is now, with all fixes. `/programme reload` takes either file.",
            files=[discord.File(io.BytesIO(data), name) for name, data in files.items()],
            ephemeral=True,
        )

    async def on_button(self, interaction: Interaction, about: str) -> None:
        """Answer a press of a moderator's button or menu, if they still are one."""
        check_allowed(interaction, Audience.MODERATOR)
        interaction.client.timings.handed_over(interaction)
        await interaction.response.defer()
        answer = await self._pressed(interaction.user.id, about.splitlines())
        await interaction.edit_original_response(embed=answer.embed, view=view_of(answer, shareable=False))

    async def _pressed(self, user_id: int, picked: list[str]) -> Answer:
        action, *rest = picked[0].split(":")
        token = rest[0] if rest else ""
        number = int(rest[1]) if len(rest) > 1 and rest[1].isdigit() else 0
        desk = self.moderation
        handlers: dict[str, Callable[[], Coroutine[Any, Any, Answer]]] = {
            answers.APPLY: lambda: desk.apply(user_id, token, sure=False),
            answers.SURE: lambda: desk.apply(user_id, token, sure=True),
            answers.CANCEL: lambda: desk.cancel(user_id, token),
            answers.PAGE: lambda: desk.turn(user_id, token, number),
            answers.TAKE: lambda: desk.take(user_id, token, _places(picked)),
            answers.UNDO: lambda: desk.go_back(user_id, int(token) if token.isdigit() else None),
            answers.HISTORY: lambda: desk.history(number),
            answers.FIXES: lambda: desk.list_fixes(number),
            answers.UNFIX: lambda: desk.remove_fix(user_id, (rest[0], rest[1], rest[2])),
        }
        if action not in handlers:
            raise Trouble("I don't know this button any more. Use the command again.")
        return await handlers[action]()


async def _read(file: discord.Attachment) -> bytes:
    try:
        return await file.read()
    except discord.HTTPException:
        raise Trouble(f"{file.filename}: Discord does not hand out the file. Upload it again.") from None


def _places(picked: list[str]) -> list[int]:
    """Return the places of the conflicts that were picked from the menu; "keep all" has none."""
    places = [value.rpartition(":")[2] for value in picked]
    return [] if "" in places else [int(place) for place in places]


class _Form(discord.ui.Modal):
    """The fields of a paper or a session, filled in with what they are now."""

    def __init__(self, moderation: Moderation, about: About, key: str, name: str, texts: dict[str, str]) -> None:
        super().__init__(title=clip(f"Fix {name}", 45))
        self._moderation = moderation
        self._about: About = about
        self._key = key
        self.inputs: dict[str, discord.ui.TextInput[Any]] = {}
        for field, text in texts.items():
            style = discord.TextStyle.paragraph if field in _LONG else discord.TextStyle.short
            self.inputs[field] = discord.ui.TextInput(
                custom_id=field,
                default=text or None,
                max_length=min(LIMITS[field], _MODAL_TEXT),
                # What lacks its title can be corrected elsewhere all the same.
                required=field in _REQUIRED and bool(text),
                style=style,
            )
            self.add_item(discord.ui.Label(text=_LABELS[field], component=self.inputs[field]))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Show what the correction would change."""
        async with interaction.client.answering(interaction):
            check_allowed(interaction, Audience.MODERATOR)
            typed = {field: entry.value for field, entry in self.inputs.items()}
            answer = await self._moderation.fix(interaction.user.id, self._about, self._key, typed)
            await _reply(interaction, answer)


async def _reply(interaction: Interaction, answer: Answer) -> None:
    interaction.client.timings.handed_over(interaction)
    await interaction.response.send_message(embed=answer.embed, view=view_of(answer, shareable=False), ephemeral=True)


async def _ask_for_patience(interaction: Interaction) -> None:
    interaction.client.timings.handed_over(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)


async def _follow_up(interaction: Interaction, answer: Answer) -> None:
    await interaction.followup.send(embed=answer.embed, view=view_of(answer, shareable=False), ephemeral=True)


async def setup(bot: ConferenceBot) -> None:
    """Add the commands and their buttons; discord.py calls this."""
    cog = Programme(bot)
    on_press(answers.VERB, cog.on_button)
    await bot.add_cog(cog)

"""/announce: organizers write to everybody, now or later, and put right what they wrote."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeAlias

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.announcements import ADDRESS, TEXT, Draft, Form, Purpose, Status
from bot.announcer import Announcer
from bot.audience import Audience
from bot.buttons import on_press, view_of
from bot.client import ConferenceBot
from bot.drafts import Drafts
from bot.errors import Trouble
from bot.gate import check_allowed
from bot.questions import NOT_UNDERSTOOD
from bot.replies import reply, suggest
from bot.ui.announcements import (
    VERB,
    cancelled_answer,
    cancelling_answer,
    choice_name,
    done_answer,
    list_answer,
    outcome_answer,
    preview,
)
from bot.ui.answer import Answer
from bot.ui.limits import EMBED_TITLE

Interaction: TypeAlias = discord.Interaction[ConferenceBot]
Choices: TypeAlias = list[app_commands.Choice[str]]

_SCHEDULED = (Status.SCHEDULED,)
_UNSENT = (Status.SCHEDULED, Status.UNDERWAY)
_SENT = (Status.SENT, Status.UNDERWAY)
_OPEN_FOR = 3600.0
_TITLES = {
    Purpose.POST: "New announcement",
    Purpose.EDIT: "Edit the announcement",
    Purpose.CORRECT: "Correct the announcement",
}
_LABELS = {
    "title": ("Title", None),
    "text": ("Text", "Discord's Markdown works. Mentions in it ping nobody."),
    "link": ("Link", "Where the title leads."),
    "image": ("Image", "The address of an image that is shown below the text."),
    "when": ("When", "now, 14:30, tomorrow 9:00, in 20 minutes: in the conference's zone."),
}


class AnnouncementForm(ui.Modal):
    """The form: title, text, link, image, and when it goes out."""

    def __init__(self, draft: Draft, submitted: Callable[[Interaction, Form], Awaitable[None]]) -> None:
        super().__init__(title=_TITLES[draft.purpose], timeout=_OPEN_FOR)
        self._submitted = submitted
        self._fields: dict[str, ui.TextInput[Any]] = {
            "title": _field("title", draft.form.title, EMBED_TITLE, required=True),
            "text": _field("text", draft.form.text, TEXT, required=True, style=discord.TextStyle.paragraph),
            "link": _field("link", draft.form.link, ADDRESS),
            "image": _field("image", draft.form.image, ADDRESS),
        }
        if draft.purpose is not Purpose.CORRECT:
            self._fields["when"] = _field("when", draft.form.when, 100)
        for name, field in self._fields.items():
            label, description = _LABELS[name]
            self.add_item(ui.Label(text=label, description=description, component=field))

    async def on_submit(self, interaction: Interaction) -> None:  # type: ignore[override]
        """Hand over what was typed."""
        async with interaction.client.answering(interaction):
            await self._submitted(interaction, Form(**{name: field.value for name, field in self._fields.items()}))


def _field(
    name: str, value: str, limit: int, *, required: bool = False, style: discord.TextStyle = discord.TextStyle.short
) -> ui.TextInput[Any]:
    return ui.TextInput(custom_id=name, style=style, default=value or None, required=required, max_length=limit)


class Announce(commands.Cog):
    """The organizers' announcements."""

    announce = app_commands.Group(
        name="announce",
        description="Announcements to everybody",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        default_permissions=discord.Permissions(manage_guild=True),
        extras={"audience": Audience.ORGANIZER},
    )

    def __init__(self, bot: ConferenceBot) -> None:
        self._bot = bot
        self._announcer = Announcer(bot)
        self._drafts: Drafts[Draft] = Drafts(bot.clock)
        self._cancelling: Drafts[int] = Drafts(bot.clock)
        on_press(VERB, self.pressed)

    @announce.command()
    @app_commands.describe(
        channel="Where; by default the configured channels of every server",
        also="Another channel",
        everywhere="Whether it goes to the configured channels of every server besides",
        role="The role that it pings; by default nobody",
        when="now, or a time such as 14:30, tomorrow 9:00, in 20 minutes",
    )
    async def post(  # noqa: PLR0917 - its options
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        also: discord.TextChannel | None = None,
        everywhere: bool = False,
        role: discord.Role | None = None,
        when: str = "now",
    ) -> None:
        """Write an announcement. You see it before anybody else does."""
        check_allowed(interaction, Audience.ORGANIZER)
        channels = self._announcer.channels([one for one in (channel, also) if one], everywhere=everywhere)
        name = self._announcer.role(role)
        await self._announcer.moment(when)
        draft = Draft(Purpose.POST, Form(when=when), channels, name, everywhere=everywhere or not (channel or also))
        await self._open_form(interaction, draft)

    @announce.command()
    async def list(self, interaction: Interaction) -> None:
        """Show what is scheduled, what was sent, and what never went out."""
        check_allowed(interaction, Audience.ORGANIZER)
        issues = await self._announcer.latest(*Status)
        await reply(interaction, list_answer(issues, self._announcer.name_of), always_private=True)

    @announce.command()
    @app_commands.describe(announcement="One that has not gone out yet", when="A new time, such as tomorrow 9:00")
    async def edit(self, interaction: Interaction, announcement: str, when: str = "") -> None:
        """Change an announcement that has not gone out yet."""
        check_allowed(interaction, Audience.ORGANIZER)
        issue = await self._announcer.scheduled(announcement)
        await self._announcer.moment(when)
        await self._open_form(interaction, self._announcer.draft_of(issue, Purpose.EDIT, when))

    @announce.command()
    @app_commands.describe(announcement="One that has not gone out yet")
    async def cancel(self, interaction: Interaction, announcement: str) -> None:
        """Cancel an announcement that has not gone out yet."""
        check_allowed(interaction, Audience.ORGANIZER)
        issue = await self._announcer.cancellable(announcement)
        token = self._cancelling.keep(interaction.user.id, issue.announcement.id)
        await reply(interaction, cancelling_answer(issue, token, self._announcer.name_of), always_private=True)

    @announce.command()
    @app_commands.describe(announcement="One that was sent")
    async def correct(self, interaction: Interaction, announcement: str) -> None:
        """Correct an announcement that was sent, everywhere it went."""
        check_allowed(interaction, Audience.ORGANIZER)
        issue = await self._announcer.correctable(announcement)
        await self._open_form(interaction, self._announcer.draft_of(issue, Purpose.CORRECT))

    @edit.autocomplete("announcement")
    async def _suggest_scheduled(self, interaction: Interaction, typed: str) -> Choices:
        return await self._suggestions(interaction, typed, _SCHEDULED)

    @cancel.autocomplete("announcement")
    async def _suggest_unsent(self, interaction: Interaction, typed: str) -> Choices:
        return await self._suggestions(interaction, typed, _UNSENT)

    @correct.autocomplete("announcement")
    async def _suggest_sent(self, interaction: Interaction, typed: str) -> Choices:
        return await self._suggestions(interaction, typed, _SENT)

    async def _suggestions(self, interaction: Interaction, typed: str, statuses: tuple[Status, ...]) -> Choices:
        """Suggest announcements that are as far as that, the latest first, to those who may see them."""
        try:
            check_allowed(interaction, Audience.ORGANIZER)
        except Trouble:
            return suggest(interaction, ())
        found = [issue.announcement for issue in await self._announcer.latest(*statuses)]
        wanted = typed.casefold()
        return suggest(
            interaction,
            (
                (choice_name(one, one.due_at.astimezone(self._announcer.zone)), str(one.id))
                for one in found
                if wanted in one.wording.title.casefold() or wanted == str(one.id)
            ),
        )

    async def pressed(self, interaction: Interaction, about: str) -> None:
        """Do what a button of a preview, or of a question back, says."""
        check_allowed(interaction, Audience.ORGANIZER)
        action, _, token = about.partition(":")
        match action:
            case "send":
                await self._send(interaction, token)
            case "edit":
                await self._open_form(interaction, self._drafts.get(interaction.user.id, token), token)
            case "discard":
                draft = self._drafts.take(interaction.user.id, token)
                posted = "posted" if draft.purpose is Purpose.POST else "changed"
                await self._replace(interaction, done_answer(f"Nothing was {posted}."))
            case "cancel":
                await self._cancel(interaction, token)
            case "keep":
                self._cancelling.take(interaction.user.id, token)
                await self._replace(interaction, done_answer("It stays as it is."))
            case _:
                raise Trouble(NOT_UNDERSTOOD)

    async def _open_form(self, interaction: Interaction, draft: Draft, token: str | None = None) -> None:
        """Open the form; what is typed there becomes a preview, in place of the one whose token is given."""

        async def submitted(answered: Interaction, form: Form) -> None:
            check_allowed(answered, Audience.ORGANIZER)
            if token is not None:
                self._drafts.take(answered.user.id, token)
            await self._show_preview(answered, replace(draft, form=form))

        interaction.client.timings.handed_over(interaction)
        await interaction.response.send_modal(AnnouncementForm(draft, submitted))

    async def _show_preview(self, interaction: Interaction, draft: Draft) -> None:
        interaction.client.timings.handed_over(interaction)
        await interaction.response.defer(ephemeral=True, thinking=interaction.message is None)
        review = await self._announcer.review(draft)
        token = self._drafts.keep(interaction.user.id, review.draft)
        shown = preview(review, token, self._bot.clock.now())
        await interaction.edit_original_response(
            content=shown.content or None,
            embeds=shown.embeds,
            view=view_of(shown.answer, shareable=False),
            allowed_mentions=discord.AllowedMentions.none(),
        )

    async def _send(self, interaction: Interaction, token: str) -> None:
        """Do what the preview shows."""
        user = interaction.user.id
        self._announcer.check_time(self._drafts.get(user, token))
        # Taken before anything is awaited, so that pressing twice does it once.
        draft = self._drafts.take(user, token)
        interaction.client.timings.handed_over(interaction)
        await interaction.response.edit_message(view=None)
        if draft.purpose is Purpose.CORRECT:
            issue, notes = await self._announcer.correct(draft, user)
        else:
            do = self._announcer.send if draft.purpose is Purpose.POST else self._announcer.edit
            issue = await do(draft, user)
            notes = await self._announcer.notes(issue)
        answer = outcome_answer(issue, self._announcer.name_of, notes, self._bot.clock.now())
        await interaction.edit_original_response(content=None, embed=answer.embed)

    async def _cancel(self, interaction: Interaction, token: str) -> None:
        number = self._cancelling.take(interaction.user.id, token)
        interaction.client.timings.handed_over(interaction)
        await interaction.response.edit_message(view=None)
        issue = await self._announcer.cancel(number, interaction.user.id)
        answer = cancelled_answer(issue, self._announcer.name_of)
        await interaction.edit_original_response(embed=answer.embed)

    async def _replace(self, interaction: Interaction, answer: Answer) -> None:
        interaction.client.timings.handed_over(interaction)
        await interaction.response.edit_message(content=None, embed=answer.embed, view=None)


async def setup(bot: ConferenceBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(Announce(bot))

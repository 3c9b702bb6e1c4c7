"""The form, the preview, and what their buttons do."""

import logging
from collections.abc import Mapping, Sequence

from bot.announcing.answers import (
    VERB,
    cancelled_answer,
    cancelling_answer,
    done_answer,
    outcome_answer,
    preview_answer,
    scheduled_answer,
)
from bot.announcing.model import ADDRESS, TEXT, Announcement, Draft, Purpose
from bot.announcing.service import AnnouncementService
from bot.clock import Clock
from bot.errors import UserError
from bot.permissions import Audience
from bot.ui.answer import Answer
from bot.ui.form import ChannelField, ChoiceField, Field, Forms, TextField
from bot.ui.interaction import Interaction
from bot.ui.limits import EMBED_TITLE
from bot.ui.pending import Pending
from bot.ui.presses import Presses
from bot.ui.questions import NOT_UNDERSTOOD
from bot.ui.responder import Responder

log = logging.getLogger(__name__)

_ONLY = (Audience.ORGANIZER,)
_DRAFTS = 5
"""How many drafts an organizer can have open: what was typed into one is not lost because another is begun."""

_TITLES = {
    Purpose.POST: "New announcement",
    Purpose.EDIT: "Edit the announcement",
    Purpose.CORRECT: "Correct the announcement",
}


class AnnouncementPresses:
    """Leads organizers from the form over the preview to what becomes of an announcement."""

    def __init__(self, service: AnnouncementService, responder: Responder, forms: Forms, clock: Clock) -> None:
        self._service = service
        self._responder = responder
        self._forms = forms
        self._clock = clock
        self._drafts: Pending[Draft] = Pending(clock, each=_DRAFTS)
        self._sent: Pending[tuple[int, Purpose]] = Pending(clock, each=_DRAFTS)
        self._cancelling: Pending[int] = Pending(clock)

    def register(self, presses: Presses) -> None:
        """Answer the presses of previews, and of the question whether to cancel."""
        presses.on(VERB, self._pressed, only=_ONLY)

    async def open_form(self, interaction: Interaction, draft: Draft, token: str | None = None) -> None:
        """Open the form; what is typed there becomes a preview, in place of the one whose token is given."""
        fields = _fields(draft, self._service.roles(interaction.guild))
        await self._open(interaction, _TITLES[draft.purpose], fields, draft, token)

    async def _open(
        self, interaction: Interaction, title: str, fields: Sequence[Field], draft: Draft, token: str | None
    ) -> None:

        async def submitted(answered: Interaction, typed: Mapping[str, str]) -> None:
            user_id = answered.user.id
            await self._responder.defer(answered)
            if token is not None:
                self._drafts.get(user_id, token)
            review = await self._service.review(draft.filled_in(typed))
            kept = self._drafts.keep(user_id, review.draft)
            await self._responder.update(answered, preview_answer(review, kept, self._clock.now(), self._service.zone))
            if token is not None:
                self._drafts.drop(token)

        await self._forms.open(interaction, title, fields, submitted, only=_ONLY)

    async def ask_to_cancel(self, interaction: Interaction, announcement: Announcement) -> None:
        """Ask whether an announcement is really not to go out."""
        await self._responder.send(interaction, self._question(interaction.user.id, announcement), private=True)

    def _question(self, user_id: int, announcement: Announcement) -> Answer:
        token = self._cancelling.keep(user_id, announcement.id)
        return cancelling_answer(announcement, token, self._service.name_of, self._service.zone)

    async def _pressed(self, interaction: Interaction, about: str) -> None:
        action, _, token = about.partition(":")
        user_id = interaction.user.id
        match action:
            case "send":
                await self._send(interaction, token)
            case "edit":
                await self.open_form(interaction, self._drafts.get(user_id, token), token)
            case "links":
                draft = self._drafts.get(user_id, token)
                await self._open(interaction, "Link and image", _links(draft), draft, token)
            case "discard":
                with self._drafts.using(user_id, token) as draft:
                    done = "posted" if draft.purpose is Purpose.POST else "changed"
                    await self._responder.update(interaction, done_answer(f"Nothing was {done}."))
            case "change":
                found = await self._service.scheduled(token)
                draft = self._service.draft_of(found, Purpose.EDIT, user_id, interaction.guild)
                await self.open_form(interaction, draft)
            case "show":
                found = await self._service.scheduled(token)
                answer = scheduled_answer(found, self._service.name_of, self._service.zone)
                await self._responder.turn(interaction, answer)
            case "stop":
                answer = self._question(user_id, await self._service.cancellable(token))
                await self._responder.turn(interaction, answer)
            case "cancel":
                with self._cancelling.using(user_id, token) as number:
                    await self._responder.defer(interaction)
                    announcement = await self._service.cancel(number, user_id)
                await self._responder.conclude(
                    interaction, cancelled_answer(announcement, self._service.name_of, self._service.zone)
                )
            case "keep":
                with self._cancelling.using(user_id, token):
                    await self._responder.update(interaction, done_answer("It stays as it is."))
            case _:
                raise UserError(NOT_UNDERSTOOD)

    async def _send(self, interaction: Interaction, token: str) -> None:
        """Do what the preview shows, once; pressed again, say what became of it.

        The draft waits until all of it is written down; whatever gets lost before, the button can be pressed again.
        """
        user_id = interaction.user.id
        sent = self._sent.find(user_id, token)
        if sent is None:
            self._service.check_time(self._drafts.get(user_id, token))
            with self._drafts.using(user_id, token) as draft:
                await self._responder.defer(interaction)
                sent = await self._service.carry_out(draft), draft.purpose
            self._sent.keep(user_id, sent, token)
        else:
            await self._responder.defer(interaction)
        await self._responder.conclude(interaction, await self._outcome(*sent))

    async def _outcome(self, number: int, purpose: Purpose) -> Answer:
        """Tell what became of an announcement; whatever fails now, it is out or on its way."""
        try:
            announcement, notes = await self._service.outcome(number, purpose)
        except Exception:
            log.exception("what became of announcement %d could not be found out", number)
            return done_answer("It is out, or on its way. `/announce list` tells how far it is.")
        return outcome_answer(announcement, self._service.name_of, notes, self._clock.now(), self._service.zone)


def _fields(draft: Draft, roles: Sequence[str]) -> list[Field]:
    """Return the fields of the form, of which there are five at most: link and image have a form of their own."""
    fields: list[Field] = [
        TextField("title", "Title", draft.title, EMBED_TITLE, required=True),
        TextField(
            "text",
            "Text",
            draft.text,
            TEXT,
            "Discord's Markdown works. Mentions in it ping nobody.",
            required=True,
            long=True,
        ),
    ]
    if draft.purpose is Purpose.CORRECT:
        return [*fields, *_links(draft)]
    how = "now, 14:30, tomorrow 9:00, in 20 minutes: in the conference's zone."
    fields.append(TextField("when", "When", draft.when, 100, how))
    where = "None picked: the configured channels of every server."
    if draft.everywhere:
        where = "These, and the configured channels of every server."
    elif draft.elsewhere:
        where = "These, and those of other servers, which stay."
    fields.append(ChannelField("channels", "Where", draft.picked, where))
    pinged = tuple(dict.fromkeys(filter(None, (draft.role, *roles))))
    if pinged:
        fields.append(ChoiceField("role", "Pings", pinged, draft.role or "", "None picked: nobody."))
    return fields


def _links(draft: Draft) -> list[Field]:
    return [
        TextField("link", "Link", draft.link, ADDRESS, "Where the title leads."),
        TextField("image", "Image", draft.image, ADDRESS, "The address of an image that is shown below the text."),
    ]

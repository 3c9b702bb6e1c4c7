"""What the buttons, menus and forms of meetups do."""

from collections.abc import Mapping

from bot.clock import Clock
from bot.connection.contexts import is_elsewhere
from bot.errors import UserError
from bot.meetups.answers import CLOSE_VERB, VERB, faults_answer
from bot.meetups.model import ABOUT, PLACE, REASON, TOPIC, Draft
from bot.meetups.service import MeetupService
from bot.permissions import Audience, Permissions
from bot.ui.answer import Answer
from bot.ui.form import Forms, TextField
from bot.ui.interaction import Interaction
from bot.ui.pending import Pending
from bot.ui.presses import Presses
from bot.ui.questions import NOT_UNDERSTOOD, number_in
from bot.ui.responder import Responder

CLOSERS = (Audience.ORGANIZER, Audience.MODERATOR)
"""Who may close a meetup."""

_NEW, _CHANGE = "new", "change"
_DRAFTS = 3
"""How many drafts that had to be mended somebody can have open."""


class MeetupPresses:
    """Answers the presses about meetups, and the forms."""

    def __init__(
        self, meetups: MeetupService, responder: Responder, forms: Forms, permissions: Permissions, clock: Clock
    ) -> None:
        self._meetups = meetups
        self._responder = responder
        self._forms = forms
        self._permissions = permissions
        self._drafts: Pending[Draft] = Pending(clock, each=_DRAFTS)

    def register(self, presses: Presses) -> None:
        """Answer these presses, and the form."""
        presses.on(VERB, self._pressed)
        presses.on(CLOSE_VERB, self._ask_why, only=CLOSERS)
        self._forms.on(VERB, self._submitted)

    def organizes(self, interaction: Interaction) -> bool:
        """Tell whether somebody may close meetups."""
        return self._permissions.allows(interaction, CLOSERS)

    async def open(self, interaction: Interaction, draft: Draft) -> None:
        """Open a meetup, or show the form where something is to be said yet."""
        self._meetups.check_place(interaction.user, interaction.guild)
        if draft.topic and draft.when and draft.place:
            await self._carry_out(interaction, draft)
        else:
            await self._show_form(interaction, draft)

    async def change(self, interaction: Interaction, number: int, hours: int | None = None) -> None:
        """Show the form with somebody's own meetup as it is."""
        draft = self._meetups.draft_of(number, interaction.user.id)
        await self._show_form(interaction, draft, hours)

    async def cancel(self, interaction: Interaction, number: int) -> None:
        """Ask whether to call off one's own meetup; organizers are asked why they close somebody else's."""
        if not self._meetups.is_own(number, interaction.user.id) and self.organizes(interaction):
            await self._ask_why(interaction, str(number))
            return
        await self._responder.send(interaction, self._meetups.ask_to_cancel(number, interaction.user.id), private=True)

    async def _pressed(self, interaction: Interaction, about: str) -> None:
        action, _, what = about.partition(":")
        if action == "edit":
            await self._show_form(interaction, self._drafts.get(interaction.user.id, what))
            return
        number, user_id, organizes = number_in(what), interaction.user.id, self.organizes(interaction)
        if is_elsewhere(interaction):
            raise UserError("Meetups are for those in the conference's server.")
        match action:
            case "join":
                await self._show(interaction, await self._meetups.join(number, user_id, organizes=organizes))
            case "leave":
                await self._show(interaction, await self._meetups.leave(number, user_id, organizes=organizes))
            case "show":
                await self._show(interaction, await self._meetups.show(number, user_id, organizes=organizes))
            case "again":
                await self._show(interaction, await self._meetups.post_again(number, user_id, organizes=organizes))
            case "change":
                await self.change(interaction, number)
            case "cancel":
                await self._show(interaction, self._meetups.ask_to_cancel(number, user_id))
            case "cancel-surely":
                await self._show(interaction, await self._meetups.cancel(number, user_id))
            case _:
                raise UserError(NOT_UNDERSTOOD)

    async def _show(self, interaction: Interaction, answer: Answer) -> None:
        """Show it in place of the pressed answer; a direct message that the bot sent by itself stays as it is."""
        if interaction.guild is None:
            await self._responder.send(interaction, answer, private=True)
        else:
            await self._responder.turn(interaction, answer)

    # The form.

    async def _show_form(self, interaction: Interaction, draft: Draft, hours: int | None = None) -> None:
        hours = hours or draft.hours
        about = f"{_CHANGE}:{draft.meetup_id}" if draft.meetup_id else f"{_NEW}:0"
        title = "Change your meetup" if draft.meetup_id else "Open a meetup"
        await self._forms.open_standing(interaction, VERB, f"{about}:{hours or 0}", title, _fields(draft))

    async def _submitted(self, interaction: Interaction, about: str, typed: Mapping[str, str]) -> None:
        parts = about.split(":")
        if len(parts) != 3:
            raise UserError(NOT_UNDERSTOOD)
        number, hours = number_in(parts[1]), number_in(parts[2])
        await self._carry_out(interaction, Draft(hours=hours or None, meetup_id=number or None).filled_in(typed))

    async def _carry_out(self, interaction: Interaction, typed: Draft) -> None:
        """Open or change a meetup as it was typed; what can't be so is said, and nothing of it is lost."""
        draft, user_id = typed.tidied(), interaction.user.id
        # Reading a time takes a while the first time.
        await self._responder.defer(interaction)
        faults, starts_at = await self._meetups.check(draft)
        if faults:
            token = self._drafts.keep(user_id, draft)
            answer = faults_answer(faults, token, new=draft.meetup_id is None)
        elif draft.meetup_id:
            answer = await self._meetups.change(draft, starts_at, user_id)
        else:
            channel = self._meetups.check_place(interaction.user, interaction.guild)
            limited = not self.organizes(interaction)
            answer = await self._meetups.open(draft, starts_at, user_id, channel, limited=limited)
        await self._responder.conclude(interaction, answer)

    # Closing.

    async def _ask_why(self, interaction: Interaction, number: str) -> None:
        """Show the form in which organizers say why they close a meetup."""
        meetup = self._meetups.open_one(number_in(number))

        async def submitted(answered: Interaction, typed: Mapping[str, str]) -> None:
            reason = " ".join(typed["reason"].split())[:REASON]
            await self._responder.defer(answered)
            answer = await self._meetups.close(meetup.id, answered.user.id, reason)
            await self._responder.conclude(answered, answer)

        why = TextField("reason", "Why", "", REASON, "Those who wanted to come read it.", long=True)
        await self._forms.open(interaction, f"Close “{meetup.topic}”", [why], submitted, only=CLOSERS)


def _fields(draft: Draft) -> list[TextField]:
    how = "14:30, tomorrow 9:00, in 20 minutes: in the conference's zone."
    return [
        TextField("topic", "Topic", draft.topic, TOPIC, required=True),
        TextField("when", "When", draft.when, 100, how, required=True),
        TextField("place", "Where", draft.place, PLACE, "A room, a café, a corner of the hall.", required=True),
        TextField("people", "How many people", draft.people, 10, "You included. Empty: as many as may be."),
        TextField("about", "More about it", draft.about, ABOUT, long=True),
    ]

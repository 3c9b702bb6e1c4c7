"""What attendees do to show that they are authors."""

import asyncio
from collections.abc import Collection
from datetime import datetime
from typing import Final

from bot.authors import answers
from bot.authors.claims import Claims
from bot.authors.codes import Codes
from bot.authors.model import (
    ASK_AGAIN,
    MOST_REQUESTS,
    NAME_LENGTH,
    NOTE_LENGTH,
    Claim,
    Request,
    Slot,
    Taken,
    Way,
    review_of,
    slots_of,
)
from bot.authors.own import OwnPapers
from bot.authors.planner import AuthorPlanner
from bot.authors.review_answers import CLAIM, REQUEST
from bot.authors.rows import Follows
from bot.authors.ticket_file import TicketFile
from bot.authors.tickets import fit, ticket_of
from bot.clock import Clock
from bot.editions.service import Library
from bot.errors import UserError
from bot.limiting import Buckets
from bot.programme.build import author_key
from bot.programme.model import Paper
from bot.ui.answer import Answer
from bot.ui.markdown import escaped_line

_TRIES: Final = (10, 10 / 3600)
"""How many codes somebody may try at once, and in a second: ten in an hour."""

_REQUESTS: Final = (10, 10 / 3600)
"""The same for what they ask the moderators."""

_HERE_ALREADY: Final = "You are shown as an author of this paper already. `/mypapers` shows it."


class AuthorService:
    """Answers those who say to be authors."""

    def __init__(
        self,
        library: Library,
        claims: Claims,
        own: OwnPapers,
        planner: AuthorPlanner,
        clock: Clock,
        ways: Collection[Way],
        codes: Codes | None,
        tickets: TicketFile,
    ) -> None:
        """Make the service.

        Args:
            library: the programme.
            claims: who is an author of what.
            own: shows authors their papers.
            planner: writes to the moderators.
            clock: tells the time.
            ways: in which ways somebody can show that they are an author; none at all, and nobody is asked to.
            codes: recognises codes; None where there is no secret.
            tickets: the ticket holders.
        """
        self._library = library
        self._claims = claims
        self._own = own
        self._planner = planner
        self._clock = clock
        self._ways = ways
        self._codes = codes
        self._tickets = tickets
        self._tries = Buckets(clock, *_TRIES)
        self._requests = Buckets(clock, *_REQUESTS)

    def start(self, reader: int, key: str) -> Answer:
        """Answer somebody who says to be an author of a paper."""
        paper = self._own.paper(key)
        if self._claims.own(reader, key):
            return self._own.show(reader, key)
        if (asked := self._claims.asked(reader, key)) and asked.is_open:
            return answers.asked_answer(paper, asked)
        if not self._ways:
            raise UserError("Nobody can show to be an author here: the organizers have not set this up.")
        return answers.claiming_answer(paper, reader, self._ways, self._own.voices(key))

    async def by_code(self, reader: int, typed: str, key: str | None = None) -> Answer:
        """Let somebody be the author whose code they have.

        Args:
            reader: who they are.
            typed: the code.
            key: the paper that they had open, which is looked at first.

        Raises:
            UserError: it is no code, somebody used it, or a claim by it was taken back.
        """
        if Way.CODE not in self._ways or self._codes is None:
            raise UserError("I can't check codes at present: the organizers have not set this up. Ask the moderators.")
        if not self._tries.take(reader):
            raise UserError("You tried ten codes within an hour. Wait some minutes, or ask the moderators.")
        papers = self._library.edition.programme.papers
        opened = [papers[key]] if key and key in papers else []
        # Each author takes a microsecond or two, and there may be a hundred thousand.
        slot = await asyncio.to_thread(self._codes.find, typed, (*opened, *papers.values()))
        if slot is None:
            raise UserError(
                "This is no code of an author in the programme. Copy all sixteen letters and digits. If your name was "
                "corrected in the programme since the code was mailed, ask the organizers for the new one."
            )
        self._check_is_free(reader, slot)
        return await self._claim(reader, slot, Way.CODE)

    async def by_ticket(self, reader: int, account: str, key: str) -> Answer:
        """Let somebody be the author whose name is on their ticket, if the name tells surely that it is them.

        Args:
            reader: who they are.
            account: the name of their account.
            key: the paper.

        Raises:
            UserError: the paper is gone, somebody is this author already, or tickets can't be looked at.
        """
        paper = self._own.paper(key)
        if Way.TICKET not in self._ways:
            raise UserError("I know of no tickets: the organizers have not set this up. Ask the moderators.")
        try:
            tickets = await self._tickets.read()
        except UserError:
            raise UserError("I can't look at the tickets at present, and the organizers see why. Try later.") from None
        ticket = ticket_of(tickets, reader, account)
        if ticket is None:
            text = "I find no ticket with your account, or some in different names."
            return answers.not_by_ticket_answer(key, text, self._ways)
        found = fit(self._library.edition.programme, paper, ticket, tickets)
        mine = f"Your ticket is in the name of **{escaped_line(ticket.name, 100)}**"
        if found.slot is None:
            text = f"{mine}, and no author of this paper is called like that."
            return answers.not_by_ticket_answer(key, text, self._ways)
        if found.doubts:
            text = f"{mine}, but a name alone does not do here: {found.doubts[0]}."
            return answers.not_by_ticket_answer(key, text, self._ways)
        self._check_is_free(reader, found.slot)
        return await self._claim(reader, found.slot, Way.TICKET)

    async def ask(self, reader: int, account: str, key: str, name: str, note: str) -> Answer:
        """Ask the moderators whether somebody is an author.

        Args:
            reader: who they are.
            account: the name of their account.
            key: the paper.
            name: which author they say they are.
            note: what they say to show it.

        Raises:
            UserError: the paper is gone, they may not ask now, or are an author of it.
        """
        paper, now = self.may_ask(reader, key), self._clock.now()
        name = " ".join(name.split())[:NAME_LENGTH]
        if not name:
            raise UserError("Your name is missing: write it as it stands on the paper.")
        if not self._requests.take(reader):
            raise UserError("You asked the moderators ten times within an hour. Wait some minutes.")
        slot = next((one for one in slots_of(paper) if one.author_key == author_key(name)), Slot(key, None, 0, name))
        said = "\n".join(filter(None, (note.strip()[:NOTE_LENGTH], await self._ticket_says(reader, account, paper))))
        request = Request(self._claims.new_number(), reader, slot, said, now)
        shown = [review_of(f"{REQUEST}:{request.id}", one, now) for one in self._planner.reviewers]
        await self._claims.ask(request, Follows(shown))
        self._planner.wake()
        return answers.asked_answer(paper, request)

    def may_ask(self, reader: int, key: str) -> Paper:
        """Return a paper about which somebody may ask the moderators now.

        Raises:
            UserError: it is gone, or they may not; it says why, and from when on they may.
        """
        paper = self._own.paper(key)
        if Way.MODERATOR not in self._ways:
            raise UserError("The moderators are not asked here: the organizers have not set this up.")
        if self._claims.own(reader, key):
            raise UserError(_HERE_ALREADY)
        asked = self._claims.asked(reader, key)
        if asked and asked.is_open:
            raise UserError("The moderators were asked already. I write to you when they have decided.")
        if asked and asked.refused_at and (wait := asked.refused_at + ASK_AGAIN) > self._clock.now():
            raise UserError(f"The moderators did not confirm it. You can ask them again {_relative(wait)}.")
        if sum(one.is_open for one in self._claims.requests_of(reader)) >= MOST_REQUESTS:
            raise UserError(f"{MOST_REQUESTS} of your requests wait for the moderators, which is the most.")
        return paper

    async def withdraw(self, reader: int, key: str) -> Answer:
        """Take back what somebody asked the moderators."""
        request = self._claims.asked(reader, key)
        if request and request.is_open:
            await self._claims.drop_request(request)
        return self.start(reader, key)

    def _check_is_free(self, reader: int, slot: Slot) -> None:
        """Make sure that somebody may be an author without a moderator.

        Raises:
            UserError: they may not.
        """
        if self._claims.own(reader, slot.paper_key):
            raise UserError(_HERE_ALREADY)
        who = f"**{escaped_line(slot.name, 100)}**"
        if holder := self._claims.holder(slot):
            raise UserError(f"<@{holder.user_id}> is here as {who} already. If that is wrong, tell the moderators.")
        if self._claims.takes_moderator(slot):
            raise UserError(f"Only a moderator can confirm that you are {who} of this paper. Ask them.")

    async def _claim(self, reader: int, slot: Slot, way: Way) -> Answer:
        now = self._clock.now()
        claim = Claim(self._claims.new_number(), reader, slot, way, now)
        # A name tells less than a code: the moderators hear of it, and can take it back.
        shown = self._planner.reviewers if way is Way.TICKET else ()
        try:
            await self._claims.claim(claim, Follows([review_of(f"{CLAIM}:{claim.id}", one, now) for one in shown]))
        except Taken:
            self._check_is_free(reader, slot)
            raise UserError("Somebody else was quicker. Try again.") from None
        self._planner.wake()
        self._own.changed(slot.paper_key)
        return self._own.show(reader, slot.paper_key, "Everybody sees now that you are one of its authors.")

    async def _ticket_says(self, reader: int, account: str, paper: Paper) -> str:
        """Return what the moderators should know of somebody's ticket."""
        if not self._tickets.is_there:
            return ""
        try:
            tickets = await self._tickets.read()
        except UserError:
            return ""
        ticket = ticket_of(tickets, reader, account)
        if ticket is None:
            return "(No ticket is known with this account.)"
        doubts = "; ".join(fit(self._library.edition.programme, paper, ticket, tickets).doubts)
        place = f", {ticket.affiliation}" if ticket.affiliation else ""
        return f"(Their ticket is in the name of {ticket.name}{place}.{f' Mind: {doubts}.' if doubts else ''})"


def _relative(moment: datetime) -> str:
    return f"<t:{int(moment.timestamp())}:R>"

"""What moderators decide: who is an author, and what authors say that everybody sees."""

from bot.admin.log_channel import LogChannel
from bot.authors import review_answers as answers
from bot.authors.claims import Claims
from bot.authors.model import About, Claim, Decided, Request, Saying, Taken, Way, note_of
from bot.authors.own import OwnPapers
from bot.authors.planner import AuthorPlanner
from bot.authors.rows import Follows
from bot.clock import Clock
from bot.editions.service import Library
from bot.errors import UserError
from bot.programme.model import Paper
from bot.store.audit import AuditEntry
from bot.ui.answer import Answer
from bot.ui.markdown import escaped_line

_DECIDED = "This was decided already, or taken back: nothing is left to do."


class AuthorDecisions:
    """Carries out what moderators decide; each is on record, without the author's account."""

    def __init__(
        self,
        library: Library,
        claims: Claims,
        own: OwnPapers,
        planner: AuthorPlanner,
        log_channel: LogChannel,
        clock: Clock,
    ) -> None:
        self._library = library
        self._claims = claims
        self._own = own
        self._planner = planner
        self._log_channel = log_channel
        self._clock = clock

    def list(self, page: int = 0, about: Paper | None = None) -> Answer:
        """List who has claimed what and what waits, of a paper or of all."""
        claims = [one for one in self._claims.all if about is None or one.paper_key == about.key]
        requests = [one for one in self._claims.waiting if about is None or one.slot.paper_key == about.key]
        said = [(one, claim) for one in self._claims.unseen if (claim := self._claims.get(one.claim_id))]
        said = [(one, claim) for one, claim in said if about is None or claim.paper_key == about.key]
        return answers.list_answer(self._library.edition.programme, claims[::-1], requests, said, page, about)

    def found(self, key: str) -> Paper | None:
        """Return the paper of a key, None where it is gone."""
        return self._library.edition.programme.papers.get(key)

    def open(self, subject: str) -> Answer:
        """Show a claim, a request, or what an author says, with what can be decided about it."""
        kind, _, number = subject.partition(":")
        thing = int(number) if number.isdecimal() else 0
        if kind == answers.REQUEST and (request := self._claims.request(thing)):
            return self.request_answer(request)
        if kind == answers.SAYING and (said := self._said(thing)):
            saying, by = said
            return answers.saying_answer(self.found(by.paper_key), by, saying)
        if kind == answers.CLAIM and (claim := self._claims.get(thing)):
            return answers.claim_answer(self.found(claim.paper_key), claim, self._claims.sayings_of(claim))
        return answers.decided_answer(_DECIDED, None)

    def request_answer(self, request: Request) -> Answer:
        """Ask whether somebody is an author."""
        person = self._library.edition.programme.people.get(request.slot.author_key or "")
        namesakes = sum(paper.key != request.slot.paper_key for paper in person.papers) if person else 0
        holder = self._claims.holder(request.slot)
        return answers.request_answer(self.found(request.slot.paper_key), request, holder, namesakes)

    async def approve(self, moderator: int, number: int) -> Answer:
        """Confirm that somebody is an author.

        Raises:
            UserError: somebody else is that author already.
        """
        request = self._claims.request(number)
        if request is None:
            return answers.decided_answer(_DECIDED, None)
        now, slot = self._clock.now(), request.slot
        claim = Claim(self._claims.new_number(), request.user_id, slot, Way.MODERATOR, now)
        record = self._record(moderator, "author confirmed", claim)
        told = note_of(request.user_id, "confirmed", slot.paper_key, claim.id, now)
        try:
            await self._claims.claim(claim, Follows([told], record), asked=request)
        except Decided:
            return answers.decided_answer(_DECIDED, None)
        except Taken:
            raise UserError(
                "Somebody is here as that author already. Take that back first: `/programme authors`."
            ) from None
        self._done(record, slot.paper_key)
        text = f"<@{moderator}> confirmed that <@{claim.user_id}> is **{escaped_line(slot.name, 100)}**."
        return answers.decided_answer(text, self.found(slot.paper_key), answers.back_button(claim))

    async def refuse(self, moderator: int, number: int) -> Answer:
        """Do not confirm that somebody is an author."""
        request = self._claims.request(number)
        if request is None:
            return answers.decided_answer(_DECIDED, None)
        now, key = self._clock.now(), request.slot.paper_key
        record = AuditEntry(now, moderator, "author not confirmed", self._about(key, request.slot.name))
        told = note_of(request.user_id, "refused", key, request.id, now)
        try:
            await self._claims.refuse(request, now, Follows([told], record))
        except Decided:
            return answers.decided_answer(_DECIDED, None)
        self._done(record, key)
        text = (
            f"<@{moderator}> did not confirm that <@{request.user_id}> is **{escaped_line(request.slot.name, 100)}**."
        )
        return answers.decided_answer(text, self.found(key))

    def taking_back(self, number: int) -> Answer:
        """Ask whether a claim is really to be taken back."""
        claim = self._claims.get(number)
        if claim is None:
            return answers.decided_answer(_DECIDED, None)
        return answers.taking_back_answer(self.found(claim.paper_key), claim)

    async def take_back(self, moderator: int, number: int) -> Answer:
        """Take a claim back; from then on it takes a moderator to be this author."""
        claim = self._claims.get(number)
        if claim is None:
            return answers.decided_answer(_DECIDED, None)
        record = self._record(moderator, "author's claim taken back", claim)
        told = note_of(claim.user_id, "taken", claim.paper_key, claim.id, self._clock.now())
        if not await self._own.end(claim, guard=True, follows=Follows([told], record)):
            return answers.decided_answer(_DECIDED, None)
        self._done(record, claim.paper_key)
        text = f"<@{moderator}> took back that <@{claim.user_id}> is **{escaped_line(claim.slot.name, 100)}**."
        return answers.decided_answer(text, self.found(claim.paper_key))

    async def publish(self, moderator: int, number: int) -> Answer:
        """Let everybody see what an author says."""
        said = self._said(number)
        if said is None:
            return answers.decided_answer(_DECIDED, None)
        saying, claim = said
        record = self._record(moderator, f"author's {_what(saying)} shown", claim)
        told = note_of(claim.user_id, "shown", claim.paper_key, saying.id, self._clock.now())
        if not await self._own.publish(saying, Follows([told], record), waited=True):
            return answers.decided_answer(_DECIDED, None)
        self._done(record, claim.paper_key)
        hide = answers.hide_button(saying)
        return answers.decided_answer(
            f"<@{moderator}> shows this to all.", self.found(claim.paper_key), hide, said=saying
        )

    async def hide(self, moderator: int, number: int) -> Answer:
        """Delete what an author says, whether everybody sees it or not."""
        said = self._said(number)
        if said is None:
            return answers.decided_answer(_DECIDED, None)
        saying, claim = said
        record = self._record(moderator, f"author's {_what(saying)} not shown", claim)
        told = note_of(claim.user_id, "hidden", claim.paper_key, saying.id, self._clock.now())
        await self._own.unsay(claim, [saying], Follows([told], record))
        self._done(record, claim.paper_key)
        text = f"<@{moderator}> does not show this."
        return answers.decided_answer(text, self.found(claim.paper_key), said=saying)

    def counted(self) -> str:
        """Say in a line for those who look after the bot how many authors are here, and what waits."""
        waits = [one.asked_at for one in self._claims.waiting] + [one.made_at for one in self._claims.unseen]
        return answers.counted(self._claims.all, len(waits), min(waits, default=None))

    def _said(self, number: int) -> tuple[Saying, Claim] | None:
        """Return something that was said, with the claim by which it was; None where either is gone."""
        saying = self._claims.saying(number)
        claim = self._claims.get(saying.claim_id) if saying else None
        return (saying, claim) if saying and claim else None

    def _record(self, moderator: int, action: str, claim: Claim) -> AuditEntry:
        # Neither the account nor what was said: the record is for ever, and both can be deleted.
        return AuditEntry(self._clock.now(), moderator, action, self._about(claim.paper_key, claim.slot.name))

    def _about(self, key: str, name: str) -> str:
        paper = self.found(key)
        return f"{name}: {paper.label if paper else key}"

    def _done(self, record: AuditEntry, key: str) -> None:
        self._log_channel.show(record)
        self._own.changed(key)
        self._planner.wake()


def _what(saying: Saying) -> str:
    return "picture" if saying.about is About.PICTURE else "text"

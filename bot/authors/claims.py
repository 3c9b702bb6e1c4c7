"""All claims, requests and what authors say: in memory for reading, in the database for keeping."""

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.authors.model import About, Claim, Decided, Request, Saying, Slot, Stage, Taken
from bot.authors.rows import NOTHING, AuthorStore, Follows

_NUMBERS = 10**9
"""Below which numbers are chosen: they stand in custom ids, and none is ever given to two things."""


class Claims:
    """Who is an author of what, and what follows from it. One change waits for the other."""

    def __init__(self, store: AuthorStore) -> None:
        self._store = store
        self._changing = asyncio.Lock()
        self._claims: dict[int, Claim] = {}
        self._requests: dict[int, Request] = {}
        self._sayings: dict[int, Saying] = {}
        self._said: dict[tuple[int, About, Stage], Saying] = {}
        self._of_paper: dict[str, dict[int, None]] = {}
        self._guarded: set[tuple[str, str | None, int]] = set()

    async def open(self) -> None:
        """Read everything."""
        kept = await self._store.all()
        for claim in kept.claims:
            self._put(claim)
        self._requests = {request.id: request for request in kept.requests}
        for saying in kept.sayings:
            self._put_saying(saying)
        self._guarded = set(kept.guarded)

    @property
    def all(self) -> Sequence[Claim]:
        """Return all claims, the longest first."""
        return list(self._claims.values())

    @property
    def waiting(self) -> Sequence[Request]:
        """Return the requests that wait for the moderators, the longest first."""
        return [request for request in self._requests.values() if request.is_open]

    @property
    def unseen(self) -> Sequence[Saying]:
        """Return what waits for the moderators before everybody sees it, the longest first."""
        return [saying for saying in self._sayings.values() if saying.stage is Stage.WAITING]

    def get(self, number: int) -> Claim | None:
        """Return the claim of a number."""
        return self._claims.get(number)

    def request(self, number: int) -> Request | None:
        """Return the request of a number, if it is still open."""
        request = self._requests.get(number)
        return request if request and request.is_open else None

    def saying(self, number: int) -> Saying | None:
        """Return what an author said, by its number."""
        return self._sayings.get(number)

    def of(self, user_id: int) -> Sequence[Claim]:
        """Return somebody's claims, the longest first."""
        return [claim for claim in self._claims.values() if claim.user_id == user_id]

    def on(self, paper_key: str) -> Sequence[Claim]:
        """Return the claims on a paper, the longest first."""
        return [self._claims[number] for number in self._of_paper.get(paper_key, ())]

    def own(self, user_id: int, paper_key: str) -> Claim | None:
        """Return somebody's claim on a paper."""
        return next((claim for claim in self.on(paper_key) if claim.user_id == user_id), None)

    def asked(self, user_id: int, paper_key: str) -> Request | None:
        """Return what somebody asked the moderators about a paper, also where they were refused."""
        of_this = (user_id, paper_key)
        return next((one for one in self._requests.values() if (one.user_id, one.slot.paper_key) == of_this), None)

    def requests_of(self, user_id: int) -> Sequence[Request]:
        """Return all that somebody asked the moderators, also what was refused."""
        return [request for request in self._requests.values() if request.user_id == user_id]

    def holder(self, slot: Slot) -> Claim | None:
        """Return who is this author already; nobody where the source does not name them."""
        if slot.author_key is None:
            return None
        return next((claim for claim in self.on(slot.paper_key) if claim.slot.identity == slot.identity), None)

    def takes_moderator(self, slot: Slot) -> bool:
        """Tell whether a claim on this author was taken back once."""
        return slot.identity in self._guarded

    def said(self, claim: Claim, about: About, stage: Stage) -> Saying | None:
        """Return what an author says, as it waits or as everybody sees it."""
        return self._said.get((claim.id, about, stage))

    def sayings_of(self, claim: Claim) -> Sequence[Saying]:
        """Return all that an author says, in every stage."""
        found = (self.said(claim, about, stage) for about in About for stage in Stage)
        return [saying for saying in found if saying]

    # What follows changes something.

    @staticmethod
    def new_number() -> int:
        """Return a number that nothing has or had, as far as chance goes."""
        return 1 + secrets.randbelow(_NUMBERS - 1)

    async def claim(self, claim: Claim, follows: Follows = NOTHING, *, asked: Request | None = None) -> None:
        """Keep a claim; the person's request about the paper is settled by it.

        Args:
            claim: the claim.
            follows: what follows.
            asked: the request that it grants, if it grants one.

        Raises:
            Taken: somebody is this author already, or the person is an author of the paper.
            Decided: the request is no longer open.
        """
        async with self._changing:
            if asked and self.request(asked.id) is None:
                raise Decided
            if not await self._store.claim(claim, follows):
                raise Taken
            self._put(claim)
            if request := self.asked(claim.user_id, claim.paper_key):
                del self._requests[request.id]

    async def change(self, claim: Claim, follows: Follows = NOTHING) -> None:
        """Keep what an author wants to hear and was told; nothing for a claim that is gone."""
        async with self._changing:
            if claim.id in self._claims:
                await self._store.change(claim, follows)
                self._claims[claim.id] = claim

    async def end(self, claim: Claim, *, guard: bool = False, follows: Follows = NOTHING) -> bool:
        """Delete a claim with all that was said by it; tell whether it was there."""
        async with self._changing:
            if claim.id not in self._claims:
                return False
            await self._store.end(claim, guard=guard, follows=follows)
            self._drop(claim)
            if guard and claim.slot.author_key is not None:
                self._guarded.add(claim.slot.identity)
            return True

    async def ask(self, request: Request, follows: Follows = NOTHING) -> None:
        """Keep a request, in place of one of the same person about the same paper."""
        async with self._changing:
            await self._store.ask(request, follows)
            if before := self.asked(request.user_id, request.slot.paper_key):
                del self._requests[before.id]
            self._requests[request.id] = request

    async def refuse(self, request: Request, now: datetime, follows: Follows = NOTHING) -> None:
        """Keep that the moderators refused a request.

        Raises:
            Decided: it is no longer open.
        """
        async with self._changing:
            if self.request(request.id) is None:
                raise Decided
            refused = replace(request, refused_at=now)
            await self._store.ask(refused, follows)
            self._requests[request.id] = refused

    async def drop_request(self, request: Request) -> None:
        """Delete a request."""
        async with self._changing:
            await self._store.drop_request(request)
            self._requests.pop(request.id, None)

    async def say(self, saying: Saying, follows: Follows = NOTHING, *, waited: bool = False) -> bool:
        """Keep what an author says, in place of what they said of it before; tell whether they still may.

        Args:
            saying: what they say.
            follows: what follows.
            waited: whether it waited for the moderators; it may have been replaced or deleted meanwhile.
        """
        async with self._changing:
            claim = self._claims.get(saying.claim_id)
            if claim is None or (waited and saying.id not in self._sayings):
                return False
            await self._store.say(saying, follows)
            stages = (Stage.WAITING,) if saying.stage is Stage.WAITING else tuple(Stage)
            for stage in stages:
                self._drop_saying(self.said(claim, saying.about, stage))
            self._put_saying(saying)
            return True

    async def unsay(self, sayings: Iterable[Saying], follows: Follows = NOTHING) -> None:
        """Delete what an author said."""
        async with self._changing:
            gone = [one for one in sayings if one.id in self._sayings]
            if gone:
                await self._store.unsay(gone, follows)
            for saying in gone:
                self._drop_saying(saying)

    async def forget(self, user_id: int) -> None:
        """Delete all that is kept about somebody."""
        async with self._changing:
            await self._store.forget(user_id)
            for claim in self.of(user_id):
                self._drop(claim)
            self._requests = {number: one for number, one in self._requests.items() if one.user_id != user_id}

    def _put(self, claim: Claim) -> None:
        self._claims[claim.id] = claim
        self._of_paper.setdefault(claim.paper_key, {})[claim.id] = None

    def _drop(self, claim: Claim) -> None:
        del self._claims[claim.id]
        self._of_paper[claim.paper_key].pop(claim.id)
        for saying in self.sayings_of(claim):
            self._drop_saying(saying)

    def _put_saying(self, saying: Saying) -> None:
        self._sayings[saying.id] = self._said[saying.claim_id, saying.about, saying.stage] = saying

    def _drop_saying(self, saying: Saying | None) -> None:
        if saying:
            del self._sayings[saying.id]
            del self._said[saying.claim_id, saying.about, saying.stage]

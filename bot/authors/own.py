"""What authors do with their papers: what they say there, and what they hear."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.authors import answers
from bot.authors.answers import Standing, Voice
from bot.authors.claims import Claims
from bot.authors.links import read_links
from bot.authors.model import TEXT_LENGTH, About, Claim, Saying, Stage, Way, news_of, review_of
from bot.authors.pictures import Pictures, Upload
from bot.authors.places import PaperPlaces
from bot.authors.planner import AuthorPlanner
from bot.authors.rows import NOTHING, Follows
from bot.background import BackgroundTasks
from bot.clock import Clock
from bot.editions.service import Library
from bot.errors import UserError
from bot.limiting import Buckets
from bot.programme.model import Paper
from bot.programme.source import Link
from bot.ui.answer import Answer
from bot.ui.asking import Questions
from bot.ui.questions import Question, QuestionKind

_CHANGES: Final = (10, 10 / 3600)
"""How often somebody may change what they say at once, and in a second: ten times in an hour."""


class OwnPapers:
    """Answers authors about their papers."""

    def __init__(
        self,
        library: Library,
        claims: Claims,
        places: PaperPlaces,
        planner: AuthorPlanner,
        pictures: Pictures,
        background: BackgroundTasks,
        clock: Clock,
        ways: Collection[Way],
        *,
        reviewed: bool,
    ) -> None:
        """Make the service.

        Args:
            library: the programme.
            claims: who is an author of what.
            places: where people talk about papers.
            planner: writes to the moderators, and brings pictures to the places.
            pictures: hands out pictures of posters.
            background: where what nobody waits for goes on.
            clock: tells the time.
            ways: in which ways somebody can show that they are an author.
            reviewed: whether the moderators look at what authors say before everybody sees it.
        """
        self._library = library
        self._claims = claims
        self._places = places
        self._planner = planner
        self._pictures = pictures
        self._background = background
        self._clock = clock
        self._ways = ways
        self._reviewed = reviewed
        self._changes = Buckets(clock, *_CHANGES)
        self._unreachable: dict[int, bool] = {}

    def register(self, questions: Questions) -> None:
        """Answer the question about somebody's own papers."""
        questions.on(self._answer, QuestionKind.MY_PAPERS)

    def paper(self, key: str) -> Paper:
        """Return a paper.

        Raises:
            UserError: it is gone.
        """
        paper = self._library.edition.programme.papers.get(key)
        if paper is None:
            raise UserError("This paper is no longer in the programme.")
        return paper

    def voices(self, key: str) -> list[Voice]:
        """Return which authors of a paper are here, and what everybody may see of what they say."""
        voices = []
        for claim in self._claims.on(key):
            words = self._claims.said(claim, About.WORDS, Stage.PUBLIC)
            picture = self._claims.said(claim, About.PICTURE, Stage.PUBLIC)
            text, links = (words.text, words.links) if words else ("", ())
            voices.append(Voice(claim, text, links, picture is not None and self._places.are_there))
        return voices

    def list(self, reader: int, page: int = 0) -> Answer:
        """List the papers that somebody is an author of, and what they asked the moderators."""
        requests = self._claims.requests_of(reader)
        programme = self._library.edition.programme
        return answers.papers_answer(programme, self._claims.of(reader), requests, page, self._ways)

    def show(self, reader: int, key: str, news: str = "") -> Answer:
        """Show somebody their own paper, after what has just happened."""
        claim = self._claim(reader, key)
        unreachable = reader in self._unreachable
        standing = Standing(claim, self._claims.sayings_of(claim), self._places.url(key), unreachable)
        return answers.own_answer(self.paper(key), standing, news=news)

    async def look(self, reader: int, key: str) -> Answer:
        """Show somebody their own paper; when somebody writes about it after that, they hear of it again."""
        await self.looked(reader, key)
        return self.show(reader, key)

    async def leaving(self, reader: int, key: str) -> Answer:
        """Ask whether somebody is really no author of a paper."""
        self._claim(reader, key)
        return answers.leaving_answer(self.paper(key))

    async def leave(self, reader: int, key: str) -> Answer:
        """End somebody's own claim."""
        paper = self.paper(key)
        await self.end(self._claim(reader, key))
        return answers.left_answer(paper)

    # What follows is what they say.

    @property
    def takes_pictures(self) -> bool:
        """Whether there is somewhere to show a picture of a poster."""
        return self._places.are_there

    def words(self, reader: int, key: str) -> tuple[Paper, Saying | None]:
        """Return a paper with the words that its author edits: those that wait, or else the public ones.

        Raises:
            UserError: the paper is gone, or they are no author of it.
        """
        claim = self._claim(reader, key)
        waiting, public = (self._claims.said(claim, About.WORDS, one) for one in (Stage.WAITING, Stage.PUBLIC))
        return self.paper(key), waiting or public

    async def say(self, reader: int, key: str, text: str, links: str, upload: Upload | None) -> Answer:
        """Keep what an author says about their paper.

        Args:
            reader: who they are.
            key: the paper.
            text: a sentence; empty for none.
            links: links as they are typed.
            upload: a picture of the poster; None leaves the one there is.

        Raises:
            UserError: they are no author of it, something can't be read, or they change too much.
        """
        claim = self._claim(reader, key)
        said, found = " ".join(text.split())[:TEXT_LENGTH], read_links(links)
        if not self._changes.take(reader):
            raise UserError("You changed what you say ten times within an hour. Wait some minutes.")
        if upload:
            await self._pictures.check(upload)
        news = [await self._say_words(claim, said, found)]
        if upload:
            news.append(await self._keep(self._saying(claim, About.PICTURE, url=upload.url)))
        self.changed(key)
        return self.show(reader, key, " ".join(filter(None, news)))

    async def remove_picture(self, reader: int, key: str) -> Answer:
        """Take an author's picture away, wherever it is."""
        claim = self._claim(reader, key)
        await self.unsay(claim, [one for one in self._claims.sayings_of(claim) if one.about is About.PICTURE])
        return self.show(reader, key, "The picture is removed.")

    async def publish(self, saying: Saying, follows: Follows = NOTHING, *, waited: bool) -> bool:
        """Let everybody see what an author says; tell whether that is still there, and the author.

        Args:
            saying: what they say.
            follows: what follows.
            waited: whether it waited for the moderators.
        """
        claim = self._claims.get(saying.claim_id)
        if claim is None:
            return False
        before, public = self._claims.said(claim, saying.about, Stage.PUBLIC), replace(saying, stage=Stage.PUBLIC)
        if not await self._claims.say(public, follows, waited=waited):
            return False
        if before:
            self._remove_pictures([before])
        if public.about is About.PICTURE:
            self._background.start(self._planner.show_picture(public), "picture of a poster")
        self.changed(claim.paper_key)
        return True

    async def unsay(self, claim: Claim, sayings: Sequence[Saying], follows: Follows = NOTHING) -> None:
        """Delete what an author says, and the pictures where they are shown."""
        await self._claims.unsay(sayings, follows)
        self._remove_pictures(sayings)
        self.changed(claim.paper_key)

    async def end(self, claim: Claim, *, guard: bool = False, follows: Follows = NOTHING) -> bool:
        """End a claim with all that was said by it; tell whether it was there."""
        sayings = self._claims.sayings_of(claim)
        if not await self._claims.end(claim, guard=guard, follows=follows):
            return False
        self._remove_pictures(sayings)
        self.changed(claim.paper_key)
        return True

    def changed(self, key: str) -> None:
        """Let what is shown of a paper's authors come up to date."""
        self._places.refresh(key)

    # What follows is what they hear.

    async def hear(self, reader: int, key: str, *, quiet: bool) -> Answer:
        """Write to an author when somebody writes about their paper, or do not."""
        await self._look(replace(self._claim(reader, key), quiet=quiet))
        if not quiet:
            self._unreachable.pop(reader, None)
        return self.show(reader, key)

    async def looked(self, reader: int, key: str = "") -> None:
        """Note that an author looked at what was written about a paper, or about all of theirs."""
        for claim in self._claims.of(reader):
            if key in ("", claim.paper_key):
                await self._look(claim)

    async def written(self, key: str, writer: int, message_id: int) -> None:
        """Tell the authors of a paper that somebody wrote about it: once, and then not until they have looked."""
        for claim in self._claims.on(key):
            if message_id <= claim.heard:
                continue
            if claim.user_id == writer:
                await self._claims.change(replace(claim, told=False, heard=message_id))
            elif not claim.quiet and not claim.told:
                told = replace(claim, told=True, turn=claim.turn + 1, heard=message_id)
                await self._claims.change(told, Follows([news_of(told, self._clock.now())]))
                self._planner.wake()

    async def set_unreachable(self, user_id: int) -> None:
        """Note that somebody takes no direct messages, and write none about their papers."""
        own = [claim for claim in self._claims.of(user_id) if not claim.quiet]
        for claim in own:
            await self._claims.change(replace(claim, quiet=True, told=False))
        if own:
            self._unreachable[user_id] = False

    def tell_unreachable(self, user_id: int) -> bool:
        """Tell, once, whether somebody has to hear that they are not written to."""
        if self._unreachable.get(user_id, True):
            return False
        self._unreachable[user_id] = True
        return True

    # What follows is for those who want to know what is kept about them.

    def told(self, user_id: int) -> Sequence[str]:
        """Tell what is kept about somebody."""
        claims = self._claims.of(user_id)
        sayings = sum(len(self._claims.sayings_of(claim)) for claim in claims)
        return answers.kept_lines(claims, self._claims.requests_of(user_id), sayings)

    def exported(self, user_id: int) -> Mapping[str, object]:
        """Return that as what JSON can say."""
        found: dict[str, object] = {}
        if claims := self._claims.of(user_id):
            found["author_of"] = [self._exported(claim) for claim in claims]
        if requests := self._claims.requests_of(user_id):
            found["asked_to_be_author_of"] = [
                {
                    "paper": request.slot.paper_key,
                    "as": request.slot.name,
                    "note": request.note,
                    "asked_at": request.asked_at.isoformat(),
                    "refused_at": request.refused_at.isoformat() if request.refused_at else None,
                }
                for request in requests
            ]
        return found

    async def forget(self, user_id: int) -> None:
        """Delete all that is kept about somebody, and what they say."""
        claims = self._claims.of(user_id)
        self._remove_pictures([one for claim in claims for one in self._claims.sayings_of(claim)])
        await self._claims.forget(user_id)
        self._unreachable.pop(user_id, None)
        for claim in claims:
            self.changed(claim.paper_key)

    # What follows is a part of that.

    async def _answer(self, question: Question, reader: int | None) -> Answer:
        return self.list(reader or 0, question.page)

    def _claim(self, reader: int, key: str) -> Claim:
        claim = self._claims.own(reader, key)
        if claim is None:
            raise UserError("You are not shown as an author of this paper. Press **I am an author** below it.")
        return claim

    async def _look(self, claim: Claim) -> None:
        seen = replace(claim, told=False, heard=max(claim.heard, self._places.last_message(claim.paper_key)))
        if seen != self._claims.get(claim.id):
            await self._claims.change(seen)

    def _saying(
        self, claim: Claim, about: About, text: str = "", links: tuple[Link, ...] = (), url: str = ""
    ) -> Saying:
        number, now = self._claims.new_number(), self._clock.now()
        return Saying(number, claim.id, about, Stage.WAITING, text, links, url, now)

    async def _say_words(self, claim: Claim, text: str, links: tuple[Link, ...]) -> str:
        """Keep an author's words, and say what becomes of them."""
        stages = (Stage.WAITING, Stage.PUBLIC)
        before = [one for stage in stages if (one := self._claims.said(claim, About.WORDS, stage))]
        if before and (before[0].text, before[0].links) == (text, links):
            return ""
        if not text and not links:
            await self._claims.unsay(before)
            return "What you said is deleted." if before else ""
        return await self._keep(self._saying(claim, About.WORDS, text, links))

    async def _keep(self, saying: Saying) -> str:
        """Keep something that an author says, for the moderators or for all, and say which."""
        what = "The picture" if saying.about is About.PICTURE else "What you say"
        if not self._reviewed:
            await self.publish(saying, waited=False)
            return f"{what} is there for everybody to see."
        now = self._clock.now()
        shown = [review_of(saying.subject, one, now) for one in self._planner.reviewers]
        await self._claims.say(saying, Follows(shown))
        self._planner.wake()
        return f"{what} waits for the moderators; then everybody sees it, and I write to you."

    def _remove_pictures(self, sayings: Sequence[Saying]) -> None:
        for saying in sayings:
            if saying.about is About.PICTURE and saying.stage is Stage.PUBLIC:
                self._background.start(self._pictures.remove(saying), "picture of a poster")

    def _exported(self, claim: Claim) -> Mapping[str, object]:
        return {
            "paper": claim.paper_key,
            "as": claim.slot.name,
            "shown_by": claim.way.value,
            "since": claim.claimed_at.isoformat(),
            "direct_messages": not claim.quiet,
            "says": [
                {
                    "about": saying.about.value,
                    "stage": saying.stage.value,
                    "text": saying.text or None,
                    "links": [{"name": link.label, "url": link.url} for link in saying.links],
                    "said_at": saying.made_at.isoformat(),
                }
                for saying in self._claims.sayings_of(claim)
            ],
        }

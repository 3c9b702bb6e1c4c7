"""What attendees do with their own agenda: show it, change it, take it along, have it deleted."""

import asyncio
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from bot.agenda import answers, export, suggestion_answers
from bot.agenda.agendas import Agendas
from bot.agenda.calendar import calendar_of
from bot.agenda.follows import Follows
from bot.agenda.model import KeepsElsewhere, Own, items_of
from bot.agenda.recent import Recent
from bot.agenda.route import ahead, routes_of
from bot.agenda.suggestions import Suggestion, suggestions
from bot.clock import Clock
from bot.connection.contexts import in_direct_messages
from bot.editions.service import Library
from bot.errors import UserError
from bot.notes.model import Reading
from bot.notes.notes import Notes
from bot.programme.model import Paper
from bot.ui.answer import ActionButton, Answer
from bot.ui.asking import Questions
from bot.ui.interaction import Interaction
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import gone_answer


class AgendaService:
    """Answers about what is somebody's own."""

    def __init__(
        self,
        library: Library,
        agendas: Agendas,
        follows: Follows,
        notes: Notes,
        recent: Recent,
        clock: Clock,
        zone: ZoneInfo,
        conference: str,
    ) -> None:
        self._library = library
        self._agendas = agendas
        self._follows = follows
        self._notes = notes
        self._recent = recent
        self._clock = clock
        self._zone = zone
        self._conference = conference
        self._others: list[KeepsElsewhere] = []
        self._buttons: list[ActionButton] = []

    def also_offer(self, button: ActionButton) -> None:
        """Show a further button below everybody's agenda."""
        self._buttons.append(button)

    def also_kept_by(self, other: KeepsElsewhere) -> None:
        """Let somebody else's knowledge of people be shown, handed out and deleted here too."""
        self._others.append(other)

    def register(self, questions: Questions) -> None:
        """Answer the questions about agendas."""
        questions.on(self._answer, QuestionKind.AGENDA, QuestionKind.MARKING, QuestionKind.ROUTE)
        questions.on(self._suggest, QuestionKind.FOR_YOU)

    def show(self, reader: int, page: int = 0) -> Answer:
        """Answer with somebody's bookmarks."""
        programme = self._library.edition.programme
        keys = self._agendas.of(reader)
        found = [programme.papers[key] for key in keys if key in programme.papers]
        return answers.agenda_answer(programme, found, len(keys) - len(found), page, self._zone, self._buttons)

    def suggestions(self, reader: int, limit: int) -> list[Suggestion]:
        """Return what somebody may want to see, the best first; without bookmarks, by what they looked at last.

        It works for some hundredths of a second where there are many bookmarks: call it in a thread.
        """
        agenda, notes = self._agendas.of(reader), self._notes.of(reader)
        liked = [key for key, note in notes.items() if note.reading is Reading.WANTED or note.text]
        return suggestions(
            self._library.edition.index,
            (*liked, *agenda) or tuple(reversed(self._recent.of(reader))),
            agenda=agenda,
            without=[key for key, note in notes.items() if note.reading],
            seen_by=lambda key: self._agendas.bookmarks_of(key) + self._notes.seen_by(key),
            reader=reader,
            now=self._clock.now(),
            limit=limit,
        )

    async def for_you(self, reader: int, page: int = 0) -> Answer:
        """Answer with what somebody may want to see."""
        found = await asyncio.to_thread(self.suggestions, reader, suggestion_answers.MOST)
        programme = self._library.edition.programme
        return suggestion_answers.for_you_answer(programme, found, page, bookmarks=bool(self._agendas.of(reader)))

    async def toggle_bookmark(self, reader: int, key: str) -> Answer:
        """Bookmark a paper for somebody, or take the bookmark away, and say which it was.

        Raises:
            UserError: the paper is gone from the programme, or there are too many bookmarks.
        """
        paper = self._library.edition.programme.papers.get(key)
        if paper is None:
            raise UserError("This paper is no longer in the programme.")
        return answers.marked_answer(paper, marked=await self._agendas.toggle(reader, key))

    async def bookmark(self, reader: int, add: Iterable[str], remove: Iterable[str] = ()) -> Answer:
        """Bookmark papers for somebody, take the bookmarks of others away, and say what is bookmarked of them now.

        Raises:
            UserError: there would be too many bookmarks.
        """
        papers, added, removed = self._library.edition.programme.papers, tuple(add), tuple(remove)
        await self._agendas.change(reader, [key for key in added if key in papers], removed)
        of_these = [papers[key] for key in dict.fromkeys((*added, *removed)) if key in papers]
        return answers.several_marked_answer([one for one in of_these if self._agendas.has(reader, one.key)])

    async def bookmark_found(self, reader: int, found: Sequence[Paper], *, surely: bool) -> Answer:
        """Bookmark for somebody the only paper that was found; of several, let them pick.

        Args:
            reader: who they are.
            found: the papers.
            surely: whether these are meant, rather than only like what is meant.

        Raises:
            UserError: there are too many bookmarks.
        """
        if len(found) == 1 and surely:
            await self._agendas.change(reader, [found[0].key], ())
            return answers.marked_answer(found[0], marked=True)
        return answers.picking_answer(found, set(self._agendas.of(reader)), surely=surely)

    def route(self, reader: int, page: int = 0) -> Answer:
        """Answer with somebody's bookmarked posters in the order of their boards, of the sessions that are not over."""
        programme = self._library.edition.programme
        papers = [programme.papers[key] for key in self._agendas.of(reader) if key in programme.papers]
        return answers.route_answer(ahead(routes_of(items_of(programme, papers)), self._clock.now()), page)

    def marking(self, session_key: str, page: int, reader: int) -> Answer:
        """Answer with a page of a session's papers, to bookmark some."""
        session = self._library.edition.programme.session(session_key)
        if session is None:
            return gone_answer("session")
        return answers.marking_answer(session, set(self._agendas.of(reader)), page)

    async def remind(self, reader: int, minutes: int | None) -> Answer:
        """Keep somebody's wish for direct messages so many minutes before, or, for None, that they want none."""
        await self._agendas.wish(reader, minutes)
        talks = self._library.edition.programme.has_talks
        return answers.wish_answer(minutes, len(self._agendas.of(reader)), talks=talks)

    def my_data(self, reader: int) -> Answer:
        """Tell somebody what is kept about them."""
        wish = self._agendas.wishes.get(reader)
        return answers.my_data_answer(
            len(self._agendas.of(reader)),
            len(self._notes.of(reader)),
            wish.minutes if wish else None,
            len(self._recent.of(reader)),
            [one.name for one in self._follows.of(reader)],
            [line for other in self._others for line in other.told(reader)],
        )

    async def download(self, reader: int) -> Answer:
        """Hand out everything that is kept about somebody, in forms for people and for programs.

        Raises:
            UserError: nothing is kept.
        """
        wish = self._agendas.wishes.get(reader)
        own = Own(
            self._conference,
            self._zone,
            self._clock.now(),
            self._library.edition.programme,
            await self._agendas.dated(reader),
            dict(self._notes.of(reader)),
            wish.minutes if wish else None,
            self._recent.of(reader),
            [one.name for one in self._follows.of(reader)],
            {name: value for other in self._others for name, value in other.exported(reader).items()},
        )
        if own.is_empty:
            raise UserError("I keep nothing about you.")
        calendar = self._calendar(reader)
        files = (*export.files_of(own), *((("agenda.ics", calendar),) if calendar else ()))
        return Answer(
            None, content="Everything I keep about you: to read, for a bibliography, for programs.", files=files
        )

    async def forget(self, reader: int) -> Answer:
        """Delete everything that is kept about somebody."""
        # First the others: what they would still plan for somebody is forgotten with the agenda's own.
        for other in self._others:
            await other.forget(reader)
        await self._agendas.forget(reader)
        await self._follows.forget(reader)
        await self._notes.forget(reader)
        self._recent.forget(reader)
        return answers.forgotten_answer()

    def calendar(self, reader: int) -> Answer:
        """Hand out somebody's agenda as an iCalendar file.

        Raises:
            UserError: nothing in it has an announced time.
        """
        data = self._calendar(reader)
        if data is None:
            raise UserError("Nothing in your agenda has an announced time yet, so there is nothing to export.")
        return Answer(
            None,
            content="Open this file with your calendar. Importing it again later brings it up to date.",
            files=(("agenda.ics", data),),
        )

    def _calendar(self, reader: int) -> bytes | None:
        edition = self._library.edition
        return calendar_of(
            edition.programme,
            self._agendas.of(reader),
            conference=self._conference,
            zone=self._zone,
            revision=edition.version.id if edition.version else 0,
            now=self._clock.now(),
        )

    async def tell_unreachable(self, interaction: Interaction, _answer: Answer) -> None:
        """Tell whoever just asked something, once, that their direct messages don't arrive."""
        if await self._agendas.tell_unreachable(interaction.user.id):
            await interaction.followup.send(answers.UNREACHABLE, ephemeral=not in_direct_messages(interaction))

    async def _suggest(self, question: Question, reader: int | None) -> Answer:
        return await self.for_you(reader or 0, question.page)

    async def _answer(self, question: Question, reader: int | None) -> Answer:
        if question.kind is QuestionKind.AGENDA:
            return self.show(reader or 0, question.page)
        if question.kind is QuestionKind.ROUTE:
            return self.route(reader or 0, question.page)
        return self.marking(question.key, question.page, reader or 0)

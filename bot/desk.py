"""The desk: every question comes here and leaves as an answer."""

from datetime import date
from itertools import chain, islice
from zoneinfo import ZoneInfo

from bot.agendas import Agendas
from bot.calendar_file import calendar_of
from bot.clock import Clock
from bot.errors import Trouble
from bot.library import Edition, Library
from bot.programme.days import by_day, in_time_order, is_over, next_opening, running
from bot.programme.model import Paper, Person, Session
from bot.programme.names import fold
from bot.programme.text import tidy
from bot.questions import About, Question
from bot.recent import Recent
from bot.search import Match, Query
from bot.search.vocabulary import EXACT
from bot.store import Asked, Store
from bot.ui import agenda, papers, people, results, schedule, sessions
from bot.ui.answer import Answer, Card

_QUERY_LIMIT = 500
"""How many characters of a search are kept for its buttons."""


class Desk:
    """Answers questions from the current edition of the programme."""

    def __init__(self, library: Library, store: Store, agendas: Agendas, clock: Clock, zone: ZoneInfo) -> None:
        self._library = library
        self._store = store
        self._agendas = agendas
        self._clock = clock
        self._zone = zone
        self._recent = Recent()

    @property
    def edition(self) -> Edition:
        """What questions are answered from at this moment."""
        return self._library.edition

    async def answer(self, question: Question, reader: int | None) -> Answer:
        """Answer a question, whenever and by whatever version of the programme it was put.

        Args:
            question: what is asked.
            reader: Discord's id of the one who will read the answer, None where everybody will.
        """
        edition = self.edition
        match question.about:
            case About.RESULTS:
                asked = await self._store.recall(question.key)
                return self._results(asked, question, edition) if asked else _gone("search")
            case About.SCHEDULE | About.NOW | About.NEXT:
                return self._about_time(question, edition)
            case About.AGENDA:
                return self.agenda(reader or 0, question.page)
            case About.SESSIONS:
                return sessions.sessions_answer(edition.programme.sessions, question.page)
            case _:
                return self._about_one(question, edition, reader)

    def _about_time(self, question: Question, edition: Edition) -> Answer:
        if question.about is About.NOW:
            return self.now(question.page)
        if question.about is About.NEXT:
            return self.next(question.page)
        return self._schedule(question, edition)

    def _about_one(self, question: Question, edition: Edition, reader: int | None) -> Answer:
        """Answer a question about one session, author or paper, named by its key."""
        programme = edition.programme
        if question.about is About.SESSION:
            session = programme.session(question.key)
            return sessions.session_answer(session, question.page) if session else _gone("session")
        if question.about is About.MARKING:
            session = programme.session(question.key)
            if session is None:
                return _gone("session")
            return sessions.marking_answer(session, set(self._agendas.of(reader or 0)), question.page)
        if question.about is About.AUTHOR:
            person = programme.people.get(question.key)
            return people.author_answer(person, question.page) if person else _gone("author")
        paper = programme.papers.get(question.key)
        return self._about_paper(question, paper, edition, reader) if paper else _gone("paper")

    async def paper(self, typed: str, reader: int | None) -> Answer:
        """Answer about the paper that somebody named, by key, number, title or any words of it."""
        edition = self.edition
        typed = tidy(typed)
        match, found = edition.index.find(typed)
        if match in (Match.NAMED, Match.MEANT):
            return self._paper(found[0], edition, reader)
        search = await self._remember(Asked(typed[:_QUERY_LIMIT]))
        if match is Match.UNCLEAR:
            return papers.choice_answer(found, typed, search)
        return papers.nothing_answer(typed, search)

    def note_look(self, reader: int, answer: Answer) -> None:
        """Remember what somebody looked at, if the answer shows a paper."""
        if answer.question and answer.question.about is About.PAPER:
            self._recent.note(reader, answer.question.key)

    def papers_like(self, typed: str, limit: int, reader: int) -> list[Paper]:
        """Return the papers to suggest for what is typed so far.

        For nothing, these are somebody's bookmarks, then what they looked at last, then what comes next.
        """
        edition = self.edition
        if typed.strip():
            return edition.index.suggest(tidy(typed), limit)
        programme = edition.programme
        now = self._clock.now()
        keys = (*self._agendas.of(reader), *self._recent.of(reader))
        own = (programme.papers[key] for key in keys if key in programme.papers)
        coming = sorted(in_time_order(programme.sessions), key=lambda session: is_over(session, now))
        suggested = chain(own, (paper for session in coming for paper in session.papers))
        return list(islice({paper.key: paper for paper in suggested}.values(), limit))

    def schedule(self, day: date | None) -> Answer:
        """Answer with the sessions of a conference day, or with all of them."""
        return self._schedule(Question(About.SCHEDULE, day.isoformat() if day else ""), self.edition)

    def days(self) -> list[date]:
        """Return the conference's days, in order."""
        return [day for day in by_day(self.edition.programme.sessions, self._zone) if day]

    def now(self, page: int = 0) -> Answer:
        """Answer with what is on."""
        all_sessions = self.edition.programme.sessions
        now = self._clock.now()
        return schedule.now_answer(running(all_sessions, now), next_opening(all_sessions, now), page)

    def next(self, page: int = 0) -> Answer:
        """Answer with what opens next."""
        all_sessions = self.edition.programme.sessions
        untimed = sum(session.starts_at is None for session in all_sessions)
        return schedule.next_answer(next_opening(all_sessions, self._clock.now()), untimed, page)

    def agenda(self, reader: int, page: int = 0) -> Answer:
        """Answer with somebody's bookmarks."""
        programme = self.edition.programme
        keys = self._agendas.of(reader)
        found = [programme.papers[key] for key in keys if key in programme.papers]
        return agenda.agenda_answer(programme, found, len(keys) - len(found), page)

    async def toggle_bookmark(self, reader: int, key: str) -> Answer:
        """Bookmark a paper for somebody, or take the bookmark away, and say which it was.

        Raises:
            Trouble: the paper is gone from the programme, or there are too many bookmarks.
        """
        paper = self.edition.programme.papers.get(key)
        if paper is None:
            raise Trouble("This paper is no longer in the programme.")
        return agenda.marked_answer(paper, marked=await self._agendas.toggle(reader, key))

    async def add_bookmark(self, reader: int, key: str) -> None:
        """Bookmark a paper for somebody, if it is there and is not bookmarked yet.

        Raises:
            Trouble: there are too many bookmarks.
        """
        if key in self.edition.programme.papers and not self._agendas.has(reader, key):
            await self._agendas.toggle(reader, key)

    def marking_like(self, question: Question, reader: int) -> Answer:
        """Answer with the page of posters to bookmark from which a paper was picked."""
        paper = self.edition.programme.papers.get(question.key)
        if paper is None:
            return _gone("paper")
        return self._about_one(Question(About.MARKING, paper.session_key, question.page), self.edition, reader)

    async def remove_bookmark(self, reader: int, key: str) -> None:
        """Take somebody's bookmark of a paper away, if there is one."""
        if self._agendas.has(reader, key):
            await self._agendas.toggle(reader, key)

    def my_data(self, reader: int) -> Answer:
        """Tell somebody what is kept about them."""
        wish = self._agendas.wishes.get(reader)
        recent = len(self._recent.of(reader))
        return agenda.my_data_answer(len(self._agendas.of(reader)), wish.minutes if wish else None, recent)

    async def forget(self, reader: int) -> Answer:
        """Delete everything that is kept about somebody."""
        await self._agendas.forget(reader)
        self._recent.forget(reader)
        return agenda.forgotten_answer()

    def calendar(self, reader: int, conference: str) -> bytes | None:
        """Return somebody's agenda as an iCalendar file, None when nothing in it has an announced time."""
        edition = self.edition
        return calendar_of(
            edition.programme,
            self._agendas.of(reader),
            conference=conference,
            zone=self._zone,
            revision=edition.version.id if edition.version else 0,
            now=self._clock.now(),
        )

    def _schedule(self, question: Question, edition: Edition) -> Answer:
        days = by_day(edition.programme.sessions, self._zone)
        if question.key:
            try:
                wanted = date.fromisoformat(question.key)
            except ValueError:
                return _gone("day")
            days = {day: sessions_ for day, sessions_ in days.items() if day == wanted}
        return schedule.schedule_answer(days, question)

    def _paper(self, paper: Paper, edition: Edition, reader: int | None) -> Answer:
        marked = None if reader is None else self._agendas.has(reader, paper.key)
        return papers.paper_answer(edition.programme, paper, marked=marked)

    def author(self, typed: str) -> Answer:
        """Answer about the author that somebody named, by key or by any parts of the name."""
        typed = tidy(typed)
        found = self._people(typed)
        if not found:
            return people.nobody_answer(typed)
        if len(found) == 1:
            return people.author_answer(found[0], 0)
        return people.people_answer(found[:10])

    async def search(self, typed: str, session: str | None, author: str | None) -> Answer:
        """Answer a search, narrowed down to a session and an author where those are named."""
        edition = self.edition
        typed, session, author = tidy(typed), tidy(session or ""), tidy(author or "")
        session_key = author_key = None
        if session:
            found = self.sessions_like(session)
            if not found:
                return sessions.no_session_answer(session, edition.programme.sessions)
            session_key = found[0].key
        if author:
            persons = self._people(author)
            if not persons:
                return people.nobody_answer(author)
            if len(persons) > 1:
                return people.people_answer(persons[:10])
            author_key = persons[0].key
        if not Query.parse(typed):
            return results.search_help_answer()
        asked = Asked(typed[:_QUERY_LIMIT], session_key, author_key)
        return self._results(asked, await self._remember(asked), edition)

    def session(self, typed: str | None) -> Answer:
        """Answer about the session that somebody named; without a name, the only one there is, or all of them."""
        all_sessions = self.edition.programme.sessions
        typed = tidy(typed or "")
        if not typed:
            return (
                sessions.session_answer(all_sessions[0], 0)
                if len(all_sessions) == 1
                else sessions.sessions_answer(all_sessions)
            )
        found = self.sessions_like(typed)
        return sessions.session_answer(found[0], 0) if found else sessions.no_session_answer(typed, all_sessions)

    def sessions_like(self, typed: str) -> list[Session]:
        """Return the sessions that may be meant: one of that key or name first, then those with all its words."""
        wish = fold(typed)
        words = set(wish.split())
        folded = [(session, fold(session.name)) for session in self.edition.programme.sessions]
        named = [session for session, name in folded if session.key == typed or name == wish]
        like = [session for session, name in folded if all(word in name for word in words)]
        return list({session.key: session for session in (*named, *like)}.values())

    def _people(self, typed: str) -> list[Person]:
        """Return the person of that key or name, or all who may as well be meant."""
        edition = self.edition
        if person := edition.programme.people.get(typed):
            return [person]
        hits = edition.index.people(typed)
        sure = [hit.person for hit in hits if hit.sureness >= EXACT]
        return sure or [hit.person for hit in hits]

    def _results(self, asked: Asked, question: Question, edition: Edition) -> Answer:
        found = edition.index.search(Query.parse(asked.query), session=asked.session_key, author=asked.author_key)
        if not found:
            return results.no_results_answer(asked.query)
        return results.results_answer(found, asked.query, question)

    def _about_paper(self, question: Question, paper: Paper, edition: Edition, reader: int | None) -> Answer:
        if question.about is About.SIMILAR:
            return papers.similar_answer(paper, edition.index.similar(paper.key))
        if question.about is About.BYLINE and paper.authors:
            return papers.byline_answer(edition.programme, paper, question.page)
        return self._paper(paper, edition, reader)

    async def _remember(self, asked: Asked) -> Question:
        await self._store.remember(asked, self._clock.now())
        return Question(About.RESULTS, asked.token)


def _gone(what: str) -> Answer:
    return Answer(
        Card(
            f"This {what} is gone",
            description=f"The programme has changed, and this {what} is no longer in it. Ask again with a command.",
        ).embed()
    )

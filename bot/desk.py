"""The desk: every question comes here and leaves as an answer."""

from datetime import UTC, datetime

from bot.clock import Clock
from bot.library import Edition, Library
from bot.programme.model import Paper, Person, Session
from bot.programme.names import fold
from bot.programme.text import tidy
from bot.questions import About, Question
from bot.search import Match, Query
from bot.search.vocabulary import EXACT
from bot.store import Asked, Store
from bot.ui import papers, people, results, sessions
from bot.ui.answer import Answer, Card

_QUERY_LIMIT = 500
"""How many characters of a search are kept for its buttons."""


class Desk:
    """Answers questions from the current edition of the programme."""

    def __init__(self, library: Library, store: Store, clock: Clock) -> None:
        self._library = library
        self._store = store
        self._clock = clock

    @property
    def edition(self) -> Edition:
        """What questions are answered from at this moment."""
        return self._library.edition

    async def answer(self, question: Question) -> Answer:
        """Answer a question, whenever and by whatever version of the programme it was put."""
        edition = self.edition
        programme = edition.programme
        match question.about:
            case About.RESULTS:
                asked = await self._store.recall(question.key)
                return self._results(asked, question, edition) if asked else _gone("search")
            case About.SESSIONS:
                return sessions.sessions_answer(programme.sessions, question.page)
            case About.SESSION:
                session = programme.session(question.key)
                return sessions.session_answer(session, question.page) if session else _gone("session")
            case About.AUTHOR:
                person = programme.people.get(question.key)
                return people.author_answer(person, question.page) if person else _gone("author")
            case About.PAPER | About.SIMILAR | About.BYLINE:
                paper = programme.papers.get(question.key)
                return _about_paper(question, paper, edition) if paper else _gone("paper")

    async def paper(self, typed: str) -> Answer:
        """Answer about the paper that somebody named, by key, number, title or any words of it."""
        edition = self.edition
        typed = tidy(typed)
        match, found = edition.index.find(typed)
        if match in (Match.NAMED, Match.MEANT):
            return papers.paper_answer(edition.programme, found[0])
        search = await self._remember(Asked(typed[:_QUERY_LIMIT]))
        if match is Match.UNCLEAR:
            return papers.choice_answer(found, typed, search)
        return papers.nothing_answer(typed, search)

    def papers_like(self, typed: str, limit: int) -> list[Paper]:
        """Return the papers to suggest for what is typed so far; for nothing, those of the next session first."""
        edition = self.edition
        if typed.strip():
            return edition.index.suggest(typed, limit)
        sessions_ = sorted(edition.programme.sessions, key=self._order)
        return [paper for session in sessions_ for paper in session.papers][:limit]

    def _order(self, session: Session) -> tuple[bool, datetime]:
        """Sort what is on or still to come by its time, then what has no time, then what is over."""
        if session.starts_at is None:
            return False, datetime.max.replace(tzinfo=UTC)
        return (session.ends_at or session.starts_at) <= self._clock.now(), session.starts_at

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

    async def _remember(self, asked: Asked) -> Question:
        await self._store.remember(asked, self._clock.now())
        return Question(About.RESULTS, asked.token)


def _about_paper(question: Question, paper: Paper, edition: Edition) -> Answer:
    if question.about is About.SIMILAR:
        return papers.similar_answer(paper, edition.index.similar(paper.key))
    if question.about is About.BYLINE and paper.authors:
        return papers.byline_answer(edition.programme, paper, question.page)
    return papers.paper_answer(edition.programme, paper)


def _gone(what: str) -> Answer:
    return Answer(
        Card(
            f"This {what} is gone",
            description=f"The programme has changed, and this {what} is no longer in it. Ask again with a command.",
        ).embed()
    )

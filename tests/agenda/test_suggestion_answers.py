"""How suggestions look."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.agenda.suggestion_answers import LONG, SHORT, suggestion_lines
from bot.agenda.suggestions import Suggestion
from bot.programme.build import build
from bot.programme.identity import assign_keys
from bot.programme.model import Author
from bot.ui.limits import size
from tests.support.programmes import paper, session, source_of


@given(
    st.text(min_size=1, max_size=300),
    st.lists(st.text(min_size=1, max_size=120), min_size=1, max_size=6),
    st.text(min_size=1, max_size=200),
    st.booleans(),
)
def test_three_suggestions_fit_into_a_field_whatever_they_are_called(
    title: str, names: list[str], room: str, seldom: bool
) -> None:
    when = datetime(2026, 5, 18, 12, 45, tzinfo=UTC)
    source = source_of(session(title, paper(title, *names), room=room, starts_at=when))
    programme = build(assign_keys(source), zone=ZoneInfo("Asia/Kathmandu"))
    (one,) = programme.papers.values()
    authors = tuple(author for author in one.byline if isinstance(author, Author))
    for by, shared in ((authors, ()), ((), tuple(names)), ((), ())):
        told = Suggestion(one, one.appearances[0], one, shared, by, seldom)
        assert size(suggestion_lines(programme, told, SHORT)) <= SHORT
        assert size(suggestion_lines(programme, told)) <= LONG

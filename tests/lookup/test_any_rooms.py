"""What is on in rooms fits into Discord's messages, whatever the sessions, the talks and the rooms are called."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import discord
from hypothesis import example, given
from hypothesis import strategies as st

from bot.board.answers import board_embed
from bot.lookup.answers.rooms import room_answer, rooms_answer
from bot.lookup.answers.schedule import next_answer, now_answer, schedule_answer
from bot.programme.build import build
from bot.programme.days import by_day, end_of_day, next_opening
from bot.programme.identity import assign_keys
from bot.programme.model import Programme
from bot.programme.rooms import in_rooms, room_names, sessions_in
from bot.ui.answer import Answer, Menu
from bot.ui.limits import size
from bot.ui.questions import Question, QuestionKind
from tests.support.messages import displayed
from tests.support.programmes import Made, Shown, at, paper, session, source_of

NOW = datetime(2026, 5, 18, 11, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Kathmandu")
"""A zone without a name of letters, which takes most room: UTC+5:45."""

HALF = timedelta(minutes=30)

# What a source may say: anything on a line; long names are as likely as short ones.
names = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).map(lambda text: f"x {text}"),
    st.sampled_from(["W" * 300, "word " * 60, "😀" * 200, "*_~`|<>@#[]\\" * 25, "a_b " * 70]),
)


@st.composite
def talks(draw: st.DrawFn, begins: datetime) -> list[Shown]:
    own = draw(st.booleans())
    return [
        at(
            paper(draw(names), draw(names)),
            begins + place * HALF / 2 if own else None,
            begins + (place + 1) * HALF / 2 if own else None,
            board=draw(st.sampled_from([None, "B" * 40])),
        )
        for place in range(draw(st.integers(0, 5)))
    ]


@st.composite
def sessions(draw: st.DrawFn) -> Made:
    begins = NOW + draw(st.integers(-4, 30)) * HALF
    ends = draw(st.sampled_from([None, begins + HALF, begins + 30 * HALF, begins + 96 * HALF]))
    return session(
        draw(names),
        *draw(talks(begins)),
        room=draw(st.one_of(st.none(), st.sampled_from(["Hall", "R" * 300]), names)),
        track=draw(names),
        starts_at=begins,
        ends_at=ends,
    )


LONGEST = [
    session(
        "*" * 300,
        *(
            at(paper("_" * 300, "😀" * 200), NOW + place * HALF, NOW + (place + 1) * HALF, board="#" * 40)
            for place in (-1, 0, 1)
            for _ in range(3)
        ),
        room=f"R{number} " + "*" * 300,
        starts_at=NOW - HALF,
        ends_at=NOW + 40 * HALF,
    )
    for number in range(8)
]


def programme_of(made: list[Made]) -> Programme:
    return build(assign_keys(source_of(*made)), zone=ZONE)


def check(embed: discord.Embed | None, rows: Answer | None = None) -> str:
    """Check what Discord limits, and that no text is cut where it would show; return what the embed says."""
    assert embed is not None
    fields = [text or "" for field in embed.fields for text in (field.name, field.value)]
    assert sum(map(size, (embed.title or "", embed.description or "", embed.footer.text or "", *fields))) <= 6000
    assert 1 <= size(embed.title or "") <= 256
    assert size(embed.description or "") <= 4096
    assert all(1 <= size(text) <= 1024 for text in fields)
    for row in rows.rows if rows else ():
        if isinstance(row, Menu):
            assert 1 <= len(row.options) <= 25
            assert all(1 <= size(option.label) <= 100 and size(option.description) <= 100 for option in row.options)
    shown = ""
    for text in (embed.description or "", *fields[1::2]):
        plain = re.sub(r"(?m)^__(.+)__$", r"\1", text)
        shown += displayed(re.sub(r"(?m)^- ", "", plain))[0] + "\n"
    assert "****" not in (embed.description or "")
    return shown


def every_page(ask: Callable[[int], Answer]) -> list[str]:
    """Check every page of an answer, and return what they say."""
    said = []
    for number in range(100):
        answer = ask(number)
        said.append(check(answer.embed, answer))
        if f"Page {number + 1} of" not in ((answer.embed and answer.embed.footer.text) or ""):
            break
    return said


@given(st.lists(sessions(), min_size=1, max_size=14))
@example(LONGEST)
def test_all_that_is_on_and_next_fits_and_nothing_is_cut_in_the_middle(made: list[Made]) -> None:
    programme = programme_of(made)
    every, ends = programme.sessions, end_of_day(NOW, ZONE)
    rooms, coming = in_rooms(every, NOW, ends), next_opening(every, NOW)

    pages = every_page(lambda number: now_answer(rooms, coming, ends, number))
    on = sum(len(room.on) for room in rooms)
    assert "".join(pages).count("until") >= sum(one.session.ends_at is not None for room in rooms for one in room.on)
    assert on == 0 or "Nothing is on right now." not in "".join(pages)
    check(board_embed(rooms, coming, NOW, ends))
    every_page(lambda number: next_answer(coming, 0, number))
    every_page(lambda number: schedule_answer(by_day(every, ZONE), Question(QuestionKind.SCHEDULE, page=number)))


@given(st.lists(sessions(), min_size=1, max_size=14))
@example([session("*" * 300, room="Hall", starts_at=NOW, ends_at=NOW + n * HALF) for n in range(1, 40)])
@example(LONGEST)
def test_every_room_fits_with_all_that_comes_later_there(made: list[Made]) -> None:
    programme = programme_of(made)
    names = room_names(programme.sessions)
    ends = end_of_day(NOW, ZONE)
    for name in names:
        there = sessions_in(programme.sessions, name)
        room = next(iter(in_rooms(there, NOW)), None)
        later = [one for one in there if one.starts_at and one.starts_at > NOW]
        answer = room_answer(name, room, later, ends, None)
        said = check(answer.embed, answer)
        assert "… and" in said or all(one.session.name[:10] in said for one in (room.on if room else ()))
    every_page(lambda number: rooms_answer(names, number))

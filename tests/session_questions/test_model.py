"""What a question is made of, in which order questions are shown, and what they look like at their worst."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.session_questions import answers
from bot.session_questions.export import files_of
from bot.session_questions.model import (
    LENGTH,
    NAME_LENGTH,
    Ranked,
    SessionQuestion,
    State,
    answer_link,
    in_order,
    on_one_line,
)
from bot.ui.limits import size
from tests.support.messages import displayed

NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)
LINK = "https://discord.com/channels/930000000000000001/930000000000000002/930000000000000003"
SERVER = 930000000000000001


def question(number: int, text: str = "Why?", **changes: object) -> SessionQuestion:
    made = SessionQuestion(number, "session", number, 7, "Ada", text, NOON + timedelta(seconds=number))
    return SessionQuestion(**{**{name: getattr(made, name) for name in made.__slots__}, **changes})


def test_most_votes_come_first_and_of_as_many_what_was_asked_first() -> None:
    ranked = [Ranked(question(number), votes) for number, votes in ((1, 2), (2, 5), (3, 2), (4, 0))]
    assert [one.question.number for one in in_order(ranked)] == [2, 1, 3, 4]


@given(st.text(max_size=600))
def test_what_somebody_typed_becomes_one_line_that_hides_nothing(typed: str) -> None:
    text = on_one_line(typed)
    assert len(text) <= LENGTH
    assert text == text.strip()
    assert "\u202e" not in text
    assert all(mark.isprintable() or mark in "\u200c\u200d" for mark in text)
    assert on_one_line(text) == text


def test_words_that_a_line_break_parts_stay_two() -> None:
    assert on_one_line("Is it\nfast?\t Really\u202e?") == "Is it fast? Really?"


@pytest.mark.parametrize("host", ["discord.com", "ptb.discord.com", "canary.discord.com", "discordapp.com"])
def test_the_link_to_a_message_is_taken_from_any_of_discords_clients(host: str) -> None:
    assert answer_link(LINK.replace("discord.com", host), SERVER) == LINK


def test_no_link_is_none() -> None:
    assert answer_link("  ", SERVER) is None


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("https://example.org", "Copy Message Link"),
        (f"{LINK}/../x", "Copy Message Link"),
        (LINK.replace("https", "http"), "Copy Message Link"),
        (f"see {LINK}", "Copy Message Link"),
        (LINK.replace(str(SERVER), str(SERVER + 9)), "another server"),
    ],
)
def test_what_leads_elsewhere_is_refused(typed: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        answer_link(typed, SERVER)


WILD = st.text(alphabet=st.sampled_from("*_`~|<>@#[]()-+1. \\😀é:/w"), min_size=1, max_size=LENGTH)
NAMES = st.one_of(st.none(), st.text(alphabet=st.sampled_from("*_#@[]😀w "), min_size=1, max_size=NAME_LENGTH))


@given(st.lists(st.tuples(WILD, NAMES), min_size=1, max_size=30), st.text(alphabet="*#w ", min_size=1, max_size=300))
def test_whatever_people_write_the_list_and_the_screen_keep_discords_limits_and_show_it_as_it_is(
    written: list[tuple[str, str | None]], session: str
) -> None:
    asked = [
        question(number, on_one_line(text) or "x", name=name and (on_one_line(name) or "x"), answer_url=LINK)
        for number, (text, name) in enumerate(written, 1)
    ]
    ranked = [Ranked(one, 2000) for one in asked]

    embed = answers.list_embed(session, ranked, ranked, takes=True)
    shown = answers.questions_answer(session, "session", ranked, ranked, frozenset({1}), 7, 0, takes=True)
    screen = answers.screen_text(session, ranked)

    assert size(embed.description or "") <= 4096
    assert (
        sum(size(text or "") for text in (embed.title, embed.description, *(one.value for one in embed.fields))) < 6000
    )
    assert shown.embed
    assert size(shown.embed.description or "") <= 4096
    assert size(screen) <= 2000
    # Lines that are the bot's own begin with its marks; what is left must be shown as the characters it is.
    for line in screen.splitlines():
        displayed(line.removeprefix("-# ").removeprefix("## ▲ ").removeprefix("# "))
    for text in (embed.description, *(field.value for field in embed.fields)):
        for line in (text or "").splitlines():
            displayed(line.removesuffix(f"[The answer]({LINK})"))


def test_a_spreadsheet_works_nothing_out_and_who_asked_without_a_name_has_none() -> None:
    asked = [
        question(1, "=HYPERLINK(1)", state=State.ANSWERED, answer_url=LINK, name=None),
        question(2, "Why, though?", state=State.MERGED, merged_into=1, name="@Ada"),
    ]
    files = dict(files_of({"session": "Posters"}, [Ranked(asked[0], 3), Ranked(asked[1], 0)]))

    lines = files["questions.csv"].decode("utf-8-sig").splitlines()
    assert lines[1] == f"session,Posters,1,'=HYPERLINK(1),3,,2026-05-18T12:00:01+00:00,answered,,{LINK}"
    assert lines[2] == 'session,Posters,2,"Why, though?",0,\'@Ada,2026-05-18T12:00:02+00:00,merged,1,'
    assert '"question": "=HYPERLINK(1)"' in files["questions.json"].decode()
    assert '"asked_by": null' in files["questions.json"].decode()

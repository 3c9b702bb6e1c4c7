"""Kinds of sessions and papers: whatever a source calls them, they are known for what they are."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programme.kinds import Kind, kind_of, noun


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            Kind.POSTER,
            "Poster | Poster Session 1 & Opening Reception | POSTER_SESSION | posterSession | Spotlight Poster",
        ),
        (Kind.POSTER, "Lunch and poster session | Póster | Affiches | Postersitzung | Late-Breaking Work"),
        (Kind.ORAL, "Oral | Oral Session 2B | Podium | Podium presentation | Spotlight | Communication orale"),
        (Kind.TALK, "Talk | Contributed talks | Short talk | lecture | Vortrag | Vorträge | Kurzvortrag | Charla"),
        (Kind.TALK, "Conférence | Conférence courte | Ponencia | maintrack | devroom | Presentation | Lunch talk"),
        (Kind.LIGHTNING_TALK, "Lightning Talk | lightningtalk | Lightning talks 2 | Poster spotlights | Fast Forward"),
        (Kind.PAPER, "Technical Paper | Long paper | Papers | Short | Findings | Paper Session 4 | Artículo"),
        (
            Kind.KEYNOTE,
            "Keynote | Opening keynote | Plenary | Plenary Session | Plénière | Invited Talk | Keynote panel",
        ),
        (Kind.TUTORIAL, "Tutorial | Tutorials | Tutoriel | Tutorium | Training | Short course"),
        (Kind.WORKSHOP, "Workshop | Affinity Workshop | Atelier | Taller | Hackathon | Lab"),
        (Kind.PANEL, "Panel | Panel discussion | Podiumsdiskussion | Table ronde | Mesa redonda | Expo Talk Panel"),
        (Kind.DISCUSSION, "BoF | Birds of a Feather | Town Hall | Round table | Q&A | Breakout session 3"),
        (Kind.DEMO, "Demo | Demos | Demonstration | Expo Demonstration | System demonstrations | Démonstration"),
        (Kind.EXHIBITION, "Exhibition | stand | Expo | Sponsor Hall"),
        (Kind.CEREMONY, "Opening Remarks | Awards Ceremony | Closing session | Eröffnung | Clôture | Bienvenida"),
        (Kind.MEETING, "Business Meeting | Committee | Mitgliederversammlung"),
        (Kind.REGISTRATION, "Registration | Registration & Badge Pickup | Anmeldung | Inscription"),
        (
            Kind.BREAK,
            "Break | Coffee break | Lunch | Kaffeepause | Mittagessen | Pause | Pause café | Descanso | Pausa",
        ),
        (Kind.SOCIAL, "Social | Welcome Reception | Conference dinner | Banquet | Empfang | Cena de gala | City tour"),
        (Kind.OTHER, "Session | Session 3A | Special Session | Symposium | Doctoral Consortium | other | x | "),
    ],
)
def test_a_kind_is_known_by_each_of_its_names(kind: Kind, names: str) -> None:
    for name in names.split("|"):
        assert kind_of(name.strip()) is kind, name


@pytest.mark.parametrize(
    "name",
    [
        "Storytelling",
        "Wireless communication networks",
        "Training large models",
        "Learning and standards",
        "Breaking ciphers",
        "Knowledge representation and presentation",
        "Pausable programs",
        "Electoral systems",
        "Research on labs",
    ],
)
def test_what_a_session_is_about_is_no_kind(name: str) -> None:
    assert kind_of(name) is Kind.OTHER


def test_a_plural_a_number_and_case_change_nothing() -> None:
    assert {kind_of(name) for name in ("TUTORIAL", "tutorials", "Tutorial 12", "Tutorial session", "tutorial-3")} == {
        Kind.TUTORIAL
    }


@pytest.mark.parametrize(
    ("kind", "number", "words"),
    [
        (Kind.POSTER, 34, "posters"),
        (Kind.POSTER, 1, "poster"),
        (Kind.ORAL, 5, "talks"),
        (Kind.KEYNOTE, 1, "talk"),
        (Kind.LIGHTNING_TALK, 0, "talks"),
        (Kind.OTHER, 5, "papers"),
        (Kind.PAPER, 1, "paper"),
        (Kind.WORKSHOP, 2, "papers"),
    ],
)
def test_what_is_shown_is_called_what_people_call_it(kind: Kind, number: int, words: str) -> None:
    assert noun(kind, number) == words


@given(st.text(max_size=300))
def test_any_text_has_a_kind(text: str) -> None:
    assert kind_of(text) in Kind


def test_a_very_long_text_takes_no_time() -> None:
    started = time.perf_counter()
    kind_of("no kind " * 1_000_000)
    assert time.perf_counter() - started < 1

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.programme.names import display_name, fold, slug
from tests.support.server import SESSION_PAGE

NAMES = sorted(
    {
        name.strip()
        for line in SESSION_PAGE.read_text(encoding="utf-8").splitlines()
        if "⋅" in line
        for name in line.split("⋅")
        if name.strip()
    }
)

PUT_RIGHT = {
    "Michael None Freedman": "Michael Freedman",
    "Xin NULL Y": "Xin Y",
    "LIZY JOHn": "Lizy John",
    "HONGCHAO DU": "Hongchao Du",
    "Julian James stephen": "Julian James Stephen",
    "vartika singh": "Vartika Singh",
    "LIFEI HUANG": "Lifei Huang",
    "Wei ZHANG": "Wei Zhang",
    "sTEPHEN King": "Stephen King",
    "JEAN-PIERRE O'BRIEN": "Jean-Pierre O'Brien",
    "SA'AD N'DIAYE": "Sa'ad N'Diaye",
    "MCDONALD": "McDonald",
    "Ann McDONALD": "Ann McDonald",
    "ann mcdonald": "Ann McDonald",
    "ANDREW NG": "Andrew Ng",
    "LE SUN": "Le Sun",
    "JP MORGAN": "JP Morgan",
    "JOHN SMITH III": "John Smith III",
    "JOHN SMITH JR": "John Smith Jr",
    "J.R.R. TOLKIEN": "J.R.R. Tolkien",
    "j. doe": "J. Doe",
    "LAURENS VAN DER MAATEN": "Laurens van der Maaten",
    "THI VAN NGUYEN": "Thi Van Nguyen",
    "ludwig van beethoven": "Ludwig van Beethoven",
    "jean d'alembert": "Jean d'Alembert",
    "nada al-rashid": "Nada al-Rashid",
    "İBRAHİM ÖZ": "İbrahim Öz",
    r"\'{E}mile Erd\H{o}s": "Émile Erdős",
    " Ada \u00a0 Lovelace ": "Ada Lovelace",
    " \t": "",
}
LEFT_ALONE = [
    "G. Edward Suh",
    "Mihaela van der Schaar",
    "van der Schaar",
    "Laurens van der Maaten",
    "JP Morgan",
    "DJ Patil",
    "JRR Tolkien",
    "Yann LeCun",
    "Ada DeVito",
    "John Smith III",
    "Mohammad M Maheri",
    # Tamil names put their initials last, and two letters in a name otherwise well written are likely that.
    "Karthikeyan SP",
    "Shang-wen Li",
    "Bob None",
    "None",
    "王 小明",
    "محمد علي",
]


@pytest.mark.parametrize(("raw", "shown"), PUT_RIGHT.items())
def test_names_are_put_right(raw: str, shown: str) -> None:
    assert display_name(raw) == shown


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_deliberate_names_are_left_alone(name: str) -> None:
    assert display_name(name) == name


def test_of_the_real_programme_only_faulty_names_change() -> None:
    assert {name: display_name(name) for name in NAMES if display_name(name) != name} == {
        "HONGCHAO DU": "Hongchao Du",
        "Julian James stephen": "Julian James Stephen",
        "LIFEI HUANG": "Lifei Huang",
        "LIZY JOHn": "Lizy John",
        "Michael None Freedman": "Michael Freedman",
        "vartika singh": "Vartika Singh",
    }


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Jean-Pierre  O'Brien", "jean pierre obrien"),
        ("G. Edward Suh", "g edward suh"),
        ("Łukasz Søren Weiß-Đặng", "lukasz soren weiss dang"),
        ("İbrahim Œuvre Æsir", "ibrahim oeuvre aesir"),
        ("ﬁne Ⅻ", "fine xii"),
        ("王 小明", "王 小明"),
        ("한글", "한글"),
        (" . ", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "limit", "key"),
    [
        ("db-SP: Accelerating Sparse Attention", 32, "db-sp-accelerating-sparse"),
        ("HELIOS: Adaptive", 15, "helios-adaptive"),
        ("HELIOS: Adaptive", 14, "helios"),
        ("Hippocampus", 5, "hippo"),
        ("O'Brien & Søn", 32, "obrien-son"),
        ("王 小明", 32, ""),
        ("", 32, ""),
    ],
)
def test_slug(text: str, limit: int, key: str) -> None:
    assert slug(text, limit) == key


WORDS = st.one_of(
    st.sampled_from([word for name in [*NAMES, *PUT_RIGHT, *LEFT_ALONE] for word in name.split()]),
    st.sampled_from(
        ["NG", "VAN", "DER", "de", "none", "null", "mc", "MC", "McX", "o'", "D'", "J.", "-", "ŉ", "ǆ", "ß"]
    ),
    st.text(max_size=5),
)
RAW = st.lists(WORDS, max_size=5).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(RAW)
def test_display_name_is_total_and_idempotent(raw: str) -> None:
    name = display_name(raw)
    assert display_name(name) == name


@settings(max_examples=300, deadline=None)
@given(RAW)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_slug_is_typeable(text: str, limit: int) -> None:
    key = slug(text, limit)
    assert len(key) <= limit
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", key)

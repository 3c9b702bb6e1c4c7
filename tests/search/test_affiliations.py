"""Affiliations, found by their words and by their initials."""

import pytest

from bot.search.affiliations import affiliation_words
from tests.support.searching import index_of, of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Massachusetts Institute of Technology", {"massachusetts", "institute", "mit"}),
        ("The Chinese University of Hong Kong", {"cuhk", "hong"}),
        ("University of California, Los Angeles", {"ucla", "california"}),
        ("University of Illinois at Urbana-Champaign", {"uiuc", "urbana", "urbanachampaign"}),
        ("Department of Computer Science, Carnegie Mellon University", {"cmu", "science"}),
        ("École Polytechnique Fédérale de Lausanne", {"epfl", "ecole"}),
        ("Institute of Informatics (Korea Advanced Institute of Science and Technology)", {"kaist"}),
        ("清华大学", {"清华", "大学"}),
        ("", set()),
    ],
)
def test_a_place_is_found_by_its_words_and_as_it_is_called(name: str, words: set[str]) -> None:
    assert words <= affiliation_words(name)


def test_two_initials_are_too_few() -> None:
    assert affiliation_words("Los Angeles") == {"los", "angeles"}


def test_initials_choose_among_affiliations() -> None:
    index = index_of(of("One", "Ann Lee (Massachusetts Institute of Technology)"), of("Two", "Bob Roe (Mitre)"))

    assert [facet.name for facet in index.affiliations("MIT")] == ["Massachusetts Institute of Technology", "Mitre"]

"""Somebody who wrote a paper, asked for as people remember them, next to others who are like them."""

from tests.support.searching import found, index_of, of

OTHERS = tuple(of(f"Matter {number}", f"Person {number} (Elsewhere)") for number in range(20))


def test_somebody_who_works_there_comes_before_one_who_wrote_with_somebody_from_there() -> None:
    index = index_of(
        of("Tea", "Ann Lee (Seoul University); Bob Roe (Google)"),
        of("Slow Cooling of Large Engines in Cold Weather", "Cy Poe (Seoul University); Ed Lee (Google)"),
        of("Leaf", "Ida Lee (Seoul University); Dan Roe (Google)"),
        *OTHERS,
    )

    assert found(index, "lee google")[0] == "Slow Cooling of Large Engines in Cold Weather"
    assert found(index, "google lee")[0] == "Slow Cooling of Large Engines in Cold Weather"


def test_a_surname_comes_before_the_same_word_as_a_given_name() -> None:
    index = index_of(
        of("Better Dialogue Now", "Meng Fang"),
        of("Grounded Dialogue in Many Languages", "Tao Meng"),
        *OTHERS,
    )

    assert found(index, "meng dialogue")[0].startswith("Grounded")


def test_a_title_with_the_word_is_not_behind_somebody_who_is_called_so() -> None:
    index = index_of(
        of("Training Dialogue Agents in Many Languages at Once", "Ann Lee (Google)"),
        of("Tea", "Tom Training (Google)"),
        *OTHERS,
    )

    assert found(index, "google training")[0].startswith("Training")

"""Answers that are remembered: each is made once, and never are there more than there may be."""

from collections import Counter

from bot.remembered import Remembered


def test_what_is_asked_again_is_made_once_and_what_is_remembered_stays_bounded() -> None:
    made: Counter[int] = Counter()
    squares: Remembered[int, int] = Remembered(10)

    def square(number: int) -> int:
        def make() -> int:
            made[number] += 1
            return number * number

        return squares.get(number, make)

    assert [square(number) for number in range(10)] == [square(number) for number in range(10)]
    assert set(made.values()) == {1}
    assert square(10) == 100, "one more than may be remembered"
    assert square(0) == 0
    assert made[0] == 2, "it had been forgotten, to make room"

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

    assert [square(number) for number in range(5)] * 2 == [number * number for number in range(5)] * 2
    assert set(made.values()) == {1}
    for number in range(5, 20):
        assert square(0) == 0
        assert square(number) == number * number
    assert made[0] == 1, "somebody asks for it again and again"
    assert square(1) == 1
    assert made[1] == 2, "it had been forgotten, to make room"

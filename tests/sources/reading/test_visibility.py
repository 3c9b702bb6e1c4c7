"""Whether everybody may see a record, told from what its source says of its state."""

import pytest

from bot.sources.reading.visibility import is_public


@pytest.mark.parametrize(
    "status",
    [
        "Accept",
        "Accept (oral)",
        "confirmed",
        "Published",
        "public",
        "active",
        "Long",
        "Technical",
        "Poster",
        "in-person",
    ],
)
def test_what_is_accepted_or_names_a_presentation_is_public(status: str) -> None:
    assert is_public(status) is True


@pytest.mark.parametrize(
    "status",
    [
        *("Reject", "Withdrawn", "desk-rejected", "under review", "Submitted to Example 2026", "declined", "draft"),
        *("inactive", "invisible", "unscheduled", "unpublished", "unconfirmed", "unapproved", "non-public"),
        *("not accepted", "not yet accepted", "Not public", "not ready"),
    ],
)
def test_what_is_not_or_not_yet_accepted_is_hidden(status: str) -> None:
    assert is_public(status) is False


def test_what_is_not_known_is_neither() -> None:
    assert is_public("Shimmering") is None
    assert is_public("Shimmering", {" shimmering"}) is True

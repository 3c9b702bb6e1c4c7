"""What an announcement may say, and how far one is."""

from dataclasses import replace

import pytest

from bot.announcing.model import ANNOUNCEMENT, Draft, Purpose, Status
from bot.delivery.model import Delivery, Entry, State
from bot.errors import UserError
from tests.support.announcing import HOUR, LUNCH, NOW, draft


def test_a_form_becomes_what_it_says() -> None:
    typed = draft(
        "  Lunch ", "Lunch is in **hall B**.\n", "https://example.org/lunch", " https://example.org/lunch.png"
    )
    assert typed.announcement(NOW) == LUNCH
    short = replace(draft("Lunch", "Now"), due_at=None).announcement(NOW)
    assert (short.title, short.text, short.link, short.image, short.due_at) == ("Lunch", "Now", None, None, NOW)


def test_what_is_edited_or_corrected_stays_what_it_is_in_all_else() -> None:
    before = replace(LUNCH, id=3, author_id=8)
    later = replace(draft("Dinner", "In hall C."), about=before, due_at=NOW + 2 * HOUR, role=None)
    said = replace(before, title="Dinner", text="In hall C.", link=None, image=None)

    edited = replace(later, purpose=Purpose.EDIT).announcement(NOW)
    assert edited == replace(said, due_at=NOW + 2 * HOUR, role=None)
    corrected = replace(later, purpose=Purpose.CORRECT).announcement(NOW)
    assert corrected == replace(said, corrected_at=NOW)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (draft("", "text"), "The title is empty."),
        (draft("title", " \n "), "The text is empty."),
        (draft("t" * 257, "text"), "The title has 257 characters, 1 more than the 256 that Discord shows."),
        (draft("title", "t" * 4321), "The text has 4,321 characters, 321 more than the 4,000 that Discord shows."),
        # Discord may count what lies beyond the first 65,536 characters twice.
        (draft("title", "😀" * 2001), "The text has 4,002 characters, 2 more than the 4,000 that Discord shows."),
        (draft("title", "text", link="https://example.org/" + "x" * 1000), "The link has 1,020 characters"),
    ],
)
def test_what_is_over_a_limit_is_told_with_the_number(typed: Draft, fault: str) -> None:
    (told,) = typed.faults
    assert told.startswith(fault)
    with pytest.raises(UserError, match="The "):
        typed.announcement(NOW)


def test_all_faults_are_told_at_once() -> None:
    assert len(draft("", "t" * 4001, "nowhere", "ftp://example.org/a.png").faults) == 4


NO_ADDRESSES = (
    "example.org|ftp://example.org|javascript:alert(1)|https://|https://localhost|https://exa mple.org|https://.org"
    "|https://example.org:port|https://example.org:0|https://user@example.org|https://[::1|http:example.org"
    "|https://example.org/<b>|discord://example.org/|data:image/png;base64,xx"
).split("|")


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_an_address_that_is_none_is_told(address: str) -> None:
    assert draft("title", "text", link=address).faults == [
        "The link must be a whole address that begins with https:// or http://."
    ]
    assert draft("title", "text", image=address).faults == [
        "The image's address must be a whole address that begins with https:// or http://."
    ]


@pytest.mark.parametrize(
    "address",
    ["https://example.org", "HTTP://example.org/a?b=c&d=é#e", "https://bücher.example:8080/%20", "http://1.2.3.44/"],
)
def test_an_address_that_is_one_is_kept(address: str) -> None:
    kept = draft(link=address, image=address).announcement(NOW)
    assert (kept.link, kept.image) == (address, address)


def test_the_same_text_is_known_again() -> None:
    assert LUNCH.says_the_same(draft("LUNCH", "Lunch  is in\n**hall B**. ").announcement(NOW))
    assert not LUNCH.says_the_same(draft("Lunch", "Lunch is in **hall C**.").announcement(NOW))


@pytest.mark.parametrize(
    ("states", "status"),
    [
        ("planned", Status.SCHEDULED),
        ("planned failed", Status.SCHEDULED),
        ("planned sent", Status.UNDERWAY),
        ("claimed", Status.UNDERWAY),
        ("claimed planned", Status.UNDERWAY),
        ("claimed sent", Status.UNDERWAY),
        ("sent", Status.SENT),
        ("sent failed cancelled", Status.SENT),
        ("failed", Status.LOST),
        ("missed cancelled", Status.LOST),
        ("cancelled", Status.CANCELLED),
        ("", Status.CANCELLED),
    ],
)
def test_how_far_an_announcement_is(states: str, status: Status) -> None:
    delivery = Delivery("announcement:3:11", 11, "3", NOW, NOW, NOW + HOUR, ANNOUNCEMENT)
    entries = [Entry(delivery, State(state), None, None, None) for state in states.split()]
    assert replace(LUNCH, deliveries=tuple(entries)).status is status

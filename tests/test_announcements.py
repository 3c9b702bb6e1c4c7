"""What an announcement may say, how far one is, and how one is kept."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.announcements import Announcement, Form, Status, Wording, faults_of, form_of, status_of, worded
from bot.due import Kind, State
from bot.errors import Trouble
from bot.store import Store
from bot.ui.announcements import announcement_embed, lines_within
from bot.ui.limits import size

NOW = datetime(2026, 5, 18, 19, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=1)
WORDING = Wording("Lunch", "Lunch is in **hall B**.", "https://example.org/lunch", "https://example.org/lunch.png")


# --- what it may say


def test_a_form_becomes_what_it_says() -> None:
    form = Form("  Lunch ", "Lunch is in **hall B**.\n", "https://example.org/lunch", " https://example.org/lunch.png")
    assert worded(form) == WORDING
    assert worded(form_of(WORDING)) == WORDING
    assert worded(Form("Lunch", "Now")) == Wording("Lunch", "Now")


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        (Form("", "text"), "The title is empty."),
        (Form("title", " \n "), "The text is empty."),
        (Form("t" * 257, "text"), "The title has 257 characters, 1 more than the 256 that Discord shows."),
        (Form("title", "t" * 4321), "The text has 4,321 characters, 321 more than the 4,000 that Discord shows."),
        # Discord may count what lies beyond the first 65,536 characters twice.
        (Form("title", "😀" * 2001), "The text has 4,002 characters, 2 more than the 4,000 that Discord shows."),
        (Form("title", "text", link="https://example.org/" + "x" * 1000), "The link has 1,020 characters"),
    ],
)
def test_what_is_over_a_limit_is_told_with_the_number(form: Form, fault: str) -> None:
    (told,) = faults_of(form)
    assert told.startswith(fault)
    with pytest.raises(Trouble, match="The "):
        worded(form)


def test_all_faults_are_told_at_once() -> None:
    assert len(faults_of(Form("", "t" * 4001, "nowhere", "ftp://example.org/a.png"))) == 4


NO_ADDRESSES = (
    "example.org|ftp://example.org|javascript:alert(1)|https://|https://localhost|https://exa mple.org|https://.org"
    "|https://example.org:port|https://example.org:0|https://user@example.org|https://[::1|http:example.org"
    "|https://example.org/<b>|discord://example.org/|data:image/png;base64,xx"
).split("|")


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_an_address_that_is_none_is_told(address: str) -> None:
    assert faults_of(Form("title", "text", link=address)) == [
        "The link must be a whole address that begins with https:// or http://."
    ]
    assert faults_of(Form("title", "text", image=address)) == [
        "The image's address must be a whole address that begins with https:// or http://."
    ]


@pytest.mark.parametrize(
    "address",
    ["https://example.org", "HTTP://example.org/a?b=c&d=é#e", "https://bücher.example:8080/%20", "http://1.2.3.44/"],
)
def test_an_address_that_is_one_is_kept(address: str) -> None:
    assert worded(Form("title", "text", address, address)) == Wording("title", "text", address, address)


@given(st.builds(Form, st.text(), st.text(), st.text(), st.text()))
def test_whatever_is_typed_fits_or_is_refused(form: Form) -> None:
    if not faults_of(form):
        embed = announcement_embed(worded(form), NOW)
        assert size(embed.title or "") <= 256
        assert size(embed.description or "") <= 4096


def test_the_same_text_is_known_again() -> None:
    assert WORDING.says_the_same(Wording("LUNCH", "Lunch  is in\n**hall B**. "))
    assert not WORDING.says_the_same(Wording("Lunch", "Lunch is in **hall C**."))


def test_an_announcement_looks_as_it_was_written() -> None:
    embed = announcement_embed(WORDING)
    assert (embed.title, embed.description, embed.url) == (WORDING.title, WORDING.text, WORDING.link)
    assert embed.image.url == WORDING.image
    assert embed.footer.text is None
    corrected = announcement_embed(WORDING, NOW)
    assert (corrected.footer.text, corrected.timestamp) == ("Corrected", NOW)


@given(st.lists(st.text("ab ", min_size=1, max_size=50), max_size=30), st.integers(50, 300))
def test_lines_that_do_not_fit_are_counted(lines: list[str], limit: int) -> None:
    text = lines_within(lines, limit)
    assert size(text) <= limit
    kept = text.splitlines()
    if kept and kept[-1].startswith("… and "):
        assert int(kept[-1].split()[2]) == len(lines) - len(kept) + 1
        assert kept[:-1] == lines[: len(kept) - 1]
    else:
        assert kept == lines


# --- how far it is


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
    assert status_of(State(state) for state in states.split()) is status


# --- how it is kept


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(tmp_path / "announcements.sqlite3")
    yield store
    await store.close()


async def added(store: Store, *, due_at: datetime = NOW + HOUR, role: str | None = "Attendees") -> Announcement:
    return await store.announcements.add(Announcement(0, WORDING, role, due_at, 7, NOW), [11, 12, 11])


async def states(store: Store, number: int) -> dict[int, State]:
    issue = await store.announcements.get(number)
    assert issue
    return {entry.delivery.target_id: entry.state for entry in issue.entries}


async def test_an_announcement_is_given_back_with_its_deliveries(store: Store) -> None:
    announcement = await added(store)

    assert announcement.id
    issue = await store.announcements.get(announcement.id)
    assert issue
    assert issue.announcement == announcement
    assert issue.status is Status.SCHEDULED
    assert [entry.delivery.target_id for entry in issue.entries] == [11, 12]
    delivery = issue.entries[0].delivery
    assert (delivery.kind, delivery.subject) == (Kind.ANNOUNCEMENT, str(announcement.id))
    assert delivery.key == f"announcement:{announcement.id}:11"
    assert (delivery.due_at, delivery.useful_until) == (NOW + HOUR, NOW + 3 * HOUR)
    assert await store.ledger.next_due() == NOW + HOUR


async def test_there_is_none_of_another_number(store: Store) -> None:
    assert await store.announcements.get(1) is None
    assert await store.announcements.latest() == []
    assert not await store.announcements.change(1, WORDING, NOW)
    assert await store.announcements.cancel(1) is None


async def test_the_one_that_goes_out_last_comes_first(store: Store) -> None:
    numbers = [(await added(store, due_at=NOW + hours * HOUR)).id for hours in (2, 3, 1)]
    issues = await store.announcements.latest()
    assert [issue.announcement.id for issue in issues] == [numbers[1], numbers[0], numbers[2]]
    assert all(len(issue.entries) == 2 for issue in issues)
    assert len(await store.announcements.latest(limit=1)) == 1


async def test_a_changed_one_says_something_else_at_another_time(store: Store) -> None:
    other = await added(store)
    announcement = await added(store)
    wording = Wording("Dinner", "In hall C.")

    assert await store.announcements.change(announcement.id, wording, NOW + 5 * HOUR)

    issue = await store.announcements.get(announcement.id)
    assert issue
    assert (issue.announcement.wording, issue.announcement.due_at) == (wording, NOW + 5 * HOUR)
    assert {entry.delivery.due_at for entry in issue.entries} == {NOW + 5 * HOUR}
    assert {entry.delivery.useful_until for entry in issue.entries} == {NOW + 7 * HOUR}
    untouched = await store.announcements.get(other.id)
    assert untouched
    assert untouched.announcement == other
    assert untouched.entries[0].delivery.due_at == NOW + HOUR


async def test_one_that_a_courier_has_taken_is_not_changed(store: Store) -> None:
    announcement = await added(store)
    batch = await store.ledger.claim(NOW + HOUR, LEASE)
    assert batch

    assert not await store.announcements.change(announcement.id, Wording("Dinner", "In hall C."), NOW + 5 * HOUR)

    issue = await store.announcements.get(announcement.id)
    assert issue
    assert issue.announcement == announcement
    await store.ledger.settle_sent(batch, 99, NOW + HOUR)
    assert not await store.announcements.change(announcement.id, Wording("Dinner", "In hall C."), NOW + 5 * HOUR)


async def test_of_a_cancelled_one_only_what_was_taken_goes_out(store: Store) -> None:
    other = await added(store, due_at=NOW + 2 * HOUR)
    announcement = await added(store)
    batch = await store.ledger.claim(NOW + HOUR, LEASE)
    assert batch
    assert len(batch.deliveries) == 1

    issue = await store.announcements.cancel(announcement.id)

    assert issue
    assert issue.announcement.cancelled
    assert await states(store, announcement.id) == {11: State.CLAIMED, 12: State.CANCELLED}
    assert set((await states(store, other.id)).values()) == {State.PLANNED}


async def test_a_corrected_one_keeps_its_time_and_its_deliveries(store: Store) -> None:
    announcement = await added(store)
    wording = Wording("Lunch", "In hall C.", None, "https://example.org/c.png")

    await store.announcements.correct(announcement.id, wording, NOW + 2 * HOUR)

    issue = await store.announcements.get(announcement.id)
    assert issue
    assert issue.announcement.wording == wording
    assert issue.announcement.corrected_at == NOW + 2 * HOUR
    assert issue.announcement.due_at == announcement.due_at
    assert set((await states(store, announcement.id)).values()) == {State.PLANNED}

"""What people write is kept and shown as it was, within limits, and a flood is spread over time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk.answers import quote_embeds, report_buttons, report_embeds, request_embeds
from bot.helpdesk.model import AT_ONCE, TEXT, HelpRequest, Quote, Report, Step, due_at, is_token, new_token
from bot.ui.limits import EMBED_TOTAL, size
from tests.support.messages import displayed

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LINK = "https://discord.com/channels/1/2/3"

texts = st.text(max_size=TEXT)
quotes = st.builds(
    Quote.of,
    st.integers(1, 2**63),
    st.text(max_size=200),
    st.none() | st.text(max_size=4000),
    st.just(LINK),
    st.just(NOW),
    st.lists(st.tuples(st.text(max_size=300), st.text(max_size=300)), max_size=12),
)


def total(embeds: list[object]) -> int:
    counted = 0
    for embed in embeds:
        data = embed.to_dict()  # type: ignore[attr-defined]
        texts = [data.get("title", ""), data.get("description", ""), data.get("footer", {}).get("text", "")]
        texts += [text for field in data.get("fields", ()) for text in (field["name"], field["value"])]
        counted += sum(map(size, texts))
    return counted


@given(quotes)
def test_a_quote_is_read_back_as_it_was_kept(quote: Quote) -> None:
    assert Quote.read(quote.kept) == quote


@given(texts, st.none() | quotes, st.booleans())
def test_whatever_is_written_fits_into_one_message(text: str, quote: Quote | None, named: bool) -> None:
    report = Report(new_token(), 1, 2**62, named, text, quote, NOW, NOW + timedelta(days=30))
    request = HelpRequest(new_token(), 1, 2, 2**62, text, quote, NOW, Step.OPENING)
    for embeds in (report_embeds(report), request_embeds(request)):
        assert total(list(embeds)) <= EMBED_TOTAL
        assert all(size(embed.description or "") <= 4096 for embed in embeds)
    assert all(len(f"due:{'0' * 16}:!{one.verb}:{one.action}") <= 100 for one in report_buttons(report))


@given(st.text(min_size=1, max_size=300))
def test_every_line_of_a_quotation_is_shown_as_it_is_and_marked_as_one(text: str) -> None:
    (embed,) = quote_embeds(Quote.of(1, "bob", text, LINK, NOW))
    for line in (embed.description or "").split("\n"):
        if line.startswith("> "):
            displayed(line.removeprefix("> "))
        else:
            assert line == "It has no text."


def test_a_token_can_be_read_out_and_is_known_again() -> None:
    assert all(is_token(new_token()) for _ in range(100))
    assert not is_token("IO10IO10")
    assert not is_token("")


@given(st.integers(0, 1000))
def test_what_is_too_much_for_an_hour_goes_out_later_and_nothing_is_refused(before: int) -> None:
    due = due_at(NOW, before)
    assert due == NOW if before < AT_ONCE else due > due_at(NOW, before - 1)

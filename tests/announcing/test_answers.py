"""How announcements look."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.announcing.answers import announcement_embed
from bot.announcing.model import Draft
from bot.ui.limits import size
from tests.support.announcing import LUNCH, NOW, draft


def test_an_announcement_looks_as_it_was_written() -> None:
    embed = announcement_embed(LUNCH)
    assert (embed.title, embed.description, embed.url) == (LUNCH.title, LUNCH.text, LUNCH.link)
    assert embed.image.url == LUNCH.image
    assert embed.footer.text is None
    corrected = announcement_embed(replace(LUNCH, corrected_at=NOW))
    assert (corrected.footer.text, corrected.timestamp) == ("Corrected", NOW)


@given(st.builds(draft, st.text(), st.text(), st.text(), st.text()))
def test_whatever_is_typed_fits_or_is_refused(typed: Draft) -> None:
    if not typed.faults:
        embed = announcement_embed(typed.announcement(NOW))
        assert size(embed.title or "") <= 256
        assert size(embed.description or "") <= 4096

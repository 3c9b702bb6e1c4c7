"""What becomes of bookmarks when the programme changes."""

from tests.support.loading import loaded
from tests.support.messages import buttons_of, shown
from tests.support.planning import description_of, field, load, mark, paper_lines, papers_in, pick, said
from tests.support.server import Server


async def test_a_paper_that_is_gone_is_counted_and_comes_back_with_the_programme(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Kiwi", "Apple", "Mango")
    await load(own, ("Morning", "Hall", "Apple Banana"), ("Some Day", "Attic", "Quince"))

    without = await ann.slash(own.channel, "agenda")

    assert papers_in(without) == ["Apple"]
    assert field(without, "No longer in the programme") == "2 bookmarked papers"
    assert description_of(await ann.slash(own.channel, "mydata")).startswith("3 bookmarks")
    await load(own, ("Morning", "Hall", "Apple Banana"), ("Evening", "Foyer", "Kiwi Mango"))
    again = await ann.slash(own.channel, "agenda")
    assert papers_in(again) == ["Apple", "Kiwi", "Mango"]
    assert field(again, "No longer in the programme") is None


async def test_where_every_bookmarked_paper_is_gone_it_does_not_say_that_there_was_none(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Kiwi")
    await load(own, ("Morning", "Hall", "Apple"))

    result = await ann.slash(own.channel, "agenda")

    assert field(result, "No longer in the programme") == "1 bookmarked paper"
    assert "Nothing is bookmarked yet" not in description_of(result)


async def test_a_bookmark_button_of_a_paper_that_is_gone_says_so(own: Server) -> None:
    ann = own.member("ann")
    answer = await ann.slash(own.channel, "paper", paper="kiwi")
    marked = await mark(ann, own.channel, "Mango")
    await load(own, ("Morning", "Hall", "Apple"))

    for message, label in ((shown(answer), "Bookmark"), (shown(marked), "Remove bookmark")):
        result = await ann.click(message, label=label)
        assert shown(result).ephemeral
        assert said(result) == "This paper is no longer in the programme."


async def test_removing_from_an_old_agenda_what_is_gone_still_removes_it(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Kiwi", "Apple")
    listed = await ann.slash(own.channel, "agenda")
    await load(own, ("Morning", "Hall", "Apple"))

    updated = await pick(ann, shown(listed), "Remove bookmarks", "Kiwi")

    assert papers_in(updated) == ["Apple"]
    assert field(updated, "No longer in the programme") is None


async def test_a_bookmark_stays_with_its_paper_in_a_reordered_and_corrected_programme(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Banana", "Mango")
    changed = (
        f"Session\nEvening\nBalcony\n{paper_lines('Mango')}{paper_lines('Kiwi')}"
        f"Session\nMorning\nHall\n{paper_lines('Citron')}{paper_lines('Apple')}"
        f"{paper_lines('Banana', 'Plantain, or What We Once Took for Something Else')}"
    )
    assert await own.services.library.load(loaded(changed.encode(), "corrected.txt"))

    result = await ann.slash(own.channel, "agenda")

    assert papers_in(result) == ["Plantain, or What We Once Took for Something Else** — Ada Lovelace et al.", "Mango"]
    assert "Balcony" in description_of(result)
    opened = await pick(ann, shown(result), "Open a paper", "Plantain")
    assert "Remove bookmark" in buttons_of(shown(opened))

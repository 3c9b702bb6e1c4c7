"""Topics that are found in titles and abstracts."""

from hypothesis import given
from hypothesis import strategies as st

from bot.search import Index
from bot.search.subjects import find_topics, in_topics, likeness
from tests.support.searching import INDEX, PROGRAMME, any_text, of, programme_with

FIELDS = {
    "Machine translation": "Neural machine translation of low resource languages improves BLEU for bilingual corpora.",
    "Speech recognition": "Speech recognition with acoustic features lowers the phoneme error of spoken audio.",
    "Storage engines": "Log structured storage engines compact key value disks with fewer write stalls.",
}


def three_fields(count: int = 7) -> Index:
    papers = [of(f"{field} study {number}", abstract=text) for number in range(count) for field, text in FIELDS.items()]
    return Index(programme_with(papers))


def test_papers_about_the_same_are_in_one_topic_that_its_words_name() -> None:
    index = three_fields()
    papers = list(index.programme.papers.values())

    topics = find_topics(papers, index.contents)
    places = in_topics(topics, index.contents)

    fields = [next(field for field in FIELDS if paper.label.startswith(field)) for paper in papers]
    told = {(place, field) for place, field in zip(places, fields, strict=True)}
    assert len({place for place, _ in told}) == len(told), "no topic has papers of two fields"
    for place, field in told:
        words = {word for text in (f"{field} study", FIELDS[field]) for word in text.lower().replace(".", "").split()}
        assert all(word.lower() in words for word in topics[place].name.replace("·", " ").split())


def test_the_same_programme_has_the_same_topics_and_every_paper_is_in_one_at_most() -> None:
    papers = list(PROGRAMME.papers.values())

    once, again = find_topics(papers, INDEX.contents), find_topics(papers, INDEX.contents)

    assert once == again
    assert len({topic.name for topic in once}) == len(once) >= 3
    places = in_topics(once, INDEX.contents)
    assert len(places) == len(papers)
    assert all(-1 <= place < len(once) for place in places)
    assert all(places.count(number) >= 3 for number in range(len(once)))


def test_a_topic_is_known_again_by_its_words_when_some_papers_have_changed() -> None:
    before = three_fields(6)
    after = three_fields(7)
    was = find_topics(list(before.programme.papers.values()), before.contents)
    now = find_topics(list(after.programme.papers.values()), after.contents)

    assert len(was) >= 2
    for topic in was:
        near = max(now, key=lambda other: likeness(topic.words, other.words))
        assert likeness(topic.words, near.words) > 0.4
        assert set(near.name.split(" · ")) & set(topic.name.split(" · "))


def test_a_few_papers_have_no_topics() -> None:
    index = three_fields(2)

    assert find_topics(list(index.programme.papers.values()), index.contents) == ()
    assert set(in_topics((), index.contents)) == {-1}


@given(st.lists(st.tuples(any_text, any_text), min_size=12, max_size=16))
def test_any_texts_have_topics_or_none(texts: list[tuple[str, str]]) -> None:
    index = Index(programme_with([of(title or None, abstract=abstract or None) for title, abstract in texts]))
    papers = list(index.programme.papers.values())

    topics = find_topics(papers, index.contents)

    assert len(in_topics(topics, index.contents)) == len(papers)
    assert all(topic.name for topic in topics)

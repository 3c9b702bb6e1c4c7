"""Recognising papers and sessions that are called something else now."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from random import Random
from time import perf_counter

import pytest

from bot.programme.identity import Recognised, Recognition, assign_keys, recognise
from bot.programme.source import Source, SourcePaper
from tests.support.identity import OTHER_ABSTRACT, SERVING, keys_of, of_papers, recognised
from tests.support.programmes import Made, credited, paper, session, source_of


@pytest.mark.parametrize("source_id", [None, "7"])
def test_two_papers_of_the_real_session_are_never_taken_for_one_another(real: Source, source_id: str | None) -> None:
    papers = [replace(paper, source_id=source_id) for paper in real.papers]
    for before, after in permutations(papers, 2):
        found = recognise(of_papers(replace(after, key="")), of_papers(before))
        assert keys_of(found.source) != [before.key]


def with_typo(text: str, random: Random) -> str:
    at = random.randrange(1, len(text) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def without_last_words(text: str, share: float) -> str:
    words = text.split()
    return " ".join(words[: round(len(words) * (1 - share))])


def test_the_real_papers_survive_a_typo_with_another_author_and_another_abstract(real: Source) -> None:
    random = Random(1)  # noqa: S311 - no secret
    papers = [
        replace(
            paper,
            key="",
            title=with_typo(paper.title, random) if paper.title else None,
            authors=(*paper.authors, *credited("Neu Er")),
            abstract=without_last_words(paper.abstract or "", 0.2),
        )
        for paper in real.papers
    ]
    random.shuffle(papers)
    after = recognise(of_papers(*papers), real)
    old = {paper.abstract: paper.key for paper in real.papers}
    for one in after.source.papers:
        assert one.key == next(key for text, key in old.items() if (text or "").startswith(one.abstract or "?"))


@pytest.mark.parametrize("share", [0.05, 0.15, 0.25])
def test_the_real_papers_survive_a_shortened_abstract_under_another_title_and_other_names(
    real: Source, share: float
) -> None:
    for one in real.papers:
        abstract = without_last_words(one.abstract or "", share)
        changed = replace(one, title="Said Anew", authors=credited("Neu Er"), abstract=abstract)
        assert recognised(one, changed) == "nearly the same abstract", one.key


@pytest.mark.parametrize(
    ("title", "byline", "abstract", "by"),
    [
        ("Efficent LLM Serving with Early-Exit", ("Ada Lovelace",), OTHER_ABSTRACT, "nearly the same title"),
        (
            "Efficient LLM Serving with Early Exits: A Study",
            ("Ada M. Lovelace",),
            OTHER_ABSTRACT,
            "nearly the same title",
        ),
        ("Early Exits for Efficient LLM Serving", ("Bo Li", "Cy"), OTHER_ABSTRACT, "nearly the same title"),
        ("Effcient LLM Serving with Early Exits", (), None, "nearly the same title"),
        # The same theme, the same words, but other people and another text.
        ("Efficent LLM Serving with Early Exit", ("Cy Twombly", "Di Wu"), OTHER_ABSTRACT, None),
        ("Efficient LLM Serving with Early Exits: A Study", ("Cy Twombly",), OTHER_ABSTRACT, None),
        ("Efficient LLM Serving with Early Exits: A Study", (), OTHER_ABSTRACT, None),
        ("Efficent LLM Serving with Early Exit", ("Bin Li",), OTHER_ABSTRACT, None),
        # One word is no slip of another.
        ("Efficient LLM Training with Early Exits", ("Ada Lovelace",), OTHER_ABSTRACT, None),
        ("Efficient LLM Serving with Early Exits 2", ("Ada Lovelace",), OTHER_ABSTRACT, None),
        ("Other Words", ("bo  LI", "Áda Lovelace"), OTHER_ABSTRACT, "the same authors"),
        ("Other Words", ("Ada Lovelace", "Bo Li", "Cy"), OTHER_ABSTRACT, None),
        ("Other Words", ("Cy",), SERVING.abstract, None),
        ("Serving LLMs with Early Exits", ("Cy",), SERVING.abstract, "the same abstract"),
        ("Other Words", ("Bo Li", "Cy"), SERVING.abstract, "the same abstract"),
        ("Other Words", (), SERVING.abstract, "the same abstract"),
        (None, ("Cy",), SERVING.abstract, "the same abstract"),
    ],
)
def test_what_a_changed_paper_is_recognised_by(
    title: str | None, byline: tuple[str, ...], abstract: str | None, by: str | None
) -> None:
    assert recognised(SERVING, paper(title, *byline, abstract=abstract)) == by


@pytest.mark.parametrize(("title", "same"), [("HELIOS: Adaptive Models", True), ("HELIOS Adaptive Models", False)])
def test_a_systems_name_alone_may_get_a_subtitle(title: str, same: bool) -> None:
    before = paper("HELIOS", "Ada Lovelace", "Cy")
    assert (recognised(before, paper(title, "Ada Lovelace")) is not None) == same


def test_parts_of_a_series_are_not_one_another() -> None:
    one, two = (paper(f"Caching in Practice, Part {n}", "Ada Lovelace", n) for n in ("1", "2"))
    assert recognised(one, two) is None


def test_titles_without_spaces_are_nearly_the_same_too() -> None:
    before = paper("基于图的检索增强生成方法研究", "王小明")
    assert (
        recognised(before, replace(before, title="基于图的检索增强生成方法", authors=credited("王小明", "李雷")))
        is not None
    )


def test_a_placeholder_is_no_mark() -> None:
    waiting = "The abstract of this paper will be made available shortly before the conference begins."
    old = [paper(title, title, abstract=waiting) for title in ("Alpha", "Beta")]
    before = assign_keys(of_papers(*old))
    after = assign_keys(of_papers(paper("Gamma", "Cy", abstract=waiting), old[0]), before)
    assert keys_of(after) == ["gamma", "alpha"]
    assert recognised(replace(old[0], abstract="To appear."), paper("Gamma", abstract="To appear.")) is None


BOILERPLATE = (
    "Our keynote speakers are invited by the programme committee; the talk is followed by a discussion with the "
    "audience, which the session's chair moderates, and by coffee in the foyer. Recordings are shown afterwards."
)


@pytest.mark.parametrize("abstract", [BOILERPLATE, "To be announced.", None], ids=["boilerplate", "short", "missing"])
@pytest.mark.parametrize("speaker", ["Cy Twombly", "Ada Lovelace"], ids=["another speaker", "the same speaker"])
def test_a_session_whose_talk_was_cancelled_hands_its_key_to_no_other(speaker: str, abstract: str | None) -> None:
    """A talk of another name, in another session, at another time: whoever waits for one is told of no other."""
    papers = [paper(f"Topic {letter * 5}", f"Person {letter * 5}") for letter in "vwxyz"]
    before = assign_keys(
        source_of(
            session("Monday Keynote", paper("On the Shape of Engines", "Ada Lovelace", abstract=abstract)),
            session("Posters", *papers),
        )
    )

    later = session("Closing Panel", paper("What Painters Know", speaker, abstract=abstract))
    after = assign_keys(source_of(session("Posters", *papers), later), before)

    assert [one.key for one in after.sessions] == ["posters", "closing-panel"]


def test_a_session_is_recognised_by_a_long_abstract_though_everything_else_was_rewritten() -> None:
    long = f"{SERVING.abstract} " * 4
    before = assign_keys(source_of(session("Talks", paper("On the Shape of Engines", "Ada Lovelace", abstract=long))))
    after = assign_keys(source_of(session("Evening", paper("What Painters Know", "Cy Twombly", abstract=long))), before)
    assert [one.key for one in after.sessions] == ["talks"]


def test_a_title_that_several_have_does_not_decide() -> None:
    talks = [paper("Invited Talk", name) for name in ("Ada Lovelace", "Bo Li")]
    before = assign_keys(of_papers(*talks))
    after = assign_keys(of_papers(paper("Invited Talk", "Cy"), talks[1]), before)
    assert keys_of(after) == ["invited-talk-3", "invited-talk-2"]


def test_authors_of_several_papers_do_not_decide() -> None:
    papers = [paper(title, "Ada Lovelace") for title in ("Alpha", "Beta")]
    after = assign_keys(of_papers(paper("Gamma", "Ada Lovelace")), assign_keys(of_papers(*papers)))
    assert keys_of(after) == ["gamma"]


def test_the_nearer_paper_wins_wherever_it_stands() -> None:
    old = paper("Efficient LLM Serving with Early Exits", "Ada Lovelace", "Bo Li")
    near = replace(old, title="Efficient LLM Serving with Early Exit", authors=credited("Ada Lovelace"))
    farther = replace(old, title="Efficient LLM Serving with Early Exits: A Second Study")
    before = assign_keys(of_papers(old))
    for papers in ((near, farther), (farther, near)):
        keyed = assign_keys(of_papers(*papers), before).papers
        assert [paper.title for paper in keyed if paper.key == "efficient-llm-serving"] == [near.title]


@pytest.mark.parametrize(
    ("after", "by"),
    [
        (paper("Said Anew", "Ada Lovelace", "Cy", abstract=OTHER_ABSTRACT), "the source's id"),
        (paper("Serving LLMs, Early", "Cy", abstract=OTHER_ABSTRACT), "the source's id"),
        (paper("Graphs", "Cy", abstract=SERVING.abstract), "the source's id"),
        (paper("Graphs", "Cy", abstract=OTHER_ABSTRACT), None),
        (paper("Graphs"), None),
    ],
)
def test_an_id_counts_when_something_else_is_alike(after: SourcePaper, by: str | None) -> None:
    assert recognised(replace(SERVING, source_id="7"), replace(after, source_id="7")) == by


def test_an_id_counts_where_nothing_can_be_compared() -> None:
    before = paper("Graphs", source_id="7")
    assert recognised(before, SourcePaper(abstract=OTHER_ABSTRACT, source_id="7")) == "the source's id"


def test_the_same_people_under_another_id_show_another_paper() -> None:
    after = paper("Graphs", authors=SERVING.authors, abstract=OTHER_ABSTRACT)
    assert recognised(replace(SERVING, source_id="7"), replace(after, source_id="8")) is None


def test_a_key_in_the_source_is_the_surest_mark() -> None:
    one, two = paper("One", "Ada"), paper("Two", "Bo")
    before = assign_keys(of_papers(one, two))
    swapped = source_of(session("Y", replace(one, key="two"), two, key="x"))
    found = recognise(swapped, before)
    assert keys_of(found.source) == ["two", "two-2"]
    assert found.matches == (Recognised("paper", "two", "Two", "One", "the key in the source"),)
    assert found.source.sessions[0].key == "x"


def test_a_key_in_the_source_stays_without_a_version_before_it(real: Source) -> None:
    source = replace(real, papers=(replace(real.papers[0], key="my-own"), *real.papers[1:]))
    assert recognise(source) == Recognition(source)


@pytest.mark.parametrize("key", ["", "Two Words", "a" * 33, "a:b", "-a", "ä"])
def test_what_is_no_key_is_not_kept(key: str) -> None:
    assert keys_of(assign_keys(of_papers(SourcePaper(key=key, title="Graphs")))) == ["graphs"]


def test_a_key_that_is_there_twice_is_not_kept() -> None:
    one, two = SourcePaper(key="k", title="One"), SourcePaper(key="k", title="Two")
    assert keys_of(assign_keys(of_papers(one, two))) == ["one", "two"]
    assert keys_of(assign_keys(of_papers(two, one), of_papers(one))) == ["two", "k"]


def test_a_new_key_avoids_those_that_come_later_in_the_source() -> None:
    papers = paper("Graphs"), SourcePaper(key="graphs", title="Other")
    assert keys_of(assign_keys(of_papers(*papers))) == ["graphs-2", "graphs"]


def test_a_paper_that_got_its_title_is_named_by_what_it_was_called(real: Source) -> None:
    untitled = real.papers[2]
    found = recognise(of_papers(replace(untitled, key="", title="CSLE: A Title at Last")), of_papers(untitled))
    assert found.matches == (Recognised("paper", "csle", "CSLE", "CSLE: A Title at Last", "the same abstract"),)


def test_a_title_in_other_capitals_is_no_other_title() -> None:
    before = assign_keys(of_papers(SERVING))
    assert recognise(of_papers(replace(SERVING, title=(SERVING.title or "").upper())), before).matches == ()


def sessions_after(before: list[Made], after: list[Made]) -> list[str]:
    keyed = assign_keys(source_of(*after), assign_keys(source_of(*before)))
    return [one.key for one in keyed.sessions]


@pytest.mark.parametrize(
    ("before", "after", "by"),
    [
        (session("Poster Session 1", "A", "B"), session("Evening Posters", "A", "B", "C"), "most of the same papers"),
        (session("Poster Session 1", "A", "B"), session("Evening Posters", "A", "C"), None),
        (session("Machine Learnig"), session("Machine Learning"), "nearly the same name"),
        (session("Machine Learnig", "A"), session("Machine Learning", "B"), None),
        (session("Poster Session 1"), session("Poster Session 2"), None),
        (session("Posters A"), session("Posters B"), None),
        (session("Systems for ML"), session("ML for Systems"), None),
        (session("Systems for Training"), session("Systems for Serving"), None),
        (
            session("Poster Session 1", "A", "B"),
            session("Poster Session 1 & Reception", "A", "C", "D"),
            "nearly the same name",
        ),
    ],
)
def test_what_a_renamed_session_is_recognised_by(before: Made, after: Made, by: str | None) -> None:
    known = assign_keys(source_of(before))
    found = recognise(source_of(after), known)
    assert [one.by for one in found.matches] == ([by] if by else [])
    assert (found.source.sessions[0].key == known.sessions[0].key) == bool(by)


def test_sessions_of_the_same_name_are_told_apart_by_their_papers() -> None:
    one, two, three = session("Posters", "A"), session("Posters", "B"), session("Posters", "C")
    assert sessions_after([one, two], [three, two, one]) == ["posters-3", "posters-2", "posters"]


def test_sessions_of_the_same_name_without_papers_are_told_apart_by_their_start(real: Source) -> None:
    starts = [datetime(2026, 5, day, 9, tzinfo=UTC) for day in (18, 19, 20)]
    breaks = [session("Break", starts_at=start) for start in starts]
    assert sessions_after(breaks, breaks[1:]) == ["break-2", "break-3"]


def test_a_wholly_replaced_programme_is_new_and_takes_no_minutes(real: Source) -> None:
    words = [word for paper in real.papers for word in (paper.abstract or "").split()]

    def invented(seed: int) -> Source:
        random = Random(seed)  # noqa: S311 - no secret
        return of_papers(
            *(
                SourcePaper(
                    title=" ".join(random.choices(words, k=9)),
                    authors=credited(*(f"{random.choice('abcdefgh')} {random.choice(words)}{seed}" for _ in range(5))),
                    abstract=" ".join(random.choices(words, k=120)),
                )
                for _ in range(1000)
            )
        )

    before = assign_keys(invented(1))
    started = perf_counter()
    found = recognise(invented(2), before)
    print(f"1,000 papers replaced: {perf_counter() - started:.2f} s")
    assert set(keys_of(found.source)).isdisjoint(keys_of(before))


def test_a_key_of_something_long_gone_leads_nobody_to_something_else() -> None:
    gone = {"helios": "HELIOS: Adaptive Model Selection", "posters": "Posters"}

    source = recognise(of_papers(paper("HELIOS: A Solar Sail")), None, gone).source
    assert source.sessions[0].key == "posters"
    assert keys_of(source) == ["helios-2"]
    source = recognise(of_papers(paper("Helios: adaptive model selection")), None, gone).source
    assert keys_of(source) == ["helios"], "what comes back is known again"


def test_a_paper_that_moves_to_another_session_or_to_none_keeps_its_key() -> None:
    both, alone = paper("Both", "Ada Lovelace"), paper("Alone", "Bo Li")
    before = assign_keys(source_of(session("Talks", both), session("Posters", both, alone)))
    assert keys_of(before) == ["both", "alone"]
    renamed = replace(both, title="Renamed")
    after = recognise(source_of(session("Posters", renamed), unscheduled=[alone]), before)
    assert keys_of(after.source) == ["both", "alone"]
    assert after.matches == (Recognised("paper", "both", "Both", "Renamed", "the same authors"),)


def test_a_talk_shown_twice_in_a_session_counts_once_for_the_session() -> None:
    twice, other = paper("Twice"), paper("Other")
    before = [session("Posters", twice, twice, other)]
    assert sessions_after(before, [session("Evening", twice, paper("New"))]) == ["evening"]
    assert sessions_after(before, [session("Evening", twice, other, paper("New"))]) == ["posters"]


def test_sessions_with_the_same_papers_and_names_are_told_apart_by_their_times_and_else_by_their_order() -> None:
    posters = [paper("One"), paper("Two")]
    days = [session("Posters", *posters, starts_at=datetime(2026, 5, day, 9, tzinfo=UTC)) for day in (18, 19, 20)]
    assert sessions_after(days, days) == ["posters", "posters-2", "posters-3"]
    assert sessions_after(days, days[::-1]) == ["posters-3", "posters-2", "posters"]
    renamed = [replace(made, session=replace(made.session, name="Demos")) for made in days]
    assert sessions_after(days, renamed[1:]) == ["posters-2", "posters-3"]
    untimed = [session("Posters", *posters) for _ in range(3)]
    assert sessions_after(untimed, untimed) == ["posters", "posters-2", "posters-3"]

"""Words as people remember and write them, where the very word that was typed exists as well."""

import pytest

from bot.search import Query
from tests.support.searching import found, index_of, of

OTHERS = [of(f"Paper about Number {number}", "Ann Lee", "Nothing of it is here.") for number in range(12)]


@pytest.mark.parametrize(
    ("typed", "title", "other"),
    [
        ("hyperparameter optimisation", "Hyperparameter Optimization", "An optimisation of something else."),
        ("modelling dialogue", "Modeling Dialog", "We modelled a dialogue once, and another dialogue."),
        ("labelled behaviours", "Labeled Behaviors", "We labelled it by its behaviours."),
        ("centre analysed", "The Center, Analyzed", "It was analysed in a centre."),
        ("tokenizers", "A Tokeniser for Cree", "We use tokenizers."),
    ],
)
def test_british_and_american_spelling_are_one(typed: str, title: str, other: str) -> None:
    index = index_of(of("Another One", abstract=other), *OTHERS, of(title))

    assert found(index, typed)[0] == title


@pytest.mark.parametrize(
    ("typed", "name"),
    [("mueller", "Jo Müller"), ("soerensen", "Bo Sørensen"), ("weiss", "Al Weiß"), ("aaberg", "E Åberg")],
)
def test_umlauts_written_out_are_found_where_somebody_is_called_so(typed: str, name: str) -> None:
    namesake = of("A Namesake", f"Zoe {typed.title()}")
    index = index_of(namesake, *OTHERS, of("Caching Plans", name))

    assert found(index, f"{typed} caching")[0] == "Caching Plans"
    assert set(found(index, typed)) == {"A Namesake", "Caching Plans"}
    assert name in [hit.person.name for hit in index.people(typed)]


def test_a_word_that_exists_in_one_piece_is_split_where_no_title_has_it() -> None:
    joined = of("Something Else", abstract="We use a knowledge-graph for it.")
    index = index_of(joined, *OTHERS, of("Completing a Knowledge Graph in Time"))

    assert found(index, "knowledgegraph time")[0] == "Completing a Knowledge Graph in Time"
    assert found(index, "completingknowledge")[0] == "Completing a Knowledge Graph in Time"


def test_a_title_that_has_a_word_in_one_piece_stays_first() -> None:
    index = index_of(of("A Graph of Knowledge"), *OTHERS, of("KnowledgeGraph: A System"))

    assert found(index, "knowledgegraph")[0] == "KnowledgeGraph: A System"


def test_titles_with_a_word_apart_are_found_beside_those_that_have_it_in_one_piece() -> None:
    joined, apart = "Something Long on Cabello-Tuning for Others, Sufficiently Told", "Cabello Tuning Sufficiently"
    index = index_of(of(joined), *OTHERS, of(apart), of("Tuning a Cabello"))
    hits = {hit.paper.label: hit for hit in index.search(Query.parse("cabellotuning "))}

    assert found(index, "cabellotuning sufficiently ")[:2] == [apart, joined]
    assert set(hits) == {joined, apart}
    assert hits[apart].matched == {"cabello", "tuning"}


def test_two_errors_in_a_long_word_are_forgiven_though_another_word_is_nearer() -> None:
    index = index_of(of("Another", abstract="It transforms."), *OTHERS, of("Transformers for Poems"))

    assert found(index, "trasnfomers poems")[0] == "Transformers for Poems"


def test_the_other_number_is_as_good_as_the_word_itself() -> None:
    index = index_of(of("Graph Walks", abstract="Models of it."), *OTHERS, of("A Graph Model"))

    assert found(index, "graph models")[0] == "A Graph Model"


def test_who_introduces_an_acronym_comes_before_what_only_begins_like_it() -> None:
    intro = of("Choosing What to Do", abstract="We call simplified action decoding (SAD) new.")
    index = index_of(of("SADDLE: A System"), of("SADLY: Another"), *OTHERS, intro)

    assert found(index, "SAD")[0] == "Choosing What to Do"


def test_words_in_a_row_in_an_abstract_come_before_the_same_words_apart() -> None:
    apart = of("Apart", abstract="Bounded memory, a queue of readers, then readers again; a bounded queue, memory.")
    together = of("Together", abstract="Here a bounded queue of memory readers waits for nobody at all in the end.")
    index = index_of(apart, *OTHERS, together)

    assert found(index, "bounded queue of memory readers")[0] == "Together"


def test_words_that_an_abstract_has_are_not_taken_for_those_of_a_title_that_are_spelt_alike() -> None:
    alike = of("Parsing Forms with Sparse Trees", abstract="We parse sparse trees.")
    meant = of("Another Way", abstract="Passing farms with spare trees is what carriages do.")
    index = index_of(alike, *OTHERS, meant)

    assert found(index, "passing farms with spare trees")[0] == "Another Way"
    assert found(index, "spare carriages farms passing")[0] == "Another Way"
    assert found(index, "parsing farms sparse trees")[0] == "Parsing Forms with Sparse Trees"


def test_two_words_without_the_space_between_them_are_found_though_a_third_is_like_them() -> None:
    index = index_of(of("Machinery"), *OTHERS, of("Machine Translation of Poems"))

    assert found(index, "machinetranslation poems")[0] == "Machine Translation of Poems"
    assert found(index, "machinetranslation")[0] == "Machine Translation of Poems"


def test_a_title_whose_beginning_is_typed_comes_before_one_that_has_the_word_further_on() -> None:
    further = of("On the Steerability of Models", abstract="Steerability, and what steerability means.")
    index = index_of(further, *OTHERS, of("Steerability of Trains"))

    assert found(index, "steerabil")[0] == "Steerability of Trains"


def test_a_word_is_put_right_rather_than_split_where_one_letter_is_missing() -> None:
    split = of("An Ode, Led by Suggestion", abstract="An ode is led.")
    index = index_of(split, *OTHERS, of("My Modeled Suggestion for Readers"))

    assert found(index, "odeled suggestion")[0] == "My Modeled Suggestion for Readers"


@pytest.mark.parametrize("typed", ["setngle distributions", "sntglu distributions", "distributions setngle "])
def test_two_errors_are_forgiven_where_another_word_is_known(typed: str) -> None:
    index = index_of(of("Distributions"), of("On Distributions", abstract="All of them."), *OTHERS, of("Sentglue"))
    also = index_of(of("Distributions"), *OTHERS, of("Distributions of Sentglue, and What They Are Good for"))

    assert "Sentglue" in found(index, typed)
    assert found(also, typed)[0].startswith("Distributions of Sentglue")
    assert also.search(Query.parse(typed)).corrected == " ".join(
        word if word == "distributions" else "sentglue" for word in typed.split()
    )


def test_a_short_word_with_two_errors_is_found_beside_others_and_alone_means_nothing() -> None:
    index = index_of(*(of(f"Laser Smoothing {number}") for number in range(5)), of("Neural Laser Molecule"))

    assert found(index, "laser mlecue ")[0] == "Neural Laser Molecule"
    assert found(index, "mlecue ") == []


def test_of_many_words_with_two_errors_those_that_begin_alike_and_are_in_most_papers_are_likeliest() -> None:
    strange = " ".join(f"{one}{other}ecue" for one in "abcdefghij" for other in "abcdefghij")
    alike = " ".join(f"m{one}e{other}ue" for one in "abcdefghij" for other in "abdefghijk")
    index = index_of(
        of("Laser Codes", abstract=strange + " " + alike),
        *(of(f"A Molecule {number}", abstract="Of no use.") for number in range(3)),
        of("Neural Laser Molecule"),
    )

    assert found(index, "laser mlecue ")[0] == "Neural Laser Molecule"


def test_what_is_put_right_is_the_word_of_the_paper_that_comes_first() -> None:
    often = [of(f"Ablation {number}", abstract="An ablation.") for number in range(5)]
    index = index_of(*often, of("On Abilities of Grohs", abstract="Groh."), of("A Groh"))
    results = index.search(Query.parse("ablitis groh"))

    assert results[0].paper.label == "On Abilities of Grohs"
    assert results.corrected == "abilities groh"


@pytest.mark.parametrize(
    ("typed", "title", "other"),
    [
        ("abstractive summarisation to", "Ten Words: Abstractive Summarization to Go", "To Abstractive Summarization"),
        (
            "for annotator generation",
            "What We Ask For: Tools for Annotators Generation",
            "For Annotators, a Generation",
        ),
        ("in graphs bluehttps", "A Long Title about Something in Graph Bluehttps Models", "Of Graphs, Bluehttps"),
    ],
)
def test_words_in_a_row_are_so_in_the_other_number_and_spelling_too(typed: str, title: str, other: str) -> None:
    index = index_of(of(other), *OTHERS, of(title))

    assert found(index, typed)[0] == title


def test_a_title_that_is_typed_as_it_is_comes_before_one_in_the_other_number() -> None:
    index = index_of(of("Graph Model"), *OTHERS, of("What We Know about Graph Models and More"))

    assert found(index, "graph models and ")[0] == "What We Know about Graph Models and More"


def test_a_word_that_nobody_has_may_be_misspelt_though_another_one_has_its_stem() -> None:
    there = of("Quantization for Efficient Documents", "Ann Lee (A Lab, USA)")
    index = index_of(there, *OTHERS, of("Probing for Efficient Usage of Numbers", "Bo Ek"))

    assert found(index, "for efficient usae of ")[0] == "Probing for Efficient Usage of Numbers"


def test_what_is_put_right_is_as_good_as_typed_and_the_other_number_is_not() -> None:
    long = "Some Investigated Graph Model with Rather Many Words"
    index = index_of(of("Graph Models with Links"), *OTHERS, of(long))

    assert found(index, "graph model wieh ")[:2] == [long, "Graph Models with Links"]


def test_a_word_of_three_letters_that_nobody_has_is_put_right_beside_others_alone() -> None:
    cwr, noise = "Local CWR with Spaces", "A Little Noise Can Help You"
    index = index_of(of("Local Matters"), *OTHERS, of(cwr), of(noise))

    assert found(index, "local wcr ")[0] == cwr
    assert found(index, "hep you ")[0] == noise
    assert found(index, "wcr ") == found(index, "hep ") == []


def test_a_word_with_two_errors_is_put_right_where_the_two_it_could_be_are_in_no_title() -> None:
    apart = of("Something of It", abstract="A quest. Yin has it. Generation.")
    index = index_of(apart, *OTHERS, of("Question Generation for Reading"))

    assert found(index, "questyin generation for ")[0] == "Question Generation for Reading"

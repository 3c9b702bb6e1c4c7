"""Acronyms and what they stand for."""

import pytest
from hypothesis import given

from bot.search import Query
from bot.search.words import tokens
from tests.support.searching import any_text, found, index_of, keys, learnt_from, of


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Retrieval-augmented generation (RAG) enables", "rag", "retrieval augmented generation"),
        ("in federated learning (FL), clients", "fl", "federated learning"),
        ("reduces time-to-first-token (TTFT)", "ttft", "time to first token"),
        ("meets service level objectives (SLOs) under", "slo", "service level objectives"),
        ("3D Gaussian Splatting (3DGS) renders", "3dgs", "3d gaussian splatting"),
        ("Early-Exit Large Language Models (EE-LLMs) stop", "eellm", "early exit large language models"),
        ("with homomorphic encryption (HE)", "he", "homomorphic encryption"),
        ("low-rank adaptation (LoRA)", "lora", "low rank adaptation"),
        ("Large language models (LLMs) have", "llm", "large language models"),
        ("Mixture-of-Experts (MoE) layers", "moe", "mixture of experts"),
        ("a Diffusion Transformer (DiT)", "dit", "diffusion transformer"),
        ("(we use time between tokens (TBT) here)", "tbt", "time between tokens"),
        ("One‑Shot Private Aggregation (OPA)", "opa", "one shot private aggregation"),
        ("the encode–prefill–decode (EPD) stages", "epd", "encode prefill decode"),
    ],
)
def test_an_acronym_is_learnt_with_its_long_form(text: str, short: str, long: str) -> None:
    acronyms = learnt_from([text])

    assert short in acronyms.implied(long.split())
    assert " ".join(acronyms.implied([short])[long]) == long
    assert short in acronyms.implied(["we", "use", *long.split(), "here"])


def test_the_long_form_is_known_in_any_inflection() -> None:
    acronyms = learnt_from(["Large language models (LLMs)"])

    assert "llm" in acronyms.implied("a large language model".split())
    assert "llm" not in acronyms.implied("a large model".split())
    assert "llm" not in acronyms.implied("language large models".split())


def test_acronyms_of_two_meanings_and_in_a_row_are_all_learnt() -> None:
    acronyms = learnt_from(["differential privacy (DP)", "data parallelism (DP) and pipeline parallelism (PP)"])

    assert set(acronyms.implied(["dp"])) == {"differential privacy", "data parallelism"}
    assert set(acronyms.implied(["pp"])) == {"pipeline parallelism"}
    assert set(acronyms.implied("data parallelism".split())) == {"dp"}


@pytest.mark.parametrize(
    "text",
    [
        "as shown later (see Section 3)",
        "as shown later (Section 3)",
        "on many machines (A100)",
        "in recent years (2024)",
        "we are faster (NVIDIA)",
        "this is good (i.e. better)",
        "the best result (ours)",
        "the first one (a)",
        "(RAG)",
        "no words before. (RAG)",
        "a () b (( )) (X) (()",
        "retrieval, augmented, generation (RAG)",
        "something else entirely (TTFT)",
        "the RAG (RAG)",
        "(" * 6000,
        "(RAG" * 1500,
        "a (AB) " * 800,
    ],
)
def test_what_stands_in_brackets_otherwise_is_not_learnt(text: str) -> None:
    acronyms = learnt_from([text])

    for word in {*tokens(text), "rag", "ttft", "a100", "2024", "nvidia", "section3", "ab"}:
        assert not acronyms.implied([word])
    assert not acronyms.implied(tokens(text)[:200])


@given(any_text)
def test_acronyms_are_learnt_from_any_text(text: str) -> None:
    acronyms = learnt_from([text, f"{text} (RAG)", f"{text[:50]} (ABC) {text[:50]}"])

    for short, words in acronyms.implied(tokens(text)[:100]).items():
        assert short
        assert all(words)


def test_papers_are_found_by_either_form_whichever_they_print() -> None:
    introducing = of("One", "", "We study federated learning (FL) at length.")
    index = index_of(introducing, of("Two", "", "Federated learning."), of("Three", "", "Better FL."), of("Four"))

    assert set(found(index, "fl ")) == {"One", "Two", "Three"}
    assert set(found(index, "federated learning")) == {"One", "Two", "Three"}
    assert {"sonar", "florist", "player-fl", "disagg"} <= set(keys("FL ", 34))
    assert {"ragboost", "raginfer", "retrieval-augmented"} <= set(keys("retrieval augmented generation"))


def test_a_paper_found_by_the_other_form_of_an_acronym_shows_that_form() -> None:
    index = index_of(of("One", "", "We study federated learning (FL)."), of("Two", "", "Here is federated learning."))
    (two,) = [hit for hit in index.search(Query.parse("fl ")) if hit.paper.label == "Two"]

    assert two.matched == {"federated", "learning"}

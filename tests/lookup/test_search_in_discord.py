"""The search as attendees meet it: every kind of query there is, typed into the real bot about the real session."""

import unicodedata
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.programme.model import Paper, Programme
from bot.search.words import index_words, stem, tokens
from tests.support.messages import assert_within_limits, buttons_of, displayed, embed_of, key_shown, shown
from tests.support.server import Server, config_in, running

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    async with running(config_in(tmp_path_factory.mktemp("search"))) as server:
        yield server


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def rest(server: Server) -> AsyncIterator[None]:
    yield
    await server.rest()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ann(server: Server) -> MemberActor:
    return server.member("ann")


def programme_of(server: Server) -> Programme:
    return server.bot.services.library.edition.programme


def listed(server: Server, result: InteractionResult) -> list[str]:
    """Return the keys of the papers in a list of papers, in its order."""
    by_title = {paper.label[:60]: paper.key for paper in programme_of(server).papers.values()}
    lines = [displayed(line)[0][:60] for line in (embed_of(result).description or "").splitlines() if line[:2] == "**"]
    found = (key for line in lines for title, key in by_title.items() if line.startswith(title))
    return list(dict.fromkeys(found))


async def searched(server: Server, who: MemberActor, **options: str) -> list[str]:
    """Return the keys of the papers on the first page of what /search answers."""
    result = await who.slash(server.channel, "search", **options)
    assert_within_limits(shown(result))
    return listed(server, result)


async def suggested(server: Server, who: MemberActor, typed: str) -> list[str]:
    """Return the keys of the papers that /paper suggests."""
    return [choice["value"] for choice in await who.autocomplete(server.channel, "paper", "paper", typed)]


async def assert_found_first(server: Server, who: MemberActor, typed: str, *means: str) -> None:
    """Check that one of the papers meant is what /search shows first and what /paper suggests first."""
    assert set(means) <= programme_of(server).papers.keys()
    assert (await searched(server, who, query=typed))[0] in means
    assert (await suggested(server, who, typed))[0] in means


# --- how people type


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("hipocampus", "hippocampus"),
        ("hippocmapus", "hippocampus"),
        ("hippocamppus", "hippocampus"),
        ("hippocanpus", "hippocampus"),
        ("jailbrake oracle", "toward-principled-llm"),
        ("jailbreak orcale", "toward-principled-llm"),
        ("jailbreek oracel", "toward-principled-llm"),
        ("homomorfic encryption", "g-hemp"),
        ("homomorphic encrpytion", "g-hemp"),
        ("gausian splatting", "flash3dgs"),
        ("guassian splating", "flash3dgs"),
        ("confidental computing", "blueprint-bootstrap-and"),
        ("superchps", "superinfer"),
        ("sparse atention", "db-sp"),
        ("unlearnning proofs", "zk-apex"),
        ("eraly exit", "helios"),
        ("vectro search", "when-enough-is-enough"),
        ("interactve vidoe", "streamdiffusionv2"),
        ("autoregresion difusion", "tidar"),
        ("hybird disaggregaton", "triinfer"),
        ("tambbe", "agenticcache"),
        ("keutzr", "streamdiffusionv2"),
        ("bachkaniwla", "stream2llm"),
    ],
)
async def test_letters_missing_doubled_swapped_and_wrong(
    server: Server, ann: MemberActor, typed: str, key: str
) -> None:
    await assert_found_first(server, ann, typed, key)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("agentic cache", "agenticcache"),
        ("flash agents", "flashagents"),
        ("db sp", "db-sp"),
        ("dbsp", "db-sp"),
        ("layeredprefill", "from-tokens-to-layers"),
        ("token blend", "tokenblend"),
        ("rag boost", "ragboost"),
        ("rag infer", "raginfer"),
        ("super infer", "superinfer"),
        ("tri infer", "triinfer"),
        ("hippo campus", "hippocampus"),
        ("jail break oracle", "toward-principled-llm"),
        ("super chips", "superinfer"),
        ("plaserve", "pla-serve"),
        ("pla serve", "pla-serve"),
        ("zkapex", "zk-apex"),
        ("ghemp", "g-hemp"),
        ("osworldhuman", "osworld-human"),
        ("os world human", "osworld-human"),
        ("veri moa", "verimoa"),
        ("vectorsearch", "when-enough-is-enough"),
        ("tensorparallelism overlap", "tokenblend"),
        ("earlyexit", "helios"),
        ("confidentialcomputing", "blueprint-bootstrap-and"),
        ("peertopeer", "matrix"),
    ],
)
async def test_a_space_too_few_or_too_many(server: Server, ann: MemberActor, typed: str, key: str) -> None:
    await assert_found_first(server, ann, typed, key)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("hippo", "hippocampus"),
        ("agenticc", "agenticcache"),
        ("homomor", "g-hemp"),
        ("jailbreak ora", "toward-principled-llm"),
        ("stall free sched", "from-tokens-to-layers"),
        ("rotary sch", "superinfer"),
        ("gaussian spl", "flash3dgs"),
        ("zero know", "zk-apex"),
        ("zero redun", "zero-redundancy"),
        ("when enough is e", "when-enough-is-enough"),
        ("blueprint boo", "blueprint-bootstrap-and"),
        ("optimizing py", "optimizing-pytorch"),
        ("think in diff", "tidar"),
        ("yiying zh", "osworld-human"),
        ("streamd", "streamdiffusionv2"),
        ("hipoc", "hippocampus"),
    ],
)
async def test_the_last_word_may_be_unfinished(server: Server, ann: MemberActor, typed: str, key: str) -> None:
    await assert_found_first(server, ann, typed, key)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("module memory scalable", "hippocampus"),
        ("encryption homomorphic multi gpu", "g-hemp"),
        ("oracle jailbreak", "toward-principled-llm"),
        ("search vector termination early", "when-enough-is-enough"),
        ("prefill layered stall", "from-tokens-to-layers"),
        ("video interactive streaming", "streamdiffusionv2"),
        ("splatting gaussian", "flash3dgs"),
        ("proofs unlearning personalized", "zk-apex"),
        ("learning decentralized topology", "sonar"),
        ("aggregation secure aggregators", "disagg"),
        ("synthetic data peer", "matrix"),
        ("computing confidential nvidia", "blueprint-bootstrap-and"),
        ("thresholding value singular", "florist"),
    ],
)
async def test_words_in_any_order(server: Server, ann: MemberActor, typed: str, key: str) -> None:
    await assert_found_first(server, ann, typed, key)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("HIPPOCAMPUS", "hippocampus"),
        ("híppöcâmpus", "hippocampus"),
        ("gürsoy", "player-fl"),
        ("GURSOY", "player-fl"),
        ("grbčić", "optimizing-pytorch"),
        ("Zero-Knowledge-Unlearning", "zk-apex"),
        ("zero knowledge unlearning", "zk-apex"),
        ("stall‑free", "from-tokens-to-layers"),
        ("PEER TO PEER", "matrix"),
        ("ching feng yeh", "matrix"),
        ("g hemp", "g-hemp"),
        ("G-Hemp", "g-hemp"),
        ("player fl", "player-fl"),
        ("spec to hdl", "verimoa"),
        ("computer use agents", "osworld-human"),
        ("Multi–User VR", "privatar"),
    ],
)
async def test_accents_case_and_hyphens_do_not_matter(server: Server, ann: MemberActor, typed: str, key: str) -> None:
    await assert_found_first(server, ann, typed, key)
    await assert_found_first(server, ann, unicodedata.normalize("NFD", typed), key)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("jailbreaking oracles", ["toward-principled-llm"]),
        ("hippocampuses", ["hippocampus"]),
        ("vector searches", ["when-enough-is-enough"]),
        ("vectors searching", ["when-enough-is-enough"]),
        ("singular values thresholds", ["florist"]),
        ("gaussians splats", ["flash3dgs"]),
        ("blueprints and bridges", ["blueprint-bootstrap-and"]),
        ("superchip", ["superinfer"]),
        ("aggregator", ["disagg"]),
        ("benchmark topologies", ["sonar"]),
        ("schedule rotary", ["superinfer"]),
        ("encrypted gcn", ["g-hemp"]),
        ("generating videos", ["streamdiffusionv2"]),
        ("personalizing federated layers", ["player-fl"]),
        ("cached plans", ["agenticcache"]),
        ("memory modules", ["hippocampus"]),
        ("proof of unlearned", ["zk-apex"]),
    ],
)
async def test_plurals_and_inflection(server: Server, ann: MemberActor, typed: str, means: list[str]) -> None:
    await assert_found_first(server, ann, typed, *means)


RAG = ["retrieval-augmented", "ragboost", "raginfer"]
FL = ["player-fl", "florist", "protoken", "disagg"]
TTFT = ["stream2llm", "from-tokens-to-layers", "pla-serve"]


@pytest.mark.parametrize(
    ("short", "long", "means"),
    [
        ("RAG", "retrieval-augmented generation", RAG),
        ("FL", "federated learning", FL),
        ("TTFT", "time to first token", TTFT),
        ("3DGS", "3D Gaussian splatting", ["flash3dgs"]),
        ("HE", "homomorphic encryption", ["g-hemp"]),
        ("GCN", "graph convolutional network", ["g-hemp"]),
        ("DiT", "diffusion transformers", ["db-sp"]),
        ("MoE", "mixture of experts", ["from-tokens-to-layers"]),
        ("MoA", "mixture-of-agents", ["verimoa"]),
        ("HDL", "hardware description language", ["verimoa"]),
        ("RTL", "register transfer level", ["verimoa"]),
        ("VR", "virtual reality", ["privatar"]),
        ("DP", "differential privacy", ["zero-redundancy"]),
        ("EPD", "encode prefill decode", ["triinfer"]),
        ("DWM", "dynamic wavelet matrix", ["hippocampus"]),
        ("SLO", "service level objectives", ["superinfer"]),
        ("EE-LLMs", "early exit large language models", ["helios"]),
        ("OPA", "one-shot private aggregation", ["disagg"]),
        ("PSIRT", "product security incident response team", ["blueprint-bootstrap-and"]),
    ],
)
async def test_acronyms_both_ways(server: Server, ann: MemberActor, short: str, long: str, means: list[str]) -> None:
    await assert_found_first(server, ann, short, *means)
    await assert_found_first(server, ann, short.lower(), *means)
    await assert_found_first(server, ann, long, *means)


async def test_an_acronym_finds_papers_that_only_have_the_long_form(server: Server, ann: MemberActor) -> None:
    found = await searched(server, ann, query="FL federated")

    assert {"player-fl", "protoken", "florist", "disagg", "sonar"} <= set(found)
    assert await searched(server, ann, query='"service level"') == await searched(
        server, ann, query='SLO "service level"'
    )


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("3dgs", "flash3dgs"),
        ("flash 3dgs", "flash3dgs"),
        ("flash3dgs", "flash3dgs"),
        ("stream llm", "stream2llm"),
        ("stream2llm", "stream2llm"),
        ("streamllm", "stream2llm"),
        ("stream 2 llm", "stream2llm"),
        ("stream diffusion", "streamdiffusionv2"),
        ("stream diffusion v2", "streamdiffusionv2"),
        ("streamdiffusion", "streamdiffusionv2"),
        ("osworld", "osworld-human"),
        ("os world", "osworld-human"),
        ("tidar", "tidar"),
        ("csle", "csle"),
        ("florist", "florist"),
        ("apex", "zk-apex"),
        ("hemp", "g-hemp"),
        ("verimoa", "verimoa"),
        ("protoken", "protoken"),
    ],
)
async def test_names_of_systems_and_their_parts(server: Server, ann: MemberActor, typed: str, key: str) -> None:
    await assert_found_first(server, ann, typed, key)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("tambe caching", "agenticcache"),
        ("caching tambe", "agenticcache"),
        ("keutzer video", "streamdiffusionv2"),
        ("ceze retrieval", "raginfer"),
        ("g edward suh vr", "privatar"),
        ("haddadi unlearning", "zk-apex"),
        ("jaggi decentralized", "sonar"),
        ("qirong ho serving", "pla-serve"),
        ("minjia zhang scheduling", "superinfer"),
        ("yiying zhang agents", "osworld-human"),
        ("zhang computer use", "osworld-human"),
        ("lizy john early exit", "helios"),
        ("karypis privacy", "zero-redundancy"),
        ("bogdan hdl", "verimoa"),
        ("ran encryption", "g-hemp"),
        ("wu embodied planning", "agenticcache"),
        ("celikyilmaz syntetic data", "matrix"),
    ],
)
async def test_an_author_with_words_of_the_topic(server: Server, ann: MemberActor, typed: str, key: str) -> None:
    await assert_found_first(server, ann, typed, key)


# --- what comes first


def holders(server: Server, word: str) -> tuple[set[str], set[str], set[str]]:
    """Return the papers that have a word in the title, of the others those by an author, and those in the abstract."""

    def having(text: str) -> bool:
        return stem(word) in map(stem, tokens(text))

    papers = programme_of(server).papers.values()
    title = {paper.key for paper in papers if having(paper.label)}
    author = {paper.key for paper in papers if any(having(author.name) for author in paper.authors)} - title
    abstract = {paper.key for paper in papers if paper.abstract and having(paper.abstract.plain)} - title - author
    return title, author, abstract


@pytest.mark.parametrize(
    "word",
    "memory vector diffusion overlap accurate parallelism privacy retrieval adaptive encryption threshold".split(),
)
async def test_a_title_beats_an_abstract(server: Server, ann: MemberActor, word: str) -> None:
    title, _, abstract = holders(server, word)
    found = await searched(server, ann, query=word)

    assert title
    assert abstract
    assert set(found[: len(title)]) == title


@pytest.mark.parametrize("word", ["song", "justin", "sharma", "liu", "das", "mai", "xing", "bogdan"])
async def test_an_author_comes_before_all_who_only_mention_the_word(
    server: Server, ann: MemberActor, word: str
) -> None:
    title, author, _ = holders(server, word)
    found = await searched(server, ann, query=word)

    assert author
    assert not title
    assert set(found[: len(author)]) == author


async def test_every_key_title_and_label_finds_its_paper_first(server: Server, ann: MemberActor) -> None:
    for paper in programme_of(server).papers.values():
        for typed in (paper.key, paper.label.upper(), paper.label.replace(":", "")):
            assert (await searched(server, ann, query=typed))[0] == paper.key, typed
        await server.rest()


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("matrix", "matrix"),
        ("hippocampus memory agents", "hippocampus"),
        ("sparse llm", "db-sp"),
        ("llm jailbreak", "toward-principled-llm"),
        ("efficient superchips", "superinfer"),
        ("inference autoregression", "tidar"),
    ],
)
async def test_an_exact_name_or_a_rare_word_decides(server: Server, ann: MemberActor, typed: str, key: str) -> None:
    await assert_found_first(server, ann, typed, key)


# --- corrections


@pytest.mark.parametrize(
    "query",
    ["plan", "talk", "rank", "stall", "bridge", "tokens", "spec", "exit", "Tambe", "agentic cache", "flash agents"],
)
async def test_what_is_spelt_correctly_is_not_corrected(server: Server, ann: MemberActor, query: str) -> None:
    result = await ann.slash(server.channel, "search", query=query)

    assert "Showing results for" not in (embed_of(result).description or "")
    assert embed_of(result).title == f"Results for “{query}”"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hipocampus", "hippocampus"),
        ("gausian splating", "gaussian splatting"),
        ("federatd learning", "federated learning"),
        ("tambbe caching", "tambe caching"),
        ("zero-knowlege", "zero knowledge"),
    ],
)
async def test_a_correction_is_told_and_the_corrected_words_are_bold(
    server: Server, ann: MemberActor, typed: str, meant: str
) -> None:
    result = await ann.slash(server.channel, "search", query=typed)

    text, bold = displayed(embed_of(result).description or "")
    assert text.splitlines()[0] == f"Showing results for “{meant}”"
    corrected = set(tokens(meant)) - set(tokens(typed)) - {"tambe"}
    assert corrected <= {word for run in bold for word in tokens(run)}


# --- snippets


def snippets(result: InteractionResult) -> Iterator[tuple[str, set[str]]]:
    """Yield the part of the abstract shown with each paper, and the runs of it that are bold."""
    for entry in (embed_of(result).description or "").split("\n\n"):
        _, _, part = entry.partition("\n")
        if part:
            yield displayed(part)


@pytest.mark.parametrize(
    ("query", "kin"),
    [
        ("kv cache", {"kv", "cach"}),
        ("prefill scheduling", {"prefil", "schedul"}),
        ("homomorphic encryption", {"homomorph", "encrypt"}),
        ("jailbreak", {"jailbreak"}),
        ("federated privacy", {"feder", "privaci", "privat"}),
        ("speculative vectors", {"specul", "vector"}),
    ],
)
async def test_snippets_have_the_matched_words_bold_and_no_others(
    server: Server, ann: MemberActor, query: str, kin: set[str]
) -> None:
    result = await ann.slash(server.channel, "search", query=f"{query} ")

    parts = list(snippets(result))
    assert parts
    for text, bold in parts:
        assert len(text) <= 150
        for run in bold:
            assert {stem(word) for word in index_words(run)} & kin, run
        for word in tokens(text):
            if word in tokens(query):
                assert word in {part for run in bold for part in tokens(run)}
    assert parts[0][1], "the first answers in its abstract"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("agentic cache", "AgenticCache"),
        ("rag boost", "RAGBoost"),
        ("3dgs", "3DGS"),
    ],
)
async def test_the_name_that_answers_is_shown_in_bold(server: Server, ann: MemberActor, query: str, name: str) -> None:
    result = await ann.slash(server.channel, "search", query=query)

    text, bold = next(snippets(result))
    assert name in text
    assert name in bold


async def test_the_long_form_that_answers_for_an_acronym_is_shown_in_bold(server: Server, ann: MemberActor) -> None:
    result = await ann.slash(server.channel, "search", query="FL -vanilla -principled", author="Jyotikrishna Dass")

    assert listed(server, result) == ["florist"]
    ((text, bold),) = snippets(result)
    assert "federated learning" in text.lower()
    assert {word for run in bold for word in tokens(run)} == {"federated", "learning"}


# --- phrases, exclusions, filters

SESSION = "poster-session-1-opening"


@pytest.mark.parametrize(
    ("phrase", "keys"),
    [
        ("exit selection", {"helios"}),
        ("early termination", {"when-enough-is-enough"}),
        ("jailbreak oracle", {"toward-principled-llm"}),
        ("Thierry Tambe", {"agenticcache"}),
        ("time-to-first-token", {"stream2llm", "from-tokens-to-layers", "superinfer"}),
    ],
)
async def test_a_phrase_asks_for_these_words_in_a_row(
    server: Server, ann: MemberActor, phrase: str, keys: set[str]
) -> None:
    found = await searched(server, ann, query=f'"{phrase}"')
    assert set(found) == keys

    assert set(await searched(server, ann, query=f"“{phrase.upper()}”")) == keys
    backwards = " ".join(reversed(tokens(phrase)))
    assert await searched(server, ann, query=f'"{backwards}"') == []


@pytest.mark.parametrize("acronym", ["FL", "HE", "DP", "RAG"])
async def test_a_quoted_acronym_is_in_every_paper_found(server: Server, ann: MemberActor, acronym: str) -> None:
    found = await searched(server, ann, query=f'"{acronym}"')

    assert found
    for key in found:
        assert acronym.lower() in words_of(programme_of(server).papers[key]), key


@pytest.mark.parametrize(
    ("query", "gone", "kept"),
    [
        ("federated -privacy", "protoken", "florist"),
        ("agents -embodied", "agenticcache", "hippocampus"),
        ("retrieval -lookahead", "raginfer", "ragboost"),
        ("tambe -caching", "agenticcache", None),
        ('exit -"early exit"', "helios", None),
    ],
)
async def test_a_minus_leaves_papers_out(
    server: Server, ann: MemberActor, query: str, gone: str, kept: str | None
) -> None:
    assert gone in await searched(server, ann, query=query.partition(" -")[0])
    found = await searched(server, ann, query=query)
    assert gone not in found
    assert kept is None or kept in found


async def test_the_filters_narrow_a_search_down(server: Server, ann: MemberActor) -> None:
    assert await searched(server, ann, query="agents", author="Yiying Zhang") == ["osworld-human"]
    assert await searched(server, ann, query="agentz", author="qi qi") == ["osworld-human"]
    assert await searched(server, ann, query="video", author="keutzer", session="opening") == ["streamdiffusionv2"]
    assert await searched(server, ann, query="video", author="haddadi") == []
    assert await searched(server, ann, query='"stall-free"', session=SESSION) == ["from-tokens-to-layers"]
    assert await searched(server, ann, query="kv cache", session=SESSION) == await searched(
        server, ann, query="kv cache"
    )


# --- suggestions and what they open


async def opened(server: Server, who: MemberActor, typed: str) -> list[str]:
    """Return the key of the paper that /paper opens, or those of the papers it asks about."""
    result = await who.slash(server.channel, "paper", paper=typed)
    key = key_shown(result)
    return [key] if key else listed(server, result)


@pytest.mark.parametrize(
    "typed",
    """
    a|ag|agent|agents|agentic c|kv|kv cache|kv ca|l|llm|llm serv|zhang|zhang yi|tambe|tambe caching|federated learning
    federatd lerning|rag|RAG serving|retrieval-augmented generation|time to first|TTFT|he|fl|12|#12|1|99|matrix|memory
    "early exit"|"early exit" sel|federated -privacy|-privacy|the|what is it about|paper about caching plans|so|to|st
    xyzzyplugh|privacy xyzzy|streaming|stre|prefil|prefill sched|😀|"|hippocampus: an efficient|db-sp|csle|title not
    """.replace("\n", "|").split("|"),
)
async def test_what_is_suggested_first_is_what_is_opened(server: Server, ann: MemberActor, typed: str) -> None:
    typed = typed.strip()
    for text in (typed, typed.upper(), f"{typed} ", f"  {typed}"):
        if not text.strip():
            continue
        suggestions = await suggested(server, ann, text)
        papers = await opened(server, ann, text)
        assert suggestions[:1] == papers[:1], text
    await server.rest()


async def test_what_is_pasted_with_accents_apart_or_unseen_characters_is_suggested_as_it_is_opened(
    server: Server, ann: MemberActor
) -> None:
    for text in ("Gu\u0308rsoy", "hippo\u00adcampus", "hippo\u200bcampus", "\u202ahippocampus\u202c", "kv\u00a0cache"):
        suggestions = await suggested(server, ann, text)
        assert suggestions[:1] == (await opened(server, ann, text))[:1], text
        assert suggestions[:1] == (await searched(server, ann, query=text))[:1], text


async def test_suggestions_are_the_top_of_what_a_search_finds(server: Server, ann: MemberActor) -> None:
    for text in ("kv cache", "agents", "federated learning", "zhang", "prefill sched", "gausian"):
        found = await searched(server, ann, query=text)
        assert (await suggested(server, ann, text))[: len(found)] == found


# --- similar papers


def words_of(paper: Paper) -> set[str]:
    abstract = paper.abstract.plain if paper.abstract else ""
    return set(map(stem, tokens(f"{paper.label} {abstract}")))


async def test_similar_papers_are_others_that_share_the_words_they_say(server: Server, ann: MemberActor) -> None:
    wrong, told = [], 0
    for paper in programme_of(server).papers.values():
        result = await ann.click(
            shown(await ann.slash(server.channel, "paper", paper=paper.key)), label="Similar papers"
        )

        found = listed(server, result)
        assert len(found) == len(set(found)) == 5
        assert paper.key not in found
        entries = (embed_of(result).description or "").split("\n\n")
        assert len(entries) == len(found)
        for key, entry in zip(found, entries, strict=True):
            reason = entry.partition("\nBoth: ")[2]
            shared = set(map(stem, tokens(displayed(reason)[0].partition(" · ")[0]))) if reason else set()
            told += bool(shared)
            missing = shared - (words_of(paper) & words_of(programme_of(server).papers[key]))
            wrong += [f"{paper.key}, {key}: {word}" for word in missing]
        await server.rest()
    assert not wrong, "\n".join(wrong)
    assert told >= 0.9 * 5 * len(programme_of(server).papers)


async def test_an_unclear_question_offers_to_search_for_the_same(server: Server, ann: MemberActor) -> None:
    asked = await ann.slash(server.channel, "paper", paper="federatd lerning")
    found = await ann.click(shown(asked), label=next(label for label in buttons_of(shown(asked)) if "Search" in label))

    assert (embed_of(found).description or "").startswith("Showing results for “federated learning”")
    assert listed(server, found)[: len(listed(server, asked))] == listed(server, asked)

"""What two papers have in common, in words worth reading: terms of several words, names, acronyms, words of titles."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.programme.model import Paper
from bot.search.words import compounds_at, forms_of, stem

_LONGEST: Final = 3
"""How many words a term has at most."""

_BETWEEN: Final = re.compile(r"[\s\-‑–/]*")
"""What may stand between the words of one term; anything else ends it."""

_ACRONYM: Final = re.compile(r"[^\W\d_]*[A-Z0-9][^\W_]*[A-Z][^\W_]*")
"""What is a name or an acronym wherever it stands: two capitals, or a digit and a capital."""

_FUNCTION: Final = frozenset(map(stem, (
    "a about above across after against all along also although among an and any are as at be because been before "
    "being below between beyond both but by can cannot could did do does doing done down during e each either "
    "else even ever every few first for from further g get had has have having he hence here how however i if in "
    "into is it its itself just last least less like made make makes many may might more moreover most much must "
    "nor not now of off often on once one only onto or other others our out over own per same second several she "
    "should since so some still such than that the their them then there thereby therefore these they third this "
    "those though three through thus to together too toward towards two under until up upon us use used uses "
    "using very via was we well were what when where whereas whether which while who whole whose why will with "
    "within without would yet you your "
).split()))  # fmt: skip
"""Words that hold a sentence together: no term has one."""

_GENERAL: Final = _FUNCTION | frozenset(map(stem, (
    "ability able absolute accelerate accuracy accurate achieve active actual adapt adaptive add additional "
    "additionally address adopt advance advantage affect aim aligned allow alternative amount analyse analysis "
    "analyze apply approach appropriate area art aspect assume attain automatic available average aware balance "
    "base based baseline begin behavior behaviour benchmark benefit best better big bottleneck bound bring broad "
    "build call capability capture case cause central centrally certain challenge change characteristic choice "
    "class clear close code combination combine come common community comparable compare comparison competitive "
    "complement complete complex complexity component comprehensive computation compute concept conclusion "
    "conduct consequent consequently consider consist consistent constraint consume consumption contain context "
    "contrast contribute control conventional core correct cost count cover create critical crucial current data "
    "dataset day deal decrease deep deeper define degrade deliver demand demonstrate depend deploy derive "
    "describe design desirable detail determine develop differ difference different difficult dimension direct "
    "directly discuss distinct diverse domain dominant dramatic drastic drive driven due dynamic early easily "
    "easy effect effective effectively efficiency efficient efficiently effort element eliminate emerge empirical "
    "employ enable end enhance ensure entire environment equal error essential establish estimate evaluate "
    "evidence exact examine example exceed excellent execute exhibit exist existing expand expensive experience "
    "experiment experimental explicit exploit explore extend extensive extra extract face facilitate factor fail "
    "fall far fast faster feature field final finally find fine fix flexible focus follow form formal formulate found "
    "foundation framework full fully function fundamental furthermore gain gap general generate give given global "
    "go goal good great greater group grow growth guarantee guide half hand handle hard help high higher "
    "highlight highly hold hour hundred hundreds idea identify ii iii impact implement implementation important "
    "improve include increase incur independent individual induce inform information inherent initial input "
    "insight inspire instance instead integrate intensive introduce investigate involve issue iterative iv joint "
    "jointly keep key kind know knowledge known lack large largely larger latter lead learn length let level "
    "leverage life light limit linear list little local long longer look lot low lower magnitude main maintain "
    "major manner map match maximum mean measure mechanism meet method methodology metric million minimal "
    "minimize minimum minute mismatch mitigate model modern modify module month moreover motivate move multiple "
    "name natural nature near necessary need network new next notable novel number objective observation observe "
    "obtain offer offline online open operate operation opportunity optimal optimization optimize option "
    "orchestrate order original outperform output overall overcome overhead paper paradigm parallel parameter "
    "part particular pattern percent perform performance phase pipeline point poor popular pose position possible "
    "potential powerful practical practice pre precise predict preliminary present preserve prevent previous "
    "primary principle prior problem procedure process produce prohibit project promising promote prone proper "
    "property propose prove provide public purpose quality quantity question quick raise range rapid rate reach "
    "real reason recent recently record reduce reduction reference regime region regular related relative release "
    "relevant reliable rely remain remarkable remove replace report represent request require requirement "
    "research researcher resource respective respectively rest result retain return reveal review rich rigorous "
    "rise robust role room run runtime scalable scale scenario scheme scope score second section seek select "
    "sensitive separate sequence serve set setting severe shape share shorter show side sign significant similar "
    "simple simplify simply simultaneous single situation size slow slower small smaller solution solve source "
    "space span special specific specifically specify speed speedup stable stage standard start state static step "
    "straightforward strategy strength strict strong stronger structure study subject substantial success suffer "
    "sufficient suggest suitable suite superior support surpass system systematic tackle take target task "
    "technique technology ten tend term test theoretical thing thorough thousand thousands throughput tight time "
    "times today tool total track tradeoff traditional train training trend true try turn type typical typically "
    "unable undergo underlying understand unified unique unit unknown useful user utilization utilize valid value "
    "variant variation variety various vary vast version view wait way wide widely wider widespread wise word "
    "work workflow workload world x year yield zero "
).split()))  # fmt: skip
"""Words that every field's abstracts are full of: alone, or with each other, they tell nothing of what one is about."""


@dataclass(frozen=True, slots=True)
class Term:
    """Some words in a row.

    Attributes:
        words: the words, folded.
        printed: as they are printed.
        in_title: whether they stand in a title.
    """

    words: tuple[str, ...]
    printed: str
    in_title: bool


Terms = Mapping[tuple[str, ...], Term]
"""A paper's terms by the stems of their words, as the paper first has them."""


def terms_of(paper: Paper) -> Terms:
    """Return the terms of a paper's title and abstract."""
    found: dict[tuple[str, ...], Term] = {}
    for text, in_title in ((paper.title, True), (paper.abstract, False)):
        for stems, term in _terms(unicodedata.normalize("NFC", text.plain), in_title=in_title) if text else ():
            found.setdefault(stems, term)
    return found


def in_common(
    one: Terms, other: Terms, weight_of: Callable[[str], float], named: Collection[str], limit: int
) -> tuple[str, ...]:
    """Return what two papers have in common, the most telling first, as the first one prints it.

    A word alone counts where a title has it, or as a name or an acronym.

    Args:
        one: the terms of a paper.
        other: those of another one.
        weight_of: tells how much a folded word counts, 0 where it tells nothing.
        named: the stems of words that need not be told again.
        limit: how many there are at the most.
    """
    worths: dict[tuple[str, ...], float] = {}
    for stems in one.keys() & other.keys():
        term = one[stems]
        if len(stems) == 1 and not (term.in_title or other[stems].in_title or _ACRONYM.fullmatch(term.printed)):
            continue
        telling = (word for word, its_stem in zip(term.words, stems, strict=True) if its_stem not in _GENERAL)
        if worth := sum(map(weight_of, telling)):
            worths[stems] = worth
    best = sorted(worths, key=lambda stems: (-worths[stems], -len(stems), stems))
    return tuple(islice((one[stems].printed for stems in _unlike(best, named)), limit))


def _unlike(terms: Iterable[tuple[str, ...]], named: Collection[str]) -> Iterator[tuple[str, ...]]:
    """Yield terms that share no telling word with what was yielded before them, or named."""
    said = set(named)
    for stems in terms:
        if said.isdisjoint(telling := set(stems) - _GENERAL):
            said |= telling
            yield stems


def _terms(plain: str, *, in_title: bool) -> Iterator[tuple[tuple[str, ...], Term]]:
    for run in _runs(plain):
        for first, (_, start, _) in enumerate(run):
            words: tuple[str, ...] = ()
            for more, _, end in run[first : first + _LONGEST]:
                words += more
                if len(words) > _LONGEST:
                    break
                yield tuple(map(stem, words)), Term(words, " ".join(plain[start:end].split()), in_title)


def _runs(plain: str) -> Iterator[list[tuple[tuple[str, ...], int, int]]]:
    """Yield what stands between punctuation and little words: words, folded, and where they begin and end."""
    run: list[tuple[tuple[str, ...], int, int]] = []
    before = 0
    for compound, start in compounds_at(plain):
        words = forms_of(compound)[0]
        ends = not words or any(stem(word) in _FUNCTION for word in words)
        if run and (ends or not _BETWEEN.fullmatch(plain, before, start)):
            yield run
            run = []
        before = start + len(compound)
        if not ends:
            run.append((words, start, before))
    if run:
        yield run

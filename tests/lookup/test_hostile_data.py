"""Sources that nobody wishes for: every command still answers, within Discord's limits, with nothing unescaped."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import discord
import pytest
import pytest_asyncio
from simcord.actors import MemberActor
from simcord.results import ResponseMessage

from bot.editions.model import Edition
from bot.lookup.answers.results import HELP
from bot.programme.build import build
from bot.programme.identity import assign_keys
from bot.programme.source import Credit, Link, Source
from bot.search import Index
from tests.support.loading import loaded
from tests.support.messages import (
    assert_within_limits,
    buttons_of,
    components_of,
    displayed,
    embed_of,
    markdown_of,
    menus_of,
    shown,
)
from tests.support.programmes import at, paper, session, source_of
from tests.support.server import Server, config_in, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

MARKUP = (
    "@everyone @here <@123> <@&123> <#123> </paper:1> <t:0:R> <a:wave:1> [x](http://evil.example) *a* **b** _c_ __d__ "
    "~~e~~ `f` ```g``` ||h|| a_b_c :smile: > quote # heading - item https://evil.example/a_b discord://x \\ \\* end"
)
CONTROL = (
    "left \u202eright\u202c zero\u200bwidth \u2066isolate\u2069 nul\x00 bell\x07 escape\x1b[31m "
    "soft\u00adhyphen \ufeff end"
)
ASTRAL = "😀" * 300
_HEADING = re.compile(r"^__(.+)__$", re.MULTILINE)
"""The bot's own headings of days and rooms."""

LONG = " ".join(f"word{number}" for number in range(300))


def page(*papers: tuple[str | None, str | None, str | None], **fields: Any) -> Source:
    """Make a source of papers given as title, authors and abstract, some of which no reader would let through."""
    shown = [
        paper(title, *(byline.split("⋅") if byline is not None else ()), abstract=abstract)
        for title, byline, abstract in papers
    ]
    facts = {"room": f"Room {MARKUP}", **fields}
    return source_of(session(facts.pop("name", f"Session {MARKUP}"), *shown, **facts))


def people(count: int, name: str = "Person") -> str:
    return " ⋅ ".join(f"{name} {chr(65 + number // 26)}{chr(65 + number % 26)}son" for number in range(count))


def conference(text: str) -> Source:
    """Make a source of talks and posters that has a text wherever it can have one."""
    links = (Link(text, "https://example.org/a_b"),)
    people = tuple(Credit(f"{text} {name}", (text, f"{text} {name}")) for name in ("Lee", "Roy"))
    facts: dict[str, Any] = {"kind": text, "track": text, "links": links}
    papers = [
        paper(f"{number} {text}", authors=people, abstract=text, topics=(text, f"a {text}"), **facts)
        for number in range(12)
    ]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    talks = [at(one, start + number * timedelta(minutes=5), room=text) for number, one in enumerate(papers)]
    parts: dict[str, Any] = {"room": text, "chairs": people, "abstract": text, **facts}
    return source_of(
        *(session(f"{name} {text}", *talks, starts_at=start, **parts) for name in ("Orals", "Talks")),
        session(f"Posters {text}", *(at(one, board=text) for one in papers), **parts),
        session(f"Break {text}", **parts),
        unscheduled=[paper(f"Later {text}", text)],
    )


SOURCES: dict[str, Callable[[], Source]] = {
    "titles of ten thousand characters": lambda: page(
        ("x" * 10_000, "Ann Lee", LONG), ("word " * 2_000, "Ann Lee ⋅ Bob Roy", LONG), ("*" * 10_000, "Bob Roy", LONG)
    ),
    "300 authors": lambda: page(("Many Hands: Light Work", people(300), LONG), ("Few Hands", "Ann Lee", LONG)),
    "300 authors who cannot be typed": lambda: page(("Many Hands", people(300, "*" * 40), LONG), (None, None, LONG)),
    "markup everywhere": lambda: page(
        *((f"{MARKUP} {number}", f"{MARKUP} ⋅ @here ⋅ *B* _ob_", f"{MARKUP} {number}") for number in range(12))
    ),
    "markup in short titles": lambda: page(
        ("**Bold** and *italic*", "@everyone", "- item\n# heading"),
        (r"\textbf{Bold} first", "<@123>", r"\textbf{All of it}"),
        (r"Last is \emph{slanted}", "||spoiler||", "`code`"),
        (r"\textbf{a}\emph{b}\textbf{c}", ":smile:", "$x_1$ ~~gone~~"),
    ),
    "control characters": lambda: page((CONTROL, f"{CONTROL} ⋅ \u202eeve", CONTROL), ("\x00\u202e", "\u200b", "\x07")),
    "characters beyond the basic plane": lambda: page(
        *((f"{number} {ASTRAL}", f"{ASTRAL} ⋅ {'😀' * 70} ⋅ {'𝔄' * 35}", ASTRAL) for number in range(30))
    ),
    "one paper only": lambda: page(("Alone", "Ann Lee", "There is nothing else.")),
    "one abstract only": lambda: page((None, None, "There is nothing else.")),
    "no abstracts": lambda: page(*((f"Title {number}", "Ann Lee ⋅ ⋅ Bob Roy", None) for number in range(12))),
    "no titles": lambda: page(*((None, "Ann Lee", f"We do the {number}th thing.") for number in range(12))),
    "nothing but titles": lambda: page(*((f"Title {number}", None, None) for number in range(40))),
    "identical titles": lambda: page(*(("The Same", f"Ann Lee{number}", LONG) for number in range(27))),
    "three of the same title": lambda: page(
        *(("The Same", f"Ann {name}", "We do it.") for name in ("Lee", "Roy", "Fox"))
    ),
    "one author of everything": lambda: page(*((f"{LONG} {number}", "Ann Lee", LONG) for number in range(27))),
    "only blank authors": lambda: page(("Title", " ⋅ ⋅ ", LONG), ("Other", "⋅", LONG)),
    "no name and no room": lambda: page(("Title", "Ann Lee", LONG), name="", room=None),
    "a name of ten thousand characters": lambda: page(
        ("Title", "A" * 10_000 + " Lee ⋅ " + "B" * 10_000, LONG), name="n" * 10_000, room="r " * 5_000
    ),
    "many sessions": lambda: source_of(
        *(
            session(f"{LONG} {number}", paper(f"Title {number}", "Ann Lee", abstract=LONG), room=MARKUP)
            for number in range(27)
        )
    ),
    "a conference of markup": lambda: conference(MARKUP),
    "a conference of long words": lambda: conference("w" * 3_000),
    "a conference of long texts": lambda: conference(LONG),
    "a conference of characters beyond the basic plane": lambda: conference(ASTRAL),
    "nothing scheduled": lambda: source_of(unscheduled=[paper(f"Title {number}", "Ann Lee") for number in range(3)]),
    "addresses": lambda: page(
        (
            "See https://example.org/a_b*c* now",
            "https://example.org/author",
            "[https://example.org/a_b] `https://example.org/c` *https://example.org/d*",
        )
    ),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    async with running(config_in(tmp_path_factory.mktemp("hostile"))) as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ann(server: Server) -> MemberActor:
    return server.member("ann")


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def rest(server: Server) -> AsyncIterator[None]:
    yield
    await server.rest()


@lru_cache
def edition_of(kind: str) -> Edition:
    programme = build(assign_keys(SOURCES[kind]()))
    return Edition(programme, Index(programme))


def use(server: Server, kind: str) -> None:
    server.bot.services.library.edition = edition_of(kind)


def assert_fit_to_be_shown(message: ResponseMessage) -> None:
    assert "went wrong" not in message.content
    assert_within_limits(message)
    for markdown in markdown_of(message):
        text = displayed(_HEADING.sub(r"\1", markdown.replace(HELP, "")))[0]
        assert not any(character in text for character in "\u202e\u2066\x00\x07\x1b\ufeff\u00ad")


def questions(server: Server) -> Iterator[tuple[str, dict[str, str]]]:
    programme = server.bot.services.library.edition.programme
    papers, persons = list(programme.papers.values()), list(programme.people.values())
    for one in (*papers[:3], *papers[-1:]):
        yield "paper", {"paper": one.key}
        yield "paper", {"paper": one.label[:6000]}
        if one.board:
            yield "paper", {"paper": f"#{one.board[:6000]}"}
    for person in (*persons[:2], *persons[-1:]):
        yield "author", {"name": person.key}
        yield "author", {"name": person.name[:6000]}
        yield "search", {"query": "word1", "author": person.key}
    for typed in ("lee", "title", MARKUP, "😀", "x" * 6000):
        yield "paper", {"paper": typed}
        yield "author", {"name": typed}
        yield "search", {"query": typed}
    yield "search", {"query": "word1 word2 same title thing evil"}
    for name in ("track", "affiliation"):
        for typed in (MARKUP, LONG[:100], "x" * 6000, "a"):
            yield "search", {name: typed}
    for command in ("schedule", "now", "next"):
        yield command, {}
    yield "session", {}
    for opened in (*programme.sessions[:1], *programme.sessions[-1:]):
        yield "session", {"session": opened.key}
        yield "session", {"session": opened.name[:6000]}
    yield "session", {"session": MARKUP}
    yield "help", {}


@pytest.mark.parametrize("kind", SOURCES)
async def test_every_command_answers_within_limits_and_shows_markup_as_text(
    server: Server, ann: MemberActor, kind: str
) -> None:
    use(server, kind)

    for command, options in questions(server):
        result = await ann.slash(server.channel, command, **options)
        assert_fit_to_be_shown(shown(result))
        await server.rest()


@pytest.mark.parametrize("kind", SOURCES)
async def test_every_suggestion_fits(server: Server, ann: MemberActor, kind: str) -> None:
    use(server, kind)

    for command, option, filled in (
        ("paper", "paper", {}),
        ("author", "name", {}),
        ("search", "session", {"query": "x"}),
        ("search", "author", {"query": "x"}),
        ("search", "track", {}),
        ("search", "affiliation", {}),
        ("session", "session", {}),
    ):
        for typed in ("", "a", "word", "😀", MARKUP):
            choices = await ann.autocomplete(server.channel, command, option, typed, **filled)
            assert len(choices) <= 25
            assert len({choice["value"] for choice in choices}) == len(choices)
            for choice in choices:
                assert choice["name"].strip()
                assert all(len(text) + sum(c > "\uffff" for c in text) <= 100 for text in choice.values())


@pytest.mark.parametrize("kind", SOURCES)
async def test_every_button_and_menu_answers(server: Server, ann: MemberActor, kind: str) -> None:
    use(server, kind)
    programme = server.bot.services.library.edition.programme
    asked: list[tuple[str, dict[str, str]]] = [
        ("paper", {"paper": next(iter(programme.papers))}),
        ("session", {}),
        ("schedule", {}),
        ("now", {}),
        ("search", {"query": "word1 thing title"}),
    ]
    asked += [("author", {"name": key}) for key in list(programme.people)[:1]]
    asked += [("session", {"session": opened.key}) for opened in programme.sessions[:1]]

    for command, options in asked:
        answer = shown(await ann.slash(server.channel, command, **options))
        for component in components_of(answer):
            if component.get("disabled") or component.get("url"):
                continue
            if component["type"] == discord.ComponentType.button.value:
                result = await ann.click(answer, custom_id=component["custom_id"])
            else:
                value = component["options"][-1]["value"]
                result = await ann.select(answer, [value], custom_id=component["custom_id"])
            for message in (result.response, *result.followups):
                if message:
                    assert_fit_to_be_shown(message)
            if component.get("label") in ("Next", "Previous", "Share"):
                answer = shown(await ann.slash(server.channel, command, **options))
            await server.rest()


async def test_a_hostile_page_is_read_loaded_and_answered_from(server: Server, ann: MemberActor) -> None:
    title = "Beware *of* [x](http://evil.example) and @everyone"
    lines = [
        "Session",
        "Posters ||and|| `more`",
        "Room <#1>",
        title,
        "@Here ⋅ <@123> ⋅ _Ann_ Lee",
        f"{MARKUP} {LONG}",
        *(
            "Tensors by Wire: Fast and Safe",
            "Ada Lovelace ⋅ Grace Hopper ⋅ Alan Kay ⋅ Barbara Liskov",
            f"We send tensors. {LONG}",
        ),
        *(
            "Caches of Clay: Slow and Sound",
            "Alan Turing ⋅ Mary Shelley ⋅ Jean Bartik ⋅ John Backus",
            f"We bake caches. {LONG}",
        ),
    ]

    assert await server.bot.services.library.load(loaded("\r\n".join(lines).encode("utf-8-sig"), "evil.txt"))

    result = await ann.slash(server.channel, "paper", paper="beware")
    assert displayed(embed_of(result).title or "")[0] == title
    fields = {entry.name: displayed(entry.value or "")[0] for entry in embed_of(result).fields}
    assert fields["Authors"] == "@Here, <@123>, _Ann_ Lee"
    assert fields["Where and when"].startswith("Posters ||and|| `more`\nRoom <#1>\n")
    assert "@everyone @here <@123>" in displayed(embed_of(result).description or "")[0]
    assert_fit_to_be_shown(shown(result))


async def test_what_one_types_cannot_turn_around_what_others_read(server: Server, ann: MemberActor) -> None:
    use(server, "three of the same title")

    results = await ann.slash(server.channel, "search", query="the \u202e same \u2066 we do it")
    shared = await ann.click(shown(results), label="Share")

    assert_fit_to_be_shown(shared.followups[0])


async def test_papers_of_the_same_title_become_a_choice_that_tells_them_apart(server: Server, ann: MemberActor) -> None:
    use(server, "three of the same title")

    result = await ann.slash(server.channel, "paper", paper="the same")

    options = menus_of(shown(result))["Pick the paper"]
    assert [option["label"] for option in options] == [f"The Same — Ann {name}" for name in ("Lee", "Roy", "Fox")]


async def test_the_only_paper_offers_no_similar_ones(server: Server, ann: MemberActor) -> None:
    use(server, "one paper only")
    result = await ann.slash(server.channel, "paper", paper="alone")

    assert {"Share", "All of this session"} < set(buttons_of(shown(result)))
    assert "Similar papers" not in buttons_of(shown(result))


async def test_300_authors_are_shown_as_far_as_they_fit_and_counted(server: Server, ann: MemberActor) -> None:
    use(server, "300 authors")

    result = await ann.slash(server.channel, "paper", paper="many hands")

    authors = next(entry.value or "" for entry in embed_of(result).fields if entry.name == "Authors")
    shown_names, _, rest = authors.rpartition(" and ")
    assert len(shown_names.split(", ")) + int(rest.removesuffix(" more")) == 300
    more = await ann.click(shown(result), label="All authors")
    assert embed_of(more).footer.text == "Page 1 of 30 · Many Hands: Light Work"
    assert "None of the authors has another paper in this programme." in (embed_of(more).description or "")

"""The pictures of posters over real HTTP: not lost, and not left behind, because a proxy answered."""

from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.authors.codes import SECRET_VARIABLE, Codes
from bot.authors.model import slots_of
from bot.client import ConferenceBot
from bot.delivery import nap
from tests.support.authors import PNG, PROGRAMME, SECRET
from tests.support.database import rows
from tests.support.process import TOKEN
from tests.support.running import LeapingClock, running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Exchange, Guild, StandIn, discord_stand_in, faults

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
QUICK = 0.02
OVER = f"?ex={int(NOW.timestamp()) - 1:x}&is=0&hm=0"
"""How the address of a file ends that Discord hands out no more."""


class World:
    """A server with a forum, and somebody who becomes the author of a paper and uploads a picture."""

    def __init__(self, folder: Path) -> None:
        source = folder / "programme.json"
        source.write_bytes(PROGRAMME)
        self.clock = LeapingClock(NOW)
        self.guild = Guild("general", clock=self.clock.now)
        self.forum = self.guild.channel("papers", forum=True)
        self.ann = self.guild.person("ann")
        self.config = config_in(
            folder,
            programme={"source": source},
            discord={"organizers": ["Organizers"], "welcome": False, "events": False},
            discussion={"forum": "papers"},
            authors={"claim_by": ["code"], "review": False},
        )

    def bot(self, discord: StandIn) -> AbstractAsyncContextManager[ConferenceBot]:
        return running_bot(discord, self.config, self.clock, hurry=QUICK)

    async def own_paper(self, discord: StandIn, bot: ConferenceBot) -> Exchange:
        """Claim the paper, unless that was done, and look at it as its author."""
        paper = bot.services.library.edition.programme.papers["caches"]
        code = Codes(SECRET).of(next(iter(slots_of(paper))))
        claimed = await discord.command(self.ann, "mypapers", code=code)
        await until(lambda: claimed.shown)
        asked = await discord.command(self.ann, "paper", paper="caches")
        await until(lambda: asked.shown)
        own = await discord.press(self.ann, asked, "I am an author")
        await until(lambda: "Edit what I say" in str(own.messages))
        return own

    async def upload(self, discord: StandIn, bot: ConferenceBot, url: str) -> None:
        form = await discord.press(self.ann, await self.own_paper(discord, bot), "Edit what I say")
        await until(lambda: form.form)
        kept = await discord.submit(self.ann, form, picture=url)
        await until(lambda: "The picture is there for everybody to see" in str(kept.messages))

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """The messages in the paper's place that show a picture."""
        return [one for thread in self.forum.threads for one in thread.messages if "attachment://" in str(one)]

    def states(self) -> list[str]:
        found = rows(self.config.database.path, "SELECT state FROM delivery WHERE kind = 'author-picture'")
        return [state for (state,) in found]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(nap, "LONGEST_NAP", QUICK)
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    return World(tmp_path)


@pytest.mark.parametrize("status", [404, 403])
async def test_a_picture_that_a_proxy_says_is_gone_comes_into_the_place_and_goes_all_the_same(
    status: int, world: World
) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord) as bot:
        met = discord.fail(faults.FILES, faults.html(status), times=1, skip=1)
        await world.upload(discord, bot, discord.upload("poster.png", PNG))
        await world.clock.until(lambda: world.states() == ["sent"])
        assert len(world.pictures) == 1
        assert met.met == 1

        met = discord.fail("DELETE /channels/*/messages/*", faults.html(status), times=1)
        await discord.press(world.ann, await world.own_paper(discord, bot), "Remove the picture")
        await until(lambda: not world.pictures)
        assert met.met == 1


async def test_a_picture_whose_address_is_over_is_given_up(world: World) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord) as bot:
        discord.fail(faults.FILES, faults.html(404), skip=1)
        await world.upload(discord, bot, discord.upload("poster.png", PNG) + OVER)
        await until(lambda: world.states() == ["failed"])
    assert world.pictures == []

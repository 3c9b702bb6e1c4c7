"""What the bot does with its configured source when it starts."""

import logging
from pathlib import Path

import pytest

from bot.config import Config
from tests.support.messages import embed_of
from tests.support.server import SESSION_PAGE, MakeConfig, StartServer

REAL = SESSION_PAGE.read_bytes()
ABSTRACT = "We study caches. They help."
SMALL = f"Session\nPosters\nHall\nCaching\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n".encode()
GROWN = SMALL + f"Batching\nCy Twombly ⋅ Di Wu\n{ABSTRACT}\n".encode()


def with_source(make_config: MakeConfig, path: Path, data: bytes | None) -> Config:
    if data is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(data)
    return make_config(programme={"source": path})


@pytest.mark.parametrize("data", [None, b"", REAL + b"\xe9"], ids=["gone", "empty", "wrong encoding"])
async def test_a_source_that_became_unreadable_leaves_the_bot_on_its_last_programme(
    data: bytes | None,
    start_server: StartServer,
    make_config: MakeConfig,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = tmp_path / "page.txt"
    server = await start_server(with_source(make_config, path, SMALL))
    with caplog.at_level(logging.WARNING, "bot"):
        await server.restart(with_source(make_config, path, data))
    (record,) = [record for record in caplog.records if record.name.startswith("bot")]
    assert record.levelno == logging.WARNING
    assert str(path.name) in record.getMessage()
    assert "stays in use" in record.getMessage()
    assert record.exc_info is None
    answer = await server.member("Ada").slash(server.channel, "paper", paper="Caching")
    assert "Caching" in (embed_of(answer).title or "")


async def test_a_source_that_changed_while_the_bot_was_away_is_loaded_at_its_start(
    start_server: StartServer, make_config: MakeConfig, tmp_path: Path
) -> None:
    path = tmp_path / "page.txt"
    server = await start_server(with_source(make_config, path, SMALL))
    await server.restart(with_source(make_config, path, GROWN))
    answer = await server.member("Ada").slash(server.channel, "paper", paper="Batching")
    assert "Batching" in (embed_of(answer).title or "")

"""What CONTRIBUTING.md tells a new developer works as it stands there."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cogs
from tests.support.server import StartServer

ROOT = Path(__file__).parents[1]


@pytest.fixture
def blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The two files of the section "Add a command": the command, put where the bot finds it, and its test."""
    text = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    folder = tmp_path / "cogs"
    folder.mkdir()
    (folder / "countdown.py").write_text(found[0], encoding="utf-8")
    monkeypatch.setattr(cogs, "__path__", [*cogs.__path__, str(folder)])
    yield found
    sys.modules.pop("cogs.countdown", None)


async def test_a_new_command_is_one_file_and_one_test(blocks: list[str], start_server: StartServer) -> None:
    command, test = blocks
    names: dict[str, Any] = {}
    exec(compile(test, "CONTRIBUTING.md", "exec"), names)  # noqa: S102 - our own document

    server = await start_server()
    await names["test_the_sessions_are_counted"](server)

    result = await server.member("ann").slash(server.channel, "help")
    assert "Show how many sessions there are." in str(result.response and result.response.embeds[0].to_dict())
    assert command.startswith('"""How far the conference is: /countdown."""')

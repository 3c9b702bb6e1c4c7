"""The house rules: which part may know of which other, and what no file may name."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ("bot", "cogs")
    for path in sorted((ROOT / package).rglob("*.py"))
}


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def imports_of(module: str) -> set[str]:
    """Everything a module imports, wherever in it, as full names; of `from a import b` both a and a.b."""
    path = MODULES[module]
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *filter(None, [node.module])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def offenders(inside: list[str], forbidden: tuple[str, ...]) -> list[str]:
    return [f"{module} imports {name}" for module in inside for name in imports_of(module) if within(name, *forbidden)]


def modules_in(*packages: str) -> list[str]:
    found = [module for module in MODULES if within(module, *packages)]
    assert found
    return found


def modules_outside(*packages: str) -> list[str]:
    return [module for module in MODULES if not within(module, *packages)]


def test_every_import_is_found() -> None:
    assert {"asyncio", "bot.programme.build", "bot.programme.build.Times"} <= imports_of("bot.library")
    assert "bot.preview.ask" in imports_of("bot.cli")


@pytest.mark.parametrize("package", ["bot.programme", "bot.search"])
def test_the_programme_and_the_search_know_neither_discord_nor_a_database(package: str) -> None:
    forbidden = ("discord", "sqlalchemy", "alembic", "aiosqlite", "aiohttp", "pydantic", "simcord", "cogs")
    assert offenders(modules_in(package), forbidden) == []


def test_the_programme_knows_nothing_else_of_the_bot() -> None:
    names = {name for module in modules_in("bot.programme") for name in imports_of(module) if within(name, "bot")}
    assert {name for name in names if not within(name, "bot.programme", "bot.errors")} <= {"bot"}


def test_the_search_knows_the_programme_alone() -> None:
    names = {name for module in modules_in("bot.search") for name in imports_of(module) if within(name, "bot")}
    assert {name for name in names if not within(name, "bot.search", "bot.programme", "bot.errors")} <= {"bot"}


def test_what_people_see_is_made_without_a_database_and_without_the_library() -> None:
    assert offenders(modules_in("bot.ui"), ("sqlalchemy", "alembic", "bot.library", "bot.desk", "bot.client")) == []


def test_the_cogs_ask_the_desk_and_not_the_database() -> None:
    assert offenders(modules_in("cogs"), ("sqlalchemy", "alembic", "bot.store")) == []


def test_only_the_store_speaks_sql() -> None:
    assert offenders(modules_outside("bot.store"), ("sqlalchemy", "alembic", "aiosqlite")) == []


def test_the_store_knows_neither_discord_nor_what_people_see() -> None:
    assert offenders(modules_in("bot.store"), ("discord", "bot.ui", "bot.search", "bot.library", "bot.desk")) == []


def test_the_bot_runs_without_the_preview_and_its_simulation() -> None:
    assert offenders(modules_outside("bot.preview", "bot.cli"), ("bot.preview", "simcord")) == []
    assert offenders(["bot.cli"], ("simcord",)) == []


def test_the_locked_packages_for_running_leave_the_tools_out() -> None:
    packages = {name.lower() for name in re.findall(r"^([\w.-]+)==", read("requirements.lock"), re.MULTILINE)}
    assert {"discord-py", "sqlalchemy", "aiosqlite", "alembic", "pydantic", "pylatexenc", "rapidfuzz"} <= packages
    assert packages.isdisjoint({"simcord", "pytest", "mypy", "ruff", "playwright", "hypothesis", "uv"})


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_its_version_and_hashes(name: str) -> None:
    entries = re.split(r"\n(?=\S)", read(name).strip())
    locked = [entry for entry in entries if not entry.startswith("#")]
    assert len(locked) > 10
    for entry in locked:
        assert re.match(r"[\w.\[\]-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def files_of_the_tree() -> list[Path]:
    """Every file that is or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


# Put together here, so that this file does not name them itself.
INDEX = re.compile(
    "|".join(
        [
            "--(?:extra-)?index" + "-url",
            "--find" + "-links",
            "--trusted" + "-host",
            "PIP_" + "INDEX_URL",
            r"(?:files\.pythonhosted|pypi|test\.pypi)\." + r"org/(?:simple|packages)",
            r"https?://[^\s/\"']*(?:artifactory|nexus|devpi|mirror)[^\s\"']*",
        ]
    )
)


def test_no_file_names_a_package_index() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files_of_the_tree()
        if (match := INDEX.search(path.read_bytes().decode("utf-8", "ignore")))
    ]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_names_no_address_at_all(name: str) -> None:
    assert re.findall(r"https?://\S+", read(name)) == []
    assert "\n-i " not in read(name)

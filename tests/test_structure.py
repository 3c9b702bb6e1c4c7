"""What the lock files hold, and what no file may name; which part may use which, `make lint` checks."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))


def packages_of(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", read(name), re.MULTILINE))


def test_the_lock_files_agree() -> None:
    everything = packages_of("requirements-dev.lock")
    assert [f"requirements{name}.lock" for name in ("-dev", "-preview", "-sentry", "-test", "")] == LOCKS
    for name in LOCKS:
        assert packages_of(name).items() <= everything.items(), name


def test_the_locked_packages_for_running_leave_the_tools_out() -> None:
    packages = {name.lower() for name in re.findall(r"^([\w.-]+)==", read("requirements.lock"), re.MULTILINE)}
    assert {"discord-py", "sqlalchemy", "aiosqlite", "alembic", "pydantic", "pylatexenc", "rapidfuzz"} <= packages
    assert packages.isdisjoint({"simcord", "pytest", "mypy", "ruff", "playwright", "hypothesis", "uv", "sentry-sdk"})


def test_reports_of_errors_are_one_more_package_with_what_it_needs() -> None:
    more = packages_of("requirements-sentry.lock").keys() - packages_of("requirements.lock").keys()
    assert more == {"sentry-sdk", "certifi", "urllib3"}


@pytest.mark.parametrize("name", LOCKS)
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


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_address_at_all(name: str) -> None:
    assert re.findall(r"https?://\S+", read(name)) == []
    assert "\n-i " not in read(name)

"""The documentation tells the truth: examples run, links lead somewhere, everything that exists is written down."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rempart import settings, thresholds
from rempart.cases.bundles import schema
from rempart.cases.bundles.profiles import profiles
from rempart.cases.orders.kinds import kinds
from rempart.errors import RempartError
from rempart.facts import BYTES_OF_KIND, reasons
from rempart.lists import FORMATS as LIST_FORMATS
from rempart.media.content_type import sniff
from rempart.media.formats import FORMATS as MEDIA_FORMATS

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
WITH_EXAMPLES = [page for page in PAGES if BLOCK.search(page.read_text())]
EXIT = re.compile(r"\s+# exit (\d+)$")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `build/demo` in it, as `make demo` leaves it."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "rempart", "demo", "--out", "build/demo"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "build"


@pytest.fixture
def shell(demo: Path, tmp_path: Path, environment: dict[str, str]) -> dict[str, str]:
    """The environment of a reader's shell: the demo is built, the command is on the path."""
    (tmp_path / "build").symlink_to(demo)
    bin_folder = Path(sys.executable).parent
    return {**environment, "PATH": f"{bin_folder}{os.pathsep}{environment['PATH']}"}


def commands(block: str) -> Iterator[tuple[str, int]]:
    """(command, expected exit code) of every `$` line."""
    for line in block.splitlines():
        if line.startswith("$ "):
            expected = EXIT.search(line)
            yield EXIT.sub("", line[2:]), int(expected.group(1)) if expected else 0


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=name_of)
def test_every_example_runs(page: Path, tmp_path: Path, shell: dict[str, str]) -> None:
    for language, block in BLOCK.findall(page.read_text()):
        if language == "python":
            script = tmp_path / "example.py"
            script.write_text(block)
            steps = [(f"{sys.executable} example.py", 0)]
        else:
            steps = list(commands(block))
        for step, expected in steps:
            done = subprocess.run(
                ["bash", "-c", step], cwd=tmp_path, env=shell, capture_output=True, text=True, timeout=120
            )
            assert done.returncode == expected, f"{step}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        assert target.startswith("https://") or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_a_command_that_does_not_exist(page: Path) -> None:
    import typer

    from rempart.cli.main import app

    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"(?:`|\$ |^)rempart ([a-z]+)", page.read_text(), re.MULTILINE))
    assert named <= known


def text_of(name: str) -> str:
    return (ROOT / "docs/reference" / name).read_text()


def test_every_setting_threshold_and_reason_is_in_the_reference() -> None:
    assert all(f"`{name}`" in text_of("settings.md") for name, _, _ in settings.table(settings.read()))
    assert all(f"`{name}`" in text_of("thresholds.md") for name in thresholds.ALL)
    assert all(f"`{code}`" in text_of("reasons.md") for code in reasons.MEANING)


def test_every_media_and_list_format_is_in_the_reference() -> None:
    assert all(f"`{media_type}`" in text_of("media-formats.md") for media_type in MEDIA_FORMATS)
    assert all(f"`{name}`" in text_of("list-formats.md") for name in LIST_FORMATS)
    assert all(f"`{kind}`" in text_of("list-formats.md") for kind in BYTES_OF_KIND)


def test_every_field_and_profile_of_bundles_is_in_the_reference() -> None:
    page = text_of("bundles.md")
    assert all(f"| `{name}` |" in page for name in (*schema.FIELDS, *profiles()))
    assert all(f"`{name}`" in (ROOT / "docs/how-to/receive-bundles.md").read_text() for name in profiles())


def test_every_kind_of_order_is_told_with_its_hours() -> None:
    page = (ROOT / "docs/how-to/answer-orders.md").read_text()
    for one in kinds().values():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{one.id}` |")]
        assert f"{one.hours} hour" in row


def test_every_error_family_has_an_exit_code_in_the_reference() -> None:
    codes = {error.exit_code for error in RempartError.__subclasses__()}
    assert all(f"| {code} |" in text_of("commands.md") for code in codes)


def test_every_decision_is_one_page_and_names_what_guards_it() -> None:
    for page in (ROOT / "docs/decisions").glob("*.md"):
        text = page.read_text()
        assert len(text.splitlines()) <= 45, page.name
        assert "**Decision.**" in text
        assert "**Guarded by**" in text


def test_the_readme_names_the_test_command() -> None:
    assert "make test" in (ROOT / "README.md").read_text()
    assert shutil.which("make") is None or "test:" in (ROOT / "Makefile").read_text()


def test_a_document_is_recognised_and_said_to_be_unsupported() -> None:
    assert "`application/pdf`" in text_of("media-formats.md")
    assert sniff(b"%PDF-1.7") == "application/pdf"

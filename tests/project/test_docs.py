"""The documentation says what the code does, and both READMEs say the same."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Final

import pytest

from escott.django.conf import EscottSettings
from escott.simulator.magic_cards import DEMO_CARD, SECURITY_CODE
from escott.simulator.merchants import DEMO_CARDS

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"

READMES: Final = (ROOT / "README.md", ROOT / "README.ja.md")

#: Everything that people read outside the built pages, and the pages themselves.
TEXTS: Final = (
    *READMES,
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "changelog.d" / "README.md",
    ROOT / "requirements" / "README.md",
    *sorted(DOCS.rglob("*.md")),
)

#: Where system checks are.
CHECKS: Final = sorted((ROOT / "src" / "escott").rglob("checks.py"))

_CODE: Final = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")

#: What no file may name, in halves so that this one does not: registries' hosts, and folders
#: of the machine that somebody happened to work on.
_FORBIDDEN: Final = tuple(
    "".join(halves)
    for halves in (
        ("pypi", ".org"),
        ("files.python", "hosted"),
        ("registry.", "npmjs"),
        ("deb.debian", ".org"),
        ("archive.ubuntu", ".com"),
        ("index.", "crates.io"),
        ("proxy.", "golang.org"),
        ("/wo", "rk/"),
        ("/ro", "ot/"),
    )
)


def code_blocks(text: str) -> list[tuple[str, str]]:
    """Language and content of every fenced block."""
    return _CODE.findall(text)


def without_code(text: str) -> str:
    return _CODE.sub("", text)


def headings(path: Path) -> list[int]:
    """The level of every heading, in order."""
    prose = without_code(path.read_text(encoding="utf-8"))
    return [len(marks) for marks in re.findall(r"^(#+) ", prose, re.MULTILINE)]


def own_files() -> list[Path]:
    """The files that are committed or will be; without git, all but what is made here."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return [path for path in ROOT.rglob("*") if path.is_file() and not _is_made(path)]
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def _is_made(path: Path) -> bool:
    first, *others = path.relative_to(ROOT).parts
    return (
        first in {".git", ".venv", ".hypothesis", "site", "build", "dist"}
        or "__pycache__" in others
        or (first.startswith(".") and first.endswith("_cache"))
        or (first == "demo" and others[0] == "var")
    )


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


@pytest.fixture(scope="module")
def built_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation as ``make docs`` builds it."""
    folder = tmp_path_factory.mktemp("site")
    build = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert build.returncode == 0, build.stderr
    return folder


def test_both_readmes_have_the_same_sections() -> None:
    english, japanese = map(headings, READMES)
    assert english == japanese


def test_both_readmes_have_the_same_code_and_pictures() -> None:
    english, japanese = (path.read_text(encoding="utf-8") for path in READMES)
    assert code_blocks(english) == code_blocks(japanese)
    pictures = re.compile(r"docs/pictures/[\w-]+\.png")
    assert pictures.findall(english) == pictures.findall(japanese)


def test_both_readmes_have_the_same_tables_and_addresses() -> None:
    english, japanese = (path.read_text(encoding="utf-8") for path in READMES)
    for pattern in (r"<(http[^>]+)>", r"`([^`\n]+)`", r"^\|", r"^ *(?:-|\d\.) "):
        found = re.compile(pattern, re.MULTILINE)
        assert sorted(found.findall(without_code(english))) == sorted(
            found.findall(without_code(japanese))
        )


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_a_readme_names_the_demo_card_and_the_accounts_of_the_demo(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    grouped = " ".join(re.findall("....", DEMO_CARD.number))
    month, year = DEMO_CARD.expiry[2:], DEMO_CARD.expiry[:2]
    for fact in (f"**{grouped}**", f"**{month}/{year}**", f"**{SECURITY_CODE}**"):
        assert fact in text
    for fact in (DEMO_CARDS.merchant_id, DEMO_CARDS.merchant_pass, DEMO_CARDS.token_code):
        assert f'"{fact}"' in text
    seed = (ROOT / "demo" / "shop" / "seed" / "accounts.py").read_text(encoding="utf-8")
    accounts = re.findall(r'^\w+: Final = \("(\S+)", "(\S+)"\)$', seed, re.MULTILINE)
    assert len(accounts) == 4
    for mail, password in accounts:
        assert f"`{mail}` / `{password}`" in text


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_make_target_that_is_named_exists(text: Path) -> None:
    command = re.compile(r"(?:^|`)(?:[A-Z_]+=\S+ )*make ([a-z]+)", re.MULTILINE)
    named = command.findall(text.read_text(encoding="utf-8"))
    assert set(named) <= make_targets()


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_between_files_leads_somewhere(text: Path) -> None:
    for plain, picture in _LINK.findall(without_code(text.read_text(encoding="utf-8"))):
        target = (plain or picture).partition("#")[0]
        if target and "://" not in target:
            assert (text.parent / target).exists(), f"{text.name} links to {target}"


def test_every_picture_is_shown_by_a_page() -> None:
    shown = "".join(text.read_text(encoding="utf-8") for text in TEXTS)
    pictures = sorted(picture.name for picture in (DOCS / "pictures").iterdir())
    assert [picture for picture in pictures if f"pictures/{picture}" not in shown] == []


def test_the_pages_build_without_a_broken_link_and_load_nothing_from_elsewhere(
    built_pages: Path,
) -> None:
    loaded = re.compile(r"<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)=\"?(?:https?:)?//")
    pages = list(built_pages.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        assert not loaded.search(page.read_text(encoding="utf-8")), page.name
    for sheet in built_pages.rglob("*.css"):
        assert not re.search(r"(?:@import|url\()\s*[\"']?https?:", sheet.read_text("utf-8"))


def test_the_settings_reference_has_every_setting_with_its_meaning(built_pages: Path) -> None:
    page = (built_pages / "reference" / "settings.html").read_text(encoding="utf-8")
    row = re.compile(
        r"<td><code>([A-Z_]+)</code></td>\s*<td><code>[^<]+</code></td>\s*<td>(.+?)</td>"
    )
    documented = {setting for setting, text in row.findall(page) if text.strip()}
    assert documented == {field.name.upper() for field in fields(EscottSettings)}


def test_the_checks_reference_has_every_check() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in CHECKS)
    ids = set(re.findall(r'id="(\w+\.[EW]\d+)"', code))
    page = (DOCS / "reference" / "checks.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `(\w+\.[EW]\d+)` \|", page, re.MULTILINE)
    assert sorted(documented) == sorted(ids)


def test_the_page_of_the_worker_names_every_job() -> None:
    code = {path: path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")}
    jobs = ast.parse(code[ROOT / "src" / "escott" / "django" / "jobs.py"])
    [named] = [node.value for node in ast.walk(jobs) if isinstance(node, ast.AnnAssign)]
    assert isinstance(named, ast.Dict)
    names = {ast.literal_eval(key) for key in named.keys if key is not None}
    names |= {name for text in code.values() for name in re.findall(r'add_job\("([^"]+)"', text)}
    page = (DOCS / "how-to" / "worker.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| ([a-z ]+) \| [a-z]", page, re.MULTILINE)) - {"job"}
    assert documented == names


def test_the_response_codes_reference_has_every_code(built_pages: Path) -> None:
    from escott.gateway import CATALOGUE

    page = (built_pages / "reference" / "response-codes.html").read_text(encoding="utf-8")
    documented = re.findall(r"<td><code>([0-9A-Z]+)</code></td>", page)
    assert sorted(documented) == sorted(CATALOGUE)


def test_a_feature_that_is_there_names_tests_that_exist() -> None:
    table = (DOCS / "reference" / "features.tsv").read_text(encoding="utf-8").splitlines()
    head, *rows = (line.split("\t") for line in table)
    for cells in rows:
        feature = dict(zip(head, cells, strict=True))
        assert feature["status"] in {"yes", "part", "no"}
        if feature["status"] == "yes":
            assert feature["shown_by"], feature["feature"]
        if feature["status"] == "part":
            assert feature["shown_by"] or feature["note"], feature["feature"]
        for shown_by in feature["shown_by"].split():
            path, _, name = shown_by.partition("::")
            assert name in names_of_tests(ROOT / "tests" / path), shown_by


def names_of_tests(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_operators_manual_names_every_state_of_a_payment() -> None:
    from django.utils.translation import override

    from escott.django.models.payment import STATE_LABELS

    page = (DOCS / "ja" / "orders.md").read_text(encoding="utf-8")
    with override("ja"):
        for label in STATE_LABELS.values():
            assert f"| **{label}** |" in page


def test_no_file_names_a_package_registry_or_a_folder_of_somebodys_machine() -> None:
    for path in own_files():
        content = path.read_bytes()
        for forbidden in _FORBIDDEN:
            assert forbidden.encode() not in content, f"{path.relative_to(ROOT)}: {forbidden}"


def test_the_changelog_can_be_built() -> None:
    draft = subprocess.run(
        [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "9.9.9"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "## 9.9.9" in draft
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "\n<!-- towncrier release notes start -->\n" in changelog

"""What is left out on PostgreSQL: nothing in which two databases may differ; in soak nothing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.second_database import FILES, TESTS, is_alike

#: Names of what a database has a say in.
TELLING = {
    "Barrier",
    "CaptureQueriesContext",
    "Thread",
    "ThreadPoolExecutor",
    "at_once",
    "django_assert_max_num_queries",
    "django_assert_num_queries",
    "django.db",
}


def named(file: Path) -> set[str]:
    """What a file of tests imports, calls and takes as a fixture."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.alias(name=name):
                found.add(name)
            case ast.ImportFrom(module=str(module)):
                found.add(module)
    return found


LEFT_OUT = sorted(FILES | {*TESTS.glob("demo/test_browser_*.py")})


@pytest.mark.parametrize("file", LEFT_OUT, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_what_is_left_out_has_nothing_in_which_databases_differ(file: Path) -> None:
    assert file.exists()
    assert named(file) & TELLING == set()


def test_what_is_named_after_a_browser_opens_one() -> None:
    for file in TESTS.glob("demo/test_browser_*.py"):
        assert "page" in named(file), file


@pytest.mark.parametrize(
    ("file", "left_out"),
    [
        ("django/test_checks.py", True),
        ("demo/test_browser_link.py", True),
        ("django/test_pay.py", False),
        ("oscar/test_admin.py", False),
        ("demo/test_simultaneous_posts.py", False),
    ],
)
def test_a_file_is_left_out_by_its_folder_and_name(file: str, left_out: bool) -> None:
    assert is_alike(TESTS / file) is left_out


def test_every_suite_is_run_and_soak_runs_them_with_the_full_figures() -> None:
    makefile = (TESTS.parent / "Makefile").read_text(encoding="utf-8")
    suites = {path.parent.name for path in TESTS.glob("*/test_*.py")}
    assert set(re.findall(r"tests/(\w+)(?= |$)", makefile, re.MULTILINE)) == suites
    assert "ESCOTT_SOAK=1 $(MAKE) test" in makefile

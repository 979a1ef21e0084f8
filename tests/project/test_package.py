"""What `pip install escott` brings, and what it leaves to the extras."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """The project table of pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)["project"]
    return table


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [built] = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def names(requirements: list[str]) -> set[str]:
    """The packages that requirements name."""
    return {requirement.split(">")[0].split("[")[0] for requirement in requirements}


def test_the_package_alone_brings_only_what_the_lower_floors_need(project: dict[str, Any]) -> None:
    assert names(project["dependencies"]) == {
        "urllib3",
        "cryptography",
        "jaconv",
        "jpholiday",
    }


def test_each_extra_brings_its_floor(project: dict[str, Any]) -> None:
    assert project["optional-dependencies"].keys() == {"simulator", "django", "oscar", "postgres"}


def test_gateway_and_rules_import_nothing_of_the_floors_above() -> None:
    program = (
        "import sys, escott.gateway, escott.rules.card_states; "
        "print({name.split('.')[0] for name in sys.modules} "
        "& {'django', 'oscar', 'starlette', 'uvicorn', 'jinja2', 'psycopg'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "name",
    [
        "escott/py.typed",
        "escott/gateway/response_codes.tsv",
        "escott/django/migrations/0001_initial.py",
        "escott/django/templates/escott/card_form.html",
        "escott/django/static/escott/card-form.js",
        "escott/django/locale/ja/LC_MESSAGES/django.mo",
        "escott/oscar/locale/ja/LC_MESSAGES/django.mo",
        "escott/simulator/static/token.js",
        "escott/simulator/templates/page.html",
    ],
)
def test_the_wheel_has_its_data(name: str, wheel: set[str]) -> None:
    assert name in wheel


def test_demo_tests_and_tools_stay_out_of_the_wheel(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"escott"}

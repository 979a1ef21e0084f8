"""The house: each floor imports only from the floors below it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = ROOT / "src" / "escott"

#: What each floor may import, beside itself and what it names in ``OUTSIDE``.
FLOORS: Final = {
    "clock": set(),
    "rules": {"clock"},
    "gateway": {"clock", "rules"},
    "simulator": {"clock", "gateway"},
    "django": {"clock", "rules", "gateway"},
    "oscar": {"clock", "rules", "gateway", "django"},
    "trade": {"clock", "rules", "gateway", "django", "oscar", "simulator"},
    "cli": {"clock", "simulator"},
}

#: What may stand beside the standard library on the floors that `pip install escott` brings.
OUTSIDE: Final = {
    "clock": set(),
    "rules": {"jaconv", "jpholiday"},
    "gateway": {"urllib3", "cryptography"},
}

#: The services that send telegrams: one that moves money, the others inquire or keep cards.
MAY_SPEAK: Final = {
    "call",
    "collection/inquiry",
    "member_reference",
    "members",
    "recovery",
    "token_check",
}

STANDARD_LIBRARY: Final = sys.stdlib_module_names | {"_typeshed"}

#: The modules of the gateway that the simulator shares: the codec and the names.
SHARED_WITH_SIMULATOR: Final = {
    "codec",
    "crypto",
    "errors",
    "operations",
    "reasons",
    "response_codes",
    "secret",
    "secure",
    "transport",
}


def imports(file: Path) -> Iterator[str]:
    """Every module that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module
            case ast.ImportFrom(level=level) if level:
                raise AssertionError(f"{file}: write imports out, from escott on")


def modules() -> list[tuple[str, Path]]:
    """Every Python file of the package with the floor it stands on."""
    files = [file for file in PACKAGE.rglob("*.py") if file != PACKAGE / "__init__.py"]
    return [(file.relative_to(PACKAGE).parts[0].removesuffix(".py"), file) for file in files]


@pytest.mark.parametrize(
    ("floor", "file"), modules(), ids=lambda value: value.name if isinstance(value, Path) else value
)
def test_a_floor_imports_only_from_the_floors_below_it(floor: str, file: Path) -> None:
    for module in imports(file):
        if module == "escott" or module.startswith("escott."):
            below = module.removeprefix("escott").removeprefix(".").split(".")[0]
            assert below in FLOORS[floor] | {floor, ""}, f"{file.name} imports {module}"
        elif floor in OUTSIDE:
            root = module.split(".")[0]
            assert root in OUTSIDE[floor] or root in STANDARD_LIBRARY, f"{file.name}: {module}"


def test_the_simulator_shares_only_the_codec_and_the_names_with_the_client() -> None:
    used = {
        module.split(".")[2]
        for floor, file in modules()
        if floor == "simulator"
        for module in imports(file)
        if module.startswith("escott.gateway.")
    }
    assert used <= SHARED_WITH_SIMULATOR


def test_nobody_but_the_services_speaks_to_the_gateway() -> None:
    speakers = {
        file.relative_to(PACKAGE / "django").as_posix()
        for floor, file in modules()
        if floor == "django" and re.search(r"\bclient_(for|of)", file.read_text(encoding="utf-8"))
    }
    services = {name for name in speakers if name.startswith("services/")}
    assert speakers - services == {"gateway_access.py"}
    assert services == {f"services/{name}.py" for name in MAY_SPEAK}

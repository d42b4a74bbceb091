"""python -m moderator_app.server: the reference server alone, without the rest of the program."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from moderator_app.server.serve import serve


def main() -> int:
    """Serve what the command line says; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m moderator_app.server", description=serve.__doc__)
    parser.add_argument("--database", required=True, help="sqlite:///FILE or postgresql://USER@HOST/NAME")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--seed", type=Path, help="a newsroom to add")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input does")
    given = parser.parse_args()
    return serve(
        database=given.database,
        host=given.host,
        port=given.port,
        seed=given.seed,
        until_stdin_closes=given.until_stdin_closes,
    )


if __name__ == "__main__":
    sys.exit(main())

"""The command line: the window, the demo, the reference server and the check, with one sentence for each trouble."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from moderator_app import __version__, paths
from moderator_app.errors import KnownTrouble

DONE, COULD_NOT, WRONG_USAGE = 0, 1, 2
KINDS = ("native", "wordpress", "coral")
_NO_SCREEN = "There is no screen to show the window on. Start it in a desktop session, or set DISPLAY."
_NO_SERVER = "The reference server is not installed. Install it with: pip install 'moderator-app[server]'"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit code: 0 done, 1 could not, 2 wrong usage."""
    given = _parser().parse_args(arguments)
    try:
        code: int = given.run(given)
    except KnownTrouble as trouble:
        return _could_not(trouble.sentence)
    except KeyboardInterrupt:
        return COULD_NOT
    except BrokenPipeError:  # whoever read the output has enough
        sys.stdout = None
        return COULD_NOT
    return code


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data-dir", metavar="DIR", default=argparse.SUPPRESS, help="keep everything under DIR")
    parser = argparse.ArgumentParser(
        prog="moderator-app", description="Read every reader comment before it is published.", parents=[common]
    )
    parser.add_argument("--version", action="version", version=f"moderator-app {__version__}")
    parser.add_argument("--server", metavar="URL", default="", help="open a window on this site")
    parser.add_argument("--kind", choices=KINDS, default="", help="of the server; found out when not given")
    parser.add_argument("--user", metavar="NAME", default="", help="the account; its secret comes from the keyring")
    parser.set_defaults(run=_window)
    commands = parser.add_subparsers(title="commands", metavar="")
    demo = commands.add_parser("demo", help="a newsroom to try, with a server of its own", parents=[common])
    demo.add_argument("--seed", metavar="FILE", type=Path, help="another newsroom")
    demo.set_defaults(run=_demo)
    _add_serve(commands)
    check = commands.add_parser("check", help="mark comments given as JSON Lines", parents=[common])
    check.add_argument("file", nargs="?", default="-", metavar="FILE", help="- (the default): standard input")
    check.add_argument("--explain", action="store_true", help="say rule, certainty and reason of each mark")
    check.set_defaults(run=_check)
    return parser


def _add_serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = commands.add_parser("serve", help="the reference server alone")
    serve.add_argument("--database", metavar="URL", default="", help="default: a SQLite file in the data folder")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=_port, default=0, metavar="N", help="default: a free one")
    serve.add_argument("--seed", metavar="FILE", type=Path, help="a newsroom to begin with")
    serve.add_argument("--data-dir", metavar="DIR", default=argparse.SUPPRESS, help="keep everything under DIR")
    serve.set_defaults(run=_serve)


def _port(word: str) -> int:
    number = int(word)
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return number


def _folder(given: argparse.Namespace) -> Path:
    return paths.data_folder(getattr(given, "data_dir", None))


def _window(given: argparse.Namespace) -> int:
    return _show(_folder(given), given)


def _demo(given: argparse.Namespace) -> int:
    seed = given.seed or paths.resources() / "demo" / "newsroom.json"
    if not seed.is_file():
        return _could_not(f"There is no file {seed}. Name a newsroom that exists.")
    if hasattr(given, "data_dir"):
        return _show(_folder(given), given, seed)
    from shutil import rmtree
    from tempfile import mkdtemp

    folder = Path(mkdtemp(prefix="moderator_app-demo-"))  # the demo remembers nothing
    try:
        return _show(folder, given, seed)
    finally:
        rmtree(folder, ignore_errors=True)


def _show(folder: Path, given: argparse.Namespace, seed: Path | None = None) -> int:
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        return _could_not(_NO_SCREEN)
    try:
        from moderator_app import app
    except ImportError as error:
        return _could_not(
            f"The window cannot be shown, for something it needs is missing ({error.name or error}). "
            "Install the packages that the README names for your system."
        )
    options = app.Options(
        data_dir=folder,
        server=getattr(given, "server", ""),
        kind=getattr(given, "kind", ""),
        account=getattr(given, "user", ""),
        demo_seed=seed,
    )
    return app.run(options)


def _serve(given: argparse.Namespace) -> int:
    try:
        from moderator_app.server.serve import serve
    except ImportError:
        return _could_not(_NO_SERVER)
    database = given.database
    if not database:
        folder = _folder(given)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = f"sqlite:///{folder / 'server.sqlite'}"
    return serve(database=database, host=given.host, port=given.port, seed=given.seed)


def _check(given: argparse.Namespace) -> int:
    from moderator_app.guidelines import policy, stream
    from moderator_app.guidelines.check import Checker

    checker = Checker(policy.builtin(paths.resources()))
    if given.file == "-":
        return stream.run(sys.stdin.buffer, sys.stdout, sys.stderr, checker, given.explain)
    try:
        with Path(given.file).open("rb") as source:
            return stream.run(source, sys.stdout, sys.stderr, checker, given.explain)
    except OSError as error:
        return _could_not(f"{given.file} cannot be read: {error.strerror}. Name a file that can.")


def _could_not(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return COULD_NOT

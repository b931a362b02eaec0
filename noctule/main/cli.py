"""The command `noctule`: every way to start it. Flags win over `NOCTULE_*`; `--help` of each command says more."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from noctule import __version__
from noctule.base.settings import BadSetting, Settings, read_settings
from noctule.main import backup, check, doctor, logs, model, passwords, reanalysis, serve, transfers, work
from noctule.transfer import FORMATS

Command = Callable[[Settings, argparse.Namespace], int]


def run(arguments: Sequence[str] | None = None) -> None:
    sys.exit(main(arguments))


def main(arguments: Sequence[str] | None = None) -> int:
    given = build_parser().parse_args(arguments)
    logs.start()
    try:
        flags = {name: getattr(given, name, None) for name in ("host", "port", "data_dir", "workers", "database_url")}
        settings = read_settings().with_flags(flags)
    except BadSetting as error:
        print(f"noctule: {error}", file=sys.stderr)
        return 2
    command: Command = given.command
    return command(settings, given)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="noctule", description="The open home of a team's chatbots.")
    parser.add_argument("--version", action="version", version=f"noctule {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    _add(
        commands,
        "serve",
        "answer requests, judge conversations, and run PostgreSQL unless one is given",
        command=serve.serve,
    )
    _add(
        commands, "demo", "the same with demo data, in a folder of its own that may be thrown away", command=serve.demo
    )
    _add(commands, "worker", "judge conversations only, beside a server, also on another machine", command=work.worker)
    _add(commands, "migrate", "bring the database to this version and stop", command=work.migrate_only)
    _add(commands, "export", "write the conversations of a chatbot to standard output", command=transfers.export_file)
    _add(commands, "import", "store the conversations of a file in a chatbot", command=transfers.import_file)
    _add(commands, "backup", "write everything into a new folder, also while a server runs", command=backup.backup)
    _add(commands, "restore", "fill an empty installation from a backup", command=backup.restore)
    _add(
        commands,
        "reset-password",
        "print a link with which somebody sets a new password",
        command=passwords.reset_password,
    )
    _add(commands, "model", "say whether the model for meanings is there, or build it", command=model.model)
    _add(commands, "reanalyse", "judge again what was judged, and say what changed", command=reanalysis.reanalyse)
    _add(
        commands,
        "rebuild-rollups",
        "count the figures of all days anew from what is stored",
        command=reanalysis.rebuild_rollups,
    )
    _add(
        commands,
        "doctor",
        "say whether all is well, what came in by the hour, and why a page is empty",
        command=doctor.doctor,
    )
    _add(commands, "check-config", "say what the settings mean and warn of what is unsafe", command=check.check_config)
    return parser


def _add(commands: Any, name: str, what: str, *, command: Command) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=what, description=what[:1].upper() + what[1:] + "."
    )
    parser.set_defaults(command=command)
    parser.add_argument("--data-dir", help="where everything is kept (default ./.noctule)")
    parser.add_argument("--database-url", help="a PostgreSQL of your own instead of the embedded one")
    if name in ("serve", "demo", "check-config"):
        parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--port", help="port to listen on (default 8000; 0 takes a free one)")
        parser.add_argument("--workers", help="processes that judge conversations (default 1)")
    if name in ("export", "import"):
        parser.add_argument("--chatbot", required=True, help="id of the chatbot")
    if name in ("doctor", "reanalyse"):
        parser.add_argument("--chatbot", help="id of the chatbot (default: all)")
    if name in ("backup", "restore"):
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="of the backup")
    if name == "export":
        parser.add_argument("--format", choices=FORMATS, default="jsonl", help="of the file (default jsonl)")
        parser.add_argument("--analysis", action="store_true", help="with what was judged")
    if name == "import":
        parser.add_argument("file", type=Path, metavar="FILE", help="what kind it is shows in the file")
        parser.add_argument("--format", choices=FORMATS, help="where the file does not show it")
        parser.add_argument("--dry-run", action="store_true", help="only say what is in it and what is wrong")
        parser.add_argument("--no-analysis", action="store_true", help="without having it judged")
    if name == "reset-password":
        parser.add_argument("--host", help="where the server listens, for the link (default 127.0.0.1)")
        parser.add_argument("--port", help="where the server listens, for the link (default 8000)")
        parser.add_argument("email", metavar="EMAIL", help="of the account")
    if name == "model":
        parser.add_argument("--build", action="store_true", help="build it now instead of in the background")
    if name == "worker":
        parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)  # stop when this process is gone

"""The console command `kawaraban`. It sets up, fills, serves and examines a site; the rooms do the work."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from kawaraban import home

console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)


class Stop(Exception):  # noqa: N818 - an orderly end with a sentence, not a fault
    """Ends the command with a sentence for the person and exit code 1."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 done, 1 not done, 2 not understood."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["manage"]:
        return _manage(words[1:])
    options = _parser().parse_args(words)
    try:
        return int(options.run(options) or 0)
    except KeyboardInterrupt:
        complaints.print("Stopped. What was finished is kept; the same command goes on from there.")
        return 130
    except Exception as error:
        if getattr(options, "debug", False):
            raise
        complaints.print(_sentence(error), style="red", markup=False)
        return 1


# --- Commands --------------------------------------------------------------------------------------------------------


def init(options: argparse.Namespace) -> None:
    """Make the site in its folder, or bring it up to this version."""
    folder = home.home()
    _write_settings(folder, options.url, options.time_zone)
    _start_django()
    from django.conf import settings
    from django.core.management import call_command

    from kawaraban.newsroom.actions import prepare_site

    for name in ("media", "log"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    _refuse_other_tables()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    address = urlsplit(settings.SITE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    prepare_site(options.name, address.hostname or "localhost", port)
    _collect_static()
    console.print(f"The site is ready in {folder}, for {settings.SITE_URL}.")
    if not options.quiet:
        console.print("Next: `kawaraban manage createsuperuser`, then `kawaraban serve`.")


def demo(options: argparse.Namespace) -> None:
    """Fill a site with the demo newsroom, and serve it."""
    is_new = not (home.home() / home.ENV_FILE).exists()
    options.name, options.time_zone, options.quiet = "The Harbour Courier", "Asia/Tokyo" if is_new else "", True
    _write_settings(home.home(), options.url, options.time_zone)
    _start_django()
    from django.conf import settings

    from kawaraban.importers.demo import newsroom

    if not settings.LOCAL:
        raise Stop(
            f"The demo has passwords that everybody knows, so nothing was filled into {settings.SITE_URL}. "
            "Give it a folder of its own with KAWARABAN_HOME."
        )
    if not options.no_serve:
        _refuse_taken_port(*_place(options))
    init(options)

    with _progress("The newsroom is at work") as tell:
        for step in newsroom.fill():
            tell(step.done, step.total)
    _print_sign_ins(newsroom.sign_ins())
    if not options.no_serve:
        serve(options)


def serve(options: argparse.Namespace) -> None:
    """Serve the site, and do its background work, until Ctrl-C."""
    _start_django()
    # Read when Granian is imported: what ten thousand open pages took of its heap is given back when they are gone.
    os.environ.setdefault("_RJEM_MALLOC_CONF", "narenas:2,background_thread:true,dirty_decay_ms:1000")
    from django.conf import settings
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.server import Server

    from kawaraban.jobs import companion
    from kawaraban.jobs.processes import get_ready_to_fork

    _refuse_unready()
    _collect_static()
    host, port = _place(options)
    _refuse_taken_port(host, port)
    console.print(f"Serving {settings.SITE_URL} from {host}:{port}. Ctrl-C stops it.")
    # Forked, the server and the worker share what is imported here: a third of the memory, and of the time to start.
    get_ready_to_fork()
    multiprocessing.set_start_method("fork", force=True)
    server = Server(
        "kawaraban.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        # Behind a proxy, which speaks to browsers in whatever they like best and to us in this.
        http=HTTPModes.http1,
        loop=Loops.uvloop,
        workers=1,
        websockets=False,
        # Granian counts every open page as a request under way; beyond this number nobody is let in.
        backpressure=1_024 + settings.LIVE_STREAMS,
        # A request that is under way when the loop ends waits for ever; what was acknowledged is on disk by then.
        workers_kill_timeout=8,
        log_access=False,
        log_level=_granian_level("warning"),
        # What the server itself says is written down as everything else is.
        log_dictconfig={"formatters": dict.fromkeys(("generic", "access"), settings.LOG_LINE)},
    )
    with nullcontext() if options.web_only else companion.alongside(companion.work, options.slots):
        server.serve()


def work(options: argparse.Namespace) -> None:
    """Do background work until Ctrl-C, beside a `serve --web-only`."""
    _start_django()
    from kawaraban.jobs.worker import Worker

    _refuse_unready()
    console.print("Working. Ctrl-C stops it.")
    Worker(options.slots).run()


def clock(options: argparse.Namespace) -> None:
    """Start periodic work when it is due, until Ctrl-C, beside a `serve --web-only`."""
    _start_django()
    from kawaraban.jobs.worker import run_clock

    _refuse_unready()
    console.print("The clock runs. Ctrl-C stops it.")
    run_clock()


def import_page(options: argparse.Namespace) -> None:
    """Import saved story pages, each whole or not at all."""
    if options.report and len(options.files) > 1:
        raise Stop("--report tells of one file, so nothing was imported; import the files one by one.")
    _start_django()
    from kawaraban.importers import actions

    failed = 0
    for name in options.files:
        try:
            with _progress(f"Importing {Path(name).name}") as tell:
                outcome = actions.import_page(Path(name), tell)
        except actions.NotImported as error:
            failed += 1
            complaints.print(f"{name}: {error}", style="red", markup=False)
            continue
        for warning in outcome.warnings:
            complaints.print(f"{name}: {warning}", style="yellow", markup=False)
        console.print(f"{name}: {outcome.sentence}", markup=False)
        if options.report:
            _write_json(options.report, outcome.report)
    if failed:
        raise Stop(f"{failed} of {len(options.files)} files were not imported; nothing of them was kept.")


def export_story(options: argparse.Namespace) -> None:
    """Write a story and its discussion as JSON (docs/reference/exchange.md)."""
    _start_django()
    from kawaraban.importers import exchange

    try:
        document = exchange.story_document(options.url)
    except LookupError as error:
        raise Stop(str(error.args[0])) from error
    _write_json(options.output, document)


def examine(options: argparse.Namespace) -> int:
    """Say what is wrong with this installation; exit 1 if anything is."""
    _start_django()
    from kawaraban import doctor

    ill = 0
    for finding in doctor.examine():
        console.print(f"{'ok  ' if finding.is_well else 'MEND'}  {finding.what}", markup=False)
        if not finding.is_well:
            ill += 1
            console.print(f"      {finding.mend}", markup=False)
    console.print("Nothing to mend." if not ill else f"{ill} to mend.")
    return 1 if ill else 0


def edge_status(options: argparse.Namespace) -> int:
    """Say how the remembered pages of this machine's processes do; exit 1 if none runs."""
    from kawaraban.edge import status

    told = status.read(home.home() / status.FOLDER)
    for said in told:
        console.print("\n".join(status.in_words(said)), markup=False)
    if status.is_emergency(home.home()):
        console.print("EMERGENCY: only stories are served. `kawaraban edge emergency off` ends it.")
    if not told:
        raise Stop("No process of this site runs on this machine.")
    return 0


def edge_emergency(options: argparse.Namespace) -> None:
    """Serve stories and nothing that costs more, or end that; works while the database is away."""
    from kawaraban.edge import status

    status.switch(home.home(), on=options.state == "on")
    if options.state == "on":
        console.print("From the next second on this machine serves stories; writing, voting, search and the rest wait.")
    else:
        console.print("From the next second on this machine serves everything again.")


def verify_record(options: argparse.Namespace) -> int:
    """Say whether the record of moderation is whole, and name its first break; exit 1 if there is one."""
    _start_django()
    from kawaraban.decisions import reads

    end = reads.end_of_record()
    found = reads.first_break()
    if found:
        complaints.print(found.sentence, style="red", markup=False)
        console.print("What stands before it is as it was written; the backups say what is missing.")
        return 1
    if options.end and not reads.had_end(options.end):
        raise Stop("The record is whole in itself, but it is another one: the end that you kept is not in it.")
    console.print(f"The record is whole: {end.number:,} entries. Its end, to be kept elsewhere:")
    console.print(f"{end.number}:{end.hash}", markup=False)
    return 0


def dsa_report(options: argparse.Namespace) -> None:
    """Write the transparency report of the Digital Services Act, a CSV file for each part (docs/guide/moderate.md)."""
    _start_django()
    from kawaraban.moderation import report_dsa
    from kawaraban.moderation.reads import dsa

    if options.end < options.begin:
        raise Stop("The last day lies before the first, so nothing was written.")
    folder = Path(options.output or f"dsa-report-{options.begin}-{options.end}")
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise Stop(f"{folder} is there already, so nothing was written; name another folder with --output.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, count in report_dsa.write(dsa.counted(options.begin, options.end), folder).items():
        console.print(f"{folder / name}: {count} rows", markup=False)


def _manage(words: list[str]) -> int:
    """Django's own commands, with Django's own answers."""
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        _start_django()
    except ImproperlyConfigured as error:
        complaints.print(_sentence(error), style="red", markup=False)
        return 1
    execute_from_command_line(["kawaraban manage", *words])
    return 0


# --- What they share -------------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    # Suppressed, or the command's own default would undo what stands before the command.
    shared.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help="show the traceback of a failure"
    )
    parser = argparse.ArgumentParser(
        "kawaraban", description="A news site and its readers' discussion in one install.", parents=[shared]
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, under: Any = commands) -> argparse.ArgumentParser:
        text = (run.__doc__ or "").splitlines()[0]
        made: argparse.ArgumentParser = under.add_parser(name, help=text, description=text, parents=[shared])
        made.set_defaults(run=run)
        return made

    made = command("init", init)
    made.add_argument("--name", default="Kawaraban", help="the name of the paper")
    made.add_argument("--url", default="", help="the site's whole address (http://127.0.0.1:8000)")
    made.add_argument("--time-zone", default="", help="such as Asia/Tokyo (UTC)")
    made.set_defaults(quiet=False)
    made = command("demo", demo)
    made.add_argument("--url", default="", help="the site's whole address (http://127.0.0.1:8000)")
    made.add_argument("--no-serve", action="store_true", help="fill the site and stop")
    _add_address(made)
    _add_slots(made)
    made.set_defaults(web_only=False)
    made = command("serve", serve)
    _add_address(made)
    _add_slots(made)
    made.add_argument("--web-only", action="store_true", help="leave background work to `worker` and `clock`")
    _add_slots(command("worker", work))
    command("clock", clock)
    kinds = commands.add_parser("import", help="Import from elsewhere.").add_subparsers(required=True, metavar="KIND")
    made = command("page", import_page, kinds)
    made.add_argument("files", nargs="+", metavar="FILE", help="a story page saved as text or HTML")
    made.add_argument("--report", metavar="FILE", help="write as JSON what was found, guessed and left over; - prints")
    kinds = commands.add_parser("export", help="Export as JSON.").add_subparsers(required=True, metavar="KIND")
    made = command("story", export_story, kinds)
    made.add_argument("url", help="the story's address on this site")
    made.add_argument("--output", default="-", metavar="FILE", help="where to write (prints)")
    parts = commands.add_parser("edge", help="Remembered pages.").add_subparsers(required=True, metavar="WHAT")
    command("status", edge_status, parts)
    made = command("emergency", edge_emergency, parts)
    made.add_argument("state", choices=["on", "off"])
    command("doctor", examine)
    made = command("verify-record", verify_record)
    made.add_argument(
        "--end", default="", metavar="NUMBER:HASH", help="an end printed earlier, which must still be there"
    )
    made = command("dsa-report", dsa_report)
    made.add_argument("--from", dest="begin", type=_day, required=True, metavar="DAY", help="the first, as 2026-01-01")
    made.add_argument("--to", dest="end", type=_day, required=True, metavar="DAY", help="the last, as 2026-12-31")
    made.add_argument("--output", default="", metavar="FOLDER", help="where to write (dsa-report-FROM-TO)")
    commands.add_parser("manage", help="Django's own commands, such as `manage createsuperuser`.")
    return parser


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="", help="the address to listen on")
    parser.add_argument("--port", type=int, default=0, help="the port to listen on")


def _add_slots(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--slots", type=int, choices=range(1, 33), default=2, metavar="N", help="tasks side by side (2)"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-01-31") from error


def _refuse_unready() -> None:
    from kawaraban import doctor

    for finding in doctor.before_serving():
        if not finding.is_well:
            raise Stop(f"{finding.what} {finding.mend} Nothing was started.")


def _refuse_other_tables() -> None:
    """Before steps are taken upon tables to which they do not lead."""
    from kawaraban import doctor

    found = doctor.tables()
    if not found.is_well:
        raise Stop(f"{found.what} {found.mend} Nothing was changed.")


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kawaraban.settings")
    import django

    django.setup()


def _write_settings(folder: Path, url: str, time_zone: str) -> None:
    values = {"KAWARABAN_SECRET_KEY": home.new_secret()}
    if url:
        values["KAWARABAN_URL"] = url
    if time_zone:
        values["KAWARABAN_TIME_ZONE"] = time_zone
    home.write_env(folder, values, once=("KAWARABAN_SECRET_KEY",))


def _collect_static() -> None:
    from django.conf import settings
    from django.core.management import call_command

    from kawaraban import doctor

    if doctor.static_files().is_well:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    (Path(settings.STATIC_ROOT) / doctor.STAMP).write_text(doctor.static_version(), encoding="utf-8")


def _place(options: argparse.Namespace) -> tuple[str, int]:
    """Where to listen: as asked for, else at the site's own address, else for a proxy on this machine."""
    from django.conf import settings

    address = urlsplit(settings.SITE_URL)
    own = (address.hostname, address.port) if settings.LOCAL else (None, None)
    return options.host or own[0] or "127.0.0.1", options.port or own[1] or 8000


def _refuse_taken_port(host: str, port: int) -> None:
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Stop(
                f"Nothing was started: {host}:{port} cannot be used ({error.strerror}). "
                "Stop what listens there, or choose another with --port."
            ) from error


@contextmanager
def _progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A function to tell how far the work has come: a bar on a terminal, elsewhere a line at each tenth."""
    if not console.is_terminal:
        said = -1

        def say(done: int, total: int) -> None:
            nonlocal said
            tenth = done * 10 // max(total, 1)
            if tenth != said:
                said = tenth
                console.print(f"{title}: {done:,} of {total:,}", markup=False)

        yield say
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _print_sign_ins(rows: Iterable[tuple[str, str, str]]) -> None:
    console.print("\nSign in at /account/login/ (staff: /desk/):")
    for role, email, password in rows:
        console.print(f"  {role:<14} {email:<28} {password}", markup=False)
    console.print()


def _write_json(target: str, document: dict[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if target == "-":
        sys.stdout.write(text)
        return
    Path(target).write_text(text, encoding="utf-8")


def _granian_level(name: str) -> Any:
    from granian.log import LogLevels

    return LogLevels(name)


def _sentence(error: Exception) -> str:
    """What a person is told of a failure: its own sentence where it has one."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from kawaraban.errors import Refused

    if isinstance(error, Stop | Refused | ImproperlyConfigured):
        return str(error)
    if isinstance(error, DatabaseError):
        return f"The database refused: {error}. Nothing was changed; `kawaraban doctor` says more."
    if isinstance(error, OSError):
        return f"{error.filename or 'A file'}: {error.strerror}. Nothing was changed by this step."
    return f"{type(error).__name__}: {error}. What was finished before is kept; --debug shows where it happened."

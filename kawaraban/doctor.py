"""What is wrong with this installation, and how to mend it."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from psycopg_pool import PoolTimeout

from kawaraban import home, replicas, sqlite

LEAST_FREE_BYTES = 200 * 1024 * 1024
LONGEST_WAIT = timedelta(minutes=10)
NAMED = 4  # tables; more in one sentence are not read
# Table, column, may it be empty. Django's introspection asks for each table, and stumbles over CHECKs of SQLite's.
COLUMNS = {
    "sqlite": 'SELECT tables.name, columns.name, NOT columns."notnull"'
    " FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'",
    "postgresql": "SELECT table_name, column_name, is_nullable = 'YES'"
    " FROM information_schema.columns WHERE table_schema = ANY (current_schemas(false))",
}
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "glusterfs", "ceph"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, and unless it is well, what to do about it."""

    what: str
    mend: str = ""

    @property
    def is_well(self) -> bool:
        """True when there is nothing to mend."""
        return not self.mend


def examine() -> Iterator[Finding]:
    """Every finding, in an order in which mending makes sense; the later ones need the database.

    Cost: about 20 queries, and one over all comments.
    """
    yield from _folder()
    yield from _django()
    reached = _database()
    yield reached
    if not reached.is_well:
        return
    yield from _replicas()
    yield _photographs()
    yield tables()
    yield migrations()
    yield _sqlite()
    if _differing():
        yield Finding("What the tables hold was not looked at.", "Mend the tables first, then look again.")
    else:
        for look in (_cache, _site, _administrator, _counters, _clock, _queue, _dead_jobs):
            yield look()
    yield static_files()
    yield _mail()


def before_serving() -> Iterator[Finding]:
    """The findings without which no page can be served. Cost: 5 queries."""
    reached = _database()
    yield reached
    if reached.is_well:
        yield tables()
        yield migrations()


def _folder() -> Iterator[Finding]:
    folder = Path(settings.HOME)
    writable = folder.is_dir() and os.access(folder, os.W_OK)
    yield Finding(
        f"The site's folder is {folder}.", "" if writable else "It is missing or not writable: run `kawaraban init`."
    )
    file = folder / home.ENV_FILE
    if file.exists() and file.stat().st_mode & 0o077:
        yield Finding(f"{file} holds the secret key.", f"Others can read it: run `chmod 600 {file}`.")
    if writable:
        free = shutil.disk_usage(folder).free
        short = "" if free > LEAST_FREE_BYTES else "Less than 200 MB are left: make room before the next edition."
        yield Finding(f"{free // 1024**2:,} MB of disk are free.", short)


def _django() -> Iterator[Finding]:
    found = checks.run_checks(include_deployment_checks=not settings.LOCAL)
    warnings = [message for message in found if message.level >= checks.WARNING and not message.is_silenced()]
    for message in warnings:
        yield Finding(f"Django: {message.msg}", str(message.hint or f"See {message.id} in Django's documentation."))
    if not warnings:
        yield Finding("Django's own checks pass.")


def _database() -> Finding:
    name = connection.settings_dict["NAME"]
    try:
        connection.ensure_connection()
    except (DatabaseError, OSError) as error:
        return Finding(f"The database {name} does not answer: {error}", "Check DATABASE_URL and that it is running.")
    return Finding(f"The database answers ({connection.vendor}).")


def _replicas() -> Iterator[Finding]:
    """Each copy that answers plain readers. Cost: 2 queries for each."""
    for alias in settings.DATABASE_REPLICAS:
        mend = (
            "Readers are answered by the primary meanwhile. Look at the copy and at its entry in DATABASE_REPLICA_URLS."
        )
        try:
            behind = replicas.bytes_behind(alias)
        except (DatabaseError, PoolTimeout) as error:
            yield Finding(f"The {alias} does not answer: {error}", mend)
            continue
        if behind is None:
            yield Finding(f"The {alias} follows no primary.", mend)
        else:
            yield Finding(f"The {alias} answers, {behind:,} bytes of the log behind.")


def _photographs() -> Finding:
    if isinstance(default_storage, FileSystemStorage):
        return Finding("Photographs are kept in the site's folder.")
    try:
        default_storage.exists("original_images")
    except OSError as error:
        return Finding(f"Photographs cannot be kept: {error}", "Check KAWARABAN_MEDIA_URL and the bucket's key.")
    return Finding("The bucket for photographs answers.")


def migrations() -> Finding:
    """Whether every step to the tables of this version was taken. Cost: 2 queries."""
    waiting = len(_waiting())
    if not waiting:
        return Finding("Every step to the tables of this version was taken.")
    steps = "1 step is" if waiting == 1 else f"{waiting} steps are"
    return Finding(
        "The tables are those of an earlier version.", f"{steps} waiting: back up, then run `kawaraban init`."
    )


def tables() -> Finding:
    """Whether tables for which every step was taken have the columns that this version knows.

    They have not where a step was rewritten after it had been taken: Django knows steps by their names.
    Cost: 3 queries.
    """
    ahead = {step.app_label for step in _waiting()}
    different = sorted(table for table, room in _differing().items() if room not in ahead)
    if not different:
        return Finding("The tables have the columns of this version.")
    named = ", ".join(different[:NAMED]) + (f" and {len(different) - NAMED} more" if different[NAMED:] else "")
    return Finding(
        f"These tables are of another version, although their steps were taken: {named}.",
        "Nothing in them is lost. Run the version that made them to `kawaraban export story` what you want to keep, "
        "then make a new site in another folder with `kawaraban init`, and import saved pages there again.",
    )


def _waiting() -> list[Migration]:
    """The steps that have not been taken. Cost: 2 queries."""
    executor = MigrationExecutor(connection)
    return [step for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _differing() -> dict[str, str]:
    """Our tables that are missing, or have other columns than their models: their rooms by name. Cost: 1 query."""
    kept = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS[connection.vendor])
        for table, column, is_nullable in cursor.fetchall():
            kept[table].add((column, bool(is_nullable)))
    return {
        model._meta.db_table: model._meta.app_label
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("kawaraban.") and model._meta.managed and not model._meta.proxy
        if kept[model._meta.db_table] != {(field.column, field.null) for field in model._meta.local_concrete_fields}
    }


def _sqlite() -> Finding:
    if connection.vendor != "sqlite":
        return Finding("SQLite is not used.")
    version = sqlite.version_in_use()
    text = ".".join(map(str, version))
    if sqlite.loses_pages_in_wal(version):
        return Finding(
            f"SQLite {text} can lose committed pages in WAL mode, so the slower rollback journal is used.",
            "Install pysqlite3 0.6.1 or later, or a Python that links SQLite 3.51.3 or later.",
        )
    kind = _file_system(Path(settings.HOME))
    if kind in NETWORK_FILE_SYSTEMS:
        return Finding(
            f"The SQLite file lies on a network file system ({kind}), where its locks do not hold.",
            "Move the site's folder to a local disk, or use PostgreSQL.",
        )
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        sound = cursor.fetchone()[0] == "ok"
    return Finding(f"SQLite {text} is sound.", "" if sound else "The file is damaged: restore the newest backup.")


def _cache() -> Finding:
    there = settings.CACHES["default"]["LOCATION"] in connection.introspection.table_names()
    return Finding("Sign-in limits are kept in the database.", "" if there else "Run `kawaraban init`.")


def _site() -> Finding:
    from wagtail.models import Site

    from kawaraban.newsroom.models import FrontPage

    front = FrontPage.objects.live().first()
    if front is None or not Site.objects.filter(root_page=front).exists():
        return Finding("There is no front page.", "Run `kawaraban init`.")
    return Finding(f"The front page is “{front.title}” at {settings.SITE_URL}.")


def _administrator() -> Finding:
    from kawaraban.accounts.models import ADMINISTRATOR, User

    there = User.objects.filter(is_active=True, groups__name=ADMINISTRATOR).exists()
    return Finding(
        "Somebody can administer the site." if there else "Nobody can administer the site.",
        "" if there else "Run `kawaraban manage createsuperuser`.",
    )


def _counters() -> Finding:
    from kawaraban.discussion import reads as discussion
    from kawaraban.newsroom import reads as newsroom

    kept = (discussion.drifted_comments(), discussion.drifted_threads(), newsroom.drifted_options())
    wrong = sum(rows.count() for rows in kept)
    mend = f"{wrong} are wrong; `kawaraban manage check_counters` names them." if wrong else ""
    return Finding("Scores and the results of polls are the sums of their votes.", mend)


def _clock() -> Finding:
    from kawaraban.jobs import reads

    late = reads.clock_is_late()
    if late is None:
        return Finding("The clock of periodic work has not run yet.")
    if late:
        return Finding(
            "Periodic work is due and was not started.", "Run `kawaraban serve`, or `kawaraban clock` beside it."
        )
    return Finding("Periodic work was started when it was due.")


def _queue() -> Finding:
    from kawaraban.jobs import reads

    counts = reads.counts()
    stuck = counts.oldest is not None and timezone.now() - counts.oldest > LONGEST_WAIT
    mend = "Run `kawaraban serve`, or `kawaraban worker` beside it; if it runs, give it more `--slots`."
    return Finding(f"{counts.waiting:,} jobs wait for a worker.", mend if stuck else "")


def _dead_jobs() -> Finding:
    from kawaraban.jobs import reads

    dead = reads.counts().dead
    return Finding(
        f"{dead:,} jobs have failed at every try.", "Look at Jobs at the desk (/desk/jobs/)." if dead else ""
    )


def static_files() -> Finding:
    """Whether the collected style sheets and scripts are those of this version. Cost: no query."""
    stamp = Path(settings.STATIC_ROOT) / STAMP
    fresh = settings.DEBUG or (stamp.exists() and stamp.read_text(encoding="utf-8") == static_version())
    return Finding("Style sheets and scripts are collected.", "" if fresh else "Run `kawaraban init`.")


STAMP = ".version"


def static_version() -> str:
    """A text that changes whenever a style sheet or script of ours, or Wagtail's version, does."""
    import wagtail

    package = Path(__file__).parent
    newest = max(path.stat().st_mtime_ns for path in package.glob("*/static/**/*") if path.is_file())
    return f"{wagtail.__version__} {newest} {package}"


def _mail() -> Finding:
    console = settings.EMAIL_BACKEND.endswith("console.EmailBackend")
    if console and not settings.LOCAL:
        return Finding(
            "Mail is printed and not sent.", "Set KAWARABAN_EMAIL_URL, such as smtp+tls://user:password@host:587."
        )
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return Finding(f"Mail is sent through {settings.EMAIL_HOST}, port {settings.EMAIL_PORT}.")
    return Finding("Mail is printed on the console." if console else "Mail is sent.")


def _file_system(folder: Path) -> str:
    """The kind of file system a folder lies on, from /proc; empty where that does not exist."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    kinds = {}
    for line in mounts.read_text(encoding="utf-8").splitlines():
        _, point, kind, *_rest = line.split()
        kinds[point] = kind
    places = [str(folder.resolve()), *map(str, folder.resolve().parents)]
    return next((kinds[place] for place in places if place in kinds), "")

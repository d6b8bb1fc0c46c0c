"""What the syntax tree and the file tree can prove: who writes, who is on the map, what has been looked at twice."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from wagtail.embeds.finders import get_finders

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "kawaraban"
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/apps.py"))
# Functions without tables, which Django need not know.
PLAIN = {"fetch", "formats", "ranking"}
# Stands before Django, and has no tables either; and what stands behind it.
IN_FRONT, BEHIND = {"edge"}, {"queued_sqlite"}
LONGEST = 500

# These ask and answer; only actions write.
READERS = ("views.py", "views/*.py", "reads.py", "reads/*.py", "checks.py", "policy.py")
WRITES = {"save", "create", "delete", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}

# Each place where text is declared safe or a protection is lifted, how often, and why that is right (S-111).
REVIEWED = {
    ("kawaraban/discussion/templatetags/comments.py", "mark_safe"): (
        1,
        "The comments are joined, each rendered by fragments from its template.",
    ),
    ("kawaraban/discussion/templates/discussion/thread.html", "html|safe"): (
        1,
        "The html of a comment is made by markup.render alone, which escapes and then cleans it.",
    ),
    ("kawaraban/discussion/templates/discussion/member.html", "comment.html|safe"): (
        1,
        "The same html of the same comments.",
    ),
    ("kawaraban/discussion/templates/discussion/waiting.html", "comment.html|safe"): (
        1,
        "The same html of the same comments.",
    ),
    ("kawaraban/discussion/templates/discussion/about_me.html", "comment.html|safe"): (
        1,
        "The same html of the same comments.",
    ),
    ("kawaraban/discussion/templates/discussion/write.html", "source.html|safe"): (
        1,
        "The same html of the comment that is answered.",
    ),
    ("kawaraban/discussion/templates/discussion/write.html", "preview.html|safe"): (
        1,
        "The html of a preview is made by typesetting.typeset of markup.render, as that of a comment is.",
    ),
    ("kawaraban/newsroom/templates/newsroom/live_report.html", "entry.html|safe"): (
        1,
        "The html of an entry is made by markup.render alone, as that of a comment is.",
    ),
    ("kawaraban/accounts/templates/accounts/_field.html", "field.help_text|safe"): (
        1,
        "Help texts are written in our forms and in Django's, which sets its list of password rules in HTML.",
    ),
    ("kawaraban/accounts/templates/account/email/base_message.txt", "autoescape off"): (
        1,
        "A mail in plain text: an escaped address in it would not work.",
    ),
    ("kawaraban/syndication/jsonld.py", "mark_safe"): (
        1,
        "A data block is not HTML: JSON in which every sign that could end the element is written as an escape.",
    ),
    ("kawaraban/screening/views.py", "csrf_exempt"): (
        1,
        "Other programs ask for a score without our cookie: a key of the operator's says who they are.",
    ),
    ("kawaraban/wire/views.py", "csrf_exempt"): (
        1,
        "Agencies post without our cookie: a signature with a key of their feed says who they are.",
    ),
    ("kawaraban/newsroom/views/reading.py", "csrf_exempt"): (
        1,
        "An opened story says that it is read, with no cookie and so no token: nothing but a count changes, and only "
        "for what a page of this site has sent.",
    ),
    ("kawaraban/accounts/views.py", "csrf_exempt"): (
        1,
        "One-click unsubscribe: a mail service posts without our cookie; its signed address says whose mail ends.",
    ),
}

# What opens a connection, or reads one. Other servers are asked through kawaraban/fetch/ alone (S-084).
WAYS_OUT = {
    "aiohttp", "ftplib", "h11", "http.client", "httpcore", "httpx", "imaplib", "opentelemetry.exporter", "paramiko",
    "poplib", "redis", "requests", "smtplib", "socket", "ssl", "telnetlib", "urllib.request", "urllib3", "websockets",
    "xmlrpc",
}  # fmt: skip
REVIEWED_WAYS_OUT = {
    ("kawaraban/accounts/announce.py", "smtplib"): "Names its errors; mail is sent by Django.",
    ("kawaraban/bus.py", "redis"): "The operator's own Valkey, from the environment.",
    ("kawaraban/cli.py", "socket"): "Looks whether a port of this machine is free.",
    ("kawaraban/fetch/__init__.py", "httpcore"): "The way out.",
    ("kawaraban/fetch/addresses.py", "socket"): "The way out.",
    ("kawaraban/fetch/connection.py", "httpcore"): "The way out.",
    ("kawaraban/fetch/connection.py", "socket"): "The way out.",
    ("kawaraban/fetch/connection.py", "ssl"): "The way out.",
    ("kawaraban/metrics/tracing.py", "opentelemetry.exporter"): "The operator's own collector, from the environment.",
    ("kawaraban/jobs/worker.py", "socket"): "Asks for the name of this machine.",
}
_CONNECTS = {"create_connection", "open_connection", "urlopen", "urlretrieve"}
# These open an address when they are given one.
_OPENERS = {"feedparser", "lxml"}
_OPEN = {"iterparse", "parse"}
_FETCHES_DTD = {("dtd_validation", True), ("load_dtd", True), ("no_network", False)}

_UNSAFE_IN_TEMPLATE = re.compile(r"[\w.]+\s*\|\s*(?:safe|safeseq)\b|autoescape\s+off")
_UNSAFE_NAMES = {
    "mark_safe",
    "SafeString",
    "SafeText",
    "SafeData",
    "html_safe",
    "csrf_exempt",
    "csp_exempt",
    "xframe_options_exempt",
}


def ours(*suffixes: str) -> list[Path]:
    """Every file that we have written, of these kinds."""
    places = [PACKAGE, ROOT / "tests", ROOT / "bench"]
    found = [path for place in places for path in place.rglob("*") if path.suffix in suffixes and path.is_file()]
    return sorted([*found, *(path for path in ROOT.glob("*") if path.suffix in suffixes)])


def templates() -> list[Path]:
    return [path for path in ours(".html", ".txt", ".css") if "/templates/" in path.as_posix()]


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def writes(module: ast.Module) -> list[str]:
    """Every call by which a row could change, as `line: call`."""
    return [
        f"{node.lineno}: .{node.func.attr}()"
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
    ]


def unsafe_in_python(module: ast.Module) -> Iterator[str]:
    """Every use of a name that declares text safe or lifts a protection; in annotations they only describe."""
    notes = {id(part) for node in ast.walk(module) for part in _annotations(node)}
    for node in ast.walk(module):
        if id(node) in notes:
            continue
        if isinstance(node, ast.Name) and node.id in _UNSAFE_NAMES:
            yield node.id
        elif isinstance(node, ast.Attribute) and node.attr in _UNSAFE_NAMES:
            yield node.attr


def _annotations(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
        yield from ast.walk(node.returns)
    if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
        yield from ast.walk(node.annotation)


@pytest.mark.parametrize("room", ROOMS)
def test_who_asks_never_writes(room):
    files = [path for name in READERS for path in (PACKAGE / room).glob(name)]
    assert {short(path): found for path in files if (found := writes(tree(path)))} == {}


def test_a_write_would_be_seen():
    assert writes(ast.parse("def view(request):\n    Comment.objects.create(text='x')\n")) == ["2: .create()"]
    assert all(list(PACKAGE.glob(f"*/{name}")) for name in READERS)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_on_the_map(room):
    text = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
    assert f"{room}/" in text


def test_every_directory_of_code_is_a_room():
    found = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert found - {"tests"} == {*ROOMS, *PLAIN, *IN_FRONT, *BEHIND}


def test_a_plain_package_knows_no_django():
    for name in PLAIN:
        imported = {
            module.split(".")[0]
            for path in (PACKAGE / name).rglob("*.py")
            if "tests" not in path.parts
            for node in ast.walk(tree(path))
            for module in (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [each.name for each in node.names]
                if isinstance(node, ast.Import)
                else []
            )
        }
        assert imported
        assert not imported & {"django", "wagtail"}


def test_what_is_declared_safe_has_been_reviewed():
    found: dict[tuple[str, str], int] = {}
    for path in templates():
        for match in _UNSAFE_IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
            key = (short(path), re.sub(r"\s", "" if "|" in match else " ", match))
            found[key] = found.get(key, 0) + 1
    for path in [path for path in ours(".py") if "tests" not in path.relative_to(ROOT).parts]:
        for name in unsafe_in_python(tree(path)):
            found[(short(path), name)] = found.get((short(path), name), 0) + 1
    assert found == {key: count for key, (count, _) in REVIEWED.items()}


def test_something_declared_safe_would_be_seen():
    text = "from x import mark_safe\ndef f(a: SafeString) -> SafeString:\n    return mark_safe(a)\n"
    assert list(unsafe_in_python(ast.parse(text))) == ["mark_safe"]
    assert _UNSAFE_IN_TEMPLATE.findall("{{ a.b|safe }}{{ a|safely }}{% autoescape off %}") == [
        "a.b|safe",
        "autoescape off",
    ]


def test_no_file_is_too_long_to_read():
    files = [path for path in ours(".py", ".html", ".css", ".js") if path.parent.name != "golden"]
    lengths = {short(path): path.read_text(encoding="utf-8").count("\n") for path in files}
    assert len(lengths) > 100
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_signals_are_heard_in_receivers_alone():
    """A receiver hides the order in which things happen; where a framework leaves no other way, all stand together."""
    found = []
    for path in ours(".py"):
        # The handler says that a request begins, and hears nothing.
        if path.name in ("receivers.py", "handler.py") or "tests" in path.relative_to(ROOT).parts:
            continue
        for node in ast.walk(tree(path)):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [name.name for name in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            if any(name.split(".")[-1] in ("signals", "receiver") or name == "django.dispatch" for name in modules):
                found.append(f"{short(path)}:{node.lineno}")
    assert found == []


def ways_out(module: ast.Module) -> Iterator[str]:
    """Every module that is imported, or call that is made, by which a connection could be opened."""
    openers = set()
    for node in ast.walk(module):
        imported = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            imported = [node.module or "", *(f"{node.module}.{each.name}" for each in node.names)]
        yield from {way for way in WAYS_OUT for name in imported if f"{name}.".startswith(f"{way}.")}
        if any(name.split(".")[0] in _OPENERS for name in imported):
            openers |= {(each.asname or each.name).split(".")[0] for each in node.names}
    for node in [node for node in ast.walk(module) if isinstance(node, ast.Call)]:
        names = ast.unparse(node.func).split(".")
        options = {(each.arg, getattr(each.value, "value", None)) for each in node.keywords}
        is_given_bytes = bool(node.args) and "BytesIO(" in ast.unparse(node.args[0])
        opens = names[0] in openers and names[-1] in _OPEN and not is_given_bytes
        if opens or names[-1] in _CONNECTS or options & _FETCHES_DTD:
            yield ast.unparse(node)


def test_other_servers_are_asked_through_the_one_way_out():
    found = {
        (short(path), way)
        for path in PACKAGE.rglob("*.py")
        if "tests" not in path.relative_to(ROOT).parts
        for way in ways_out(tree(path))
    }
    assert found == set(REVIEWED_WAYS_OUT)


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("import urllib.request", ["urllib.request"]),
        ("from urllib import request", ["urllib.request"]),
        ("from urllib.request import urlopen as open_it", ["urllib.request"]),
        ("def f():\n    import requests.sessions", ["requests"]),
        ("from http import client", ["http.client"]),
        ("asyncio.open_connection(host, 80)", ["asyncio.open_connection(host, 80)"]),
        ("import feedparser\nfeedparser.parse(url)", ["feedparser.parse(url)"]),
        ("import feedparser as f\nf.parse(url)", ["f.parse(url)"]),
        ("from feedparser import parse\nparse(data)", ["parse(data)"]),
        ("from lxml import etree\netree.parse(url, parser)", ["etree.parse(url, parser)"]),
        ("import lxml.html\nlxml.html.parse(url)", ["lxml.html.parse(url)"]),
        ("from lxml import etree\netree.XMLParser(load_dtd=True)", ["etree.XMLParser(load_dtd=True)"]),
        ("import feedparser\nfeedparser.parse(io.BytesIO(data))", []),
        ("from lxml import etree\netree.fromstring(data)\netree.parse(BytesIO(data))", []),
        ("from urllib.parse import urlsplit\nfrom http import HTTPStatus\ntree.parse(path)", []),
    ],
)
def test_another_way_out_would_be_seen(code, seen):
    assert list(ways_out(ast.parse(code))) == seen


def test_wagtail_fetches_nothing_by_itself():
    assert get_finders() == []
    assert settings.WAGTAIL_ENABLE_UPDATE_CHECK is False
    assert "wagtail.contrib.frontend_cache" not in settings.INSTALLED_APPS


@pytest.mark.parametrize("path", [path for path in templates() if path.suffix != ".txt"], ids=short)
def test_a_template_opens_with_what_it_extends_or_what_it_takes(path):
    opening = "/*" if path.suffix == ".css" else "{%"
    text = path.read_text(encoding="utf-8")
    assert text.startswith(opening)
    assert re.match(r"{% extends \"|{% comment %}\s*\S|/\*\s*\S", text), text[:80]


@pytest.mark.parametrize("path", [path for path in templates() if path.suffix == ".html"], ids=short)
def test_a_template_writes_nothing_that_the_content_policy_forbids(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=\"|javascript:", text) == []


def test_every_python_file_says_what_it_is_for():
    silent = [
        short(path)
        for path in ours(".py")
        if path.stat().st_size and not ast.get_docstring(tree(path)) and "migrations" not in path.parts
    ]
    assert silent == []

"""What the docs promise is there, and what is there is in the docs."""

import argparse
import ast
import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

from kawaraban import cli

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "kawaraban"
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py") if path.parent.name != "tests")
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py"))
SOURCES = sorted(
    [
        *PACKAGE.rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "bench").rglob("*.py"),
        *(ROOT / "faults").rglob("*.py"),
    ]
)

READS_A_SETTING = {"os.environ.get", "os.environ.setdefault", "os.getenv"}
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def test_every_room_is_on_the_map_and_in_the_readme():
    places = _text("docs/map.md"), _text("README.md")
    assert [room for room in ROOMS if f"{room}/" not in places[0] or f"{room}/" not in places[1]] == []


def test_the_ladder_on_the_map_is_the_one_that_is_checked():
    project = tomllib.loads(_text("pyproject.toml"))
    checked = project["tool"]["importlinter"]["contracts"][0]["layers"]
    drawn = re.search(r"^## The ladder$.*?^```$(.*?)^```$", _text("docs/map.md"), re.MULTILINE | re.DOTALL)[1]
    assert [re.split(r" {2,}", line)[0] for line in drawn.strip().splitlines()] == checked


def test_every_file_and_function_on_the_map_is_where_it_says():
    named = re.findall(r"`([\w-]+(?:[./][\w-]+)+/?)(?:#[\w-]+)?`", _text("docs/map.md"))
    ours = [name for name in named if re.split("[./]", name)[0] in (*ROOMS, *MODULES)]
    assert len(ours) > 40
    assert [name for name in ours if not _is_there(name)] == []


def test_every_setting_that_is_read_is_described():
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", _text("docs/reference/settings.md"), re.MULTILINE))
    assert _settings_read() == described


def test_every_refusal_is_described_with_its_sentence():
    page = _words(_text("docs/reference/errors.md"))
    refusals = [*_calls("Refused"), *_calls("HandleError")]
    assert len(refusals) > 20
    assert [pieces for _, message in refusals for pieces in _pieces(message) if pieces not in page] == []


def test_every_code_of_a_refusal_is_described_once_and_no_other():
    raised = {ast.literal_eval(code) for code, message in _calls("Refused")}
    listed = re.findall(r"^\| `([a-z-]+)` \|", _text("docs/reference/errors.md"), re.MULTILINE)
    assert sorted(raised) == sorted(listed)


def test_every_reason_why_nothing_was_fetched_is_described():
    page = _words(_text("docs/reference/fetching.md"))
    reasons = _calls("FetchError")
    listed = re.findall(r"^\| `([a-z-]+)` \|", _text("docs/reference/fetching.md"), re.MULTILINE)
    assert sorted({ast.literal_eval(code) for code, _ in reasons}) == sorted(listed)
    assert [pieces for _, message in reasons for pieces in _pieces(message) if pieces not in page] == []


def test_every_command_is_described_with_its_options():
    page = _text("docs/reference/commands.md")
    found = dict(_commands(cli._parser(), "kawaraban"))
    assert {"kawaraban init", "kawaraban import page", "kawaraban export story", "kawaraban manage"} <= set(found)
    assert [name for name in found if f"| `{name}` |" not in page] == []
    for name, options in found.items():
        part = re.search(rf"^### `{re.escape(name)}\b.*?(?=^#|\Z)", page, re.MULTILINE | re.DOTALL)
        described = set(re.findall(r"`(--[a-z-]+)", part[0])) if part else set()
        assert described == options - {"--help", "--debug"}, name


def test_every_management_command_of_ours_is_described():
    page = _text("docs/reference/commands.md")
    ours = [path.stem for path in PACKAGE.glob("*/management/commands/*.py") if path.stem != "__init__"]
    assert [name for name in ours if f"| `manage {name}` |" not in page] == []


def test_every_target_of_make_is_described():
    page = _text("docs/reference/commands.md")
    targets = set(re.findall(r"^([a-z-]+):.*##", _text("Makefile"), re.MULTILINE))
    assert targets == set(re.findall(r"^\| `make ([a-z-]+)` \|", page, re.MULTILINE))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_number_its_day_and_four_parts(path):
    number = int(path.stem[:4])
    text = path.read_text(encoding="utf-8")
    assert re.match(rf"# {number}\. \S.*\n\n\d{{4}}-\d\d-\d\d\n\n", text)
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
        "Situation",
        "Choice",
        "Cost",
        "What would change our mind",
    ]


def test_decisions_are_numbered_without_a_gap():
    assert [int(path.stem[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_docs_leads_somewhere(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    assert [target for target in targets if not _leads_somewhere(page, target)] == []


def test_every_page_of_the_docs_that_the_code_names_is_there():
    named = {name for path in SOURCES for name in re.findall(r"docs/[\w/.-]+\.md", path.read_text(encoding="utf-8"))}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


# --- The docs --------------------------------------------------------------------------------------------------------


def _text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def _words(text):
    return " ".join(text.split())


def _leads_somewhere(page, target):
    if re.match(r"[a-z]+:", target):
        return True
    name, _, anchor = target.partition("#")
    file = (page.parent / unquote(name)).resolve() if name else page
    if not file.exists():
        return False
    return not anchor or anchor in _anchors(file)


def _anchors(file):
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", file.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


# --- The code --------------------------------------------------------------------------------------------------------


def _tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def _is_there(name):
    """Whether the package has this file, template, style sheet or module, or a module that defines it."""
    room = PACKAGE / name.split("/")[0]
    if any((folder / name).exists() for folder in (PACKAGE, room / "templates", room / "static")):
        return True
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        file = PACKAGE.joinpath(*parts[:length]).with_suffix(".py")
        if file.exists():
            return {*parts[length:]} <= {getattr(node, "name", "") for node in ast.walk(_tree(file))}
    return False


def _calls(name):
    """The first argument and the last of every call of this name in the package."""
    return [
        (node.args[0], node.args[-1])
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def _pieces(message):
    """What is written out of a message: all of a plain text, the parts between the fields of another."""
    if isinstance(message, ast.Call) and isinstance(message.func, ast.Attribute) and message.func.attr == "format":
        message = message.func.value
    if isinstance(message, ast.Call) and ast.unparse(message.func) in ("_", "gettext", "ngettext"):
        texts = [part.value for part in message.args if isinstance(part, ast.Constant)]
        return [words for text in texts for part in re.split(r"\{[^}]*\}", text) if (words := _words(part))]
    parts = message.values if isinstance(message, ast.JoinedStr) else [message]
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return [words for text in texts if (words := _words(text))]


def _settings_read():
    found = set()
    for path in SOURCES:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and node.args:
                called = ast.unparse(node.func)
                if called in READS_A_SETTING or re.fullmatch(r"env\.(str|bool|int|list|db|email_url)|_key", called):
                    found |= _constant(node.args[0])
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
                found |= _constant(node.slice)
            elif isinstance(node, ast.Compare) and ast.unparse(node.comparators[0]) == "os.environ":
                found |= _constant(node.left)
    return found


def _constant(node):
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def _commands(parser, name):
    """Every command below a parser that does something, with its options."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield name, {word for action in parser._actions for word in action.option_strings if word.startswith("--")}
    for action in below:
        for word, child in action.choices.items():
            yield from _commands(child, f"{name} {word}")

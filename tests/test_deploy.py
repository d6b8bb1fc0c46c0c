"""What lies in deploy/ fits the program: its files parse, its commands and settings exist. No tool is needed for it.

`make deploy-check` builds, and asks systemd, Caddy, nginx and Compose themselves.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from kawaraban import cli

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
SETTING = re.compile(r"\b(?:KAWARABAN_[A-Z_]+|DATABASE_[A-Z_]*URLS?|VALKEY_URL)\b")


def test_every_setting_that_is_named_is_one():
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/reference/settings.md").read_text(), re.MULTILINE))
    named = {name for path in FILES for name in SETTING.findall(path.read_text(encoding="utf-8"))}
    assert {"KAWARABAN_HOME", "DATABASE_URL", "VALKEY_URL"} <= named
    assert named - described == set()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_starts_a_command_that_is_there_as_somebody_who_may_do_nothing_else(unit):
    values = _values(unit)
    program, *words = shlex.split(values["ExecStart"][0])
    assert program == "/opt/kawaraban/bin/kawaraban"
    cli._parser().parse_args(words)
    assert values["User"] == ["kawaraban"]
    assert values["NoNewPrivileges"] == ["yes"]
    assert values["ProtectSystem"] == ["strict"]
    assert values["CapabilityBoundingSet"] == [""]
    assert values["ReadWritePaths"] == [values["WorkingDirectory"][0]]


def test_the_units_together_do_all_the_work():
    started = {_values(unit)["ExecStart"][0].split()[1] for unit in UNITS}
    assert started == {"serve", "worker", "clock"}


def test_every_service_of_ours_in_compose_starts_a_command_that_is_there():
    services = _compose()["services"]
    ours = {name: service for name, service in services.items() if service.get("image") == "kawaraban"}
    assert set(ours) == {"init", "web", "worker", "clock"}
    for service in ours.values():
        cli._parser().parse_args(service.get("command", _words("CMD")))
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_database_and_valkey_can_be_reached_from_inside_alone():
    compose = _compose()
    assert compose["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "valkey"):
        assert compose["services"][name]["networks"] == ["inside"]
        assert "ports" not in compose["services"][name]


def test_the_image_is_built_by_the_script_that_can_be_tried_and_runs_as_nobody():
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert next(line for line in lines if line.startswith("RUN")) == "RUN /src/deploy/build.sh /src /opt/kawaraban"
    assert "USER 10001:10001" in lines
    assert _words("ENTRYPOINT") == ["kawaraban"]


def test_the_image_is_made_of_the_program_alone():
    """What is not named here, a site in `var/` for one, does not reach the builder."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    allowed = {line[1:] for line in lines if line.startswith("!")}
    copied = re.search(r"^for name in (.*); do$", (DEPLOY / "build.sh").read_text(), re.MULTILINE)[1].split()
    assert allowed == {*copied, "deploy/build.sh"}


def test_no_secret_lies_here():
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"(?:SECRET_KEY|PASSWORD)=(?!x\b)[\w+/-]{3,}", text) == [], path
        assert re.findall(r"://\w+:(?!\$\{|password@)[^@\s/]+@", text) == [], path


def _values(unit):
    """What a unit says of each name."""
    found = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, value = line.split("=", 1)
            found.setdefault(name, []).append(value)
    return found


def _compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def _words(instruction):
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    return re.findall(r'"([^"]*)"', re.search(rf"^{instruction} (.*)$", text, re.MULTILINE)[1])

"""The one folder in which a site keeps everything it writes."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

ENV_FILE = "site.env"


def home() -> Path:
    """The site's folder: `$KAWARABAN_HOME`, else `var/` below the working directory."""
    return Path(os.environ.get("KAWARABAN_HOME") or "var").absolute()


def write_env(folder: Path, values: dict[str, str]) -> None:
    """Write the site's own settings file, readable by its owner only.

    A key that is there already keeps its value: a second `init` must not change the secret of a running site.
    """
    path = folder / ENV_FILE
    kept = _keys(path)
    lines = [f"{key}={value}\n" for key, value in values.items() if key not in kept]
    if not lines:
        return
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.writelines(lines)


def new_secret() -> str:
    """A secret key of 64 random URL-safe characters (384 bits)."""
    return secrets.token_urlsafe(48)


def _keys(path: Path) -> set[str]:
    if not path.exists():
        return set()
    return {line.split("=", 1)[0].strip() for line in path.read_text(encoding="utf-8").splitlines() if "=" in line}

"""The one folder in which a site keeps everything it writes."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

ENV_FILE = "site.env"


def home() -> Path:
    """The site's folder: `$KAWARABAN_HOME`, else `var/` below the working directory."""
    return Path(os.environ.get("KAWARABAN_HOME") or "var").absolute()


def write_env(folder: Path, values: dict[str, str], *, once: tuple[str, ...] = ()) -> None:
    """Set values in the site's own settings file, which only its owner may read.

    Args:
        once: keys that keep the value they have: a second `init` must not change the secret of a running site.
    """
    path = folder / ENV_FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    there = {line.split("=", 1)[0].strip() for line in lines if "=" in line}
    new = {key: value for key, value in values.items() if not (key in once and key in there)}
    kept = [line for line in lines if line.split("=", 1)[0].strip() not in new]
    # The database and the pictures lie here too: they are the site's, not the machine's.
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written beside and moved into place: a full disk or a power cut leaves the former file whole.
    draft = folder / f".{ENV_FILE}.new"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in [*kept, *(f"{key}={value}" for key, value in new.items())])
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def new_secret() -> str:
    """A secret key of 64 random URL-safe characters (384 bits)."""
    return secrets.token_urlsafe(48)

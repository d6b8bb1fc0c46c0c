"""`python -m tests.with_site COMMAND …`: run a command beside an empty, throw-away site folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from kawaraban import home


def environment(folder: Path) -> dict[str, str]:
    """The environment of a fresh site in a folder, free of whatever the caller's own site is set to."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KAWARABAN_", "DATABASE_"))}
    # Votes count at once: whoever casts them here looks at the score the next moment.
    own = {"KAWARABAN_HOME": str(folder), "KAWARABAN_SECRET_KEY": home.new_secret(), "KAWARABAN_VOTE_DELAY": "0"}
    return {**kept, **own}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="kawaraban-") as name:
        sys.exit(subprocess.run(sys.argv[1:], env=environment(Path(name)), check=False).returncode)

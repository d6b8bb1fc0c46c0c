"""A pytest plugin, loaded before Django's settings: tests never touch the developer's own site in var/."""

from __future__ import annotations

import atexit
import os
import pathlib
import shutil
import tempfile

from kawaraban import home

if "KAWARABAN_TEST_HOME" not in os.environ:
    for name in [name for name in os.environ if name.startswith("KAWARABAN_") and name != "KAWARABAN_ACCEPTANCE"]:
        del os.environ[name]
    folder = tempfile.mkdtemp(prefix="kawaraban-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["KAWARABAN_TEST_HOME"] = os.environ["KAWARABAN_HOME"] = folder
    os.environ["KAWARABAN_SECRET_KEY"] = home.new_secret()
    os.environ["KAWARABAN_TIME_ZONE"] = "Asia/Tokyo"
    # What is voted on is looked at the next moment; the delay has tests of its own.
    os.environ["KAWARABAN_VOTE_DELAY"] = "0"
    # WhiteNoise looks for the folder of collected files as it starts.
    (pathlib.Path(folder) / "static").mkdir()

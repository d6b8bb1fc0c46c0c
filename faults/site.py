"""The site that is put under load: its members and threads, and what stands in its database afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.with_site import environment

KAWARABAN = str(Path(sys.executable).parent / "kawaraban")
THREADS = 8
MEMBERS = 60
PASSWORD = "seven-wet-umbrellas"  # noqa: S105 - opens nothing but sites that are thrown away

# Staff, because they may write the most; each with a session, for what is tried here is not how people sign in.
FILL = f"""
import json, sys
import django
django.setup()
from django.db import transaction
from django.test import override_settings
from kawaraban.accounts.models import MODERATOR
from kawaraban.accounts.testing import make_member, make_session
from kawaraban.newsroom.testing import make_story

with transaction.atomic(), override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
    stories = [make_story(headline=f"The bridge, part {{number}}") for number in range({THREADS})]
    members = [make_member(f"Desk {{number}}", role=MODERATOR) for number in range({MEMBERS})]
    print(json.dumps({{
        "threads": [story.thread_id for story in stories],
        "pages": [story.url for story in stories],
        "members": {{member.pk: make_session(member) for member in members}},
    }}))
"""

HOLDS = """
import json
import django
django.setup()
from collections import Counter
from kawaraban.discussion import reads
from kawaraban.discussion.models import Comment, Vote
from kawaraban.jobs.models import Job
comments = Comment.objects.values_list("source", "html")
print(json.dumps({
    "words": [source for source, _ in comments],
    "bare": sum(not html for _, html in comments),
    "votes": list(Vote.objects.values_list("voter_id", "comment__thread_id", "comment__number")),
    "drifted": reads.drifted_comments().count() + reads.drifted_threads().count(),
    "jobs": Counter(Job.objects.values_list("state", flat=True)),
}))
"""


@dataclass(frozen=True)
class Site:
    """A site's folder and the environment of its processes."""

    folder: Path
    environment: dict[str, str]

    def run(self, *command: str) -> str:
        """What a command prints. Raises RuntimeError, with its last words, when it fails."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        if done.returncode:
            raise RuntimeError(f"{command[:3]}: {done.stderr[-2000:]}")
        return done.stdout

    def fill(self) -> dict[str, Any]:
        """Make the site; its threads, its pages, and the session of each member."""
        self.run(KAWARABAN, "init", "--name", "The Courier")
        filled: dict[str, Any] = json.loads(self.run(sys.executable, "-c", FILL))
        return filled

    def holds(self) -> dict[str, Any]:
        """What stands in its database."""
        found: dict[str, Any] = json.loads(self.run(sys.executable, "-c", HOLDS))
        return found


def new_site(folder: Path, url: str, **settings: str) -> Site:
    """A site in an empty folder, free of whatever the caller's own is set to."""
    own = {
        "DJANGO_SETTINGS_MODULE": "faults.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "KAWARABAN_URL": url,
        **settings,
    }
    return Site(folder, {**environment(folder), **own})

"""The site of `make bench-front`: stories with few and many comments, members with sessions, and its processes."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from faults.load import CSRF
from faults.machines import Machine
from faults.site import KAWARABAN, Site

SIZES = (42, 1_000, 10_000)
MEMBERS = 400
LENGTH = 60  # words of a comment, some 350 characters, as in the peers' measurements
CHANCE = random.Random(42)  # noqa: S311 - which words
WORDS = re.findall(
    r"\w+",
    "ferry bridge council river morning ledger harbour promise winter engine ticket signal corner market window "
    "the a of to and in that it is was for on are with as at by be this have from or had but not they you she "
    "captain budget quay timetable pier lantern drizzle rope fare crossing mayor tender current bank island weather",
)


def said() -> str:
    """A comment that says nothing, as no other does."""
    return f"{' '.join(CHANCE.choices(WORDS, k=LENGTH))} {uuid.uuid4().hex}"


FILL = f"""
import json
import django
django.setup()
from django.db import transaction
from django.test import override_settings
from bench.render import WORDS, _say
from kawaraban.accounts.models import MODERATOR
from kawaraban.accounts.testing import make_member, make_session
from kawaraban.newsroom import actions
from kawaraban.newsroom.testing import make_section, make_story

with transaction.atomic(), override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
    section = make_section()
    stories = {{}}
    for size in {SIZES}:
        stories[size] = make_story(section, slug=f"story-{{size}}", body=[actions.paragraph(WORDS * 4)] * 14)
        _say(stories[size], size)
    members = [make_member(f"Neighbour {{number}}", role=MODERATOR) for number in range({MEMBERS})]
    print(json.dumps({{
        "threads": {{size: story.thread_id for size, story in stories.items()}},
        "pages": {{size: story.url for size, story in stories.items()}},
        "sessions": [make_session(member) for member in members],
    }}))
"""


class BusySite:
    """A site, and what load on it is made of.

    Args:
        site: an empty one; it is made and filled here, which takes a minute.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.url = site.environment["KAWARABAN_URL"]
        site.run(KAWARABAN, "init", "--name", "The Bench Courier")
        filled = json.loads(site.run(sys.executable, "-c", FILL))
        self.pages: dict[int, str] = {int(size): path for size, path in filled["pages"].items()}
        self.pages[1_000] += "?page=all"
        self.threads = {int(size): thread for size, thread in filled["threads"].items()}
        self._cookies = [f"csrf={CSRF}; session={session}" for session in filled["sessions"]]
        self._numbers = itertools.count()

    def process(self, folder: Path) -> Machine:
        """The site served as on one small server: web and worker in one command."""
        port = self.url.rpartition(":")[2]
        return Machine("site", [KAWARABAN, "serve", "--port", port], folder, **self.site.environment)

    def posts(self, size: int) -> Iterator[tuple[str, str, str, str]]:
        """Comments, no two alike, of members in turn. Without end."""
        for number in self._numbers:
            form = {"body": said(), "key": uuid.uuid4().hex, "csrfmiddlewaretoken": CSRF}
            yield "POST", f"/t/{self.threads[size]}/comments/", self._cookies[number % MEMBERS], urlencode(form)

    def votes(self, size: int, numbers: Iterable[int]) -> Iterator[tuple[str, str, str, str]]:
        """Votes of members in turn on comments with these numbers, each once."""
        form = urlencode({"value": "1", "csrfmiddlewaretoken": CSRF})
        for number in numbers:
            for cookies in self._cookies:
                yield "POST", f"/t/{self.threads[size]}/{number}/vote/", cookies, form

    def holds(self) -> dict[str, int]:
        """How many comments and votes its database has."""
        counts = "Comment.objects.count(), Vote.objects.count()"
        code = "import django; django.setup(); from kawaraban.discussion.models import Comment, Vote; print"
        comments, votes = self.site.run(sys.executable, "-c", f"{code}({counts})").split()
        return {"comments": int(comments), "votes": int(votes)}

    def is_idle(self) -> bool:
        """Whether no job waits that could be done."""
        code = "import django; django.setup(); from kawaraban.jobs.models import Job; from django.utils import timezone"
        due = "Job.objects.filter(state__in=('waiting', 'running'), run_after__lte=timezone.now()).exists()"
        return self.site.run(sys.executable, "-c", f"{code}; print({due})") == "False\n"

    def get(self, path: str, **headers: str) -> bytes:
        """A page as it is sent."""
        with urlopen(Request(self.url + path, headers=headers), timeout=30) as answer:  # noqa: S310 - our own address
            return bytes(answer.read())

    def send(self, method: str, path: str, cookies: str, body: str) -> int:
        """Send a request as it was made above; the status of the answer."""
        connection = HTTPConnection(self.url.partition("//")[2], timeout=60)
        form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
        connection.request(method, path, body, form)
        status = connection.getresponse().status
        connection.close()
        return status

    def agree(self, size: int, number: int) -> int:
        """How many agree with a comment, as the story page says."""
        page = self.get(self.pages[size]).decode()
        return int(re.search(rf'id="comment-{number}".*?data-agree>(\d+)', page, re.S)[1])  # type: ignore[index]

    def assets(self) -> dict[str, int]:
        """Bytes of the styles and of the scripts of a story page and of both, with gzip."""
        page = self.get(self.pages[42]).decode()
        found = {
            "css": re.findall(r'<link[^>]+href="([^"]+\.css)"', page),
            "js": re.findall(r'<script[^>]+src="([^"]+\.js)"', page),
        }
        sizes = {kind: sum(len(gzip.compress(self.get(path), 6)) for path in found[kind]) for kind in found}
        return {**sizes, "all": sum(sizes.values())}


def memory(machine: Machine) -> float:
    """Megabytes that the processes of a machine take: what several share is divided among them (PSS)."""
    total = 0
    for pid in _family(machine.process.pid if machine.process else 0):
        with suppress(OSError):
            total += int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[1])  # type: ignore[index]
    return total / 1024


def _family(pid: int) -> list[int]:
    """A process and all that it, or one of its own, has started."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found

"""A paper of its own for the journeys: made, filled with a few stories of the demo newsroom, and served."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.ports import free_port
from tests.with_site import environment

PASSWORD = "paper-and-ink-27"

# Stories of the demo newsroom that journeys lead through; drawing pictures for all forty would take most of the time.
BRIDGE = "city/river-bridge-to-be-rebuilt"  # the lead, 400 comments
GAUGES = "city/flood-gauges-for-everyone"  # 11 comments
MARKET = "city/night-market-closes-at-ten"  # closed
POST = "national/small-post-offices-reform"
PORTS = "world/four-ports-empty-box"
GRAIN = "world/velsund-grain-floor"  # no photograph, no comments
CRANES = "business/crane-makers-order-book"
DIALECT = "culture/dialect-dictionary-shopkeepers"  # a Japanese word in the headline
STORIES = (BRIDGE, GAUGES, MARKET, POST, PORTS, GRAIN, CRANES, DIALECT)

# One process makes and fills the site. PBKDF2 in one round is a real hash that a served site accepts and renews.
MAKE = """
import sys
from pathlib import Path
from kawaraban import cli
assert cli.main(["init", "--name", "The Harbour Courier"]) == 0
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
PBKDF2PasswordHasher.iterations = 1
settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[::-1]
from kawaraban.importers.demo import newsroom
for step in newsroom.fill(Path(sys.argv[1])):
    pass
"""
CLOSE = """
import sys, django
django.setup()
from kawaraban.discussion import actions
from kawaraban.newsroom.models import StoryPage
story = StoryPage.objects.get(slug=sys.argv[1])
actions.describe_thread(story.thread_id, title=story.title, url=story.get_url(), state="closed")
"""
# A discussion of its own in which something waits in every queue; no story shows it, and no other journey goes there.
MODERATE = """
import sys, django
django.setup()
from datetime import timedelta
from pathlib import Path
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import timezone
PBKDF2PasswordHasher.iterations = 1
settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[::-1]
from kawaraban.accounts.actions import create_member, trace
from kawaraban.accounts.models import User
from kawaraban.decisions.actions import Ground
from kawaraban.discussion.actions import cast_vote, hold_comment, remove_comment
from kawaraban.discussion.testing import make_comment, make_thread, make_waiting
from kawaraban.moderation import actions, reads
from kawaraban.screening import actions as screening
from kawaraban.screening.testing import decided
def member(handle, days=400):
    email = handle.lower().replace(" ", "-") + "@readers.example"
    made = create_member(email, handle, sys.argv[1], verified=True)
    User.objects.filter(pk=made.pk).update(date_joined=timezone.now() - timedelta(days=days))
    made.refresh_from_db()
    return made
moderator = User.objects.get(email="moderator@courier.example")
editor = User.objects.get(email="editor@courier.example")
writer, second, loud, reporter = map(member, ("Quay Wall", "Quay Wall Again", "Loudhailer", "Night Watch"))
for each in (writer, second):
    trace(each, "203.0.113.7")
thread = make_thread()
reported, noticed, voted, removed, folded, again = (make_comment(thread, writer, text) for text in (
    "The bridge was never meant for people who walk, and the people who drew it said so at every hearing.",
    "Kiyo Hara sold the ferry twice, and whoever bought it the second time is still waiting for it.",
    "There are eleven ways to count a crossing, and the harbour office uses the twelfth.",
    "Nobody reads the minutes, least of all those whose names stand under them.",
    "A pontoon would do, as every child on the east bank knows.",
    "Whoever signed for the piles has never seen the river in October.",
))
for each in (reported, voted):
    actions.report_comment(reporter, thread.pk, each.number, rule=1, words="It is about people.")
make_waiting(thread, writer, "This one waits for a moderator, since everything here did for a while.")
hold_comment(moderator, thread.pk, make_comment(thread, loud, "Wait for it.").number, Ground("Wait.", rule=2))
for text in ("Louder.", "Say it with a megaphone, then.", "HEAR, hear! And the other side too."):
    remove_comment(editor, thread.pk, make_comment(thread, loud, text).number, Ground("Shouted.", rule=2))
for number in range(12):
    voter = member(f"Wave {number}", days=4)
    trace(voter, "198.51.100.9")
    cast_vote(voter, thread.pk, voted.number, 1)
assert actions.look_for_rings()
told = {"ground": "Defamation", "words": "I never sold it.", "name": "Kiyo Hara", "email": "kiyo@outside.example"}
for category, url in (("speech", noticed.get_absolute_url()), ("life", "/"), ("privacy", "/rules/")):
    actions.give_notice(actions.Told(url=url, category=category, in_good_faith=True, **told))
for comment in (removed, again):
    decision = remove_comment(moderator, thread.pk, comment.number, Ground("About people.", rule=1)).decision
actions.appeal(writer, decision.pk, "It was a joke.")
actions.decide_many(editor, {folded.pk: reads.state_of(folded)}, actions.Deed("fold", Ground("Off.", rule=4)))
screening.add_pattern(editor.pk, "miracle cure", rule=2, note="In every third advertisement.")
screening.keep_score(screening.train(decided(4_000), (20, 60)))
Path(sys.argv[2]).write_text(thread.get_absolute_url().strip("/"))
"""
# What the desk and readers see of the wire, of versions, of reported errors and of photographs that expire.
NEWSROOM = """
import json, sys, django
django.setup()
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from django.utils import timezone
from kawaraban.accounts.models import User
from kawaraban.formats.items import PubStatus, Signal
from kawaraban.newsroom import actions
from kawaraban.newsroom.models import Photo, SectionPage
from kawaraban.newsroom.tests.picture_files import picture
from kawaraban.wire import actions as wire
from kawaraban.wire.testing import an_item, deliver, kept, make_feed
editor = User.objects.get(email="editor@courier.example")
world = SectionPage.objects.get(slug="world")
feed = make_feed("Harbour, by post")
ferry, rumour = an_item(), an_item(guid="rumour", headline="Lighthouse to be sold", standfirst="Or so it is said.")
deliver(feed, ferry, rumour)
def story_of(item):
    return wire.make_story(editor, kept(item.guid).pk, world.pk, publish=True).story
story, withdrawn = story_of(ferry), story_of(rumour)
newer = (ferry.body[0], ("paragraph", "The harbour is open again, and the ferry lies at the quay."))
deliver(feed, replace(ferry, version=2, signal=Signal.UPDATE, body=newer))
wire.merge_update(editor, kept(ferry.guid).pk, publish=True)
deliver(feed, replace(ferry, version=3, signal=Signal.UPDATE, ednote="Lead rewritten.", body=newer[:1]))
deliver(feed, replace(rumour, version=2, pubstatus=PubStatus.CANCELED, ednote="Nothing of it is true."))
deliver(feed, an_item(guid="tide", headline="Spring tide on Monday night", urgency=2))
words = "It is called Kamome Maru, and it ran aground at eleven."
report = actions.report_error(story.pk, actions.Found(version=1, position=1, words=words, name="Mio Hara"))
for days, name in ((2, "pier.jpg"), (-1, "quay.jpg")):
    photo = actions.library_photo(picture(size=(600 + days, 400)), filename=name)
    Photo.objects.filter(pk=photo.pk).update(expires=timezone.localdate() + timedelta(days=days), agency=feed.agency)
made = {"story": story.get_url().strip("/"), "number": story.pk, "withdrawn": withdrawn.get_url().strip("/")}
made |= {"item": kept(ferry.guid).pk, "killed": kept("rumour").pk, "feed": feed.pk, "report": report.pk}
Path(sys.argv[1]).write_text(json.dumps(made))
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A served site: where it answers, and what it keeps on disk."""

    url: str
    folder: Path
    settings: dict[str, str]

    def story(self, name: str) -> str:
        """The address of a story."""
        return f"{self.url}/{name}/"

    def mailed_link(self, address: str) -> str:
        """The link in the newest mail to an address."""
        letters = sorted((self.folder / "mail").iterdir(), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        texts = (letter.read_text(encoding="utf-8") for letter in letters)
        newest = next(text for text in texts if f"\nTo: {address}\n" in text)
        links: list[str] = re.findall(rf"^{re.escape(self.url)}/\S+$", newest, re.MULTILINE)
        return links[-1]

    def close_discussion(self, name: str) -> None:
        """What publishing a story with a closed discussion does, while readers have it open."""
        self._run(CLOSE, name.rsplit("/", 1)[1])

    def fill_the_queues(self) -> None:
        """Let a discussion of its own come to the moderators, with something in each of their queues."""
        self._run(MODERATE, PASSWORD, str(self._queued))

    def fill_the_newsroom(self) -> dict[str, Any]:
        """Let an agency send what becomes of stories. Returns where everything is: paths and numbers."""
        if not self._made.exists():
            self._run(NEWSROOM, str(self._made))
        made: dict[str, Any] = json.loads(self._made.read_text(encoding="utf-8"))
        return made

    @property
    def _made(self) -> Path:
        return self.folder / "newsroom"

    @property
    def queued(self) -> str:
        """The path of the discussion that has come to the moderators."""
        return self._queued.read_text(encoding="utf-8")

    @property
    def _queued(self) -> Path:
        return self.folder / "queued"

    def errors(self) -> list[str]:
        """The errors that the site has written down."""
        log = (self.folder / "serve.log").read_text(encoding="utf-8")
        return [line for line in log.splitlines() if " ERROR " in line]

    def make(self, stories: Sequence[str]) -> None:
        """Make the site and let the demo newsroom publish these stories."""
        chosen = self.folder / "stories"
        chosen.mkdir()
        for file in _story_files(stories):
            shutil.copy(file, chosen)
        self._run(MAKE, str(chosen))

    def _run(self, program: str, *words: str) -> None:
        command = [sys.executable, "-c", program, *words]
        subprocess.run(command, env=self.settings, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def served_paper(folder: Path, stories: Sequence[str] = STORIES, **wished: str) -> Iterator[Paper]:
    """A filled site that answers on a free port of 127.0.0.1 until the end of the block; `wished` are its settings.

    With DATABASE_URL in the environment the site has a database of its own on that PostgreSQL.
    """
    url = f"http://127.0.0.1:{free_port()}"
    with _own_database() as database:
        settings = {
            **environment(folder),
            **database,
            "DJANGO_SETTINGS_MODULE": "kawaraban.settings",
            "KAWARABAN_URL": url,
            "KAWARABAN_TIME_ZONE": "Asia/Tokyo",
            "KAWARABAN_AUTOSAVE_MS": "0",  # Wagtail's own; it would race with what the tests press
            "KAWARABAN_EMAIL_URL": f"filemail:///{folder / 'mail'}",
            **wished,
        }
        paper = Paper(url, folder, settings)
        paper.make(stories)
        with _server(paper):
            yield paper


@contextmanager
def _server(paper: Paper) -> Iterator[None]:
    command = [str(Path(sys.executable).parent / "kawaraban"), "serve", "--port", str(urlsplit(paper.url).port)]
    with (paper.folder / "serve.log").open("wb") as log:
        server = subprocess.Popen(command, env=paper.settings, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(paper, server)
            yield
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(120)


def _wait_for(paper: Paper, server: subprocess.Popen[bytes]) -> None:
    """Return as soon as the site answers; complain when its process ends, or after two minutes."""
    for_minutes = time.monotonic() + 120
    while time.monotonic() < for_minutes:
        try:
            urllib.request.urlopen(f"{paper.url}/rules/", timeout=10).close()  # noqa: S310 - our own server
        except (OSError, HTTPException):  # refused, busy, or not in time
            try:
                server.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        return
    raise RuntimeError(f"The site did not start:\n{(paper.folder / 'serve.log').read_text(encoding='utf-8')}")


@contextmanager
def _own_database() -> Iterator[dict[str, str]]:
    """DATABASE_URL of an empty database beside the given one, dropped at the end; nothing where SQLite is used."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield {}
        return
    name = f"journeys_{secrets.token_hex(4)}"
    identifier = sql.Identifier(name)
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
        try:
            yield {"DATABASE_URL": urlsplit(given)._replace(path=f"/{name}").geturl()}
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


def _story_files(stories: Sequence[str]) -> list[Path]:
    import kawaraban

    folder = Path(kawaraban.__file__).parent / "importers/demo/stories"
    wanted = [f'slug = "{name.rsplit("/", 1)[1]}"' for name in stories]
    texts = {file: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.toml"))}
    return [file for file, text in texts.items() if any(line in text for line in wanted)]

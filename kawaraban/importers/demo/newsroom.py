"""The demo newsroom: a fictional daily, its readers and what they say, made through the rooms' own actions.

The words are in `stories/`, the pictures are drawn by `pictures/`; every run makes the same. What is there already is
left alone, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import io
import random
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from django.db import transaction
from django.utils import timezone
from wagtail.models import Site

from kawaraban.accounts import actions as accounts
from kawaraban.accounts.models import ADMINISTRATOR, EDITOR, MODERATOR, READER, User
from kawaraban.decisions.actions import Ground
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Thread
from kawaraban.errors import Refused
from kawaraban.importers.demo.pictures import draw
from kawaraban.newsroom import actions as newsroom
from kawaraban.newsroom.models import FrontPage, FrontSlot, Photo, Publication, SectionPage, StoryPage
from kawaraban.newsroom.polls import Poll
from kawaraban.newsroom.querysets import PICTURE_SIZES
from kawaraban.search import actions as search

STORIES = Path(__file__).parent / "stories"
PASSWORD = "paper-and-ink-27"  # noqa: S105 - printed for everybody who looks at the demo; the site is this machine's own

SECTIONS = (
    ("City", "What happens between the river mouth and the citrus hills."),
    ("National", "From the ministries, the courts and the other prefectures."),
    ("World", "Ports, straits and people beyond them."),
    ("Business", "Who makes, ships, borrows and hires."),
    ("Culture", "Stages, books, kitchens and festivals."),
)

STAFF = (
    # role, e-mail, handle, title, first name, last name
    (ADMINISTRATOR, "administrator@courier.example", "Akiko Dunne", "Publisher", "Akiko", "Dunne"),
    (EDITOR, "editor@courier.example", "Tomoe Sakai", "Editor", "Tomoe", "Sakai"),
    (MODERATOR, "moderator@courier.example", "Ben Okabe", "Moderator", "Ben", "Okabe"),
    (EDITOR, "minami@courier.example", "Kaoru Minami", "Reporter", "Kaoru", "Minami"),
    (EDITOR, "grant@courier.example", "Ellis Grant", "Reporter", "Ellis", "Grant"),
)

MEMBERS_FOR = timedelta(days=400)  # so that their votes count at once
MEMBERS = (
    "Old Ferryman", "mikan", "Setsuko B.", "Ramen Accountant", "nik", "Tidewater", "Harbour Cat", "Aunt Umi",
    "K. Tanabe", "Nightshift", "ten-past-six", "Citrus Hill", "Fujimi Flat 3B", "Yamato J.", "Lighthouse Keeper's Son",
    "dr_plum", "Low Season", "Pepper & Salt", "Oldtimer 1951", "wataru", "Miss Gauge", "Blue Bucket", "Third Row",
    "Ota River Runner", "Newcomer", "Semaphore", "Clara M.", "Bento Box", "Stamp Collector", "Ground Floor", "Hoist",
    "Quiet Street",
)  # fmt: skip

# They vote and say nothing, as most do.
QUIET = tuple(f"{place} {number}" for place in ("Pier", "Platform", "Row", "Gate") for number in range(1, 13))
TURNOUT = 0.62  # of a camp, on each comment

_STRESSED = re.compile(r"\*([^*]+)\*")

NETWORK = (
    (
        "article",
        "The Inland Post",
        "Why the night train came back, and who rides it",
        "https://inland.example/night-train",
    ),
    (
        "article",
        "Port & Table",
        "Twelve lunches under 900 yen within sight of the water",
        "https://table.example/lunches",
    ),
    ("resource", "", "Moving here: a checklist for the first thirty days", "https://courier.example/moving"),
    ("offer", "", "Language school: the first two lessons are free", "https://school.example/courier"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """How far the filling has come."""

    done: int
    total: int


def sign_ins() -> list[tuple[str, str, str]]:
    """Role, e-mail address and password of one account for each role."""
    rows = [(role, email, PASSWORD) for role, email, *_ in STAFF[:3]]
    return [*rows, (READER, _email(MEMBERS[0]), PASSWORD)]


def fill(stories: Path = STORIES, only: int | None = None) -> Iterator[Step]:
    """Fill the prepared site, step by step. Each story is made whole, with its thread, or not at all.

    Args:
        stories: the folder of the stories' files.
        only: make the first so many stories; all when None.

    Raises:
        Refused: `not-a-demo`, when the site belongs to somebody.
    """
    _refuse_other_sites()
    files = sorted(stories.glob("*.toml"))[:only]
    total = len(files) + 2
    people = _people()
    yield Step(1, total)
    sections = _sections()
    now = edition_time()
    for done, file in enumerate(files, start=2):
        entry = tomllib.loads(file.read_text(encoding="utf-8"))
        if not StoryPage.objects.filter(slug=entry["slug"]).exists():
            _make_story(sections[entry["section"]], entry, people, now)
        yield Step(done, total)
    _lead(files[0].stem.split("-", 1)[1])
    search.catch_up()
    discussion.fit_due_threads()
    yield Step(total, total)


def _refuse_other_sites() -> None:
    if User.objects.exists() and not User.objects.filter(email=STAFF[0][1]).exists():
        raise Refused(
            "not-a-demo",
            "This site has accounts of its own, so the demo was not filled into it and nothing was changed. "
            "Give the demo a folder of its own with KAWARABAN_HOME.",
        )


def edition_time() -> datetime:
    """The newest 12:40 of the site's clock that has passed: what the stories' ages count back from.

    The lead of the demo is 30 hours old and was published at 06:40, which its readers mention.
    """
    now = timezone.localtime()
    edition = now.replace(hour=12, minute=40, second=0, microsecond=0)
    return edition if edition <= now else edition - timedelta(days=1)


def _email(handle: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in handle.lower()).strip("-") + "@readers.example"


@transaction.atomic
def _people() -> dict[str, User]:
    people = {user.handle: user for user in User.objects.all()}
    for role, email, handle, title, first, last in STAFF:
        if handle not in people:
            user = accounts.create_member(email, handle, PASSWORD, role=role, title=title, verified=True)
            user.first_name, user.last_name = first, last
            user.save()
            people[handle] = user
    for handle in (*MEMBERS, *QUIET):
        if handle not in people:
            people[handle] = user = accounts.create_member(_email(handle), handle, PASSWORD, verified=True)
            user.date_joined -= MEMBERS_FOR
            user.save(update_fields=["date_joined"])
    return people


@transaction.atomic
def _sections() -> dict[str, SectionPage]:
    front = FrontPage.objects.get()
    made = (newsroom.add_section(front, title, introduction=text) for title, text in SECTIONS)
    site = Site.objects.get(is_default_site=True)
    publication, _ = Publication.objects.get_or_create(site=site)
    if not publication.network:
        publication.tagline = "The daily of Uraminato since the second harbour wall"
        publication.network = [
            ("link", {"kind": kind, "source": source, "title": title, "url": url})
            for kind, source, title, url in NETWORK
        ]
        publication.save()
    return {section.slug: section for section in made}


@transaction.atomic
def _lead(slug: str) -> None:
    """Let an editor's hand put the story everybody talks about at the top."""
    front = FrontPage.objects.get()
    if not front.slots.exists():
        front.slots.add(FrontSlot(story=StoryPage.objects.get(slug=slug)))
        front.save_revision().publish()


@transaction.atomic
def _make_story(section: SectionPage, entry: dict[str, Any], people: dict[str, User], now: datetime) -> StoryPage:
    published = now - timedelta(hours=entry["hours_before"])
    updated = entry["updated_after_minutes"]
    asks = entry.get("asks", {})
    story = newsroom.publish_story(
        section,
        newsroom.StoryDraft(
            headline=entry["headline"],
            slug=entry["slug"],
            standfirst=entry["standfirst"],
            body=[_block(block, entry["slug"]) for block in entry["body"]],
            bylines=tuple((byline["name"], byline["kind"]) for byline in entry["bylines"]),
            agency=entry["agency"],
            dateline=entry["dateline"],
            copyright_lines=tuple(entry["copyright"]),
            photos=(_photo_draft(entry["photo"], entry["slug"]),) if "photo" in entry else (),
            corrections=tuple(
                (published + timedelta(minutes=note["minutes_after"]), note["text"])
                for note in entry.get("corrections", ())
            ),
            tags=tuple(entry["tags"]),
            comments=StoryPage.Comments.OPEN if entry["comments"] == "closed" else entry["comments"],
            kind=asks.get("kind", entry.get("kind", StoryPage.Kind.NEWS)),
            question=asks.get("question", ""),
            poll_options=tuple(asks.get("answers", ())),
            poll_closes_at=published + timedelta(hours=asks["closes_after_hours"]) if "answers" in asks else None,
            published_at=published,
            updated_at=published + timedelta(minutes=updated) if updated else None,
        ),
    )
    _report(story, entry, people, published)
    _discuss(story, entry, people, published)
    # Some are read by nobody, as in every newspaper.
    read = random.Random(story.slug).randrange(-200, 900)  # noqa: S311 - every run makes the same
    if read > 0:
        newsroom.record_reads({(story.pk, now.astimezone(UTC).replace(minute=0)): read})
    if "answers" in asks:
        _vote(story, asks["votes"], [people[handle] for handle in MEMBERS], published)
    if entry["comments"] == "closed":
        story.comments = StoryPage.Comments.CLOSED
        story.save_revision().publish()
    return story


def _block(block: dict[str, Any], slug: str) -> tuple[str, Any]:
    if "paragraph" in block:
        kind, html = newsroom.paragraph(block["paragraph"])
        return (kind, _STRESSED.sub(r"<i>\1</i>", html))
    if "heading" in block:
        return ("heading", block["heading"])
    if "quote" in block:
        return ("quote", {"text": block["quote"], "attribution": block.get("attribution", "")})
    if "list" in block:
        return ("list", [newsroom.paragraph(item)[1] for item in block["list"]])
    return ("image", {"photo": _photo(block["photo"], f"{slug}/body"), "caption": ""})


def _photo_draft(entry: dict[str, Any], slug: str) -> newsroom.PhotoDraft:
    return newsroom.PhotoDraft(photo=_photo(entry, slug))


def _photo(entry: dict[str, Any], seed: str) -> Photo:
    file = io.BytesIO()
    draw(entry["scene"], seed).convert("RGB").save(file, "JPEG", quality=90)
    photo: Photo = Photo.objects.create(
        title=entry["title"],
        file=ImageFile(file, name=f"{seed.replace('/', '-')}.jpg"),
        description=entry["alt"],
        caption=entry["caption"],
        photographer=entry["photographer"],
        agency=entry["agency"],
        is_file_photo=entry["file_photo"],
    )
    # Made now, so that the first reader need not wait for them.
    photo.get_renditions(*PICTURE_SIZES)
    return photo


def _report(story: StoryPage, entry: dict[str, Any], people: dict[str, User], published: datetime) -> None:
    """The entries of a live report, and its end."""
    if "live" not in entry:
        return
    report = newsroom.open_report(story.pk)
    writer = people[STAFF[4][2]]
    for said in entry["live"]:
        draft = newsroom.EntryDraft(said["text"], said.get("headline", ""), said.get("key", False))
        at = published + timedelta(minutes=said["minutes_after"])
        newsroom.record_entry(report, draft, writer=writer, at=at)
    newsroom.set_end(report, published + timedelta(minutes=entry["live_ends_after_minutes"]))


def _vote(story: StoryPage, numbers: list[int], readers: list[User], published: datetime) -> None:
    """So many votes for each answer of the story's poll, by readers drawn by lot."""
    poll = Poll.objects.get(story_id=story.pk)
    chosen = [option for option, number in zip(poll.options.all(), numbers, strict=True) for _ in range(number)]
    chance = random.Random(f"poll/{story.slug}")  # noqa: S311 - the same voters on every run, nothing secret
    voters = chance.sample(readers, len(chosen))
    newsroom.record_poll_votes(poll, dict(zip(voters, chosen, strict=True)), published + timedelta(minutes=40))


def _votes_of_camps(agree: list[int], camps: list[int], voters: list[User], chance: random.Random) -> dict[User, int]:
    """Votes of camps of these sizes, of which so many in a hundred agree. Nobody changes camps."""
    camp_of = random.Random("camps").sample(range(sum(camps)), sum(camps))  # noqa: S311 - as above
    ends = list(accumulate(camps))
    votes = {}
    for voter, place in zip(voters, camp_of, strict=True):
        camp = bisect_right(ends, place)
        share, agrees = chance.random(), chance.random() * 100 < agree[camp]
        if share < TURNOUT:
            votes[voter] = 1 if agrees else -1
    return votes


def _discuss(story: StoryPage, entry: dict[str, Any], people: dict[str, User], published: datetime) -> None:
    said = entry.get("comments_list", ())
    if not said:
        return
    camps: list[int] = entry.get("camps", [])
    voters = [people[handle] for handle in ((*MEMBERS, *QUIET) if camps else MEMBERS)]
    chance = random.Random(f"votes/{entry['slug']}")  # noqa: S311 - the same votes on every run, nothing secret
    moderator = people[STAFF[2][2]]
    thread = Thread.objects.select_for_update().get(pk=story.thread_id)
    removals: list[tuple[Any, ...]] = []
    for words in said:
        at = published + timedelta(minutes=words["minutes_after"])
        author = people[words["author"]]
        comment = discussion.record_comment(
            thread,
            discussion.Record(
                words["text"],
                author=author,
                created_at=at,
                edited_at=at + timedelta(minutes=4) if words.get("edited") else None,
            ),
        )
        if camps:
            votes = _votes_of_camps(words["agree"], camps, voters, chance)
            votes.pop(author, None)
        else:
            others = [voter for voter in voters if voter != author]
            drawn = chance.sample(others, words["up"] + words["down"])
            votes = {voter: 1 if place < words["up"] else -1 for place, voter in enumerate(drawn)}
        discussion.record_votes(comment, votes)
        if words.get("removed"):
            # The number is that of the house rule; its own words say why.
            removals.append((discussion.remove_comment, moderator, comment.number, Ground("", words["removed"])))
        elif words.get("deleted"):
            removals.append((discussion.delete_comment, author, comment.number))
    discussion.link_thread(thread)
    for remove, person, number, *ground in removals:
        remove(person, thread.pk, number, *ground)

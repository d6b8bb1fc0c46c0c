"""The demo newsroom is whole, the same on every run, and leaves the sites of others alone."""

from __future__ import annotations

import gc
import tomllib
from collections import Counter
from hashlib import sha256

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from kawaraban.accounts.models import User
from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Comment, Thread, Vote
from kawaraban.discussion.reads import drifted_comments, drifted_threads
from kawaraban.errors import Refused
from kawaraban.importers.demo import newsroom
from kawaraban.importers.demo.pictures import SCENES
from kawaraban.newsroom.kinds import Kind
from kawaraban.newsroom.live_reports import LiveEntry
from kawaraban.newsroom.models import Photo, SectionPage, StoryPage
from kawaraban.newsroom.polls import PollVote
from kawaraban.newsroom.reads import drifted_options

# Wagtail leaves the closing of what it rendered pictures into to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")

FILES = sorted(newsroom.STORIES.glob("*.toml"))
STORIES = [tomllib.loads(file.read_text(encoding="utf-8")) for file in FILES]
CAST = {*newsroom.MEMBERS, *(handle for _, _, handle, *_ in newsroom.STAFF)}
KINDS = {"paragraph", "heading", "quote", "list", "photo"}


@pytest.fixture
def empty(site):
    """A prepared site, to be filled. What was left to the garbage collector is collected while that is expected."""
    yield site
    gc.collect()


@pytest.fixture
def few(tmp_path):
    """A folder with three of the stories: one closed, with a removed comment; one with a deleted one; one untouched."""
    for name in ("06-night-market-closes-at-ten", "08-rents-near-the-university", "12-bus-drivers-one-seat-in-six"):
        (tmp_path / f"{name}.toml").symlink_to(newsroom.STORIES / f"{name}.toml")
    return tmp_path


def fill(*words, **more):
    return [(step.done, step.total) for step in newsroom.fill(*words, **more)]


def digest() -> str:
    """One number for all that readers see of the site, whatever its rows are called."""
    told = [
        *StoryPage.objects.order_by("slug").values_list(
            "slug", "title", "standfirst", "comments", "published_at", "updated_at"
        ),
        *((story.slug, str(story.body.get_prep_value()[0]["value"])) for story in StoryPage.objects.order_by("slug")),
        *((photo.title, sha256(photo.file.read()).hexdigest()) for photo in Photo.objects.order_by("title", "pk")),
        *Comment.objects.order_by("thread__title", "number").values_list(
            "thread__title", "number", "author__handle", "source", "state", "created_at", "edited_at", "up", "down"
        ),
        *Vote.objects.order_by("comment__thread__title", "comment__number", "voter__handle").values_list(
            "comment__thread__title", "comment__number", "voter__handle", "value"
        ),
    ]
    assert len(told) > 500
    return sha256("\n".join(map(repr, told)).encode()).hexdigest()


def sizes() -> dict[str, int]:
    return {
        model.__name__: model.objects.count() for model in (User, SectionPage, StoryPage, Photo, Thread, Comment, Vote)
    }


# --- The words -------------------------------------------------------------------------------------------------------


def test_there_are_stories_of_every_kind_in_five_sections_and_every_address_is_its_own():
    assert len(STORIES) == 44
    kinds = {story.get("kind") or story.get("asks", {}).get("kind", "news") for story in STORIES}
    assert kinds == set(Kind.values)
    assert {story["section"] for story in STORIES} == {title.lower() for title, _ in newsroom.SECTIONS}
    assert len({story["slug"] for story in STORIES}) == 44


def test_one_story_has_the_long_discussion_and_one_has_none():
    counts = Counter(len(story.get("comments_list", ())) for story in STORIES)
    assert counts[400] == 1
    assert sum(size * times for size, times in counts.items()) == 914
    wishes = Counter(story["comments"] for story in STORIES)
    assert wishes["off"] == 1
    assert wishes["closed"] >= 1
    assert wishes["open"] >= 30


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["slug"])
def test_a_story_is_complete(story):
    assert 40 <= len(story["headline"]) <= 90
    assert 70 <= len(story["standfirst"]) <= 190
    assert {byline["kind"] for byline in story["bylines"]} <= {"person", "agency", "staff"}
    assert {kind for block in story["body"] for kind in block if kind != "attribution"} <= KINDS
    photos = [part["photo"] for part in (story, *story["body"]) if "photo" in part]
    assert {photo["scene"] for photo in photos} <= set(SCENES)
    assert all(photo["alt"] and photo["caption"] for photo in photos)
    said = story.get("comments_list", ())
    assert {comment["author"] for comment in said} <= CAST
    times = [comment["minutes_after"] for comment in said]
    assert times == sorted(times)
    assert all(0 <= minutes < story["hours_before"] * 60 for minutes in times)
    assert all(comment["text"].strip() for comment in said)
    if "camps" in story:
        # Each camp agrees with each comment in so many votes of a hundred.
        assert sum(story["camps"]) == len(newsroom.MEMBERS) + len(newsroom.QUIET)
        assert {len(comment["agree"]) for comment in said} == {len(story["camps"])}
        assert all(0 <= share <= 100 for comment in said for share in comment["agree"])
    else:
        # The author does not vote, so at most 31 of the 32 readers do.
        assert all(comment["up"] + comment["down"] < len(newsroom.MEMBERS) for comment in said)
    assert story["comments"] != "off" or not said


def test_some_comments_were_removed_and_some_deleted():
    said = [comment for story in STORIES for comment in story.get("comments_list", ())]
    assert sum(comment.get("removed", False) for comment in said) >= 5
    assert sum(comment.get("deleted", False) for comment in said) >= 3
    assert sum(comment.get("edited", False) for comment in said) >= 3
    assert {comment["author"] for comment in said} >= set(newsroom.MEMBERS)


def test_one_story_has_a_poll_and_one_asks_a_question():
    asked = {story["asks"]["kind"]: story["asks"] for story in STORIES if "asks" in story}
    assert sorted(asked) == ["poll", "question"]
    poll = asked["poll"]
    assert len(poll["answers"]) == len(poll["votes"])
    # Some have not voted, so that whoever looks at the demo can.
    assert 10 < sum(poll["votes"]) < len(newsroom.MEMBERS) - 5


# --- The site --------------------------------------------------------------------------------------------------------


def test_the_demo_is_filled_and_filling_it_again_changes_nothing(empty, stranger):
    assert fill(only=3) == [(done, 5) for done in range(1, 6)]
    first, made = digest(), sizes()
    assert (made["StoryPage"], made["SectionPage"], made["User"]) == (3, 5, 85)
    assert made["Comment"] == sum(len(story.get("comments_list", ())) for story in STORIES[:3])
    fill(only=3)
    assert (digest(), sizes()) == (first, made)
    front = stranger.get("/").content.decode()
    assert STORIES[0]["headline"] in front
    assert "Offer · paid by a partner" in front


def test_what_the_demo_counts_is_what_it_shows(empty, few):
    """A removed comment between two others is counted neither by the thread nor on the front page."""
    fill(few)
    assert list(drifted_comments()) == []
    assert [(thread.title, thread.comment_count, thread.counted) for thread in drifted_threads()] == []


@pytest.mark.parametrize(
    ("name", "letters"),
    [("31-guest-house-rule", "AB"), ("15-four-day-week-second-year", "ABC"), ("02-ferrys-last-captain", "")],
)
def test_readers_fall_into_groups_in_some_discussions(empty, tmp_path, name, letters):
    for each in {name, "02-ferrys-last-captain"}:  # the lead
        (tmp_path / f"{each}.toml").symlink_to(newsroom.STORIES / f"{each}.toml")
    fill(tmp_path)
    thread = Thread.objects.latest("pk")
    discussion.fit_thread(thread.pk)
    thread.refresh_from_db()
    assert thread.group_letters == letters


def test_two_fresh_fillings_are_the_same(empty, few):
    digests = []
    for _ in range(2):
        with time_machine.travel("2026-05-12T08:00:00+09:00", tick=False), transaction.atomic():
            fill(few)
            digests.append(digest())
            transaction.set_rollback(True)
    assert digests[0] == digests[1]


def test_the_demo_asks_its_readers_and_they_vote_alike_on_every_run(empty, tmp_path, stranger):
    for name in ("10-small-post-offices-reform", "33-dialect-dictionary"):
        (tmp_path / f"{name}.toml").symlink_to(newsroom.STORIES / f"{name}.toml")
    said = ("poll__question", "poll__closes_at", "option__text", "voter__handle", "cast_at")
    ballots = []
    for last in (False, True):
        with time_machine.travel("2026-05-12T08:00:00+09:00", tick=False), transaction.atomic():
            fill(tmp_path)
            ballots.append(list(PollVote.objects.order_by("voter__handle").values_list(*said)))
            transaction.set_rollback(not last)
    assert ballots[0] == ballots[1]
    assert [story.kind_label for story in StoryPage.objects.order_by("path")] == ["Poll", "Question"]
    asks = next(story["asks"] for story in STORIES if story["slug"] == "small-post-offices-reform")
    votes = Counter(PollVote.objects.values_list("option__text", flat=True))
    assert [votes[answer] for answer in asks["answers"]] == asks["votes"]
    assert list(drifted_options()) == []
    front = stranger.get("/").content.decode()
    assert front.count("label--kind") == 2


def test_the_demo_reports_live_with_the_times_of_its_evening(empty, tmp_path, stranger):
    name = "44-pontoon-vote-live.toml"
    (tmp_path / name).symlink_to(newsroom.STORIES / name)
    fill(tmp_path)
    story = StoryPage.objects.get()
    times = LiveEntry.objects.order_by("number").values_list("at", flat=True)
    assert [(at - story.published_at).seconds // 60 for at in times] == [12, 31, 54, 78, 112, 126]
    assert story.updated_at == times[5]
    page = stranger.get(story.url).content.decode()
    assert (page.count('class="entry"'), "This live report has ended" in page) == (6, True)


def test_what_moderators_and_authors_took_away_is_not_shown(empty, few, stranger):
    fill(few)
    states = Counter(Comment.objects.values_list("state", flat=True))
    assert (states["removed"], states["deleted"]) == (1, 1)
    gone = Comment.objects.exclude(state="visible").select_related("thread")
    for comment in gone:
        page = stranger.get(comment.thread.url).content.decode()
        assert f'id="comment-{comment.number}"' in page
        entry = next(story for story in STORIES if story["headline"] == comment.thread.title)
        assert entry["comments_list"][comment.number - 1]["text"].strip()[:40] not in page
    closed = StoryPage.objects.get(slug="night-market-closes-at-ten")
    assert (closed.comments, closed.thread.state, closed.thread.version) == ("closed", "closed", 1)


def test_an_interrupted_filling_goes_on_where_it_stopped(empty, few):
    steps = newsroom.fill(few)
    next(steps)
    next(steps)
    steps.close()
    assert StoryPage.objects.count() == 1
    fill(few)
    assert StoryPage.objects.count() == 3
    assert len(set(StoryPage.objects.values_list("slug", flat=True))) == 3


def test_everybody_who_is_named_can_sign_in(empty, few):
    next(newsroom.fill(few))
    roles = []
    for role, email, password in newsroom.sign_ins():
        browser = Client()
        assert browser.post("/account/login/", {"login": email, "password": password}).status_code == 302, role
        roles.append((role, browser.get("/desk/").status_code == 200))
    assert roles == [("Administrator", True), ("Editor", True), ("Moderator", True), ("Reader", False)]


def test_a_site_with_accounts_of_its_own_is_left_alone(empty, few):
    make_member("Somebody Else")
    before = sizes()
    with pytest.raises(Refused) as refusal:
        fill(few)
    assert refusal.value.code == "not-a-demo"
    assert sizes() == before

"""The order of common ground, the bars under a comment, the map of opinion groups: for everybody, and of nobody."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions, picture, reads
from kawaraban.discussion.groups import Dot
from kawaraban.discussion.models import Comment, Fit, Tally, Thread
from kawaraban.discussion.orders import View
from kawaraban.discussion.testing import fold_comment, hold_comment, make_divided_thread, make_thread
from kawaraban.ranking.common_ground import score

BY_COMMON_GROUND = View(order="common-ground")


@pytest.fixture
def divided(db):
    """A thread with two groups, and its voters."""
    thread, voters = make_divided_thread()
    actions.fit_thread(thread.pk)
    thread.refresh_from_db()
    return thread, voters


def read(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def words(part):
    return re.sub(r"\s+", " ", part.get_text()).strip()


def say(thread: Thread, number: int, *votes: list[int]) -> None:
    """Let the groups say this of a comment."""
    Tally.objects.filter(comment__thread=thread, comment__number=number).update(votes=list(votes))


# --- The order --------------------------------------------------------------------------------------------------------


def test_the_order_follows_the_group_that_likes_a_comment_least(divided):
    thread, _ = divided
    page = reads.thread_page(thread, BY_COMMON_GROUND)
    scores = [score(comment.groups) for comment in page.comments]
    assert scores == sorted(scores, reverse=True)
    assert {comment.number for comment in page.comments[:4]} == {1, 2, 3, 4}
    assert str(page.order.sentence) == "Ranked by the approval it gets in the group of readers that likes it least."


def test_ties_go_to_what_can_be_counted_on_and_then_to_the_newest(divided):
    thread, _ = divided
    Tally.objects.all().update(votes=[[0, 5], [0, 5]])
    say(thread, 5, [8, 8], [8, 8])  # 10 of 12, as below, with fewer votes on the other side
    say(thread, 6, [8, 8], [28, 28])
    say(thread, 7, [8, 8], [8, 8])
    numbers = [comment.number for comment in reads.thread_page(thread, BY_COMMON_GROUND).comments]
    assert numbers[:3] == [6, 7, 5]


def test_a_comment_that_nobody_has_voted_on_stands_between_liked_and_disliked(divided, author):
    thread, _ = divided
    new = actions.post_comment(author, thread.pk, "The tide was never late.", key="new")
    numbers = [comment.number for comment in reads.thread_page(thread, BY_COMMON_GROUND).comments]
    assert 4 <= numbers.index(new.number) < len(numbers) - 1


@pytest.mark.parametrize(
    ("sizes", "why"), [((15, 12), "too few readers have voted both ways"), ((42,), "their votes show no stable divide")]
)
def test_without_groups_the_page_says_why_and_shows_the_best_first(db, stranger, sizes, why):
    thread, _ = make_divided_thread(sizes, comments=30)
    actions.fit_thread(thread.pk)
    page = read(stranger, f"/t/{thread.pk}/?order=common-ground")
    assert why in words(page.select_one(".thread__head"))
    assert "First what most agree with" in words(page.select_one(".thread__head"))
    numbers = [item["data-number"] for item in page.select(".comment")]
    best = [item["data-number"] for item in read(stranger, f"/t/{thread.pk}/?order=best").select(".comment")]
    assert numbers == best
    assert words(page.select_one(".views [aria-current]")) == "Common ground"
    assert why in words(read(stranger, f"/t/{thread.pk}/opinions/"))


def test_a_thread_that_nobody_has_looked_at_has_too_few_votes(thread_of_two, stranger):
    assert "too few readers have voted both ways" in words(
        read(stranger, f"/t/{thread_of_two.pk}/?order=common-ground")
    )


@pytest.fixture
def thread_of_two(db):
    """A thread with two comments and no votes."""
    return make_thread(2)


@pytest.mark.parametrize("order", ["oldest", "best", "common-ground"])
def test_pages_cost_the_same_queries_at_any_length(db, order):
    asked = []
    for comments in (15, 45):
        thread, _ = make_divided_thread(comments=comments)
        actions.fit_thread(thread.pk)
        thread.refresh_from_db()
        assert thread.group_count == 2
        with CaptureQueriesContext(connection) as queries:
            reads.thread_page(thread, View(order=order))
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 7


# --- Under a comment --------------------------------------------------------------------------------------------------


def test_each_comment_says_what_each_group_says(divided, stranger):
    thread, _ = divided
    say(thread, 1, [18, 20], [3, 4])
    say(thread, 2, [18, 20], [9, 10])
    page = read(stranger, f"/t/{thread.pk}/")
    first, second = page.select_one("#comment-1"), page.select_one("#comment-2")
    assert [words(bar) for bar in first.select(".bars li")] == [
        "Group A 90 % agree: 18 of 20 votes",
        "Group B 75 % agree: 3 of 4 votes",
    ]
    assert "Common ground: 62 %, which is (3 + 2) of (4 + 4) in group B, who like it least." in words(first)
    assert [bar["width"] for bar in first.select(".bars rect:not(.bars__track)")] == ["90", "75"]
    assert not first.select(".badge")
    assert words(second.select_one(".badge")) == "Common ground"


def test_without_groups_there_are_no_bars(thread_of_two, stranger):
    page = read(stranger, f"/t/{thread_of_two.pk}/")
    assert not page.select(".bars, .badge")
    assert "group" not in words(page.select_one(".thread__head"))


def test_removed_comments_have_none(divided, moderator, stranger):
    thread, _ = divided
    hold_comment(moderator, thread.pk, 1)
    assert not read(stranger, f"/t/{thread.pk}/").select("#comment-1 .bars")


# --- The map ----------------------------------------------------------------------------------------------------------


def test_the_map_shows_groups_what_stands_for_them_and_what_all_say(divided, stranger):
    thread, _ = divided
    page = read(stranger, f"/t/{thread.pk}/opinions/")
    assert "42 readers fall into 2 groups" in words(page)
    assert [words(title) for title in page.select("h2")] == [
        "Group A, 24 readers",
        "Group B, 18 readers",
        "What all groups agree on",
        "What divides them most",
    ]
    assert [words(item) for item in page.select(".picture__key li")] == [
        "Group A: 24 readers, 57 %",
        "Group B: 18 readers, 43 %",
    ]
    assert 1 <= len(page.select(".opinions__group ol")[0].select("li")) <= 3
    agreed = page.select_one("section[aria-labelledby=agreed]")
    assert {link.get_text() for link in agreed.select("a[href^='/t/']")} <= {"#1", "#2", "#3", "#4"}
    assert page.select_one("section[aria-labelledby=divided] li")


def test_what_readers_may_not_see_is_not_on_the_map(divided, moderator, stranger):
    thread, _ = divided
    shown = {
        link["href"] for link in read(stranger, f"/t/{thread.pk}/opinions/").select(".opinions__list a[href^='/t/']")
    }
    for number in range(1, 21):
        if f"/t/{thread.pk}/{number}/" in shown:
            (hold_comment if number % 2 else fold_comment)(moderator, thread.pk, number)
    page = read(stranger, f"/t/{thread.pk}/opinions/")
    assert not shown & {link["href"] for link in page.select(".opinions__list a")}


def test_nobody_is_named_who_only_votes(divided, stranger):
    thread, voters = divided
    for path in ("", "opinions/", "?order=common-ground"):
        text = stranger.get(f"/t/{thread.pk}/{path}").content.decode()
        assert not [voter.handle for voter in voters if voter.handle in text or voter.slug in text]


def test_each_dot_is_a_reader_and_groups_differ_in_shape(divided, stranger):
    thread, _ = divided
    paths = read(stranger, f"/t/{thread.pk}/opinions/").select(".picture__frame path")
    assert [(path["data-group"], path["d"].count("M")) for path in paths] == [("A", 24), ("B", 18)]
    assert [picture.SHAPES[path["data-group"]] in path["d"] for path in paths] == [True, True]


def test_the_viewer_sees_where_they_stand_and_nobody_else_does(divided, signed_in, stranger):
    thread, voters = divided
    own = words(read(signed_in(voters[0]), f"/t/{thread.pk}/opinions/mine/?page=1"))
    assert "You stand where the ring is, in group A." in own
    laid_over = signed_in(voters[-1]).get(f"/t/{thread.pk}/opinions/mine/")
    assert "in group B" in laid_over.content.decode()
    assert "no-store" in laid_over.headers["Cache-Control"]
    assert "You are in no group here" in signed_in(make_member()).get(f"/t/{thread.pk}/opinions/mine/").content.decode()
    assert "picture__own" not in stranger.get(f"/t/{thread.pk}/opinions/mine/").content.decode()
    assert stranger.get(f"/t/{thread.pk}/opinions/mine/?page=1").status_code == 302
    assert "picture__own" not in stranger.get(f"/t/{thread.pk}/opinions/").content.decode()


def test_where_the_newsroom_wants_no_groups_nothing_speaks_of_them(divided, stranger):
    thread, _ = divided
    actions.describe_thread(thread.pk, title="x", url="/x/", state="open", finds_groups=False)
    page = read(stranger, f"/t/{thread.pk}/?order=common-ground")
    assert not page.select(".bars, .badge")
    assert "Common ground" not in words(page)
    assert [item["data-number"] for item in page.select(".comment")][:3] == ["1", "2", "3"]
    for path in ("opinions/", "opinions/mine/"):
        assert stranger.get(f"/t/{thread.pk}/{path}").status_code == 404
    assert actions.fit_due_threads() == 1
    assert not Fit.objects.exists()
    actions.describe_thread(thread.pk, title="x", url="/x/", state="open", finds_groups=True)
    assert actions.fit_due_threads() == 1
    assert Fit.objects.get().sizes == [24, 18]


def test_what_common_ground_is_stands_on_a_page(stranger, db):
    page = read(stranger, "/common-ground/")
    assert "the lowest of these shares is the comment’s figure" in words(page)
    assert page.select_one("#privacy")


# --- The picture ------------------------------------------------------------------------------------------------------


def test_a_picture_holds_every_dot_within_its_frame():
    dots = [Dot(member, member / 7, (member * 37 % 11) / 3, member % 2) for member in range(200)]
    drawn = picture.draw(dots, "BA")
    assert [shape.letter for shape in drawn.shapes] == ["B", "A"]
    places = [
        tuple(map(float, place.split())) for shape in drawn.shapes for place in re.findall(r"M(\S+ \S+?)m", shape.path)
    ]
    assert len(places) == 200
    assert all(0 < x < picture.WIDTH and 0 < y < picture.HEIGHT for x, y in places)


def test_dots_on_one_axis_are_piled_up():
    drawn = picture.draw([Dot(member, member % 3, 0.0, 0) for member in range(30)], "A")
    places = re.findall(r"M(\S+ \S+?)m", drawn.shapes[0].path)
    assert len(set(places)) == 30
    assert len({place.split()[0] for place in places}) == 3
    assert drawn.height == picture.HEIGHT_OF_LINE


def test_many_readers_share_dots_and_the_page_says_so():
    drawn = picture.draw([Dot(member, member / 9, member % 5, 0) for member in range(5_000)], "A")
    assert drawn.each == 5
    assert drawn.shapes[0].path.count("M") == 1_000
    assert picture.draw([], "").shapes == []
    assert picture.draw([Dot(1, 0.0, 0.0, 0)], "A").shapes[0].path.startswith("M25 75")


def test_comments_by_page_are_told_their_groups(divided):
    thread, _ = divided
    comment = Comment.objects.select_related("thread").get(thread=thread, number=3)
    assert reads.single(comment).comments[0].groups == Tally.objects.get(comment=comment).groups

"""Readers find stories and comments by their words, narrowed by what they are, where, when and by whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Comment
from kawaraban.discussion.testing import make_comment, make_waiting, put_away, remove_comment
from kawaraban.jobs.testing import run_jobs
from kawaraban.newsroom.actions import paragraph
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import page, words
from kawaraban.search import actions, index, reads
from kawaraban.search.models import Entry
from kawaraban.search.words import query

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def found(typed, **more):
    """What a search finds, in order: headlines, and comments as `#1 by …`."""
    run_jobs()
    actions.follow()
    soup = page(f"/search/?{urlencode({'q': typed, **more})}")
    return [words(heading) for heading in soup.select(".teaser h2")]


@pytest.fixture
def story(site):
    """A story to discuss."""
    return make_story(headline="Prefecture to rebuild a viaduct")


def test_a_comment_is_found_by_its_words_and_leads_to_its_place(story, author, reader):
    make_comment(story.thread, author, "The scaffolding is a disgrace.")
    make_comment(story.thread, reader, "It will be gone by March.")
    assert found("scaffoldings") == [f"#1 by {author.handle}"]
    hit = page("/search/?q=scaffolding").select_one(".teaser")
    assert hit.select_one("h2 a")["href"] == f"/t/{story.thread_id}/1/"
    assert [mark.text for mark in hit.select("mark")] == ["scaffolding"]
    assert "Under Prefecture to rebuild a viaduct" in words(hit)


def test_a_comment_is_found_by_its_present_words(story, author):
    said = make_comment(story.thread, author, "The scaffolding is a disgrace.")
    discussion.edit_comment(author, story.thread_id, said.number, "The trestle is a disgrace.")
    assert (found("scaffolding"), found("trestle")) == ([], [f"#1 by {author.handle}"])


@pytest.mark.parametrize("state", ["held", "removed", "deleted"])
def test_what_is_not_shown_is_not_found_at_once_and_its_words_are_forgotten(story, author, state):
    said = make_comment(story.thread, author, "The scaffolding is a disgrace.")
    assert found("scaffolding") != []
    put_away(said, state)
    # Before any job has run: the rows themselves are asked.
    assert page("/search/?q=scaffolding").select(".teaser") == []
    run_jobs()
    assert index.newest(query("scaffolding"), (), 0, reads.LATEST) == []


def test_a_comment_is_found_by_its_writers_own_words_and_not_by_those_it_quotes(story, author, reader):
    make_comment(story.thread, author, "The scaffolding is a disgrace to the whole prefecture.")
    make_comment(story.thread, reader, "> The scaffolding is a disgrace to the whole prefecture.\n\nNot at all.")
    assert found("scaffolding") == [f"#1 by {author.handle}"]
    assert found("not at all") == [f"#2 by {reader.handle}"]
    assert found(author.handle) == []


def test_words_that_were_removed_are_not_found_within_a_sentence_that_quotes_them(story, author, reader, moderator):
    said = make_comment(story.thread, author, "The scaffolding is a disgrace to the whole prefecture.")
    make_comment(story.thread, reader, "You say “The scaffolding is a disgrace to the whole prefecture.” Not at all.")
    assert len(found("scaffolding")) == 2
    remove_comment(moderator, story.thread_id, said.number)
    assert found("scaffolding") == []
    assert found("not at all") == [f"#2 by {reader.handle}"]


def test_what_is_unpublished_is_not_found_nor_what_is_said_under_it(story, author):
    make_comment(story.thread, author, "The viaduct is a disgrace.")
    assert len(found("viaduct")) == 2
    story.unpublish()
    assert page("/search/?q=viaduct").select(".teaser") == []
    assert found("viaduct") == []


def test_one_looks_in_stories_alone_or_in_comments_alone(story, author):
    make_comment(story.thread, author, "The viaduct is a disgrace.")
    assert found("viaduct", kind="story") == [story.title]
    assert found("viaduct", kind="comment") == [f"#1 by {author.handle}"]


def test_one_looks_in_a_section_also_among_what_is_said_there(story, author):
    other = make_story(make_section("Sport"), headline="Viaduct marathon")
    make_comment(other.thread, author, "The viaduct is too steep.")
    assert set(found("viaduct", section="sport")) == {other.title, f"#1 by {author.handle}"}
    assert found("viaduct", section="city") == [story.title]


def test_what_moves_to_another_section_is_found_there(story, author):
    make_comment(story.thread, author, "The viaduct is too steep.")
    assert len(found("viaduct", section="city")) == 2
    story.move(make_section("Sport"), pos="last-child")
    actions.catch_up()
    assert len(found("viaduct", section="sport")) == 2
    assert found("viaduct", section="city") == []


@pytest.mark.parametrize("name", ["Emi Sato", "emi  sato", "\uff25MI SATO"])
def test_one_looks_for_what_somebody_wrote(story, name):
    by_her = make_story(headline="A viaduct in pictures", bylines=(("Emi Sato", "person"), ("Kyodo", "agency")))
    assert found("viaduct", author=name) == [by_her.title]
    assert found("viaduct", author="Emi") == []


def test_one_looks_for_what_a_member_wrote(story, author, reader):
    make_comment(story.thread, author, "The viaduct is too steep.")
    make_comment(story.thread, reader, "The viaduct is too flat.")
    assert found("viaduct", author=author.handle) == [f"#1 by {author.handle}"]


def test_one_looks_from_a_day_to_another_both_included(site):
    for day in (3, 4, 5):
        make_story(headline=f"Viaduct on day {day}", published_at=NOON.replace(day=day))
    make_story(headline="Viaduct without a day", origin="elsewhere")
    assert set(found("viaduct", since="2026-05-04")) == {"Viaduct on day 4", "Viaduct on day 5"}
    assert found("viaduct", since="2026-05-04", until="2026-05-04") == ["Viaduct on day 4"]
    assert set(found("viaduct", until="2026-05-03")) == {"Viaduct on day 3", "Viaduct without a day"}


def test_a_word_in_the_headline_goes_before_one_in_the_text_unless_the_newest_are_asked_for(site):
    make_story(headline="A viaduct", published_at=NOON)
    make_story(headline="Roads", body=[paragraph("Also a viaduct.")], published_at=NOON + timedelta(days=1))
    assert found("viaduct") == ["A viaduct", "Roads"]
    assert found("viaduct", order="newest") == ["Roads", "A viaduct"]


def test_stories_stand_before_comments_unless_the_newest_are_asked_for(story, author):
    make_comment(story.thread, author, "Viaduct!")
    assert found("viaduct") == [story.title, f"#1 by {author.handle}"]
    assert found("viaduct", order="newest") == [f"#1 by {author.handle}", story.title]


def test_a_narrowed_search_says_to_what(story):
    soup = page("/search/?q=viaduct&kind=story&section=city&author=Emi&since=2026-05-04&until=2026-05-05")
    assert (
        words(soup.select_one("summary")) == "Narrowed to: stories · City · by Emi · from May 4, 2026 · to May 5, 2026"
    )
    assert words(page("/search/?q=viaduct").select_one("summary")) == "Narrow it down"


def test_words_between_quotation_marks_stand_together_and_not_across_headline_and_text(site):
    make_story(headline="The old harbour", standfirst="", body=[paragraph("Wall paint and harbour wall.")])
    make_story(headline="The old harbour", standfirst="", body=[paragraph("Wall paint.")], slug="paint")
    assert len(found("harbour wall")) == 2
    assert len(found('"harbour wall"')) == 1


@pytest.mark.parametrize("typed", ["港湾局", "鉄橋", "橋", "局", "港湾局 鉄橋", '"港湾局は"', "再建"])
def test_japanese_is_found_by_any_part_of_it(site, author, typed):
    made = make_story(headline="港湾局は鉄橋を再建", body=[paragraph("工事は四月に始まる。")])
    make_comment(made.thread, author, "反対だ。")
    assert found(typed) == ["港湾局は鉄橋を再建"]
    assert found("反対") == [f"#1 by {author.handle}"]


@pytest.mark.parametrize("typed", ["港局", "湾港", "橋鉄", "建再"])
def test_japanese_signs_in_another_order_are_other_words(site, typed):
    make_story(headline="港湾局は鉄橋を再建")
    assert found(typed) == []


def test_a_found_word_is_marked_where_it_stands_and_nothing_is_markup(story, author):
    make_comment(story.thread, author, "<b>Steep</b> is the viaduct & so are viaducts.")
    soup = page("/search/?q=viaduct&kind=comment") if found("steep") else None
    assert [mark.text for mark in soup.select("mark")] == ["viaduct", "viaducts"]
    assert soup.select_one(".teaser__standfirst").text == "<b>Steep</b> is the viaduct & so are viaducts."


def test_a_snippet_of_a_long_text_begins_near_what_was_found():
    text = "One word. " * 100 + "Then the viaduct fell, 鉄橋 and all. " + "Another word. " * 100
    pieces = list(reads.snippet(text, query("viaduct 橋")))
    assert [words for words, is_found in pieces if is_found] == ["viaduct", "橋"]
    assert pieces[0] == ("… ", False)
    assert len("".join(words for words, _ in pieces)) < reads.SNIPPET + 10
    assert pieces[-1][0].endswith("…")


@pytest.mark.parametrize(
    ("name", "sent"),
    [("since", "yesterday"), ("until", "2026-02-31"), ("section", "nowhere"), ("kind", "x"), ("order", "'; --")],
)
def test_what_cannot_be_understood_is_told_and_narrows_nothing(story, name, sent):
    run_jobs()
    soup = page(f"/search/?{urlencode({'q': 'viaduct', name: sent})}")
    assert [words(heading) for heading in soup.select(".teaser h2")] == [story.title]
    assert "It narrows nothing below." in words(soup.select_one("[role=alert]"))
    assert soup.select_one("details").has_attr("open")


def test_the_next_page_asks_the_same(story, author):
    for number in range(21):
        make_story(headline=f"Viaduct {number}")
    run_jobs()
    soup = page("/search/?q=viaduct&kind=story&section=city&x=1&page=1")
    assert soup.select_one(".pages a[rel=next]")["href"] == "?q=viaduct&kind=story&section=city&page=2"


def test_more_than_is_looked_at_is_said(site, monkeypatch):
    monkeypatch.setattr(index, "NEWEST", 3)
    for number in range(4):
        make_story(headline=f"Viaduct {number}", published_at=NOON + timedelta(days=number))
    assert set(found("viaduct")) == {"Viaduct 1", "Viaduct 2", "Viaduct 3"}
    assert "3 or more found" in words(page("/search/?q=viaduct").select_one("[role=status]"))
    StoryPage.objects.filter(title="Viaduct 2").update(live=False)
    assert "2 or more found" in words(page("/search/?q=viaduct").select_one("[role=status]"))


def test_what_nobody_finds_yet_is_brought_up_part_by_part(story, author):
    make_comment(story.thread, author, "The viaduct is too steep.")
    actions.forget(Entry.objects.all())
    assert [actions.catch_up(1), actions.catch_up(1), actions.catch_up(1)] == [1, 1, 0]
    assert len(found("viaduct")) == 2


def test_what_was_held_is_found_once_it_is_shown_though_later_ones_were_found_before(story, author, moderator):
    held = make_waiting(story.thread, author, "The viaduct is too steep.")
    make_comment(story.thread, author, "No viaduct, no quarrel.")
    assert len(found("viaduct", kind="comment")) == 1
    discussion.restore_comment(moderator, story.thread_id, held.number)
    assert len(found("viaduct", kind="comment")) == 2


def test_comments_are_followed_part_by_part(story, author):
    for text in ("The viaduct is steep.", "No viaduct, no quarrel.", "My uncle painted that viaduct green."):
        make_comment(story.thread, author, text)
    assert [actions.follow(2), actions.follow(2), actions.follow(2)] == [2, 1, 0]


def test_imported_comments_of_the_same_second_are_each_found(story, author):
    for text in ("The viaduct is steep.", "No viaduct, no quarrel.", "My uncle painted that viaduct green."):
        make_comment(story.thread, author, text)
    Comment.objects.update(created_at=NOON)
    actions.forget(Entry.objects.all())
    actions.catch_up()
    assert len(found("viaduct", kind="comment", since="2026-05-04", until="2026-05-04")) == 3


def test_a_search_costs_the_same_at_any_number_of_stories_and_comments(story, author, stranger):
    def cost():
        run_jobs()
        actions.follow()
        stranger.get("/search/?q=viaduct")
        with CaptureQueriesContext(connection) as queries:
            stranger.get("/search/?q=viaduct")
        return len(queries)

    make_comment(story.thread, author, "The viaduct is too steep.")
    before = cost()
    for text in ("No viaduct, no quarrel.", "My uncle painted that viaduct green.", "Viaduct! Again?"):
        make_comment(make_story(headline=f"Viaduct: {text}").thread, author, text)
    assert cost() == before

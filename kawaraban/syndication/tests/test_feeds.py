"""Feeds of everything, a section, an author, a tag and a discussion, in three formats."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import override_settings

from kawaraban.discussion import actions
from kawaraban.discussion.models import Thread
from kawaraban.discussion.testing import make_comment, remove_comment
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import publish_again
from kawaraban.syndication.tests.documents import NOW, body, get, make_full_story, parsed, values, xml

FORMATS = ("atom", "rss", "json")
XML_FORMATS = ("atom", "rss")


def titles(address: str) -> list[str]:
    return [entry.title for entry in parsed(address).entries]


@pytest.mark.parametrize("kind", XML_FORMATS)
def test_a_feed_reader_gets_what_a_story_says(site, kind):
    story = make_full_story()
    feed = parsed(f"/feeds/{kind}/")
    entry = feed.entries[0]
    assert feed.feed.title == "The Test Courier"
    assert feed.feed.link == "http://localhost/"
    assert entry.title == "Bridge & ferry: <both> “stay”"
    assert entry.link == story.full_url
    assert entry.summary == "For the third time in 27 years."
    assert "Work is to begin in April." in entry.content[0].value
    assert '<a href="http://localhost/city/">the rest</a>' in entry.content[0].value
    assert [tag.term for tag in entry.tags] == ["City", "bridge", "river works"]
    assert entry.media_content[0]["url"].startswith("http://localhost/media/")
    assert entry.published_parsed[:5] == (NOW - timedelta(hours=30)).timetuple()[:5]
    assert entry.id.startswith("tag:localhost,")


def test_an_atom_feed_has_what_the_standard_requires_once(site):
    make_full_story()
    make_story(make_section("World"), headline="Elsewhere")
    document = xml("/feeds/atom/")
    for path in ("atom:id", "atom:title", "atom:updated", "atom:author/atom:name", "atom:link[@rel='self']"):
        assert len(values(document, path)) == 1, path
    assert values(document, "atom:link[@rel='self']/@href") == ["http://localhost/feeds/atom/"]
    entries = values(document, "atom:entry")
    assert len(entries) == 2
    for entry in entries:
        for path in ("atom:id", "atom:title", "atom:updated", "atom:link[@rel='alternate']", "atom:content"):
            assert len(values(entry, path)) == 1, path
    assert len(set(values(document, "//atom:id/text()"))) == 3
    names = values(document, "atom:entry[2]/atom:author/atom:name/text()")
    assert names == ["Kaoru Minami", "Ellis/Grant", "Harbour News"]


def test_an_rss_feed_has_what_the_specification_requires(site):
    make_full_story()
    document = xml("/feeds/rss/")
    assert document.get("version") == "2.0"
    for name in ("title", "link", "description", "lastBuildDate"):
        assert len(values(document, f"channel/{name}/text()")) == 1, name
    for name in ("title", "link", "guid", "pubDate", "description"):
        assert len(values(document, f"channel/item/{name}/text()")) == 1, name
    assert values(document, "channel/item/guid/@isPermaLink") == ["false"]


def test_a_json_feed_has_what_the_specification_requires(site):
    story = make_full_story()
    response = get("/feeds/json/")
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://localhost/feeds/json/"
    (item,) = feed["items"]
    assert item["title"] == "Bridge & ferry: <both> “stay”"
    assert item["url"] == story.full_url
    assert [author["name"] for author in item["authors"]] == ["Kaoru Minami", "Ellis/Grant", "Harbour News"]
    assert item["image"].startswith("http://localhost/media/")
    assert {"id", "content_html", "date_published", "date_modified"} <= set(item)


@pytest.mark.parametrize("kind", XML_FORMATS)
def test_each_list_holds_what_belongs_to_it(site, kind):
    make_full_story(headline="In town", tags=("橋",))
    make_story(make_section("World"), headline="Far away", bylines=(("Ellis/Grant", "person"),))
    assert sorted(titles(f"/feeds/{kind}/")) == ["Far away", "In town"]
    assert titles(f"/feeds/{kind}/section/city/") == ["In town"]
    assert titles(f"/feeds/{kind}/author/Kaoru%20Minami/") == ["In town"]
    assert sorted(titles(f"/feeds/{kind}/author/Ellis/Grant/")) == ["Far away", "In town"]
    assert titles(f"/feeds/{kind}/tag/橋/") == ["In town"]


@pytest.mark.parametrize(
    "path", ["section/nowhere/", "author/Nobody/", "tag/nothing/", "thread/999/", "author/a%00b/", "section/a%ffb/"]
)
def test_what_is_not_there_is_no_feed_and_no_error(site, path):
    make_story()
    for kind in (*FORMATS, "ninjs", "yaml"):
        assert get(f"/feeds/{kind}/{path}").status_code in (400, 404)


@pytest.mark.parametrize("kind", XML_FORMATS)
def test_an_empty_site_has_a_feed_that_is_whole(site, kind):
    feed = parsed(f"/feeds/{kind}/")
    assert feed.entries == []
    assert feed.feed.updated


@pytest.mark.parametrize("kind", XML_FORMATS)
def test_what_xml_cannot_hold_is_left_out(site, kind):
    make_story(headline="A bell\x07 and \ufffe no character")
    assert titles(f"/feeds/{kind}/") == ["A bell and  no character"]


def test_a_hostile_headline_stays_text(site):
    hostile = "<script>alert(1)</script>&amp;\"'><img src=x onerror=alert(1)>"
    make_story(headline=hostile, standfirst=hostile)
    entry = xml("/feeds/atom/").find("{http://www.w3.org/2005/Atom}entry")
    assert values(entry, "atom:title/text()") == [hostile]
    assert values(entry, "atom:title/@type") == ["text"]
    assert values(entry, "atom:summary/@type") == ["text"]
    assert values(xml("/feeds/rss/"), "channel/item/title/text()") == [hostile]
    assert b"<script" not in body("/feeds/rss/") + body("/feeds/atom/")


def test_links_of_the_desk_become_addresses_and_drafts_are_not_told(site):
    shown, draft = make_story(headline="Shown"), make_story(headline="Kept back")
    draft.unpublish()
    html = f'<p><a linktype="page" id="{shown.pk}">one</a> <a linktype="page" id="{draft.pk}">other</a></p>'
    make_story(headline="Linking", body=[("paragraph", html)], tags=("links",))
    text = parsed("/feeds/atom/tag/links/").entries[0].content[0].value
    assert f'<a href="{shown.full_url}">one</a> other' in text


# --- Discussions ------------------------------------------------------------------------------------------------------


def test_a_discussion_says_who_answers_whom(site, reader, author):
    story = make_story()
    thread = Thread.objects.get(pk=story.thread_id)
    make_comment(thread, author, "The ferry *was* never late.\n\nhttps://a.example/14")
    make_comment(thread, reader, "> The ferry was never late.\n\nIt was, in May.")
    document = xml(f"/feeds/atom/thread/{thread.pk}/")
    assert values(document, "atom:entry/atom:title/text()") == ["#2 by Old Ferryman", "#1 by mikan"]
    first = values(document, "atom:entry[2]/atom:id/text()")
    assert values(document, "atom:entry[1]/thr:in-reply-to/@ref") == first
    assert values(document, "atom:entry[1]/thr:in-reply-to/@href") == [f"http://localhost/t/{thread.pk}/1/"]
    assert values(document, "atom:entry[2]/thr:in-reply-to/@href") == [story.full_url]
    assert values(document, "atom:entry[2]/atom:author/atom:uri/text()") == ["http://localhost/member/mikan/"]
    assert "<em>was</em>" in parsed(f"/feeds/rss/thread/{thread.pk}/").entries[1].content[0].value
    assert len(json.loads(body(f"/feeds/json/thread/{thread.pk}/"))["items"]) == 2


def test_links_within_a_comment_lead_here_from_everywhere(site, reader, author):
    thread = Thread.objects.get(pk=make_story().thread_id)
    make_comment(thread, author)
    make_comment(thread, reader, "> The ferry was never late.\n\nIt was.")
    html = parsed(f"/feeds/atom/thread/{thread.pk}/").entries[0].content[0].value
    assert 'href="http://localhost/' in html
    assert 'href="/' not in html


def test_a_discussion_that_is_off_has_no_feed(site):
    story = make_story(comments="off")
    assert get(f"/feeds/atom/thread/{story.thread_id}/").status_code == 404


# --- Asking again -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/feeds/atom/", "/feeds/json/", "/sitemap.xml", "/feeds/ninjs/"])
def test_whoever_has_it_is_told_so(site, address):
    make_full_story()
    first = get(address)
    assert "no-cache" in first["Cache-Control"]
    for header in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = get(address, **header)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]


def test_whoever_asks_by_date_hears_that_a_story_was_taken_back(site):
    with time_machine.travel(NOW, tick=False) as clock:
        older, newer = make_story(headline="Older"), make_story(headline="Newer")
        seen = get("/feeds/atom/")["Last-Modified"]
        older.unpublish()
        answer = get("/feeds/atom/", **{"If-Modified-Since": seen})
        assert answer.status_code == 200
        assert b"Older" not in answer.content
        newer.unpublish()
        clock.shift(timedelta(hours=1))
        assert get("/feeds/atom/", **{"If-Modified-Since": answer["Last-Modified"]}).status_code == 200


def test_a_new_version_is_the_same_entry_changed(site):
    with time_machine.travel(NOW, tick=False) as clock:
        story = make_story(headline="First words")
        before = parsed("/feeds/atom/").entries[0]
        clock.shift(timedelta(hours=1))
        publish_again(story, title="Better words", slug="better")
        after = parsed("/feeds/atom/").entries[0]
    assert (after.id, after.title) == (before.id, "Better words")
    assert after.updated_parsed > before.updated_parsed


def test_a_comment_that_is_removed_is_gone_with_the_next_request(site, author, moderator):
    thread = Thread.objects.get(pk=make_story().thread_id)
    make_comment(thread, author, "Heron words.")
    address = f"/feeds/atom/thread/{thread.pk}/"
    first = get(address)
    assert b"Heron words" in first.content
    remove_comment(moderator, thread.pk, 1)
    again = get(address, **{"If-None-Match": first["ETag"], "If-Modified-Since": first["Last-Modified"]})
    assert again.status_code == 200
    assert b"Heron" not in again.content


def test_a_name_that_came_with_an_import_is_told_without_an_account(site):
    thread = Thread.objects.get(pk=make_story().thread_id)
    actions.record_comment(thread, actions.Record("An older voice.", signed="Yrral", time_text="Today 07:01 am"))
    document = xml(f"/feeds/atom/thread/{thread.pk}/")
    assert values(document, "atom:entry/atom:author/atom:name/text()") == ["Yrral"]
    assert values(document, "atom:entry/atom:author/atom:uri") == []


@override_settings(LANGUAGE_CODE="ja")
def test_the_feeds_of_a_japanese_site_say_so_and_speak_japanese(site, author):
    story = make_story()
    comment = make_comment(story.thread, author, "橋が要る。")
    assert "<h1>フィード</h1>" in body("/feeds/").decode()
    feed = parsed(f"/feeds/rss/thread/{story.thread_id}/")
    assert feed.feed.language == "ja"
    assert feed.feed.title.startswith(f"コメント欄：{story.title} · ")
    assert titles(f"/feeds/rss/thread/{story.thread_id}/") == [f"#{comment.number} {author.handle}さん"]

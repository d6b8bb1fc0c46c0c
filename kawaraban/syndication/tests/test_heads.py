"""What a page says of itself in its head: address, feeds, how a link to it looks, and data for search engines."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import RequestFactory

from kawaraban.discussion.models import Thread
from kawaraban.discussion.testing import fold_comment, make_comment
from kawaraban.newsroom.actions import end_report, take_back_entry
from kawaraban.newsroom.testing import make_entry, make_live_report, make_section, make_story
from kawaraban.newsroom.tests.pages import make_stories, page
from kawaraban.syndication import jsonld
from kawaraban.syndication.tests.documents import NOW, body, graph, make_full_story

# What Google's guides require and recommend of each type, as far as a page of ours can know it.
ARTICLE = {"headline", "image", "datePublished", "dateModified", "author"}
POSTING = {"author", "datePublished", "text", "headline", "url", "comment", "interactionStatistic", "sharedContent"}
COMMENT = {"author", "datePublished", "text", "url", "interactionStatistic"}


def metas(soup: BeautifulSoup) -> dict[str, str]:
    return {meta["property"]: meta["content"] for meta in soup.select("meta[property]")}


def feeds_in(soup: BeautifulSoup) -> list[str]:
    return [link["href"] for link in soup.select('link[rel="alternate"]')]


def test_a_story_is_an_article_with_all_that_search_engines_ask_for(site):
    story = make_full_story(updated_at=NOW)
    article = graph(story.url)["NewsArticle"]
    assert set(article) >= ARTICLE
    assert article["headline"] == "Bridge & ferry: <both> “stay”"
    assert article["url"] == article["mainEntityOfPage"] == story.full_url
    assert article["datePublished"] == (NOW - timedelta(hours=30)).isoformat(timespec="seconds")
    assert article["dateModified"] == NOW.isoformat(timespec="seconds")
    assert article["author"] == [
        {"@type": "Person", "name": "Kaoru Minami"},
        {"@type": "Person", "name": "Ellis/Grant"},
        {"@type": "Organization", "name": "Harbour News"},
    ]
    assert article["publisher"] == {
        "@type": "NewsMediaOrganization",
        "name": "The Test Courier",
        "url": "http://localhost/",
    }
    assert article["image"]
    assert all(image.startswith("http://localhost/media/") for image in article["image"])
    assert article["isAccessibleForFree"] is True
    assert article["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "It is 60 per cent.",
            "datePublished": (NOW - timedelta(hours=2)).isoformat(timespec="seconds"),
        }
    ]
    assert article["articleSection"] == "City"
    assert article["keywords"] == ["bridge", "river works"]


def test_an_opinion_says_that_it_is_one(site):
    assert graph(make_story(kind="opinion").url)["OpinionNewsArticle"]["author"]


def test_a_live_report_tells_its_entries_and_when_it_ended(site, editor):
    story = make_live_report()
    make_entry(story, "It is *open*.", "The bridge opens")
    make_entry(story, "Thousands cross it.")
    wrong = make_entry(story, "The name of the wrong man.")
    take_back_entry(editor, story.pk, wrong.number, wrong.changed)
    report = graph(story.url)["LiveBlogPosting"]
    newest, first = report["liveBlogUpdate"]
    assert (first["@type"], first["headline"]) == ("BlogPosting", "The bridge opens")
    assert first["articleBody"] == "It is open."
    assert (newest["headline"], newest["url"]) == ("Thousands cross it.", f"{story.full_url}#entry-2")
    assert report["coverageStartTime"] == report["datePublished"]
    assert "coverageEndTime" not in report
    end_report(editor, story.pk)
    assert graph(story.url)["LiveBlogPosting"]["coverageEndTime"]


def test_a_story_says_where_it_stands(site):
    story = make_full_story(headline="The ferry")
    steps = graph(story.url)["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in steps] == [
        (1, "The Test Courier", "http://localhost/"),
        (2, "City", "http://localhost/city/"),
        (3, "The ferry", story.full_url),
    ]


def test_a_discussion_is_a_posting_with_the_comments_that_the_page_shows(site, reader, author, moderator):
    story = make_full_story()
    thread = Thread.objects.get(pk=story.thread_id)
    make_comment(thread, author, "The ferry *was* never late.\n\nNot <once> & never.")
    make_comment(thread, reader, "Folded words of a heron.")
    fold_comment(moderator, thread.pk, 2)
    found = graph(story.url)
    posting = found["DiscussionForumPosting"]
    assert set(posting) >= POSTING
    assert posting["commentCount"] == 2
    assert posting["interactionStatistic"] == {
        "@type": "InteractionCounter",
        "interactionType": "https://schema.org/CommentAction",
        "userInteractionCount": 2,
    }
    assert posting["sharedContent"] == {"@type": "WebPage", "url": story.full_url}
    (comment,) = posting["comment"]
    assert set(comment) >= COMMENT
    assert comment["text"] == "The ferry was never late.\nNot <once> & never."
    assert comment["author"] == {"@type": "Person", "name": "mikan", "url": "http://localhost/member/mikan/"}
    assert comment["url"] == f"{story.full_url}#comment-1"
    assert [each["userInteractionCount"] for each in comment["interactionStatistic"]] == [0, 0]
    assert found["NewsArticle"]["discussionUrl"] == posting["url"]
    assert "heron" not in json.dumps(posting)


def test_no_discussion_is_claimed_where_there_is_none(site):
    found = graph(make_full_story(comments="off").url)
    assert set(found) == {"NewsArticle", "BreadcrumbList"}
    assert "commentCount" not in found["NewsArticle"]


def test_an_imported_page_that_does_not_say_when_it_was_published_gets_no_invented_time(site):
    story = make_story(origin="page:1")
    found = graph(story.url)
    assert "datePublished" not in found["NewsArticle"]
    assert "DiscussionForumPosting" not in found


def test_no_text_ends_the_data_block(site, author):
    hostile = "</script><script>window.__xss=1</script><!--<script>\u2028&"
    story = make_story(headline=hostile, standfirst=hostile)
    make_comment(Thread.objects.get(pk=story.thread_id), author, hostile)
    html = body(story.url).decode()
    found = graph(story.url)
    assert found["NewsArticle"]["headline"] == hostile
    assert "window.__xss" in found["DiscussionForumPosting"]["comment"][0]["text"]
    scripts = BeautifulSoup(html, "html.parser").find_all("script")
    assert [script.get("type") for script in scripts if not script.get("src")] == ["application/ld+json"]
    block = html.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert not set("<>&\u2028") & set(block)


def test_a_member_has_a_profile(site, author):
    thread = Thread.objects.get(pk=make_story().thread_id)
    make_comment(thread, author)
    found = graph("/member/mikan/")["ProfilePage"]
    assert found["mainEntity"]["name"] == "mikan"
    assert found["mainEntity"]["identifier"] == "mikan"
    assert found["mainEntity"]["url"] == "http://localhost/member/mikan/"
    assert found["mainEntity"]["agentInteractionStatistic"]["userInteractionCount"] == 1
    assert found["dateCreated"] == f"{author.date_joined:%Y-%m}"
    assert page("/member/mikan/").select_one('link[rel="canonical"]')["href"] == "http://localhost/member/mikan/"


def test_the_front_page_and_a_section_say_their_address_and_name(site):
    make_stories(make_section("City"), 21)
    assert graph("/")["WebSite"]["name"] == "The Test Courier"
    for address, canonical in (
        ("/", "http://localhost/"),
        ("/?from=elsewhere", "http://localhost/"),
        ("/city/", "http://localhost/city/"),
        ("/city/?page=2&x=1", "http://localhost/city/?page=2"),
    ):
        links = page(address).select('link[rel="canonical"]')
        assert [link["href"] for link in links] == [canonical]


def test_a_story_has_one_address_however_it_is_reached(site):
    story = make_story()
    links = page(f"{story.url}?order=best&page=3").select('link[rel="canonical"]')
    assert [link["href"] for link in links] == [story.full_url]


def test_each_page_names_its_feeds_and_every_one_is_there(site):
    story = make_full_story(tags=("橋 & river",))
    thread = story.thread_id
    found = {address: feeds_in(page(address)) for address in ("/", "/city/", story.url, "/search/")}
    assert found["/"] == ["/feeds/atom/", "/feeds/rss/", "/feeds/json/"]
    assert found["/city/"][1:] == [f"/feeds/{kind}/section/city/" for kind in ("atom", "rss", "json")]
    assert found["/search/"] == ["/feeds/atom/"]
    named = found[story.url]
    assert named[:2] == ["/feeds/atom/", "/feeds/atom/section/city/"]
    assert [address for address in named if "author" in address] == [
        "/feeds/atom/author/Kaoru%20Minami/",
        "/feeds/atom/author/Ellis/Grant/",
    ]
    assert named[-3:] == [f"/feeds/{kind}/thread/{thread}/" for kind in ("atom", "rss", "json")]
    for address in {address for addresses in found.values() for address in addresses}:
        body(address)
    assert page("/feeds/").select_one('a[href="/feeds/rss/section/city/"]')


def test_names_of_any_signs_have_feeds(site):
    section = make_section("国内", slug="国内")
    story = make_story(
        section, bylines=(("Two\nlines", "person"), ("a/b c?d#e", "person"), ("", "person")), tags=("?#/",)
    )
    named = feeds_in(page(story.url))
    assert len([address for address in named if "/author/" in address]) == 2
    for address in named:
        body(address)


def test_a_link_to_a_story_is_shown_with_its_photograph(site):
    soup = page(make_full_story().url)
    found = metas(soup)
    assert found["og:type"] == "article"
    assert found["og:title"] == "Bridge & ferry: <both> “stay”"
    assert found["og:description"] == "For the third time in 27 years."
    assert found["og:site_name"] == "The Test Courier"
    assert found["og:image"].startswith("http://localhost/media/")
    assert found["og:image:alt"] == "A river."
    assert found["article:section"] == "City"
    assert soup.select_one('meta[name="twitter:card"]')["content"] == "summary_large_image"
    body(found["og:image"].removeprefix("http://localhost"))


def test_a_link_to_a_story_without_a_photograph_is_shown_with_its_card(site):
    story = make_story()
    address = metas(page(story.url))["og:image"]
    assert address.startswith(f"http://localhost/cards/{story.pk}.png?look=")
    assert body(address.removeprefix("http://localhost")).startswith(b"\x89PNG")


def test_a_preview_names_no_address(site, editor, signed_in):
    story = make_story()
    request = RequestFactory().get("/")
    request.user = editor
    response = story.make_preview_request(request, "")
    response.render()
    assert "The bridge is promised again" in response.content.decode()
    assert "application/ld+json" not in response.content.decode()
    assert "og:image" not in response.content.decode()


@pytest.mark.parametrize("address", ["/", "/member/mikan/"])
def test_names_are_written_literally_in_the_head(site, author, address):
    site.title = "x"
    root = site.get_site()
    root.site_name = '"><script>1</script>'
    root.save()
    scripts = [each for each in page(address).find_all("script") if not each.get("src")]
    assert [each.get("type") for each in scripts] == ["application/ld+json"]
    assert metas(page(address))["og:site_name"] == '"><script>1</script>'


def test_times_are_whole(site):
    article = graph(make_full_story().url)["NewsArticle"]
    assert datetime.fromisoformat(article["datePublished"]).tzinfo == UTC


def test_the_text_of_a_comment_is_what_readers_see_of_it():
    html = '<p>One <a href="https://a.example/?b>c">link</a>\n&amp; <em>two</em>.</p><ul><li><p>Three.</p></li></ul>'
    assert jsonld._plain(html) == "One link & two.\nThree."

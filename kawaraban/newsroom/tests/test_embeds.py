"""Nothing is loaded from elsewhere before a reader's click, and a click leads nowhere but where it says."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from kawaraban.newsroom.blocks import player
from kawaraban.newsroom.testing import make_story
from kawaraban.newsroom.tests.pages import page, words

LOADED = ("src", "srcset", "data", "poster", "background", "formaction")


def embed(url, title="The sitting"):
    return make_story(body=[("embed", {"url": url, "title": title, "caption": "Recorded in May."})])


@pytest.mark.parametrize(
    ("url", "provider", "frame"),
    [
        (
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "YouTube",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        ),
        ("https://m.youtube.com/watch?t=4&v=a-b_c123", "YouTube", "https://www.youtube-nocookie.com/embed/a-b_c123"),
        ("http://youtu.be/dQw4w9WgXcQ?si=x", "YouTube", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://vimeo.com/76979871", "Vimeo", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://www.vimeo.com/76979871/", "Vimeo", "https://player.vimeo.com/video/76979871?dnt=1"),
    ],
)
def test_a_known_video_has_a_player_that_sets_no_cookie(url, provider, frame):
    found = player(url)
    assert (found.provider, found.frame) == (provider, frame)


@pytest.mark.parametrize(
    "url",
    [
        "https://video.example/watch?v=dQw4w9WgXcQ",
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://notyoutube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com@evil.example/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch?v=",
        "https://www.youtube.com/watch?v=../../evil",
        "https://www.youtube.com/watch?v=a%22%3E%3Cscript%3E",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ%3Fautoplay=1",
        "https://www.youtube.com/watch?v=" + "a" * 4000,
        "https://youtu.be/../evil",
        "https://youtu.be/\uff44\uff31\uff57\uff14\uff57\uff19",
        "https://vimeo.com/channels/staff",
        "https://vimeo.com/76979871/../../evil",
        "https://vimeo.com/\u0663\u0664\u0665",
        "https:///watch?v=dQw4w9WgXcQ",
        "javascript:alert(1)//youtube.com/watch?v=dQw4w9WgXcQ",
    ],
)
def test_anything_else_has_no_player(url):
    assert player(url) is None


@pytest.mark.parametrize("url", ["https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://vimeo.com/76979871"])
def test_a_video_waits_behind_a_click_and_is_a_link_until_then(site, url):
    soup = page(embed(url).url)
    link = soup.select_one("click-embed a.embed__link")
    assert (link["href"], link["rel"]) == (url, ["noopener", "noreferrer"])
    assert "The sitting Video at" in words(link)
    assert words(soup.select_one(".embed figcaption")) == "Recorded in May."


@pytest.mark.parametrize("url", ["https://video.example/watch?v=1", "https://www.youtube.com/watch?v=%22%3E%3Cb%3E"])
def test_what_has_no_player_is_only_linked(site, url):
    soup = page(embed(url).url)
    assert soup.select("click-embed") == []
    link = soup.select_one("a.embed__link")
    assert link["href"] == url
    assert f"At {urlsplit(url).hostname.removeprefix('www.')}." in words(link)


@pytest.mark.parametrize("url", ["https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://video.example/watch?v=1"])
def test_a_browser_is_asked_to_load_nothing_from_elsewhere(site, url):
    """No attribute that a browser follows by itself, on any element that it knows, leaves the site."""
    soup = page(embed(url).url)
    known = [element for element in soup.find_all(True) if "-" not in element.name]
    asked = [element[name] for element in known for name in LOADED if element.has_attr(name)]
    asked += [link["href"] for link in soup.find_all("link") if link["rel"] != ["canonical"]]
    assert len(asked) > 5
    assert [address for address in asked if urlsplit(address).netloc] == []
    assert soup.find_all(["iframe", "object", "embed", "video", "audio"]) == []


def test_the_content_policy_lets_the_two_players_in_and_nothing_else(site, stranger):
    response = stranger.get(embed("https://vimeo.com/76979871").url)
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy["frame-src"] == "https://www.youtube-nocookie.com https://player.vimeo.com"
    assert {policy[name] for name in ("script-src", "style-src", "img-src", "font-src", "connect-src")} == {"'self'"}
    assert policy["default-src"] == "'none'"


def test_a_title_cannot_break_out_of_its_place(site):
    soup = page(embed("https://vimeo.com/76979871", title='"><script>alert(1)</script>').url)
    assert soup.select_one("click-embed")["name"] == '"><script>alert(1)</script>'
    assert soup.select(".prose script") == []

"""How a site looks and what stands at its foot: its name, its colours, and what sister sites and partners offer."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Site

from kawaraban.newsroom.models import Publication
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import page, texts, words

LINKS = [
    ("article", "The Inland Post", "Why the night train came back", "https://inland.example/night-train"),
    ("article", "", "Without a source", "https://inland.example/other"),
    ("resource", "", "Moving here: a checklist", "https://courier.example/moving"),
    ("offer", "Language school", "The first two lessons are free", "https://school.example/courier?from=news&x=<b>"),
]
HOSTILE = [
    "red", "#fff", "#ggghhh", "#12345", "#1234567", "123456", "#fff}*{", "url(x)", "#12345\n", "#12345;", "};*{a:b",
]  # fmt: skip


@pytest.fixture
def publication(site):
    """The look of the site, as an editor has set it."""
    found = Publication.for_site(Site.objects.get(is_default_site=True))
    found.tagline = "Since the second harbour wall"
    found.network = [
        ("link", {"kind": kind, "source": source, "title": title, "url": url}) for kind, source, title, url in LINKS
    ]
    found.save()
    return found


def settings_form(publication, **changes):
    fields = {"tagline": publication.tagline, "accent": "", "accent_dark": "", "network_title": "From our network"}
    rest = {"typeface": "on", "close_after_days": "0", "screens": "after", "network-count": "0"}
    return {**fields, **rest, **changes}


def test_what_is_paid_for_is_marked_and_nothing_else_is(publication):
    make_story(make_section())
    for address in ("/", "/city/", "/city/the-bridge-is-promised-again/"):
        items = page(address).select(".network li")
        assert [words(item.span) for item in items] == [
            "The Inland Post",
            "Article",
            "Resource",
            "Offer · paid by a partner",
        ]
        assert [item.a["rel"] for item in items] == [["noopener"]] * 3 + [["sponsored", "noopener"]]
        assert [item.a["href"] for item in items] == [url for *_, url in LINKS]


def test_a_site_without_a_network_has_no_block_for_it(site):
    assert page("/").select(".network") == []


def test_the_tagline_stands_under_the_name_and_at_the_foot(publication):
    soup = page("/")
    assert words(soup.select_one(".masthead__date")).endswith("· Since the second harbour wall")
    assert texts(soup, ".colophon p")[0] == "The Test Courier. Since the second harbour wall"
    assert words(soup.title) == "The Test Courier: Since the second harbour wall"


@pytest.mark.parametrize("field", ["accent", "accent_dark"])
@pytest.mark.parametrize("colour", HOSTILE)
def test_only_a_colour_can_be_the_accent(publication, field, colour):
    setattr(publication, field, colour)
    with pytest.raises(ValidationError) as error:
        publication.full_clean()
    assert list(error.value.message_dict) == [field]


def test_a_chosen_accent_is_in_a_style_sheet_of_its_own(publication, stranger):
    assert page("/").select("link[href='/site.css']") == []
    publication.accent, publication.accent_dark = "#a1342f", "#E07A6F"
    publication.full_clean()
    publication.save()
    assert len(page("/").select("link[href='/site.css']")) == 1
    response = stranger.get("/site.css")
    assert response["Content-Type"].startswith("text/css")
    sheet = " ".join(response.content.decode().split())
    assert ":root { --accent: #a1342f }" in sheet
    assert "@media (prefers-color-scheme: dark) { :root { --accent: #E07A6F } }" in sheet
    assert sheet.count("{") == sheet.count("}") == 4


def test_an_editor_sets_the_accent_at_the_desk(publication, editor, signed_in, stranger):
    address = f"/desk/settings/newsroom/publication/{publication.site_id}/"
    assert signed_in(editor).post(address, settings_form(publication, accent="#a1342f")).status_code == 302
    assert "--accent: #a1342f" in stranger.get("/site.css").content.decode()


@pytest.mark.parametrize("colour", ["red", "#fff}*{", "};*{a:b"])
def test_the_desk_takes_nothing_else_for_a_colour(publication, editor, signed_in, stranger, colour):
    address = f"/desk/settings/newsroom/publication/{publication.site_id}/"
    answer = signed_in(editor).post(address, settings_form(publication, accent=colour))
    assert answer.status_code == 200
    assert colour not in stranger.get("/site.css").content.decode()
    assert Publication.objects.get().accent == ""


def test_a_link_of_the_network_is_a_web_address(publication, editor, signed_in):
    address = f"/desk/settings/newsroom/publication/{publication.site_id}/"
    link = {"kind": "offer", "source": "", "title": "Free", "url": "javascript:alert(1)"}
    fields = {f"network-0-value-{name}": value for name, value in link.items()}
    place = {"network-count": "1", "network-0-type": "link", "network-0-order": "0", "network-0-deleted": ""}
    answer = signed_in(editor).post(address, settings_form(publication, **fields, **place))
    assert answer.status_code == 200
    assert "javascript:" not in str(page("/"))


def test_a_site_may_do_without_the_typeface(publication):
    assert len(page("/").select("link[href$='fonts.css']")) == 1
    publication.typeface = False
    publication.save()
    assert page("/").select("link[href$='fonts.css'], link[as=font]") == []

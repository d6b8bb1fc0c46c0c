"""Pages for what goes wrong wear the site's dress, say what to do, and tell nothing about the works."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from kawaraban import urls
from kawaraban.accounts.models import User
from kawaraban.newsroom.testing import make_section

SECRET = "the-inner-works"

handler404, handler500 = urls.handler404, urls.handler500


def fail(request: HttpRequest) -> HttpResponse:
    """A fault as it may happen anywhere."""
    raise RuntimeError(SECRET)


urlpatterns = [path("fails/", fail), *urls.urlpatterns]


def soup(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def test_an_address_where_nothing_is_leads_on(site, stranger):
    make_section("City")
    response = stranger.get("/city/no-such-story/")
    assert response.status_code == 404
    found = soup(response)
    assert found.title.get_text() == "Nothing here · The Test Courier"
    assert found.h1.get_text() == "There is no page at this address"
    assert [link.get_text() for link in found.select(".masthead__sections a")] == ["City"]
    assert {"/", "/search/"} <= {link["href"] for link in found.main.find_all("a")}
    assert found.select_one("meta[name=robots]")["content"] == "noindex"
    assert "no-such-story" not in found.main.get_text()


@pytest.mark.parametrize(
    "address", ["/x", "/t/0/", "/t/99999/", "/t/1/1/", "/t/" + "9" * 30 + "/", "/member/nobody/", "/media/none.jpg"]
)
def test_every_missing_page_is_the_same_page(site, stranger, address):
    response = stranger.get(address, follow=True)
    assert response.status_code == 404
    assert soup(response).select_one("a.masthead__name").get_text() == "The Test Courier"


@pytest.mark.parametrize("way", ["../site.sqlite3", "..%2fsite.env", "%2e%2e/site.env", "....//site.env", "images/"])
def test_no_way_leads_out_of_the_folder_of_pictures_or_shows_it(site, stranger, settings, way):
    (settings.HOME / "site.env").write_text(f"KAWARABAN_SECRET_KEY={SECRET}")
    response = stranger.get(f"/media/{way}")
    assert response.status_code in (400, 404)
    text = response.content.decode()
    assert SECRET not in text
    assert str(settings.HOME) not in text


def test_the_missing_page_shows_what_was_asked_for_to_nobody(site, stranger):
    response = stranger.get("/<script>alert(1)</script>/", follow=True)
    assert response.status_code == 404
    assert "<script>alert" not in response.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_a_fault_of_ours_is_called_one_and_tells_nothing_else(site):
    response = Client(raise_request_exception=False).get("/fails/")
    assert response.status_code == 500
    found = soup(response)
    assert found.h1.get_text() == "Something here went wrong"
    assert SECRET not in response.content.decode()
    assert "Traceback" not in response.content.decode()
    sheets = [link["href"] for link in found.select("link[rel=stylesheet]")]
    assert sheets == ["/static/theme/tokens.css", "/static/theme/fonts.css", "/static/theme/forms.css"]


@override_settings(ROOT_URLCONF=__name__)
def test_the_page_for_a_fault_asks_nothing_of_the_database(site, django_assert_num_queries):
    browser = Client(raise_request_exception=False)
    with django_assert_num_queries(0):
        browser.get("/fails/")


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("address", ["/", "/x/", "/fails/"])
def test_every_answer_carries_the_same_protection(site, address):
    response = Client(raise_request_exception=False).get(address)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]
    assert response.cookies == {}


def test_a_form_from_elsewhere_is_refused_in_the_sites_dress(site, reader: User):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(reader)
    response = browser.post("/account/logout/", headers={"origin": "https://evil.example"})
    assert response.status_code == 403
    found = soup(response)
    assert found.select_one(".sheet .label").get_text() == "Error 403"
    assert browser.get("/account/").status_code == 200, "the member is still signed in"
    assert found.select_one("a.masthead__name").get_text() == "The Test Courier"

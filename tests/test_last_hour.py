"""The last hour at the desk: for administrators, with every figure of the plots in a table."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from kawaraban.accounts.models import ADMINISTRATOR
from kawaraban.accounts.testing import make_member
from kawaraban.metrics import history
from kawaraban.metrics.history import History


@pytest.fixture
def administrator(site):
    return make_member("Chief", role=ADMINISTRATOR)


@pytest.fixture
def kept(monkeypatch):
    """A history as a process that serves has one."""
    made = History()
    monkeypatch.setattr(history, "_history", made)
    return made


@pytest.fixture
def desk(administrator, signed_in):
    browser = signed_in(administrator)

    def page() -> BeautifulSoup:
        answer = browser.get("/desk/last-hour/")
        assert answer.status_code == 200
        return BeautifulSoup(answer.content, "html.parser").select_one(".lasthour")

    return page


def test_every_plot_has_its_figures_in_a_table(kept, desk, stranger):
    stranger.get("/")
    kept.sample()
    kept.sample()
    page = desk()
    assert f"{timezone.localtime(kept.since):%H:%M}" in page.p.get_text()
    plots = {plot.h2.get_text(): plot for plot in page.select("section")}
    assert len(plots) == 8
    pages = plots["Pages a minute"]
    assert [row.get_text(" ", strip=True) for row in pages.select("tbody th")] == ["read", "of these, made anew"]
    assert len(pages.select("polyline")) == 2
    assert pages.svg["role"] == "img"
    assert plots["Answered from memory, in percent"].p.get_text() == "Nothing was measured."
    assert plots["Answered from memory, in percent"].svg is None


def test_it_says_so_when_nothing_is_known_yet(kept, desk):
    assert "The first minute is shown as soon as it is over" in desk().get_text()


def test_it_says_so_where_nothing_is_kept(desk):
    assert "This process keeps no figures." in desk().get_text()


def test_the_page_asks_the_database_for_nothing_of_its_own(
    kept, administrator, signed_in, django_assert_max_num_queries
):
    kept.sample()
    browser = signed_in(administrator)
    browser.get("/desk/last-hour/")
    with django_assert_max_num_queries(25):
        browser.get("/desk/last-hour/")


@pytest.mark.parametrize("who", ["editor", "moderator", "reader"])
def test_only_administrators_see_it(site, who, request, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    answer = browser.get("/desk/last-hour/")
    assert answer.status_code == 302
    assert "/desk/last-hour/" not in browser.get("/desk/", follow=True).content.decode()


def test_it_stands_in_the_menu_of_administrators(administrator, signed_in):
    assert "/desk/last-hour/" in signed_in(administrator).get("/desk/").content.decode()

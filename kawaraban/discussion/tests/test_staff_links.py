"""What those who moderate may do from the thread itself, among what is rarer, so that nothing moves when it arrives."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kawaraban.discussion.testing import make_comment, make_thread, make_waiting, remove_comment

DEEDS = ["Remove or fold", "Take personal data out", "Pick", "Case"]


@pytest.fixture
def thread(author):
    """A thread with two comments of the author's."""
    thread = make_thread()
    for text in ("The ferry was never late.", "It was late twice."):
        make_comment(thread, author, text)
    return thread


def soup(answer):
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def laid_over(browser, thread, part=".comment__staff"):
    """The names and addresses of the links that are laid over each comment, or over a place of the page."""
    found = soup(browser.get(f"/t/{thread.pk}/mine/")).find_all("template")
    places = [each for each in found if part in (each.get("data-part"), each.get("data-into"))]
    return {each["data-into"]: {link.string: link["href"] for link in each.find_all("a")} for each in places}


def test_staff_find_what_they_may_do_under_more_and_nothing_beside_it(thread, moderator, signed_in):
    browser = signed_in(moderator)
    arrived = laid_over(browser, thread)
    assert {place: list(links) for place, links in arrived.items()} == {"comment-1": DEEDS, "comment-2": DEEDS}
    assert laid_over(browser, thread, ".comment__own") == {}
    page = soup(browser.get(f"/t/{thread.pk}/"))
    for number in (1, 2):
        links = page.select(f"#comment-{number} details .comment__staff a")
        assert {link.get_text(): link["href"] for link in links} == arrived[f"comment-{number}"]
        assert page.select(f"#comment-{number} .comment__own a") == []
    for address in arrived["comment-2"].values():
        assert "It was late twice." in browser.get(address).content.decode() or address.endswith(("/remove/", "/pick/"))


def test_what_is_out_of_sight_is_put_back_and_looked_at_where_it_was(thread, author, moderator, signed_in):
    remove_comment(moderator, thread.pk, 1)
    waiting = make_waiting(thread, author, "It waits.")
    browser = signed_in(moderator)
    own = laid_over(browser, thread, ".comment__own")
    assert list(own["comment-1"]) == ["Restore", "Case"]
    assert "The ferry was never late." in browser.get(own["comment-1"]["Case"]).content.decode()
    assert list(laid_over(browser, thread)) == ["comment-2"]
    case = soup(browser.get(waiting.get_absolute_url())).find("a", string="Case")
    assert "It waits." in browser.get(case["href"]).content.decode()


def test_the_way_to_what_can_be_done_in_a_raid_stands_at_the_head(thread, moderator, signed_in):
    browser = signed_in(moderator)
    (arrived,) = laid_over(browser, thread, "thread-staff").values()
    link = soup(browser.get(f"/t/{thread.pk}/")).select_one(".thread__head #thread-staff a")
    assert {link.get_text(): link["href"]} == arrived
    assert list(arrived) == ["In a raid"]
    assert "Hold everything from now" in browser.get(arrived["In a raid"]).content.decode()


@pytest.mark.parametrize("who", ["author", "reader"])
def test_others_are_offered_none_of_it(who, thread, request, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    assert laid_over(browser, thread) == laid_over(browser, thread, "thread-staff") == {}
    page = soup(browser.get(f"/t/{thread.pk}/"))
    assert page.select(".comment__staff a, #thread-staff a") == []
    assert page.select_one("#thread-staff").get_text() == ""


def test_reporting_is_a_link_to_a_page_and_no_form_to_be_fetched(thread, stranger):
    link = soup(stranger.get(f"/t/{thread.pk}/")).find("a", string="Report")
    assert (link["href"], link["class"]) == (f"/t/{thread.pk}/1/report/", ["act"])

"""A poll as readers meet it: who sees what, whose vote counts, and when it is over."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kawaraban.accounts.testing import make_member
from kawaraban.decisions.actions import restrict_member
from kawaraban.decisions.models import Kind
from kawaraban.decisions.testing import RUDE
from kawaraban.errors import Refused
from kawaraban.newsroom import actions, reads
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.polls import Poll, PollOption, PollVote, share
from kawaraban.newsroom.testing import make_poll, make_section, make_story
from kawaraban.newsroom.tests.pages import MORNING, page, publish_again, put_on_front, texts, words

FRAGMENT = {"X-Fragment": "1"}
ANSWERS = ["By ferry", "By bridge", "On foot"]


@pytest.fixture
def clock():
    """07:01 on a May morning; tests move it on."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def poll(site):
    """An open poll with three answers."""
    return make_poll()


@pytest.fixture
def closing(site, clock):
    """A poll that closes in an hour."""
    return make_poll(poll_closes_at=MORNING + timedelta(hours=1))


def option(poll, place):
    return poll.options.get(position=place).pk


def vote(browser, poll, place, headers=FRAGMENT):
    return browser.post(f"/poll/{poll.pk}/vote/", {"option": option(poll, place)}, headers=headers)


def counts(poll):
    return list(PollOption.objects.filter(poll_id=poll.pk).values_list("votes", flat=True))


def crowd(poll, *numbers):
    """So many votes for each answer."""
    for place, number in enumerate(numbers, 1):
        for _ in range(number):
            actions.vote_in_poll(make_member(), poll.pk, option(poll, place))


# --- What everybody sees ----------------------------------------------------------------------------------------------


def test_a_poll_stands_above_the_discussion_with_its_answers_in_order(poll):
    soup = page(poll.story.url)
    assert words(soup.select_one("#poll h2")) == "Poll: How do you cross?"
    assert texts(soup, "#poll label") == ANSWERS
    assert soup.select_one("#poll ~ #discussion, reader-poll ~ #discussion") is not None
    assert soup.select(".poll__result") == []


def test_nobody_sees_the_result_before_they_have_voted(poll, stranger, reader, signed_in):
    crowd(poll, 3, 1)
    for browser in (stranger, signed_in(reader)):
        for address in (poll.story.url, f"/poll/{poll.pk}/"):
            soup = page(address, browser)
            assert texts(soup, "#poll label") == ANSWERS
            assert "%" not in words(soup.select_one("#poll"))
            assert soup.select(".poll__result") == []


def test_the_story_is_the_same_for_everybody_and_holds_no_token(poll, reader, author, stranger, signed_in):
    """S-055, S-022: also for one who has voted."""
    actions.vote_in_poll(reader, poll.pk, option(poll, 2))
    with time_machine.travel(MORNING, tick=False):
        answers = [browser.get(poll.story.url) for browser in (stranger, signed_in(reader), signed_in(author))]
    assert len({answer.content for answer in answers}) == 1
    assert b"csrf" not in answers[1].content
    assert b"You chose" not in answers[1].content


def test_the_polls_own_page_is_kept_by_no_cache(poll, reader, stranger, signed_in):
    for browser in (stranger, signed_in(reader)):
        assert "no-store" in browser.get(f"/poll/{poll.pk}/")["Cache-Control"]
        assert "no-store" in vote(browser, poll, 1)["Cache-Control"]


def test_a_story_without_a_poll_shows_none_and_costs_none(site, poll, stranger):
    plain, asking = make_story(headline="Plain").url, poll.story.url
    stranger.get(plain)
    with CaptureQueriesContext(connection) as without:
        assert page(plain, stranger).select("#poll") == []
    with CaptureQueriesContext(connection) as with_poll:
        page(asking, stranger)
    assert len(with_poll) == len(without) + 2


def test_a_poll_costs_the_same_at_any_number_of_votes(poll, reader, author, signed_in, stranger):
    browsers = {"stranger": stranger, "voted": signed_in(reader), "votes": signed_in(author)}
    actions.vote_in_poll(reader, poll.pk, option(poll, 1))

    def costs():
        found = {}
        for who, browser in browsers.items():
            for address in (poll.story.url, f"/poll/{poll.pk}/"):
                browser.get(address)
                with CaptureQueriesContext(connection) as queries:
                    assert browser.get(address).status_code == 200
                found[who, address] = len(queries)
        return found

    before = costs()
    crowd(poll, 40, 20, 10)
    assert costs() == before


# --- Voting -----------------------------------------------------------------------------------------------------------


def test_a_vote_counts_and_shows_the_result_with_the_own_choice(poll, reader, signed_in):
    crowd(poll, 2, 1)
    answer = vote(signed_in(reader), poll, 2)
    assert answer.status_code == 200
    assert counts(poll) == [2, 2, 0]
    soup = page(f"/poll/{poll.pk}/", signed_in(reader))
    assert words(soup.select_one(".poll__said")) == "You chose “By bridge”."
    assert texts(soup, ".poll__result li") == [
        "By ferry 50 % 2 votes",
        "By bridge your choice 50 % 2 votes",
        "On foot 0 % 0 votes",
    ]
    assert "4 votes in all." in words(soup.select_one("#poll"))
    assert [bar["width"] for bar in soup.select("svg rect:last-child")] == ["50", "50", "0"]


def test_the_answer_to_a_vote_is_the_part_that_the_polls_page_holds(poll, reader, signed_in):
    browser = signed_in(reader)
    answer = vote(browser, poll, 1).content.decode().strip()
    assert answer.startswith('<section class="poll opens"')
    assert "csrfmiddlewaretoken" in answer
    assert "<html" not in answer


def test_without_a_script_a_vote_leads_to_the_result(poll, reader, signed_in):
    answer = vote(signed_in(reader), poll, 3, headers={})
    assert (answer.status_code, answer["Location"]) == (302, f"/poll/{poll.pk}/")


def test_a_vote_is_changed_and_never_counted_twice(poll, reader, signed_in):
    browser = signed_in(reader)
    for place, expected in ((1, [1, 0, 0]), (1, [1, 0, 0]), (3, [0, 0, 1]), (2, [0, 1, 0]), (2, [0, 1, 0])):
        assert vote(browser, poll, place).status_code == 200
        assert counts(poll) == expected
    assert PollVote.objects.count() == 1
    soup = page(f"/poll/{poll.pk}/", browser)
    assert soup.select_one("details input[checked]")["value"] == str(option(poll, 2))


def test_the_choice_made_on_a_story_is_kept_on_the_way_through_the_sign_in(poll, stranger, reader):
    """The form that everybody gets has no token: it leads to the poll's own page."""
    soup = page(poll.story.url)
    form = soup.select_one("form.ballot")
    assert (form["method"], form["action"]) == ("get", f"/poll/{poll.pk}/")
    address = f"/poll/{poll.pk}/?option={option(poll, 2)}"
    answer = stranger.get(address)
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/account/login/?next=/poll/{poll.pk}/%3Foption%3D{option(poll, 2)}",
    )
    stranger.force_login(reader)
    form = page(address, stranger).select_one("form.ballot")
    assert (form["method"], form["action"]) == ("post", f"/poll/{poll.pk}/vote/")
    assert form.select_one("input[checked]")["value"] == str(option(poll, 2))
    assert PollVote.objects.count() == 0


def test_a_vote_sent_after_the_session_ended_leads_to_the_sign_in_with_its_choice(poll, reader, signed_in):
    browser = signed_in(reader)
    Session.objects.all().delete()
    answer = vote(browser, poll, 2)
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/account/login/?next=/poll/{poll.pk}/%3Foption%3D{option(poll, 2)}",
    )
    assert counts(poll) == [0, 0, 0]


@pytest.mark.parametrize(
    "sent",
    ["", "0", "-5", "up", "true", "null", "[1]", "1e309", "99999999999999999", "\uff19", "9" * 30, "1;drop", " "],
)
def test_what_is_no_answer_of_the_poll_is_refused(poll, reader, signed_in, sent):
    """S-045."""
    for headers in (FRAGMENT, {}):
        answer = signed_in(reader).post(f"/poll/{poll.pk}/vote/", {"option": sent}, headers=headers)
        assert answer.status_code == 400
        assert "No answer of this poll was chosen, so nothing was counted." in answer.content.decode()
    assert (counts(poll), PollVote.objects.count()) == ([0, 0, 0], 0)


def test_a_vote_without_any_answer_is_refused(poll, reader, signed_in):
    assert signed_in(reader).post(f"/poll/{poll.pk}/vote/", {}).status_code == 400


def test_an_answer_of_another_poll_is_refused(poll, reader, signed_in):
    other = make_poll("Yes", "No", headline="Another")
    answer = signed_in(reader).post(f"/poll/{poll.pk}/vote/", {"option": option(other, 1)}, headers=FRAGMENT)
    assert answer.status_code == 400
    assert (counts(poll), counts(other)) == ([0, 0, 0], [0, 0])


def test_a_vote_for_an_answer_that_was_reworded_meanwhile_is_refused(poll, reader, signed_in):
    former = option(poll, 1)
    publish_again(poll.story, poll_options="By boat\nBy bridge\nOn foot")
    answer = signed_in(reader).post(f"/poll/{poll.pk}/vote/", {"option": former}, headers=FRAGMENT)
    assert answer.status_code == 400
    assert "By boat" in answer.content.decode()
    assert counts(poll) == [0, 0, 0]


def test_a_member_whose_account_was_switched_off_does_not_vote(poll, reader, signed_in):
    browser = signed_in(reader)
    reader.is_active = False
    reader.save()
    assert vote(browser, poll, 1)["Location"].startswith("/account/login/")
    with pytest.raises(Refused, match="This account may not vote"):
        actions.vote_in_poll(reader, poll.pk, option(poll, 1))
    assert counts(poll) == [0, 0, 0]


def test_the_vote_of_a_member_who_is_gone_still_counts(poll, reader, author):
    for member in (reader, author):
        actions.vote_in_poll(member, poll.pk, option(poll, 1))
        member.delete()
    assert counts(poll) == [2, 0, 0]
    assert list(reads.drifted_options()) == []


def test_a_counter_that_is_wrong_is_found(poll, reader):
    actions.vote_in_poll(reader, poll.pk, option(poll, 1))
    PollOption.objects.filter(pk=option(poll, 2)).update(votes=5)
    assert [found.text for found in reads.drifted_options()] == ["By bridge"]


# --- Closing ----------------------------------------------------------------------------------------------------------


def test_a_closed_poll_shows_everybody_the_result_and_takes_no_vote(
    closing, clock, reader, author, signed_in, stranger
):
    actions.vote_in_poll(reader, closing.pk, option(closing, 1))
    assert "until May 12, 08:01 am JST" in words(page(closing.story.url).select_one("#poll"))
    clock.shift(timedelta(hours=1))
    for address in (closing.story.url, f"/poll/{closing.pk}/"):
        soup = page(address, stranger)
        assert texts(soup, ".poll__result li")[0] == "By ferry 100 % 1 vote"
        assert "Closed May 12, 08:01 am JST." in words(soup.select_one("#poll"))
        assert soup.select("#poll form") == []
    answer = vote(signed_in(author), closing, 2)
    assert answer.status_code == 409
    assert "This poll has closed, so your vote was not counted." in answer.content.decode()
    assert vote(signed_in(reader), closing, 2).status_code == 409
    assert counts(closing) == [1, 0, 0]
    assert words(page(f"/poll/{closing.pk}/", signed_in(reader)).select_one(".poll__said")) == "You chose “By ferry”."


def test_a_poll_takes_votes_until_the_very_second_it_closes(closing, clock, reader):
    clock.shift(timedelta(minutes=59, seconds=59))
    actions.vote_in_poll(reader, closing.pk, option(closing, 1))
    clock.shift(timedelta(seconds=1))
    with pytest.raises(Refused, match="has closed"):
        actions.vote_in_poll(reader, closing.pk, option(closing, 2))


def test_a_poll_that_nobody_voted_in_closes_with_noughts(closing, clock):
    clock.shift(timedelta(hours=2))
    soup = page(closing.story.url)
    assert texts(soup, ".poll__result b") == ["0 %"] * 3
    assert "0 votes in all." in words(soup.select_one("#poll"))


@pytest.mark.parametrize(
    ("votes", "total", "said"),
    [(0, 0, "0 %"), (1, 3, "33 %"), (1, 8, "13 %"), (1, 1000, "under 1 %"), (999, 1000, "over 99 %"), (7, 7, "100 %")],
)
def test_a_share_is_told_in_whole_per_cent(votes, total, said):
    assert share(votes, total).replace("\N{NO-BREAK SPACE}", " ") == said


# --- Out of sight -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["unpublished", "deleted", "expired", "no poll any more"])
def test_the_poll_of_a_story_that_is_not_shown_cannot_be_found(poll, reader, signed_in, way, clock):
    actions.vote_in_poll(reader, poll.pk, option(poll, 1))
    place = option(poll, 2)
    story = StoryPage.objects.get(pk=poll.story_id)
    if way == "unpublished":
        story.unpublish()
    elif way == "deleted":
        story.delete()
    elif way == "expired":
        publish_again(story, expire_at=timezone.now() + timedelta(hours=1))
        clock.shift(timedelta(hours=2))
        call_command("publish_scheduled")
    else:
        publish_again(story, kind="news")
    browser = signed_in(reader)
    assert browser.get(f"/poll/{poll.pk}/").status_code == 404
    assert browser.post(f"/poll/{poll.pk}/vote/", {"option": place}).status_code == 404
    with pytest.raises(Poll.DoesNotExist):
        actions.vote_in_poll(reader, poll.pk, place)


@pytest.mark.parametrize("number", ["999999", "0", "00", "9" * 40, "-1", "x"])
def test_there_is_no_poll_under_other_numbers(site, stranger, number):
    assert stranger.get(f"/poll/{number}/").status_code == 404
    assert stranger.post(f"/poll/{number}/vote/").status_code in (403, 404)


@pytest.mark.parametrize(("kind", "cast"), [("mute", 1), ("suspend", 0), ("ban", 0)])
def test_who_is_kept_from_taking_part_does_not_vote_and_whom_only_writing_is_forbidden_does(
    kind, cast, poll, reader, moderator, signed_in
):
    restrict_member(moderator, reader, Kind(kind), RUDE, until=timezone.now() + timedelta(days=1))
    answer = vote(signed_in(reader), poll, 1, headers={})
    assert (answer.status_code, counts(poll)) == ((302, [1, 0, 0]) if cast else (409, [0, 0, 0]))
    if not cast:
        told = words(BeautifulSoup(answer.content, "html.parser").select_one("[role=alert]"))
        assert re.match(
            r"You may not take part here.*: rule 1.*\. Nothing was counted\. The decision, and how to", told
        )


# --- The reader question, and lists -----------------------------------------------------------------------------------


def test_a_reader_question_stands_above_the_discussion(site):
    story = make_story(kind="question", question="Which word did your grandmother use?")
    soup = page(story.url)
    assert words(soup.select_one("#asked")) == "The newsroom asks: Which word did your grandmother use?"
    assert soup.select_one(".poll a")["href"] == "#reply"
    publish_again(story, comments="closed")
    soup = page(story.url)
    assert words(soup.select_one("#asked")).startswith("The newsroom asks:")
    assert soup.select(".poll a") == []


def test_a_question_that_was_only_noted_is_not_shown(site):
    soup = page(make_story(question="Perhaps later?").url)
    assert "Perhaps later?" not in words(soup)


def test_a_poll_can_stand_without_a_discussion(site, reader, signed_in):
    poll = make_poll(comments="off")
    assert texts(page(poll.story.url), "#poll label") == ANSWERS
    assert vote(signed_in(reader), poll, 1).status_code == 200


def test_lists_say_in_words_what_asks_something(site, stranger):
    section = make_section()
    asked = [
        make_story(section, headline=f"{kind} {number}", kind=kind, question="Which?", poll_options=("A", "B"))
        for number in (1, 2)
        for kind in ("poll", "question", "news")
    ]
    put_on_front(*asked)
    for address in ("/", "/city/"):
        soup = page(address, stranger)
        for teaser in soup.select(".teaser"):
            kind = words(teaser.find(["h2", "h3"])).split()[0]
            label = words(teaser.select_one(".label--kind"))
            assert label == {"poll": "Poll", "question": "Question", "news": "(none)"}[kind], address
        assert len(soup.select(".label--kind")) == 4


def test_words_of_an_editor_are_words(site):
    poll = make_poll("<b>&\"'{{ x }}", "</label><script>x</script>", question="<i>1 < 2?</i>")
    soup = page(poll.story.url)
    assert texts(soup, "#poll label") == ["<b>&\"'{{ x }}", "</label><script>x</script>"]
    assert words(soup.select_one("#poll h2")) == "Poll: <i>1 < 2?</i>"
    assert Client().get(f"/poll/{poll.pk}/").status_code == 200

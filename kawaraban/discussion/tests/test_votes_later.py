"""A vote counts for others after a while: whoever sets out to sink a comment does not see what it does (S-049)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.utils import timezone

from kawaraban import bus
from kawaraban.accounts.testing import make_member
from kawaraban.decisions.models import Decision, Kind
from kawaraban.discussion import actions, reads, tasks
from kawaraban.discussion.models import Vote
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.discussion.tests.voting import score, vote
from kawaraban.jobs.schedule import TIMETABLES
from kawaraban.live import subjects

DELAY = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def clock(settings):
    """Ten minutes, as a site has it that sets nothing; tests move the clock on."""
    settings.VOTE_DELAY = 10
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def comment(db, author, clock):
    """A comment that anybody else may vote on."""
    return make_comment(make_thread(), author)


def shown(browser, comment):
    """The score as a page without scripts shows it."""
    soup = BeautifulSoup(browser.get(f"/t/{comment.thread_id}/").content, "html.parser")
    return soup.select_one("#comment-1 .score [aria-hidden]").get_text()


def test_others_see_a_vote_after_ten_minutes_and_the_voter_at_once(comment, reader, stranger, signed_in, clock):
    browser, other = signed_in(reader), signed_in(make_member())
    answer = browser.post(f"/t/{comment.thread_id}/1/vote/", {"value": "1"}, headers={"X-Fragment": "1"})
    assert "1 ( +1 / -0 )" in BeautifulSoup(answer.content, "html.parser").get_text()
    assert shown(browser, comment) == "1 ( +1 / -0 )"
    assert shown(stranger, comment) == shown(other, comment) == "0 ( +0 / -0 )"
    clock.shift(DELAY - timedelta(seconds=1))
    assert actions.count_waiting_votes() == 0
    clock.shift(timedelta(seconds=1))
    assert actions.count_waiting_votes() == 1
    assert score(comment) == (1, 0)
    assert {shown(each, comment) for each in (browser, other, stranger)} == {"1 ( +1 / -0 )"}


def test_a_page_with_scripts_is_told_the_viewers_own_and_nobody_elses(comment, reader, signed_in, clock):
    def told(member):
        soup = BeautifulSoup(signed_in(member).get(f"/t/{comment.thread_id}/mine/").content, "html.parser")
        return json.loads(soup.select_one("#my-scores").string)

    vote(make_member(), comment)
    clock.shift(DELAY)
    actions.count_waiting_votes()
    vote(make_member(), comment, -1)
    vote(reader, comment)
    assert told(reader) == {"1": [2, 0]}
    assert told(make_member()) == {}
    clock.shift(DELAY)
    actions.count_waiting_votes()
    assert told(reader) == {}
    assert score(comment) == (2, 1)


def test_open_pages_hear_nothing_until_it_counts(comment, reader, clock, django_capture_on_commit_callbacks):
    heard = []
    end = bus.subscribe(subjects.CHANNEL, lambda message: heard.append(subjects.received(message)[-1]))
    with django_capture_on_commit_callbacks(execute=True):
        vote(reader, comment)
    assert heard == []
    clock.shift(DELAY)
    with django_capture_on_commit_callbacks(execute=True):
        actions.count_waiting_votes()
    end()
    assert [(event.name, event.data) for event in heard] == [("scores", "[[1, 1, 0]]")]


def test_a_raid_of_old_accounts_sees_nothing_of_what_it_does_but_its_own(comment, stranger, signed_in, clock):
    """S-049: no account is new, and none serves as a measure of the others."""
    for _ in range(12):
        last = make_member()
        vote(last, comment, -1)
        clock.shift(timedelta(seconds=20))
    assert shown(stranger, comment) == "0 ( +0 / -0 )"
    assert shown(signed_in(last), comment) == "-1 ( +0 / -1 )"
    vote(last, comment, 0)
    assert shown(signed_in(last), comment) == "0 ( +0 / -0 )"
    # Found meanwhile, the others never count.
    assert actions.set_votes_aside(list(Vote.objects.values_list("pk", flat=True)), wanted=True) == 11
    clock.shift(DELAY)
    assert actions.count_waiting_votes() == 0
    assert score(comment) == (0, 0)


def test_who_changes_their_mind_waits_anew_and_what_they_take_back_counts_no_more_at_once(comment, reader, clock):
    vote(reader, comment)
    clock.shift(DELAY)
    actions.count_waiting_votes()
    returned = vote(reader, comment, -1)
    assert ((returned.agree, returned.disagree), score(comment)) == ((0, 1), (0, 0))
    clock.shift(DELAY - timedelta(seconds=1))
    assert actions.count_waiting_votes() == 0
    clock.shift(timedelta(seconds=1))
    assert actions.count_waiting_votes() == 1
    assert score(comment) == (0, 1)
    returned = vote(reader, comment, 0)
    assert ((returned.agree, returned.disagree), score(comment)) == ((0, 0), (0, 0))


def test_the_same_vote_twice_is_shown_once(comment, reader):
    assert [vote(reader, comment).agree for _ in range(3)] == [1, 1, 1]


def test_a_vote_of_a_new_account_waits_for_its_days_and_not_ten_minutes(comment, clock):
    newcomer = make_member(days=0)
    returned = vote(newcomer, comment)
    assert (returned.agree, Vote.objects.get().set_aside) == (0, "new")
    clock.shift(DELAY)
    assert actions.count_waiting_votes() == 0


def test_votes_of_the_muted_come_to_count_and_those_of_the_suspended_wait_for_its_end(comment, clock):
    muted, suspended = make_member(), make_member()
    until = timezone.now() + timedelta(hours=1)
    for member, kind in ((muted, Kind.MUTE), (suspended, Kind.SUSPEND)):
        vote(member, comment)
        Decision.objects.create(
            kind=kind, subject=f"member:{member.pk}", member=member, law="x", facts="x", is_automated=True, until=until
        )
    clock.shift(DELAY)
    assert actions.count_waiting_votes() == 1
    assert Vote.objects.get(set_aside="").voter == muted
    clock.shift(timedelta(hours=1))
    assert actions.count_waiting_votes() == 1


def test_a_site_may_count_at_once(comment, reader, settings):
    settings.VOTE_DELAY = 0
    assert (vote(reader, comment).up, score(comment)) == (1, (1, 0))
    assert reads.mine(comment.thread, reader).scores == {}


def test_the_clock_looks_every_minute():
    assert TIMETABLES[tasks.count_waiting_votes.module_path].interval == timedelta(minutes=1)

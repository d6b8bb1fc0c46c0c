"""What is published about moderation agrees with the record, and names nobody."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from statistics import median

import pytest
from django.utils import timezone

from kawaraban.accounts.models import MODERATOR
from kawaraban.accounts.testing import make_member
from kawaraban.decisions import actions as decisions
from kawaraban.decisions.models import Decision, Entry, Kind, Rule
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.moderation import actions, reads
from kawaraban.moderation.models import Appeal
from kawaraban.moderation.reads.figures import in_words
from kawaraban.moderation.testing import make_notice, make_regular, make_report


@pytest.fixture
def busy(db, author, reader, moderator):
    """A month in which a little of everything was decided; the second moderator."""
    second = make_member("Second Reader", role=MODERATOR, title="Moderator")
    thread = make_thread()
    comments = [make_comment(thread, author, f"The ferry was late {number} times.") for number in range(1, 6)]
    for number in range(3):
        make_report(comments[0], make_regular(), rule=1 + number % 2)
    comments[0].refresh_from_db()
    removed = discussion.remove_comment(moderator, thread.pk, 1, RUDE, origin=Decision.Origin.REPORT).decision
    make_report(comments[1], reader)
    actions.settle_reports(comments[1], False, by=moderator)
    make_notice(comments[2])
    held = discussion.hold_comment(moderator, thread.pk, 3, RUDE, origin=Decision.Origin.NOTICE).decision
    actions.settle_notices(comments[2], True, held, by=moderator)
    decisions.restrict_member(moderator, author, Kind.MUTE, RUDE, until=timezone.now() + timedelta(days=3))
    made = actions.appeal(author, removed.pk, "It was true.")
    actions.settle_appeal(second, made.pk, Appeal.Outcome.REVERSED, "It was.")
    return second


def test_the_figures_of_a_month_are_those_of_the_record(busy):
    entries = list(Entry.objects.all())
    decided = [entry.facts for entry in entries if entry.kind == "decided"]
    names = dict(Rule.objects.values_list("number", "name"))
    by_rule = Counter(
        (f"{each['rule'][1]}. {names[each['rule'][1]]}" if each["rule"] else "", Kind(each["kind"]).label)
        for each in decided
    )
    made = {entry.facts["report"]: entry.at for entry in entries if entry.kind == "reported"}
    noticed = {entry.facts["notice"]: entry.at for entry in entries if entry.kind == "noticed"}
    waits = [
        entry.at - made[key] for entry in entries if entry.kind == "reports_settled" for key in entry.facts["reports"]
    ]
    waits += [entry.at - noticed[entry.facts["notice"]] for entry in entries if entry.kind == "notice_settled"]

    (month,) = reads.months(1)
    assert month.decisions == len(decided) == 4
    assert month.automated == sum(each["automated"] for each in decided) == 1
    assert {(ground, kind): count for ground, kind, count in month.by_rule} == by_rule
    assert month.reports == sum(entry.kind == "reported" for entry in entries) == 4
    assert month.notices == len(noticed) == 1
    assert abs(month.wait - median(waits)) < timedelta(seconds=1)
    assert month.appeals == sum(entry.kind == "appealed" for entry in entries) == 1
    reversed_ = [entry for entry in entries if entry.kind == "appeal_settled" and entry.facts["outcome"] == "reversed"]
    assert month.reversals == len(reversed_) == 1


def test_what_happened_in_another_month_is_counted_there(busy):
    before = timezone.localtime().replace(day=1) - timedelta(days=3)
    Decision.objects.filter(kind=Kind.MUTE).update(decided_at=before)
    this, last = reads.months(2)
    assert (this.decisions, last.decisions) == (3, 1)
    assert [month.begins.day for month in (this, last)] == [1, 1]


@pytest.mark.parametrize("path", ["/moderation/", "/moderation/log/"])
def test_no_name_and_no_word_of_anybody_is_published(busy, author, reader, moderator, stranger, path):
    page = stranger.get(path).content.decode()
    words = ["The ferry was late", "It was true.", RUDE.facts, "Kiyo", "never owned"]
    names = [author.handle, reader.handle, moderator.handle, busy.handle, author.slug, f"/member/{author.slug}/"]
    assert [each for each in [*words, *names] if each in page] == []


def test_the_log_says_what_under_which_rule_in_which_part_and_where(busy, stranger):
    page = stranger.get("/moderation/log/").content.decode()
    assert "Removed" in page
    assert "rule 1, Speak to the argument" in page
    assert "by a rule that runs by itself" in page
    assert "A bridge is promised" in page
    assert "taken back, it was wrong" in page


def test_the_pages_ask_as_often_for_many_decisions_as_for_few(
    author, moderator, stranger, django_assert_max_num_queries
):
    thread = make_thread(40, author)
    discussion.remove_comment(moderator, thread.pk, 1, RUDE)
    with django_assert_max_num_queries(40) as few:
        stranger.get("/moderation/")
        stranger.get("/moderation/log/")
    for number in range(2, 41):
        discussion.remove_comment(moderator, thread.pk, number, RUDE)
    with django_assert_max_num_queries(len(few)):
        stranger.get("/moderation/")
        stranger.get("/moderation/log/")


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (None, ""),
        (timedelta(seconds=1), "1 minute"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_a_length_of_time_is_said_in_the_unit_that_fits(wait, words):
    assert in_words(wait) == words

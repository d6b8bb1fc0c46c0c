"""Moderators who decide at the same moment, each over a connection of their own: one decision, and the others hear."""

from __future__ import annotations

import pytest

from kawaraban.accounts.models import MODERATOR
from kawaraban.accounts.testing import make_member
from kawaraban.accounts.tests.side_by_side import all_at_once, database_of_its_own
from kawaraban.decisions.actions import Ground
from kawaraban.decisions.models import Decision
from kawaraban.decisions.reads import first_break
from kawaraban.discussion.models import Comment
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.errors import Refused
from kawaraban.moderation import actions, reads
from kawaraban.moderation.models import Claim, Report
from kawaraban.moderation.testing import make_report

# Fewer than PostgreSQL's pool has connections: more would queue there, and not where it matters.
AT_ONCE = 6
RUDE = Ground("It calls another reader a name.", rule=1)


@pytest.fixture
def db(django_db_setup, django_db_blocker, tmp_path):
    """A database that threads can meet in, instead of one transaction around the test."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        yield


@pytest.fixture
def moderators(db):
    """Several, each at a desk of their own."""
    return [make_member(role=MODERATOR, title="Moderator") for _ in range(AT_ONCE)]


@pytest.fixture
def comment(author):
    """A comment that was reported."""
    found = make_comment(make_thread(), author)
    make_report(found)
    return found


def test_of_many_decisions_at_once_one_is_made_and_the_others_are_told_of_it(site, moderators, signed_in, comment):
    """S-052, through HTTP."""
    address, state = f"/desk/moderation/case/comment:{comment.pk}/", reads.state_of(comment)
    browsers = [signed_in(moderator) for moderator in moderators]
    for browser in browsers:
        assert browser.get("/desk/").status_code == 200
    forms = [{"state": state, "deed": deed, "rule": "1"} for deed in ("remove", "approve", "fold") * (AT_ONCE // 3)]
    answers = all_at_once(
        [
            lambda browser=browser, form=form: browser.post(address, form)
            for browser, form in zip(browsers, forms, strict=True)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [302] + [409] * (AT_ONCE - 1)
    late = [answer.content.decode() for answer in answers if answer.status_code == 409]
    assert all("Moderator has " in text and "Your decision was not made" in text for text in late)
    won = forms[next(place for place, answer in enumerate(answers) if answer.status_code == 302)]["deed"]
    assert [decision.kind for decision in Decision.objects.all()] == ([] if won == "approve" else [won])
    assert Report.objects.get().outcome == ("dismissed" if won == "approve" else "upheld")
    assert first_break() is None


def test_decisions_on_many_comments_of_one_thread_never_wait_for_each_other_in_a_circle(moderators, author):
    thread = make_thread(AT_ONCE, author)
    comments = list(Comment.objects.filter(thread=thread).order_by("number"))
    states = {comment.pk: reads.state_of(comment) for comment in comments}

    def decide_all(moderator, order):
        outcomes = []
        for comment in order:
            try:
                actions.decide_case(moderator, comment.pk, actions.Deed("remove", RUDE), state=states[comment.pk])
                outcomes.append("done")
            except Refused as refusal:
                outcomes.append(refusal.code)
        return outcomes

    deeds = [
        lambda moderator=moderator, turn=turn: decide_all(moderator, comments[turn:] + comments[:turn])
        for turn, moderator in enumerate(moderators)
    ]
    codes = [code for outcome in all_at_once(deeds) for code in outcome]
    assert sorted(codes) == ["decided-already"] * (AT_ONCE * (AT_ONCE - 1)) + ["done"] * AT_ONCE
    assert Decision.objects.count() == AT_ONCE
    assert first_break() is None


def test_a_case_opened_by_many_at_once_is_claimed_by_one(moderators, comment):
    subject = f"comment:{comment.pk}"
    claims = all_at_once([lambda who=who: actions.claim_case(who, subject).moderator_id for who in moderators])
    assert len(set(claims)) == 1
    assert Claim.objects.get().moderator_id == claims[0]

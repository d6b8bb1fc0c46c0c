"""Whom a decision keeps from taking part does nothing that others see; what is their own stays theirs."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from kawaraban.accounts.testing import make_member
from kawaraban.decisions.actions import lift, restrict_member
from kawaraban.decisions.models import Decision, Kind
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions
from kawaraban.discussion.models import Comment, Source, Vote, Worth
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.discussion.tests.unchanged import everything, refused

# What a member does that others see, as pages send it: whether it is writing, the address, and the form.
DEEDS = {
    "post": (True, "comments/", {"body": "One more thing.", "key": "a-key"}),
    "edit": (True, "2/edit/", {"body": "Better words."}),
    "give a source": (True, "1/source/", {"url": "https://harbour.example/tables"}),
    "source of their own": (True, "2/source/", {"url": "https://harbour.example/tables"}),
    "agree": (False, "1/vote/", {"value": "1"}),
    "disagree": (False, "1/vote/", {"value": "-1"}),
    "worth reading": (False, "1/worth/", {"value": "1"}),
    "ask for a source": (False, "1/source/", {}),
}
# What stays theirs, whatever was decided.
THEIRS = ("", "mine/", "write/", "1/conversation/", "2/delete/")


@pytest.fixture
def thread(author):
    """A thread with a comment of the author's."""
    thread = make_thread()
    make_comment(thread, author)
    return thread


@pytest.fixture
def member(thread):
    """A member who has said something there, too, as the second."""
    member = make_member("Setsuko")
    make_comment(thread, member, "It was late twice.")
    return member


@pytest.fixture
def restrict(moderator, member):
    """A function that decides about the member, for two days where that has an end."""

    def decide(kind):
        return restrict_member(moderator, member, kind, RUDE, until=timezone.now() + timedelta(days=2))

    return decide


@pytest.mark.parametrize("scripts", [False, True], ids=["page", "fragment"])
@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("kind", [Kind.MUTE, Kind.SUSPEND, Kind.BAN])
def test_a_mute_keeps_from_writing_and_the_rest_from_all_that_others_see(
    kind, deed, scripts, thread, member, restrict, signed_in
):
    restrict(kind)
    writes, path, form = DEEDS[deed]
    before = everything()
    headers = {"X-Fragment": "1"} if scripts else {}
    answer = signed_in(member).post(f"/t/{thread.pk}/{path}", form, headers=headers)
    if kind == Kind.MUTE and not writes:
        assert answer.status_code in (200, 302)
        assert everything() != before
        return
    assert answer.status_code == 409
    assert everything() == before
    page = " ".join(answer.content.decode().split())
    assert 'role="alert"' in page
    assert f"You may not {'write' if kind == Kind.MUTE else 'take part'} here" in page
    assert "rule 1, Speak to the argument. Nothing was" in page
    assert "The decision, and how to appeal against it, is among your notifications." in page
    assert form.get("body", "") in page


def test_the_refusal_says_until_when(thread, member, moderator, reader):
    with time_machine.travel(datetime(2026, 11, 21, 9, tzinfo=ZoneInfo("Asia/Tokyo")), tick=False):
        until = timezone.now() + timedelta(days=5)
        restrict_member(moderator, member, Kind.SUSPEND, RUDE, until=until)
        with refused("restricted") as refusal:
            actions.cast_vote(member, thread.pk, 1, 1)
        assert "You may not take part here until Nov 26, 09:00 am JST: rule 1" in refusal.value.message
        restrict_member(moderator, reader, Kind.BAN, RUDE)
        with refused("restricted") as refusal:
            actions.cast_vote(reader, thread.pk, 1, 1)
        assert refusal.value.message.startswith(
            "You may not take part here: rule 1, Speak to the argument. Nothing was"
        )


@pytest.mark.parametrize("kind", [Kind.SUSPEND, Kind.BAN])
def test_what_a_member_has_said_and_cast_they_may_take_back(kind, thread, member, restrict):
    actions.cast_vote(member, thread.pk, 1, 1)
    actions.mark_worth(member, thread.pk, 1, wanted=True)
    restrict(kind)
    assert actions.cast_vote(member, thread.pk, 1, 0).up == 0
    assert actions.mark_worth(member, thread.pk, 1, wanted=False).worth == 0
    assert actions.delete_comment(member, thread.pk, 2).state == Comment.State.DELETED
    assert not Vote.objects.exists()
    assert not Worth.objects.exists()


@pytest.mark.parametrize("kind", [Kind.MUTE, Kind.SUSPEND, Kind.BAN])
def test_reading_and_ones_own_account_stay_open(kind, thread, member, restrict, signed_in):
    decision = restrict(kind)
    browser = signed_in(member)
    theirs = [f"/t/{thread.pk}/{path}" for path in THEIRS]
    theirs += [decision.get_absolute_url(), "/account/", "/account/notifications/", "/account/decisions/"]
    for address in [*theirs, "/account/discussions/", "/account/standing/"]:
        assert browser.get(address, follow=True).status_code == 200, address
    for path, form in (("draft/", {"body": "For later."}), ("seen/", {"number": "1"}), ("preview/", {"body": "Look."})):
        assert browser.post(f"/t/{thread.pk}/{path}", form).status_code in (200, 204), path


@pytest.mark.parametrize("how", ["it ends", "it is lifted"])
def test_when_it_is_over_they_take_part_as_before(how, thread, member, moderator, restrict):
    decision = restrict(Kind.SUSPEND)
    if how == "it is lifted":
        lift(decision.pk, by=moderator)
    else:
        Decision.objects.filter(pk=decision.pk).update(until=timezone.now())
    assert actions.cast_vote(member, thread.pk, 1, 1).up == 1
    actions.give_source(member, thread.pk, 1, "https://harbour.example/tables")
    assert Source.objects.get().given_by == member


def test_of_two_decisions_the_stronger_one_is_told(thread, member, restrict):
    restrict(Kind.SUSPEND)
    restrict(Kind.MUTE)
    with refused("restricted") as refusal:
        make_comment(thread, member, "And another.")
    assert refusal.value.message.startswith("You may not take part here")


def test_whoever_was_kept_out_and_then_joined_the_newsroom_picks_nothing_before_it_ends(thread, moderator, editor):
    Decision.objects.create(
        kind=Kind.BAN, subject=f"member:{editor.pk}", member=editor, law="x", facts="x", is_automated=True
    )
    with refused("restricted"):
        actions.pick_comment(editor, thread.pk, 1, "First-hand knowledge")
    assert actions.pick_comment(moderator, thread.pk, 1, "First-hand knowledge").pick_reason

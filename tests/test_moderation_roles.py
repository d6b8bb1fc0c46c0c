"""Who may do what in the moderation, before the desk and at it: a table to be read, and kept by the site (S-031)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kawaraban.accounts.models import ADMINISTRATOR
from kawaraban.accounts.testing import make_member
from kawaraban.decisions.actions import restrict_member
from kawaraban.decisions.models import Decision, Kind
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.moderation.actions import settle_notice
from kawaraban.moderation.models import Appeal, Report
from kawaraban.moderation.testing import make_notice
from tests.test_roles import outcome
from tests.test_writes_are_guarded import routes

# + they are let in; - it is refused, as 403, as 404, as a way that there is not, or by the way to the sign-in;
# ! they are let in, and what they sent is refused with a sentence. "Suspended" is a member under a decision.
# Who:                          stranger member suspended moderator editor administrator
MAY = """
GET moderation:report                 - + + + + +
POST moderation:report                - + ! + + +
GET moderation:appeal                 - - + - - -
POST moderation:appeal                - - + - - -
GET moderation:notice                 + + + + + +
POST moderation:notice                + + + + + +
GET moderation:receipt                + + + + + +
POST moderation:receipt               + + + + + +
GET moderation:contact                + + + + + +
GET moderation:published              + + + + + +
GET moderation:log                    + + + + + +
GET decisions:rules                   + + + + + +
GET decisions:rules_version           + + + + + +
GET decisions:decision                - - + + + +
GET decisions:about_me                - + + + + +
GET house_rules                       - - - - + +
POST house_rules                      - - - - + +
GET moderation                        - - - + + +
GET moderation_queue                  - - - + + +
GET moderation_counts                 - - - + + +
POST moderation_bulk                  - - - + + +
POST moderation_undo_batch            - - - - - -
POST moderation_undo                  - - - + + +
GET moderation_case                   - - - + + +
POST moderation_case                  - - - ! ! !
POST moderation_take_over             - - - + + +
POST moderation_ring                  - - - - - -
POST moderation_appeal                - - - + + +
POST moderation_notice                - - - + + +
GET moderation_members                - - - + + +
POST moderation_members               - - - - - -
POST moderation_networks              - - - + + +
GET moderation_thread                 - - - + + +
POST moderation_thread                - - - ! ! !
GET moderation_screening              - - - + + +
POST moderation_screening             - - - - ! !
GET moderation_checks                 - - - + + +
POST moderation_checks                - - - - ! !
GET moderation_score                  - - - + + +
POST moderation_score                 - - - - ! !
"""
WHO = ("stranger", "member", "suspended", "moderator", "editor", "administrator")
TABLE = {tuple(line.split()[:2]): line.split()[2:] for line in MAY.strip().splitlines()}
OURS = ("kawaraban.moderation.", "kawaraban.decisions.")


@pytest.fixture
def scene(site, reader, author, moderator, editor, signed_in):
    """Everybody in the table, each in a browser of their own, and what every route is about."""
    suspended = make_member("Setsuko")
    until = timezone.now() + timedelta(days=7)
    decision = restrict_member(moderator, suspended, Kind.SUSPEND, RUDE, until=until)
    comment = make_comment(make_thread(), author, "The ferry was never late.")
    notice = make_notice()
    settle_notice(moderator, notice.pk, False, "It may stay.")
    appeal = Appeal.objects.create(decision=decision, member=suspended, words="It was a joke.", first_by=moderator)
    people = {"member": reader, "suspended": suspended, "moderator": moderator, "editor": editor}
    people["administrator"] = make_member(role=ADMINISTRATOR)
    return {
        "browsers": {"stranger": Client(), **{who: signed_in(member) for who, member in people.items()}},
        "moderation:report": {"thread_id": comment.thread_id, "number": comment.number},
        "moderation:appeal": {"decision_id": decision.pk},
        "moderation:receipt": {"key": notice.key},
        "decisions:rules_version": {"version": 1},
        "decisions:decision": {"decision_id": decision.pk},
        "moderation_queue": {"name": "reported"},
        "moderation_undo_batch": {"batch_id": 1},
        "moderation_case": {"comment_id": comment.pk},
        "moderation_take_over": {"comment_id": comment.pk},
        "moderation_ring": {"ring_id": 1},
        "moderation_appeal": {"appeal_id": appeal.pk},
        "moderation_notice": {"notice_id": notice.pk},
        "moderation_networks": {"member_id": suspended.pk},
        "moderation_thread": {"thread_id": comment.thread_id},
    }


def sent(who):
    """A form that holds what each route asks for."""
    return {
        "rule": "1",
        "words": f"By the {who}.",
        "url": "/",
        "category": "speech",
        "ground": "Defamation",
        "name": "Kiyo Hara",
        "email": "kiyo@outside.example",
        "in_good_faith": "on",
    }


@pytest.mark.parametrize(("method", "name"), sorted(TABLE))
def test_everybody_may_do_what_the_table_says_and_nothing_else(method, name, scene):
    """S-031, S-032."""
    address = reverse(name, kwargs=scene.get(name, {}))
    found = []
    for who in WHO:
        if method == "POST" and name.startswith("moderation:"):
            # As it was before the one before them tried.
            Report.objects.all().delete()
            Appeal.objects.all().delete()
            cache.clear()
        found.append(outcome(getattr(scene["browsers"][who], method.lower())(address, sent(who))))
    assert found == TABLE[method, name]


def test_the_table_knows_every_route_of_the_moderation_and_of_the_decisions():
    """A route without a row here fails: nobody has said for whom it is."""
    names = {name for name, _, view in routes() if view.__module__.startswith(OURS)}
    assert names == {name for _, name in TABLE}


def test_whoever_is_sent_away_from_the_desk_has_changed_nothing(scene):
    """S-032: the deeds of the table by who may not do them, at their own expense and at others'."""
    decided = list(Decision.objects.order_by("pk").values_list())
    for method, name in TABLE:
        if method != "POST" or ":" in name:
            continue
        for who in ("stranger", "member", "suspended"):
            form = {**sent(who), "deed": "remove", "facts": "Rude.", "outcome": "reversed", "answer": "Yes."}
            scene["browsers"][who].post(reverse(name, kwargs=scene.get(name, {})), form)
    assert list(Decision.objects.order_by("pk").values_list()) == decided
    assert set(Appeal.objects.values_list("outcome", flat=True)) == {"open"}

"""Who may do what in the moderation, before the desk and at it: a table to be read, and kept by the site (S-031)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kawaraban.accounts.actions import trace
from kawaraban.accounts.models import ADMINISTRATOR
from kawaraban.accounts.testing import make_member
from kawaraban.decisions.actions import restrict_member
from kawaraban.decisions.models import Kind
from kawaraban.decisions.reads import rules
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion.actions import cast_vote
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.moderation import actions, reads
from kawaraban.moderation.forms import ScreeningForm
from kawaraban.moderation.models import Ring
from kawaraban.moderation.testing import make_notice
from kawaraban.screening.reads import settings_now
from tests.test_roles import attempt, read_table
from tests.test_writes_are_guarded import routes

# + they are let in, and what they sent is done; - it is refused, as 403, as 404, as a way that there is not, or by the
# way to the sign-in; ! they are let in, and what they sent is refused with a sentence. But for + nothing is changed.
# "Suspended" is a member under a decision, "moderator" the one who made it.
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
POST moderation_undo_batch            - - - + + +
POST moderation_undo                  - - - + + +
GET moderation_case                   - - - + + +
POST moderation_case                  - - - + + +
POST moderation_take_over             - - - + + +
POST moderation_ring                  - - - + + +
POST moderation_appeal                - - - ! + +
POST moderation_notice                - - - + + +
GET moderation_members                - - - + + +
POST moderation_members               - - - + + +
POST moderation_networks              - - - + + +
GET moderation_thread                 - - - + + +
POST moderation_thread                - - - + + +
GET moderation_screening              - - - + + +
POST moderation_screening             - - - - + +
GET moderation_checks                 - - - + + +
POST moderation_checks                - - - - + +
GET moderation_score                  - - - + + +
POST moderation_score                 - - - - + +
"""
WHO = ("stranger", "member", "suspended", "moderator", "editor", "administrator")
TABLE = read_table(MAY)
OURS = ("kawaraban.moderation.", "kawaraban.decisions.")
WEEK = timedelta(days=7)


@pytest.fixture
def scene(site, reader, author, moderator, editor):
    """Everybody in the table; what each route is about; and for each form what makes it do something."""
    suspended, thread = make_member("Setsuko"), make_thread()
    comment, folded = make_comment(thread, author), make_comment(thread, author, "Nor was it ever full.")
    suspension = restrict_member(moderator, suspended, Kind.SUSPEND, RUDE, until=timezone.now() + WEEK)
    warning = restrict_member(moderator, suspended, Kind.WARN, RUDE)
    dismissed, waiting = make_notice(), make_notice()
    actions.settle_notice(moderator, dismissed.pk, False, "It may stay.")
    batch = actions.decide_many(editor, {folded.pk: reads.state_of(folded)}, actions.Deed("fold", RUDE))
    case = {"comment_id": comment.pk}
    address_of = {
        "moderation:report": {"thread_id": thread.pk, "number": comment.number},
        "moderation:appeal": {"decision_id": suspension.pk},
        "moderation:receipt": {"key": dismissed.key},
        "decisions:rules_version": {"version": 1},
        "decisions:decision": {"decision_id": suspension.pk},
        "moderation_queue": {"name": "reported"},
        "moderation_undo_batch": {"batch_id": batch.pk},
        "moderation_case": case,
        "moderation_take_over": case,
        "moderation_ring": {"ring_id": set_aside(comment).pk},
        "moderation_appeal": {"appeal_id": actions.appeal(suspended, warning.pk, "It was a joke.").pk},
        "moderation_notice": {"notice_id": waiting.pk},
        "moderation_networks": {"member_id": suspended.pk},
        "moderation_thread": {"thread_id": thread.pk},
    }
    reason = {"rule": "1", "facts": "It calls another reader a name."}
    state, told = reads.state_of(comment), {"url": "/", "words": "It is about me.", "ground": "Defamation"}
    sends = {
        "moderation:report": {"rule": "1"},
        "moderation:appeal": {"words": "It was a joke."},
        "moderation:notice": {**told, "category": "privacy", "name": "K", "email": "k@a.example", "in_good_faith": "1"},
        "moderation:receipt": {"words": "It may not stay."},
        "house_rules": {"deed": "publish", "based_on": "1", "name": "Be kind", "text": "Be kind."},
        "moderation_bulk": {"deed": "remove", "case": f"{comment.pk}:{state}", "confirm": "1", **reason},
        "moderation_case": {"deed": "remove", "state": state, **reason},
        "moderation_ring": {"deed": "uphold"},
        "moderation_appeal": {"outcome": "reversed", "answer": "So it was."},
        "moderation_notice": {"outcome": "dismissed", "answer": "It may stay."},
        "moderation_members": {"member": author.pk, "for": "posts", **reason},
        "moderation_networks": {"reason": "evasion"},
        "moderation_thread": {"deed": "slow", "minutes": "5"},
        "moderation_screening": {"deed": "save", "text": "coal", "kind": "word", "outcome": "hold"},
        "moderation_checks": changed_checks(),
        "moderation_score": {"deed": "off"},
    }
    people = {"member": reader, "suspended": suspended, "moderator": moderator, "editor": editor}
    people["administrator"] = make_member(role=ADMINISTRATOR)
    Client().get("/nothing/")  # settings that nobody has set are made by the first page that asks for them
    return {"people": people, "author": author, "address_of": address_of, "sends": sends}


def set_aside(comment):
    """The case of a dozen votes out of one network on a comment."""
    for _ in range(12):
        voter = make_member(days=4)
        trace(voter, "203.0.113.9")
        cast_vote(voter, comment.thread_id, comment.number, 1)
    assert actions.look_for_rings() == 1
    return Ring.objects.get()


def changed_checks():
    """What the form of the checks sends when one number is changed."""
    form = ScreeningForm(rules(), instance=settings_now())
    shown = {name: form[name].value() for name in form.fields}
    sent = {f"initial-{name}": value for name, value in shown.items()} | {**shown, "links_most": 9}
    return {name: value for name, value in sent.items() if value not in (None, False)}


def rows():
    """Every row of every table of ours."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("kawaraban.")]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in ours}


def prepare(name, who, scene):
    """What must have been before: of an own decision that can be taken back, and a case that a colleague has open."""
    people = scene["people"]
    if name == "moderation_undo" and who in ("moderator", "editor", "administrator"):
        restrict_member(people[who], scene["author"], Kind.WARN, RUDE)
    if name == "moderation_take_over":
        colleague = people["editor" if who == "moderator" else "moderator"]
        actions.claim_case(colleague, f"comment:{scene['address_of'][name]['comment_id']}")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everybody_may_do_what_the_table_says_and_nothing_else(method, scene, signed_in):
    """S-031, S-032."""
    browsers = {"stranger": Client()} | {who: signed_in(member) for who, member in scene["people"].items()}
    found = {}
    for by, name in TABLE:
        for who in WHO if by == method else ():
            address = reverse(name, kwargs=scene["address_of"].get(name, {}))
            form = scene["sends"].get(name, {})
            cache.clear()
            sign = attempt(
                browsers[who],
                method,
                address,
                form,
                before=lambda name=name, who=who: prepare(name, who, scene),
                rows=rows if method == "POST" else None,
            )
            found.setdefault((by, name), []).append(sign)
    assert found == {row: may for row, may in TABLE.items() if row[0] == method}


def test_the_table_knows_every_route_of_the_moderation_and_of_the_decisions():
    """A route without a row here fails: nobody has said for whom it is."""
    names = {name for name, _, view in routes() if view.__module__.startswith(OURS)}
    assert names == {name for _, name in TABLE}


def test_the_table_knows_every_way_in_which_a_route_is_asked(scene, moderator, signed_in):
    """A form at an address of which the table has only the page, or a page where it has only the form."""
    browser, asked = signed_in(moderator), set()
    for name in {name for _, name in TABLE}:
        address = reverse(name, kwargs=scene["address_of"].get(name, {}))
        ways = {"GET": browser.get, "POST": browser.post}
        asked |= {(method, name) for method, ask in ways.items() if ask(address).status_code != 405}
    assert asked == set(TABLE)


def test_who_is_let_in_at_the_desk_and_moderates_nothing_sees_none_of_it(scene, reader, signed_in):
    """A title is no permission, and the permission to open the desk is none to moderate."""
    reader.title = "Moderator"
    reader.save()
    reader.user_permissions.add(Permission.objects.get(codename="access_admin"))
    browser = signed_in(reader)
    assert browser.get("/desk/").status_code == 200
    for method, name in TABLE:
        if ":" not in name:
            address = reverse(name, kwargs=scene["address_of"].get(name, {}))
            assert attempt(browser, method, address, scene["sends"].get(name, {}), rows=rows) == "-", (method, name)

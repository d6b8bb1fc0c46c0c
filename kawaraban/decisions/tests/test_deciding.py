"""Whoever is restricted learns what was decided, on what ground, for how long, and in what part somebody decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kawaraban.accounts.models import Notification
from kawaraban.decisions import actions, reads
from kawaraban.decisions.actions import About, Ground
from kawaraban.decisions.models import Decision, Entry, Kind, Rulebook
from kawaraban.decisions.testing import RUDE
from kawaraban.errors import Refused

RULES = [("Be kind", "Or try."), ("Be brief", "Five thousand characters.")]


@pytest.fixture
def about(author):
    """A comment of the author's, as a decision names it."""
    return About("comment:12", author, "/t/1/12/", "A bridge is promised")


def refusal_of(deed):
    with pytest.raises(Refused) as refusal:
        deed()
    return refusal.value.code


def soon():
    return timezone.now() + timedelta(days=3)


# --- Deciding ---------------------------------------------------------------------------------------------------------


def test_a_decision_keeps_its_ground_and_shows_the_part_of_who_decided(about, author, moderator):
    made = actions.decide(Kind.REMOVE, about, RUDE, by=moderator)
    made.refresh_from_db()
    assert (made.ground, made.facts) == ("rule 1, Speak to the argument", "It calls another reader a name.")
    assert (made.role, made.decided_by, made.is_automated) == ("Moderator", moderator, False)
    assert made.is_in_force
    assert made.appeal_until > made.decided_at + timedelta(days=182)
    assert reads.decisions_on("comment:12") == [made]
    entry = Entry.objects.last()
    assert (entry.kind, entry.facts["decision"], entry.facts["rule"]) == ("decided", made.pk, [1, 1])
    assert "another reader" not in str(entry.facts)


def test_what_no_person_decides_says_so(about):
    made = actions.decide(Kind.HOLD, about, Ground("It has many links."), by=None, origin="rule")
    assert (made.is_automated, made.role, made.decided_by) == (True, "", None)


def test_a_rule_says_why_where_nobody_says_more(about, moderator):
    made = actions.decide(Kind.REMOVE, about, Ground(" ", rule=3), by=moderator)
    assert made.facts == "No addresses, numbers or private matters of others."


@pytest.mark.parametrize(
    ("code", "kind", "ground", "until"),
    [
        ("no-rule", Kind.REMOVE, Ground("It is rude."), None),
        ("no-rule", Kind.FOLD, Ground("It is rude.", rule=99), None),
        ("no-rule", Kind.BAN, Ground("They are rude.", law="  "), None),
        ("no-facts", Kind.HOLD, Ground(" "), None),
        ("no-facts", Kind.REMOVE, Ground("", law="Penal Code 230"), None),
        ("facts-too-long", Kind.REMOVE, Ground("x" * 1001, rule=1), None),
        ("facts-too-long", Kind.REMOVE, Ground("It is forbidden.", law="x" * 201), None),
        ("until-past", Kind.MUTE, RUDE, timedelta(0)),
    ],
)
def test_a_decision_that_says_too_little_is_none(code, kind, ground, until, about, moderator):
    end = timezone.now() + until if until is not None else None
    assert refusal_of(lambda: actions.decide(kind, about, ground, by=moderator, until=end)) == code
    assert (Decision.objects.count(), Entry.objects.filter(kind="decided").count()) == (0, 0)


@pytest.mark.parametrize("change", [{"rule": None}, {"facts": ""}, {"role": ""}])
def test_the_database_itself_keeps_a_decision_without_its_reasons_out(change, about, moderator):
    """L-04."""
    made = actions.decide(Kind.REMOVE, about, RUDE, by=moderator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=made.pk).update(**change)


def test_a_decision_is_lifted_once_and_says_whether_it_was_wrong(about, author, moderator, editor):
    made = actions.decide(Kind.REMOVE, about, RUDE, by=moderator)
    actions.lift(made.pk, by=editor, why="It names nobody.", is_reversed=True)
    again = actions.lift(made.pk, by=moderator, why="Another reason.")
    assert (again.lifted_by, again.lifted_why, again.is_reversed) == (editor, "It names nobody.", True)
    assert not again.is_in_force
    assert [entry.kind for entry in Entry.objects.order_by("number")][-2:] == ["decided", "lifted"]


# --- Members ----------------------------------------------------------------------------------------------------------


def test_the_strongest_restriction_counts_until_it_ends(author, moderator):
    assert reads.restriction_of(author) is None
    actions.restrict_member(moderator, author, Kind.WARN, RUDE)
    assert reads.restriction_of(author) is None
    actions.restrict_member(moderator, author, Kind.MUTE, RUDE, until=soon())
    ban = actions.restrict_member(moderator, author, Kind.BAN, RUDE, until=soon())
    assert (ban.until, reads.restriction_of(author)) == (None, ban)
    actions.lift(ban.pk, by=moderator)
    assert reads.restriction_of(author).kind == Kind.MUTE
    Decision.objects.filter(kind=Kind.MUTE).update(until=timezone.now())
    assert reads.restriction_of(author) is None


@pytest.mark.parametrize(
    ("code", "who", "whom", "kind"),
    [
        ("not-moderator", "reader", "author", Kind.WARN),
        ("is-staff", "moderator", "editor", Kind.WARN),
        ("is-staff", "moderator", "moderator", Kind.WARN),
        ("no-end", "moderator", "author", Kind.MUTE),
        ("no-end", "moderator", "author", Kind.SUSPEND),
    ],
)
def test_who_restricts_whom_and_for_how_long_is_ruled(code, who, whom, kind, reader, author, moderator, editor):
    people = {"reader": reader, "author": author, "moderator": moderator, "editor": editor}
    assert refusal_of(lambda: actions.restrict_member(people[who], people[whom], kind, RUDE)) == code
    assert not Decision.objects.exists()


# --- What the member reads --------------------------------------------------------------------------------------------


def test_the_member_is_told_of_a_decision_and_of_its_end(about, author, moderator):
    made = actions.decide(Kind.REMOVE, about, RUDE, by=moderator)
    actions.lift(made.pk, by=moderator)
    told = Notification.objects.filter(recipient=author).order_by("pk").values_list("kind", "title", "address")
    assert list(told) == [
        (
            "decided",
            "Your comment on “A bridge is promised” was removed: rule 1, Speak to the argument",
            f"/decision/{made.pk}/",
        ),
        ("lifted", "A decision about you on “A bridge is promised” was taken back", f"/decision/{made.pk}/"),
    ]


def test_a_decision_is_read_by_the_member_and_those_who_decide_and_names_nobody(
    about, author, reader, moderator, stranger, signed_in, site
):
    made = actions.decide(Kind.REMOVE, about, RUDE, by=moderator)
    address = made.get_absolute_url()
    page = signed_in(author).get(address).content.decode()
    for words in ("It calls another reader a name.", "Speak to the argument", "version 1", "Moderator, a person"):
        assert words in page
    assert moderator.handle not in page
    assert signed_in(moderator).get(address).status_code == 200
    assert signed_in(reader).get(address).status_code == 404
    assert stranger.get(address).status_code == 302


def test_a_member_finds_all_decisions_about_them_and_nobody_elses(author, reader, moderator, signed_in, site):
    until = soon()
    warned = actions.restrict_member(moderator, author, Kind.WARN, RUDE)
    muted = actions.restrict_member(moderator, author, Kind.MUTE, RUDE, until=until)
    actions.lift(warned.pk, by=moderator, is_reversed=True)
    page = signed_in(author).get("/account/decisions/").content.decode()
    assert page.index(muted.get_absolute_url()) < page.index(warned.get_absolute_url())
    assert "taken back: it was wrong" in page
    assert "in force until" in page
    assert "Nothing so far." in signed_in(reader).get("/account/decisions/").content.decode()
    assert "/account/decisions/" in signed_in(author).get("/account/").content.decode()


# --- House rules ------------------------------------------------------------------------------------------------------


def test_new_rules_are_a_new_version_and_former_decisions_keep_theirs(about, author, moderator, editor, stranger, site):
    made = actions.decide(Kind.REMOVE, about, RUDE, by=moderator)
    book = actions.publish_rules(editor, "Be good.", "We look.", [*RULES, ("", " ")])
    assert (book.version, [(rule.number, rule.name) for rule in reads.rules()]) == (
        2,
        [(1, "Be kind"), (2, "Be brief")],
    )
    made.refresh_from_db()
    assert made.ground == "rule 1, Speak to the argument"
    assert made.rule.book.version == 1
    assert "Be kind" in stranger.get("/rules/").content.decode()
    former = stranger.get("/rules/1/").content.decode()
    assert "Speak to the argument" in former
    assert "no longer in force" in former
    assert stranger.get("/rules/3/").status_code == 404
    assert Notification.objects.get(recipient=author, kind="rules").address == "/rules/2/"
    assert Entry.objects.last().facts["version"] == 2


@pytest.mark.parametrize("rules", [[], [("", "No name.")], [("x" * 61, "")], [("Rule", "")] * 31])
def test_rules_that_cannot_be_named_are_not_published(rules, editor):
    assert refusal_of(lambda: actions.publish_rules(editor, "", "", rules)) == "rules-incomplete"
    assert Rulebook.objects.count() == 1


def test_only_editors_publish_rules(moderator, reader):
    for member in (moderator, reader):
        assert refusal_of(lambda member=member: actions.publish_rules(member, "", "", RULES)) == "not-editor"

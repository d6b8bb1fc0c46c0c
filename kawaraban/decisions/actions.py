"""Everything that publishes rules, decides, takes decisions back, and writes the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.decisions import announce, house_rules, policy, reads, record
from kawaraban.decisions.metrics import DECISIONS
from kawaraban.decisions.models import HAS_AN_END, NEEDS_A_RULE, Chain, Decision, Entry, Kind, Rule, Rulebook
from kawaraban.errors import Refused
from kawaraban.languages import in_site_language
from kawaraban.screening import actions as screening

FACTS_LENGTH = 1000
MOST_RULES = 30


# --- The record -------------------------------------------------------------------------------------------------------


@transaction.atomic
def append(kind: str, facts: Mapping[str, Any]) -> Entry:
    """The entry, at the end of the record. Cost: 3 queries; others who write wait for the transaction's end.

    Args:
        facts: keys, numbers and digests (`record.digest`), as JSON; no words of anybody.
    """
    end, _ = Chain.objects.select_for_update().get_or_create(pk=1)
    at, number = timezone.now(), end.number + 1
    entry = Entry.objects.create(
        number=number,
        at=at,
        kind=kind,
        facts=dict(facts),
        before=end.hash,
        hash=record.link(number, at, kind, facts, end.hash),
    )
    end.number, end.hash = number, entry.hash
    end.save(update_fields=["number", "hash"])
    return entry


# --- House rules ------------------------------------------------------------------------------------------------------


@in_site_language
@transaction.atomic
def publish_first_rules() -> None:
    """Let a site that has no house rules begin with ours. Cost: 1 query, or 7."""
    if not Rulebook.objects.exists():
        rules = [(str(name), str(text)) for name, text in house_rules.RULES]
        _publish(None, str(house_rules.INTRODUCTION), str(house_rules.PRACTICE), rules)


@transaction.atomic
def publish_rules(
    editor: User, introduction: str, practice: str, rules: Sequence[tuple[str, str]], *, based_on: int | None = None
) -> Rulebook:
    """The next version of the house rules, in force from now on; every member is told. Cost: 8 queries.

    Decisions keep the version under which they were made.

    Args:
        rules: short name and text of each, in order; their numbers follow from it.
        based_on: the version that the editor had before them; None for whoever replaces whatever is in force.

    Raises:
        Refused: they may not, there is a rule without a name, none, or too many; or somebody was quicker.
    """
    if not policy.may_write_rules(editor):
        raise Refused("not-editor", _("Only editors publish house rules. Nothing was changed."))
    named = [(markup.tidy(name).strip(), markup.tidy(text).strip()) for name, text in rules]
    named = [(name, text) for name, text in named if name or text]
    if not named or len(named) > MOST_RULES or any(not name or len(name) > 60 for name, _ in named):
        raise Refused(
            "rules-incomplete",
            _(
                "There must be one to {most} rules, each with a short name of up to 60 characters. "
                "Nothing was published; your text is kept below."
            ).format(most=MOST_RULES),
        )
    newest = Rulebook.objects.select_for_update().order_by("-version").first()
    if based_on is not None and newest and newest.version != based_on:
        raise Refused(
            "rules-overtaken",
            _(
                "Version {version} was published meanwhile. Nothing was published; your text is kept below. "
                "Compare it with what is in force now."
            ).format(version=newest.version),
        )
    book = _publish(editor, markup.tidy(introduction).strip(), markup.tidy(practice).strip(), named)
    announce.rules_published(book)
    return book


def _publish(editor: User | None, introduction: str, practice: str, rules: Sequence[tuple[str, str]]) -> Rulebook:
    newest = Rulebook.objects.select_for_update().order_by("-version").first()
    book = Rulebook.objects.create(
        version=newest.version + 1 if newest else 1,
        introduction=introduction,
        practice=practice,
        published_by=editor,
    )
    Rule.objects.bulk_create(
        Rule(book=book, number=number, name=name, text=text) for number, (name, text) in enumerate(rules, start=1)
    )
    words = "\n".join([introduction, practice, *(f"{name}\n{text}" for name, text in rules)])
    append("rules", {"version": book.version, "words": record.digest(words), "by": editor.pk if editor else None})
    return book


# --- Decisions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ground:
    """Why something is decided: the facts in words, and the house rule (its number) or the law it rests on."""

    facts: str
    rule: int | None = None
    law: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a decision is about.

    Args:
        subject: a key such as `comment:12`.
        member: whom it concerns; None for those who have no account here.
        address: where on the site it can be seen.
        title: the headline it happened under.
        words: those of a comment that it is about, by whose signature they are known again; not kept here.
    """

    subject: str
    member: User | None = None
    address: str = ""
    title: str = ""
    words: str = ""


@transaction.atomic
def decide(
    kind: Kind,
    about: About,
    ground: Ground,
    *,
    by: User | None,
    origin: str = Decision.Origin.OWN,
    role: str = "",
    until: datetime | None = None,
    scope: str = "",
) -> Decision:
    """The decision, recorded, and told to the member. What it restricts is the caller's to change.

    Cost: 6 queries, 8 where there are words.

    Args:
        by: who decides; None for a rule, the score or the clock.
        role: the part in which somebody decided whom nobody can name.
        until: when it ends by itself; None holds for good.

    Raises:
        Refused: it says no reason, or names no rule where it needs one.
    """
    facts = markup.tidy(ground.facts).strip()
    rule = reads.rule(ground.rule)
    law = markup.tidy(ground.law).strip()
    if kind in NEEDS_A_RULE and rule is None and not law:
        raise Refused(
            "no-rule", _("Choose the rule that it rests on, so that the member sees it. Nothing was changed.")
        )
    if not facts and rule is not None:
        facts = rule.text or rule.name
    if not facts:
        raise Refused("no-facts", _("Say in a sentence why. Nothing was changed."))
    if len(facts) > FACTS_LENGTH or len(law) > 200:
        raise Refused(
            "facts-too-long",
            _("The reason holds up to {length:,} characters. Nothing was changed; shorten it.").format(
                length=FACTS_LENGTH
            ),
        )
    if until is not None and until <= timezone.now():
        raise Refused("until-past", _("The time at which it ends has passed already. Nothing was changed."))
    if about.words:
        # Before the record is held, for which others wait: it takes some milliseconds.
        screening.remember_words(int(about.subject.partition(":")[2]), about.words)
    decision = Decision.objects.create(
        kind=kind,
        subject=about.subject,
        member=about.member,
        rule=rule,
        law=law,
        facts=facts,
        scope=scope,
        until=until,
        origin=origin,
        is_automated=by is None and not role,
        decided_by=by,
        role=policy.role_of(by) if by else role,
        address=about.address,
        about=about.title,
    )
    append("decided", reads.facts_of(decision))
    transaction.on_commit(DECISIONS.labels(kind.value).inc, robust=True)
    announce.decided(decision)
    return decision


@transaction.atomic
def lift(
    decision_id: int, *, by: User | None, why: str = "", is_reversed: bool = False, is_told: bool = True
) -> Decision:
    """The decision, in force no more; one that was lifted before stays as it is. Cost: 6 queries.

    Args:
        is_reversed: it was wrong; else its time is over or it has done what it should.
        is_told: False where another decision takes its place, which is told instead.
    """
    decision = Decision.objects.select_for_update(of=("self",)).select_related("rule__book").get(pk=decision_id)
    if decision.lifted_at is not None:
        return decision
    decision.lifted_at, decision.lifted_by = timezone.now(), by
    decision.lifted_why, decision.is_reversed = markup.tidy(why).strip()[:FACTS_LENGTH], is_reversed
    decision.save(update_fields=["lifted_at", "lifted_by", "lifted_why", "is_reversed"])
    append("lifted", reads.lifting_of(decision))
    if is_told:
        announce.lifted(decision)
    return decision


def restrict_member(
    moderator: User,
    member: User,
    kind: Kind,
    ground: Ground,
    *,
    until: datetime | None = None,
    origin: str = Decision.Origin.OWN,
) -> Decision:
    """The decision that warns a member, or keeps them from writing until a time or for good. Cost: that of `decide`.

    Raises:
        Refused: they may not, or not about this member; a mute or suspension has no end; no rule, no reason.
    """
    if not policy.may_decide(moderator):
        raise Refused("not-moderator", _("Only moderators do that. Nothing was changed."))
    if not policy.may_be_restricted(member):
        raise Refused(
            "is-staff", _("This is a colleague; an administrator sees to their account. Nothing was changed.")
        )
    if kind in HAS_AN_END and until is None:
        raise Refused("no-end", _("Say for how many days. Nothing was changed."))
    if kind in (Kind.WARN, Kind.BAN):
        until = None
    about = About(f"member:{member.pk}", member, member.get_absolute_url())
    return decide(kind, about, ground, by=moderator, origin=origin, until=until)

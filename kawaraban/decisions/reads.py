"""What pages need of rules and decisions, and whether the record is whole, in a known number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404

from kawaraban.accounts.models import User
from kawaraban.accounts.reads import mailbox_pattern
from kawaraban.decisions import record
from kawaraban.decisions.models import KEEPS_OUT, OF_MEMBERS, Chain, Decision, Entry, Kind, Rule, Rulebook

# In place of words that had to be erased; the record keeps only their digest.
ERASED = "[erased]"

DECISIONS_ON_A_PAGE = 25


def rulebook(version: int | None = None) -> Rulebook:
    """A version of the house rules, or the one in force, with its rules loaded. Cost: 2 queries.

    Raises:
        Http404: there is no such version.
    """
    books = Rulebook.objects.prefetch_related("rules")
    found = books.first() if version is None else books.filter(version=version).first()
    if found is None:
        raise Http404
    return found


def rules() -> list[Rule]:
    """The rules in force, for a list of reasons. Cost: 1 query."""
    newest = Rulebook.objects.order_by("-version").values("pk")[:1]
    return list(Rule.objects.filter(book__in=list(newest.values_list("pk", flat=True))))


def rule(number: int | None) -> Rule | None:
    """The rule in force with this number. Cost: 1 query."""
    if number is None:
        return None
    return Rule.objects.filter(number=number).order_by("-book__version").first()


def restriction_of(member: User) -> Decision | None:
    """What keeps a member from writing now, the strongest; None for everybody else. Cost: 1 query."""
    return restrictions_of([member]).get(member.pk)


def restrictions_of(members: Collection[User]) -> dict[int, Decision]:
    """What keeps each of these members from writing now, by their keys; others are left out. Cost: 1 query."""
    held = Decision.objects.in_force().filter(member__in=members, kind__in=OF_MEMBERS).select_related("rule")
    by_strength = sorted(held, key=lambda each: OF_MEMBERS.index(Kind(each.kind)))
    return {each.member_id: each for each in by_strength if each.member_id is not None}


def has_come_back(member: User) -> bool:
    """True if another account of the same mailbox may not take part, since before this one was made. Cost: 1 query."""
    kept_out = Decision.objects.in_force().filter(kind__in=KEEPS_OUT)
    of_mailbox = kept_out.filter(member__email__iregex=mailbox_pattern(member.email)).exclude(member=member)
    return of_mailbox.filter(decided_at__lt=member.date_joined).exists()


def decisions_on(subject: str) -> list[Decision]:
    """All that was ever decided about a subject, the newest first. Cost: 1 query."""
    return list(Decision.objects.on(subject).select_related("rule__book"))


def decisions_about(member: User, page: str | int) -> Page[Decision]:
    """A page of what was decided about a member and their comments, the newest first. Cost: 2 queries."""
    found = Decision.objects.filter(member=member).select_related("rule").order_by("-id")
    return Paginator(found, DECISIONS_ON_A_PAGE).get_page(page)


def facts_of(decision: Decision) -> dict[str, Any]:
    """What the record says of a decision: no words, only their digests."""
    rule = decision.rule
    return {
        "decision": decision.pk,
        "kind": decision.kind,
        "subject": decision.subject,
        "member": decision.member_id,
        "rule": [rule.book.version, rule.number] if rule else None,
        "law": decision.law,
        "facts": record.digest(decision.facts),
        "scope": decision.scope,
        "until": _moment(decision.until),
        "origin": decision.origin,
        "automated": decision.is_automated,
        "by": decision.decided_by_id,
        "at": _moment(decision.decided_at),
    }


def lifting_of(decision: Decision) -> dict[str, Any]:
    """What the record says of the lifting of a decision."""
    return {
        "decision": decision.pk,
        "by": decision.lifted_by_id,
        "why": record.digest(decision.lifted_why),
        "reversed": decision.is_reversed,
        "at": _moment(decision.lifted_at),
    }


@dataclass(frozen=True, slots=True)
class Break:
    """The first place at which the record is not what it was."""

    number: int
    sentence: str


def first_break() -> Break | None:
    """The first break in the record, or None while it is whole. Cost: 3 queries, read in pieces.

    Found are entries that were changed, taken out, put in or cut off at the end, and decisions that differ from what
    was recorded of them. Who can write the database can write a whole new record: keep the hash of its end elsewhere.
    """
    broken = next(_broken_links(), None)
    return broken or next(_changed_decisions(), None)


def end_of_record() -> Chain:
    """The number and hash of the record's last entry; 0 and "" while it is empty. Cost: 1 query.

    Kept somewhere else, it proves later that nothing up to there was written anew.
    """
    return Chain.objects.first() or Chain()


def had_end(kept: str) -> bool:
    """Whether the record still has the end that was printed earlier as `number:hash`. Cost: 1 query."""
    number, _, found = kept.partition(":")
    if number == "0" and not found:
        return True
    return number.isdecimal() and Entry.objects.filter(number=int(number[:18]), hash=found).exists()


def _broken_links() -> Iterator[Break]:
    before, number = "", 0
    for entry in Entry.objects.order_by("number").iterator(chunk_size=2_000):
        if entry.number != number + 1:
            yield Break(number + 1, f"Entry {number + 1} is missing.")
        if entry.before != before:
            yield Break(entry.number, f"Entry {entry.number} does not follow the entry before it.")
        if entry.hash != record.link(entry.number, entry.at, entry.kind, entry.facts, entry.before):
            yield Break(entry.number, f"Entry {entry.number} was changed after it was written.")
        before, number = entry.hash, entry.number
    end = Chain.objects.first() or Chain()
    if (end.number, end.hash) != (number, before):
        yield Break(number + 1, f"The record ends at entry {number}, but its end was at entry {end.number}.")


def _changed_decisions() -> Iterator[Break]:
    decided: dict[int, tuple[int, dict[str, Any]]] = {}
    lifted: dict[int, tuple[int, dict[str, Any]]] = {}
    for entry in Entry.objects.filter(kind__in=("decided", "lifted")).iterator(chunk_size=2_000):
        (decided if entry.kind == "decided" else lifted)[entry.facts["decision"]] = (entry.number, entry.facts)
    for decision in Decision.objects.select_related("rule__book").order_by("pk").iterator(chunk_size=2_000):
        if decision.pk not in decided:
            yield Break(0, f"Decision {decision.pk} is in no entry.")
            continue
        number, said = decided.pop(decision.pk)
        if not _agree(said, facts_of(decision), decision.facts):
            yield Break(number, f"Decision {decision.pk} is not what entry {number} says.")
        if (decision.lifted_at is not None) != (decision.pk in lifted):
            yield Break(number, f"Decision {decision.pk} was lifted or put back without an entry.")
        elif decision.pk in lifted and not _agree(
            lifted[decision.pk][1], lifting_of(decision), decision.lifted_why, "why"
        ):
            number = lifted[decision.pk][0]
            yield Break(number, f"The lifting of decision {decision.pk} is not what entry {number} says.")
    for pk, (number, _) in decided.items():
        yield Break(number, f"Decision {pk}, of entry {number}, is not there any more.")


def _agree(said: dict[str, Any], found: dict[str, Any], words: str, name: str = "facts") -> bool:
    """Whether a row is what was recorded; people who left, and words that had to be erased, may be gone."""
    for key in ("member", "by"):
        if key in found and found[key] is None:
            found[key] = said[key]
    if words == ERASED:
        found[name] = said[name]
    return said == found


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else None

"""What is looked at before a text is published, in order. Each check is a function of the sample and the rules."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kawaraban.screening import languages, likeness, reads
from kawaraban.screening.patterns import Text
from kawaraban.screening.reads import ListedPattern, Rules
from kawaraban.screening.samples import Finding, Sample
from kawaraban.screening.scorer import Answer

SPEED_SPAN = 5 * 60
"""Seconds within which comments are counted."""
RECENT = 10
"""Comments of the same member that a text is compared with."""
FEWEST_SHOUTED = 40
"""Letters that have capitals; below it a text is a name or an exclamation."""
FEWEST_REPEATED = 30
"""Characters; shorter thanks and greetings are said again and again."""
_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


def words_and_patterns(sample: Sample, rules: Rules) -> list[Finding]:
    """What the desk has listed."""
    if not rules.settings.patterns_on or not rules.patterns:
        return []
    text = Text.of(sample.text)
    spoken = languages.guess(sample.text) if any(each.language for each in rules.patterns) else ""
    return [
        _listed(pattern, found)
        for pattern in rules.patterns
        if pattern.language in ("", spoken) and (found := pattern.find(text))
    ]


def _listed(pattern: ListedPattern, found: str) -> Finding:
    detail = _("“{found}” met “{text}”").format(found=found, text=pattern.text)
    if pattern.outcome == "refuse":
        sentence = _("“{found}” cannot be posted here. Please say it in other words; your text is kept.").format(
            found=found
        )
        return Finding("words", "refuse", pattern.rule, sentence, detail, may_post=False)
    sentence = _(
        "“{found}” makes a comment wait until a moderator has read it. Say it in other words, or post it as it is."
    ).format(found=found)
    return Finding("words", "hold", pattern.rule, sentence, detail)


def links(sample: Sample, rules: Rules) -> list[Finding]:
    """A list of links from somebody nobody knows is mostly an advertisement."""
    count, most = len(_LINK.findall(sample.text)), rules.settings.links_most
    if not rules.settings.links_on or count <= most or not _is_young(sample, rules.settings.links_days):
        return []
    sentence = _(
        "A comment with more than {links} waits until a moderator has read it. Take some out, or post it as it is."
    ).format(links=_links(most))
    return [Finding("links", "hold", rules.settings.spam_rule, sentence, _links(count))]


def repetition(sample: Sample, rules: Rules) -> list[Finding]:
    """The same words again, or nearly, are seldom an answer to anybody."""
    if not rules.settings.repetition_on or len(sample.text) < FEWEST_REPEATED or not sample.recent:
        return []
    here = likeness.pieces(sample.text)
    share = max(likeness.share(here, likeness.pieces(text)) for text in sample.recent[:RECENT])
    if share < rules.settings.repetition_share:
        return []
    sentence = _(
        "You have said nearly the same before, so this waits until a moderator has read it. Say what is "
        "new, or post it as it is."
    )
    detail = _("{share:.0f} % the same as an earlier comment of this member").format(share=100 * share)
    return [Finding("repetition", "hold", rules.settings.spam_rule, sentence, detail)]


def shouting(sample: Sample, rules: Rules) -> list[Finding]:
    """Capitals throughout; scripts without capitals cannot shout."""
    capitals = sum(letter.isupper() for letter in sample.text)
    cased = capitals + sum(letter.islower() for letter in sample.text)
    if not rules.settings.shouting_on or cased < FEWEST_SHOUTED or capitals < rules.settings.shouting_share * cased:
        return []
    sentence = _(
        "A comment in capitals waits until a moderator has read it. Write it in small letters, or post it as it is."
    )
    return [
        Finding("shouting", "hold", None, sentence, _("{share:.0f} % capitals").format(share=100 * capitals / cased))
    ]


def speed(sample: Sample, rules: Rules) -> list[Finding]:
    """Many comments in a few minutes by somebody nobody knows."""
    count = 1 + sum(seconds < SPEED_SPAN for seconds in sample.recent_times)
    most = rules.settings.speed_most
    if not rules.settings.speed_on or count <= most or not _is_young(sample, rules.settings.speed_days):
        return []
    sentence = _(
        "More than {comments} within {minutes} minutes wait until a moderator has read them. Post it in a "
        "few minutes, or as it is now."
    ).format(comments=_comments(most), minutes=SPEED_SPAN // 60)
    return [
        Finding(
            "speed",
            "hold",
            rules.settings.spam_rule,
            sentence,
            _("{comments} in 5 minutes").format(comments=_comments(count)),
        )
    ]


def new_account(sample: Sample, rules: Rules) -> list[Finding]:
    """All that a young account writes."""
    days = rules.settings.new_accounts_days
    if not rules.settings.new_accounts_on or not _is_young(sample, days) or not days:
        return []
    sentence = _(
        "Comments from accounts younger than {days} wait until a moderator has read them. Post it as it "
        "is; it appears when it has been read."
    ).format(days=_days(days))
    return [
        Finding(
            "new account",
            "hold",
            None,
            sentence,
            _("account made {days:.1f} days ago").format(days=sample.author_days),
        )
    ]


def first_comments(sample: Sample, rules: Rules) -> list[Finding]:
    """A member's first words here."""
    if not rules.settings.first_on or sample.author_shown >= rules.settings.first_comments:
        return []
    sentence = _(
        "The first {comments} of each member wait until a moderator has read them. Post it as it is; it "
        "appears when it has been read."
    ).format(comments=_comments(rules.settings.first_comments))
    return [
        Finding(
            "first comments",
            "hold",
            None,
            sentence,
            _("{comments} shown so far").format(comments=_comments(sample.author_shown)),
        )
    ]


def quoted_only(sample: Sample, rules: Rules) -> list[Finding]:
    """Words of others with nothing added."""
    if not rules.settings.quoted_only_on or not sample.quoted or any(each.isalnum() for each in sample.text):
        return []
    sentence = _(
        "These are only the words of others, so this waits until a moderator has read it. Add what you "
        "think of them, or post it as it is."
    )
    return [
        Finding(
            "quoted only",
            "hold",
            None,
            sentence,
            _("{characters} quoted, none added").format(characters=_characters(sample.quoted)),
        )
    ]


def language(sample: Sample, rules: Rules) -> list[Finding]:
    """A language that is not the site's. What cannot be told for certain passes."""
    known = set(rules.settings.languages.split())
    if not rules.settings.language_on or not known:
        return []
    spoken = languages.guess(sample.text)
    # A Japanese headline has no kana and looks Chinese.
    if not spoken or spoken in known or (spoken == "zh" and "ja" in known):
        return []
    sentence = _(
        "This is not in a language that is spoken here, so it waits until a moderator has read it. Write "
        "it in another one, or post it as it is."
    )
    return [Finding("language", "hold", None, sentence, _("looks like {spoken}").format(spoken=spoken))]


def learned_score(sample: Sample, rules: Rules) -> list[Finding]:
    """Much like what was removed here before: a signal, so it can hold and never refuse."""
    if rules.weights is None or not any(each.isalnum() for each in sample.text):
        return []
    score = rules.weights.score(sample.text)
    if score.value < rules.settings.score_threshold:
        return []
    score = rules.weights.score(sample.text, explained=5)
    weighed = ", ".join(f"“{piece.text}” {piece.weight:+.2f}" for piece in score.pieces)
    rule = int(score.group) if score.group.isdecimal() else None
    sentence = _(
        "This resembles comments that were removed here, so it waits until a moderator has read it. Say "
        "it in other words, or post it as it is."
    )
    return [
        Finding(
            "score",
            "hold",
            rule,
            sentence,
            _("score {value:.2f}: {weighed}").format(value=score.value, weighed=weighed),
        )
    ]


def moderated_first(sample: Sample, rules: Rules) -> list[Finding]:
    """Where the newsroom reads everything first."""
    if sample.place != "before":
        return []
    sentence = _(
        "Here a moderator reads every comment before it appears. Post it as it is; it appears when it has been read."
    )
    return [Finding("place", "hold", None, sentence, _("the section or story is moderated before publication"))]


def scorer_answer(answer: Answer, rules: Rules) -> list[Finding]:
    """What the scorer elsewhere said, or that it said nothing."""
    if answer.value is None:
        if rules.settings.scorer_failure != "hold":
            return []
        sentence = _(
            "A check could not be made just now, so this waits until a moderator has read it. Post it as it is."
        )
        return [
            Finding(
                "scorer", "hold", None, sentence, _("the scorer did not answer: {error}").format(error=answer.error)
            )
        ]
    if answer.value < rules.settings.scorer_threshold:
        return []
    sentence = _(
        "A program that reads comments takes this for an attack, so it waits until a moderator has read "
        "it. Say it in other words, or post it as it is."
    )
    return [
        Finding("scorer", "hold", None, sentence, _("the scorer elsewhere says {value:.2f}").format(value=answer.value))
    ]


CHECKS: tuple[Callable[[Sample, Rules], list[Finding]], ...] = (
    # What it says.
    words_and_patterns,
    links,
    repetition,
    shouting,
    quoted_only,
    language,
    # Who says it.
    speed,
    new_account,
    first_comments,
    # What it is like.
    learned_score,
    # Where it is said.
    moderated_first,
)


def screen(sample: Sample, answer: Answer | None = None) -> list[Finding]:
    """Everything that stands against a text; nothing is said of one that may appear at once. What refuses comes first.

    Args:
        answer: what `actions.ask_scorer` returned, which is asked before any row is locked.

    Cost: 1 query; up to 3 more after something was changed at the desk.
    """
    return review(sample, reads.rules_now(), answer)


def review(sample: Sample, rules: Rules, answer: Answer | None = None) -> list[Finding]:
    """Everything that stands against a sample, in the order of the checks; what refuses comes first."""
    found = [finding for check in CHECKS for finding in check(sample, rules)]
    if answer is not None:
        found += scorer_answer(answer, rules)
    if sample.place == "off":
        found = [finding for finding in found if finding.outcome == "refuse"]
    return sorted(found, key=lambda finding: finding.outcome != "refuse")


def _is_young(sample: Sample, days: int) -> bool:
    return not days or sample.author_days < days


def _links(count: int) -> str:
    return ngettext("{count:,} link", "{count:,} links", count).format(count=count)


def _comments(count: int) -> str:
    return ngettext("{count:,} comment", "{count:,} comments", count).format(count=count)


def _days(count: int) -> str:
    return ngettext("{count:,} day", "{count:,} days", count).format(count=count)


def _characters(count: int) -> str:
    return ngettext("{count:,} character", "{count:,} characters", count).format(count=count)

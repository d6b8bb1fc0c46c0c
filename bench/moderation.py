"""`make bench-moderation`: a population lets the moderation show what it does, over HTTP, on a site of its own.

Readers, regulars, trolls, false reporters, a raid of 300 accounts and one moderator visit `kawaraban serve` on this
machine. Each comment, vote, report and decision is a request with a session and a token. Only accounts and sessions are
made directly, and the clock is moved: between rounds all moments of all rows are put back by so much, which for the
site is the same as that so much time has passed. All limits of the site hold. The same seed makes the same people, who
say the same; what it means and what it cannot show stands in docs/reference/moderation-figures.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench import browser, scenes, stage
from bench.figures import found, per_thousand
from bench.phrases import RULES, Speech
from bench.stage import Posted, Stage
from kawaraban.newsroom import actions as newsroom

SEED = "courier"
ROUNDS = (9, 4)
"""Of each phase: two a day. The first goes on until there are removals enough to learn from."""
MOST_ROUNDS = 15


def main() -> int:
    """Print the figures; 1 if the site did not do what it was asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default=SEED, help="for another population")
    seed = parser.parse_args().seed
    began = time.monotonic()
    versions = f"Python {platform.python_version()}, Django {django.get_version()}"
    engine = (
        f"SQLite {'.'.join(map(str, settings.SQLITE_VERSION))}" if connection.vendor == "sqlite" else connection.vendor
    )
    print(f"{versions}, {engine}, {platform.machine()}, seed {seed!r}", flush=True)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    newsroom.prepare_site("The Bench Courier", "127.0.0.1", 8000)
    port = browser.free_port()
    with ExitStack() as running:
        # In front of the site stands a proxy that names where people come from: the program below is that proxy.
        os.environ["KAWARABAN_PROXIES"] = "1"
        home = Path(settings.HOME)
        running.enter_context(browser.running(home, "serve", "--web-only", "--port", str(port)))
        running.enter_context(browser.running(home, "worker", "--slots", "1"))
        played = Stage(seed, stage.people(seed), browser.Wire(port))
        browser.wait_for(port)
        _play(played, seed, began)
    _tell(f"{played.wire.requests:,} requests", began)
    return 0


def _play(played: Stage, seed: str, began: float) -> None:
    scenes.list_words(played)
    speech = Speech(f"{seed} first")
    for number in range(MOST_ROUNDS):
        scenes.day(played, speech, phase=1, gang_reports=number >= ROUNDS[0] // 2)
        _tell(f"reports and rules alone, round {number + 1}", began)
        if number + 1 >= ROUNDS[0] and scenes.has_removed_enough():
            break
    _print_phase(played, 1)
    _tell("the evening of the raid", began)
    scenes.raid(played, Speech(f"{seed} evening"))
    _tell("learning", began)
    scenes.learn(played)
    speech = Speech(f"{seed} second", is_second=True)
    for number in range(ROUNDS[1]):
        scenes.day(played, speech, phase=2, gang_reports=True)
        _tell(f"with the score, round {number + 1}", began)
    _print_phase(played, 2)
    _print_gang(played)


def _tell(what: str, began: float) -> None:
    print(f"    {time.monotonic() - began:>5.0f} s  {what}", flush=True)


# --- What is printed --------------------------------------------------------------------------------------------------


def _print_phase(played: Stage, phase: int) -> None:
    posted = [each for each in played.posted if each.phase == phase]
    bad = [each for each in posted if each.text.is_bad]
    print(
        f"\nPhase {phase}: {len(posted):,} comments, {len(bad):,} to be removed; refused {dict(played.refused[phase])}"
    )
    _print_found("asked about or held at the first try", posted, lambda each: bool(each.flag), is_first=True)
    for origin in ("rule", "score"):
        _print_found(f"held in the end by a {origin}", posted, lambda each, by=origin: each.held_by == by)  # type: ignore[misc]
    _print_found("held in the end", posted, lambda each: bool(each.held_by))
    for language in ("en", "ja"):
        spoken = [each for each in posted if each.text.language == language]
        _print_found(f"... in {language}", spoken, lambda each: bool(each.held_by))
    for kind in RULES:
        alike = [each for each in posted if each.text.kind == kind]
        print(f"  {'... of kind ' + kind:<38} {sum(bool(each.held_by) for each in alike):>5,} of {len(alike):,} held")
    for kind in ("talk", "sharp", "mention"):
        alike = [each for each in posted if each.text.kind == kind]
        print(f"  {'... of kind ' + kind:<38} {sum(bool(each.held_by) for each in alike):>5,} of {len(alike):,} held")
    for is_new, name in ((False, "a word said before"), (True, "a word never said before")):
        alike = [each for each in bad if each.text.is_new == is_new and each.text.kind != "sly"]
        print(f"  {'... with ' + name:<38} {sum(bool(each.held_by) for each in alike):>5,} of {len(alike):,} held")
    reworded = [each for each in bad if each.flag and each.text is not each.first]
    passed = sum(not each.held_by for each in reworded)
    print(f"  to be removed, asked about and said otherwise: {len(reworded)}, of these {passed} not held")
    deeds = {name: count for (when, name), count in sorted(played.deeds.items()) if when == phase}
    total = sum(deeds.values())
    seen = sum(not each.held_by for each in bad)
    standing = sum(each.key not in played.removed for each in bad)
    print(f"  moderator: {total:,} decisions, {per_thousand(total, len(posted))} per 1,000 comments: {deeds}")
    gang = deeds.get(scenes.FALSE_REPORTS, 0) + deeds.get(scenes.WARNINGS, 0)
    print(f"  without those about false reporters: {per_thousand(total - gang, len(posted))} per 1,000 comments")
    print(f"  of these for each removal: {(total - gang) / max(1, len(bad) - standing):.2f}")
    print(
        f"  readers reported {played.reports[phase]:,} times, "
        f"{per_thousand(played.reports[phase], len(posted))} per 1,000 comments"
    )
    print(f"  to be removed and seen by readers: {per_thousand(seen, len(posted))} per 1,000 comments")
    print(
        f"  to be removed and there in the end: {per_thousand(standing, len(posted))} per 1,000 comments\n", flush=True
    )


def _print_found(name: str, posted: list[Posted], is_taken: scenes.Test, *, is_first: bool = False) -> None:
    taken = [each.key for each in posted if is_taken(each)]
    wanted = [each.key for each in posted if (each.first if is_first else each.text).is_bad]
    print(f"  {name:<38} {found(taken, wanted).words}")


def _print_gang(played: Stage) -> None:
    print("False reporters:")
    for phase in (1, 2):
        made = [each for each in played.false_reports if each.phase == phase]
        counted = sum(each.weight > 0 for each in made)
        holds = played.mistaken_holds[phase]
        print(
            f"  phase {phase}: {len(made)} reports, {counted} of them with weight; {holds} mistaken holds", flush=True
        )
    print(f"  warned after so many reports each: {sorted(played.warned.values())}")
    made_by = Counter(each.reporter for each in played.false_reports)
    never = [made_by[each.name] for each in played.crowd.of("false") if each.name not in played.warned]
    print(f"  never warned after so many reports each: {sorted(never)}")
    print(f"  weight of their reports in the end: {sorted(scenes.weights(played))}")
    print(f"  warnings of others who report: {played.warned_wrongly}", flush=True)

"""What `make bench-moderation` says of the site is worth as much as its people: these are no easier than is claimed."""

from __future__ import annotations

from collections import Counter

import pytest

from bench import crowd
from bench.figures import Apart, apart, found, per_thousand
from bench.phrases import LISTED, RULES, Speech, disguise, held_out, made_by
from kawaraban.screening import languages
from kawaraban.screening.patterns import Text, matcher


def people() -> crowd.Crowd:
    return crowd.gather(made_by("people"))


def test_the_same_seed_says_the_same_and_another_seed_something_else():
    one, again, other = ([Speech(seed).regular() for _ in range(5)] for seed in ("one", "one", "other"))
    assert one == again != other


@pytest.mark.parametrize("kind", ["talk", "sharp", "insult", "advert"])
def test_hardly_anything_is_said_twice(kind):
    speech = Speech("many")
    said = [speech.text(kind).body for _ in range(500)]
    assert len(set(said)) > 480


def test_what_is_kept_back_is_said_in_the_second_phase_alone():
    first, second = Speech("first"), Speech("second", is_second=True)
    assert not any(first.troll(trade).is_new for trade in ("insult", "advert") for _ in range(500))
    fresh = [second.troll("insult") for _ in range(500)]
    assert 0.3 < sum(text.is_new for text in fresh) / len(fresh) < 0.6
    assert held_out(("a", "b", "c", "d", "e", "f")) == ("c", "f")
    assert held_out(("a", "b", "c")) == ()


def test_words_of_abuse_stand_in_what_stays_as_well_and_some_of_what_goes_has_none():
    speech = Speech("both")
    mentions = [speech.text("mention") for _ in range(300)]
    assert any(word in text.body for text in mentions for word in LISTED)
    assert not any(text.is_bad for text in mentions)
    kinds = Counter(speech.troll("insult").kind for _ in range(300))
    assert kinds["sly"] > 15
    assert all(Speech("rules").text(kind).rule == rule for kind, rule in RULES.items())


def test_texts_are_in_the_language_that_is_said_of_them():
    speech = Speech("tongues")
    said = [speech.regular() for _ in range(200)]
    japanese = [text for text in said if text.language == "ja"]
    assert 25 < len(japanese) < 75
    assert all(languages.guess(text.body) == "ja" for text in japanese)


def test_a_disguised_word_is_another_one_and_some_disguises_a_list_sees_through():
    chance = made_by("disguise")
    worn = [disguise(chance, "halfwit") for _ in range(200)]
    assert "halfwit" not in worn
    seen = [text for text in worn if matcher("halfwit", "word")(Text.of(f"You {text} there"))]
    assert 0.3 < len(seen) / len(worn) < 0.9


def test_nobody_writes_so_much_in_a_round_that_a_limit_stops_them():
    written = crowd.drafts(made_by("round"), people(), Speech("round"))
    assert len(written) == crowd.COMMENTS
    assert max(Counter(draft.author.name for draft in written).values()) <= crowd.MOST_EACH < 5
    assert {draft.author.name for draft in written} >= {each.name for each in people().of("false")}
    bad = [draft for draft in written if draft.text.is_bad]
    assert 40 < len(bad) < 80
    assert all(draft.author.kind == "troll" for draft in bad)


def test_the_raid_comes_from_few_networks_and_everybody_else_from_their_own_or_a_carrier():
    raiders = Counter(each.address.rpartition(".")[0] for each in people().of("raider"))
    shared = [count for block, count in raiders.items() if block.startswith("172.")]
    assert (len(shared), sum(shared)) == (crowd.RAID_NETWORKS, crowd.RAIDERS - crowd.ALONE)
    at_home = Counter(each.address.rpartition(".")[0] for each in people().of("quiet"))
    assert sum(count == 1 for count in at_home.values()) > crowd.QUIET / 2


def test_each_votes_once_on_a_comment_and_the_raid_against_its_targets():
    chance, gathered = made_by("votes"), people()
    votes = crowd.honest_votes(chance, gathered.of("quiet"), [0.9] * 40)
    assert len({(vote.voter.name, vote.place) for vote in votes}) == len(votes)
    assert not any(vote.is_raid for vote in votes)
    raid = crowd.raid_votes(chance, gathered.of("raider"), [2, 5], 40)
    struck = [vote for vote in raid if vote.is_raid]
    assert {(vote.place, vote.value) for vote in struck} == {(2, -1), (5, -1)}
    assert len(struck) == 2 * crowd.RAIDERS
    assert len(raid) - len(struck) > crowd.RAIDERS / 3


def test_what_was_found_is_told_by_precision_and_recall():
    some = found([1, 2, 3, 4], [3, 4, 5])
    assert (some.precision, some.recall) == ("0.500", "0.667")
    assert (found([], [1]).precision, found([1], []).recall) == ("-", "-")


def test_scores_are_as_far_apart_as_votes_would_have_to_change():
    assert apart({1: -5, 2: 3}, {1: 5, 2: 3, 3: 2}) == Apart(4.0, 10)
    assert apart({}, {}) == Apart(0.0, 0)
    assert per_thousand(7, 2_000) == 4
    assert per_thousand(7, 0) == 0

"""Tests of the score: what is learned from decisions, how it is measured, chosen, kept and explained."""

import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from kawaraban.errors import Refused
from kawaraban.screening import actions, curves, reads, weights
from kawaraban.screening.checks import screen
from kawaraban.screening.curves import Metrics, Point
from kawaraban.screening.models import ScoreModel
from kawaraban.screening.samples import Labelled, Sample
from kawaraban.screening.testing import ADVERTS, INSULTS, decided


@pytest.fixture(scope="module")
def decisions():
    return decided(2_200, removed=0.2)


@pytest.fixture(scope="module")
def learned(decisions):
    from kawaraban.screening.training import learn

    return learn(decisions)


def plain(*, size=1_200):
    """Decisions in which one word, in English or Japanese, is all that matters."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    chance = random.Random(1)  # noqa: S311 - the same on every run, nothing secret
    found = []
    for number in range(size):
        bad = number % 5 == 0
        if number % 2:
            words = chance.choices("橋 川 市長 議会 計画 予算 工事 道路 税金 駅 住民 賛成".split(), k=8)  # noqa: SIM905
            text = "は".join([*words, "馬鹿野郎"] if bad else words)
            language = "ja"
        else:
            words = chance.choices("bridge river mayor council plan budget road tax station ferry people".split(), k=8)  # noqa: SIM905
            text = " ".join([*words, "scoundrel"] if bad else words)
            language = "en"
        found.append(Labelled(text, language, "4" if bad else "", bad, at + timedelta(hours=number)))
    return found


# --- Pieces -----------------------------------------------------------------------------------------------------------


def test_a_piece_never_reaches_over_a_space():
    shown = weights.read("Ab  cd")
    assert shown == " ab cd "
    _, begins, lengths = weights.pieces(shown)
    found = sorted({shown[begin : begin + length] for begin, length in zip(begins, lengths, strict=True)})
    assert found == [" a", " ab", " ab ", " c", " cd", " cd ", "ab", "ab ", "b ", "cd", "cd ", "d "]


def test_equal_pieces_fall_into_one_bucket_and_others_hardly_ever():
    words = [f"{left}{right}" for left in "abcdefghij" for right in "klmnopqrst"]
    buckets = {word: int(weights.pieces(word)[0][0]) for word in words}
    assert len(set(buckets.values())) > 97
    assert weights.pieces("xab")[0][1] == weights.pieces("abx")[0][0]
    assert all(0 <= bucket < weights.SIZE for bucket in buckets.values())


@pytest.mark.parametrize("text", ["", "x", " ", "\ud800", "橋", "a" * 20_000])
def test_any_text_has_a_score(learned, text):
    assert 0 <= learned.weights.score(text, 5).value <= 1


# --- Learning ---------------------------------------------------------------------------------------------------------


def test_it_learns_what_is_removed_here_in_both_languages():
    from kawaraban.screening.training import learn

    found = learn(plain())
    assert found.metrics.area > 0.99
    for bad, good in [("The mayor is a Scoundre1", "The mayor is a man"), ("市長は馬鹿野郎だ", "市長は人だ")]:
        assert found.weights.score(bad).value > found.weights.score(good).value + 0.3
    assert found.weights.score("a scoundrel").group == "4"
    pieces = found.weights.score("the mayor is a scoundrel", 2).pieces
    assert pieces[0].text == "scoundrel"
    assert pieces[0].weight > 0
    assert "馬鹿野郎" in found.weights.score("橋は市長は馬鹿野郎は駅は", 1).pieces[0].text


def test_it_does_better_than_chance_where_it_is_hard(learned):
    assert learned.metrics.area > 0.7
    assert set(learned.weights.groups) >= {INSULTS, ADVERTS}


def test_it_learns_the_same_from_the_same_decisions_in_any_order(decisions, learned):
    from kawaraban.screening.training import learn

    again = learn(decisions[::-1])
    assert np.array_equal(again.weights.table, learned.weights.table)
    assert again.metrics == learned.metrics


def test_it_is_measured_on_the_newest_fifth_alone(decisions):
    from kawaraban.screening.training import learn

    newest = sorted(decisions, key=lambda each: each.decided_at)[-len(decisions) // 5 :]
    turned = [replace(each, removed=not each.removed, group="") for each in newest]
    found = learn([*decisions[: -len(newest)], *turned])
    # Nothing was learned from them, so what was learned is wrong of each.
    assert found.metrics.area < 0.4
    assert found.metrics.measured_on == len(newest)
    assert found.metrics.learned_from == len(decisions) - len(newest)


def test_the_figures_are_those_of_the_decisions_held_back(decisions, learned):
    newest = sorted(decisions, key=lambda each: each.decided_at)[-learned.metrics.measured_on :]
    values = [learned.weights.score(each.text).value for each in newest]
    removed = [each.removed for each in newest]
    for point in learned.metrics.curve:
        held = [was for value, was in zip(values, removed, strict=True) if value >= point.threshold - 1e-7]
        assert abs(len(held) - point.held) <= 1
        assert point.held <= point.share * len(newest)
    top = learned.metrics.curve[-1]
    caught = sum(was for value, was in zip(values, removed, strict=True) if value >= top.threshold - 1e-7)
    assert top.caught == pytest.approx(caught / sum(removed), abs=0.02)
    assert top.right == pytest.approx(caught / top.held, abs=0.02)
    figures = learned.metrics.languages["ja"]
    assert figures.removed == sum(each.removed for each in newest if each.language == "ja")
    assert learned.metrics.rules[INSULTS].removed == sum(each.group == INSULTS for each in newest)


def test_the_curve_rises(learned):
    caught = [point.caught for point in learned.metrics.curve]
    assert caught == sorted(caught)


def test_a_point_says_what_holding_would_do():
    point = Point(0.02, 0.7, 40, 0.61, 8 / 9)
    assert point.sentence == "Hold the top 2 %: catches 61 % of removals, 1 in 9 held in error."
    assert Point(0.1, 0.7, 40, 0.9, 0.2).sentence.endswith("80 in 100 held in error.")
    assert Point(0.1, 0.7, 40, 0.9, 1.0).sentence.endswith("none held in error.")


def test_metrics_are_the_same_after_the_database(learned):
    assert Metrics.from_json(learned.metrics.as_json()) == learned.metrics


def test_weights_are_nearly_the_same_after_packing(decisions, learned):
    packed = weights.pack(learned.weights)
    again = weights.unpack(learned.weights.groups, packed)
    assert len(packed) < 500_000 * len(learned.weights.table)
    for each in decisions[:50]:
        assert again.score(each.text).value == pytest.approx(learned.weights.score(each.text).value, abs=0.002)
    for damaged in (packed[:-9], b"", packed[:100] + b"x" + packed[101:]):
        with pytest.raises(ValueError, match="weights"):
            weights.unpack(learned.weights.groups, damaged)
    with pytest.raises(ValueError, match="groups"):
        weights.unpack((), packed)


def test_a_score_takes_less_than_two_milliseconds(decisions, learned):
    began = time.process_time()
    for each in decisions[:200]:
        learned.weights.score(each.text)
    assert (time.process_time() - began) / 200 < 0.002


# --- On the site ------------------------------------------------------------------------------------------------------


@pytest.fixture
def model(db, learned):
    return actions.keep_score(learned)


def test_too_few_decisions_make_no_score(db):
    few = decided(curves.FEWEST_APPROVED * 2, removed=0.05)
    with pytest.raises(Refused) as refusal:
        actions.learn(few)
    assert refusal.value.code == "too-few-decisions"
    assert not ScoreModel.objects.exists()


def test_decisions_that_are_all_of_yesterday_show_nothing(db, decisions):
    removals_first = sorted(decisions, key=lambda each: not each.removed)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    dated = [replace(each, decided_at=at + timedelta(hours=place)) for place, each in enumerate(removals_first)]
    with pytest.raises(Refused) as refusal:
        actions.learn(dated)
    assert refusal.value.code == "nothing-to-tell-apart"


def test_a_score_holds_nothing_before_the_desk_has_chosen(model, decisions):
    assert [screen(Sample(each.text)) for each in decisions[-100:] if screen(Sample(each.text))] == []


def test_a_chosen_score_holds_what_the_curve_says_and_explains_it(model, decisions):
    actions.switch_score(model.pk, share=0.1)
    newest = decisions[-440:]
    found = [finding for each in newest for finding in screen(Sample(each.text, author_days=30))]
    assert {(each.check, each.outcome, each.may_post) for each in found} == {("score", "hold", True)}
    assert abs(len(found) - reads.metrics(model).point_at(0.1).held) <= 1
    assert all(each.rule in (1, 2, 3) for each in found)
    assert found[0].detail.count("“") == 5
    actions.switch_score(None)
    assert [finding for each in newest for finding in screen(Sample(each.text, author_days=30))] == []


def test_a_share_or_a_score_that_is_not_there_is_refused(model):
    for code, arguments in [("no-such-score", (model.pk + 1, 0.1)), ("no-such-share", (model.pk, 0.00001))]:
        with pytest.raises(Refused) as refusal:
            actions.switch_score(*arguments)
        assert refusal.value.code == code
    assert reads.settings_now().score is None


def test_damaged_weights_hold_up_nobody(model, caplog):
    actions.switch_score(model.pk, share=0.1)
    ScoreModel.objects.update(weights=b"nonsense")
    actions.change_settings(links_most=2)
    assert screen(Sample("Hello.")) == []
    assert "cannot be read" in caplog.text


def test_the_newest_scores_and_the_one_in_use_are_kept(model):
    actions.switch_score(model.pk)
    blank = weights.pack(weights.Weights((), np.zeros((1, weights.SIZE), np.float32), np.zeros(1, np.float32)))
    for _ in range(actions.KEPT_SCORES):
        ScoreModel.objects.create(approved=1, removed=1, weights=blank)
    newest = actions.learn(plain(size=2_100))
    kept = list(ScoreModel.objects.values_list("pk", flat=True))
    assert (kept[0], kept[-1], len(kept)) == (newest.pk, model.pk, actions.KEPT_SCORES + 1)


def test_the_web_process_knows_no_scikit_learn():
    code = (
        "import django; django.setup(); import sys; import kawaraban.screening.checks, kawaraban.screening.actions, "
        "kawaraban.urls; before = [name for name in ('numpy', 'sklearn') if name in sys.modules]; "
        "import kawaraban.screening.weights; print(before, 'sklearn' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] False"

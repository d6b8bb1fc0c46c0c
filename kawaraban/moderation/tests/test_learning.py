"""A score is learned from what moderators decided, holds once an editor has chosen, and never by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kawaraban.decisions.actions import publish_rules
from kawaraban.decisions.models import Entry
from kawaraban.decisions.reads import rules
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.errors import Refused
from kawaraban.jobs.schedule import TIMETABLES
from kawaraban.jobs.testing import run_jobs
from kawaraban.moderation import actions, reads
from kawaraban.moderation.testing import make_report
from kawaraban.screening.reads import settings_now

SCORE = "/desk/moderation/score/"


@pytest.fixture
def desk(site, editor, signed_in):
    """The browser of an editor."""
    return signed_in(editor)


def recorded():
    """What the record has about screening, the oldest first."""
    return list(Entry.objects.filter(kind="screening").order_by("number").values_list("facts", flat=True))


@pytest.fixture
def decided(author, moderator):
    """Sixty comments that stand since yesterday, and 20 that were removed."""
    thread = make_thread()
    for number in range(80):
        bad = number % 4 == 0
        words = "scoundrel liar" if bad else "ferry bridge"
        text = f"The {words} number {number} of the river council."
        at = timezone.now() - timedelta(days=3, minutes=-number)
        comment = discussion.record_comment(thread, discussion.Record(text, author=author, created_at=at))
        if bad:
            discussion.remove_comment(moderator, thread.pk, comment.number, RUDE)
    return thread


def test_a_score_is_learned_from_what_was_decided_and_holds_once_somebody_chooses(desk, decided, editor, author):
    model = actions.learn_score(fewest=(20, 60))
    assert (model.removed, model.approved) == (20, 60)
    assert settings_now().score is None
    assert recorded()[-1] == {"change": "score_learned", "score": model.pk, "removed": 20, "stayed": 60, "by": None}
    page = desk.get(SCORE)
    assert page.context["standing"].removed == 20
    assert "Hold the top 30 %: catches" in page.content.decode()
    assert "1. " in page.content.decode()
    for share, status in (("0.3", 302), ("0.0001", 409), ("", 409), ("nan", 409), ("many", 409), ("-1", 409)):
        assert desk.post(SCORE, {"deed": "on", "score": model.pk, "share": share}).status_code == status, share
    assert settings_now().score == model
    assert make_comment(make_thread(), author, "The scoundrel and liar of the river.").state == "held"
    assert "holds now" in desk.get(SCORE).content.decode()
    assert desk.post(SCORE, {"deed": "on", "score": 99, "share": "0.3"}).status_code == 409
    assert desk.post(SCORE, {"deed": "off"}).status_code == 302
    assert settings_now().score is None
    switched = [each for each in recorded() if each["change"] == "score_switched"]
    assert [each["by"] for each in switched] == [editor.pk, editor.pk]
    threshold = settings_now().score_threshold
    on = {"score_id": [None, model.pk], "score_threshold": [1.0, threshold]}
    assert [each["values"] for each in switched] == [on, {"score_id": [model.pk, None]}]


def test_only_what_was_decided_for_good_teaches(decided, moderator, reader, author):
    def taught():
        return {each.text: each.removed for each in reads.decided()}

    before = taught()
    assert sum(before.values()), len(before) == (20, 80)
    thread = make_thread()
    old = timezone.now() - timedelta(days=2)

    def written(text, by=author, at=old):
        return discussion.record_comment(thread, discussion.Record(text, author=by, created_at=at))

    written("Readers have hardly seen this one.", at=timezone.now())
    written("What the newsroom says is not screened.", by=moderator)
    reversed_ = written("Removed in error.")
    discussion.remove_comment(moderator, thread.pk, reversed_.number, RUDE)
    discussion.restore_comment(moderator, thread.pk, reversed_.number, is_reversed=True)
    held = written("A second look is wanted.")
    discussion.hold_comment(moderator, thread.pk, held.number, RUDE)
    folded = written("Folded and still there.")
    discussion.fold_comment(moderator, thread.pk, folded.number, RUDE)
    deleted = written("Its author did not like it.")
    discussion.delete_comment(author, thread.pk, deleted.number)
    reported = written("A report waits on this.")
    report = make_report(reported)
    assert taught() == before
    actions.decide_case(moderator, reported.pk, actions.Deed("approve"), state=reads.state_of(reported))
    report.refresh_from_db()
    assert report.outcome == "dismissed"
    assert taught() == {**before, "A report waits on this.": False}
    quick = written("Read and let stand at once.", at=timezone.now())
    actions.decide_case(moderator, quick.pk, actions.Deed("approve"), state=reads.state_of(quick))
    assert taught()["Read and let stand at once."] is False


def test_a_removal_teaches_under_the_number_that_its_rule_has_now(decided, editor):
    assert {each.group for each in reads.decided() if each.removed} == {"1"}
    names = [(rule.name, rule.text) for rule in rules()]
    publish_rules(editor, "", "", [("Something new", ""), *names])
    assert {each.group for each in reads.decided() if each.removed} == {"2"}
    publish_rules(editor, "", "", [("Something new", "")])
    assert {each.group for each in reads.decided() if each.removed} == {""}


def test_the_newest_are_taken_and_each_costs_no_query_of_its_own(decided):
    newest = [each.decided_at for each in reads.decided(most=30)]
    assert (len(newest), newest) == (30, sorted(newest, reverse=True))
    counts = []
    for most in (10, 80):
        with CaptureQueriesContext(connection) as queries:
            list(reads.decided(most=most))
        counts.append(len(queries))
    assert counts == [4, 4]


def test_the_button_lets_a_worker_learn_once_and_the_page_tells(desk, decided, editor):
    answer = desk.post(SCORE, {"deed": "learn"})
    assert (answer.status_code, answer.context["refusal"].code) == (409, "too-early")
    assert "20 of 400 removals and 60 of 1,600 comments that stayed" in answer.content.decode()
    actions.ask_to_learn(editor, fewest=(20, 60))
    assert recorded()[-1] == {"change": "learning_asked", "by": editor.pk}
    assert "Learning waits for a worker" in desk.get(SCORE).content.decode()
    with pytest.raises(Refused) as refusal:
        actions.ask_to_learn(editor, fewest=(20, 60))
    assert refusal.value.code == "learning-already"
    # Other jobs may wait as well; this one ends without a score and without an error.
    run_jobs()
    job = reads.last_learning()
    assert job is not None
    assert (job.state, job.value) == ("done", None)
    assert "there was too little to learn from" in desk.get(SCORE).content.decode()
    assert recorded()[-1]["change"] == "learning_asked"


def test_the_clock_has_a_score_learned_each_night_with_time_enough():
    assert TIMETABLES[reads.LEARN].interval == timedelta(days=1)
    assert TIMETABLES[reads.LEARN].task.time_limit >= 600


def test_a_version_is_shown_by_its_address_and_another_is_not_there(desk, decided, editor):
    first, second = (actions.learn_score(fewest=(20, 60)) for _ in range(2))
    assert desk.get(SCORE).context["shown"].model == second
    actions.switch_score(editor, first.pk, 0.3)
    assert desk.get(SCORE).context["shown"].model == first
    assert desk.get(f"{SCORE}?version={second.pk}").context["shown"].model == second
    for version in ("99", "x", "9" * 30, ""):
        assert desk.get(f"{SCORE}?version={version}").status_code == 404


def test_scores_make_the_page_no_slower(desk, decided):
    counts = []
    for _ in range(2):
        actions.learn_score(fewest=(20, 60))
        with CaptureQueriesContext(connection) as queries:
            desk.get(SCORE)
        counts.append(len(queries))
    assert counts[0] == counts[1]

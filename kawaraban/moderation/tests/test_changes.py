"""What is changed of how the site moderates stands in the record, and the public log tells it without names."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kawaraban.decisions import record
from kawaraban.decisions.actions import publish_rules
from kawaraban.decisions.models import Entry
from kawaraban.decisions.reads import first_break
from kawaraban.moderation import actions, reads
from kawaraban.moderation.models import ModerationSettings
from kawaraban.screening import actions as screening
from kawaraban.screening.models import ScoreModel

SETTINGS = "/desk/settings/moderation/moderationsettings/"
SENT = {
    "contact": "",
    "emergency": "Call 110.",
    "reports_hold_at": "5",
    "notices_on": "on",
    "user_numbers": "",
}


@pytest.fixture
def desk(site, editor, signed_in):
    """The browser of an editor."""
    return signed_in(editor)


def recorded(kind):
    """The facts of the entries of a kind, the oldest first."""
    return list(Entry.objects.filter(kind=kind).order_by("number").values_list("facts", flat=True))


def told():
    return [change.sentence for change in reads.changes()]


def test_a_change_of_the_settings_at_the_desk_is_recorded_from_what_to_what_and_by_whom(desk, editor):
    address = desk.get(SETTINGS).url
    assert desk.get(address).status_code == 200
    assert recorded("settings") == []
    before = ModerationSettings().emergency
    assert desk.post(address, SENT).status_code == 302
    values = {
        "reports_hold_at": [3, 5],
        "emergency": [record.digest(before), record.digest("Call 110.")],
    }
    assert recorded("settings") == [{"change": "moderation", "values": values, "by": editor.pk}]
    assert ModerationSettings.objects.get().reports_hold_at == 5
    desk.post(address, SENT)
    assert len(recorded("settings")) == 1
    assert first_break() is None


def test_a_program_that_changes_the_settings_is_recorded_as_nobody(db):
    ModerationSettings.objects.create(notices_on=False, contact="desk@paper.example")
    ((facts),) = recorded("settings")
    assert (facts["by"], facts["values"]["notices_on"]) == (None, [True, False])
    assert "paper.example" not in str(facts)


def test_what_is_refused_is_not_recorded(desk):
    assert desk.post(desk.get(SETTINGS).url, {**SENT, "reports_hold_at": "101"}).status_code == 200
    assert recorded("settings") == []


def test_the_record_says_where_the_scorer_elsewhere_is_and_not_its_key(editor, settings):
    settings.SCORER_URL = "https://user:sesame@scorer.example:8443/secret-path?key=open"
    actions.change_screening(editor, scorer_on=True)
    (facts,) = recorded("screening")
    assert facts["scorer"] == "https://scorer.example"
    assert facts["values"] == {"scorer_on": [False, True]}
    assert not any(word in str(facts) for word in ("sesame", "secret-path", "open"))
    actions.change_screening(editor, links_most=2)
    assert "scorer" not in recorded("screening")[1]


def test_a_word_that_is_changed_is_recorded_from_what_to_what_as_digests(editor):
    pattern = actions.add_pattern(editor, "lump of coal", outcome="hold")
    actions.change_pattern(editor, pattern.pk, text="heap of coal", outcome="refuse")
    actions.remove_pattern(editor, pattern.pk)
    added, changed, removed = recorded("screening")
    lump, heap = record.digest("lump of coal"), record.digest("heap of coal")
    assert (added["values"]["text"], added["values"]["outcome"]) == ([None, lump], [None, "hold"])
    assert changed["values"] == {"text": [lump, heap], "outcome": ["hold", "refuse"]}
    assert removed["values"]["text"] == [heap, None]
    assert {each["pattern"] for each in (added, changed, removed)} == {pattern.pk}


# --- The public log ---------------------------------------------------------------------------------------------------


def test_the_log_says_on_which_day_the_score_was_allowed_to_hold(desk, editor, stranger):
    curve = [{"share": 0.02, "threshold": 0.8, "held": 9, "caught": 0.5, "right": 0.5}]
    metrics = {
        "learned_from": 1,
        "measured_on": 1,
        "area": 0.9,
        "at": 0.02,
        "curve": curve,
        "rules": {},
        "languages": {},
    }
    model = ScoreModel.objects.create(approved=1, removed=1, metrics=metrics, weights=b"")
    actions.switch_score(editor, model.pk, 0.02)
    actions.switch_score(editor, None)
    on = "The score learned from our decisions may let comments wait from now on."
    assert told()[:2] == ["The score learned from our decisions holds nothing any more.", on]
    page = stranger.get("/moderation/log/").content.decode()
    assert on in page
    assert f"{timezone.now():%Y-%m-%d}" in page
    assert editor.handle not in page


def test_each_setting_has_its_sentence(editor):
    ModerationSettings.objects.create(
        reports_hold_at=0, notices_on=False, single_moderator_allowed=True, contact="x", emergency="y", user_numbers="z"
    )
    for name, value in screening_values().items():
        actions.change_screening(editor, **{name: value})
    sentences = told()
    assert "Reports let no comment wait." in sentences
    assert "Notices of illegal content are no longer taken without an account." in sentences
    assert "One person may answer appeals against their own decisions, while there is nobody else." in sentences
    assert "Before publication we look at: shouting." in sentences
    assert "Before publication we no longer look at: links." in sentences
    assert "Before publication, “links” was made stricter or milder." in sentences
    assert "A program elsewhere is asked about each comment, and can let it wait." in sentences


def screening_values():
    """Another value for everything that the desk can change of what is looked at."""
    from kawaraban.moderation.forms import ScreeningForm
    from kawaraban.screening.models import ScreeningSettings

    now, found = ScreeningSettings(), {}
    for name in ScreeningForm.base_fields:
        value = getattr(now, name)
        if isinstance(value, bool):
            found[name] = not value
        elif isinstance(value, int | float):
            found[name] = 0
        else:
            found[name] = {"spam_rule": 2, "languages": "en ja", "scorer_failure": "hold"}[name]
    return found


def test_the_log_tells_of_new_house_rules_and_of_no_listed_word(editor, stranger):
    publish_rules(editor, "", "", [("Be kind", "Always.")])
    actions.add_pattern(editor, "lump of coal")
    page = stranger.get("/moderation/log/").content.decode()
    assert "Version 2 of the house rules came into force." in page
    assert "A word or pattern was listed" in page
    assert "coal" not in page


def test_what_is_learned_each_night_is_no_change(db):
    from kawaraban.decisions.actions import append

    before = told()
    append("screening", {"change": "score_learned", "score": 1, "removed": 1, "stayed": 1, "by": None})
    append("screening", {"change": "learning_asked", "by": None})
    assert told() == before


def test_the_log_asks_as_often_for_many_changes_as_for_few(editor, stranger, django_assert_max_num_queries):
    actions.change_screening(editor, links_most=9)
    with django_assert_max_num_queries(30) as few:
        stranger.get("/moderation/log/")
    for number in range(30):
        actions.change_screening(editor, links_most=number)
    with django_assert_max_num_queries(len(few)):
        stranger.get("/moderation/log/")
    assert screening.change_settings(links_most=3)

"""What is looked at before publication is changed at the desk by editors, tried first, and recorded."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kawaraban.accounts.testing import make_member
from kawaraban.decisions.models import Entry
from kawaraban.decisions.reads import rules
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.errors import Refused
from kawaraban.moderation import actions
from kawaraban.moderation.forms import ScreeningForm
from kawaraban.screening import actions as screening
from kawaraban.screening.models import Pattern
from kawaraban.screening.reads import settings_now

WORDS, CHECKS, SCORE = "/desk/moderation/screening/", "/desk/moderation/checks/", "/desk/moderation/score/"
SENT = {
    "text": "lump of coal",
    "kind": "word",
    "outcome": "hold",
    "language": "",
    "rule": "1",
    "note": "Said too often.",
}


@pytest.fixture
def desk(site, editor, signed_in):
    """The browser of an editor."""
    return signed_in(editor)


def recorded():
    """What the record has about screening, the oldest first."""
    return list(Entry.objects.filter(kind="screening").order_by("number").values_list("facts", flat=True))


def filled(**changed):
    """What the form of the checks sends when only this is changed."""
    form = ScreeningForm(rules(), instance=settings_now())
    shown = {name: form[name].value() for name in form.fields}
    sent = {f"initial-{name}": value for name, value in shown.items()} | {**shown, **changed}
    return {name: value for name, value in sent.items() if value is not None and value is not False}


# --- Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [WORDS, CHECKS, SCORE])
def test_editors_change_moderators_read_and_nobody_else_sees_it(
    site, address, reader, moderator, editor, signed_in, stranger
):
    screening.add_pattern(None, "lump of coal")
    page = signed_in(moderator).get(address)
    assert page.status_code == 200
    assert "you can read it" in page.content.decode()
    assert 'name="deed"' not in page.content.decode()
    assert signed_in(editor).get(address).status_code == 200
    assert signed_in(reader).get(address).status_code == 302
    assert stranger.get(address).status_code == 302
    for browser in (signed_in(moderator), signed_in(reader), stranger):
        for sent in ({**SENT, "deed": "save"}, filled(links_most=9), {"deed": "off"}):
            assert browser.post(address, sent).status_code == 302
    assert Pattern.objects.count() == 1
    assert settings_now().links_most == 3
    assert recorded() == []


def test_the_actions_ask_themselves_who_may(moderator):
    for act in (
        lambda: actions.add_pattern(moderator, "coal"),
        lambda: actions.change_pattern(moderator, 1, text="coal"),
        lambda: actions.remove_pattern(moderator, 1),
        lambda: actions.change_screening(moderator, links_on=False),
        lambda: actions.switch_score(moderator, None),
        lambda: actions.ask_to_learn(moderator),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "not-screener"


# --- Words and patterns -----------------------------------------------------------------------------------------------


def test_an_editor_adds_changes_and_removes_a_word_and_the_record_has_no_words(desk, editor, author):
    assert desk.post(WORDS, {**SENT, "deed": "save"}).status_code == 302
    (listed,) = Pattern.objects.all()
    assert (listed.text, listed.rule, listed.added_by) == ("lump of coal", 1, editor)
    assert make_comment(make_thread(), author, "You are a lump of coal, sir.").state == "held"
    page = desk.get(f"{WORDS}?change={listed.pk}").content.decode()
    assert 'value="lump of coal"' in page
    assert "Said too often." in page
    changed = {**SENT, "text": "heap of coal", "pattern": listed.pk, "outcome": "refuse", "deed": "save"}
    assert desk.post(WORDS, changed).status_code == 302
    listed.refresh_from_db()
    assert (listed.text, listed.outcome) == ("heap of coal", "refuse")
    assert desk.post(WORDS, {"pattern": listed.pk, "deed": "remove"}).status_code == 302
    # Pressed by two at once: the second finds it gone, and nothing more to record.
    assert desk.post(WORDS, {"pattern": listed.pk, "deed": "remove"}).status_code == 302
    assert not Pattern.objects.exists()
    assert [each["change"] for each in recorded()] == ["pattern_added", "pattern_changed", "pattern_removed"]
    assert {each["by"] for each in recorded()} == {editor.pk}
    assert "coal" not in str(recorded())


def test_a_trial_counts_and_shows_what_would_have_been_met_and_lists_nothing(desk, author):
    thread = make_thread(3)
    met = make_comment(thread, author, "A lump of COAL would do better.")
    quoting = make_comment(thread, make_member(), f"> {met.source}\n\nThat is rather strong, I think.")
    page = desk.post(WORDS, {**SENT, "deed": "try"})
    trial = page.context["trial"]
    assert (trial.count, trial.of, [each.comment.pk for each in trial.met]) == (1, 5, [met.pk])
    assert quoting.quotes.exists()
    assert "Would have met 1 of the last 5 comments" in page.content.decode()
    assert "A lump of COAL" in page.content.decode()
    assert 'value="lump of coal"' in page.content.decode()
    assert desk.post(WORDS, {**SENT, "language": "ja", "deed": "try"}).context["trial"].count == 0
    assert not Pattern.objects.exists()
    assert recorded() == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"text": ""}, "There is nothing to look for."),
        ({"text": "(", "kind": "pattern"}, "This is not a pattern that can be used"),
        ({"text": "x*", "kind": "pattern"}, "This pattern matches even an empty text"),
        ({"text": "x" * 301}, "up to 300 characters"),
        ({"text": "!!"}, "A word needs a letter or a digit."),
        ({"text": "a\0b"}, "Null characters are not allowed."),
        ({"kind": "spell"}, "Select a valid choice."),
        ({"rule": "99"}, "Select a valid choice."),
        ({"rule": "9" * 40}, "Select a valid choice."),
        ({"language": "xx"}, "Select a valid choice."),
        ({"note": "x" * 201}, "at most 200 characters"),
    ],
)
@pytest.mark.parametrize("deed", ["try", "save"])
def test_what_cannot_be_looked_for_is_refused_in_a_sentence_and_kept_in_the_form(desk, changed, says, deed):
    answer = desk.post(WORDS, {**SENT, **changed, "deed": deed})
    assert answer.status_code == 409
    assert says in answer.content.decode()
    assert "Said too often." in answer.content.decode() or "note" in changed
    assert not Pattern.objects.exists()
    assert recorded() == []


@pytest.mark.parametrize("sent", [{}, {"deed": "dance"}, {"deed": "remove", "pattern": "x"}, {"deed": "save"}])
def test_a_form_that_is_not_ours_breaks_nothing(desk, sent):
    for address in (WORDS, CHECKS, SCORE):
        assert desk.post(address, sent).status_code in (302, 409)
    assert desk.get(f"{WORDS}?p=x&change=x").status_code == 200
    assert desk.get(f"{WORDS}?p=9999&change=99999999999999999999").status_code == 200
    assert recorded() == []


def test_one_that_is_listed_or_gone_is_refused(desk):
    desk.post(WORDS, {**SENT, "deed": "save"})
    answer = desk.post(WORDS, {**SENT, "deed": "save"})
    assert (answer.status_code, answer.context["refusal"].code) == (409, "pattern-listed")
    answer = desk.post(WORDS, {**SENT, "text": "other", "pattern": "99", "deed": "save"})
    assert (answer.status_code, answer.context["refusal"].code) == (409, "no-such-pattern")
    assert len(recorded()) == 1


# --- Checks -----------------------------------------------------------------------------------------------------------


def test_an_editor_changes_the_checks_and_the_record_says_from_what_to_what(desk, editor, author):
    sent = filled(shouting_on="on", shouting_share="0.7", links_most="1", spam_rule="2", languages="en ja")
    assert desk.post(CHECKS, sent).status_code == 302
    now = settings_now()
    assert (now.shouting_on, now.shouting_share, now.links_most, now.spam_rule) == (True, 0.7, 1, 2)
    assert recorded() == [
        {
            "change": "settings",
            "values": {
                "shouting_on": [False, True],
                "shouting_share": [0.8, 0.7],
                "links_most": [3, 1],
                "spam_rule": [None, 2],
                "languages": ["", "en ja"],
            },
            "by": editor.pk,
        }
    ]
    shout = "THE FERRY WAS NEVER LATE AND NEVER WILL BE LATE, I SAY."
    assert make_comment(make_thread(), author, shout).state == "held"
    page = desk.get(CHECKS).content.decode()
    assert "Of the letters that are capitals." in page
    assert desk.post(CHECKS, filled()).status_code == 302
    assert len(recorded()) == 1


def test_two_editors_who_change_different_things_both_have_their_way(desk):
    sent = filled(links_most="1")
    desk.post(CHECKS, filled(speed_most="9"))
    desk.post(CHECKS, sent)
    assert (settings_now().links_most, settings_now().speed_most) == (1, 9)


@pytest.mark.parametrize(
    "changed",
    [
        {"links_most": "-1"},
        {"links_most": "9" * 30},
        {"links_most": "many"},
        {"shouting_share": "1.5"},
        {"shouting_share": "nan"},
        {"scorer_threshold": "inf"},
        {"scorer_failure": "panic"},
        {"spam_rule": "77"},
        {"languages": "en tlh"},
        {"languages": "e\0n"},
        {"languages": "en " * 60},
        {"initial-links_most": "x", "links_most": ""},
    ],
)
def test_a_number_out_of_its_range_is_refused_and_nothing_changed(desk, changed):
    answer = desk.post(CHECKS, filled(**changed))
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert recorded() == []


@pytest.mark.parametrize("address", [WORDS, CHECKS, SCORE])
def test_a_page_costs_the_same_however_much_is_listed(desk, address):
    counts = []
    for number in range(41):
        screening.add_pattern(None, f"word {number}")
        if number in (1, 40):
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_trial_costs_the_same_however_many_it_meets(desk, author):
    counts = []
    for number in (2, 30):
        make_thread(number)
        with CaptureQueriesContext(connection) as queries:
            answer = desk.post(WORDS, {**SENT, "text": "length", "deed": "try"})
        counts.append(len(queries))
    assert answer.context["trial"].count == 32
    assert counts[0] == counts[1]


def test_the_desk_tells_how_the_scorer_elsewhere_stands(desk, settings):
    assert "The operator has named none" in desk.get(SCORE).content.decode()
    settings.SCORER_URL = "http://scorer.example/secret-path"
    assert "it is off" in desk.get(SCORE).content.decode()
    screening.change_settings(scorer_on=True, scorer_failure="hold")
    assert "It is asked about each comment" in desk.get(CHECKS).content.decode()
    screening.change_settings(scorer_failing_since=timezone.now(), scorer_error="no answer within 2 s")
    for address in (SCORE, CHECKS):
        page = desk.get(address).content.decode()
        assert "no answer within 2 s" in page
        assert "comments wait for a moderator" in page
        assert "secret-path" not in page

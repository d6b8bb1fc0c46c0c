"""Tests of the checks: what each holds by the settings, and what passes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kawaraban.errors import Refused
from kawaraban.screening import actions, checks, reads
from kawaraban.screening.checks import screen
from kawaraban.screening.models import Pattern, ScreeningSettings
from kawaraban.screening.samples import Sample

pytestmark = pytest.mark.django_db

LINKS = "see https://a.example and https://b.example, www.c.example or HTTP://d.example"
LONG = "The ferry has run for forty years and nobody has asked the ferryman what he thinks."
NEW = {"author_days": 1}


def names(sample):
    return [finding.check for finding in screen(sample)]


def test_a_new_paper_lets_nearly_everything_pass():
    assert names(Sample("What a day to open a bridge!")) == []
    assert names(Sample(LONG.upper(), recent=("Something else entirely, said by the same member.",))) == []


def test_many_links_of_a_new_account_are_held():
    actions.change_settings(spam_rule=5)
    [finding] = screen(Sample(LINKS, **NEW))
    assert (finding.check, finding.outcome, finding.rule, finding.may_post) == ("links", "hold", 5, True)
    assert "more than 3 links" in finding.sentence
    assert finding.detail == "4 links"


def test_links_of_somebody_known_pass():
    assert names(Sample(LINKS, author_days=30)) == []
    assert names(Sample("see https://a.example https://b.example https://c.example", **NEW)) == []


def test_no_days_hold_the_links_of_every_account():
    actions.change_settings(links_days=0)
    assert names(Sample(LINKS, author_days=3000)) == ["links"]


def test_the_same_again_is_held_also_when_a_few_letters_differ():
    assert names(Sample(LONG, recent=("Hm.", LONG))) == ["repetition"]
    assert names(Sample(LONG.upper().replace("FORTY", "fifty"), recent=(LONG,))) == ["repetition"]
    assert names(Sample(LONG, recent=("Nobody has ever asked me what I think of the bridge, or the ferry.",))) == []


def test_thanks_may_be_said_again():
    assert names(Sample("Thank you!", recent=("Thank you!",))) == []


def test_only_the_last_ten_comments_are_compared():
    others = tuple(f"A comment about quite another thing, number {number}." for number in range(10))
    assert names(Sample(LONG, recent=(*others, LONG))) == []


def test_shouting_is_held_when_the_desk_wants_it():
    actions.change_settings(shouting_on=True)
    assert names(Sample(LONG.upper())) == ["shouting"]
    assert names(Sample("BRAVO!")) == []
    assert names(Sample("橋はいつできるのですか。" * 5)) == []


def test_haste_of_a_new_account_is_held():
    times = (10.0, 60.0, 90.0, 200.0, 299.0)
    assert names(Sample("Hello.", recent_times=times, **NEW)) == ["speed"]
    assert names(Sample("Hello.", recent_times=times[:4], **NEW)) == []
    assert names(Sample("Hello.", recent_times=(*times[:4], 301.0), **NEW)) == []
    assert names(Sample("Hello.", recent_times=times, author_days=30)) == []


def test_new_accounts_and_first_comments_are_held_when_the_desk_wants_it():
    actions.change_settings(new_accounts_on=True, new_accounts_days=2, first_on=True, first_comments=1)
    assert names(Sample("Hello.", author_days=1.9)) == ["new account", "first comments"]
    assert names(Sample("Hello.", author_days=2.1, author_shown=1)) == []


def test_words_of_others_alone_are_held_when_the_desk_wants_it():
    actions.change_settings(quoted_only_on=True)
    assert names(Sample("…", quoted=80)) == ["quoted only"]
    assert names(Sample("Yes.", quoted=80)) == []
    assert names(Sample("…")) == []


def test_other_languages_are_held_when_the_desk_wants_it():
    actions.change_settings(language_on=True, languages="en ja")
    assert names(Sample("Der Bürgermeister ist nicht der, den wir gewählt haben")) == ["language"]
    assert names(Sample("橋はいつできるのですか")) == []
    assert names(Sample("東京都知事選挙")) == []
    assert names(Sample("lol")) == []


def test_a_language_that_cannot_be_told_is_refused_as_a_setting():
    with pytest.raises(Refused) as refusal:
        actions.change_settings(languages="en xx")
    assert refusal.value.code == "unknown-language"
    assert reads.settings_now().languages == ""


def test_a_setting_out_of_its_range_is_refused():
    with pytest.raises(Refused) as refusal:
        actions.change_settings(repetition_share=1.5)
    assert refusal.value.code == "bad-screening-setting"
    assert reads.settings_now().repetition_share == 0.8


def test_moderation_before_publication_holds_everything():
    assert names(Sample("Hello.", place="before")) == ["place"]
    assert names(Sample("Hello.", place="after")) == []


def test_where_nothing_is_moderated_only_what_is_refused_counts():
    actions.add_pattern(None, "casino", outcome=Pattern.Outcome.REFUSE)
    assert names(Sample(LINKS, place="off", **NEW)) == []
    assert names(Sample(LINKS + " casino", place="off", **NEW)) == ["words"]


def test_a_listed_word_holds_and_names_its_rule():
    actions.add_pattern(None, "idiot", rule=4)
    [finding] = screen(Sample("You 1d10t."))
    assert (finding.outcome, finding.rule, finding.may_post) == ("hold", 4, True)
    assert finding.detail == "“idiot” met “idiot”"


def test_what_is_refused_comes_first_and_cannot_be_posted():
    actions.add_pattern(None, "idiot")
    actions.add_pattern(None, r"casino\d*", kind=Pattern.Kind.PATTERN, outcome=Pattern.Outcome.REFUSE)
    found = screen(Sample("Idiot, go to CASINO24."))
    assert [(each.outcome, each.may_post) for each in found] == [("refuse", False), ("hold", True)]
    assert "“CASINO24”" in found[0].sentence


def test_a_word_of_one_language_is_looked_for_in_that_language():
    actions.add_pattern(None, "die", language="en")
    assert names(Sample("I hope that you die and that the bridge is late")) == ["words"]
    assert names(Sample("Ich weiß nicht, ob die Brücke das ist, was wir wollten")) == []


def test_a_word_is_listed_once():
    actions.add_pattern(None, "idiot")
    with pytest.raises(Refused) as refusal:
        actions.add_pattern(None, " idiot ")
    assert refusal.value.code == "pattern-listed"
    assert Pattern.objects.count() == 1


def test_a_pattern_that_cannot_be_used_is_not_saved(moderator):
    with pytest.raises(Refused):
        actions.add_pattern(moderator.pk, "(", kind=Pattern.Kind.PATTERN)
    pattern = actions.add_pattern(moderator.pk, "a(b)", kind=Pattern.Kind.PATTERN)
    with pytest.raises(Refused):
        actions.change_pattern(pattern.pk, text="a(b")
    assert Pattern.objects.get().text == "a(b)"
    with pytest.raises(Refused) as refusal:
        actions.change_pattern(pattern.pk, note="x" * 201)
    assert refusal.value.code == "bad-pattern-field"


def test_a_change_holds_from_the_next_comment_on():
    pattern = actions.add_pattern(None, "idiot")
    assert names(Sample("idiot")) == ["words"]
    actions.change_pattern(pattern.pk, text="villain")
    assert (names(Sample("idiot")), names(Sample("villain"))) == ([], ["words"])
    actions.change_settings(patterns_on=False)
    assert names(Sample("villain")) == []
    actions.change_settings(patterns_on=True)
    actions.remove_pattern(pattern.pk)
    actions.remove_pattern(pattern.pk)
    assert names(Sample("villain")) == []
    with pytest.raises(Refused) as refusal:
        actions.change_pattern(pattern.pk, text="idiot")
    assert refusal.value.code == "no-such-pattern"


def test_a_pattern_that_is_refused_by_now_leaves_the_others_at_work(caplog):
    broken = actions.add_pattern(None, "first")
    actions.add_pattern(None, "second")
    Pattern.objects.filter(pk=broken.pk).update(kind=Pattern.Kind.PATTERN, text="(")
    assert names(Sample("first and second")) == ["words"]
    assert f"Pattern {broken.pk} is not looked for" in caplog.text


@pytest.mark.parametrize("size", [2, 200])
def test_screening_costs_the_same_with_any_number_of_patterns(size, django_assert_num_queries):
    for number in range(size):
        actions.add_pattern(None, f"word{number}")
    screen(Sample("word1"))
    with django_assert_num_queries(1):
        assert len(screen(Sample("word1"))) == 1


def test_screening_by_the_defaults_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        screen(Sample("Hello."))


def test_every_check_can_be_switched_off():
    switches = [field.name for field in ScreeningSettings._meta.fields if field.name.endswith("_on")]
    actions.add_pattern(None, "hello")
    actions.change_settings(**dict.fromkeys(switches, False))
    sample = Sample(f"hello {LINKS}", recent=(LINKS,), recent_times=(1.0,) * 9, quoted=5)
    assert screen(sample) == []


def test_what_holds_says_why_and_what_to_do():
    switches = [field.name for field in ScreeningSettings._meta.fields if field.name.endswith("_on")]
    actions.change_settings(**dict.fromkeys(switches, True), languages="ja")
    actions.add_pattern(None, "WOULD")
    text = f"THIS IS THE LIST AND IT IS WHAT YOU WOULD WANT {LINKS.upper()}"
    found = screen(Sample(text, recent=(text,), recent_times=(1.0,) * 9, place="before"))
    assert len(found) == 9
    assert {each.outcome for each in found} == {"hold"}
    for each in found:
        assert each.sentence[0].isupper() or each.sentence[0] == "“"
        assert each.sentence.endswith(".")
        assert "ost it" in each.sentence
        assert each.detail


def test_the_settings_are_one_row():
    actions.change_settings(links_most=4)
    actions.change_settings(links_most=5)
    assert ScreeningSettings.objects.count() == 1
    assert timezone.now() - Pattern(text="x").added_at < timedelta(seconds=5)
    assert checks.CHECKS[-1] is checks.moderated_first

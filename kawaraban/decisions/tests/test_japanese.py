"""Rules and decisions in Japanese, and whose language is whose."""

from __future__ import annotations

import pytest
from django.test import override_settings
from django.utils import translation

from kawaraban.accounts.models import Notification
from kawaraban.decisions import actions, reads
from kawaraban.decisions.actions import About, Ground
from kawaraban.decisions.models import Entry, Kind, Rule, Rulebook
from kawaraban.decisions.testing import RUDE

in_japanese = override_settings(LANGUAGE_CODE="ja")


@pytest.fixture
def about(author):
    """A comment of the author's, as a decision names it."""
    return About("comment:12", author, "/t/1/12/", "橋の約束")


@pytest.fixture
def without_rules(db):
    """A site whose house rules are still to be written."""
    Rule.objects.all().delete()
    Rulebook.objects.all().delete()


@in_japanese
def test_the_statement_of_reasons_of_a_japanese_site_is_in_japanese(site, about, author, moderator, signed_in):
    decision = actions.decide(Kind.REMOVE, about, Ground("侮辱です。", rule=1), by=moderator)
    page = signed_in(author).get(decision.get_absolute_url()).text
    assert "<h1>削除</h1>" in page
    for words in ("理由", "侮辱です。", "対象", "無期限", "モデレーター自身の確認", "橋の約束</a>のコメント欄"):
        assert words in page
    assert "年" in page[page.index("期限は") :]
    told = Notification.objects.get(recipient=author)
    assert told.title.startswith("「橋の約束」へのコメントが削除されました：ルール1")


@in_japanese
@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_a_japanese_site_begins_with_house_rules_in_japanese(without_rules, spoken):
    with translation.override(spoken):
        actions.publish_first_rules()
    book = reads.rulebook()
    assert [rule.name for rule in book.rules.all()][:2] == ["議論には議論で", "同じことは一度だけ"]
    assert "異議" in book.practice


def test_members_hear_of_a_decision_in_the_language_of_the_site_and_not_of_whoever_decides(about, author, moderator):
    moderator.title = ""
    with translation.override("ja"):
        decision = actions.decide(Kind.HOLD, about, RUDE, by=moderator)
        actions.lift(decision.pk, by=moderator)
    titles = Notification.objects.filter(recipient=author).order_by("pk").values_list("title", flat=True)
    assert list(titles) == [
        f"Your comment on “橋の約束” waits for a moderator: {decision.rule}",
        "A decision about you on “橋の約束” was taken back",
    ]
    assert decision.role == "Moderator"


@in_japanese
def test_roles_that_readers_see_are_in_the_language_of_the_site(about, moderator):
    moderator.title = ""
    assert actions.decide(Kind.HOLD, about, RUDE, by=moderator).role == "モデレーター"


def test_the_record_says_the_same_in_every_language(about, moderator):
    actions.decide(Kind.REMOVE, about, RUDE, by=moderator)
    with in_japanese:
        actions.decide(Kind.REMOVE, about, RUDE, by=moderator)
        assert reads.first_break() is None
    first, second = (entry.facts for entry in Entry.objects.filter(kind="decided").order_by("number"))
    own = {"decision", "at"}
    assert {key: value for key, value in first.items() if key not in own} == {
        key: value for key, value in second.items() if key not in own
    }

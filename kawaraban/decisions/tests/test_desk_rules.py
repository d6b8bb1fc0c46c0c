"""House rules are published at the desk, after a look at what differs."""

from __future__ import annotations

import pytest

from kawaraban.decisions import reads
from kawaraban.decisions.models import Rulebook

SENT = {
    "introduction": "Be kind.",
    "practice": "A person decides.",
    "name": ["Speak to the argument", "Say it once", ""],
    "text": ["No insults.", "No flooding.", ""],
    "based_on": "1",
}


def test_an_editor_compares_and_publishes_and_the_reader_sees_the_next_version(site, editor, signed_in, stranger):
    desk = signed_in(editor)
    assert "Leave people their privacy" in desk.get("/desk/rules/").content.decode()
    page = desk.post("/desk/rules/", {**SENT, "deed": "compare"}).content.decode()
    assert "Taken out: </span>3. Leave people their privacy." in page
    assert "New: </span>Be kind." in page
    assert Rulebook.objects.count() == 1
    assert desk.post("/desk/rules/", {**SENT, "deed": "publish"}).status_code == 302
    assert [rule.name for rule in reads.rules()] == ["Speak to the argument", "Say it once"]
    assert "Be kind." in stranger.get("/rules/").content.decode()
    assert "Leave people their privacy" in stranger.get("/rules/1/").content.decode()


def test_the_same_text_is_nothing_to_publish(site, editor, signed_in):
    book = reads.rulebook()
    same = {
        "introduction": book.introduction,
        "practice": book.practice,
        "name": [rule.name for rule in book.rules.all()],
        "text": [rule.text for rule in book.rules.all()],
        "based_on": "1",
        "deed": "compare",
    }
    page = signed_in(editor).post("/desk/rules/", same).content.decode()
    assert "Nothing: the text is that of the version in force." in page
    assert 'value="publish"' not in page


@pytest.mark.parametrize("names", [[], ["", ""], ["x" * 61]])
def test_what_is_incomplete_is_handed_back(site, editor, signed_in, names):
    sent = {**SENT, "name": names, "text": ["Kept words."] * len(names), "deed": "publish"}
    answer = signed_in(editor).post("/desk/rules/", sent)
    assert answer.status_code == 409
    assert not names or "Kept words." in answer.content.decode()
    assert Rulebook.objects.count() == 1


def test_two_editors_at_once_do_not_overwrite_each_other_unseen(site, editor, signed_in):
    desk = signed_in(editor)
    desk.post("/desk/rules/", {**SENT, "deed": "publish"})
    answer = desk.post("/desk/rules/", {**SENT, "introduction": "Be brief.", "deed": "publish"})
    assert answer.status_code == 409
    assert answer.context["refusal"].code == "rules-overtaken"
    assert 'name="based_on" value="2"' in answer.content.decode()
    assert reads.rulebook().version == 2


def test_moderators_and_readers_write_no_rules(site, moderator, reader, signed_in):
    for member in (moderator, reader):
        browser = signed_in(member)
        assert browser.get("/desk/rules/").status_code in (302, 403)
        assert browser.post("/desk/rules/", {**SENT, "deed": "publish"}).status_code in (302, 403)
    assert Rulebook.objects.count() == 1

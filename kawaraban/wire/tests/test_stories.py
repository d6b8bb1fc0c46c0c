"""An item becomes a story, follows its updates as far as editors have left it alone, and goes when it is killed."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.models import Page

from kawaraban.errors import Refused
from kawaraban.formats.items import Author, Picture, PubStatus, Rendition, Signal
from kawaraban.newsroom import drafting
from kawaraban.newsroom.models import Photo, StoryPage
from kawaraban.newsroom.testing import make_section
from kawaraban.wire import actions, tasks
from kawaraban.wire.models import Release, ReleaseRule, WireItem
from kawaraban.wire.testing import HARBOUR, an_item, deliver, kept, make_feed, map_topic, settle

pytestmark = pytest.mark.django_db


def a_picture(width: int = 60) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, 40), "navy").save(written, "JPEG")
    return written.getvalue()


@pytest.fixture
def feed():
    map_topic(make_section(), tag="Politics")
    return make_feed()


def test_one_press_fills_everything_in(feed, editor, signed_in):
    picture = Picture(
        guid="p1",
        headline="The Kamome aground",
        caption="The ferry at low tide.",
        alt_text="A ferry on a sandbank.",
        photographer="Aoi Hamada",
        credit="Harbour Pictures",
        is_file_photo=True,
        renditions=(Rendition(data=a_picture(), mimetype="image/jpeg", width=60, height=40),),
    )
    deliver(
        feed,
        an_item(
            bylines=(Author("Aoi Hamada"),),
            dateline="URAMINATO",
            copyright_lines=("© Harbour News Agency", "© Uraminato Port"),
            pictures=(picture,),
        ),
    )
    answer = signed_in(editor).post(reverse("wire_make_story", args=[kept().pk]))
    story = StoryPage.objects.get()
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[story.pk])
    assert not story.live
    assert (story.title, story.standfirst) == ("Ferry runs aground off Uraminato", "Nobody was hurt.")
    assert (story.dateline, story.agency) == ("URAMINATO", HARBOUR)
    assert story.copyright_lines == ["© Harbour News Agency", "© Uraminato Port"]
    assert [(each.name, each.kind) for each in story.bylines.all()] == [("Aoi Hamada", "person")]
    assert [block.block_type for block in story.body] == ["paragraph", "paragraph"]
    assert story.passages[1] == "The ferry Kamome ran aground."
    assert [tag.name for tag in story.tags.all()] == ["Politics"]
    shown = story.photos.get()
    assert (shown.photo.width, shown.photographer, shown.agency) == (60, "Aoi Hamada", "Harbour Pictures")
    assert (shown.caption, shown.alt_text, shown.is_file_photo) == (
        "The ferry at low tide.",
        "A ferry on a sandbank.",
        True,
    )
    assert story.get_parent().title == "City"
    assert kept().state == WireItem.State.USED
    assert signed_in(editor).get(answer.url).status_code == 200


def test_pressing_twice_makes_one_story(feed, editor):
    deliver(feed, an_item())
    first = actions.make_story(editor, kept().pk).story
    assert actions.make_story(editor, kept().pk).story == first
    assert StoryPage.objects.count() == 1


def test_a_picture_that_is_none_is_left_out_and_named(feed, editor, signed_in):
    bad = Picture(guid="p", headline="Trick", renditions=(Rendition(data=b"GIF89a and no more", mimetype="image/gif"),))
    deliver(feed, an_item(pictures=(bad,)))
    page = signed_in(editor).post(reverse("wire_make_story", args=[kept().pk]), follow=True)
    assert "The picture “Trick” was left out" in page.content.decode()
    assert Photo.objects.count() == 0
    assert StoryPage.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"pubstatus": PubStatus.CANCELED}, "item-killed"),
        ({"pubstatus": PubStatus.WITHHELD}, "item-not-for-readers"),
        ({"signal": Signal.ADVISORY}, "item-not-for-readers"),
        ({"subjects": ()}, "no-section"),
    ],
)
def test_what_is_not_for_readers_or_has_no_place_makes_no_story(feed, editor, fields, code):
    deliver(feed, an_item(**fields))
    with pytest.raises(Refused) as refusal:
        actions.make_story(editor, kept().pk)
    assert refusal.value.code == code
    assert StoryPage.objects.count() == 0


def test_a_story_under_embargo_is_nowhere_before_its_time(feed, editor, stranger):
    ends = timezone.now().replace(microsecond=0) + timedelta(hours=2)
    deliver(feed, an_item(embargoed=ends))
    story = actions.make_story(editor, kept().pk).story
    story.get_latest_revision().publish(user=editor)
    story.refresh_from_db()
    assert (story.live, story.go_live_at) == (False, ends)
    assert stranger.get(story.url).status_code == 404


# --- Kills ------------------------------------------------------------------------------------------------------------


def published(feed, editor, **fields) -> StoryPage:
    """The story of an item, published by an editor."""
    deliver(feed, an_item(**fields))
    story = actions.make_story(editor, kept().pk).story
    story.get_latest_revision().publish(user=editor)
    story.refresh_from_db()
    return story


def test_a_kill_withdraws_the_story_at_once_and_says_so(feed, editor, stranger, signed_in):
    story = published(feed, editor, version=5)
    assert stranger.get(story.url).status_code == 200
    deliver(feed, an_item(version=2, pubstatus=PubStatus.CANCELED, headline="KILL: ferry"))
    answer = stranger.get(story.url)
    assert answer.status_code == 410
    page = answer.content.decode()
    assert "Harbour News Agency has withdrawn it" in page
    assert "Kamome" not in page
    assert "Ferry" not in page
    story.refresh_from_db()
    assert (story.live, story.locked, story.thread.state) == (False, True, "off")
    for address in (reverse("wire"), reverse("wagtailadmin_home"), reverse("wire_item", args=[kept().pk])):
        assert "Harbour News Agency has killed" in signed_in(editor).get(address).content.decode()
    tasks.mail_alarms.call()
    tasks.mail_alarms.call()
    assert [(message.bcc, message.to) for message in mail.outbox] == [([editor.email], [])]
    assert "has killed “Ferry runs aground off Uraminato”; the story was withdrawn" in mail.outbox[0].body


def test_a_kill_also_takes_back_what_waits_for_its_time(feed, editor, stranger):
    story = published(feed, editor, embargoed=timezone.now().replace(microsecond=0) + timedelta(hours=2))
    assert story.approved_schedule
    deliver(feed, an_item(version=9, pubstatus=PubStatus.CANCELED))
    story = StoryPage.objects.get()
    assert (story.go_live_at, story.approved_schedule) == (None, False)
    assert stranger.get(story.url).status_code == 404


def test_an_alarm_goes_when_somebody_has_seen_to_it(feed, editor, signed_in):
    published(feed, editor)
    deliver(feed, an_item(version=9, pubstatus=PubStatus.CANCELED))
    signed_in(editor).post(reverse("wire_acknowledge", args=[kept().pk]))
    assert kept().alarm == ""
    assert "has killed" not in signed_in(editor).get(reverse("wire")).content.decode()


def test_a_withheld_story_goes_and_comes_back_when_an_editor_publishes_it(feed, editor, stranger):
    story = published(feed, editor)
    deliver(feed, an_item(version=2, pubstatus=PubStatus.WITHHELD))
    assert stranger.get(story.url).status_code == 410
    story = StoryPage.objects.get()
    assert not story.locked
    story.get_latest_revision().publish(user=editor)
    assert stranger.get(story.url).status_code == 200
    # What an editor takes back later has nothing to do with the agency.
    StoryPage.objects.get().unpublish(user=editor)
    assert stranger.get(story.url).status_code == 404


# --- Updates ----------------------------------------------------------------------------------------------------------


def edited(story: StoryPage, editor, **fields) -> StoryPage:
    """The story after an editor has changed and published it."""
    page = story.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(user=editor).publish(user=editor)
    return StoryPage.objects.get(pk=story.pk)


def test_a_merge_changes_what_no_editor_has_changed_and_leaves_the_rest(feed, editor, signed_in):
    story = published(feed, editor)
    edited(story, editor, title="Ferry aground; all safe")
    deliver(feed, an_item(version=2, headline="FERRY AGROUND", standfirst="Two are bruised."))
    page = signed_in(editor).get(reverse("wire_item", args=[kept().pk])).content.decode()
    assert '<del>Nobody was hurt.</del></p><p class="wire-difference" dir="auto"><ins>Two are bruised.</ins>' in page
    assert "An editor has changed it as well" in page
    answer = signed_in(editor).post(reverse("wire_merge", args=[kept().pk]), {"publish": "yes"}, follow=True)
    assert "Left as an editor wrote it: headline." in answer.content.decode()
    story = StoryPage.objects.get()
    assert (story.title, story.standfirst, story.live) == ("Ferry aground; all safe", "Two are bruised.", True)
    assert not kept().has_update


def test_a_text_that_the_editor_has_only_opened_still_follows(feed, editor):
    story = published(feed, editor)
    keyed = [("paragraph", '<p data-block-key="a1b2c">The ferry <b>Kamome</b> ran aground.</p>')]
    page = story.get_latest_revision_as_object()
    keyed.append(("paragraph", '<p data-block-key="zzzzz">The harbour is closed.</p>'))
    edited(page, editor, body=keyed)
    deliver(feed, an_item(version=2, body=(("paragraph", "All is well."),)))
    assert actions.merge_update(editor, kept().pk, publish=True) == []
    assert StoryPage.objects.get().passages[1:] == ["All is well."]


def test_merging_into_the_draft_publishes_nothing(feed, editor, signed_in):
    published(feed, editor)
    deliver(feed, an_item(version=2, standfirst="Two are bruised."))
    answer = signed_in(editor).post(reverse("wire_merge", args=[kept().pk]))
    story = StoryPage.objects.get()
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[story.pk])
    assert story.standfirst == "Nobody was hurt."
    assert story.get_latest_revision_as_object().standfirst == "Two are bruised."


def test_an_update_is_not_published_over_a_draft_of_a_colleague(feed, editor):
    story = published(feed, editor)
    page = story.get_latest_revision_as_object()
    page.title = "Not yet for readers"
    page.save_revision(user=editor)
    deliver(feed, an_item(version=2, standfirst="Two are bruised."))
    with pytest.raises(Refused) as refusal:
        actions.merge_update(editor, kept().pk, publish=True)
    assert refusal.value.code == "story-being-edited"
    assert StoryPage.objects.get().title == "Ferry runs aground off Uraminato"


def test_there_is_nothing_to_merge_without_a_newer_version(feed, editor):
    published(feed, editor)
    with pytest.raises(Refused) as refusal:
        actions.merge_update(editor, kept().pk, publish=True)
    assert refusal.value.code == "no-update"


def test_an_update_under_embargo_does_not_reach_a_public_story(feed, editor):
    published(feed, editor)
    deliver(feed, an_item(version=2, standfirst="Later.", embargoed=timezone.now() + timedelta(hours=1)))
    with pytest.raises(Refused) as refusal:
        actions.merge_update(editor, kept().pk, publish=True)
    assert refusal.value.code == "update-embargoed"


# --- Corrections ------------------------------------------------------------------------------------------------------

CORRECTED = {"version": 2, "standfirst": "Two are bruised.", "signal": Signal.CORRECTION}


def test_a_correction_by_the_agency_is_proposed_to_readers_in_its_own_words(feed, editor, signed_in, stranger):
    story = published(feed, editor)
    deliver(feed, an_item(**CORRECTED, ednote="CORRECTS number\n of the hurt. "))
    deliver(feed, an_item(version=3, standfirst="Three are bruised.", signal=Signal.UPDATE))
    browser = signed_in(editor)
    page = browser.get(reverse("wire_item", args=[kept().pk])).content.decode()
    assert ">CORRECTS number of the hurt.</textarea>" in page
    note = "An earlier version said that nobody was hurt."
    browser.post(reverse("wire_merge", args=[kept().pk]), {"publish": "yes", "correction": f" {note}\n"})
    (correction,) = StoryPage.objects.get().corrections.all()
    assert (correction.kind, correction.text) == ("correction", note)
    assert "<b>Correction</b> <span" in stranger.get(story.url).content.decode()
    assert note in stranger.get(story.url).content.decode()
    deliver(feed, an_item(version=4, standfirst="Four are bruised.", signal=Signal.UPDATE))
    assert "Correction for readers" not in browser.get(reverse("wire_item", args=[kept().pk])).content.decode()


def test_a_correction_that_is_merged_into_the_draft_waits_there(feed, editor):
    story = published(feed, editor)
    deliver(feed, an_item(**CORRECTED))
    actions.merge_update(editor, kept().pk, publish=False, correction="Two were hurt.")
    assert StoryPage.objects.get().corrections.count() == 0
    StoryPage.objects.get(pk=story.pk).get_latest_revision().publish(user=editor)
    assert [each.text for each in StoryPage.objects.get().corrections.all()] == ["Two were hurt."]


def test_no_correction_is_written_where_the_editor_leaves_it_empty(feed, editor):
    published(feed, editor)
    deliver(feed, an_item(**CORRECTED, ednote="For editors alone."))
    actions.merge_update(editor, kept().pk, publish=True, correction=" ")
    assert StoryPage.objects.get().corrections.count() == 0


def test_a_correction_that_is_too_long_changes_nothing(feed, editor, signed_in):
    published(feed, editor)
    deliver(feed, an_item(**CORRECTED))
    sent = {"publish": "yes", "correction": "x" * 1_001}
    answer = signed_in(editor).post(reverse("wire_merge", args=[kept().pk]), sent, follow=True)
    assert "A correction holds up to 1,000 characters. Nothing was merged" in answer.content.decode()
    assert StoryPage.objects.get().standfirst == "Nobody was hurt."


def test_what_no_reader_has_seen_needs_no_correction(feed, editor, signed_in):
    deliver(feed, an_item())
    actions.make_story(editor, kept().pk)
    deliver(feed, an_item(**CORRECTED))
    page = signed_in(editor).get(reverse("wire_item", args=[kept().pk])).content.decode()
    assert "Merge into the draft" in page
    assert "Correction for readers" not in page


def test_a_feed_that_merges_by_itself_says_what_was_corrected_and_nothing_meant_for_editors(stranger):
    map_topic(make_section())
    feed = make_feed(release=Release.PUBLISH, merges_updates=True)
    deliver(feed, an_item())
    settle()
    deliver(feed, an_item(**CORRECTED, ednote="Ring the desk: 555-0199."))
    settle()
    settle()
    page = stranger.get(StoryPage.objects.get().url).content.decode()
    assert "Harbour News Agency has corrected this story: standfirst." in page
    assert "555-0199" not in page
    assert StoryPage.objects.get().corrections.count() == 1


# --- By rule ----------------------------------------------------------------------------------------------------------


def test_a_feed_may_publish_at_once_and_keep_its_stories_up_to_date(stranger):
    map_topic(make_section())
    feed = make_feed(release=Release.PUBLISH, merges_updates=True)
    deliver(feed, an_item())
    assert StoryPage.objects.count() == 0
    settle()
    story = StoryPage.objects.get()
    assert story.live
    deliver(feed, an_item(version=2, standfirst="Two are bruised."))
    settle()
    assert "Two are bruised." in stranger.get(story.url).content.decode()
    deliver(feed, an_item(version=3, pubstatus=PubStatus.CANCELED))
    assert stranger.get(story.url).status_code == 410


@pytest.mark.parametrize(
    ("rule", "released"),
    [
        ({"urgency": 3}, True),
        ({"urgency": 2}, False),
        ({"keyword": "AGROUND"}, True),
        ({"keyword": "airport"}, False),
        ({"keyword": "ferry", "urgency": 1}, False),
    ],
)
def test_a_rule_releases_what_meets_all_its_conditions(rule, released):
    map_topic(make_section())
    feed = make_feed()
    ReleaseRule.objects.create(feed=feed, release=Release.PUBLISH, **rule)
    deliver(feed, an_item(urgency=3))
    settle()
    assert StoryPage.objects.filter(live=True).exists() is released


def test_a_rule_for_a_section_holds_there_only():
    city, world = make_section(), make_section("World")
    map_topic(city)
    feed = make_feed()
    ReleaseRule.objects.create(feed=feed, release=Release.DRAFT, section=world)
    deliver(feed, an_item())
    settle()
    assert StoryPage.objects.count() == 0
    ReleaseRule.objects.create(feed=feed, release=Release.DRAFT, section=city)
    deliver(feed, an_item(version=2))
    settle()
    assert [story.live for story in StoryPage.objects.all()] == [False]


def test_a_released_item_that_has_no_section_raises_an_alarm():
    deliver(make_feed(release=Release.PUBLISH), an_item())
    settle()
    assert StoryPage.objects.count() == 0
    assert "lead to no section" in kept().alarm


def test_an_update_that_an_editor_has_to_judge_raises_an_alarm(editor):
    map_topic(make_section())
    feed = make_feed(release=Release.PUBLISH, merges_updates=True)
    deliver(feed, an_item())
    settle()
    edited(StoryPage.objects.get(), editor, standfirst="All are safe.")
    deliver(feed, an_item(version=2, standfirst="Two are bruised."))
    settle()
    assert StoryPage.objects.get().standfirst == "All are safe."
    assert "both changed: standfirst" in kept().alarm


def test_a_story_that_an_editor_has_deleted_is_not_made_again(editor):
    map_topic(make_section())
    feed = make_feed(release=Release.PUBLISH, merges_updates=True)
    deliver(feed, an_item())
    settle()
    Page.objects.get(pk=StoryPage.objects.get().pk).delete()
    deliver(feed, an_item(version=2))
    settle()
    assert StoryPage.objects.count() == 0


def test_a_story_that_an_editor_has_taken_back_is_not_published_again(editor):
    map_topic(make_section())
    feed = make_feed(release=Release.PUBLISH, merges_updates=True)
    deliver(feed, an_item())
    settle()
    StoryPage.objects.get().unpublish(user=editor)
    deliver(feed, an_item(version=2, standfirst="Two are bruised."))
    settle()
    assert not StoryPage.objects.get().live


def test_an_automatic_story_waits_for_the_end_of_its_embargo():
    map_topic(make_section())
    feed = make_feed(release=Release.PUBLISH, merges_updates=True)
    ends = timezone.now().replace(microsecond=0) + timedelta(hours=2)
    deliver(feed, an_item(embargoed=ends))
    settle()
    story = StoryPage.objects.get()
    assert (story.live, story.approved_schedule, story.go_live_at) == (False, True, ends)
    deliver(feed, an_item(version=2, standfirst="Free now."))
    settle()
    story = StoryPage.objects.get()
    assert (story.live, story.standfirst) == (True, "Free now.")


def test_the_fields_of_a_story_are_those_of_the_version_it_was_made_of(feed, editor):
    from kawaraban.wire.planning import fields_of_version

    body = (
        ("heading", "At sea & on land"),
        ("quote", {"text": "“We waited.”", "attribution": "A passenger"}),
        ("list", ["One <b>boat</b>", 'A <a href="https://harbour.example/?a=1&amp;b=2">link</a>']),
        ("paragraph", "A & B, 5 < 6."),
    )
    deliver(feed, an_item(body=body))
    story = actions.make_story(editor, kept().pk).story
    version = kept().newest
    assert drafting.fields_of(story.get_latest_revision_as_object()) == fields_of_version(version, HARBOUR)

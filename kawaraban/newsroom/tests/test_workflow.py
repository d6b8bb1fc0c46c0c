"""Reporters write, editors approve in their place, publishers publish: on Wagtail's own workflow."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Workflow
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from kawaraban.accounts.models import PUBLISHER, REPORTER
from kawaraban.accounts.testing import make_member
from kawaraban.newsroom.models import SectionPage, StoryPage
from kawaraban.newsroom.testing import make_section, make_site, make_story
from kawaraban.newsroom.tests.test_desk import WRITTEN, edit, sent

DRAFT = {name: value for name, value in WRITTEN.items() if name != "action-publish"}
SUBMIT = {"action-submit": "action-submit"}
PUBLISH = {"action-publish": "action-publish"}


def section_editor(section):
    """A member whose group may add, edit and approve in one section, as Wagtail's page of groups makes it."""
    group = Group.objects.create(name=f"{section.title} desk")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for name in ("add_page", "change_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=name)
        GroupPagePermission.objects.create(group=group, page=section, permission=permission)
    member = make_member(role=REPORTER)
    member.groups.set([group])
    return member


@pytest.fixture
def city(site):
    """The section that has an editor of its own."""
    return make_section("City")


@pytest.fixture
def browsers(city, editor, moderator, reader, signed_in):
    """Everybody, each in a browser of their own; the section editor's section is City."""
    people = {
        "reader": reader,
        "moderator": moderator,
        "reporter": make_member(role=REPORTER),
        "colleague": make_member(role=REPORTER),
        "section editor": section_editor(city),
        "editor": editor,
        "publisher": make_member(role=PUBLISHER),
    }
    return {who: signed_in(member) for who, member in people.items()}


def write(browser, section, **changes):
    """The story that comes of writing one at the desk; None if that is refused."""
    slug = f"written-{StoryPage.objects.count()}"
    browser.post(f"/desk/pages/add/newsroom/storypage/{section.pk}/", {**DRAFT, "slug": slug, **changes})
    return StoryPage.objects.filter(slug=slug).first()


def approve(browser, story):
    """Approve the step that a story is at, if the desk lets this browser."""
    state = StoryPage.objects.get(pk=story.pk).current_workflow_task_state
    assert state is not None
    return browser.post(f"/desk/pages/workflow/action/{story.pk}/approve/{state.pk}/", {})


def step(story):
    """The step that a story waits at; nothing once it is through."""
    task = StoryPage.objects.get(pk=story.pk).current_workflow_task
    return task.name if task else ""


def is_live(story):
    return StoryPage.objects.get(pk=story.pk).live


def test_a_story_goes_from_reporter_to_editor_to_publisher_to_readers(browsers, city, stranger):
    story = write(browsers["reporter"], city, **SUBMIT)
    assert (step(story), is_live(story)) == ("Editor approves", False)
    approve(browsers["section editor"], story)
    assert (step(story), is_live(story)) == ("Publisher publishes", False)
    assert stranger.get(story.url).status_code == 404
    approve(browsers["publisher"], story)
    assert (step(story), is_live(story)) == ("", True)
    assert stranger.get(story.url).status_code == 200
    assert StoryPage.objects.get(pk=story.pk).thread.passages.exists()


def test_what_waits_stands_on_the_desk_of_those_who_can_approve_it(browsers, city):
    write(browsers["reporter"], city, **SUBMIT)
    write(browsers["reporter"], make_section("World"), title="Elsewhere", **SUBMIT)
    seen = {who: browser.get("/desk/", follow=True).content.decode() for who, browser in browsers.items()}
    named = {who: ("Written at the desk" in text, "Elsewhere" in text) for who, text in seen.items()}
    assert named["section editor"] == (True, False)
    assert named["editor"] == (True, True)
    assert named["moderator"] == named["reader"] == (False, False)


# What each may do with a story of the reporter's in City, and in World: + it is done, - it is refused.
MAY = """
in               City                                                   World
who              write edit submit approve publish publish_last unpublish  write edit approve
reader           -     -    -      -       -       -            -          -     -    -
moderator        -     -    -      -       -       -            -          -     -    -
reporter         +     +    +      -       -       -            -          +     +    -
colleague        +     -    -      -       -       -            -          +     -    -
section_editor   +     +    +      +       -       -            -          -     -    -
editor           +     +    +      +       +       +            +          +     +    +
publisher        -     +    +      +       +       +            +          -     +    +
"""
ROWS = {line.split()[0].replace("_", " "): line.split()[1:] for line in MAY.strip().splitlines()[2:]}
DEEDS = ["write", "edit", "submit", "approve", "publish", "publish_last", "unpublish"]
PARTS = [("City", deed, at) for at, deed in enumerate(DEEDS)]
PARTS += [("World", deed, len(DEEDS) + at) for at, deed in enumerate(["write", "edit", "approve"])]


@pytest.mark.parametrize(("where", "deed", "at"), PARTS, ids=[f"{where} {deed}" for where, deed, _ in PARTS])
@pytest.mark.parametrize("who", ROWS)
def test_each_role_does_what_the_table_says(browsers, who, where, deed, at):
    browser, section = browsers[who], make_section(where)
    if deed == "write":
        done = write(browser, section) is not None
    else:
        story = write(browsers["reporter"], section, **({} if deed in ("edit", "submit", "publish") else SUBMIT))
        done = try_to(deed, browser, browsers["editor"], story)
    assert ("+" if done else "-") == ROWS[who][at]


def try_to(deed, browser, editor, story):
    """Whether somebody can do this with a story."""
    if deed in ("edit", "submit", "publish"):
        changed = nested_form_data({"corrections": inline_formset([])})
        form = {**DRAFT, **changed, "slug": story.slug, "title": "Changed"}
        more = {"edit": {}, "submit": SUBMIT, "publish": PUBLISH}[deed]
        browser.post(edit(story), {**form, **more})
        kept = StoryPage.objects.get(pk=story.pk)
        if deed == "edit":
            return kept.get_latest_revision().content["title"] == "Changed"
        return step(story) == "Editor approves" if deed == "submit" else kept.live
    if deed == "approve":
        approve(browser, story)
        return step(story) == "Publisher publishes"
    approve(editor, story)
    if deed == "publish_last":
        approve(browser, story)
        return is_live(story)
    approve(editor, story)
    browser.post(f"/desk/pages/{story.pk}/unpublish/", {})
    return not is_live(story)


def test_an_editor_asks_for_changes_and_the_reporter_submits_again(browsers, city):
    story = write(browsers["reporter"], city, **SUBMIT)
    state = StoryPage.objects.get(pk=story.pk).current_workflow_task_state
    reject = f"/desk/pages/workflow/action/{story.pk}/reject/{state.pk}/"
    assert browsers["section editor"].post(reject, {"comment": "Who says so?"}).status_code in (200, 302)
    assert StoryPage.objects.get(pk=story.pk).current_workflow_state.status == "needs_changes"
    again = {"action-restart-workflow": "action-restart-workflow"}
    browsers["reporter"].post(
        edit(story), {**sent(browsers["reporter"], story, title="With a source"), **again, **SUBMIT}
    )
    assert (step(story), is_live(story)) == ("Editor approves", False)


def test_who_only_writes_makes_no_section(browsers, site):
    data = nested_form_data(
        {"title": "Mine", "slug": "mine", "slots": inline_formset([]), "comment_": inline_formset([])}
    )
    address = f"/desk/pages/add/newsroom/sectionpage/{site.pk}/"
    assert browsers["reporter"].get(address).status_code in (302, 403)
    browsers["reporter"].post(address, data)
    assert not SectionPage.objects.filter(slug="mine").exists()
    browsers["editor"].post(address, data)
    assert SectionPage.objects.filter(slug="mine").exists()


def test_a_colleagues_published_story_is_not_a_reporters_to_change(browsers, city):
    story = make_story(city)
    for address in (edit(story), f"/desk/pages/{story.pk}/delete/", f"/desk/pages/{story.pk}/unpublish/"):
        assert browsers["reporter"].get(address).status_code in (302, 403), address


def test_preparing_a_site_again_keeps_the_workflow_that_a_desk_has_made_of_it(site):
    workflow = Workflow.objects.get()
    workflow.name = "Ours"
    workflow.save()
    workflow.workflow_pages.all().delete()
    make_site()
    assert list(Workflow.objects.values_list("name", flat=True)) == ["Ours"]
    assert not workflow.workflow_pages.exists()

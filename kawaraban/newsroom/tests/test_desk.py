"""Editors write and publish at the desk; nobody else does, and nothing else of Wagtail's or Django's is open."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.urls import URLPattern, get_resolver
from wagtail.test.utils.form_data import inline_formset, nested_form_data, querydict_from_html, rich_text, streamfield

from kawaraban.newsroom.models import FrontPage, Publication, StoryPage
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import make_photo, page, texts, words

WRITTEN = nested_form_data(
    {
        "title": "Written at the desk",
        "kind": "news",
        "slug": "written-at-the-desk",
        "standfirst": "By hand.",
        "agency": "Strait Wire",
        "dateline": "URAMINATO",
        "copyright": "© Strait Wire\n© The Test Courier",
        "comments": "closed",
        "tags": "river, bridge",
        "body": streamfield(
            [
                ("paragraph", rich_text("<p>The first paragraph.</p>")),
                ("heading", "Two counts"),
                ("quote", {"text": "We have waited.", "attribution": "Emi Sato"}),
            ]
        ),
        "bylines": inline_formset([{"name": "Ellis Grant", "kind": "person"}]),
        "photos": inline_formset([{"photo": "", "caption": "Not at hand.", "photographer": "N. Howe", "agency": ""}]),
        "corrections": inline_formset(
            [{"kind": "correction", "made_at": "2026-05-12 10:00", "text": "It is 60 per cent."}]
        ),
        "related": inline_formset([]),
        "comment_": inline_formset([]),
        "action-publish": "action-publish",
    }
)


@pytest.fixture
def desk(site, editor, signed_in):
    """The browser of an editor."""
    return signed_in(editor)


@pytest.fixture
def story(site):
    """A published story."""
    return make_story()


def edit(story):
    return f"/desk/pages/{story.pk}/edit/"


def sent(browser, story, **changes):
    """What a browser would send from the edit form, with changes."""
    form = querydict_from_html(browser.get(edit(story)).content.decode(), form_id="page-edit-form")
    body = streamfield([("paragraph", rich_text("<p>The second version.</p>"))])
    return {**form.dict(), **nested_form_data({"body": body}), **changes}


def test_an_editor_opens_every_screen_of_the_desk(desk, story):
    photo = make_photo()
    front, section = FrontPage.objects.get(), story.get_parent()
    for address in (
        "/desk/",
        f"/desk/pages/{section.pk}/",
        f"/desk/pages/{front.pk}/edit/",
        f"/desk/pages/{section.pk}/edit/",
        f"/desk/pages/add/newsroom/sectionpage/{front.pk}/",
        f"/desk/pages/add/newsroom/storypage/{section.pk}/",
        f"/desk/pages/{story.pk}/history/",
        "/desk/images/",
        "/desk/images/add/",
        f"/desk/images/{photo.pk}/",
        f"/desk/settings/newsroom/publication/{Publication.for_site(front.get_site()).site_id}/",
        "/desk/account/",
    ):
        response = desk.get(address, follow=True)
        assert response.status_code == 200, address
        assert response.redirect_chain[-1:] in ([], [(address, 302)]) or "settings" in address, address


def test_every_panel_of_a_story_is_on_its_form(desk, story):
    form = desk.get(edit(story)).content.decode()
    names = set(re.findall(r'name="([^"]+)"', form))
    for name in ("title", "slug", "standfirst", "agency", "dateline", "copyright", "tags", "comments", "go_live_at"):
        assert name in names, name
    for name in ("bylines", "photos", "corrections", "related"):
        assert f"{name}-TOTAL_FORMS" in names, name
    assert 'id="body"' in form
    assert names & {"thread", "published_at", "updated_at", "origin"} == set()


def test_an_editor_publishes_a_changed_story(desk, story):
    answer = desk.post(edit(story), sent(desk, story, title="Mended", **{"action-publish": "action-publish"}))
    assert answer.status_code == 302
    soup = page(story.url)
    assert words(soup.h1) == "Mended"
    assert "The second version." in words(soup.select_one(".prose"))
    again = StoryPage.objects.get(pk=story.pk)
    assert (again.thread_id, again.published_at, again.thread.version) == (story.thread_id, story.published_at, 2)


def test_an_editor_keeps_a_draft_that_readers_do_not_see(desk, story):
    assert desk.post(edit(story), sent(desk, story, title="Mended")).status_code == 302
    assert words(page(story.url).h1) == story.title
    assert StoryPage.objects.get(pk=story.pk).thread.version == 1


def test_an_editor_writes_a_story_and_publishes_it_at_once(desk):
    section = make_section()
    answer = desk.post(f"/desk/pages/add/newsroom/storypage/{section.pk}/", WRITTEN)
    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    soup = page("/city/written-at-the-desk/")
    assert texts(soup, ".byline > span")[0] == "By Ellis Grant, Strait Wire"
    assert texts(soup, "figcaption") == ["Not at hand. Photo: N. Howe"]
    assert words(soup.select_one(".prose")).startswith("URAMINATO The first paragraph. Two counts We have waited.")
    assert texts(soup, ".tags a") == ["bridge", "river"]
    assert soup.select_one("#closed-notice") is not None
    story = StoryPage.objects.get(slug="written-at-the-desk")
    assert story.thread.passages.count() == 4
    assert story.published_at is not None


def test_an_editor_switches_a_discussion_off(desk, story):
    desk.post(edit(story), sent(desk, story, comments="off", **{"action-publish": "action-publish"}))
    assert page(story.url).select("#discussion") == []


def test_a_photograph_without_picture_and_words_is_refused_with_a_reason(desk, story):
    photos = nested_form_data({"photos": inline_formset([{"photo": "", "caption": " ", "agency": "Strait Wire"}])})
    answer = desk.post(edit(story), sent(desk, story, **photos, **{"action-publish": "action-publish"}))
    assert "describe the missing one" in answer.content.decode()
    assert StoryPage.objects.get(pk=story.pk).photos.count() == 0


@pytest.mark.parametrize("where", ["edited", "new"])
def test_a_story_is_previewed_as_it_is_on_the_form_before_it_is_kept(desk, story, where):
    address, data = {
        "edited": (f"/desk/pages/{story.pk}/edit/preview/", sent(desk, story)),
        "new": (f"/desk/pages/add/newsroom/storypage/{story.get_parent().pk}/preview/", WRITTEN),
    }[where]
    shown = {"photo": make_photo().pk, "caption": "Looked at as well.", "photographer": ""}
    photos = nested_form_data({"photos": inline_formset([shown])})
    assert desk.post(address, {**data, **photos, "title": "Looked at"}).json()["is_valid"] is True
    soup = page(address, desk)
    assert words(soup.h1) == "Looked at"
    assert texts(soup, "figcaption") == ["Looked at as well."]
    assert not StoryPage.objects.filter(title="Looked at").exists()


@pytest.mark.parametrize("role", ["reader", "moderator"])
def test_who_is_no_editor_changes_nothing_at_the_desk(request, desk, story, signed_in, role):
    browser = signed_in(request.getfixturevalue(role))
    form = sent(desk, story, title="Not theirs", **{"action-publish": "action-publish"})
    section = story.get_parent()
    for address, data in (
        (edit(story), form),
        (f"/desk/pages/add/newsroom/storypage/{section.pk}/", WRITTEN),
        (f"/desk/pages/{story.pk}/delete/", {}),
        (f"/desk/pages/{story.pk}/unpublish/", {}),
        (f"/desk/pages/{story.pk}/copy/", {"new_title": "x", "new_slug": "x", "new_parent_page": section.pk}),
        (f"/desk/settings/newsroom/publication/{section.get_site().pk}/", {"tagline": "x"}),
    ):
        assert browser.get(address).status_code in (302, 403), address
        assert browser.post(address, data).status_code in (302, 403), address
    assert list(StoryPage.objects.values_list("title", "live")) == [(story.title, True)]


def test_a_member_at_the_desks_door_is_told_so_and_not_sent_in_circles(reader, site, signed_in):
    answer = signed_in(reader).get("/desk/", follow=True)
    assert answer.status_code in (200, 403)
    assert len(answer.redirect_chain) < 5


def test_the_desk_asks_a_stranger_to_sign_in_where_everybody_does(site, stranger):
    for address in ("/desk/pages/", "/desk/login/?next=/desk/pages/"):
        answer = stranger.get(address, follow=True)
        assert answer.status_code == 200
        assert unquote(answer.redirect_chain[-1][0]) == "/account/login/?next=/desk/pages/"


@pytest.mark.parametrize(
    "address",
    [
        "/admin/", "/django-admin/", "/cms/", "/api/", "/api/v2/pages/", "/api/v3/pages/", "/api/v2/images/", "/docs/",
        "/documents/1/x.pdf", "/__debug__/", "/openapi.json", "/accounts/login/", "/_allauth/app/v1/config/",
    ],
)  # fmt: skip
def test_no_other_door_is_open(site, editor, signed_in, address):
    assert signed_in(editor).get(address).status_code == 404


def test_no_address_leads_into_djangos_admin_or_wagtails_public_api(site):
    def patterns(resolver, path=""):
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                yield path + str(entry.pattern), entry.callback.__module__
            else:
                yield from patterns(entry, path + str(entry.pattern))

    open_to_all = [(path, module) for path, module in patterns(get_resolver()) if not path.startswith("desk/")]
    assert len(open_to_all) > 20
    assert [e for e in open_to_all if e[1].startswith(("django.contrib.admin", "wagtail.api", "ninja", "rest_"))] == []

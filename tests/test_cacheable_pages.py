"""While a page is made to be remembered, it is written down what it is about and which rows were loaded for it."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory

from kawaraban.accounts.models import User
from kawaraban.caching import EVERYWHERE, about, cacheable, good_for
from kawaraban.caching.marks import SCOPE, Draft, is_noting
from kawaraban.discussion.models import Comment, Thread
from kawaraban.discussion.testing import make_comment
from kawaraban.newsroom.testing import make_story


def asked(draft):
    request = RequestFactory().get("/")
    request.scope = {SCOPE: draft} if draft else {}
    return request


def noted(view):
    draft = Draft()
    cacheable()(view)(asked(draft))
    return draft


def test_a_page_is_about_what_its_view_says_and_what_stands_around_every_page():
    def view(request):
        about("story:12", "thread:7")
        good_for(15)
        good_for(600)
        return HttpResponse()

    draft = noted(view)
    assert draft.is_cacheable
    assert draft.good_for == 15
    assert draft.about == {"story:12", "thread:7", EVERYWHERE}


def test_a_page_mentions_every_row_that_was_loaded_for_it(author):
    story = make_story()
    comment = make_comment(story.thread, author)

    def view(request):
        list(Comment.objects.select_related("author"))
        type(story).objects.get(pk=story.pk)
        return HttpResponse()

    assert noted(view).mentions == {comment.cache_tag, author.cache_tag, story.cache_tag}
    assert comment.cache_tag == story.thread.cache_tag == f"thread:{story.thread_id}"


def test_to_note_a_row_asks_the_database_nothing(author, django_assert_num_queries):
    make_comment(make_story().thread, author)
    with django_assert_num_queries(1):
        noted(lambda request: [HttpResponse(), list(Comment.objects.only("number"))][0])


def test_what_a_template_loads_while_it_is_typeset_is_noted_as_well(reader, settings):
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]

    def view(request):
        from django.template import engines

        page = engines["django"].from_string("{% for member in members %}{{ member.handle }}{% endfor %}")
        return TemplateResponse(request, page, {"members": User.objects.filter(pk=reader.pk)})

    assert noted(view).mentions == {reader.cache_tag}


def test_nothing_is_noted_for_anybody_else(reader):
    def view(request):
        about("story:1")
        assert not is_noting()
        return HttpResponse()

    cacheable()(view)(asked(None))
    assert list(Thread.objects.all()) == []


def test_noting_ends_with_the_page():
    def view(request):
        raise ZeroDivisionError

    try:
        noted(view)
    except ZeroDivisionError:
        assert not is_noting()

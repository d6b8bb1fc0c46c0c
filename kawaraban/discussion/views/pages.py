"""Pages of the discussion that are read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kawaraban.accounts.models import User
from kawaraban.accounts.reads import relation
from kawaraban.caching import about, cacheable
from kawaraban.discussion import policy, reads
from kawaraban.discussion.orders import view_of
from kawaraban.discussion.views.answering import (
    find_comment,
    member_of,
    members_only,
    personal,
    readable_thread,
    thread_page,
)


@require_safe
@never_cache
def thread(request: HttpRequest, thread_id: int) -> HttpResponse:
    """The discussion on its own page, with what is the viewer's. Cost: 11 queries and the masthead."""
    return thread_page(request, readable_thread(thread_id))


@require_safe
@never_cache
def mine(request: HttpRequest, thread_id: int) -> HttpResponse:
    """What is laid over the page that everybody gets: votes, own links, the reply form. Cost: 10 queries.

    Takes the page's own query, so that staff get links for its comments and not for ten thousand; `?whole=1` for all.
    """
    found = readable_thread(thread_id)
    view = None if "whole" in request.GET else view_of(request.GET)
    return render(request, "discussion/mine.html", personal(request, found, view))


@require_safe
def comment(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """The permalink: leads to the comment in its place, on the page where it stands. Cost: 1 query.

    What readers have never seen stands nowhere; its author and those who moderate read it here.
    """
    found = find_comment(request, thread_id, number)
    if not found.is_public:
        may = {"delete": policy.may_delete(request.user, found), "decide": policy.may_remove(request.user)}
        context = {"comment": found, "path": found.thread.get_absolute_url(), "may": may}
        answer = render(request, "discussion/waiting.html", context)
        add_never_cache_headers(answer)
        return answer
    return redirect(reads.place_of(number, found.thread.url))


@require_safe
@cacheable()
def since(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """The comments after a number as everybody sees them, for open pages. Cost: 5 queries."""
    found = readable_thread(thread_id)
    about(found.cache_tag)
    context = {"page": reads.since(found, number), "thread": found}
    return render(request, "discussion/thread.html#since", context)


@require_safe
@cacheable()
def conversation(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """One exchange out of a thread, alike for everyone. Cost: 7 queries and the masthead."""
    found = find_comment(request, thread_id, number)
    about(found.thread.cache_tag)
    context = {"page": reads.conversation(found), "thread": found.thread, "comment": found}
    return render(request, "discussion/conversation.html", context)


@require_safe
@cacheable()
def story(request: HttpRequest, thread_id: int, version: int) -> HttpResponse:
    """The words of one version of the story, with who quotes them. Cost: 3 queries and the masthead."""
    found = readable_thread(thread_id)
    about(found.cache_tag)
    passages = reads.story_version(found, version)
    if not passages:
        raise Http404
    context = {"thread": found, "version": version, "passages": passages, "path": found.get_absolute_url()}
    return render(request, "discussion/story.html", context)


@require_safe
@cacheable("page")
def member(request: HttpRequest, slug: str) -> HttpResponse:
    """A member's comments, newest first, each with the way to its place. Cost: 3 queries and the masthead."""
    found = get_object_or_404(User, slug=slug, is_active=True)
    about(found.cache_tag)
    page = reads.member_comments(found, request.GET.get("page", "1"))
    return render(request, "discussion/member.html", {"member": found, "page": page})


@require_safe
@never_cache
@members_only
def about_me(request: HttpRequest) -> HttpResponse:
    """What concerns the viewer: answers to them, quotes of them, and the stories they follow. Cost: 4 queries."""
    viewer = member_of(request)
    part = request.GET.get("part", "answers")
    part = part if part in reads.CONCERNS else "answers"
    context = {
        "part": part,
        "parts": reads.CONCERNS,
        "page": reads.concerning(viewer, part, request.GET.get("page", "1")),
        "followed": reads.followed_threads(viewer),
        "member": viewer,
        "relation": relation(viewer, viewer),
    }
    return render(request, "discussion/about_me.html", context)

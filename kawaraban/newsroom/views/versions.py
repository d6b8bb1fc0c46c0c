"""The versions of a story, for readers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kawaraban.caching import about, cacheable
from kawaraban.newsroom import reads
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.versions import Update


@require_safe
@cacheable()
def versions(request: HttpRequest, story_id: int, version: int | None = None) -> HttpResponse:
    """What has changed in a story, update by update, and the words of one version. Cost: 4 queries and the masthead."""
    try:
        story = reads.published_story(story_id)
        found = reads.versions(story, version)
    except (StoryPage.DoesNotExist, Update.DoesNotExist) as error:
        raise Http404 from error
    about(story.cache_tag)
    return render(request, "newsroom/versions.html", {"story": story, "versions": found})

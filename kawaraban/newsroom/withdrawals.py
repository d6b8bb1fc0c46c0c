"""What stands in place of a story that had to be withdrawn: a notice, and 410 instead of 404.

Below `models`: what stands here knows a story by name only.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from wagtail.url_routing import RouteResult


class Withdrawal(models.Model):
    """The notice in place of a story. It says why in one sentence, and nothing of what the story said.

    `is_final` where its agency has killed it: others to whom we gave it are told to drop it for good.
    """

    story = models.OneToOneField("newsroom.StoryPage", models.CASCADE, related_name="withdrawal")
    sentence = models.CharField(max_length=300)
    is_final = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.sentence


class Withdrawable:
    """A page that answers with its notice while it is withdrawn. To stand before `Page` among the bases."""

    live: bool
    pk: Any

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Wagtail's own, but for a page that is withdrawn. Cost: 1 query for a page that is not published."""
        if not path_components and not self.live:
            withdrawal = Withdrawal.objects.filter(story_id=self.pk).first()
            if withdrawal is not None:
                return RouteResult(self, kwargs={"withdrawal": withdrawal})
        return super().route(request, path_components)  # type: ignore[misc]  # of Page

    def serve(self, request: HttpRequest, *args: Any, withdrawal: Withdrawal | None = None, **kwargs: Any) -> Any:
        """The page, or 410 with the notice. Cost: that of the masthead for a notice."""
        if withdrawal is None:
            return super().serve(request, *args, **kwargs)  # type: ignore[misc]  # of Page
        response: HttpResponse = render(request, "newsroom/withdrawn.html", {"withdrawal": withdrawal}, status=410)
        return response

"""What can be found. The words themselves stand in the table `search_words`, which `index` keeps."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kawaraban.discussion.models import Comment
from kawaraban.newsroom.models import StoryPage


class Entry(models.Model):
    """A story or a comment that readers can find.

    The key is the time, in microseconds since 1970: what is newer has the greater key, so that the newest of many are
    found without looking at all of them. `section` is the primary key of the section's page.
    """

    id = models.BigIntegerField(primary_key=True)
    story = models.OneToOneField(StoryPage, models.CASCADE, null=True, related_name="+")
    comment = models.OneToOneField(Comment, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="entry_of_one_thing",
                condition=Q(story__isnull=False, comment__isnull=True) | Q(story__isnull=True, comment__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"story {self.story_id}" if self.story_id else f"comment {self.comment_id}"

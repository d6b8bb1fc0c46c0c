"""Is this poll shown, and may this person vote in it? Asked here and nowhere else."""

from __future__ import annotations

from kawaraban.discussion.policy import Viewer
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.polls import Poll


def is_shown(poll: Poll) -> bool:
    """True while its story is published, and asks."""
    return poll.story.live and poll.story.kind == StoryPage.Kind.POLL


def may_vote(viewer: Viewer, poll: Poll) -> bool:
    """True for members whose account is in use, until the poll closes."""
    return viewer.is_authenticated and viewer.is_active and not poll.is_closed

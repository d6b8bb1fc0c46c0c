"""What may readers see, and may this person do this? Asked here and nowhere else."""

from __future__ import annotations

from wagtail.permissions import page_permission_policy

from kawaraban.discussion.policy import Viewer
from kawaraban.newsroom.models import FrontPage, SectionPage, StoryPage
from kawaraban.newsroom.polls import Poll


def is_shown(poll: Poll) -> bool:
    """True while its story is published, and asks."""
    return poll.story.live and poll.story.kind == StoryPage.Kind.POLL


def may_vote(viewer: Viewer, poll: Poll) -> bool:
    """True for members whose account is in use, until the poll closes."""
    return viewer.is_authenticated and viewer.is_active and not poll.is_closed


def may_publish(viewer: Viewer, story: StoryPage) -> bool:
    """True for those who publish where the story stands. Cost: 3 queries, once per viewer."""
    return viewer.is_active and bool(story.permissions_for_user(viewer).can_publish())


def may_publish_any(viewer: Viewer) -> bool:
    """True for those who publish somewhere. Cost: 2 queries, once per viewer."""
    return viewer.is_active and bool(page_permission_policy.user_has_permission(viewer, "publish"))


def may_edit_front(viewer: Viewer, page: FrontPage | SectionPage) -> bool:
    """True for those who edit this front page or section. Cost: 3 queries, once per viewer."""
    return viewer.is_active and bool(page.permissions_for_user(viewer).can_edit())

"""What comes to moderators, for tests, made through the room's actions."""

from __future__ import annotations

from kawaraban.accounts.models import User
from kawaraban.accounts.testing import make_member
from kawaraban.discussion.models import Comment
from kawaraban.discussion.testing import make_thread
from kawaraban.moderation import actions
from kawaraban.moderation.models import Notice, Report


def make_regular() -> User:
    """A member whose record lets their reports weigh: a month here, with comments that are shown."""
    member = make_member()
    make_thread(5, member)
    return member


def make_report(comment: Comment, reporter: User | None = None, rule: int = 1) -> Report:
    """A report of a comment, by a regular member unless somebody is named."""
    return actions.report_comment(reporter or make_regular(), comment.thread_id, comment.number, rule=rule)


def make_notice(comment: Comment | None = None, **told: object) -> Notice:
    """A notice from outside about a comment, or about the front page; `told` are fields of `actions.Told`."""
    said: dict[str, object] = {
        "url": comment.get_absolute_url() if comment else "/",
        "category": Notice.Category.SPEECH,
        "ground": "Defamation",
        "words": "It says that I have sold the ferry twice, and I never owned one.",
        "name": "Kiyo Hara",
        "email": "kiyo@outside.example",
        "in_good_faith": True,
    }
    return actions.give_notice(actions.Told(**{**said, **told}))  # type: ignore[arg-type]

"""Who may see the figures at the desk."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from kawaraban.jobs.policy import may_tend


def may_see(viewer: AbstractBaseUser | AnonymousUser) -> bool:
    """True for those who tend the jobs, which are the administrators. Cost: up to 2 queries, once per object."""
    return may_tend(viewer)

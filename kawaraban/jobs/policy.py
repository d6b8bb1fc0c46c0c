"""Who may look after the jobs."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, PermissionsMixin


def may_tend(viewer: AbstractBaseUser | AnonymousUser) -> bool:
    """True for administrators. Cost: up to 2 queries, once per object."""
    return isinstance(viewer, PermissionsMixin) and viewer.has_perm("jobs.tend_jobs")

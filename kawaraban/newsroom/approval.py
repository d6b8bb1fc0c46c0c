"""Who approves a story before it is published: a step of Wagtail's workflows that goes by the place of the page."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import GroupPagePermission, Task, TaskState


class PlaceApprovalTask(Task):
    """A step for those whose permissions reach the page: a section's own editors see to its stories and no others.

    Wagtail's step for groups lets its members approve everywhere, and would need a workflow for each section.
    """

    class Needs(models.TextChoices):
        """What somebody must be allowed where the page stands."""

        CHANGE = "change_page", _("May edit what others have written there")
        PUBLISH = "publish_page", _("May publish there")

    needs = models.CharField(_("who approves"), max_length=12, choices=Needs.choices, default=Needs.CHANGE)
    admin_form_fields: ClassVar = [*Task.admin_form_fields, "needs"]
    admin_form_readonly_on_edit_fields: ClassVar = [*Task.admin_form_readonly_on_edit_fields, "needs"]

    class Meta:
        verbose_name = _("approval by those of the section")
        verbose_name_plural = _("approvals by those of the section")

    def _may(self, page: Any, user: Any) -> bool:
        """Whether the user's groups have the permission at this page or above it. Cost: 1 query."""
        if user.is_superuser:
            return bool(user.is_active)
        rows = GroupPagePermission.objects.filter(group__user=user, permission__codename=self.needs)
        return any(page.path.startswith(path) for path in rows.values_list("page__path", flat=True))

    def user_can_access_editor(self, page: Any, user: Any) -> bool:
        """True for those who approve."""
        return self._may(page, user)

    def locked_for_user(self, page: Any, user: Any) -> bool:
        """True for everybody else, so that what is approved is what was read."""
        return not self._may(page, user)

    def user_can_lock(self, page: Any, user: Any) -> bool:
        """True for those who approve."""
        return self._may(page, user)

    def get_actions(self, page: Any, user: Any) -> list[tuple[str, str, bool]]:
        """What those who approve can press."""
        if not self._may(page, user):
            return []
        return [
            ("reject", gettext("Request changes"), True),
            ("approve", gettext("Approve"), False),
            ("approve", gettext("Approve with comment"), True),
        ]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """What waits for this user. Cost: 1 query, and 2 for each page at this step."""
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).select_related("workflow_state")
        theirs = [state.pk for state in waiting if self._may(state.workflow_state.content_object, user)]
        return TaskState.objects.filter(pk__in=theirs)

    @classmethod
    def get_description(cls) -> str:
        """The step as Wagtail's list of kinds explains it."""
        return gettext("Those whose permissions reach the page approve; a section's own editors only in their section.")

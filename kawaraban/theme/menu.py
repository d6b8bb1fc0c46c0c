"""Entries of the menu at the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem


class CountedMenuItem(MenuItem):
    """An entry with how many things wait behind it; none is not told."""

    def count(self, request: HttpRequest) -> int:
        """How many wait for this viewer."""
        raise NotImplementedError

    def render_component(self, request: HttpRequest) -> Any:
        """The entry with its count. Cost: that of `count`."""
        count = self.count(request)
        label = f"{self.label} ({count})" if count else self.label
        return LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name, attrs=self.attrs)

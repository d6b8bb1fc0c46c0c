"""What the newsroom changes at Wagtail's desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks


@hooks.register("construct_main_menu")
def offer_no_documents(request: HttpRequest, menu_items: list[Any]) -> None:
    """Take documents out of the menu: a story links to them where they are, and this site serves none."""
    menu_items[:] = [item for item in menu_items if item.name != "documents"]

"""Views of the newsroom that are not in Wagtail's tree."""

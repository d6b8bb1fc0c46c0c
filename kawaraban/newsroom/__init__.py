"""Stories, sections, the front page and their publishing, on Wagtail."""

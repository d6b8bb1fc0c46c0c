"""What the exchanged document says of photographs: their terms, their end, and a file that readers may have."""

from __future__ import annotations

from datetime import date

import jsonschema

from kawaraban.importers.exchange import story_document
from kawaraban.importers.tests.documents import SCHEMA
from kawaraban.newsroom import actions
from kawaraban.newsroom.actions import PhotoDraft
from kawaraban.newsroom.metadata import Metadata
from kawaraban.newsroom.testing import make_story
from kawaraban.newsroom.tests.picture_files import exif, picture


def test_photographs_and_galleries_are_exchanged_with_their_terms(site):

    terms = Metadata(copyright="© Strait Wire", usage_terms="Once.", alt_text="A ship.", expires=date(2000, 1, 1))
    gone = actions.library_photo(picture(exif=exif()), fallback=terms)
    kept = actions.library_photo(picture(exif=exif()), fallback=Metadata(alt_text="A pier."))
    items = [{"photo": photo, "caption": "", "alt_text": "", "is_decorative": False} for photo in (gone, kept)]
    lead = PhotoDraft(photo=kept, is_decorative=True)
    story = make_story(photos=(lead,), body=[("gallery", {"title": "Two", "photos": items})])
    document = story_document(story.full_url)
    jsonschema.validate(document, SCHEMA)
    first, second = document["story"]["body"][0]["photos"]
    assert (first["copyright"], first["usage_terms"], first["expires"]) == ("© Strait Wire", "Once.", "2000-01-01")
    assert (first["file"], first["taken"]) == (None, "2021-04-02T00:05:00Z")
    assert document["story"]["photos"][0]["alt"] == ""
    assert second["file"]["url"].endswith(".jpg")
    assert "original_images" not in str(document)

"""The exported document of a story, as another program would read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from kawaraban import importers
from kawaraban.importers.exchange import story_document
from kawaraban.newsroom.models import StoryPage

SCHEMA = json.loads(Path(importers.__file__).with_name("exchange.schema.json").read_text(encoding="utf-8"))


def exported(story: StoryPage) -> dict[str, Any]:
    """The document of a story, which keeps to its schema."""
    document = story_document(story.url)
    jsonschema.validate(document, SCHEMA)
    return document

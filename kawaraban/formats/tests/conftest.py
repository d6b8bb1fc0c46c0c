"""What ninjs asks of a document, as far as we rely on it."""

import jsonschema
import pytest

MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
URI = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$"}
TEXT = {"type": "string", "minLength": 1}


def closed(required=(), **properties):
    """An object with these properties and no others."""
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": list(required)}


def several(items):
    return {"type": "array", "items": items, "minItems": 1}


TOLD = several(closed(("value",), role=TEXT, contentType=TEXT, value=TEXT))
RENDITIONS = several(
    closed(
        ("name",),
        name=TEXT,
        href=TEXT,
        contentType=TEXT,
        width={"type": "integer"},
        height={"type": "integer"},
    )
)

# Written from the field definitions of ninjs 3.0 and 3.2: the names, types and vocabularies of all that we write. The
# schema itself is not part of this repository.
PROPERTIES = {
    "uri": URI,
    "type": {"enum": ["text", "picture", "composite"]},
    "representationType": {"enum": ["full", "partial"]},
    "version": TEXT,
    "firstCreated": MOMENT,
    "versionCreated": MOMENT,
    "contentCreated": MOMENT,
    "embargoedUntil": MOMENT,
    "expires": MOMENT,
    "pubStatus": {"enum": ["usable", "withheld", "canceled"]},
    "urgency": {"type": "integer", "minimum": 1, "maximum": 9},
    **dict.fromkeys(("copyrightHolder", "copyrightNotice", "usageTerms", "edNote", "language", "title"), TEXT),
    **dict.fromkeys(("by", "slugline", "located"), TEXT),
    **dict.fromkeys(("headlines", "descriptions", "bodies"), TOLD),
    "subjects": several(closed(name=TEXT, rel=TEXT, uri=URI, literal=TEXT)),
    "genres": several(closed(name=TEXT, uri=URI, literal=TEXT)),
    "infoSources": several(closed(name=TEXT, role=TEXT, uri=URI, literal=TEXT)),
    "renditions": RENDITIONS,
    "standard": closed(name=TEXT, version=TEXT, schema=URI),
}
ASSOCIATION = closed(("uri", "name"), **PROPERTIES, name=TEXT, rel=TEXT)
SCHEMA = closed(("uri",), **PROPERTIES, associations=several(ASSOCIATION))


@pytest.fixture(scope="session")
def ninjs_schema():
    """Validates an object of ninjs 3."""
    return jsonschema.Draft202012Validator(SCHEMA)

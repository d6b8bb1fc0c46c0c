"""JSON: as strangers send it, read whole or not at all and never deep; and as we write it."""

from __future__ import annotations

import json
import re
from typing import Any

from kawaraban.formats import values
from kawaraban.formats.items import FormatError

MAX_BYTES = 8_000_000
MAX_PARTS = 300_000  # Lists, objects and commas, counted before anything is built of them.
MAX_DEPTH = 32

# A string that is not closed reaches to the end, so that no sign in it is looked at twice.
_PARTS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def read(data: bytes) -> Any:
    """The value of a JSON document in UTF-8, UTF-16 or UTF-32, with or without a byte order mark.

    Raises:
        FormatError: it is not well-formed, not in the charset it seems to be in, longer than `MAX_BYTES`, deeper than
            `MAX_DEPTH`, of more than `MAX_PARTS`, or holds NaN, Infinity or a number of thousands of digits.
    """
    if len(data) > MAX_BYTES:
        raise FormatError(f"The document has {len(data):,} bytes; up to {MAX_BYTES:,} are read.")
    try:
        text = data.decode(json.detect_encoding(data)).removeprefix("\ufeff")
        _refuse_depth(text)
        return json.loads(text, parse_constant=_refuse_constant)
    except ValueError as error:
        raise FormatError(f"The document is no well-formed JSON: {str(error)[:200]}.") from error


def write(value: Any) -> bytes:
    """The value as JSON in UTF-8, its texts without what nothing can store."""
    return json.dumps(_cleaned(value), ensure_ascii=False, indent=1).encode()


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _cleaned(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return values.text(value) if isinstance(value, str) else value


def _refuse_depth(text: str) -> None:
    if sum(text.count(sign) for sign in "[{,") > MAX_PARTS:
        raise FormatError("The JSON has more parts than a delivery of news can have.")
    depth = 0
    for part in _PARTS.finditer(text):
        if part[0] in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise FormatError(f"The JSON is nested more than {MAX_DEPTH} deep.")
        elif part[0] in "]}":
            depth -= 1


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")

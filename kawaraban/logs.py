"""What is written down for the operator: one entry a line, as text or as JSON, without addresses and secrets.

What others send ends up in log messages. So every entry is cleaned as a whole, with the traceback that belongs to it:
nothing in it can begin a line of its own, or speak to a terminal (S-109).
"""

from __future__ import annotations

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from ipaddress import ip_address

# The number of the request that is being answered, "" outside of one.
request_id: ContextVar[str] = ContextVar("request_id", default="")

LONGEST = 20_000  # characters; what is longer is cut before it is looked through

_MAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)*")
_PASSWORD = re.compile(r"(?<=//)[^/\s@:]{0,100}:[^/\s@]{0,200}@")
_NAMED = re.compile(
    r"(?i)(authorization|cookie|passw(?:or)?d|secret|token|session(?:id)?|csrf\w*|(?<!\w)key)"
    r"(['\"]?\s{0,2}[=:]\s{0,2}['\"]?)((?:bearer|basic)\s)?[^\s,;&'\"]+"
)
_QUERY = re.compile(r"(?<=[\w/])\?[^\s\"'<>]+")
_RANDOM = re.compile(r"[A-Za-z0-9_-]{16,}")
_V4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)")
_V6 = re.compile(r"[0-9A-Fa-f:]{2,45}(?:%\w+)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def redact(text: str) -> str:
    """The text without mail addresses, network addresses but this machine's own, queries, passwords and random words.

    A word is taken for random, and so for a session or a key, when it mixes digits and letters over 16 signs, or
    digits, capitals and small letters over 10. A handle or the address of a page stays.
    """
    text = text[:LONGEST]
    text = _PASSWORD.sub("[secret]@", text)
    text = _MAIL.sub("[mail]", text)
    text = _QUERY.sub("?[query]", text)
    text = _NAMED.sub(r"\1\2[secret]", text)
    text = _RANDOM.sub(_without_secret, text)
    return _V6.sub(_without_address, _V4.sub(_without_address, text))


def escape(text: str) -> str:
    """The text on one line, with signs that a terminal would obey written out."""
    return _CONTROL.sub(lambda sign: sign[0].encode("unicode_escape").decode(), text)


class Text(logging.Formatter):
    """`2026-11-23 14:03:07,512 ERROR kawaraban.middleware: The database did not answer [request 4be0…]`.

    The lines of a traceback stand below their entry, indented.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The entry, without a line break at its end."""
        number = number_of(record)
        named = f" [request {number}]" if number else ""
        message = escape(redact(record.getMessage()))
        entry = f"{self.formatTime(record)} {record.levelname} {record.name}: {message}{named}"
        for line in _traceback(self, record).splitlines():
            entry += f"\n    {escape(line)}"
        return entry


class Json(logging.Formatter):
    """A JSON object: `time`, `level`, `logger`, `message`, and where there are such `request_id` and `traceback`."""

    def format(self, record: logging.LogRecord) -> str:
        """The object on one line, in ASCII."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if number := number_of(record):
            entry["request_id"] = number
        if traceback := _traceback(self, record):
            entry["traceback"] = traceback
        return json.dumps(entry)


def number_of(record: logging.LogRecord) -> str:
    """The number of the request that an entry is about: the one that is being answered, or that it names; or ""."""
    return request_id.get() or str(getattr(getattr(record, "request", None), "request_id", ""))


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return redact(formatter.formatException(record.exc_info)) if record.exc_info and record.exc_info[0] else ""


def _without_secret(found: re.Match[str]) -> str:
    for piece in re.split(r"[-_]", found[0]):
        has_digit = any(sign.isdigit() for sign in piece)
        has_both = piece != piece.lower() and piece != piece.upper()
        if has_digit and not piece.isdigit() and len(piece) >= (10 if has_both else 16):
            return "[secret]"
    return found[0]


def _without_address(found: re.Match[str]) -> str:
    for candidate in (found[0], found[0].rstrip(":"), found[0].removeprefix(":")):
        try:
            address = ip_address(candidate.partition("%")[0])
        except ValueError:
            continue
        if address.is_loopback or address.is_unspecified:
            return found[0]
        return found[0].replace(candidate, "[address]")
    return found[0]

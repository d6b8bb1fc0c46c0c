"""XML as we write it: elements with clean text, and attributes that say something."""

from __future__ import annotations

from typing import Any

from lxml import etree

from kawaraban.formats import values


def add(parent: Any, namespace: str, name: str, text: str = "", **attributes: str) -> Any:
    """A new element at the end of another; `namespace` may be "". Attributes that are empty are left out."""
    element = etree.SubElement(parent, f"{{{namespace}}}{name}" if namespace else name)
    element.text = values.text(text) or None
    for key, value in attributes.items():
        if value:
            element.set(key, values.text(value))
    return element


def document(root: Any) -> bytes:
    """The whole document in UTF-8, with its declaration."""
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written

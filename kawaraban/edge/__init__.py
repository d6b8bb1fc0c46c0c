"""The front of the site: finished pages, remembered in their compressed bytes, and who is let in when it is crowded."""

from __future__ import annotations

from kawaraban.edge.running import in_front_of

__all__ = ["in_front_of"]

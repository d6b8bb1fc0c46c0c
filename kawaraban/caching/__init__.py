"""Which finished pages may be remembered, what each is about, and when it is so no more.

A view marked `cacheable` answers everybody alike. While it works for the memory in front of the site (`edge`), it says
what its page is `about`, and rows that it loads say that the page mentions them. Whoever changes something calls
`purge` with what changed, or `remove` when nobody may see it any more.
"""

from __future__ import annotations

from kawaraban.caching.marks import EVERYWHERE, about, cacheable, good_for

__all__ = ["EVERYWHERE", "about", "cacheable", "good_for"]

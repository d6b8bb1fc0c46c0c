"""Imported once by the process that children are forked from, so that a child is there in hundredths of a second.

It holds no connection and no thread (docs/decisions/0012-jobs.md).
"""

from __future__ import annotations

import django

django.setup()

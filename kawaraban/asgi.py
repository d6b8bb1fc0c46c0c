"""The site as an ASGI application; `kawaraban serve` runs it."""

from __future__ import annotations

import multiprocessing
import os
import sys

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kawaraban.settings")
django.setup(set_prefix=False)

from kawaraban.edge.running import with_memory  # noqa: E402 - the rooms are ready only now
from kawaraban.handler import ThreadedHandler  # noqa: E402
from kawaraban.jobs.processes import end_with_parent  # noqa: E402
from kawaraban.live.asgi import in_front_of  # noqa: E402
from kawaraban.newsroom.actions import write_reads_regularly  # noqa: E402

# Of those who have a place so many are worked on at once: more would only take the processor from each other. And
# besides them whoever is told that there is no place, and who watches over the site.
AT_ONCE, BESIDES = settings.PLACES // 2, 4

# For so long a thread may keep the others from running, in seconds; ten times that is usual. Answers from memory, which
# take 25 millionths each, would wait for it between any two of them.
sys.setswitchinterval(0.0005)
# Or it would keep the port when the command that began it is killed.
if multiprocessing.parent_process() is not None:
    end_with_parent()
write_reads_regularly()
site = ThreadedHandler(AT_ONCE + BESIDES)
application = with_memory(in_front_of(site), site)

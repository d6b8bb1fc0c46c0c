"""The site as an ASGI application; `kawaraban serve` runs it."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kawaraban.settings")
site = get_asgi_application()

from kawaraban.edge.running import with_memory  # noqa: E402 - the rooms are ready only now
from kawaraban.live.asgi import in_front_of  # noqa: E402
from kawaraban.newsroom.actions import write_reads_regularly  # noqa: E402

write_reads_regularly()
application = with_memory(in_front_of(site), site)

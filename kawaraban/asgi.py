"""The site as an ASGI application; `kawaraban serve` runs it."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kawaraban.settings")
application = get_asgi_application()

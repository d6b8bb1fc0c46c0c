"""`python -m bench NAME …`: a bench that needs a site, run once Django is set up."""

from __future__ import annotations

import importlib
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kawaraban.settings")
django.setup()
sys.exit(importlib.import_module(f"bench.{sys.argv.pop(1)}").main())

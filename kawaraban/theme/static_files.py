"""How static files are kept for readers."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Files under names that change with what they hold, also where one script imports another."""

    support_js_module_import_aggregation = True

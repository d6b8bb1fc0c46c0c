"""Where photographs are kept, as a setting says it; without tables, since settings are read before there are any."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured


def storage(address: str) -> dict[str, Any]:
    """The entry for Django's `STORAGES`: the site's folder for "", else the bucket that `s3://` names.

    Raises:
        ImproperlyConfigured: it names none, or what speaks to one is not installed.
    """
    if not address:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    parts = urlsplit(address)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme != "s3" or not parts.hostname or query.keys() - {"endpoint", "region"} or parts.username:
        raise ImproperlyConfigured(
            "KAWARABAN_MEDIA_URL must name a bucket, such as s3://courier-photos?endpoint=https://s3.example; its key "
            "stands in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    if find_spec("storages") is None:
        raise ImproperlyConfigured("KAWARABAN_MEDIA_URL names a bucket: install kawaraban[s3].")
    options = {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "endpoint_url": query.get("endpoint"),
        "region_name": query.get("region"),
    }
    return {"BACKEND": "kawaraban.newsroom.buckets.Bucket", "OPTIONS": options}

"""Photographs in a bucket that speaks S3, for a site of several machines; needs `kawaraban[s3]`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class Bucket(S3Storage):
    """A private bucket. Readers get its files through the site, which knows what was withdrawn, and who sees originals.

    Whatever keeps it from answering is an OSError, as with a disk; a file that is not there a FileNotFoundError.
    """

    def get_default_settings(self) -> dict[str, Any]:
        """Those of django-storages, with no file written over another and no wait without end."""
        limits = Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 2}, signature_version="s3v4")
        return {**super().get_default_settings(), "file_overwrite": False, "default_acl": None, "client_config": limits}

    def url(self, name: str, *arguments: Any, **more: Any) -> str:
        """The address on the site; the bucket's own would lead to another host, past every rule. Cost: none."""
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"

    def fetch(self, name: str) -> tuple[bytes, datetime]:
        """A whole file and when it was last changed. Cost: 1 request to the bucket.

        Raises:
            FileNotFoundError: it is not there.
            OSError: the bucket does not answer.
        """
        with _as_a_disk_would(name):
            found = self.bucket.Object(self._normalize_name(name)).get()
            return found["Body"].read(), found["LastModified"]

    def exists(self, name: str) -> bool:
        """True where there is a file of this name. Cost: 1 request to the bucket."""
        with _as_a_disk_would(name):
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Remove a file, if it is there. Cost: 1 request to the bucket."""
        with _as_a_disk_would(name):
            super().delete(name)

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if "w" in mode:
            with _as_a_disk_would(name):
                return super()._open(name, mode)  # type: ignore[no-any-return]  # django-storages ships no types
        return ContentFile(self.fetch(name)[0], name=name)

    def _save(self, name: str, content: File[bytes]) -> str:
        with _as_a_disk_would(name):
            return str(super()._save(name, content))


@contextmanager
def _as_a_disk_would(name: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise FileNotFoundError(f"{name} is not in the bucket.") from error
        raise OSError(f"The bucket refused: {error}") from error
    except BotoCoreError as error:
        raise OSError(f"The bucket does not answer: {error}") from error

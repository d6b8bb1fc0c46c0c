"""Photographs in a bucket of a real server that speaks S3: shown, guarded, withdrawn, missed in good order."""

from __future__ import annotations

import datetime as dt
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import boto3
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import override_settings
from django.utils import timezone

from kawaraban.jobs.models import Job
from kawaraban.jobs.testing import run_jobs
from kawaraban.newsroom import actions
from kawaraban.newsroom.models import Photo
from kawaraban.newsroom.querysets import PICTURE_SIZES
from kawaraban.newsroom.tests import picture_files as files
from tests.ports import free_port

KEYS = {"AWS_ACCESS_KEY_ID": "a-key", "AWS_SECRET_ACCESS_KEY": "a-secret"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a server that speaks S3."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with (tmp_path_factory.mktemp("s3") / "log").open("wb") as log:
        command = [str(Path(sys.executable).parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    until = time.monotonic() + 60
    while not _answers(address):
        assert process.poll() is None
        assert time.monotonic() < until, "it did not answer"
        time.sleep(0.05)  # it starts meanwhile
    yield address
    process.kill()
    process.wait()


def _answers(address):
    try:
        urllib.request.urlopen(f"{address}/moto-api/", timeout=5).close()  # noqa: S310 - our own server
    except urllib.error.URLError:
        return False
    return True


@pytest.fixture
def bucket(server, monkeypatch):
    """An empty bucket, in which the site keeps its photographs below a folder."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    name = f"courier-{secrets.token_hex(8)}"
    made = boto3.resource("s3", endpoint_url=server, region_name="us-east-1").Bucket(name)
    made.create()
    with override_settings(STORAGES={**settings.STORAGES, "default": kept_in(server, name)}):
        yield made


def kept_in(server, name):
    options = {"bucket_name": name, "location": "photos", "endpoint_url": server, "region_name": "us-east-1"}
    return {"BACKEND": "kawaraban.newsroom.buckets.Bucket", "OPTIONS": options}


def names(bucket):
    return sorted(each.key for each in bucket.objects.all())


@pytest.fixture
def photo(db, bucket):
    return actions.library_photo(files.picture())


def test_a_photograph_and_its_sizes_lie_in_the_bucket_and_are_shown_by_the_site(photo, bucket, stranger):
    made = photo.get_rendition(PICTURE_SIZES[-1])
    assert made.url.startswith("/media/images/")
    assert names(bucket) == [f"photos/{made.file.name}", f"photos/{photo.file.name}"]
    answer = stranger.get(made.url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer.content == bucket.Object(f"photos/{made.file.name}").get()["Body"].read()
    again = stranger.get(made.url, headers={"If-Modified-Since": answer["Last-Modified"]})
    assert (again.status_code, again.content) == (304, b"")


def test_nothing_in_the_bucket_can_be_read_past_the_site(photo, bucket):
    address = f"{bucket.meta.client.meta.endpoint_url}/{bucket.name}/photos/{photo.file.name}"
    grants = bucket.Object(f"photos/{photo.file.name}").Acl().grants
    assert [grant for grant in grants if "URI" in grant["Grantee"]] == [], address


def test_the_original_is_for_the_desk_alone_by_whatever_way_its_address_is_written(photo, stranger, editor, signed_in):
    assert stranger.get(f"/media/{photo.file.name}").status_code == 404
    assert signed_in(editor).get(f"/media/{photo.file.name}").status_code == 200
    for way in ("/media//", "/media/./", "/media/images/../", "/media/images/..//"):
        assert stranger.get(way + photo.file.name).status_code == 404, way


def test_an_expired_photograph_is_withdrawn_from_the_bucket(
    photo, bucket, stranger, django_capture_on_commit_callbacks
):
    address = photo.get_rendition(PICTURE_SIZES[-1]).url
    Photo.objects.update(expires=timezone.localdate() - dt.timedelta(days=1))
    assert stranger.get(address).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.withdraw_expired() == 1
    assert KEYS["AWS_SECRET_ACCESS_KEY"] not in str(list(Job.objects.values_list("arguments", flat=True)))
    run_jobs()
    assert names(bucket) == [f"photos/{photo.file.name}"]
    assert stranger.get(address).status_code == 404


def test_two_files_of_one_name_are_two_files(bucket):
    first, second = (default_storage.save("images/same.png", ContentFile(text)) for text in (b"one", b"two"))
    assert first != second
    assert [default_storage.open(name).read() for name in (first, second)] == [b"one", b"two"]


def test_a_bucket_that_is_away_costs_the_picture_and_not_the_page(photo, bucket, stranger, site):
    gone = kept_in(f"http://127.0.0.1:{free_port()}", bucket.name)
    with override_settings(STORAGES={**settings.STORAGES, "default": gone}):
        answer = stranger.get("/media/images/some.avif")
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert actions.make_sizes() == 1  # each size is a picture that is not there; the next minute tries again
        assert photo.renditions.count() == 0
    assert actions.make_sizes() == 1
    assert photo.renditions.count() == len(PICTURE_SIZES)

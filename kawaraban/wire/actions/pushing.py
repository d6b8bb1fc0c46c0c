"""What an agency posts here, signed; and the keys it signs with."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import time

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban.errors import Refused
from kawaraban.wire.actions.receiving import receive
from kawaraban.wire.models import Delivery, Feed, PushKey, UsedSignature

MOST_KEYS = 2
TOLERANCE = 300  # seconds between the sender's clock and ours


def key_of(salt: str) -> str:
    """The key that belongs to a salt. Without the site's secret, what the database holds is of no use."""
    made = hmac.new(settings.SECRET_KEY.encode(), b"kawaraban.wire.push:" + salt.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made.digest()).decode().rstrip("=")


def sign(key: str, timestamp: str, body: bytes) -> str:
    """The signature of a request: HMAC-SHA256 over the timestamp, a full stop and the body as it is sent, in hex.

    Source: RFC 2104.
    """
    return hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@transaction.atomic
def make_key(feed_id: int) -> str:
    """A new key for a feed's agency; it can be read now and never again. Cost: 3 queries.

    Raises:
        Feed.DoesNotExist: there is no such feed.
        Refused: it has two.
    """
    feed = Feed.objects.select_for_update().get(pk=feed_id)
    if feed.keys.count() >= MOST_KEYS:
        raise Refused(
            "keys-enough", _("This feed has two keys already. No key was made; remove the one that is not in use.")
        )
    salt = secrets.token_hex(32)
    key = key_of(salt)
    PushKey.objects.create(feed=feed, salt=salt, ending=key[-4:])
    return key


def remove_key(feed_id: int, key_id: int) -> None:
    """A key that no longer opens anything. Cost: 1 query."""
    PushKey.objects.filter(pk=key_id, feed_id=feed_id).delete()


def receive_push(feed_id: int, timestamp: str, signature: str, body: bytes, content_type: str) -> Delivery:
    """The delivery that a signed request holds. Cost: 4 queries, and those of `receive`.

    Raises:
        Refused: the signature is not one of this feed, its time is not now, or it was used before.
    """
    feed = Feed.objects.filter(pk=feed_id, way=Feed.Way.PUSH, is_enabled=True).prefetch_related("keys").first()
    offered = signature.removeprefix("sha256=").lower()
    key = _signer(feed, timestamp, offered, body)
    if feed is None or key is None:
        raise Refused(
            "push-unsigned",
            _(
                "The signature is missing or wrong. Nothing was taken in. Sign the timestamp, a full stop and the "
                "bytes of the body with a key of this feed."
            ),
        )
    if abs(time.time() - int(timestamp)) > TOLERANCE:
        raise Refused(
            "push-late",
            _("The timestamp is more than five minutes from now. Nothing was taken in. Sign it anew and send."),
        )
    # In one transaction: what could not be kept may be sent once more as it is.
    with transaction.atomic():
        try:
            with transaction.atomic():
                UsedSignature.objects.create(signature=offered)
        except IntegrityError as error:
            raise Refused(
                "push-again",
                _("This very request was taken in before. Nothing was taken in twice; sign anew what is new."),
            ) from error
        PushKey.objects.filter(pk=key.pk).update(used_at=timezone.now())
        delivery = receive(feed, body, content_type)
        Feed.objects.filter(pk=feed.pk).update(
            **(
                {"error": delivery.error, "failures": feed.failures + 1}
                if delivery.error
                else {"error": "", "failures": 0, "succeeded_at": timezone.now()}
            )
        )
    return delivery


def _signer(feed: Feed | None, timestamp: str, offered: str, body: bytes) -> PushKey | None:
    """The key that made the signature. Every key is tried, so that the time taken tells nothing."""
    if not re.fullmatch(r"[0-9]{1,12}", timestamp, re.ASCII) or not re.fullmatch(r"[0-9a-f]{64}", offered, re.ASCII):
        return None
    found = None
    for key in feed.keys.all() if feed else ():
        if hmac.compare_digest(sign(key_of(key.salt), timestamp, body), offered):
            found = key
    return found

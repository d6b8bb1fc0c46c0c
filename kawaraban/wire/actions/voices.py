"""Which feed may speak for which provider: an agency's kill is obeyed, so nobody else may send it in its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef

from kawaraban.formats.items import Item
from kawaraban.wire import planning, stored
from kawaraban.wire.models import GUID_LENGTH, MOST_VERSION, Delivery, Feed, RefusedVersion, Voice

State = Voice.State


def spoken_for(feed: Feed, providers: Iterable[str]) -> dict[str, Voice]:
    """Those of the providers for whom this feed does not speak, each with the voice that says so.

    A feed speaks for its own agency, for whoever the desk has allowed, and for whoever nobody else spoke for when it
    brought something for the first time. An agency that gets a feed of its own after that is no longer spoken for by
    the one that was first. Cost: none where all is the feed's own; else 2 queries, 4 more for a new provider.
    """
    foreign = set(providers) - {feed.agency}
    if not foreign:
        return {}
    owned = set(Feed.objects.exclude(pk=feed.pk).filter(agency__in=foreign).values_list("agency", flat=True))
    voices = _voices(feed, foreign)
    new = foreign - voices.keys()
    if new:
        others = Voice.objects.filter(provider__in=new, state__in=Voice.TAKEN_IN)
        taken = owned | set(others.values_list("provider", flat=True))
        # Of two feeds that are first at once, the database lets one be it.
        for state, names in ((State.FIRST, new - taken), (State.ASKS, new)):
            rows = [Voice(feed=feed, provider=name, state=state) for name in sorted(names)]
            Voice.objects.bulk_create(rows, ignore_conflicts=True)
        voices = _voices(feed, foreign)
    for name in owned:
        if voices[name].state == State.FIRST:
            voices[name].state = State.ASKS
            voices[name].save(update_fields=["state"])
    return {name: voice for name, voice in voices.items() if voice.state not in Voice.TAKEN_IN}


def _voices(feed: Feed, providers: set[str]) -> dict[str, Voice]:
    return {voice.provider: voice for voice in feed.voices.filter(provider__in=providers)}


def keep_refused(told: Mapping[tuple[str, str], Sequence[Item]], voices: Mapping[str, Voice], at: Delivery) -> None:
    """Keep in a line each what is not taken in: what comes again has its line. Cost: 1 query, if any is refused."""
    RefusedVersion.objects.bulk_create(
        [
            RefusedVersion(
                voice=voices[provider],
                digest=stored.digest(stored.to_json(item)),
                guid=guid[:GUID_LENGTH],
                version=min(max(item.version, 0), MOST_VERSION),
                pubstatus=item.pubstatus,
                headline=planning.headline_of(item, guid),
                delivery=at,
            )
            for (provider, guid), items in told.items()
            if provider in voices
            for item in items
        ],
        ignore_conflicts=True,
    )


# --- At the desk ------------------------------------------------------------------------------------------------------


def allow_voice(voice_id: int) -> None:
    """Let a feed speak for a provider; the clock takes in what was refused so far. Cost: 1 query."""
    Voice.objects.filter(pk=voice_id).update(state=State.ALLOWED)


def refuse_voice(voice_id: int) -> None:
    """Let a feed not speak for a provider, and ask no more. What it has brought stays. Cost: 1 query."""
    Voice.objects.filter(pk=voice_id).update(state=State.REFUSED)


def allowed_lately() -> list[int]:
    """The keys of the voices that are allowed and have something that was refused before. Cost: 1 query."""
    refused = RefusedVersion.objects.filter(voice=OuterRef("pk"))
    return list(Voice.objects.filter(Exists(refused), state__in=Voice.TAKEN_IN).values_list("pk", flat=True))

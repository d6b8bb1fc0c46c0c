"""Open pages hear what happened: streams of events about a subject, served in front of Django."""

from kawaraban.live.subjects import Event, publish, register

__all__ = ["Event", "publish", "register"]

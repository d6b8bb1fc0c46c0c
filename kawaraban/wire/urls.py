"""The one address of the wire that is not at the desk."""

from __future__ import annotations

from django.urls import path

from kawaraban.wire import views

urlpatterns = [path("wire/push/<id:feed_id>/", views.push, name="wire_push")]

"""Addresses of the accounts room; allauth's own live beside them below /account/."""

from __future__ import annotations

from django.urls import path

from kawaraban.accounts import views

app_name = "accounts"
urlpatterns = [
    path("privacy/", views.privacy, name="privacy"),
    path("account/", views.account, name="account"),
    path("account/mine/", views.mine, name="mine"),
    path("account/notifications/", views.notifications, name="notifications"),
    path("account/notifications/read/", views.read_all, name="read_all"),
    path("account/notifications/settings/", views.notification_settings, name="notification_settings"),
    path("account/notifications/<id:key>/open/", views.open_notification, name="open_notification"),
    path("account/people/", views.people, name="people"),
    *(
        path(f"member/<slug:slug>/{deed}/", views.relate, {"deed": deed}, name=deed)
        for deed in ("follow", "unfollow", "mute", "unmute")
    ),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]

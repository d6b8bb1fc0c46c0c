"""Addresses of the accounts room; allauth's own live beside them below /account/."""

from __future__ import annotations

from django.urls import path

from kawaraban.accounts import views

app_name = "accounts"
urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/mine/", views.mine, name="mine"),
    path("rules/", views.rules, name="rules"),
]

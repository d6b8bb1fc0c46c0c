"""Addresses of the discussion. `/t/5/12/` is comment 12 of thread 5 for ever."""

from __future__ import annotations

from django.urls import path

from kawaraban.discussion import views

app_name = "discussion"
urlpatterns = [
    path("t/<id:thread_id>/", views.thread, name="thread"),
    path("t/<id:thread_id>/mine/", views.mine, name="mine"),
    path("t/<id:thread_id>/write/", views.write, name="write"),
    path("t/<id:thread_id>/comments/", views.post_comment, name="post"),
    path("t/<id:thread_id>/<id:number>/", views.comment, name="comment"),
    path("t/<id:thread_id>/<id:number>/vote/", views.vote, name="vote"),
    path("t/<id:thread_id>/<id:number>/edit/", views.edit_comment, name="edit"),
    path("t/<id:thread_id>/<id:number>/delete/", views.delete_comment, name="delete"),
    path("t/<id:thread_id>/<id:number>/remove/", views.remove_comment, name="remove"),
    path("t/<id:thread_id>/<id:number>/restore/", views.restore_comment, name="restore"),
    path("member/<slug:slug>/", views.member, name="member"),
]

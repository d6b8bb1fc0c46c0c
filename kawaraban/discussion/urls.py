"""Addresses of the discussion. `/t/5/12/` is comment 12 of thread 5 for ever."""

from __future__ import annotations

from django.urls import path

from kawaraban.discussion.views import desk, groups, marks, pages, standing, writing

app_name = "discussion"
urlpatterns = [
    path("t/<id:thread_id>/", pages.thread, name="thread"),
    path("t/<id:thread_id>/mine/", pages.mine, name="mine"),
    path("t/<id:thread_id>/since/<int:number>/", pages.since, name="since"),
    path("t/<id:thread_id>/story/<id:version>/", pages.story, name="story"),
    path("t/<id:thread_id>/opinions/", groups.opinions, name="opinions"),
    path("t/<id:thread_id>/opinions/mine/", groups.own_place, name="own_place"),
    path("t/<id:thread_id>/opinions/box/", groups.agreed, name="agreed"),
    path("t/<id:thread_id>/write/", writing.write, name="write"),
    path("t/<id:thread_id>/preview/", writing.preview, name="preview"),
    path("t/<id:thread_id>/draft/", writing.keep_draft, name="draft"),
    path("t/<id:thread_id>/seen/", writing.mark_seen, name="seen"),
    path("t/<id:thread_id>/comments/", writing.post_comment, name="post"),
    path("t/<id:thread_id>/follow/", marks.follow, name="follow"),
    path("t/<id:thread_id>/closing/", desk.closing, name="closing"),
    path("t/<id:thread_id>/<id:number>/", pages.comment, name="comment"),
    path("t/<id:thread_id>/<id:number>/conversation/", pages.conversation, name="conversation"),
    path("t/<id:thread_id>/<id:number>/vote/", marks.vote, name="vote"),
    path("t/<id:thread_id>/<id:number>/worth/", marks.worth, name="worth"),
    path("t/<id:thread_id>/<id:number>/source/", marks.source, name="source"),
    path("t/<id:thread_id>/<id:number>/pick/", marks.pick, name="pick"),
    path("t/<id:thread_id>/<id:number>/edit/", writing.edit_comment, name="edit"),
    path("t/<id:thread_id>/<id:number>/delete/", writing.delete_comment, name="delete"),
    path("t/<id:thread_id>/<id:number>/cut/", writing.cut_comment, name="cut"),
    path("t/<id:thread_id>/<id:number>/remove/", writing.remove_comment, name="remove"),
    path("t/<id:thread_id>/<id:number>/restore/", writing.restore_comment, name="restore"),
    path("common-ground/", groups.common_ground, name="common_ground"),
    path("account/discussions/", pages.about_me, name="about_me"),
    path("account/standing/", standing.standing, name="standing"),
    path("member/<slug:slug>/", pages.member, name="member"),
]

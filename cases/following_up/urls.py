"""Addresses of the follow-up desk, below /follow-up/ (namespace `cases:following_up`)."""

from django.urls import path

from cases.following_up import keeping_views, papers, views

app_name = "following_up"

urlpatterns = [
    path("", views.desk, name="desk"),
    path("next/", views.go_on, name="next"),
    path("ratings/<int:pk>/", keeping_views.rating, name="rating"),
    path("look-back/<int:pk>/", keeping_views.look_back, name="look-back"),
    path("<slug:number>/", views.call, name="call"),
    path("<slug:number>/take/", views.take, name="take"),
    path("<slug:number>/leave/", views.leave, name="leave"),
    path("<slug:number>/missed/", views.missed, name="missed"),
    path("<slug:number>/unreached/", views.unreached, name="unreached"),
    path("<slug:number>/record/", papers.record, name="record"),
    path("<slug:number>/answer/", papers.answer, name="answer"),
]

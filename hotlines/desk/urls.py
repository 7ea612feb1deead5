"""Addresses of the operator's desk, below /hotlines/ (namespace `hotlines`)."""

from django.urls import path

from hotlines.desk import call_back_views, call_views, knowledge_views, views

urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/incoming/", views.incoming, name="incoming"),
    path("desk/sit/", views.sit, name="sit"),
    path("calls/new/", views.begin, name="begin"),
    path("calls/<uuid:uid>/", call_views.call, name="call"),
    path("calls/<uuid:uid>/beside/", call_views.beside, name="beside"),
    path("calls/<uuid:uid>/claim/", views.claim, name="claim"),
    path("calls/<uuid:uid>/guide/", call_views.guide, name="guide"),
    path("call-backs/<uuid:uid>/", call_back_views.call_back, name="call-back"),
    path("answers/", knowledge_views.answers, name="answers"),
    path("answers/find/", call_views.find, name="find-answer"),
    path("answers/new/", knowledge_views.write, name="answer-new"),
    path("answers/<uuid:entry>/", knowledge_views.answer, name="answer"),
    path("answers/<uuid:entry>/edit/", knowledge_views.write, name="answer-edit"),
    path("answers/<uuid:entry>/withdraw/", knowledge_views.withdraw, name="answer-withdraw"),
]

"""Pages of 复查 and 复核 (in the namespace `cases`)."""

from django.urls import path

from cases.reviewing import views

urlpatterns = [
    path("cases/<slug:number>/review/", views.request_review, name="review"),
    path("cases/<slug:number>/opinion.<slug:form>", views.opinion, name="review-opinion"),
]

"""The pages of the matter for staff (namespace `cases`); residents' are in `public_urls` (namespace `public`)."""

from django.urls import path

from cases import public
from cases.views import contact, detail, files, finding, intake, moves, receipt, search, worklist

app_name = "cases"

urlpatterns = [
    path("", worklist.show, name="list"),
    path("new/", intake.new, name="new"),
    path("choices/<slug:what>/", search.find, name="choices"),
    path("search/", finding.search, name="search"),
    path("search/<slug:token>/", finding.person, name="person"),
    path("<slug:number>/", detail.show, name="case"),
    path("<slug:number>/contact/", contact.reveal, name="reveal"),
    path("<slug:number>/contact/correct/", contact.correct, name="correct"),
    path("<slug:number>/receipt/", receipt.show, name="receipt"),
    path("<slug:number>/files/<uuid:uid>/", files.download, name="file"),
    path("<slug:number>/moves/<slug:name>/", moves.move, name="move"),
    path("<slug:number>/records/<slug:kind>/", moves.record, name="record"),
]

public_urls = (
    [
        path("query/", public.query, name="query"),
        path("query/rate/", public.rating, name="rate"),
    ],
    "public",
)

"""The pages of the matter for staff (namespace `cases`); residents' are in `public_urls` (namespace `public`)."""

from django.urls import include, path

from cases import public
from cases.caring.urls import public_help
from cases.councils.urls import public_wishes
from cases.indicators import views as indicators
from cases.reception.urls import public_reception
from cases.reporting.urls import held_patterns, poster_patterns
from cases.supervising.urls import patterns as supervising
from cases.views import (
    board,
    bulk,
    calendar,
    contact,
    detail,
    exporting,
    files,
    finding,
    following,
    hall,
    intake,
    keeping,
    limits,
    moves,
    presence,
    printing,
    receipt,
    related,
    search,
    views,
    worklist,
)

app_name = "cases"

case_patterns = [
    path("", worklist.show, name="list"),
    path("new/", intake.new, name="new"),
    path("new/beside/", intake.beside, name="beside"),
    path("new/point/", intake.point, name="point"),
    path("new/drafts/drop/", intake.drop_draft, name="drop-draft"),
    path("choices/<slug:what>/", search.find, name="choices"),
    path("filter/", views.sift, name="sift"),
    path("columns/", views.look, name="look"),
    path("views/", views.views, name="views"),
    path("views/<int:pk>/", views.view, name="view"),
    path("export/", exporting.export, name="export"),
    path("exports/", exporting.exports, name="exports"),
    path("exports/<uuid:uid>/", exporting.progress, name="export-progress"),
    path("exports/<uuid:uid>/file/", exporting.download, name="export-file"),
    path("bulk/", bulk.show, name="bulk"),
    path("bulk/offers/", bulk.offers, name="bulk-offers"),
    path("next/", following.go, name="next"),
    path("search/", finding.search, name="search"),
    path("search/<slug:token>/", finding.person, name="person"),
    path("<slug:number>/", detail.show, name="case"),
    path("<slug:number>/presence/", presence.beat, name="presence"),
    path("<slug:number>/contact/", contact.reveal, name="reveal"),
    path("<slug:number>/contact/correct/", contact.correct, name="correct"),
    path("<slug:number>/receipt/", receipt.show, name="receipt"),
    path("<slug:number>/representatives/", receipt.representatives, name="representatives"),
    path("<slug:number>/files/", files.upload, name="upload"),
    path("<slug:number>/files/<uuid:uid>/", files.download, name="file"),
    path("<slug:number>/related/", related.others, name="others"),
    path("<slug:number>/related/link/", related.link, name="link"),
    path("<slug:number>/keeping/", keeping.show, name="keeping"),
    path("<slug:number>/print/", printing.show, name="print"),
    path("<slug:number>/moves/<slug:name>/", moves.move, name="move"),
    path("<slug:number>/foresee/<slug:name>/", moves.foresee, name="foresee"),
    path("<slug:number>/records/<slug:kind>/", moves.record, name="record"),
]

limit_patterns = [
    path("", limits.show, name="limits"),
    path("foresee/", limits.foresee, name="limits-foresee"),
    path("new/", limits.add, name="limit-new"),
    path("draft/", limits.foresee_line, name="limit-foresee"),
    path("<int:pk>/", limits.line, name="limit"),
    path("<int:pk>/end/", limits.end, name="limit-end"),
    path("calendar/", calendar.this_year, name="calendar-now"),
    path("calendar/<int:year>/", calendar.show_year, name="calendar"),
    path("calendar/<int:year>/day/", calendar.edit_day, name="calendar-day"),
    path("calendar/<int:year>.csv", calendar.year_sheet, name="calendar-sheet"),
    path("calendar/import/", calendar.read, name="calendar-import"),
    path("calendar/drafts/<int:pk>/", calendar.draft, name="calendar-draft"),
    path("moved/<int:pk>/", calendar.moved, name="moved"),
]

urlpatterns = [
    path("", include("cases.deciding.urls")),
    path("", include("cases.reviewing.urls")),
    path("cases/", include(case_patterns)),
    path("limits/", include(limit_patterns)),
    path("supervision/", include(supervising)),
    path("held/", include(held_patterns)),
    path("posters/", include(poster_patterns)),
    path("follow-up/", include("cases.following_up.urls")),
    path("board/", board.show, name="board"),
    path("board/indicators/", indicators.show, name="indicators"),
    path("board/<slug:name>.csv", board.sheet, name="board-sheet"),
]

public_urls = (
    [
        path("query/", public.query, name="query"),
        path("query/rate/", public.rating, name="rate"),
        path("query/act/", public.act, name="act"),
        path("query/review/", public.ask_review, name="review"),
        path("query/file/<str:token>/", public.download, name="file"),
        path("report/", public.report, name="report"),
        path("report/map/", public.outlines, name="report-map"),
        path("report/g/<slug:code>/", public.report_grid, name="report-grid"),
        path("guide/", public.guide, name="guide"),
        path("privacy/", public.privacy, name="privacy"),
        *public_reception,
        *public_help,
        *public_wishes,
    ],
    "public",
)

hall_urls = (
    [
        path("visits/", hall.show_visits, name="visits"),
        path("roster/", hall.show_roster, name="roster"),
        path("roster/add/", hall.add_to_roster, name="add"),
        path("roster/<int:entry>/off/", hall.take_off_roster, name="take-off"),
    ],
    "hall",
)

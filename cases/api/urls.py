"""Addresses of the matter's API, below `/api/v1/`."""

from django.urls import path

from cases.api import files, lists, proposal, public, reading, stats, writing

CASE = "cases/<str:number>/"

urlpatterns = [
    path("workflow/", lists.WorkflowView.as_view(), name="api-workflow"),
    path("categories/", lists.CategoriesView.as_view(), name="api-categories"),
    path("cases/", reading.CasesView.as_view(), name="api-cases"),
    path("cases/count/", reading.CountView.as_view(), name="api-case-count"),
    path(CASE, reading.CaseView.as_view(), name="api-case"),
    path(f"{CASE}moves/", writing.MovesView.as_view(), name="api-moves"),
    path(f"{CASE}events/", reading.EventsView.as_view(), name="api-events"),
    path(f"{CASE}notes/", writing.NotesView.as_view(), name="api-notes"),
    path(f"{CASE}contacts/", writing.ContactsView.as_view(), name="api-contacts"),
    path(f"{CASE}assignments/", writing.AssignmentsView.as_view(), name="api-assignments"),
    path(f"{CASE}opinions/", writing.OpinionsView.as_view(), name="api-opinions"),
    path(f"{CASE}performances/", writing.PerformancesView.as_view(), name="api-performances"),
    path(f"{CASE}requests/", writing.RequestsView.as_view(), name="api-requests"),
    path(f"{CASE}requests/<str:pk>/decision/", writing.DecisionView.as_view(), name="api-decision"),
    path(f"{CASE}orders/", writing.OrdersView.as_view(), name="api-orders"),
    path(f"{CASE}orders/<str:pk>/response/", writing.ResponseView.as_view(), name="api-order-response"),
    path(f"{CASE}orders/<str:pk>/lift/", writing.LiftView.as_view(), name="api-order-lift"),
    path(f"{CASE}query-code/", writing.QueryCodeView.as_view(), name="api-query-code"),
    path(f"{CASE}unmask/", writing.UnmaskView.as_view(), name="api-unmask"),
    path(f"{CASE}parties/<str:uid>/", writing.PartyView.as_view(), name="api-party"),
    path(f"{CASE}people/", lists.PeopleView.as_view(), name="api-people"),
    path(f"{CASE}proposal/", proposal.ProposalView.as_view(), name="api-proposal"),
    path(f"{CASE}attachments/", files.AttachmentsView.as_view(), name="api-attachments"),
    path(f"{CASE}attachments/<str:uid>/", files.AttachmentView.as_view(), name="api-attachment"),
    path("stats/overview/", stats.OverviewView.as_view(), name="api-stats-overview"),
    path("stats/trend/", stats.TrendView.as_view(), name="api-stats-trend"),
    path("stats/by-category/", stats.ByCategoryView.as_view(), name="api-stats-by-category"),
    path("stats/by-area/", stats.ByAreaView.as_view(), name="api-stats-by-area"),
    path("stats/by-unit/", stats.ByUnitView.as_view(), name="api-stats-by-unit"),
    path("public/cases/", public.ReportView.as_view(), name="api-public-report"),
    path("public/attachments/", public.PublicFilesView.as_view(), name="api-public-files"),
    path("public/lookup/", public.LookupView.as_view(), name="api-public-lookup"),
    path("public/ratings/", public.RatingView.as_view(), name="api-public-ratings"),
]

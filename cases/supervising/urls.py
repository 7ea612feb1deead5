"""Addresses of 督办, below /supervision/ (namespace `cases`)."""

from django.urls import path

from cases.supervising import check_views, proposal_views, views

patterns = [
    path("", views.desk, name="supervision"),
    path("drafts/<int:pk>/", views.draft, name="order-draft"),
    path("drafts/<int:pk>/discard/", views.discard, name="order-discard"),
    path("drafts/<int:pk>/letter.<slug:form>", views.draft_letter, name="order-draft-letter"),
    path("orders/<int:pk>/letter.<slug:form>", views.order_letter, name="order-letter"),
    path("proposals/new/", proposal_views.new, name="proposal-new"),
    path("proposals/<int:pk>/", proposal_views.show, name="proposal"),
    path("proposals/<int:pk>/decide/", proposal_views.decide, name="proposal-decide"),
    path("proposals/<int:pk>/close/", proposal_views.close, name="proposal-close"),
    path("proposals/<int:pk>/letter.<slug:form>", proposal_views.letter, name="proposal-letter"),
    path("checks/", check_views.show, name="checks"),
    path("checks/<int:pk>/", check_views.judge, name="check"),
]

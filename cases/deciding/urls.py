"""Pages of decisions and the papers that come of them (in the namespace `cases`)."""

from django.urls import path

from cases.deciding import views

urlpatterns = [
    path("decisions/", views.show, name="decisions"),
    path("decisions/<int:pk>/", views.decide, name="decide"),
    path("cases/<slug:number>/requests/<int:pk>/notice.<slug:form>", views.notice, name="extension-notice"),
    path("cases/<slug:number>/consultations/<int:pk>/minutes.<slug:form>", views.minutes, name="minutes"),
]

"""网格考核: pages of staff (namespace `assessments`)."""

from django.urls import path

from cases.assessing import acting, plan_views, views

assessment_urls = (
    [
        path("", views.rounds, name="list"),
        path("mine/", views.mine, name="mine"),
        path("plans/", plan_views.plans, name="plans"),
        path("plans/<slug:work_class>/", plan_views.plan, name="plan"),
        path("begin/", acting.begin, name="begin"),
        path("<int:pk>/", views.show, name="round"),
        path("<int:pk>/sheet.csv", views.sheet, name="csv"),
        path("<int:pk>/grades/", acting.grades, name="grades"),
        path("<int:pk>/<slug:step>/", acting.step, name="step"),
        path("<int:pk>/grids/<slug:grid_code>/", views.grid, name="grid"),
        path("<int:pk>/grids/<slug:grid_code>/appeal/", acting.appeal, name="appeal"),
        path("appeals/<int:pk>/<slug:what>/", acting.judge, name="judge"),
    ],
    "assessments",
)

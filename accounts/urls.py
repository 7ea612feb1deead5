"""The door's pages; included at the root, before `admin/` (whose own log-in page is replaced by ours)."""

from django.urls import path
from django.views.generic import RedirectView

from accounts import views
from accounts.channels import views as channels

app_name = "accounts"

urlpatterns = [
    path("login/", views.LogInPage.as_view(), name="login"),
    path("logout/", views.LogOutPage.as_view(), name="logout"),
    path("password/", views.PasswordPage.as_view(), name="password"),
    path("posts/switch/", views.switch_post, name="switch_post"),
    path("notices/settings/", channels.show, name="notice_settings"),
    path("two-step/", views.TwoStepPage.as_view(), name="two_step"),
    # The configuration pages know no second step, no rules of ours: there is one door.
    path("admin/login/", RedirectView.as_view(pattern_name="accounts:login", query_string=True)),
    path("admin/password_change/", RedirectView.as_view(pattern_name="accounts:password")),
]

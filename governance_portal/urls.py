"""Where every door of the portal is mounted."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from cases.urls import hall_urls, public_urls
from cases.views import notices
from governance_portal import api_docs, dashboard, display, error_pages, health, styleguide
from governance_portal.demo import filling

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("display/", display.switch, name="display"),
    path("", dashboard.home, name="home"),
    path("desk/figures/", dashboard.figures, name="desk-figures"),
    path("", include(public_urls)),
    path("", include(hall_urls)),
    path("", include("cases.urls")),
    path("notices/", notices.inbox, name="inbox"),
    path("notices/count/", notices.count, name="inbox-count"),
    path("", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/schema/", api_docs.SchemaView.as_view(), name="api-schema"),
    path("api/v1/docs/", api_docs.DocsView.as_view(url_name="api-schema"), name="api-docs"),
    path("api/v1/", include("accounts.api")),
    path("api/v1/", include("grids.api")),
    path("api/v1/", include("cases.api.urls")),
]

handler400 = error_pages.misread
handler403 = error_pages.refused
handler404 = error_pages.not_found
handler500 = error_pages.failed

if settings.DEMO:
    urlpatterns += [
        path("demo/filling/", filling.show, name="demo-filling"),
        path("styleguide/", styleguide.show, name="styleguide"),
        path("styleguide/<slug:sheet>/", styleguide.show, name="styleguide-sheet"),
    ]

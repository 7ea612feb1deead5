"""Where every door of the portal is mounted."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from cases.assessing.urls import assessment_urls
from cases.boards.urls import board_urls
from cases.bulletins.urls import bulletin_urls
from cases.caring.urls import caring_urls, help_urls
from cases.councils.urls import council_urls, wish_urls
from cases.crowds.urls import crowd_urls
from cases.hazards.urls import hazard_urls
from cases.mapping.urls import map_urls
from cases.patrols.urls import patrol_urls
from cases.phone import worker
from cases.phone.urls import phone_urls
from cases.ranking.urls import exclusion_urls
from cases.reception.urls import reception_urls
from cases.screens.urls import screen_urls
from cases.tabling.urls import table_urls
from cases.urls import hall_urls, public_urls
from cases.views import notices
from cases.whistling.urls import whistle_urls
from governance_portal import api_docs, dashboard, display, error_pages, health, styleguide
from governance_portal.demo import filling
from grids.responsibility.urls import responsibility_urls

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("display/", display.switch, name="display"),
    path("", dashboard.home, name="home"),
    path("desk/figures/", dashboard.figures, name="desk-figures"),
    path("", include(public_urls)),
    path("", include(hall_urls)),
    path("reception/", include(reception_urls)),
    path("whistles/", include(whistle_urls)),
    path("assessments/", include(assessment_urls)),
    path("board/", include(board_urls)),
    path("board/exclusions/", include(exclusion_urls)),
    path("board/tables/", include(table_urls)),
    path("board/bulletins/", include(bulletin_urls)),
    path("crowds/", include(crowd_urls)),
    path("hazards/", include(hazard_urls)),
    path("responsibility/", include(responsibility_urls)),
    path("patrols/", include(patrol_urls)),
    path("map/", include(map_urls)),
    path("grids/", include("grids.editing.urls")),
    path("caring/", include(caring_urls)),
    path("help/", include(help_urls)),
    path("wishes/", include(wish_urls)),
    path("councils/", include(council_urls)),
    path("", include(screen_urls)),
    path("m/", include(phone_urls)),
    path("sw.js", worker.script, name="phone-worker"),
    path("manifest.webmanifest", worker.manifest, name="phone-manifest"),
    path("hotlines/", include("hotlines.urls")),
    path("open311/v2/", include("hotlines.open311.urls")),
    path("", include("cases.urls")),
    path("notices/", notices.inbox, name="inbox"),
    path("notices/count/", notices.count, name="inbox-count"),
    path("", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/schema/", api_docs.SchemaView.as_view(), name="api-schema"),
    path("api/v1/docs/", api_docs.DocsView.as_view(url_name="api-schema"), name="api-docs"),
    path("api/v1/", include("accounts.api")),
    path("api/v1/", include("grids.api")),
    path("api/v1/", include("grids.editing.api")),
    path("api/v1/", include("grids.responsibility.api")),
    path("api/v1/", include("cases.api.urls")),
    path("api/v1/", include("hotlines.api.urls")),
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

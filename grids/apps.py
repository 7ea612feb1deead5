"""The territory: areas, grids, boundaries and who serves where."""

from importlib import import_module

from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class GridsConfig(AppConfig):
    """Connects the cached territory to requests and writes."""

    name = "grids"
    verbose_name = "区域与网格"

    def ready(self) -> None:
        """Once the models exist: one look at the stamp per request, renewed by every write."""
        territory = import_module("grids.territory")
        queries = import_module("grids.queries")
        import_module("grids.querysets").TerritoryQuerySet.on_write = staticmethod(territory.touch)
        import_module("grids.receivers")
        request_started.connect(territory.begin_request, dispatch_uid="territory_begin_request")
        request_finished.connect(territory.end_request, dispatch_uid="territory_end_request")
        set_area_name_resolver = import_module("accounts.queries").set_area_name_resolver
        set_area_name_resolver(queries.names_of)
        permissions = import_module("accounts.permissions")
        for model in ("grids.area", "grids.grid", "grids.duty"):
            permissions.grant("system_admin", model, "view", "add", "change")

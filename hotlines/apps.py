"""Every line that rings: phone calls now; 12345 orders, 110, court, petition and Open311 in their own issue."""

from importlib import import_module

from django.apps import AppConfig

from accounts.choices import Role
from accounts.permissions import grant


class HotlinesConfig(AppConfig):
    """The app of the lines; it stands above the matter and calls its door."""

    name = "hotlines"
    verbose_name = "热线与来源"

    def ready(self) -> None:
        """Listen to the matter."""
        import_module("hotlines.receivers")
        beside = import_module("hotlines.orders.beside")
        import_module("cases.worklist.beside").set_readers(beside.theirs, beside.sources)
        grant(Role.SYSTEM_ADMIN, "hotlines.open311client", "view", "add", "change")
        grant(Role.SYSTEM_ADMIN, "hotlines.open311service", "view", "add", "change")
        grant(Role.SYSTEM_ADMIN, "hotlines.open311attribute", "view", "add", "change", "delete")
        grant(Role.SYSTEM_ADMIN, "hotlines.subscriber", "view", "add", "change")
        grant(Role.SYSTEM_ADMIN, "hotlines.outwardmessage", "view", "resend")

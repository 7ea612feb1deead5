"""Every line that rings: phone calls now; 12345 orders, 110, court, petition and Open311 in their own issue."""

from importlib import import_module

from django.apps import AppConfig


class HotlinesConfig(AppConfig):
    """The app of the lines; it stands above the matter and calls its door."""

    name = "hotlines"
    verbose_name = "热线与来源"

    def ready(self) -> None:
        """Listen to the matter."""
        import_module("hotlines.receivers")

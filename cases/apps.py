"""The matter and its workflow."""

from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registers the receivers when Django starts."""

    name = "cases"
    verbose_name = "事项"

    def ready(self) -> None:
        """Connect those who listen."""
        import_module("cases.receivers")

"""People, units, posts: the lowest app; nothing below it but `governance_portal.lib`."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Connects receivers and checks once all models are loaded."""

    name = "accounts"
    verbose_name = "人员与组织"

    def ready(self) -> None:
        """Imported here because they need the models."""
        for module in ("receivers", "checks", "authentication"):
            import_module(f"accounts.{module}")

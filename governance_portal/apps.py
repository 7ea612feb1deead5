"""The project itself as an app: its checks and commands."""

from django.apps import AppConfig
from django.core import checks


class GovernancePortalConfig(AppConfig):
    """Registers the start-up checks; owns no models."""

    name = "governance_portal"
    verbose_name = "平台"

    def ready(self) -> None:
        """Tie the checks to ``check`` (settings) and ``check --database default`` (demo accounts)."""
        from governance_portal.checks import demo_accounts_are_gone, production_is_safe  # noqa: PLC0415  needs loaded apps

        checks.register("portal")(production_is_safe)
        checks.register(checks.Tags.database)(demo_accounts_are_gone)

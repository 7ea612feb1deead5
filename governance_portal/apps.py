"""The project itself as an app: its checks and commands."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import pre_migrate


class GovernancePortalConfig(AppConfig):
    """Registers the start-up checks; owns no models."""

    name = "governance_portal"
    verbose_name = "平台"

    def ready(self) -> None:
        """Tie the checks to ``check`` (settings) and ``check --database default`` (demo accounts)."""
        from governance_portal.checks import demo_accounts_are_gone, production_is_safe  # noqa: PLC0415  needs loaded apps
        from governance_portal.half_way import no_database_stands_half_way, refuse  # noqa: PLC0415

        checks.register("portal")(production_is_safe)
        checks.register(checks.Tags.database)(demo_accounts_are_gone)
        checks.register(checks.Tags.database)(no_database_stands_half_way)
        pre_migrate.connect(refuse, dispatch_uid="half_way")

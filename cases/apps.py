"""The matter and its workflow."""

from importlib import import_module

from django.apps import AppConfig

from accounts.choices import Role
from accounts.permissions import grant


class CasesConfig(AppConfig):
    """Registers the receivers when Django starts."""

    name = "cases"
    verbose_name = "事项"

    def ready(self) -> None:
        """Connect those who listen."""
        import_module("cases.receivers")
        import_module("cases.mapping.receivers")
        grant(Role.SYSTEM_ADMIN, "cases.dispatchline", "view", "add")
        grant(Role.SYSTEM_ADMIN, "cases.cannedanswer", "view", "add", "change", "delete")
        grant(Role.SYSTEM_ADMIN, "cases.category", "view", "add", "change")
        grant(Role.SYSTEM_ADMIN, "cases.holiday", "view", "add", "change", "delete")
        grant(Role.SYSTEM_ADMIN, "cases.limitpolicy", "view", "add", "change")
        grant(Role.SYSTEM_ADMIN, "cases.retentionrule", "view", "add", "change", "delete")
        grant(Role.SYSTEM_ADMIN, "cases.supervisionrules", "view", "add", "change")
        grant(Role.SYSTEM_ADMIN, "cases.crowdrules", "view", "add", "change")
        grant(Role.SYSTEM_ADMIN, "cases.reinspectionrule", "view", "add", "change", "delete")
        grant(Role.SYSTEM_ADMIN, "cases.teamrole", "view", "add", "change")
        grant(Role.SYSTEM_ADMIN, "cases.whistlepolicy", "view", "add", "change")

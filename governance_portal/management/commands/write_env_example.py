"""Writes ``.env.example`` from the declared list of settings."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from governance_portal.environment import example


class Command(BaseCommand):
    """``manage.py write_env_example``; ``make docs`` calls it."""

    help = "由代码里的设置清单生成 .env.example。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file at the project's root."""
        (settings.BASE_DIR / ".env.example").write_text(example(), encoding="utf-8")

"""Writes docs/indicators.md from the registry of indicators."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cases.indicators.document import page


class Command(BaseCommand):
    """``manage.py write_indicators``; ``make docs`` calls it, a test compares."""

    help = "由指标定义生成 docs/indicators.md。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page."""
        target = settings.BASE_DIR / "docs" / "indicators.md"
        target.write_text(page(), encoding="utf-8")
        self.stdout.write(f"已写入 {target.relative_to(settings.BASE_DIR)}。")

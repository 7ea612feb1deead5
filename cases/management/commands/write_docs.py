"""Writes the documents that are generated from code: docs/workflow.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cases.table_page import page


class Command(BaseCommand):
    """``manage.py write_docs``; ``make docs`` calls it, a test compares."""

    help = "由流程表生成 docs/workflow.md。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page."""
        target = settings.BASE_DIR / "docs" / "workflow.md"
        target.write_text(page(), encoding="utf-8")
        self.stdout.write(f"已写入 {target.relative_to(settings.BASE_DIR)}。")

"""Writes what is searched anew: after a restored dump, a bulk load, or a renamed category."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.services import indexing


class Command(BaseCommand):
    """``manage.py rebuild_search [--missing]``; may run while people work."""

    help = "重建事项检索：全部重写，或者只补缺的。匿名化的事项保持原样，只能按编号查到。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--missing", action="store_true", help="只补没有检索文字的事项。")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many and how long."""
        began = time.monotonic()
        written = 0
        if options["missing"]:
            while found := indexing.heal():
                written += found
        else:
            written = indexing.rebuild()
        self.stdout.write(f"已写入 {written} 件，用时 {time.monotonic() - began:.1f} 秒。")

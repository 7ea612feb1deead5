"""Checks that the kept counts are those of the rows, and repairs them."""

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.statistics.verifying import verify


class Command(BaseCommand):
    """``manage.py verify_statistics [--repair]``; leaves with 1 when something differs and was not repaired."""

    help = "逐格重新计算统计数字，与随办理累计的数核对；加 --repair 则补正差额。核对时不影响办理。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the option."""
        parser.add_argument("--repair", action="store_true", help="补正查出的差额。")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the differences, at most twenty, and how many there are."""
        began = time.monotonic()
        found = verify(repair=options["repair"])
        for difference in found.first:
            self.stdout.write(difference.as_line())
        over = f"{found.cases} 件事项、{found.rows} 行累计，用时 {time.monotonic() - began:.1f} 秒"
        if not found.number:
            self.stdout.write(f"没有差异：{over}。")
            return
        done = "已补正" if options["repair"] else "没有改动；加 --repair 补正"
        self.stdout.write(f"有 {found.number} 格不一致（{over}），{done}。")
        if not options["repair"]:
            sys.exit(1)

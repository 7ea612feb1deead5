"""Checks that nobody has rewritten the history or a row behind its back."""

import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from cases.services.integrity import faults, root_of
from governance_portal.lib.working_days import SHANGHAI


class Command(BaseCommand):
    """``manage.py verify_history [--root-of 2026-11-22] [--expect HASH]``; leaves with 1 when something does not agree."""

    help = "重新计算全部办理记录的校验链和状态，报告不一致；并给出当日根值，供异地保存。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--root-of", type=date.fromisoformat, help="哪一天的根值，默认今天。")
        parser.add_argument("--expect", default="", help="当日保存的根值；不一致即报告。")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each difference, then the root of the day."""
        found = 0
        for fault in faults():
            found += 1
            self.stdout.write(f"{fault.number} {fault.told}")
        root = root_of(options["root_of"] or timezone.now().astimezone(SHANGHAI).date())
        self.stdout.write(root.as_line())
        if options["expect"] and options["expect"] != root.digest:
            found += 1
            self.stdout.write(f"{root.day} 的根值与保存的不一致。")
        self.stdout.write("没有发现不一致。" if not found else f"发现 {found} 处不一致，请保护现场并报告安全管理员。")
        if found:
            sys.exit(1)

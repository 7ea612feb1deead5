"""``manage.py import_areas FILE``: bring in areas from CSV, XLSX or GeoJSON, with a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance_portal.lib.errors import BadFile
from governance_portal.lib.progress import on_terminal
from grids.choices import Datum
from grids.services import import_areas


class Command(BaseCommand):
    """See the module."""

    help = "导入区域（区县、街道、社区）：CSV、XLSX 或 GeoJSON；先用 --dry-run 看报告，再正式导入。"

    def add_arguments(self, parser: CommandParser) -> None:
        """The file and how to read it."""
        parser.add_argument("file", type=Path, help="要导入的文件")
        parser.add_argument("--dry-run", action="store_true", help="只出报告，不写入")
        parser.add_argument("--datum", choices=Datum.values, default=Datum.GCJ02, help="文件中坐标的坐标系")
        parser.add_argument("--district", default="", help="只导入这个区县（6 位代码）以内的行")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report; say when nothing was written."""
        try:
            report = import_areas(
                options["file"],
                dry_run=options["dry_run"],
                datum=options["datum"],
                district=options["district"],
                progress=on_terminal(self.stdout),
            )
        except BadFile as error:
            raise CommandError(error.detail) from error
        for line in report.lines():
            self.stdout.write(line)
        self.stdout.write("试运行：没有写入。" if options["dry_run"] else "已写入。")

"""`manage.py import_units FILE [--dry-run]`: the units of a centre from CSV or XLSX."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.importing import UNIT_HEADINGS, import_units
from governance_portal.lib.progress import on_terminal
from governance_portal.lib.sheets import BadFile, read_rows


class Command(BaseCommand):
    """Prints a report; bad rows stay out with line and reason, the others go in."""

    help = f"从表格导入单位（CSV 或 XLSX）。表头：{'、'.join(UNIT_HEADINGS)}。同一文件导入两次，第二次不会有变化。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file."""
        parser.add_argument("file", type=Path, help="表格文件")
        parser.add_argument("--dry-run", action="store_true", help="只看结果，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and report."""
        try:
            rows = list(read_rows(options["file"]))
        except (BadFile, OSError) as error:
            raise CommandError(str(error)) from error
        report = import_units(rows, now=timezone.now(), dry_run=options["dry_run"], progress=on_terminal(self.stdout))
        if options["dry_run"]:
            self.stdout.write("试运行，未写入。")
        self.stdout.write("\n".join(report.lines()))

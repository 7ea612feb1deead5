"""``manage.py import_events FILE``: bring finished and open matters over from another system's table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.services.importing import import_events, load_mapping
from governance_portal.lib.errors import BadFile
from governance_portal.lib.progress import on_terminal

DEFAULT_MAPPING = Path(__file__).resolve().parents[2] / "data" / "mappings" / "pingshan_2018.toml"


class Command(BaseCommand):
    """See the module."""

    help = "导入其他系统的事项表（CSV、XLSX）：先用 --dry-run 看报告，再正式导入；同一文件再导一次不会重复。"

    def add_arguments(self, parser: CommandParser) -> None:
        """The file and its mapping."""
        parser.add_argument("file", type=Path, help="要导入的表格")
        parser.add_argument("--mapping", type=Path, default=DEFAULT_MAPPING, help="列名对照文件（TOML）")
        parser.add_argument("--dry-run", action="store_true", help="只出报告，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report; say when nothing was written."""
        if not options["file"].is_file():
            raise CommandError(f"没有找到文件 {options['file']}。")
        try:
            mapping = load_mapping(options["mapping"])
            report = import_events(
                options["file"],
                mapping,
                now=timezone.now(),
                dry_run=options["dry_run"],
                progress=on_terminal(self.stdout),
            )
        except BadFile as error:
            raise CommandError(error.detail) from error
        for line in report.lines():
            self.stdout.write(line)
        self.stdout.write("试运行：没有写入。" if options["dry_run"] else "已写入。")

"""``manage.py import_dispatch_catalogue FILE``: the catalogue from a table; without ``--publish`` only a trial."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from cases.dispatching.importing import COLUMNS, import_catalogue
from governance_portal.lib.errors import BadFile
from governance_portal.lib.progress import on_terminal


class Command(BaseCommand):
    """See the module."""

    help = (
        f"导入派单目录（CSV、XLSX；列：{'、'.join(COLUMNS)}）：先不带 --publish 试运行、看报告，再发布；"
        "同一文件再导一次不会重复。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and who publishes it."""
        parser.add_argument("file", type=Path, help="要导入的表格")
        parser.add_argument("--publish", action="store_true", help="发布；不带时只出报告，不写入")
        parser.add_argument("--author", default="", help="发布人的登录名")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report; say whether anything was published."""
        if not options["file"].is_file():
            raise CommandError(f"没有找到文件 {options['file']}。")
        author = User.objects.filter(username=options["author"], is_active=True).first()
        if options["author"] and author is None:
            raise CommandError(f"没有登录名为 {options['author']} 的在用人员。")
        try:
            report = import_catalogue(
                options["file"],
                author=author,
                now=timezone.now(),
                dry_run=not options["publish"],
                progress=on_terminal(self.stdout),
            )
        except BadFile as error:
            raise CommandError(error.detail) from error
        for line in report.lines():
            self.stdout.write(line)
        self.stdout.write("已发布。" if options["publish"] else "试运行：没有写入；确认无误后加 --publish 发布。")

"""`manage.py import_people FILE [--dry-run] [--passwords-out FILE]`: people and their posts from CSV or XLSX."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.importing import PEOPLE_HEADINGS, Report, import_people
from governance_portal.lib.progress import on_terminal
from governance_portal.lib.sheets import BadFile, read_rows, write_csv


class Command(BaseCommand):
    """Prints a report; first passwords go to a file that only its owner may read, never to the screen."""

    help = (
        f"从表格导入人员和岗位（CSV 或 XLSX），一行一个岗位。表头：{'、'.join(PEOPLE_HEADINGS)}。"
        "同一文件导入两次，第二次不会有变化。新人的初始密码另存文件，首次登录必须修改。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file in, one file out."""
        parser.add_argument("file", type=Path, help="表格文件")
        parser.add_argument("--dry-run", action="store_true", help="只看结果，不写入")
        parser.add_argument(
            "--passwords-out", type=Path, help="初始密码存到哪个新文件（默认：表格文件名.initial-passwords.csv）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and report. Either the passwords are kept, or nothing was imported."""
        out = options["passwords_out"] or options["file"].with_suffix(".initial-passwords.csv")
        if out.exists() and not options["dry_run"] and options["passwords_out"]:
            raise CommandError(f"{out} 已存在，请另选一个文件名，以免覆盖之前的初始密码。")
        try:
            rows = list(read_rows(options["file"]))
        except (BadFile, OSError) as error:
            raise CommandError(str(error)) from error
        with transaction.atomic():
            report = import_people(
                rows, now=timezone.now(), dry_run=options["dry_run"], progress=on_terminal(self.stdout)
            )
            if report.first_passwords:
                out = self._free(out)
                self._keep(report, out)
        if options["dry_run"]:
            self.stdout.write("试运行，未写入。")
        self.stdout.write("\n".join(report.lines()))
        if report.first_passwords:
            self.stdout.write(f"初始密码已存入 {out}，只有您能读取；请逐人发放后删除该文件。")

    def _free(self, out: Path) -> Path:
        number, found = 1, out
        while found.exists():
            number += 1
            found = out.with_name(f"{out.stem}-{number}{out.suffix}")
        return found

    def _keep(self, report: Report, out: Path) -> None:
        # O_EXCL with 0600 from the first byte: no moment at which somebody else could read it.
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            write_csv(stream, ["登录名", "姓名", "初始密码"], report.first_passwords)

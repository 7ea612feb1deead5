"""``manage.py import_calendar FILE --year 2027``: a year's notice from a file; without ``--write`` only a trial."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from accounts.queries import Actor, actor_for
from cases.limits.importing import foresee_draft, keep_notice, may_keep, write
from cases.limits.notice import COLUMNS, Notice, read_notice
from cases.models import CalendarImport
from cases.services import recounting
from governance_portal.lib.errors import BadFile


class Command(BaseCommand):
    """See the module."""

    help = f"导入一年的放假安排（CSV、XLSX、JSON；列：{'、'.join(COLUMNS)}）：先不带 --write 试运行，看哪些期限会动，再写入。"

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, the year, and who answers for it."""
        parser.add_argument("file", type=Path, help="要导入的文件")
        parser.add_argument("--year", type=int, required=True, help="哪一年，如 2027")
        parser.add_argument("--source", default="", help="依据：文件里没写时用")
        parser.add_argument("--author", default="", help="经办人的登录名；写入时必填")
        parser.add_argument("--write", action="store_true", help="写入日历；不带时只出报告，不写入")
        parser.add_argument(
            "--recount",
            action="store_true",
            help="写入后当场重新计算（没有其他进程在用时）；不带时由时钟在几分钟内计算",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Report what would move; write and count only when told to."""
        if not options["file"].is_file():
            raise CommandError(f"没有找到文件 {options['file']}。")
        try:
            notice = read_notice(options["file"].read_bytes(), options["year"], options["source"])
        except BadFile as refused:
            raise CommandError(refused.detail) from refused
        if notice.problems:
            for line, sentence in notice.problems:
                self.stderr.write(f"第 {line} 行：{sentence}" if line else sentence)
            raise CommandError(f"有 {len(notice.problems)} 处需要更正，什么都没有写入。")
        self.stdout.write(f"{notice.year} 年：放假 {notice.off} 天，调休上班 {notice.worked} 天。")
        if not options["write"]:
            self._report(notice)
            self.stdout.write("试运行：没有写入；确认无误后加 --write --author 登录名。")
            return
        self._write(notice, options)

    def _report(self, notice: Notice) -> None:
        unsaved = CalendarImport(year=notice.year, rows=[row.as_list() for row in notice.rows])
        _change, found = foresee_draft(unsaved, most=None)
        ways = found.ways()
        self.stdout.write(
            f"看了 {found.asked} 件在办事项：{found.cases} 件会动；"
            f"提前 {ways['earlier']} 个，推后 {ways['later']} 个，转为确定 {ways['same']} 个。"
        )
        for name, moved, certain in found.by_clock():
            self.stdout.write(f"  {name}：变动 {moved} 个，只转确定 {certain} 个")

    def _write(self, notice: Notice, options: dict[str, Any]) -> None:
        now = timezone.now()
        actor = self._author(options["author"])
        draft = keep_notice(notice, actor, options["file"].name, now)
        wish = write(draft.pk, actor, now)
        if not options["recount"]:
            self.stdout.write("已写入日历；时钟会在几分钟内重新计算，并告诉有关人员。")
            return
        recounting.recount_asked(now + timedelta(seconds=1), self._progress, settled=False)
        wish.refresh_from_db()
        self.stdout.write(f"已写入日历，{wish.changed} 件事项的时限有变动，{wish.moved.count()} 个期限列入清单。")

    def _author(self, username: str) -> Actor:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError("请用 --author 写明经办人的登录名（中心负责人或系统管理员）。")
        actor = actor_for(user, timezone.now())
        if not may_keep(actor):
            raise CommandError(f"{user.name}不是中心负责人或系统管理员，不能导入放假安排。")
        return actor

    def _progress(self, seen: int, total: int) -> None:
        self.stdout.write(f"  已算 {seen} / {total} 件")

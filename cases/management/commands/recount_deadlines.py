"""Counts dates again after the working calendar was changed."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.services.recounting import recount


class Command(BaseCommand):
    """``manage.py recount_deadlines 2027-01-01``, after the year's notice was entered."""

    help = "放假安排公布或更正后，重新计算该日及以后的全部时限（暂定的改为确定）。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the day."""
        parser.add_argument("since", type=date.fromisoformat, help="从哪一天起，如 2027-01-01。")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, and say how many cases changed."""
        self.stdout.write(f"已重新计算，{recount(options['since'])} 件事项的时限有变动。")

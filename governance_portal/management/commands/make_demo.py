"""`manage.py make_demo`: what `make run` calls once, on an empty database."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance_portal.demo.making import make_demo


class Command(BaseCommand):
    """Makes the demonstration; a second run changes nothing, an interrupted one is finished by the next."""

    help = "在空数据库里生成演示数据：平鲁区的单位、人员、网格和一年的虚构事项；已有数据时什么也不做。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Print progress; CommandError where the site is a real one."""
        if not settings.DEMO:
            raise CommandError("正式运行时不能生成演示数据。")
        started = time.monotonic()
        made = make_demo(timezone.now(), self._say, cases=settings.DEMO_CASES)
        if not made.refused:
            self._say(f"演示数据完成：共 {made.matters} 件事项，用时 {time.monotonic() - started:.0f} 秒。")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

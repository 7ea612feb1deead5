"""`manage.py seal_audit`: chain the log's new entries and print the seal, to be kept off this machine."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import audit


class Command(BaseCommand):
    """Run it every few minutes; keep one printed seal a day elsewhere."""

    help = "封存新的审计记录并打印封印；请每天把封印抄存到别的机器或纸上，供 verify_audit 核对。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal once."""
        sealed = audit.seal(timezone.now())
        if sealed is None:
            self.stdout.write("没有新的审计记录。")
            return
        self.stdout.write(
            f"已封存第 {sealed.first_id}–{sealed.last_id} 条，共 {sealed.entries} 条。封印：{sealed.root}"
        )

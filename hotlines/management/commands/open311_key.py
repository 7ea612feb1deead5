"""`manage.py open311_key NAME`: give an app a key, or a new one, without the configuration pages."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from hotlines.models import Open311Client
from hotlines.open311.keys import new_key


class Command(BaseCommand):
    """Prints the key, once; an app that has one loses it."""

    help = "给应用开通 Open311 的 api_key；已有的换发，旧的立即作废。密钥只显示这一次。"

    def add_arguments(self, parser: CommandParser) -> None:
        """The app's name, and who uses it."""
        parser.add_argument("name", help="应用名称")
        parser.add_argument("--holder", default="", help="使用单位")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make or renew, and print."""
        text, digest = new_key()
        name, holder = options["name"], options["holder"]
        client, made = Open311Client.objects.get_or_create(
            name=name, defaults={"holder": holder or name, "digest": digest, "created_at": timezone.now()}
        )
        if not made:
            client.digest = digest
            client.save(update_fields=["digest"])
        self.stdout.write(text)

"""`manage.py simulate_calls`: rings the portal as a telephone system would, with invented numbers."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from governance_portal import environment as env
from hotlines.desk.simulating import Planned, TelephoneSystem, plan

PATH = "/api/v1/telephony/events/"


class Command(BaseCommand):
    """Lines in threads; at the end one line says how many events were taken and that none was lost."""

    help = "模拟话务系统：多条线路同时来电、接起、挂断，按话务接口推送给本平台；号码都是虚构的。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, how many, how fast."""
        parser.add_argument("--url", default=f"http://127.0.0.1:{env.text('PORT')}", help="平台的地址")
        parser.add_argument("--lines", type=int, default=8, help="线路数（默认 8）")
        parser.add_argument("--calls", type=int, default=60, help="来电数（默认 60）")
        parser.add_argument("--seconds", type=float, default=60.0, help="在多少秒内打完（默认 60）")
        parser.add_argument("--extension", type=int, default=8001, help="第一个分机号（默认 8001）")
        parser.add_argument("--number", default="", help="只打一个电话时的来电号码")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ring."""
        if not settings.TELEPHONY_SECRETS:
            raise CommandError("没有设置 TELEPHONY_SECRET，平台不接收来电事件。")
        if options["lines"] < 1 or options["calls"] < 1:
            raise CommandError("线路数和来电数至少为 1。")
        base = urlsplit(options["url"])
        kind = HTTPSConnection if base.scheme == "https" else HTTPConnection

        def send(body: bytes, headers: Mapping[str, str]) -> int:
            connection = kind(base.hostname or "127.0.0.1", base.port, timeout=10)
            try:
                connection.request("POST", PATH, body, {**headers, "Content-Type": "application/json"})
                return connection.getresponse().status
            finally:
                connection.close()

        lines = plan(options["calls"], options["lines"], seconds=options["seconds"], extension=options["extension"])
        if options["number"]:
            lines = [[Planned(options["number"], str(options["extension"]), rings=5, talks=options["seconds"])]]
        rung = TelephoneSystem(settings.TELEPHONY_SECRETS[0], send, timezone.now).run(lines)
        self.stdout.write(
            f"来电 {len(rung.calls)} 个，事件 {rung.taken} 个已收到，重发 {rung.repeats} 次，丢失 {rung.lost} 个。"
        )
        if rung.lost:
            raise CommandError("有事件没有被收到。")

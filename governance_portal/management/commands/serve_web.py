"""The web server alone, as a container runs it: checked first, then in this process's place."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from governance_portal import web_server


class Command(BaseCommand):
    """``manage.py serve_web``: refuses to start on what the checks refuse; BIND, PORT, WEB_WORKERS, WEB_THREADS."""

    help = "只启动网页服务（容器用）；先检查设置，有危险的设置时拒绝启动。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the database's contents too, then become gunicorn, so that signals reach it."""
        self.check(databases=["default"])
        connection.close()
        os.execv(sys.executable, web_server.command())  # noqa: S606  no shell is wanted

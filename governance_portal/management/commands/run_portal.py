"""The whole portal in the foreground of one terminal: database, demo, web, worker and clock."""

import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import Tags
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from governance_portal import environment as env
from governance_portal import half_way, web_server
from governance_portal.supervisor import Child, Supervisor

DEMO_ROLES = (
    ("clerk", "受理员"),
    ("operator", "话务员"),
    ("dispatcher", "分流员"),
    ("handler", "承办人"),
    ("mediator", "调解员"),
    ("supervisor", "督办员"),
    ("follow_up", "回访员"),
    ("grid_worker", "网格员"),
    ("centre_lead", "中心负责人"),
    ("leader", "领导"),
    ("sysadmin", "系统管理员"),
    ("secadmin", "安全管理员"),
    ("auditor", "审计员"),
)


class Command(BaseCommand):
    """``manage.py run_portal``: what ``make run`` runs; PORT, BIND, PORTAL_VAR and DEMO_PASSWORD as in .env.example."""

    help = "启动整个平台（网页、后台任务、时钟），停在前台；Ctrl-C 全部结束。"
    requires_system_checks: list[str] = []  # run below, so that nothing starts on a refusal and the answer is plain

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, start, stay. Raises ``CommandError`` before anything is started, exits 1 when a part keeps dying."""
        self.bind, self.port = env.text("BIND"), env.number("PORT")
        self._address_is_free()
        # Not all checks: loading every view here, only to load them again in the web server, costs seconds.
        self.check(tags=["portal"])
        self._bring_the_schema_up_to_date()
        self.check(tags=[Tags.database], databases=["default"])
        self._gather_static_files()
        empty = self._is_empty()
        supervisor = Supervisor(self._say)
        connection.close()  # each process opens its own
        supervisor.start(Child("网页服务", web_server.command()))
        answering = supervisor.wait_for(self._answers, 60)
        supervisor.start(
            Child("后台任务", self._celery("worker", "--pool=threads", "--without-gossip", "--without-mingle"))
        )
        supervisor.start(Child("时钟", self._celery("beat")))
        if answering:
            self._welcome()
            if settings.DEMO and empty:
                self._fill(supervisor)
            elif settings.SIMULATE:
                self._simulate(supervisor)
        status = supervisor.run()
        self._say("平台已停止。")
        if status:
            sys.exit(status)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _address_is_free(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.bind, self.port))
            except OSError:
                raise CommandError(f"端口 {self.port} 已被占用。换一个端口：PORT=8001 make run") from None

    def _bring_the_schema_up_to_date(self) -> None:
        half_way.refuse()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._say("正在准备数据库……")
            call_command("migrate", interactive=False, verbosity=0)

    def _gather_static_files(self) -> None:
        """Collect and compress once; again when a source is newer than the manifest, which is written last."""
        manifest = settings.STATIC_ROOT / "staticfiles.json"
        sources = [
            *settings.STATICFILES_DIRS,
            settings.BASE_DIR / "package-lock.json",
            settings.BASE_DIR / "requirements.txt",
        ]
        newest = max(
            (path.stat().st_mtime for source in sources for path in [source, *Path(source).rglob("*")]), default=0
        )
        if not manifest.is_file() or manifest.stat().st_mtime < newest:
            call_command("collectstatic", interactive=False, verbosity=0)

    def _is_empty(self) -> bool:
        if (settings.VAR_DIR / "demo.unfinished").exists():
            return True
        return not get_user_model()._default_manager.filter(username__in=settings.DEMO_USERNAMES).exists()

    def _celery(self, *words: str) -> list[str]:
        return [
            sys.executable,
            "-m",
            "celery",
            "--app",
            "governance_portal",
            "--quiet",
            *words,
            "--loglevel",
            "warning",
        ]

    def _local(self, path: str = "/") -> str:
        host = "127.0.0.1" if self.bind in {"0.0.0.0", "::"} else self.bind  # noqa: S104  compared, not bound
        return f"http://{host}:{self.port}{path}"

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self._local("/healthz"), timeout=2) as answer:  # noqa: S310  own address
                return bool(answer.status == 200)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def _welcome(self) -> None:
        self._say(f"\n平台已启动：{self._local()}    （Ctrl-C 停止）")
        if settings.DEMO:
            self._say(f"演示账号（密码均为 {settings.DEMO_PASSWORD}）：")
            self._say("  " + "  ".join(f"{name} {role}" for name, role in DEMO_ROLES))
            if not settings.SIMULATE:
                self._say("想看它忙起来：另开一个窗口运行 make simulate，演示人员会持续登记和办理事项。")

    def _fill(self, supervisor: Supervisor) -> None:
        if "make_demo" not in get_commands():
            self._say("没有 make_demo 命令，未生成演示数据。")
            return
        marker = settings.VAR_DIR / "demo.unfinished"
        marker.touch()

        def told(status: int) -> None:
            if status == 0:
                marker.unlink(missing_ok=True)
            again = f"演示数据没有生成完（退出码 {status}），下次 make run 接着生成。"
            self._say("演示数据已全部生成。" if status == 0 else again)
            if settings.SIMULATE:
                self._simulate(supervisor)

        self._say("正在生成演示数据，账号稍后即可登录；前 60 件先到，其余在后台补齐……")
        supervisor.start(Child("演示数据", [sys.executable, "manage.py", "make_demo"], once=True, ended=told))

    def _simulate(self, supervisor: Supervisor) -> None:
        self._say("演示人员开始办件（SIMULATE=1），随平台一起停止。")
        supervisor.start(Child("模拟办件", [sys.executable, "manage.py", "simulate", "--calm"]))

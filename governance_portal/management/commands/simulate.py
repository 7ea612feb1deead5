"""`manage.py simulate`: the demonstration goes on living while one looks at it."""

from __future__ import annotations

import signal
import sys
import time
from argparse import ArgumentParser
from random import Random
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance_portal.demo.making import is_there
from governance_portal.demo.simulator import Simulator


class Command(BaseCommand):
    """Registers and moves cases at a lively human pace until Ctrl-C."""

    help = "让演示人员持续登记和办理事项（只在演示方式下），Ctrl-C 停止。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--rate: turns a minute; --turns: stop after so many; --calm: tell nothing but the end."""
        parser.add_argument("--rate", type=float, default=12, help="每分钟办几步，默认 12")
        parser.add_argument("--turns", type=int, default=0, help="办满几步就停，默认不停")
        parser.add_argument("--calm", action="store_true", help="不逐条打印")
        parser.add_argument("--seed", type=int, default=None, help="随机数种子，用于重演")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take turns; CommandError where the site is a real one or the demonstration is not there yet."""
        if not settings.DEMO:
            raise CommandError("正式运行时不能模拟办件。")
        if not is_there():
            raise CommandError("还没有演示数据；请先运行 make run，等演示数据生成后再来。")
        if options["rate"] <= 0:
            raise CommandError("--rate 应大于 0，如 12。")
        signal.signal(signal.SIGTERM, _as_ctrl_c)
        chance = Random(options["seed"])  # noqa: S311  nothing secret hangs on it
        simulator = Simulator(timezone.now, chance)
        turns = 0
        try:
            while not options["turns"] or turns < options["turns"]:
                turns += 1
                done = simulator.turn()
                if done.words and not options["calm"]:
                    self.stdout.write(f"{timezone.localtime():%H:%M:%S}　{done.words}")
                    self.stdout.flush()
                if turns != options["turns"]:
                    time.sleep(60 / options["rate"] * chance.uniform(0.5, 1.5))
        except KeyboardInterrupt:
            pass
        self.stdout.write(f"模拟已停止：登记 {simulator.registered} 件，办理 {simulator.moved} 步。")


def _as_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stdout.flush()
    raise KeyboardInterrupt

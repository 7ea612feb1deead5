"""Which faults, when: one after another, with the worker killed all through."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults.harness.broker import Proxy, Redis
from tests.faults.harness.pages import Readers, Timed
from tests.faults.harness.place import Place, faketime
from tests.faults.harness.plan import Plan
from tests.faults.harness.postgres import Cluster
from tests.faults.harness.processes import Portal
from tests.gateway.server import Gateway


@dataclass
class Happened:
    """What was done to the portal, as it was done."""

    kills: int = 0
    emptied: list[int] = field(default_factory=list)
    restarts: list[tuple[str, float]] = field(default_factory=list)
    skews: list[str] = field(default_factory=list)
    quiet: Timed = field(default_factory=Timed)
    silent: Timed = field(default_factory=Timed)
    silence: float = 0.0
    gateway_failures: str = ""


@dataclass
class Faults:
    """Everything that can be broken."""

    place: Place
    portal: Portal
    cluster: Cluster
    redis: Redis
    proxy: Proxy
    readers: Readers
    gateway: Gateway
    say: Callable[[str], None]
    chance: random.Random

    def run(self, plan: Plan) -> Happened:
        """Do the plan."""
        done = Happened()
        self.readers.time(2.0)  # what each process does the first time only
        self.say("pages while all is well")
        done.quiet = self.readers.time(plan.quiet_pages)
        self._fall_silent(plan, done)
        self.gateway.behave("drop", times=plan.dropped)
        done.gateway_failures = f"{plan.dropped} answers cut off"
        killing = threading.Thread(target=self._kill, args=(plan, done))
        killing.start()
        self._skew(plan, done)
        for how in plan.restarts:
            self.say(f"PostgreSQL restarts ({how})")
            done.restarts.append((how, self.cluster.restart(how)))
            time.sleep(6)
        killing.join()
        return done

    def _fall_silent(self, plan: Plan, done: Happened) -> None:
        self.say(f"the broker falls silent for {plan.silence:.0f} s")
        began = time.monotonic()
        self.proxy.fall_silent()
        done.silent = self.readers.time(plan.silence)
        self.proxy.speak_again()
        done.silence = time.monotonic() - began

    def _kill(self, plan: Plan, done: Happened) -> None:
        empty_at = {round((number + 1) * plan.kills / (plan.empties + 1)) for number in range(plan.empties)}
        for number in range(1, plan.kills + 1):
            time.sleep(self.chance.uniform(*plan.kill_every))
            self.portal.kill_a_worker(number)
            done.kills += 1
            if number in empty_at:
                done.emptied.append(self.redis.empty())
            if number % 10 == 0 or number == plan.kills:
                self.say(f"{number} kills")

    def _skew(self, plan: Plan, done: Happened) -> None:
        if faketime() is None:
            return
        for name, clock in self.place.clocks.items():
            for days in (3, -3):
                self.say(f"the clock of {name} goes to {days:+d} days")
                clock.move(days)
                time.sleep(plan.skew_seconds)
                clock.move(0)
                time.sleep(plan.skew_seconds)
                done.skews.append(f"{name} {days:+d} d")

"""Times calls: one or several clients, each a process of its own, for a bounded time; p50, p95 and calls a second."""

from __future__ import annotations

import gc
import math
import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: Makes what a client calls again and again; called inside the client's own process with the client's number.
Opening = Callable[[int], Callable[[], None]]
WARM_UP = 4


@dataclass(frozen=True)
class Figures:
    """What was measured: milliseconds, calls a second over all clients, how many calls; `failed` must be none."""

    p50: float
    p95: float
    rate: float
    calls: int


class WorkIsOver(Exception):
    """A client has used up what was prepared for it."""


def measure(opening: Opening, clients: int, seconds: float) -> Figures:
    """Run `clients` processes for `seconds`, each calling as fast as it is answered; raises what a client raised."""
    context = multiprocessing.get_context("fork")
    start = context.Barrier(clients)
    pipes, processes = [], []
    for number in range(clients):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_client, args=(opening, number, seconds, start, theirs))
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    answers = [_received(pipe) for pipe in pipes]
    for process in processes:
        process.join()
    if broken := [answer for answer in answers if isinstance(answer, str)]:
        raise RuntimeError(broken[0])
    times = sorted(taken for answer in answers for taken in answer[1])
    rate = sum(len(taken) / spent for spent, taken in answers if spent)
    return Figures(_at(times, 0.5), _at(times, 0.95), rate, len(times))


def _received(pipe: Any) -> Any:
    try:
        return pipe.recv()
    except EOFError:
        return "a client ended without an answer"


def _client(opening: Opening, number: int, seconds: float, start: Any, pipe: Any) -> None:
    try:
        call = opening(number)
        for _ in range(WARM_UP):
            call()
    except Exception as error:
        start.abort()
        pipe.send(f"client {number}: {error!r}")
        return
    gc.disable()
    taken: list[float] = []
    try:
        start.wait(60)
        began = time.perf_counter()
        ends, before = began + seconds, began
        while before < ends:
            call()
            after = time.perf_counter()
            taken.append((after - before) * 1000)
            before = after
        pipe.send((before - began, taken))
    except WorkIsOver:
        pipe.send((time.perf_counter() - began, taken))
    except Exception as error:
        pipe.send(f"client {number}: {error!r}")


def yardstick() -> float:
    """Return the seconds of processor time that five million additions take: how fast this machine is just now."""
    began, total = time.process_time(), 0
    for number in range(5_000_000):
        total += number
    return time.process_time() - began


def here(call: Callable[[], Any], times: int) -> Figures:
    """Time calls in this very process."""
    for _ in range(WARM_UP):
        call()
    taken = []
    began = time.perf_counter()
    for _ in range(times):
        before = time.perf_counter()
        call()
        taken.append((time.perf_counter() - before) * 1000)
    return Figures(_at(sorted(taken), 0.5), _at(sorted(taken), 0.95), times / (time.perf_counter() - began), times)


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(math.ceil(len(ordered) * share), len(ordered)) - 1] if ordered else math.nan

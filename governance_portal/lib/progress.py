"""How far a long command is: plain lines on a terminal, every two seconds; nothing where nobody watches (a file, a pipe)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import Protocol, TypeVar

T = TypeVar("T")

SECONDS = 2.0
"""Between two lines of the same work."""


class Stream(Protocol):
    """What a command writes to: Django's OutputWrapper, a file."""

    def isatty(self) -> bool: ...
    def write(self, text: str, /) -> object: ...


class Progress:
    """Says how many rows a work has gone through; ``say`` gets one line without its end, None says nothing."""

    def __init__(self, say: Callable[[str], object] | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._say, self._clock = say, clock

    def over(self, work: str, rows: Iterable[T]) -> Iterator[T]:
        """Yield the rows; 「写入 1,200/9,000 行（13 %）……」 every ``SECONDS``, and one line at the end when any was said.

        A row counts once the work comes back for the next one. The whole is named where the rows know their number.
        """
        if self._say is None:
            yield from rows
            return
        total = len(rows) if isinstance(rows, Sized) else 0
        said_at, done, spoken = self._clock(), 0, False
        for row in rows:
            yield row
            done += 1
            if self._clock() - said_at >= SECONDS:
                said_at, spoken = self._clock(), True
                whole = f"/{total:,} 行（{done * 100 // total} %）" if total else " 行"
                self._say(f"{work} {done:,}{whole}……")
        if spoken:
            self._say(f"{work} {done:,} 行，完成。")


SILENT = Progress(None)


def on_terminal(stream: Stream) -> Progress:
    """Progress on a stream that somebody watches, else silence."""
    return Progress(lambda line: stream.write(f"{line}\n")) if stream.isatty() else SILENT

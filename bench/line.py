"""A slow line of our own between a browser and the portal: so many bytes a second in each direction, so long there and back.

The browser's own emulation slows a page, but not what its service worker fetches for it; bytes and requests are counted here, where all
of them pass. All connections share the line, as they do on a phone; a new one costs one way there and back, as TCP does.
"""

from __future__ import annotations

import asyncio
import re
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_REQUEST = re.compile(rb"(?:GET|POST|HEAD|PUT|PATCH|DELETE) [^ \r\n]+ HTTP/1\.1\r\n")
_PIECE = 2048


@dataclass
class Line:
    """What came down the line since `reset` (bytes with headers) and how many requests went up."""

    address: str = ""
    down: int = 0
    requests: int = 0
    _free: dict[str, float] = field(default_factory=dict)

    def reset(self) -> None:
        """Begin to count anew."""
        self.down = self.requests = 0


@contextmanager
def slow(address: str, bytes_a_second: int, latency_ms: int) -> Iterator[Line]:
    """Serve `address` again at `Line.address`, slowly, until the end of the block."""
    line, loop, ready = Line(), asyncio.new_event_loop(), threading.Event()
    server = urllib.parse.urlsplit(address)

    async def serve() -> None:
        async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(latency_ms / 1000)
            there, back = await asyncio.open_connection(server.hostname, server.port)
            up = _pump(line, "up", reader, back, bytes_a_second, latency_ms)
            down = _pump(line, "down", there, writer, bytes_a_second, latency_ms)
            await asyncio.gather(up, down, return_exceptions=True)

        listening = await asyncio.start_server(met, "127.0.0.1", 0)
        line.address = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        ready.set()
        await listening.serve_forever()

    def run() -> None:
        asyncio.set_event_loop(loop)
        task = loop.create_task(serve())
        line.__dict__["stop"] = lambda: loop.call_soon_threadsafe(task.cancel)
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            pass

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield line
    finally:
        line.__dict__["stop"]()
        thread.join(10)


async def _pump(
    line: Line,
    way: str,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    bytes_a_second: int,
    latency_ms: int,
) -> None:
    """Carry one direction of one connection: each piece waits for the line to be free, then half of there-and-back."""
    clock, under_way = asyncio.get_running_loop().time, asyncio.Queue[tuple[float, bytes]]()

    async def deliver() -> None:
        while True:
            due, piece = await under_way.get()
            if not piece:
                writer.close()
                return
            await asyncio.sleep(max(0.0, due - clock()))
            writer.write(piece)
            await writer.drain()

    delivering = asyncio.create_task(deliver())
    try:
        while piece := await reader.read(_PIECE):
            if way == "down":
                line.down += len(piece)
            else:
                line.requests += len(_REQUEST.findall(piece))
            begun = max(clock(), line._free.get(way, 0.0))
            line._free[way] = begun + len(piece) / bytes_a_second
            await under_way.put((line._free[way] + latency_ms / 2000, piece))
    except ConnectionError:
        pass
    await under_way.put((0.0, b""))
    await delivering

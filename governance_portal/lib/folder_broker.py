"""Celery's folder transport with one repair: a message is in the folder whole, or not there.

kombu's own writes into the file the reader is already allowed to take; a worker that is faster reads nothing, and dies
of it ("Unrecoverable error: JSONDecodeError", seen with kombu 5.6 on a busy machine). Here a message is written under
another name and renamed, which is atomic.
"""

from __future__ import annotations

import os
import time
import uuid
from json import dumps
from pathlib import Path
from typing import Any

from kombu.transport import filesystem  # type: ignore[import-untyped]


class Channel(filesystem.Channel):  # type: ignore[misc]
    """A folder of messages named as kombu names them, so that its reader finds them."""

    def _put(self, queue: str, payload: Any, **_more: Any) -> None:  # type: ignore[override]  # as kombu's own does
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        half = folder / f"{name}.part"  # No queue is called "….msg.part": nobody takes it.
        half.write_text(dumps(payload), encoding="utf-8")
        os.replace(half, folder / name)


class Transport(filesystem.Transport):  # type: ignore[misc]
    """`folders://`: for one machine without Redis."""

    Channel = Channel

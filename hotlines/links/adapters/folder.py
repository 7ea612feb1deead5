"""The line to a system without an interface: a folder that both can reach (SFTP and the like).

    out/      our letters; the other side takes them away
    in/       what it puts there for us
    done/     what we took, for a week
    refused/  what we could not take, each with a note in Chinese beside it; never silently dropped; for a month

A letter is written under another name and renamed, so that it is there whole or not at all. The folders are made when the
line is set up; afterwards one that is missing means that the other side is away, and nothing is written beside it.
"""

from __future__ import annotations

import json
import os
import re
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from hotlines.links.reading import read_bytes
from hotlines.links.words import Away, Fetched, Item, Letter, Outcome, Unreadable
from hotlines.models import Line

ROOMS = ("out", "in", "done", "refused")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")
LARGEST, MOST_ITEMS = 24 * 1024 * 1024, 200
#: A file that cannot be read may still be being written for so long.
HALF_WRITTEN = timedelta(minutes=2)
KEPT, REFUSED_KEPT = timedelta(days=7), timedelta(days=30)
#: A note's name is its file's and an ending; a name has 255 bytes.
LONGEST_STEM = 200
AWAY = "交换文件夹不在，可能没有挂载"


class Folder:
    """A line through a folder."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._place = place_of(line)

    def send(self, letter: Letter) -> Outcome:
        """Put the letter into out/, under a name that sorts in the order of its matter."""
        name = f"{letter.reference}-{letter.seq:05d}-{letter.uid}.json"
        text = json.dumps(letter.as_json(), ensure_ascii=False, indent=1)
        try:
            _whole(self._room("out") / name, text.encode())
        except (OSError, Away):
            return Outcome(False, AWAY)
        return Outcome(True, "已放入交换文件夹")

    def fetch(self, since: str, now: datetime) -> Fetched:
        """Read what lies in in/, the oldest first; a file still being written is left for the next time."""
        try:
            found = sorted((path for path in self._room("in").iterdir() if _is_meant(path)), key=_age)
            items = [item for path in found[:MOST_ITEMS] if (item := self._item(path, now)) is not None]
            self._tidy(now)
        except OSError:
            raise Away(AWAY) from None
        return Fetched(tuple(items), since, len(found) > MOST_ITEMS)

    def settle(self, item: Item, refusal: str = "") -> None:
        """Move the file to done/, or to refused/ with a note that says why."""
        try:
            path = self._room("in") / item.handle
            if not path.exists():
                return  # settled before a kill
            target = _free(self._room("refused" if refusal else "done") / item.handle)
            if refusal:
                note = f"文件：{item.handle}\n没有接收的原因：{refusal}\n请改正后用新的文件名重新放入 in 文件夹。\n"
                _whole(_beside(target), note.encode("utf-8", "replace"))
            path.replace(target)
            os.utime(target)
        except OSError:
            raise Away(AWAY) from None

    def _item(self, path: Path, now: datetime) -> Item | None:
        try:
            if path.stat().st_size > LARGEST:
                return Item(path.name, None, "文件超过 24 MB，请分成几份。")
            return Item(path.name, read_bytes(self._line, path.read_bytes()))
        except FileNotFoundError:
            return None  # they took it back
        except PermissionError:
            return Item(path.name, None, "没有读这个文件的权限；请改正权限后重新放入。")
        except Unreadable as trouble:
            young = now.timestamp() - path.stat().st_mtime < HALF_WRITTEN.total_seconds()
            return None if young else Item(path.name, None, str(trouble))

    def _room(self, name: str) -> Path:
        room = self._place / name
        if not room.is_dir():
            raise Away(AWAY)
        return room

    def _tidy(self, now: datetime) -> None:
        """What was taken holds people's data and goes after a week, it is in the case; what was refused after a month."""
        for room, kept in (("done", KEPT), ("refused", REFUSED_KEPT)):
            for path in self._room(room).iterdir():
                if now.timestamp() - path.stat().st_mtime > kept.total_seconds():
                    path.unlink(missing_ok=True)


def place_of(line: Line) -> Path:
    """Return the line's folder below `LINKS_FOLDER`; Away for a name that would lead elsewhere."""
    if not NAME.fullmatch(line.address):
        raise Away("文件夹名只能用字母、数字、横线和下划线")
    return Path(settings.LINKS_FOLDER) / line.address


def make_rooms(line: Line) -> None:
    """Make the four folders, when a line is set up."""
    for room in ROOMS:
        (place_of(line) / room).mkdir(mode=0o770, parents=True, exist_ok=True)


def _is_meant(path: Path) -> bool:
    """Names by which the other side writes are not for us yet."""
    return path.is_file() and not path.name.startswith(".") and path.suffix not in (".part", ".tmp", ".filepart")


def _age(path: Path) -> tuple[float, str]:
    return path.stat().st_mtime, path.name


def _free(path: Path) -> Path:
    """A name that nobody has yet: the same file name may come twice."""
    number = 1
    found = path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def _beside(path: Path) -> Path:
    """Where the note about a file stands."""
    stem = os.fsencode(path.name)[:LONGEST_STEM].decode("utf-8", "ignore")
    return _free(path.with_name(f"{stem}.说明.txt"))


def _whole(path: Path, data: bytes) -> None:
    """Write a file under another name, make it safe, then rename it."""
    half = path.with_name(f".{path.name}.part")
    with half.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    half.replace(path)

"""Just enough of PDF to say which characters are printed and whether their type is in the file."""

from __future__ import annotations

import re
import zlib


def streams_of(made: bytes) -> list[bytes]:
    """Every stream, unpacked, and the bare file in front."""
    found = [made]
    for start in re.finditer(rb"stream\r?\n", made):
        try:
            found.append(zlib.decompressobj().decompress(made[start.end() :]))
        except zlib.error:
            continue
    return found


def characters_of(made: bytes) -> set[str]:
    """What the ToUnicode tables say is printed, one entry per glyph's text."""
    printed: set[str] = set()
    for stream in streams_of(made):
        if b"begincmap" not in stream:
            continue
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", stream, re.S):
            for _, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
                printed.update(bytes.fromhex(text.decode()).decode("utf-16-be"))
        for block in re.findall(rb"beginbfrange(.*?)endbfrange", stream, re.S):
            for first, last, text in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
                start = ord(bytes.fromhex(text.decode()).decode("utf-16-be"))
                printed.update(chr(start + n) for n in range(int(last, 16) - int(first, 16) + 1))
    return printed


def faces_of(made: bytes) -> tuple[set[str], bool]:
    """The names of the type used, and whether each of them lies in the file."""
    whole = b"\n".join(streams_of(made))
    names = {name.decode().split("+")[-1] for name in re.findall(rb"/FontName\s*/([^\s/>]+)", whole)}
    return names, len(re.findall(rb"/FontFile[23]?\s", whole)) >= len(re.findall(rb"/FontName", whole)) > 0

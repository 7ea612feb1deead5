"""Photos for the stories: small drawn scenes, the same bytes each time, of nothing and nobody that exists."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (480, 320)
_SKY, _WALL, _GROUND, _SNOW = (196, 206, 214), (170, 148, 128), (112, 108, 104), (232, 236, 238)
_DARK, _RED, _YELLOW, _GREEN = (52, 48, 46), (178, 44, 40), (222, 178, 60), (72, 128, 84)
_PIPE = (208, 168, 52)


def draw(scene: str) -> bytes:
    """PNG bytes of a scene; KeyError for one that nobody drew."""
    image = Image.new("RGB", SIZE, _SKY)
    pen = ImageDraw.Draw(image)
    _SCENES[scene](pen)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _corridor(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, 480, 320), fill=(206, 202, 194))
    pen.polygon([(0, 320), (160, 190), (320, 190), (480, 320)], fill=_GROUND)
    pen.rectangle((160, 60, 320, 190), fill=(188, 184, 178))
    pen.rectangle((200, 84, 280, 190), fill=_GREEN)


def _corridor_blocked(pen: ImageDraw.ImageDraw) -> None:
    _corridor(pen)
    for left, top, colour in ((96, 210, _WALL), (150, 176, _YELLOW), (214, 200, _WALL), (280, 222, _RED)):
        pen.rectangle((left, top, left + 84, top + 84), fill=colour, outline=_DARK, width=3)


def _gas(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, 480, 320), fill=(224, 220, 210))
    pen.line([(60, 0), (60, 210), (250, 210)], fill=_PIPE, width=16)
    pen.rectangle((250, 168, 380, 252), fill=_DARK)
    pen.ellipse((286, 182, 344, 240), outline=_SKY, width=5)


def _gas_old_hose(pen: ImageDraw.ImageDraw) -> None:
    _gas(pen)
    pen.line([(250, 230), (180, 290), (330, 300), (420, 262)], fill=_RED, width=9, joint="curve")


def _gas_new_hose(pen: ImageDraw.ImageDraw) -> None:
    _gas(pen)
    pen.line([(316, 252), (316, 300), (440, 300)], fill=_YELLOW, width=10)


def _road(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 150, 480, 320), fill=_SNOW)
    pen.polygon([(150, 150), (330, 150), (480, 320), (0, 320)], fill=_GROUND)
    pen.line([(240, 150), (240, 320)], fill=_SNOW, width=6)


def _road_hole(pen: ImageDraw.ImageDraw) -> None:
    _road(pen)
    pen.ellipse((136, 226, 300, 292), fill=_DARK)
    pen.polygon([(330, 276), (366, 196), (402, 276)], fill=_RED)


def _wires(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 210, 480, 320), fill=_WALL)
    for left in (90, 360):
        pen.rectangle((left, 40, left + 14, 290), fill=_DARK)


def _wires_low(pen: ImageDraw.ImageDraw) -> None:
    _wires(pen)
    for sag in (60, 110, 160):
        pen.line([(97, 60), (180, 60 + sag), (260, 70 + sag), (367, 64)], fill=_DARK, width=4, joint="curve")


def _wires_tight(pen: ImageDraw.ImageDraw) -> None:
    _wires(pen)
    for top in (56, 76):
        pen.line([(97, top), (367, top)], fill=_DARK, width=4)


def _wall_cracked(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((40, 60, 440, 300), fill=_WALL)
    pen.line([(120, 60), (168, 132), (140, 190), (204, 300)], fill=_DARK, width=8)


def _wall_propped(pen: ImageDraw.ImageDraw) -> None:
    _wall_cracked(pen)
    for left in (90, 230, 350):
        pen.line([(left, 300), (left + 60, 90)], fill=_YELLOW, width=10)
    pen.line([(40, 280), (440, 280)], fill=_RED, width=8)


_SCENES: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "corridor": _corridor,
    "corridor_blocked": _corridor_blocked,
    "gas_old_hose": _gas_old_hose,
    "gas_new_hose": _gas_new_hose,
    "road": _road,
    "road_hole": _road_hole,
    "wires_low": _wires_low,
    "wires_tight": _wires_tight,
    "wall_cracked": _wall_cracked,
    "wall_propped": _wall_propped,
}

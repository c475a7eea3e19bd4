"""Small drawn pictures for the samples, made when they are played."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

_SIZE = (640, 420)
_SKY, _STREET, _GRASS = "#cfe3f2", "#6d727d", "#9dbb86"

Pen = ImageDraw.ImageDraw


def _traffic_light(pen: Pen) -> None:
    pen.rectangle((312, 190, 328, 330), fill="#3a3f4b")
    pen.rounded_rectangle((280, 50, 360, 210), 16, fill="#22252d")
    for top in (62, 110, 158):
        pen.ellipse((300, top, 340, top + 40), fill="#3d414c", outline="#50545f", width=3)


def _bags(pen: Pen) -> None:
    pen.rounded_rectangle((90, 170, 230, 340), 12, fill="#2e6b4f")
    pen.ellipse((130, 200, 190, 240), fill="#17392a")
    for left, top, colour in ((250, 260, "#3b3f8f"), (330, 240, "#2b2e38"), (400, 275, "#3b3f8f")):
        pen.ellipse((left, top, left + 110, top + 90), fill=colour)
        pen.polygon([(left + 45, top + 8), (left + 65, top + 8), (left + 55, top - 18)], fill=colour)


def _pothole(pen: Pen) -> None:
    pen.rectangle((0, 300, 640, 306), fill="#e8e8e8")
    pen.ellipse((210, 325, 440, 395), fill="#3c3f47")
    pen.ellipse((240, 338, 410, 388), fill="#26282e")
    pen.line([(440, 350), (500, 330), (540, 345)], fill="#3c3f47", width=5)


def _dark_lamp(pen: Pen) -> None:
    pen.rectangle((0, 0, 640, 310), fill="#1d2438")
    pen.rectangle((316, 90, 326, 330), fill="#8b909c")
    pen.line([(321, 95), (400, 80)], fill="#8b909c", width=8)
    pen.rounded_rectangle((385, 72, 450, 96), 8, fill="#50545f")
    pen.ellipse((80, 50, 120, 90), fill="#f0edd8")


def _blocked_lane(pen: Pen) -> None:
    pen.rectangle((0, 330, 640, 420), fill="#a8503f")
    pen.rounded_rectangle((180, 270, 470, 360), 24, fill="#d7d9de")
    pen.polygon([(230, 272), (270, 220), (390, 220), (430, 272)], fill="#b8c7d6")
    for left in (215, 385):
        pen.ellipse((left, 335, left + 55, 390), fill="#22252d")


_DRAWINGS: dict[str, Callable[[Pen], None]] = {
    "traffic_light": _traffic_light,
    "bags": _bags,
    "pothole": _pothole,
    "dark_lamp": _dark_lamp,
    "blocked_lane": _blocked_lane,
}


def draw(name: str) -> bytes:
    """The drawing of that name as a JPEG of 640 x 420 pixels; raises `KeyError` for an unknown name."""
    image = Image.new("RGB", _SIZE, _SKY)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 290, 640, 420), fill=_STREET)
    pen.rectangle((0, 270, 640, 290), fill=_GRASS)
    _DRAWINGS[name](pen)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()

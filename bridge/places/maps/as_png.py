"""The map as a picture for mails, drawn larger and reduced so that its edges are smooth."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont

from bridge.places.maps import style
from bridge.places.maps.frame import XY
from bridge.places.maps.scene import Name, Scene

_FONT = Path(__file__).with_name("font") / "DejaVuSans-Latin.ttf"
_SHARP = 2
"""Pixels of the picture for each of the map's."""
_FINE = 2
"""How much larger than that it is drawn."""
_BIG = _SHARP * _FINE


def render(scene: Scene) -> bytes:
    """The picture as PNG, `_SHARP` times the frame's width and height."""
    size = scene.frame.width * _BIG, scene.frame.height * _BIG
    image = Image.new("RGB", size, style.GROUND)
    draw = ImageDraw.Draw(image, "RGBA")
    for ring in scene.borders:
        draw.line(_big(ring), fill=style.BORDER, width=_BIG)
    for ring in scene.areas:
        draw.polygon(_big(ring), fill=(*ImageColor.getrgb(style.MARK)[:3], 46))
        draw.line(_big(ring), fill=style.MARK, width=2 * _BIG, joint="curve")
    for name in scene.names:
        _name(draw, name)
    if scene.pin:
        _pin(draw, scene.pin)
    if scene.label_at:
        _text(draw, scene.label_at, scene.title, style.STRONG, style.INK, "ms")
    _legend(draw, scene)
    return _encode(image)


def _encode(image: Image.Image) -> bytes:
    out = BytesIO()
    few_colours = image.reduce(_FINE).quantize(64, Image.Quantize.FASTOCTREE)
    few_colours.save(out, "PNG")
    return out.getvalue()


def _name(draw: ImageDraw.ImageDraw, name: Name) -> None:
    x, y = name.xy
    if name.dot:
        draw.circle((x * _BIG, y * _BIG), 3 * _BIG, fill=style.DOT)
        _text(draw, (x + 7, y + 4), name.text, style.TEXT, style.QUIET, "ls")
    else:
        _text(draw, name.xy, name.text, style.TEXT, style.QUIET, "ms")


def _pin(draw: ImageDraw.ImageDraw, tip: XY) -> None:
    x, y, r = tip[0] * _BIG, tip[1] * _BIG, style.PIN * _BIG
    for grown, colour in ((2 * _BIG, style.HALO), (0, style.MARK)):
        draw.polygon(
            [(x, y + grown), (x - r - grown, y - 1.7 * r), (x + r + grown, y - 1.7 * r)], fill=colour
        )
        draw.circle((x, y - 2 * r), r + grown, fill=colour)
    draw.circle((x, y - 2 * r), r / 3, fill=style.HALO)


def _legend(draw: ImageDraw.ImageDraw, scene: Scene) -> None:
    long, words = scene.frame.bar()
    y = scene.frame.height - 14
    draw.line(_big([(16, y - 5), (16, y), (16 + long, y), (16 + long, y - 5)]), fill=style.INK, width=_BIG)
    _text(draw, (22 + long, y), words, style.SMALL, style.INK, "ls")
    _text(draw, (scene.frame.width - 10, y), style.CREDIT, style.SMALL, style.QUIET, "rs")


def _text(  # noqa: PLR0917 - six things make a word on paper
    draw: ImageDraw.ImageDraw, at: XY, words: str, height: int, colour: str, anchor: str
) -> None:
    place = at[0] * _BIG, at[1] * _BIG
    font = _font(height * _BIG)
    draw.text(place, words, style.GROUND, font, anchor, stroke_width=3 * _BIG // 2)
    draw.text(place, words, colour, font, anchor, stroke_width=_BIG // 4 if height == style.STRONG else 0)


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size)


def _big(points: list[XY]) -> list[XY]:
    return [(x * _BIG, y * _BIG) for x, y in points]

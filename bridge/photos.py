"""Turns a stranger's picture into a plain JPEG that carries nothing but its pixels."""

import hashlib
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import ExifTags, Image, ImageOps

from bridge.domain import PermanentError, Point

MAX_BYTES = 12_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_MEGAPIXELS = 36
"""What fits into 400 MB in the worst case, a progressive JPEG whose colours are as fine as its light."""
MAX_MEGAPIXELS_UNPACKED_WHOLE = 20
"""For all but photographs: up to 16 bytes a pixel are needed, and no phone writes such or CMYK."""


def clean(content: bytes, max_side: int = 1600) -> bytes:
    """Write the picture anew as a JPEG no longer than `max_side` pixels on either side.

    The camera's orientation is applied, transparency becomes white, of an animation the first frame stays,
    and no metadata survives. Raises `PermanentError` for anything but a whole JPEG, PNG, WebP or GIF within
    12 MB and 36 megapixels (20 where it is no JPEG, or one for print).
    """
    with _opened(content) as image:
        orientation = _exif(image).get(ExifTags.Base.Orientation, 1)
        # A palette cannot be shrunk smoothly.
        picture = image if image.mode in ("RGB", "RGBA", "L", "CMYK") else image.convert("RGBA")
        picture.thumbnail((max_side, max_side))
        return _jpeg(picture, orientation)


def gps(content: bytes) -> Point | None:
    """Where the camera stood, read from the picture before it is cleaned; None where it does not say.

    Most platforms strip this before anybody else sees the picture, so expect None: it mostly helps with
    pictures that came by another way. Raises `PermanentError` like `clean`.
    """
    with _opened(content) as image:
        tags = _exif(image).get_ifd(ExifTags.IFD.GPSInfo)
        try:
            lat = _degrees(tags[ExifTags.GPS.GPSLatitude], tags[ExifTags.GPS.GPSLatitudeRef], "S")
            lon = _degrees(tags[ExifTags.GPS.GPSLongitude], tags[ExifTags.GPS.GPSLongitudeRef], "W")
            return Point(lat=lat, lon=lon)
        except (KeyError, TypeError, ValueError, ZeroDivisionError):
            return None


def keep(content: bytes, folder: Path) -> str:
    """Store a clean picture in `folder`, whole or not at all; the same picture has the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(content).hexdigest()[:32]}.jpg"
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
    return path.name


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    if len(content) > MAX_BYTES:
        raise PermanentError(f"the picture has more than {MAX_BYTES // 1_000_000} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=FORMATS) as image:
                _check_size(image)
                yield image
    except PermanentError:
        raise
    except Exception as error:  # Broken pictures make Pillow raise nearly anything.
        raise PermanentError(f"not a whole JPEG, PNG, WebP or GIF picture: {type(error).__name__}") from error


def _exif(image: Image.Image) -> Image.Exif:
    """What the camera noted; nothing where that is broken, which must not cost the picture."""
    try:
        return image.getexif()
    except Exception:  # As wild as broken pictures.
        return Image.Exif()


def _check_size(image: Image.Image) -> None:
    # MPO is what several phones write: a JPEG with a second picture behind it.
    photograph = image.format in ("JPEG", "MPO") and image.mode != "CMYK"
    limit = MAX_MEGAPIXELS if photograph else MAX_MEGAPIXELS_UNPACKED_WHOLE
    if math.prod(image.size) > limit * 1_000_000:
        raise PermanentError(f"the picture has more than {limit} megapixels")


def _jpeg(picture: Image.Image, orientation: int) -> bytes:
    # Pillow carries comments over when it saves an opened picture; a new canvas has none to carry.
    canvas = Image.new("RGB", picture.size, "white")
    canvas.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    canvas.getexif()[ExifTags.Base.Orientation] = orientation
    written = BytesIO()
    ImageOps.exif_transpose(canvas).save(written, "JPEG", quality=85)
    return written.getvalue()


def _degrees(parts: tuple[float, float, float], hemisphere: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if hemisphere == negative else value

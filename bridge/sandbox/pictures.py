"""What the network accepts as a picture."""

import io

from PIL import Image, UnidentifiedImageError

from bridge.sandbox.records import RefusalError

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 33_177_600
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}


def inspect(picture: bytes) -> tuple[str, int, int]:
    """Media type, width and height in pixels of a JPEG or PNG; else raises `RefusalError` 422."""
    if len(picture) > MAX_BYTES:
        raise RefusalError(422, "Validation failed: File file size must be less than 8 MB")
    try:
        with Image.open(io.BytesIO(picture), formats=list(TYPES)) as image:
            mime, (width, height) = TYPES[image.format or ""], image.size
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise RefusalError(
            422, "Validation failed: File has contents that are not what they are reported to be"
        ) from None
    if width * height > MAX_PIXELS:
        raise RefusalError(422, f"Validation failed: {width}x{height} images are not supported")
    return mime, width, height

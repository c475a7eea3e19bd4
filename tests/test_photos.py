"""What becomes of pictures strangers send: only their pixels stay, and nothing hostile gets through."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from bridge.domain import PermanentError, Point
from bridge.photos import clean, gps

MARK = "GEHEIM-4711"


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **extra: object
) -> bytes:
    written = BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(written, kind, **extra)
    return written.getvalue()


def exif(orientation: int = 1, place: dict[int, object] | None = None) -> Image.Exif:
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    tags[ExifTags.Base.Artist] = MARK
    tags.get_ifd(ExifTags.IFD.GPSInfo).update(place or {})
    return tags


def position(lat: object, north: str, lon: object, east: str) -> dict[int, object]:
    keys = ExifTags.GPS
    return {
        keys.GPSLatitudeRef: north,
        keys.GPSLatitude: lat,
        keys.GPSLongitudeRef: east,
        keys.GPSLongitude: lon,
    }


def png_of_zeros(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + width // 8)) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def png_with_text() -> bytes:
    info = PngInfo()
    info.add_text("Author", MARK)
    info.add_itxt("XML:com.adobe.xmp", f"<x>{MARK}</x>")
    return picture("PNG", pnginfo=info)


def with_iptc() -> bytes:
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(MARK)) + MARK.encode() + b"\x00"
    whole = picture()
    return whole[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + whole[2:]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_usual_picture_becomes_a_jpeg(kind: str) -> None:
    cleaned = Image.open(BytesIO(clean(picture(kind))))
    assert (cleaned.format, cleaned.mode, cleaned.size) == ("JPEG", "RGB", (60, 40))
    red, green, blue = cleaned.getpixel((30, 20))
    assert red > 240 and green < 15 and blue < 15


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_colour_mode_is_understood(mode: str) -> None:
    assert clean(picture("PNG", (3000, 2), mode)).startswith(b"\xff\xd8")


def test_a_print_picture_in_cmyk_is_understood() -> None:
    assert clean(picture("JPEG", (20, 20), "CMYK")).startswith(b"\xff\xd8")


def test_the_longest_side_is_kept_within_the_limit() -> None:
    assert Image.open(BytesIO(clean(picture(size=(3200, 800))))).size == (1600, 400)
    assert Image.open(BytesIO(clean(picture(size=(80, 400)), max_side=100))).size == (20, 100)


def test_a_picture_taken_with_a_turned_camera_is_set_upright() -> None:
    assert Image.open(BytesIO(clean(picture(exif=exif(orientation=6))))).size == (40, 60)


def test_transparency_becomes_white() -> None:
    cleaned = Image.open(BytesIO(clean(picture("PNG", mode="RGBA"))))
    assert cleaned.getpixel((5, 5)) == (255, 255, 255)


def test_only_the_first_frame_of_an_animation_stays() -> None:
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue", "green")]
    written = BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    cleaned = Image.open(BytesIO(clean(written.getvalue())))
    assert cleaned.getpixel((5, 5))[0] > 240


@pytest.mark.parametrize(
    "content",
    [
        picture(exif=exif(place=position((51, 20, 24.0), "N", (12, 20, 0.0), "E"))),
        picture(comment=MARK),
        picture(xmp=f"<x:xmpmeta>{MARK}</x:xmpmeta>".encode()),
        picture(icc_profile=MARK.encode()),
        with_iptc(),
        picture() + MARK.encode(),
        picture("GIF", comment=MARK.encode()),
        png_with_text(),
        picture("PNG", exif=exif()),
        picture("WEBP", exif=exif(), xmp=MARK.encode()),
    ],
    ids=["exif", "comment", "xmp", "icc", "iptc", "behind the end", "gif", "png text", "png exif", "webp"],
)
def test_nothing_but_pixels_survives(content: bytes) -> None:
    assert MARK.encode() in content
    cleaned = clean(content)
    assert MARK.encode() not in cleaned
    with Image.open(BytesIO(cleaned)) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        picture("BMP"),
        picture("TIFF"),
        picture("ICO"),
        picture(size=(800, 800))[:2000],
        picture("PNG", (900, 900))[:-40],
        picture()[:30],
    ],
    ids=["empty", "head only", "svg", "eps", "bmp", "tiff", "ico", "half a jpeg", "half a png", "stump"],
)
def test_what_is_no_whole_picture_is_refused(content: bytes) -> None:
    with pytest.raises(PermanentError, match="not a whole"):
        clean(content)


@pytest.mark.parametrize("side", [6400, 9000, 13000, 20000])
def test_a_pixel_bomb_is_refused_before_it_is_unpacked(side: int) -> None:
    with pytest.raises(PermanentError):
        clean(png_of_zeros(side, side))


def test_a_photograph_may_have_more_pixels_than_a_drawing() -> None:
    size = (5000, 5000)
    assert clean(picture(size=size, mode="L")).startswith(b"\xff\xd8")
    with pytest.raises(PermanentError, match="20 megapixels"):
        clean(picture("PNG", size, "L"))


def test_a_text_bomb_is_refused() -> None:
    info = PngInfo()
    info.add_text("bomb", "0" * 60_000_000, zip=True)
    with pytest.raises(PermanentError):
        clean(picture("PNG", pnginfo=info))


def test_too_many_bytes_are_refused_unread() -> None:
    with pytest.raises(PermanentError, match="12 MB"):
        clean(bytes(12_000_001))


def test_broken_metadata_does_not_cost_the_picture() -> None:
    content = picture(exif=exif(orientation=6))
    broken = content.replace(MARK.encode(), b"\xff" * len(MARK)).replace(
        b"\x01\x3b\x00\x02", b"\x01\x3b\x00\x07"
    )
    assert broken != content
    assert Image.open(BytesIO(clean(broken))).size == (40, 60)


@given(st.binary(max_size=300), st.integers(0, 700))
def test_a_damaged_picture_is_cleaned_or_refused_but_never_breaks_us(noise: bytes, at: int) -> None:
    whole = picture()
    with suppress(PermanentError):
        assert clean(whole[:at] + noise + whole[at + len(noise) :]).startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (position((51, 20, 24.0), "N", (12, 21, 36.0), "E"), Point(lat=51.34, lon=12.36)),
        (position((33, 30, 0.0), "S", (70, 0, 0.0), "W"), Point(lat=-33.5, lon=-70.0)),
        (position((95, 0, 0.0), "N", (12, 0, 0.0), "E"), None),
        ({ExifTags.GPS.GPSLatitude: (51, 20, 24.0)}, None),
        ({}, None),
    ],
)
def test_the_place_of_the_camera_is_read(place: dict[int, object], expected: Point | None) -> None:
    found = gps(picture(exif=exif(place=place)))
    assert found == expected or (found and expected and abs(found.lat - expected.lat) < 1e-6)


def test_a_picture_without_metadata_has_no_place() -> None:
    assert gps(picture("PNG")) is None

"""Pictures that hide things or mean harm: nothing but pixels leaves, and memory and time stay bounded."""

import resource
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from time import process_time

import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from bridge.domain import PermanentError
from bridge.photos import clean
from tests.test_photos import picture, png_of_zeros

ROOT = Path(__file__).parent.parent
MARK = b"GEHEIM-4711"
THUMBNAIL = picture(size=(16, 16), comment=MARK)
PLAIN = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
"""The segments a JPEG cannot do without: JFIF, tables, frame, scan."""
MOST_MEGABYTES = 450
"""Address space in which the largest picture we take is decoded, interpreter and libraries included."""
SECONDS = 5


def segment(number: int, content: bytes, whole: bytes = b"") -> bytes:
    """A JPEG with one more segment behind its beginning."""
    jpeg = whole or picture()
    return jpeg[:2] + bytes((0xFF, number)) + struct.pack(">H", len(content) + 2) + content + jpeg[2:]


def exif(**tags: object) -> bytes:
    found = Image.Exif()
    for name, value in tags.items():
        found[ExifTags.Base[name]] = value
    place = {ExifTags.GPS.GPSLatitudeRef: "N", ExifTags.GPS.GPSLatitude: (51, 20, 24.0)}
    found.get_ifd(ExifTags.IFD.GPSInfo).update(place)
    found.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.MakerNote] = MARK
    return found.tobytes()


def with_thumbnail(orientation: int) -> bytes:
    """EXIF whose second directory holds a small picture with a mark of its own."""
    first = struct.pack("<HHHII", 1, 0x0112, 3, 1, orientation) + struct.pack("<I", 26)
    second = struct.pack("<H", 2)
    second += struct.pack("<HHII", 0x0201, 4, 1, 56) + struct.pack("<HHII", 0x0202, 4, 1, len(THUMBNAIL))
    return segment(
        0xE1, b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + first + second + struct.pack("<I", 0) + THUMBNAIL
    )


def chunked(kind: bytes, content: bytes, size: tuple[int, int] = (60, 40)) -> bytes:
    """A PNG with one more chunk behind its head."""
    whole = picture("PNG", size)
    chunk = struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    return whole[:33] + chunk + whole[33:]


def riff(kind: bytes, content: bytes) -> bytes:
    """A WebP with one more chunk at its end."""
    whole = picture("WEBP", exif=exif())
    body = whole[8:] + kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def extended(label: int, content: bytes) -> bytes:
    """A GIF with one more extension before its picture."""
    whole = picture("GIF")
    start = whole.index(b",", 13)
    return whole[:start] + b"\x21" + bytes((label, len(content))) + content + b"\x00" + whole[start:]


def corpus() -> Iterator[tuple[str, bytes]]:
    """Sixty pictures, each with the mark somewhere beside its pixels."""
    xmp = b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>" + MARK + b"</x:xmpmeta>"
    more_xmp = b"http://ns.adobe.com/xmp/extension/\x00" + MARK * 100
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", 11) + MARK + b"\x00"
    info = PngInfo()
    info.add_text("Author", MARK.decode())
    for orientation in range(1, 9):
        yield f"jpeg exif {orientation}", picture(exif=exif(Orientation=orientation, Artist=MARK.decode()))
        yield f"jpeg thumbnail {orientation}", with_thumbnail(orientation)
    for number in range(0xE0, 0xF0):
        yield f"jpeg application segment {number - 0xE0}", segment(number, MARK + bytes(20))
    yield "jpeg comment", picture(comment=MARK)
    yield "jpeg two comments", segment(0xFE, MARK, picture(comment=MARK))
    yield "jpeg xmp", segment(0xE1, xmp)
    yield "jpeg extended xmp", segment(0xE1, more_xmp)
    yield "jpeg iptc", segment(0xED, iptc)
    yield "jpeg colour profile", picture(icc_profile=MARK * 20)
    yield "jpeg behind the end", picture() + MARK
    yield "jpeg with a picture behind it", picture() + THUMBNAIL
    yield "jpeg progressive", picture(progressive=True, comment=MARK)
    yield "jpeg cmyk", picture(mode="CMYK", comment=MARK)
    for kind in (b"tEXt", b"iTXt", b"eXIf", b"prVt", b"tIME", b"sPLT"):
        content = {b"iTXt": b"a\x00\x00\x00\x00\x00" + MARK, b"tEXt": b"a\x00" + MARK}.get(kind, MARK)
        yield f"png {kind.decode()}", chunked(kind, content)
    yield "png packed text", chunked(b"zTXt", b"a\x00\x00" + zlib.compress(MARK))
    yield "png profile", chunked(b"iCCP", MARK + b"\x00\x00" + zlib.compress(MARK))
    yield "png text of Pillow", picture("PNG", pnginfo=info)
    yield "png behind the end", picture("PNG") + MARK
    for kind in (b"XMP ", b"EXIF", b"ABCD"):
        yield f"webp {kind.decode()}", riff(kind, MARK)
    yield "webp metadata", picture("WEBP", exif=exif(Artist=MARK.decode()), xmp=MARK, icc_profile=MARK * 20)
    yield "webp behind the end", picture("WEBP") + MARK
    yield "gif comment", picture("GIF", comment=MARK)
    yield "gif application", extended(0xFF, MARK)
    yield "gif other comment", extended(0xFE, MARK)
    yield "gif behind the end", picture("GIF") + MARK


CORPUS = dict(corpus())


def segments(jpeg: bytes) -> set[int]:
    """The kinds of segments of a JPEG; fails where anything lies behind its end."""
    found, place = set(), 2
    while jpeg[place + 1] != 0xDA:
        found.add(jpeg[place + 1])
        place += 2 + int(struct.unpack(">H", jpeg[place + 2 : place + 4])[0])
    assert jpeg.index(b"\xff\xd9", place) == len(jpeg) - 2
    return found | {0xDA}


def test_the_corpus_has_sixty_pictures() -> None:
    assert len(CORPUS) >= 60


@pytest.mark.parametrize("name", CORPUS)
def test_no_picture_keeps_anything_beside_its_pixels(name: str) -> None:
    content = CORPUS[name]
    assert MARK in content or "packed" in name or "profile" in name
    cleaned = clean(content)
    assert MARK not in cleaned
    assert segments(cleaned) <= PLAIN
    with Image.open(BytesIO(cleaned)) as image:
        assert sorted(image.size) == [40, 60]


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (b"", b"PK\x05\x06" + bytes(18)),
        (b"", b"<script>alert(1)</script><?php system($_GET[0]); ?>"),
        (b"", b"\x7fELF" + bytes(100)),
        (b"", b"%PDF-1.4\n1 0 obj"),
    ],
    ids=["zip", "script", "program", "pdf"],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_is_two_things_at_once_is_only_a_picture_afterwards(kind: str, begin: bytes, end: bytes) -> None:
    cleaned = clean(begin + picture(kind) + end)
    assert end not in cleaned
    assert segments(cleaned) <= PLAIN


@pytest.mark.parametrize("name", ["bild.png.svg", "bild.jpg.html", "bild.eps"])
def test_what_only_calls_itself_a_picture_is_refused(name: str) -> None:
    hostile = {
        "bild.png.svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "bild.jpg.html": b"<html><script>alert(1)</script></html>",
        "bild.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n",
    }[name]
    with pytest.raises(PermanentError, match="not a whole"):
        clean(hostile)


def many_frames() -> bytes:
    frames = [Image.new("P", (1500, 1500), number) for number in range(194)]
    written = BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    return written.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "9000 x 9000": lambda: png_of_zeros(9000, 9000),
    "13000 x 13000": lambda: png_of_zeros(13000, 13000),
    "50000 x 50000": lambda: png_of_zeros(50000, 50000),
    "a head that lies": lambda: png_of_zeros(2**31 - 1, 1)[:100],
    "packed text": lambda: chunked(b"zTXt", b"a\x00\x00" + zlib.compress(bytes(80_000_000), 9)),
    "packed profile": lambda: chunked(b"iCCP", b"a\x00\x00" + zlib.compress(bytes(80_000_000), 9)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_or_defused_at_once(name: str) -> None:
    bomb, before = BOMBS[name](), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = process_time()
    with suppress(PermanentError):
        assert segments(clean(bomb)) <= PLAIN
    assert process_time() - began < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_of_a_film_in_a_picture_only_the_first_frame_is_unpacked() -> None:
    film = many_frames()
    began = process_time()
    clean(film)
    assert process_time() - began < SECONDS


def largest() -> dict[str, bytes]:
    """The pictures that cost most among those we take."""
    photo, drawing = (6000, 6000), (4470, 4470)
    return {
        "photo": picture(size=photo),
        "progressive photo": picture(size=photo, progressive=True, subsampling=0),
        "progressive print": picture(size=drawing, mode="CMYK", progressive=True, subsampling=0),
        "png": picture("PNG", drawing, "RGBA"),
        "png of 16 bits": picture("PNG", drawing, "I;16"),
        "gif": picture("GIF", drawing, "P"),
        "webp": picture("WEBP", drawing, "RGBA", lossless=True),
    }


DECODE = """\
import resource, sys
from pathlib import Path
from bridge.photos import clean
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]) << 20,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[3]),) * 2)
clean(Path(sys.argv[1]).read_bytes())
status = Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""


def test_the_largest_pictures_stay_within_their_memory_and_time(tmp_path: Path) -> None:
    needed = {}
    for name, content in largest().items():
        (tmp_path / "bild").write_bytes(content)
        command = [sys.executable, "-c", DECODE, str(tmp_path / "bild"), str(MOST_MEGABYTES), str(SECONDS)]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert told.returncode == 0, f"{name}: {told.stderr}"
        needed[name] = int(told.stdout)
    print("\nmegabytes:", needed)
    assert max(needed.values()) < 400


@pytest.mark.parametrize("mode", ["CMYK", "RGB"])
def test_only_a_photograph_may_have_more_than_twenty_megapixels(mode: str) -> None:
    content = picture(size=(5000, 5000), mode=mode)
    if mode == "RGB":
        assert segments(clean(content)) <= PLAIN
        return
    with pytest.raises(PermanentError, match="20 megapixels"):
        clean(content)

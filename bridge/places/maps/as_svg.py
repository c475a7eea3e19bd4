"""The map as inline SVG: presentation attributes only, so that a strict content policy lets it show."""

from collections.abc import Iterator
from html import escape

from bridge.places.maps import style
from bridge.places.maps.frame import XY
from bridge.places.maps.scene import Name, Scene


def render(scene: Scene) -> str:
    """One `<svg>` element with title and description for those who do not see it."""
    width, height = scene.frame.width, scene.frame.height
    return (
        f'<svg class="map" xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="system-ui, sans-serif">'
        f"<title>{escape(scene.title)}</title><desc>{escape(scene.description)}</desc>"
        f'<rect class="map-ground" width="{width}" height="{height}" fill="{style.GROUND}"/>'
        f"{''.join(_body(scene))}</svg>"
    )


def _body(scene: Scene) -> Iterator[str]:
    for ring in scene.borders:
        yield _polygon("map-border", ring, f'fill="none" stroke="{style.BORDER}"')
    for ring in scene.areas:
        look = f'fill="{style.MARK}" fill-opacity="0.18" stroke="{style.MARK}" stroke-width="2"'
        yield _polygon("map-area", ring, look)
    yield from (part for name in scene.names for part in _name(name))
    if scene.pin:
        yield _pin(scene.pin)
    if scene.label_at:
        look = f'font-size="{style.STRONG}" font-weight="700" fill="{style.INK}" text-anchor="middle"'
        yield _text("map-label", scene.label_at, scene.title, look)
    yield from _legend(scene)


def _name(name: Name) -> Iterator[str]:
    x, y = name.xy
    look = f'font-size="{style.TEXT}" fill="{style.QUIET}"'
    if name.dot:
        yield f'<circle class="map-dot" cx="{x}" cy="{y}" r="3" fill="{style.DOT}"/>'
        yield _text("map-name", (x + 7, y + 4), name.text, look)
    else:
        yield _text("map-name", name.xy, name.text, f'{look} font-style="italic" text-anchor="middle"')


def _pin(tip: XY) -> str:
    x, y = tip
    r = style.PIN
    return (
        f'<path class="map-pin" d="M{x} {y} l-{r} -{1.6 * r:.1f} a{r} {r} 0 1 1 {2 * r} 0 z" '
        f'fill="{style.MARK}" stroke="{style.HALO}" stroke-width="2"/>'
        f'<circle cx="{x}" cy="{y - 2 * r}" r="{r / 3}" fill="{style.HALO}"/>'
    )


def _legend(scene: Scene) -> Iterator[str]:
    long, words = scene.frame.bar()
    y = scene.frame.height - 14
    yield f'<path class="map-scale" d="M16 {y - 5}v5h{long:.1f}v-5" fill="none" stroke="{style.INK}"/>'
    yield _text("map-scale", (22 + long, y), words, f'font-size="{style.SMALL}" fill="{style.INK}"')
    look = f'font-size="{style.SMALL}" fill="{style.QUIET}" text-anchor="end"'
    yield _text("map-credit", (scene.frame.width - 10, y), style.CREDIT, look)


def _text(name: str, at: XY, words: str, look: str) -> str:
    halo = f'stroke="{style.GROUND}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
    return f'<text class="{name}" x="{at[0]:.1f}" y="{at[1]:.1f}" {look} {halo}>{escape(words)}</text>'


def _polygon(name: str, ring: list[XY], look: str) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in ring)
    return f'<polygon class="{name}" points="{points}" {look}/>'

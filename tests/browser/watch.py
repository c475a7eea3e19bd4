"""A browser that tells on itself: what complains, runs, asks another host or is refused is written down."""

from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request

DESKTOP, PHONE, NARROW = (
    {"width": 1440, "height": 900},
    {"width": 390, "height": 844},
    {"width": 320, "height": 640},
)
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # What stands in a frame is looked at as a page of its own; styles are all from here.
    "iframes": False,
    "preload": False,
}
LISTENING = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI}`));
"""
VIOLATIONS = """async (rules) => (await axe.run(document, rules)).violations.map(
  ({id, nodes}) => id + ": " + nodes.map((n) => n.target + " " + n.failureSummary).join(" | "))"""

TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
    .map((e) => `too wide at ${innerWidth} px: ${e.tagName}.${e.className} ${e.textContent.slice(0, 60)}`)"""


class Look(NamedTuple):
    """How somebody sees a page."""

    name: str
    viewport: dict[str, int]
    scheme: str


LOOKS = [
    Look(f"{device} {scheme}", viewport, scheme)
    for device, viewport in (("desktop", DESKTOP), ("phone", PHONE))
    for scheme in ("light", "dark")
]


class Watched:
    """A browser and everything about its pages that should not have happened."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self._visited: set[str] = set()
        context.add_init_script(LISTENING)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"error: {error.error}"))
        context.on("dialog", self._dialog)
        context.on("request", self._request)
        self.page = context.new_page()

    def open(self, url: str) -> Page:
        """Go to a page and wait until it and its pictures are there."""
        self.page.goto(url, wait_until="load")
        return self.page

    def barriers(self, look: Look) -> list[str]:
        """What axe finds on the page as it stands, seen like this."""
        self._put_on(look.viewport, look.scheme)
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE)
        return [f"{look.name}: {found}" for found in self.page.evaluate(VIOLATIONS, RULES)]

    def wider_than(self, viewport: dict[str, int]) -> list[str]:
        """The elements that make somebody scroll sideways at this width."""
        self._put_on(viewport, "light")
        found: list[str] = self.page.evaluate(TOO_WIDE)
        return found

    def _put_on(self, viewport: dict[str, int], scheme: Any) -> None:
        self.page.set_viewport_size({"width": viewport["width"], "height": viewport["height"]})
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium complains about the status of an error page, which is not the page's doing.
        expected = "Failed to load resource" in message.text and message.location["url"] in self._visited
        if message.type in ("error", "warning") and not expected:
            self.faults.append(f"console: {message.text} ({message.location['url']})")

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if request.is_navigation_request():
            self._visited.add(request.url)
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname != "127.0.0.1":
            self.faults.append(f"foreign: {request.url}")

"""One Chromium for all browser tests of a worker; without one they are skipped with a sentence."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

from tests.browser.watch import DESKTOP, Watched

PATIENCE = 60_000
"""Milliseconds that anything on a page may take on a busy machine."""


# Not the whole session: while it lives, no other test of this worker could run an event loop.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("There is no Chromium on this machine; Debian's package `chromium` brings one.")
    # Chromium's own sandbox refuses to work for root.
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=root)
        except Error as error:
            pytest.skip(f"Chromium does not start on this machine: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Watched]:
    """A fresh browser without cookies; the test fails where anything about its pages was wrong."""
    context = chromium.new_context(viewport=DESKTOP, locale="de-DE", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    seen = Watched(context)
    yield seen
    context.close()
    assert seen.faults == []

"""Makes a network worker give up on an answer soon, so that many time-outs fit into one kill run."""

import os
import sys

if "network" in sys.orig_argv:
    from bridge.platforms import _http

    _http.READ_SECONDS = float(os.environ["HURRY_SECONDS"])  # type: ignore[misc]

"""`python -m bridge.sandbox`: square and mailbox as one process; the token is in SANDBOX_TOKEN."""

import os
from argparse import ArgumentParser
from pathlib import Path

from bridge.sandbox.serve import serve

parser = ArgumentParser(description=__doc__)
parser.add_argument("--data", type=Path, required=True)
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--smtp-port", type=int, required=True)
chosen = parser.parse_args()
serve(chosen.data, chosen.port, chosen.smtp_port, os.environ["SANDBOX_TOKEN"])

"""Measures everything, or the parts named: `python -m benchmarks [--times N] [river] [intake] …`."""

from argparse import ArgumentParser
from importlib import import_module

from benchmarks import figures

PARTS = ("river", "intake", "pages", "rules", "processes")


def main(parts: list[str], times: int) -> None:
    """Print one Markdown table for each part, with the reference loop before and after."""
    print(figures.machine())
    for part in parts:
        loop = figures.reference()
        print(f"\n### {part}\n\nReference loop: {loop:.3f} s of CPU before.\n")
        print("| what | median | min … max | runs | beside the loop |\n|---|---:|---:|---:|---:|")
        for figure in import_module(f"benchmarks.{part}").measure(times):
            print(figure.row(loop), flush=True)
        print(f"\nReference loop: {figures.reference():.3f} s of CPU after.", flush=True)


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("parts", nargs="*", choices=(*PARTS, []), metavar="|".join(PARTS))
    parser.add_argument("--times", type=int, default=3, help="how often each thing is measured")
    asked = parser.parse_args()
    main(asked.parts or list(PARTS), asked.times)

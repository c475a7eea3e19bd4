"""Makes the shipped model of kinds and categories: `python -m bridge.understanding.training [--data FOLDER]`.

The folder may hold `germeval2018/germeval2018.training.txt`: tweets that are for no office to act on.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from rich.progress import Progress

from bridge.domain import Kind
from bridge.understanding import store
from bridge.understanding.training import learn
from bridge.understanding.training.corpora import TWEETS, germeval
from bridge.understanding.training.samples import Sample, samples


def tweets(path: Path) -> Iterator[Sample]:
    """The corpus' tweets: chatter, or abuse where its annotators found offence."""
    for number, (text, offence) in enumerate(germeval(path)):
        yield Sample(text, Kind.ABUSE if offence == "OFFENSE" else Kind.IRRELEVANT, None, f"tweets/{number}")


def main(data: Path | None) -> None:
    """Build, measure, write."""
    texts = list(samples(learn.COPIES, learn.chance()))
    if data:
        texts += tweets(data / TWEETS)
    else:
        print(f"Without --data FOLDER the tweets of {TWEETS} are missing: chatter will be known less well.")
    with Progress(transient=True) as progress:
        task = progress.add_task("")

        def show(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        lessons, measure = learn.split(texts)
        model = learn.build(lessons, {"credit": "GermEval 2018 (CC BY 4.0)" if data else ""}, show)
        found = learn.score(model, measure, show)
    store.SHIPPED.parent.mkdir(exist_ok=True)
    model.save(store.SHIPPED)
    print(f"{store.SHIPPED.name}: {store.SHIPPED.stat().st_size / 1e6:.1f} MB, on texts kept back {found}")


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m bridge.understanding.training")
    parser.add_argument("--data", type=Path, default=None)
    main(parser.parse_args().data)

"""Which model is in force: the city's newest own one, else the one that came with the program."""

from pathlib import Path

from bridge.domain import ConfigError
from bridge.settings import settings
from bridge.understanding.model import WEIGHTS, Model

SHIPPED = WEIGHTS / "kinds_and_categories.npz"


def current() -> Path:
    """The file of the model in force."""
    own = _own()
    return own[-1] if own else SHIPPED


def put_in_force(model: Model) -> Path:
    """Keep `model` as the city's newest; the earlier ones stay, and no name is ever used twice."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    number = max((int(path.stem.removeprefix("model-")) for path in folder.glob("model-*")), default=0) + 1
    path, unfinished = folder / f"model-{number:04}.npz", folder / "unfinished"
    model.save(unfinished)
    unfinished.replace(path)
    return path


def roll_back() -> Path:
    """Set the newest model aside, so that the earlier one is in force; raise `ConfigError` without one."""
    own = _own()
    if not own:
        raise ConfigError("There is no earlier model: the one that came with the program is in force.")
    own[-1].rename(own[-1].with_suffix(".aside"))
    return current()


def _own() -> list[Path]:
    return sorted(_folder().glob("model-*.npz"))


def _folder() -> Path:
    return settings().data_folder / "models"

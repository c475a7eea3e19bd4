"""Where: the gazetteer, districts and geocoders; knows no spaCy, so the desk may use it."""

from functools import lru_cache
from pathlib import Path

from bridge.city import City
from bridge.places.gazetteer import Gazetteer


@lru_cache(maxsize=1)
def city_gazetteer(city: City, file: Path | None = None) -> Gazetteer:
    """The city's gazetteer.csv (or `file`) with its places.csv and areas.geojson; the last is kept."""
    folder = city.folder
    paths = [file or folder / "gazetteer.csv", folder / "places.csv"]
    areas = folder / "areas.geojson"
    return Gazetteer.load(
        [path for path in paths if path.exists() or path == file], areas if areas.exists() else None
    )

"""A small made-up town: two districts, four streets, a stop, a park, a nickname."""

from pathlib import Path

import pytest

from bridge.places.gazetteer import Gazetteer

GAZETTEER = """# remarks are skipped
kind,name,number,alt,lat,lon,district,shape
address,Lindenstraße,1,,50.0000,10.0000,,
address,Lindenstraße,9,,50.0000,10.0040,,
address,Lindenstraße,12a,,50.0001,10.0060,,
address,Lindenstraße,14-16,,50.0001,10.0070,,
address,Uferweg,2,,50.0003,10.0041,,
address,Uferweg,40,,50.0060,10.0041,,
address,Dorfstraße,3,,50.0010,10.0010,Oststadt,
address,Dorfstraße,3,,50.0010,10.0610,Weststadt,
street,Straße des 18. Oktober,,,50.0080,10.0020,,
street,Im Grunde,,,50.0030,10.0020,,
street,Karl-Müller-Straße,,,50.0040,10.0020,,
stop,Lindenstraße,,,50.0002,10.0035,,
stop,Alter Hafen,,,50.0050,10.0042,,
"""
PLACES = """name,alt,kind,lat,lon,district
Clara-Park,Clara,park,50.0050,10.0010,
Karl-Müller-Straße,Karli,street,50.0040,10.0020,
Neues Rathaus,,building,50.0045,10.0025,
Markt,,square,50.0043,10.0025,
"""
AREAS = """{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"name": "Weststadt"}, "geometry": {"type": "Polygon", "coordinates":
 [[[9.99, 49.99], [10.005, 49.99], [10.005, 50.01], [9.99, 50.01], [9.99, 49.99]]]}},
{"type": "Feature", "properties": {"Name": "Oststadt"}, "geometry": {"type": "Polygon", "coordinates":
 [[[10.005, 49.99], [10.02, 49.99], [10.02, 50.01], [10.005, 50.01], [10.005, 49.99]]]}}]}
"""


@pytest.fixture(scope="session")
def town_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    for name, text in (("gazetteer.csv", GAZETTEER), ("places.csv", PLACES), ("areas.geojson", AREAS)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def town(town_files: Path) -> Gazetteer:
    return Gazetteer.load(
        [town_files / "gazetteer.csv", town_files / "places.csv"], town_files / "areas.geojson"
    )

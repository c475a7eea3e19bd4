"""A text that is missing or asks for something unknown stops the start, with file and line."""

from pathlib import Path

import pytest

from bridge.city import City
from bridge.domain import ConfigError
from bridge.replies import Composer
from tests.factories import FILES, make_city, make_city_folder


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "{department}",
            "{deparment}",
            "details: unknown placeholder {deparment}; did you mean 'department'?",
        ),
        ("{place}", "{place!r}", "details: unknown placeholder {place:}; did you mean 'place'?"),
        ("{place}", "{}", "details: unknown placeholder {}"),
        ("{place}", "{place", "details: expected '}' before end of string"),
        ("hat die Nummer {reference}", "ist da", "core: the placeholder {reference} is missing"),
        ("Stand: {status_url}", "Stand", "link: the placeholder {status_url} is missing"),
        ("Netiquette: {netiquette_url}", "", "privacy: the placeholder {netiquette_url} is missing"),
        ("{words} (Nummer", "Gruß (Nummer", "core: the placeholder {words} is missing"),
        ("    greeting", "    greting", "unknown key 'greting'; did you mean 'greeting'?"),
        ("  resolved:", "  solved:", "unknown key 'solved'; did you mean 'resolved'?"),
    ],
)
def test_a_wrong_text_is_told_with_file_and_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    folder = make_city_folder(tmp_path)
    file = folder / "texts" / "de.yaml"
    right = file.read_text(encoding="utf-8")
    wrong = right.replace(old, new, 1)
    file.write_text(wrong, encoding="utf-8")
    changed = [a == b for a, b in zip(right.splitlines(), wrong.splitlines(), strict=True)].index(False) + 1
    with pytest.raises(ConfigError) as raised:
        Composer(City(folder))
    assert f"{file}:{changed}: {complaint}" in str(raised.value)


@pytest.mark.parametrize(
    ("name", "where"), [("emergency", "first"), ("resolved", "status"), ("held", "acknowledgement")]
)
def test_a_missing_text_is_told_where_it_should_stand(tmp_path: Path, name: str, where: str) -> None:
    folder = make_city_folder(tmp_path)
    file = folder / "texts" / "en.yaml"
    wrong = file.read_text(encoding="utf-8").replace(f"{name}:", f"{name}_not:", 1)
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        Composer(City(folder))
    line = 1 if where == "first" else wrong.splitlines().index(f"{where}:") + 1
    assert f"{file}:{line}: {name!r} is missing" in str(raised.value)


def test_a_status_that_would_swallow_the_departments_words_is_refused(tmp_path: Path) -> None:
    folder = make_city_folder(tmp_path)
    file = folder / "texts" / "de.yaml"
    right = file.read_text(encoding="utf-8")
    for swallowed, where in (("zu {reference}: {words}", "core"), ('- "{words}"', "details")):
        said = swallowed.replace("{words}", "{reference}")
        file.write_text(right.replace(swallowed, said, 1), encoding="utf-8")
        with pytest.raises(ConfigError, match=rf"{where}: the placeholder {{words}} is missing"):
            Composer(City(folder))


def test_a_language_without_texts_says_which_file_is_missing(tmp_path: Path) -> None:
    city = make_city(tmp_path, city=FILES["city.yaml"] + "languages: [de, fr]\n")
    with pytest.raises(ConfigError, match=r"fr\.yaml: the file is missing"):
        Composer(city)


def test_german_cannot_be_left_out(tmp_path: Path) -> None:
    city = make_city(tmp_path, city=FILES["city.yaml"] + "languages: [en]\n")
    with pytest.raises(ConfigError, match="languages must contain de"):
        Composer(city)

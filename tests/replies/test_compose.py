"""A citizen gets a short, true text in their language that always carries the number."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.city import City
from bridge.domain import Cause, ConfigError, PermanentError
from bridge.replies import PUBLIC_STATES, Composer, personal_data
from tests.factories import make_city, make_city_folder
from tests.replies.examples import FACTS, PAGE, TEXTS, fitting, page

LONG = "Der Container wird am Montag gegen einen größeren ausgewechselt. " * 12


@pytest.fixture(scope="module")
def composer(tmp_path_factory: pytest.TempPathFactory) -> Composer:
    return Composer(make_city(tmp_path_factory.mktemp("city")))


def write(composer: Composer, cause: Cause, variant: str = "", limit: int = 500, **changed: Any) -> str:
    language = changed.pop("language", "de")
    facts = FACTS.model_copy(update=fitting(variant, language) | changed)
    return composer.compose(cause, language=language, facts=facts, limit=limit, count=len, variant=variant)


@pytest.mark.parametrize("language", ["de", "en", "uk"])
@pytest.mark.parametrize("limit", [140, 280, 300, 500])
@pytest.mark.parametrize(("cause", "variant"), TEXTS)
def test_every_text_fits_and_keeps_the_number(
    composer: Composer, cause: Cause, variant: str, limit: int, language: str
) -> None:
    text = write(composer, cause, variant, limit, language=language, words=LONG, first=True)
    assert len(text) <= limit
    assert FACTS.reference in text


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("cause", "variant"), TEXTS)
def test_a_first_reply_is_whole_within_500_characters(
    composer: Composer, cause: Cause, variant: str, language: str
) -> None:
    text = write(composer, cause, variant, language=language, first=True)
    assert FACTS.privacy_url in text
    assert FACTS.netiquette_url in text
    assert ("automati" in text) is (cause is not Cause.STAFF)


def test_only_the_first_reply_says_that_it_is_automatic(composer: Composer) -> None:
    text = write(composer, Cause.ACKNOWLEDGEMENT, "report")
    assert "automatisch" not in text
    assert FACTS.privacy_url not in text


def test_the_parts_go_one_after_the_other_as_room_gets_scarce(composer: Composer) -> None:
    def said(limit: int) -> list[bool]:
        text = write(composer, Cause.ACKNOWLEDGEMENT, "report", limit, first=True)
        parts = (
            "Vielen Dank",
            FACTS.privacy_url,
            FACTS.status_url,
            "automatische",
            "Zuständig",
            "Es geht um",
        )
        return [part in text for part in parts]

    steps = [said(limit) for limit in range(500, 60, -1)]
    assert [step for before, step in pairwise(steps) if step != before] == [
        [False, True, True, True, True, True],
        [False, False, True, True, True, True],
        [False, False, False, True, True, True],
        [False, False, False, False, True, True],
        [False, False, False, False, False, True],
        [False, False, False, False, False, False],
    ]


def test_cut_words_end_at_a_word_and_lead_to_the_status_page(composer: Composer) -> None:
    text = write(composer, Cause.STATUS, "resolved", 280, words=LONG)
    shown = text.split("Stadtreinigung. ")[1].split(" …")[0]
    assert LONG.startswith(shown + " ")
    assert FACTS.status_url in text


def test_a_part_without_its_fact_is_left_out(composer: Composer) -> None:
    text = write(composer, Cause.ACKNOWLEDGEMENT, "report", place="", expected_until=None)
    assert "Ort:" not in text
    assert "rechnen mit" not in text


def test_no_date_is_promised_without_the_departments_word(composer: Composer) -> None:
    for cause, variant in TEXTS:
        text = write(composer, cause, variant, expected_until=None, words="Ja.")
        assert "2026" not in text.replace(FACTS.reference, "")


def test_a_departments_question_is_asked_in_its_words(composer: Composer) -> None:
    text = write(composer, Cause.STATUS, "needs_info", 140, words="Welche Farbe hat der Poller?")
    assert "Welche Farbe hat der Poller?" in text


def test_a_citizen_is_told_who_is_responsible_and_how_to_reach_them(composer: Composer) -> None:
    text = write(composer, Cause.ACKNOWLEDGEMENT, "elsewhere", 140)
    assert "Beleuchtung GmbH" in text
    assert "https://licht.example" in text


def test_a_rule_may_name_an_acknowledgement_of_the_city(tmp_path: Path) -> None:
    folder = make_city_folder(tmp_path)
    own = "named: {storm: {core: 'Der Sturm macht viel Arbeit. {reference}'}}"
    for code in ("de", "en"):
        texts = folder / "texts" / f"{code}.yaml"
        texts.write_text(texts.read_text(encoding="utf-8").replace("named: {}", own), encoding="utf-8")
        if code == "de":
            with pytest.raises(ConfigError, match="named: 'storm' stands in one language only"):
                Composer(City(folder))
    composer = Composer(City(folder))
    assert composer.named == {"storm"}
    assert "Sturm" in write(composer, Cause.ACKNOWLEDGEMENT, "storm")


def test_an_emergency_is_told_to_call_for_help_first(composer: Composer) -> None:
    text = write(composer, Cause.EMERGENCY, limit=140, first=True)
    assert text.index("112") < text.index("110") < text.index(FACTS.reference)


def test_another_language_gets_german_and_then_english_where_it_fits(composer: Composer) -> None:
    both = write(composer, Cause.EMERGENCY, language="uk")
    german, english = both.split("\n\n")
    assert german == write(composer, Cause.EMERGENCY)
    assert english.startswith("Is anyone in danger?")
    assert "danger" not in write(composer, Cause.EMERGENCY, language="uk", limit=250)


def test_a_persons_own_words_are_not_said_twice(composer: Composer) -> None:
    assert write(composer, Cause.STAFF, language="uk").count(FACTS.words) == 1


@pytest.mark.parametrize("language", ["en", "en-GB", "EN"])
def test_a_language_is_known_in_all_its_spellings(composer: Composer, language: str) -> None:
    assert "Thank you" in write(composer, Cause.ACKNOWLEDGEMENT, "report", language=language)


@pytest.mark.parametrize(
    ("cause", "variant", "changed", "complaint"),
    [
        (Cause.STATUS, "undeliverable", {}, "no text for status 'undeliverable'"),
        (Cause.STATUS, "", {}, "no text for status ''"),
        (Cause.STATUS, "__class__", {}, "no text for status '__class__'"),
        (Cause.STAFF, "", {"words": " "}, "needs words"),
        (Cause.STATUS, "routed", {"department": ""}, "needs department"),
        (Cause.EMERGENCY, "", {"limit": 60}, "no room for a reply about LE-2026-00042"),
    ],
)
def test_what_cannot_be_said_is_left_to_a_person(
    composer: Composer, cause: Cause, variant: str, changed: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(PermanentError, match=complaint):
        write(composer, cause, variant, **changed)


@given(words=st.text(min_size=1, max_size=800).filter(str.strip), limit=st.integers(120, 600))
def test_any_words_fit_and_are_never_read_as_placeholders(composer: Composer, words: str, limit: int) -> None:
    text = write(composer, Cause.STATUS, "in_progress", limit, words=words + " {reference} {0.x}")
    assert len(text) <= limit
    assert text.count(FACTS.reference) == 1


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("cause", "variant"), TEXTS)
def test_our_own_texts_hold_nothing_personal(
    composer: Composer, cause: Cause, variant: str, language: str
) -> None:
    assert personal_data(write(composer, cause, variant, language=language, first=True)) == []


def test_every_public_state_has_a_text(composer: Composer) -> None:
    texts = {write(composer, Cause.STATUS, state) for state in PUBLIC_STATES}
    assert len(texts) == len(PUBLIC_STATES)


def test_the_page_shows_what_citizens_really_read(tmp_path: Path) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(tmp_path)

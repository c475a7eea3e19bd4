"""Renders every text of Leipzig as docs/replies.md; renew it with: python -m tests.replies.examples"""

from pathlib import Path

from bridge.domain import Cause
from bridge.replies import Composer, ReplyFacts
from bridge.replies.texts import Acknowledgements, Questions, Statuses
from tests.factories import LEIPZIG, make_city

PAGE = LEIPZIG.parent.parent / "docs" / "replies.md"
HEAD = """\
# What citizens read

Every text of `routing_rules/common/texts/`, in German and English, as a post of at most 500 characters.
The texts belong to the city: change them there. This page is written by
`python -m tests.replies.examples`.

A first reply also says that it is automatic and carries the privacy and Netiquette links, as the first row
shows. Where a platform leaves less room, greeting, privacy, link and notice go, in this order; then a
department's words are cut and details go from the last one on. The number always stays. A language without
texts of its own gets German and, where it fits, the core in English. No reply repeats a citizen's words, a
plate, a handle or a house number.

| when | German | English |
|---|---|---|
"""
TEXTS = [
    (Cause.EMERGENCY, ""),
    *((Cause.ACKNOWLEDGEMENT, name) for name in Acknowledgements.model_fields),
    *((Cause.QUESTION, name) for name in Questions.model_fields),
    *((Cause.STATUS, name) for name in Statuses.model_fields),
    (Cause.STAFF, ""),
]
FACTS = ReplyFacts(
    reference="LE-2026-00042",
    status_url="https://stadt.example/s/K7QF2M9X",
    department="Stadtreinigung",
    category="Illegale Müllablagerung",
    place="Könneritzstraße / Holbeinstraße",
    privacy_url="https://stadt.example/datenschutz",
    netiquette_url="https://stadt.example/netiquette",
    expected_until="Fr., 27.11.2026",
    words="Wir holen den Sperrmüll am Freitag ab.",
)
ENGLISH = FACTS.model_copy(
    update={
        "category": "Illegal dumping",
        "words": "We will collect the waste on Friday.",
        "expected_until": "Fri 27 November 2026",
    }
)
ELSEWHERE = {"contact": "Beleuchtung GmbH", "reach": "https://licht.example"}
ASKED = [
    "Ist der Poller umgefahren oder nur lose?",
    "Has the bollard been knocked over, or is it only loose?",
]


def page(tmp_path: Path) -> str:
    """The whole page, from the texts as they are now."""
    composer = Composer(make_city(tmp_path))
    rows = [row(composer, Cause.ACKNOWLEDGEMENT, "report", first=True)]
    rows += [row(composer, cause, variant) for cause, variant in TEXTS]
    return HEAD + "".join(rows)


def row(composer: Composer, cause: Cause, variant: str, first: bool = False) -> str:
    """One line of the table."""
    told = [
        composer.compose(
            cause,
            language=language,
            facts=facts.model_copy(update=fitting(variant, language) | {"first": first}),
            limit=500,
            count=len,
            variant=variant,
        ).replace("\n", "<br>")
        for language, facts in (("de", FACTS), ("en", ENGLISH))
    ]
    name = " ".join(filter(None, [cause, variant, "(first reply)" if first else ""]))
    return f"| {name} | {told[0]} | {told[1]} |\n"


def fitting(variant: str, language: str) -> dict[str, str]:
    """The facts only some texts tell."""
    match variant:
        case "elsewhere":
            return ELSEWHERE
        case "needs_info":
            return {"words": ASKED[language == "en"]}
    return {}


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        PAGE.write_text(page(Path(folder)), encoding="utf-8")

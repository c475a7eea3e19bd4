"""Writes what a citizen reads, from the city's own texts, in their language within the platform's room."""

from collections.abc import Callable

from bridge.city import City, yaml
from bridge.domain import Cause, ConfigError, PermanentError, TicketStatus
from bridge.replies.shorten import Part, fit, render
from bridge.replies.texts import ReplyFacts, Statuses, Text, TextsFile, placeholders

PUBLIC_STATES = frozenset(status for status in TicketStatus if status.value in Statuses.model_fields)
"""The states that citizens are told, one text each."""


class Composer:
    """The texts of one city, read and checked once."""

    def __init__(self, city: City) -> None:
        """Read texts/<language>.yaml; raise `ConfigError` with every mistake as `file:line: what to do`."""
        if "de" not in city.file.languages:
            raise ConfigError(f"{city.folder / 'city.yaml'}: languages must contain de")
        files = {code: city.path(f"texts/{code}.yaml") for code in city.file.languages}
        self._texts = {code: yaml.load(file, TextsFile) for code, file in files.items()}
        self.named = frozenset(self._texts["de"].named)
        """The acknowledgements a rule may name."""
        for code, texts in self._texts.items():
            if missing := sorted(self.named ^ texts.named.keys()):
                raise ConfigError(f"{files[code]}: named: {missing[0]!r} stands in one language only")

    def compose(
        self,
        cause: Cause,
        *,
        language: str,
        facts: ReplyFacts,
        limit: int,
        count: Callable[[str], int],
        variant: str = "",
    ) -> str:
        """The text for `cause`, at most `limit` long as `count` counts; it never holds a citizen's words.

        `variant` is a state of `PUBLIC_STATES`, `place` or `place_again` for a question, or `report`,
        `question`, `feedback`, `held`, `elsewhere` or one of `named` for an acknowledgement. A language
        without texts gets German and, where it fits, the core in English. `count` should add what the
        platform's `address` adds.
        Raises `PermanentError` where there is no such text, a fact it cannot do without is empty, or no room.
        """
        own, *other = self._languages(language)
        text = fit(self._parts(own, cause, variant, facts), _shown(facts), lambda said: count(said) <= limit)
        for code in other:
            core = Part("core", self._text(code, cause, variant).core)
            both = f"{text}\n\n{render([core], _shown(facts))}"
            if "words" not in placeholders(core.text) and count(both) <= limit:
                text = both
        return text

    def _languages(self, language: str) -> list[str]:
        code = language[:2].lower()
        return [code] if code in self._texts else [code for code in ("de", "en") if code in self._texts]

    def _text(self, code: str, cause: Cause, variant: str) -> Text:
        found = getattr(self._texts[code], cause)
        if not isinstance(found, Text):
            found = getattr(found, variant, None)
        if found is None and cause is Cause.ACKNOWLEDGEMENT:
            found = self._texts[code].named.get(variant)
        if not isinstance(found, Text):
            raise PermanentError(f"there is no text for {cause} {variant!r}")
        return found

    def _parts(self, code: str, cause: Cause, variant: str, facts: ReplyFacts) -> list[Part]:
        text, first = self._text(code, cause, variant), self._texts[code].first
        parts = [Part("greeting", text.greeting), Part("core", text.core)]
        parts += [Part("detail", detail) for detail in text.details]
        parts.append(Part("link", text.link))
        if facts.first and cause is not Cause.STAFF:
            parts.append(Part("automatic", first.automatic))
        if facts.first:
            parts.append(Part("privacy", first.privacy))
        empty = {name for name, value in _shown(facts).items() if not value}
        if missing := sorted(empty & placeholders(text.core)):
            raise PermanentError(f"a reply about {facts.reference} ({cause} {variant}) needs {missing[0]}")
        return [part for part in parts if part.text and not empty & placeholders(part.text)]


def _shown(facts: ReplyFacts) -> dict[str, str]:
    told = facts.model_dump(exclude={"first"})
    return {name: (value or "").strip() for name, value in told.items()}

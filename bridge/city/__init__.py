"""The city this instance serves: its city.yaml, departments.yaml and categories.yaml, checked."""

from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from bridge.city import areas, yaml
from bridge.city.departments import ContactFile, DepartmentFile
from bridge.city.entry import Entry, Slug
from bridge.city.opening import USUAL, Hours, Span, State, week
from bridge.domain import Automation, ConfigError, Point, Step, WorkingSpan
from bridge.hours import WorkingTime

__all__ = [
    "COMMON",
    "CategoriesFile",
    "City",
    "CityFile",
    "ContactFile",
    "DepartmentFile",
    "DepartmentsFile",
    "Entry",
    "Slug",
    "load_city",
]


COMMON = "common"
"""The folder beside the cities with what holds for each of them that has no such file of its own."""


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"unknown time zone {name!r}; use a name like Europe/Berlin")
    return name


class Links(Entry):
    """The pages the law asks a public body for; shown on every public page and in the first reply."""

    impressum: str
    datenschutz: str
    barrierefreiheit: str
    netiquette: str


class AutomationChoice(Entry):
    """How far the program may go by itself: by default, by step, by category; the most careful one wins."""

    default: Automation = Automation.SUGGEST
    steps: dict[Step, Automation] = Field(default_factory=dict)
    categories: dict[str, Automation] = Field(default_factory=dict)


class CityFile(Entry):
    """The form of city.yaml."""

    name: str
    name_in_sentence: str | None = None
    jurisdiction: str
    reference_prefix: str = Field(pattern=r"^[A-Z]{1,4}$")
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Europe/Berlin"
    centre: Point
    languages: tuple[str, ...] = ("de", "en")
    mail_from: str
    links: Links
    on_call: str
    """The address that is alarmed for an emergency."""
    automation: AutomationChoice = AutomationChoice()
    join_seconds: int = Field(default=10, ge=0, le=600)
    """Messages of one person within this time join one ticket, and the first hand-over waits as long."""
    trusted_place: float = Field(default=0.6, ge=0, le=1)
    """The confidence from which a place is good enough to hand a ticket over."""
    trusted_category: float = Field(default=0.5, ge=0, le=1)
    raw_days: int = Field(default=30, ge=1)
    """How long raw payloads are kept."""
    best_before_hours: int = Field(default=48, ge=1)
    """After this time an unsent reply waits for staff instead of being sent late."""
    state: State | None = None
    """Without it only the holidays of the whole country are kept."""
    hours: Hours = Field(default=USUAL)
    closed: tuple[date, ...] = ()
    """Days on which nobody works, beside the public holidays."""
    reminds: Span = WorkingSpan(days=2)
    """How long a department may be silent before it is reminded; departments.yaml may say otherwise."""
    due: Span = WorkingSpan(days=10)
    """Until when a matter should be settled, where neither its rule nor its category says otherwise."""


class CategoryFile(Entry):
    """One category as categories.yaml tells it."""

    de: str
    en: str
    covers: str = ""
    needs_place: bool = True
    off: bool = False
    trusted: float | None = Field(default=None, ge=0, le=1)
    """The confidence from which this category needs no person's look, instead of the city's own."""
    due: Span | None = None
    """Until when such a matter should be settled, instead of the city's own."""
    worthless_after_hours: float | None = Field(default=None, gt=0)
    """How old a report of it may be when it leaves for its office; older ones help nobody."""


class DepartmentsFile(Entry):
    """The form of departments.yaml."""

    departments: dict[Slug, DepartmentFile]
    contacts: dict[Slug, ContactFile] = Field(default_factory=dict)


class CategoriesFile(Entry):
    """The form of categories.yaml."""

    categories: dict[Slug, CategoryFile]


class City:
    """One city's choices, read once and never changed."""

    def __init__(self, folder: Path) -> None:
        """Read the three files; raise `ConfigError` naming file and line where one is wrong."""
        if not folder.is_dir():
            raise ConfigError(f"{folder}: no such folder; set BRIDGE_CITY to one of routing_rules/")
        self.folder = folder
        self.file = yaml.load(folder / "city.yaml", CityFile)
        listed = yaml.load(folder / "departments.yaml", DepartmentsFile)
        self.departments, self.contacts = listed.departments, listed.contacts
        self.all_categories = yaml.load(self.path("categories.yaml"), CategoriesFile).categories
        self.categories = {code: c for code, c in self.all_categories.items() if not c.off}
        unknown = set(self.file.automation.categories) - set(self.all_categories)
        if unknown:
            raise ConfigError(
                f"{folder / 'city.yaml'}: automation names unknown categories: {sorted(unknown)}"
            )

    def path(self, name: str) -> Path:
        """Where a file of the city lies: in its own folder, else among those that cities share."""
        own, shared = self.folder / name, self.folder.parent / COMMON / name
        return shared if shared.exists() and not own.exists() else own

    @property
    def name(self) -> str:
        """The city's name as people say it."""
        return self.file.name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone every shown time is in."""
        return ZoneInfo(self.file.timezone)

    @cached_property
    def areas(self) -> frozenset[str]:
        """The names in areas.geojson; empty where the city has no such file."""
        path = self.folder / "areas.geojson"
        return frozenset(area.name for area in areas.read(path)) if path.exists() else frozenset()

    @property
    def join_window(self) -> timedelta:
        """How long quick messages of one person join one ticket."""
        return timedelta(seconds=self.file.join_seconds)

    def department_name(self, slug: str) -> str:
        """The department's name, or the slug where the department is no longer listed."""
        return self.departments[slug].name if slug in self.departments else slug

    @lru_cache(maxsize=256)  # noqa: B019 - who comes to be out of force falls out in time
    def working_time(self, department: str | None = None) -> WorkingTime:
        """When this department works; the city's own hours where it has none of its own."""
        office = self.departments.get(department or "")
        hours = office.hours if office and office.hours else self.file.hours
        return WorkingTime(self.zone, week(hours), state=self.file.state, closed=self.file.closed)

    def reminds(self, department: str) -> WorkingSpan:
        """How long this department may be silent before it is reminded."""
        office = self.departments.get(department)
        return office.reminds if office and office.reminds else self.file.reminds

    def due(self, category: str | None) -> WorkingSpan:
        """Until when a matter of this category should be settled, where its rule does not say."""
        found = self.all_categories.get(category or "")
        return found.due if found and found.due else self.file.due

    def trusts(self, code: str, confidence: float) -> bool:
        """Whether a category read with this confidence is acted on without a person's look."""
        category = self.all_categories.get(code)
        least = category.trusted if category and category.trusted is not None else None
        return confidence >= (self.file.trusted_category if least is None else least)

    def category_name(self, code: str | None, language: str = "de") -> str:
        """The category's name in German or English; an empty string for no category."""
        category = self.all_categories.get(code or "")
        if category is None:
            return code or ""
        return category.en if language == "en" else category.de

    def automation(self, step: Step, category: str | None, override: Automation | None = None) -> Automation:
        """How far this step may go by itself for this category; the most careful choice wins."""
        if override is not None:
            return override
        choice = self.file.automation
        careful = [Automation.SHADOW, Automation.SUGGEST, Automation.AUTOMATIC]
        named = [choice.steps.get(step), choice.categories.get(category or "")]
        return min([c for c in named if c] or [choice.default], key=careful.index)


@lru_cache(maxsize=4)
def load_city(folder: Path) -> City:
    """The city of `folder`, read once a process; whoever must see changes asks `bridge.city.in_force`."""
    return City(folder)

"""What every page of the desk may use: the city, German times and words, who is signed in, the pause."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask, g, has_app_context, request

from bridge import hours
from bridge.city import City, in_force
from bridge.settings import settings
from bridge.tickets import letterbox, search, switches
from bridge.web import told, words


def city() -> City:
    """The city this process serves, the same all through a request."""
    return g.city if has_app_context() and "city" in g else in_force.city()


def furnish(app: Flask) -> None:
    """Give the templates their words."""
    page = app.jinja_env
    page.trim_blocks = page.lstrip_blocks = True
    page.filters.update(spoken=spoken, day=day, age=age, person=person)
    page.globals.update(city=city, words=words, told=told, department=department)
    page.globals["parts"] = page.get_template("desk/parts.html").module
    app.before_request(_take_changes)
    app.context_processor(_signed_in)


def spoken(moment: datetime) -> str:
    """A moment in the city's zone and the German form."""
    return hours.spoken(moment, city().zone)


def day(moment: datetime) -> str:
    """The day of a moment in the city's zone and the German form."""
    return hours.spoken_day(moment, city().zone)


def age(moment: datetime) -> str:
    """How long ago a moment was."""
    return hours.age(moment, datetime.now(UTC))


def department(slug: str | None) -> str:
    """A department's name, or the one that is alarmed for emergencies; an empty string for none."""
    return "Bereitschaft" if slug == "on_call" else city().department_name(slug) if slug else ""


def person(actor: str) -> str:
    """Who did something, as the desk says it."""
    kind, _, slug = actor.partition(":")
    return department(slug) if kind == "department" else words.person(actor)


def mistakes() -> list[str]:
    """What keeps the files a clerk changed from taking effect, as `file:line: what to do`."""
    trouble = in_force.trouble()
    return [line.removeprefix(f"{settings().city_folder}/") for line in trouble.mistakes] if trouble else []


def _take_changes() -> None:
    in_force.follow()
    g.city = in_force.city()


def _signed_in() -> dict[str, Any]:
    if "staff" not in g:
        return {}
    here = request.full_path.rstrip("?")
    return {
        "staff": g.staff,
        "here": here,
        "paused_by": switches.paused_by(),
        "counts": search.counts(),
        "letters_waiting": letterbox.count_waiting(),
        "mistakes": mistakes(),
    }

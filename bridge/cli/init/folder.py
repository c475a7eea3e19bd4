"""Writes the folder of a new city out of the answers: all of it, or nothing."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from bridge.city import COMMON, City
from bridge.cli.init.start import rules, start
from bridge.domain import ConfigError, Point, Value


class Answers(Value):
    """What was asked about a city."""

    town: str
    folder: str
    prefix: str
    state: str
    centre: Point
    press: str
    sender: str
    on_call: str
    hours: Mapping[str, tuple[str, ...]]
    offices: Mapping[str, str]
    """The address of each chosen office."""
    accounts: tuple[tuple[str, str], ...]
    """Platform and handle."""


def free(folder: str, root: Path) -> str:
    """The name of a folder that can be made below `root`; raises `ConfigError` where one is in the way."""
    if not (root / COMMON).is_dir():
        raise ConfigError(f"{root / COMMON} is missing; run this where it lies, or name it by BRIDGE_RULES")
    if (root / folder).exists():
        raise ConfigError(f"{root / folder} is there already and is never written over; choose another name")
    return folder


def write(answers: Answers, root: Path, check: Callable[[City], list[str]]) -> City:
    """Write the folder and return the city; it is written beside its place and renamed once it is whole.

    Raises `ConfigError` and leaves nothing where `check` finds a mistake.
    """
    done, beside = root / free(answers.folder, root), root / f".{answers.folder}-new"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    try:
        for name, text in _files(answers).items():
            (beside / name).write_text(text, encoding="utf-8")
        if mistakes := check(City(beside)):
            raise ConfigError("\n".join(mistakes))
        beside.rename(done)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return City(done)


def _files(answers: Answers) -> dict[str, str]:
    return {
        "city.yaml": _headed("city", _CITY_HEAD, _city(answers)),
        "departments.yaml": _headed("departments", _DEPARTMENTS_HEAD, _departments(answers)),
        "rules.yaml": _headed("rules", _RULES_HEAD, {"rules": [_flowing(each) for each in _rules(answers)]}),
        "README.md": _README.format(town=answers.town),
    }


def _city(answers: Answers) -> dict[str, Any]:
    site = f"https://{answers.folder.replace('_', '-')}.example"
    pages = ("impressum", "datenschutz", "barrierefreiheit", "netiquette")
    return {
        "name": answers.town,
        "jurisdiction": site.removeprefix("https://"),
        "reference_prefix": answers.prefix,
        "timezone": "Europe/Berlin",
        "centre": _Flow(answers.centre.model_dump()),
        "languages": _FlowList(["de", "en"]),
        "mail_from": answers.sender,
        "on_call": answers.on_call,
        "links": {page: f"{site}/{page}" for page in pages},
        "automation": {"default": "shadow"},
        "state": answers.state,
        "hours": {days: _FlowList(times) for days, times in answers.hours.items()},
        "reminds": "2 working days",
        "due": "10 working days",
    }


def _departments(answers: Answers) -> dict[str, Any]:
    offices: dict[str, dict[str, Any]] = {"press": {"name": "Pressestelle", "address": answers.press}}
    for slug, address in answers.offices.items():
        office = start().offices[slug]
        outside = {"outside": True} if office.outside else {}
        offices[slug] = {"name": office.name, "address": address, **outside}
    return {"departments": offices, "contacts": start().contacts}


def _rules(answers: Answers) -> list[dict[str, Any]]:
    """The rules, without the examples in which the town itself is another one."""
    found = []
    for rule in rules(answers.offices):
        kept = [each for each in rule["examples"] if answers.town not in each]
        found.append(rule | {"examples": kept})
    return found


_MAP, _SEQ = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"


class _Flow(dict[str, Any]):
    """Written in one line."""


class _FlowList(list[Any]):
    """Written in one line."""


class _Dumper(yaml.SafeDumper):
    """Writes YAML as a person would: lists set in, a blank line between rules."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Set every list in."""
        super().increase_indent(flow, False)


_Dumper.add_representer(_Flow, lambda dumper, data: dumper.represent_mapping(_MAP, data, flow_style=True))
_Dumper.add_representer(
    _FlowList, lambda dumper, data: dumper.represent_sequence(_SEQ, data, flow_style=True)
)


def _flowing(rule: dict[str, Any]) -> dict[str, Any]:
    return rule | {"when": _Flow(rule["when"])}


def _headed(form: str, head: str, data: dict[str, Any]) -> str:
    text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    spaced = text.replace("\n  - name: ", "\n\n  - name: ").replace("rules:\n\n", "rules:\n")
    return f"# yaml-language-server: $schema=../schema/{form}.schema.json\n{head}{spaced}"


_CITY_HEAD = """\
# The city itself. What ends in .example is a placeholder: put in your own before you go live.
# automation: shadow (nothing leaves), suggest (a person releases everything), automatic; docs/first-week.md.
# hours: when the offices work; holiday are hours on public holidays. departments.yaml may say otherwise.
"""
_DEPARTMENTS_HEAD = """\
# Who can act. speaks: directly  would send an office's own words to the citizen without a person's look.
# outside: true  is no office of the city: personal data goes there only where a rule names the ground.
# contacts are whom citizens are pointed to where the city itself does not act; a rule names them with tell.
"""
_RULES_HEAD = """\
# Who gets what. Read from top to bottom: the first rule that applies wins, the last one takes the rest.
# How to read and change this file is told in docs/rules.md; after a change run: bridge rules check
# A first proposal: check with each office that it is really the one in charge.
"""
_README = """\
# {town}

Made by `bridge init` as a first proposal: nobody in {town} has endorsed it. Everything here may be edited by
a clerk. Categories, dangers and texts are those of `routing_rules/common/`; a file of the same name here is
taken instead.
"""

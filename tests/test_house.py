"""The house keeps its own rules: sizes, words, directions, doors."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from zipfile import ZipFile

import grimp
import pytest

from bridge import delivery, platforms, queues
from bridge.domain import Step
from tests.web import seed

ROOT = Path(__file__).parent.parent
PARTS = ("bridge", "workers", "tests", "routing_rules", "docs", "benchmarks", ".ci")
MODULES = sorted(path for part in ("bridge", "workers") for path in (ROOT / part).rglob("*.py"))
MIGRATIONS = ROOT / "bridge" / "tickets" / "migrations"
SECRETS = re.compile(r"token|secret|signature|password|hash|digest", re.IGNORECASE)
OPEN_DOORS = {
    "/abmelden",
    "/amt/<token>",
    "/amt/<token>/foto/<int:attachment_id>",
    "/anmelden",
    "/anmelden/link/<token>",
    "/api/openapi.json",
    "/api/v1/photos/<token>",
    "/gesundheit",
    "/open311/discovery.<form>",
    "/open311/v2/requests.<form>",
    "/open311/v2/requests/<service_request_id>.<form>",
    "/open311/v2/servicerequestupdates.<form>",
    "/open311/v2/services.<form>",
    "/open311/v2/services/<service_code>.<form>",
    "/open311/v2/tokens/<token>.<form>",
    "/s/<code>",
    "/static/<path:filename>",
}
"""What opens without a sign-in: to add one here is a decision."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def named(path: Path, node: ast.stmt | ast.expr) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def written() -> list[Path]:
    """Every file somebody wrote, without needing git."""
    below = [path for part in PARTS for path in (ROOT / part).rglob("*")]
    found = [path for path in [*below, *ROOT.iterdir()] if path.is_file()]
    return [path for path in found if "__pycache__" not in path.parts and path.name != ".coverage"]


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    silent = [str(path.relative_to(ROOT)) for path in MODULES if not ast.get_docstring(tree(path))]
    assert silent == []


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in MODULES
        if MIGRATIONS not in path.parents
    }
    assert {name: lines for name, lines in sizes.items() if lines > 300} == {}


def test_no_function_is_longer_than_fifty_lines() -> None:
    functions = [
        (path, node)
        for path in MODULES
        if MIGRATIONS not in path.parents
        for node in ast.walk(tree(path))
        if isinstance(node, Function)
    ]
    assert [named(path, node) for path, node in functions if (node.end_lineno or 0) - node.lineno >= 50] == []


def test_every_public_function_says_what_it_does() -> None:
    silent = [
        named(path, function)
        for path in MODULES
        for function in public_functions(tree(path))
        if not ast.get_docstring(function)
    ]
    assert silent == []


def public_functions(scope: ast.Module | ast.ClassDef) -> Iterator[Function]:
    for node in scope.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node)
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = grimp.build_graph("bridge", "workers")
    arrows = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(arrows).prepare()


def test_every_arrow_points_the_way_the_house_was_drawn() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_no_platform_knows_another() -> None:
    names = platforms.names()
    graph = grimp.build_graph("bridge")
    for name in names:
        others = {f"bridge.platforms.{other}" for other in names if other != name}
        assert not others & graph.find_upstream_modules(f"bridge.platforms.{name}", as_package=True)


@pytest.mark.parametrize("step", Step)
def test_every_step_names_a_job_that_exists(step: Step) -> None:
    module, _, function = queues.JOB_OF[step].rpartition(".")
    assert callable(getattr(import_module(module), function))


def test_every_queue_has_a_process_that_works_on_it_alone() -> None:
    commands = [line.partition(": ")[2] for line in (ROOT / "Procfile").read_text().splitlines()]
    worked_on = [command.split()[3:] for command in commands if command.startswith("python -m workers ")]
    assert sorted(worked_on) == sorted([queue] for queue in set(queues.QUEUE_OF.values()))


@pytest.mark.parametrize("name", platforms.names())
def test_every_platform_is_named_tested_and_told_of(name: str) -> None:
    assert platforms.load(name).name == name
    assert (ROOT / f"tests/platforms/test_{name}.py").exists()
    assert any((ROOT / f"tests/platforms/payloads/{name}").iterdir())
    assert (ROOT / f"docs/platforms/{name}.md").exists()


@pytest.mark.parametrize("name", delivery.names())
def test_every_channel_is_named_tested_and_told_of(name: str) -> None:
    assert delivery.load(name).name == name
    assert (ROOT / f"tests/delivery/test_{name}.py").exists()
    assert (ROOT / f"docs/channels/{name}.md").exists()


def test_the_web_process_loads_neither_spacy_nor_the_reader_of_texts() -> None:
    code = "import sys, json, bridge.app; print(json.dumps(list(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    loaded = set(json.loads(told.stdout))
    assert {name for name in loaded if name.startswith(("spacy", "bridge.understanding", "workers"))} == set()


def test_these_addresses_are_open_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = seed.make_client(tmp_path, monkeypatch)
    client.application.config["WTF_CSRF_ENABLED"] = False
    address = client.application.url_map.bind("127.0.0.1:8080")
    found = set()
    for rule in client.application.url_map.iter_rules():
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}:
            path = address.build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method=method)
            told = client.open(path, method=method)
            asks_who = told.status_code == 401 or (told.location or "").startswith("/anmelden?weiter=")
            found |= set() if asks_who else {rule.rule}
            told.close()
    seed.end()
    assert found == OPEN_DOORS


def test_secrets_are_never_compared_by_equality() -> None:
    careless = [
        named(path, node)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Compare)
        and any(isinstance(sign, ast.Eq | ast.NotEq) for sign in node.ops)
        and compares_a_secret([node.left, *node.comparators])
    ]
    assert careless == []


def compares_a_secret(sides: list[ast.expr]) -> bool:
    """Whether a name says so; a column is looked up by the database and compares nothing here."""
    if any(re.search(r"\b\w+Row\.", ast.unparse(side)) for side in sides):
        return False
    return any(SECRETS.search(name) for side in sides for name in called(side))


def called(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Call(func=function, args=arguments):
            method = [function.value] if isinstance(function, ast.Attribute) else []
            for part in (function, *method, *arguments):
                yield from key(part)
        case ast.Subscript(value=value, slice=part):
            yield from called(value)
            yield from key(part)


def key(node: ast.expr) -> Iterator[str]:
    """The names of a part; a bare word is one where it says what is taken out of something."""
    match node:
        case ast.Constant(value=str(word)):
            yield word
        case _:
            yield from called(node)


@pytest.mark.parametrize(
    ("line", "careless"),
    [
        ("token == given", True),
        ("given != settings().secret_key", True),
        ('request.headers["X-Signature"] == made', True),
        ("hmac.digest(key) == sent", True),
        ("StaffSessionRow.token_hash == wanted", False),
        ('form.get("token") == wanted', True),
        ("fold(token.text) == ours", False),
        ('field == "token"', False),
        ("len(text) == 3", False),
    ],
)
def test_a_careless_comparison_is_told_by_its_names(line: str, careless: bool) -> None:
    node = ast.parse(line, mode="eval").body
    assert isinstance(node, ast.Compare)
    assert compares_a_secret([node.left, *node.comparators]) is careless


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    machine = re.compile(rb"(?<![\w.~-])/(?:work|home|root|Users|mnt)/")
    assert [path for path in written() if machine.search(path.read_bytes())] == []


def test_the_pinned_requirements_name_no_address() -> None:
    assert "://" not in (ROOT / "constraints.txt").read_text()


def test_no_page_asks_another_host_for_anything() -> None:
    asks = re.compile(
        r"""(?:src|srcset|action|data)=["']?https?:|url\(["']?https?:|@import|<link[^>]+https?:"""
    )
    pages = [path for kind in ("html", "css", "js") for path in (ROOT / "bridge").rglob(f"*.{kind}")]
    assert [path for path in pages if asks.search(path.read_text("utf-8"))] == []


def test_a_normal_install_carries_every_file(tmp_path: Path) -> None:
    build = f"from setuptools.build_meta import build_wheel; build_wheel({str(tmp_path)!r})"
    source = tmp_path / "source"
    for path in written():
        if path.relative_to(ROOT).parts[0] in {"bridge", "workers", "pyproject.toml", "README.md"}:
            copy = source / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
    subprocess.run([sys.executable, "-c", build], cwd=source, env=quiet, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as packed:
        carried = {name for name in packed.namelist() if ".dist-info/" not in name}
    wanted = {path.relative_to(ROOT).as_posix() for path in written()}
    assert carried == {name for name in wanted if name.startswith(("bridge/", "workers/"))}

"""The documents say what is so: commands, variables, states, paths and links."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner

from bridge import delivery, platforms
from bridge.cli import app
from bridge.domain import TicketStatus
from bridge.settings import Settings, settings
from bridge.tickets import migrate, session
from bridge.tickets.workflow import ALLOWED
from tests.factories import LEIPZIG

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
DOCS = sorted([README, ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
COMMANDS = typer.main.get_command(app)


def told(path: Path) -> str:
    return str(path.relative_to(ROOT))


def shell_lines() -> Iterator[tuple[Path, str]]:
    """Every line a reader may type."""
    for path in DOCS:
        for block in re.findall(r"^ *```sh\n(.*?)^ *```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            yield from ((path, line.strip()) for line in block.splitlines() if line.strip())


def table(text: str, first_column: str) -> list[list[str]]:
    """The cells of the table whose first column bears this name."""
    lines = text.partition(f"| {first_column} |")[2].splitlines()[2:]
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def leaves(command: typer.core.TyperCommand | typer.core.TyperGroup, name: str) -> Iterator[str]:
    if not isinstance(command, typer.core.TyperGroup):
        yield name
        return
    if command.invoke_without_command:
        yield name
    for word, child in command.commands.items():
        yield from leaves(child, f"{name} {word}")


def parse(line: str) -> None:
    """Read a line as the command would; raises where a command, option or argument does not exist."""
    name, *words = shlex.split(line, comments=True)
    command = COMMANDS
    while isinstance(command, typer.core.TyperGroup) and words and words[0] in command.commands:
        command, name = command.commands[words[0]], f"{name} {words.pop(0)}"
    if isinstance(command, typer.core.TyperGroup) and words and not words[0].startswith("-"):
        raise ValueError(f"No such command: {name} {words[0]}")
    command.make_context(name, words)


@pytest.mark.parametrize(("path", "line"), [(told(path), line) for path, line in shell_lines()])
def test_every_line_one_may_type_is_a_line_that_works(path: str, line: str) -> None:
    first, *words = line.split()
    match first:
        case "bridge":
            parse(line)
        case "make":
            assert set(words) <= targets()
        case "bash" | ".venv/bin/pytest" | "cp":
            assert (ROOT / words[0]).exists() or words[0].startswith("-")
        case _:
            assert first in {"export", "sqlite3", "pg_dump", "python3"}


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_a_line_with_a_mistake_would_be_noticed() -> None:
    with pytest.raises(Exception, match="No such option"):
        parse("bridge staff add vera --nam Vera")
    with pytest.raises(Exception, match="No such command"):
        parse("bridge rules chek")


def test_help_names_what_make_can_do() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == targets()


def test_the_readme_names_every_variable_with_its_default() -> None:
    rows = {row[0].strip("`"): row[1].strip("`–") for row in table(README.read_text("utf-8"), "variable")}
    fields = {str(field.validation_alias): field.default for field in Settings.model_fields.values()}
    assert rows == {name: shown(default) for name, default in fields.items()}


def shown(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return "" if default is None else str(default)


def test_the_readme_names_every_command() -> None:
    rows = [row[0].strip("`") for row in table(README.read_text("utf-8"), "command")]
    assert sorted(rows) == sorted(leaves(COMMANDS, "bridge"))


@pytest.mark.parametrize("path", [*(f"docs/platforms/{name}.md" for name in platforms.names())])
def test_the_readme_leads_to_every_platform(path: str) -> None:
    assert f"({path})" in README.read_text("utf-8")


@pytest.mark.parametrize("path", [*(f"docs/channels/{name}.md" for name in delivery.names())])
def test_the_readme_leads_to_every_channel(path: str) -> None:
    assert f"({path})" in README.read_text("utf-8")


def test_the_architecture_shows_the_moves_that_are_allowed() -> None:
    rows = table((ROOT / "docs/architecture.md").read_text("utf-8"), "state")
    drawn = {state.strip("`"): set(re.findall(r"`(\w+)`", moves)) for state, moves in rows}
    assert drawn == {state.value: {move.value for move in ALLOWED[state]} for state in TicketStatus}


def test_the_way_of_one_message_has_ten_lines_and_each_names_its_file() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8").partition("## The way of one message")[2]
    lines = re.findall(r"^\d+\. .*$", text.partition("\n## ")[0], re.MULTILINE)
    assert len(lines) == 10
    assert all(re.search(r"`(?:workers|bridge)/[\w/]+\.py`", line) for line in lines)


@pytest.mark.parametrize("path", DOCS, ids=told)
def test_every_path_that_is_named_exists(path: Path) -> None:
    named = re.findall(r"`((?:bridge|workers|tests|docs|routing_rules)/[\w./-]*)`", path.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", DOCS, ids=told)
def test_every_link_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8"))
    here = [link for link in links if not link.startswith("https://")]
    assert [link for link in here if not leads(path, link)] == []


def leads(path: Path, link: str) -> bool:
    file, _, heading = link.partition("#")
    target = path.parent / file if file else path
    if not target.exists():
        return False
    headings = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
    return not heading or heading in {title.lower().replace(" ", "-") for title in headings}


def test_the_index_leads_to_every_document() -> None:
    index = (ROOT / "docs/index.md").read_text("utf-8")
    wanted = [path for path in DOCS if path.parent != ROOT and path.name != "index.md"]
    assert [told(path) for path in wanted if f"({path.relative_to(ROOT / 'docs')})" not in index] == []


@pytest.mark.parametrize("path", DECISIONS, ids=told)
def test_a_decision_says_when_why_and_what_follows(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert re.search(
        r"^- Date: \d{4}-\d\d-\d\d\n- Status: (?:accepted|proposed|superseded)", text, re.MULTILINE
    )
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("bridge rules check", "are fine"),
        ('bridge rules explain "Der Poller in der Hauptstraße ist umgefahren"', "Regel poller"),
        ("bridge platforms", "Mastodon"),
        ("bridge pause", "bridge resume"),
        ("bridge resume", "goes on"),
        ("bridge requeue", "0 set-aside items"),
        ("bridge db upgrade", "up to date"),
    ],
)
def test_harmless_lines_of_the_documents_do_what_they_say(
    line: str, answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert line in {typed for _, typed in shell_lines()}
    monkeypatch.setenv("BRIDGE_DATA", str(tmp_path))
    monkeypatch.setenv("BRIDGE_RULES", str(LEIPZIG.parent))
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()
    migrate.upgrade()
    done = CliRunner().invoke(app, shlex.split(line)[1:])
    session.close()
    settings.cache_clear()
    assert done.exit_code == 0, done.output
    assert answer in done.output

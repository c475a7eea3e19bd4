"""`bridge init`: asks about a town, writes its folder, and says what is missing and what to do next."""

from typing import Annotated

import typer
from rich.console import Console

from bridge import checks, delivery
from bridge.city import City
from bridge.cli.init import ask, missing
from bridge.cli.init.folder import Answers, free, write
from bridge.cli.rules import matter_of
from bridge.domain import BridgeError
from bridge.routing import Rules
from bridge.settings import settings

console = Console()

Answer = str | None


def init(
    *,
    town: Annotated[Answer, typer.Option(help="the town's name")] = None,
    folder: Annotated[Answer, typer.Option(help="its folder below routing_rules/, a short name")] = None,
    prefix: Annotated[Answer, typer.Option(help="one to four capital letters; begin ticket numbers")] = None,
    state: Annotated[Answer, typer.Option(help="federal state by its two letters, for its holidays")] = None,
    centre: Annotated[Answer, typer.Option(help="middle of the town: latitude, longitude")] = None,
    press: Annotated[Answer, typer.Option(help="mail address of the press desk")] = None,
    sender: Annotated[
        Answer, typer.Option(help="address the bridge writes from and takes answers at")
    ] = None,
    on_call: Annotated[Answer, typer.Option(help="address that is alarmed for an emergency")] = None,
    hours: Annotated[Answer, typer.Option(help="opening hours: mon-thu 08:00-16:00, fri 08:00-12:00")] = None,
    office: Annotated[
        list[str] | None, typer.Option(help="an office, or office=address; repeat for each")
    ] = None,
    account: Annotated[
        list[str] | None, typer.Option(help="platform=handle; repeat for each, none for none yet")
    ] = None,
    test_mail: Annotated[
        bool | None, typer.Option("--test-mail/--no-test-mail", help="write to the press desk now")
    ] = None,
) -> None:
    """Set up a town: asks what no option says, writes its folder, checks it and says what to do next."""
    root = settings().rules_folder
    name = ask.one(town, "Town", ask.name)
    answers = Answers(
        town=name,
        folder=ask.one(folder, "Short name", lambda text: free(ask.short(text), root), ask.shortened(name)),
        prefix=ask.one(prefix, "Ticket numbers begin with", ask.prefix, ask.initials(name)),
        state=ask.one(state, "Federal state, such as NW or SN", ask.state),
        centre=ask.one(
            centre, "Middle of the town (latitude, longitude, as a map tells on a right click)", ask.centre
        ),
        press=ask.one(press, "Mail address of the press desk", ask.address),
        sender=ask.one(sender, "Address the bridge writes from", ask.address),
        on_call=ask.one(on_call, "Address alarmed for an emergency", ask.address),
        hours=ask.one(hours, "Opening hours", ask.hours, "mon-thu 08:00-16:00, fri 08:00-12:00"),
        offices=ask.offices(office),
        accounts=ask.accounts(account),
    )
    _set_up(answers, mail=_wanted(test_mail, answers.press))


def _set_up(answers: Answers, *, mail: bool) -> None:
    with console.status("Writing and checking …"):
        city = write(answers, settings().rules_folder, checks.mistakes)
        odd = [*checks.warnings(city), *_astray(city)]
    console.print(f"[bold]{city.folder}[/bold] is written and checked.", highlight=False, soft_wrap=True)
    for line in odd:
        typer.echo(f"warning: {line}")
    if mail:
        _test_mail(city)
    missing.tell(console, answers, city)


def _astray(city: City) -> list[str]:
    """The examples that do not go by their own rule."""
    failures = Rules.load(city).check_examples(lambda text: matter_of(city, text))
    return [f"{each.example.file}:{each.example.line}: goes by {each.got!r}" for each in failures]


def _wanted(test_mail: bool | None, press: str) -> bool:
    if test_mail is not None:
        return test_mail
    return typer.confirm(f"Send a test mail to {press} by {settings().smtp_host}?", default=False)


def _test_mail(city: City) -> None:
    """Write to the press desk; trouble is told, since the folder is there all the same."""
    press = city.departments["press"].address
    lines = [f"Guten Tag, das ist eine Probe der Stadtbrücke für {city.name}. Sie müssen nichts tun."]
    try:
        with console.status(f"Writing to {press} …"):
            delivery.send_notice(
                settings(),
                city.file.mail_from,
                press,
                subject="Probe der Stadtbrücke",
                lines=lines,
                url=settings().public_url,
            )
        typer.echo(f"The test mail to {press} was taken by {settings().smtp_host}.")
    except BridgeError as error:
        typer.echo(f"The test mail was not sent: {error}")

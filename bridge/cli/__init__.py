"""The command `bridge`: everything an operator or a clerk does outside the desk."""

import sys

import typer

from bridge.cli import departments, doctor, init, nlp, operations, places, platforms, rules, run
from bridge.domain import BridgeError
from bridge.logs import configure
from bridge.tickets.session import DatabaseError, in_a_sentence

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
app.command("init")(init.init)
app.command("doctor")(doctor.doctor)
app.command("run")(run.run)
app.command("understand")(places.understand)
app.add_typer(places.app, name="gazetteer", help="Build a city's gazetteer.")
app.add_typer(nlp.app, name="nlp", help="Train, measure and take back the model that reads messages.")
app.add_typer(rules.app, name="rules", help="Check, test and explain the routing rules.")
app.add_typer(departments.app, name="departments", help="How departments listen, and their keys.")
app.add_typer(operations.db, name="db", help="The database.")
app.add_typer(operations.staff_app, name="staff", help="People who may sign in at the press desk.")
app.add_typer(operations.privacy, name="privacy", help="Forget what has had its time.")
app.command("pause")(operations.pause)
app.command("resume")(operations.resume)
app.command("requeue")(operations.requeue)
app.add_typer(platforms.app, name="platforms", help="The city's accounts on the platforms.")


def main() -> None:
    """Run the command; a failure we know how to name is one plain sentence and exit code 1."""
    configure()
    try:
        app()
    except BridgeError as error:
        sys.exit(str(error))
    except DatabaseError as error:
        sys.exit(in_a_sentence(error))

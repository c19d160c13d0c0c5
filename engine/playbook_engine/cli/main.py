"""`playbook`: the commands, loaded when they are asked for.

Exit codes, the same for all: 0 fine, 1 findings or failures, 2 usage or configuration, 3 our fault, 4 nothing to check,
5 inconclusive.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from playbook_engine.cli.output import print_problems
from playbook_engine.errors import PlaybookError, PlaybookProblems
from playbook_engine.text.nearest import nearest

COMMANDS = (
    "approvals",
    "audit",
    "calendar",
    "diff",
    "explain",
    "forget",
    "graph",
    "hours",
    "init",
    "lint",
    "outbox",
    "pause",
    "plugins",
    "prove",
    "replay",
    "report",
    "resume",
    "run",
    "schema",
    "serve",
    "store",
    "test",
)

FINE, FOUND, USAGE, OUR_FAULT, NOTHING, INCONCLUSIVE = range(6)


class Commands(click.Group):
    """One module a command: `playbook run` is `cli/run.py`, imported when it is called."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            near = nearest(name, COMMANDS)
            hint = f"did you mean `{near}`?" if near else f"there are {', '.join(COMMANDS)}"
            context.fail(f"no command is called `{name}`; {hint}")
        command = import_module(f"playbook_engine.cli.{name}").command
        assert isinstance(command, click.Command)
        return command


def _colour(asked: bool | None) -> bool | None:
    """`--color` and `--no-color` first, then NO_COLOR (https://no-color.org) and FORCE_COLOR, else the terminal."""
    if asked is not None:
        return asked
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "PLAYBOOK"})
@click.version_option(package_name="playbook-engine", prog_name="playbook")
@click.option("--color/--no-color", "colour", default=None, help="Colour or not, whatever the terminal says.")
@click.pass_context
def playbook(context: click.Context, colour: bool | None) -> None:
    """A company's response policy as YAML: reply fast, apologise, resolve."""
    context.color = _colour(colour)


def main() -> None:
    """Runs a command; turns what goes wrong into one message and an exit code."""
    try:
        sys.exit(playbook.main(standalone_mode=False, prog_name="playbook") or FINE)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except PlaybookProblems as found:
        print_problems(found.problems, found.lines)
        sys.exit(USAGE)
    except PlaybookError as error:
        click.echo(f"playbook: {error}", err=True)
        sys.exit(USAGE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FINE)
    except Exception as error:
        from importlib.metadata import version  # takes longer to load than an answer that is kept

        release = version("playbook-engine")
        click.echo(f"playbook {release}: our fault: {type(error).__name__}: {error}", err=True)
        if os.environ.get("PLAYBOOK_DEBUG"):
            raise
        click.echo("set PLAYBOOK_DEBUG=1 to see where; the input is untouched", err=True)
        sys.exit(OUR_FAULT)

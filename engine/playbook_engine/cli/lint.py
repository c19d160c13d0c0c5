"""`playbook lint`: everything that keeps a playbook from being used, each with its place and what to do."""

from __future__ import annotations

from pathlib import Path

import click

from playbook_engine.cli.loading import load_any
from playbook_engine.cli.output import FORMAT, print_json, problem_as_json
from playbook_engine.registry import Registry
from playbook_engine.text.excerpt import excerpt


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@FORMAT
@click.pass_context
def command(context: click.Context, paths: tuple[Path, ...], form: str) -> None:
    """Reads playbooks and reports every problem at once. Without a PATH: the current directory.

    A playbook without problems is put to the lint rules of the installed plugins.

    Exit code 1 when there are problems, 4 when there is nothing to check.
    """
    registry = Registry.build()
    loaded = [load_any(path, registry) for path in paths or (Path("."),)]
    found = [(one, (*one.problems, *(registry.advice(one.policy) if one.policy else ()))) for one in loaded]
    problems = [problem for _, problems in found for problem in problems]
    files = sum(len(one.document.lines) for one in loaded)
    if form == "json":
        print_json({"version": 1, "files": files, "problems": [problem_as_json(problem) for problem in problems]})
    else:
        for one, told in found:
            for problem in told:
                click.echo(excerpt(problem, one.document.lines))
        said = "no problems" if not problems else f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        click.echo(f"{said} in {files} file{'s' if files != 1 else ''}")
    context.exit(4 if not files else 1 if problems else 0)

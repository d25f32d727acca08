"""What commands share: where they print, who they are, and the runtime that they work on."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from rich.console import Console
from rich.table import Column, Table

from contor.commands.logs import write_logs
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Problem, Refused
from contor.runtime.config import Config
from contor.runtime.execute import Runtime
from contor.runtime.secrets import Secrets

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
_ADDRESS = "address"


def cli_caller(tenant_id: int | None = None) -> Caller:
    return Caller("cli", "cli", tenant_id, permissions=frozenset({EVERYTHING}))


@contextmanager
def argued(arguments: Mapping[str, str]) -> Iterator[None]:
    """What is refused here is named as the command line names it: `arguments` by field."""
    try:
        yield
    except Refused as refused:
        found = [replace(one, field=_argument(one.field, arguments)) for one in refused.problems]
        raise Refused(refused.kind, *found) from refused


def _argument(field: str | None, arguments: Mapping[str, str]) -> str | None:
    """`options.contents` of an argument `--option` is `--option contents`."""
    if field is None:
        return None
    head, _, rest = field.partition(".")
    argument = arguments.get(re.split(r"\[", head)[0])
    return field if argument is None else f"{argument} {rest}".rstrip()


def sentence(problem: Problem) -> str:
    """A finding as the terminal says it: with its subject and what was given, where it says only what is wrong with it."""
    if problem.field is None or not problem.message[:1].islower():
        return problem.message
    given = "" if problem.rejected_value is None else f": {str(problem.rejected_value)[:100]}"
    return f"{problem.of(problem.field)}{given}"


def printed_table(*headings: str, title: str | None = None) -> Table:
    """A table whose cells go on in the next line where the terminal is narrow: idents and reasons are shown whole."""
    return Table(*(Column(heading, overflow="fold") for heading in headings), title=title)


def say_whose(runtime: Runtime, organization: str | None) -> None:
    """Which organization a command that changes something works for, where none was named."""
    if organization is None:
        from contor.commands.importing import demo_realm

        out.print(f"For the demo organization {demo_realm(runtime)}", markup=False)


def note_address(config: Config) -> None:
    """Where the server of a home can be reached, for the commands that say so: they may not have its settings."""
    config.home.mkdir(parents=True, exist_ok=True)
    (config.home / _ADDRESS).write_text(config.base_url, encoding="utf-8")


def server_address(config: Config) -> str:
    """The public URL, else where the server of this home began last, else where it would begin by these settings."""
    noted = config.home / _ADDRESS
    if config.public_url is None and noted.exists():
        return noted.read_text(encoding="utf-8")
    return config.base_url


@contextmanager
def opened(config: Config | None = None) -> Iterator[Runtime]:
    """A runtime over `DATABASE_URL`, or over the embedded server (started for the time if it does not run)."""
    from contor.app import make_runtime
    from contor.runtime.postgres import embedded, process_login

    config = config or Config.from_environment()
    write_logs(config)
    with embedded(config) as dsn:
        runtime = make_runtime(config, process_login(dsn, Secrets.load(config)))
        runtime.database.open()
        try:
            yield runtime
        finally:
            runtime.database.close()

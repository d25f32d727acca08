"""`contor config`: the settings as they are read, and whether the database will do."""

import os
from collections.abc import Mapping

from rich.markup import escape
from rich.table import Table

from contor.commands.serving.machine import connections, cores, manned, room
from contor.commands.terminal import printed_table
from contor.runtime.config import Config, unknown_variables
from contor.runtime.postgres import enough_connections, facts


def settings(config: Config, environ: Mapping[str, str] = os.environ) -> Table:
    """Every variable with its value; what is secret is not shown."""
    table = printed_table("variable", "value", "")
    for variable, value in config.shown().items():
        if variable == "CONTOR_WORKERS" and config.workers is None:
            table.add_row(variable, *_manning())
        else:
            table.add_row(variable, escape(value), "set" if environ.get(variable, "").strip() else "")
    return table


def _manning() -> tuple[str, str]:
    """How many workers will run where nobody says it, and why no more. How many connections there are only a database can tell."""
    workers = room()
    return str(workers), f"as many as there {'are cores' if workers == cores() else 'is memory for'}, if the connections suffice"


def remarks() -> list[str]:
    """What is set under a name that means nothing."""
    return [f"{name} is no setting" + (f"; {meant} is one" if meant else "") for name, meant in unknown_variables().items()]


def examined(config: Config) -> str:
    """What `DATABASE_URL` finds. Raises `Refused` or the database's own error for one that will not do."""
    if config.database_url is None:
        return "The embedded PostgreSQL is used."
    found = facts(config.database_url)
    enough_connections(config.database_url, connections(manned(config, found.connections)))
    tables = "it owns the tables" if found.is_owner and found.has_tables else "it does not own the tables"
    return f"PostgreSQL {found.version}, {found.encoding}, login {found.login}: " + (
        tables if found.has_tables else "no tables yet"
    )

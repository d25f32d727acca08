"""`contor config`: the settings as they are read, and whether the database will do."""

from rich.markup import escape
from rich.table import Table

from contor.commands.serving.machine import connections, manned
from contor.runtime.config import Config, unknown_variables
from contor.runtime.postgres import enough_connections, facts


def settings(config: Config) -> Table:
    """Every variable with its value; what is secret is not shown."""
    default = Config(home=config.home).shown()
    table = Table("variable", "value", "")
    for variable, value in config.shown().items():
        table.add_row(variable, escape(value), "" if value == default[variable] else "set")
    return table


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

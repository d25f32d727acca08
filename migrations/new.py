"""Write a new revision: the difference between the migrated database and the declared tables, as SQL to be read before use.

    python -m migrations.new "add price lists"

New tables get their key, row-level security and grants from their declaration; other differences are rendered by Alembic.
`--initial` rewrites the first revision from all declared tables (only before the first release).
"""

import io
import re
import sys
from pathlib import Path

from alembic.autogenerate import produce_migrations
from alembic.operations import Operations, ops
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from contor.runtime.config import Config
from contor.runtime.migrate import MIGRATIONS, alembic_config, load_tables, migrate
from contor.runtime.postgres import embedded
from contor.runtime.schema import METADATA, create_statements

SEPARATOR = "\n;;\n"
TEMPLATE = '''"""{message}."""

from migrations.helpers import run_sql

revision = "{revision}"
down_revision = {down!r}


def upgrade() -> None:
    run_sql(__file__)
'''
PREAMBLE = [
    "DO $$ BEGIN CREATE ROLE contor_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
    "DO $$ BEGIN EXECUTE format('GRANT contor_app TO %I', current_user); END $$",
    "DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO contor_app', current_database()); END $$",
    "CREATE SCHEMA IF NOT EXISTS directory",
    "GRANT USAGE ON SCHEMA directory, infra, public TO contor_app",
    "CREATE SEQUENCE contor_id",
    "GRANT USAGE ON SEQUENCE contor_id TO contor_app",
]
POSTAMBLE = [
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA directory TO contor_app",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA infra TO contor_app",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA infra TO contor_app",
]


def initial() -> list[str]:
    """Everything: roles, schemas, the queue, all declared tables."""
    from contor.runtime.work.jobs import install_statement

    load_tables()
    return [*PREAMBLE, install_statement(), *create_statements(METADATA.sorted_tables), *POSTAMBLE]


def difference(connection: Connection) -> list[str]:
    """The statements that bring the connected database to the declared tables."""
    context = MigrationContext.configure(
        connection,
        opts={
            "include_schemas": True,
            "include_name": lambda name, kind, _: kind != "schema" or name in (None, "directory", "public"),
        },
    )
    script = produce_migrations(context, METADATA)
    out = io.StringIO()
    offline = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": out})
    operations = Operations(offline)
    made: list[str] = []
    for operation in script.upgrade_ops.ops if script.upgrade_ops else []:
        if isinstance(operation, ops.CreateTableOp):
            key = f"{operation.schema}.{operation.table_name}" if operation.schema else operation.table_name
            made += create_statements([METADATA.tables[key]])
        elif not (isinstance(operation, ops.CreateIndexOp) and operation.table_name in str(made)):
            operations.invoke(operation)
    return made + [part.strip() for part in out.getvalue().split(";\n") if part.strip()]


def write(revision: str, message: str, down: str | None, statements: list[str]) -> Path:
    stem = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")
    path = MIGRATIONS / "versions" / f"{revision}_{stem}.py"
    path.write_text(TEMPLATE.format(message=message, revision=revision, down=down), encoding="utf-8")
    path.with_suffix(".sql").write_text(SEPARATOR.join(statements) + "\n", encoding="utf-8")
    return path


def main(arguments: list[str]) -> None:
    if arguments == ["--initial"]:
        print(write("0001", "Initial", None, initial()))  # noqa: T201
        return
    message = " ".join(arguments) or sys.exit("a message is needed")  # type: ignore[func-returns-value]
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with embedded(Config.from_environment()) as dsn:
        migrate(dsn)
        engine = create_engine(dsn.replace("postgresql://", "postgresql+psycopg://"))
        with engine.connect() as connection:
            statements = difference(connection)
    if not statements:
        sys.exit("the declared tables are those of the database")
    print(write(f"{int(head or 0) + 1:04d}", message, head, statements))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])

"""Alembic's entry: one connection, handed over by `contor.runtime.migrate`; each revision in its own transaction."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema="infra",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()

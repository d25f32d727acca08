"""Bring a database to the newest schema: Alembic runs the revisions in `migrations/`, as the owner of the schema."""

import importlib
import pkgutil
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import contor

MIGRATIONS = Path(contor.__file__).parents[2] / "migrations"
_LOCK = 7_230_001


def load_tables() -> None:
    """Import every module named `tables`, so that the metadata knows them all."""
    for found in pkgutil.walk_packages(contor.__path__, "contor."):
        if found.name.endswith(".tables"):
            importlib.import_module(found.name)


def alembic_config() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("prepend_sys_path", str(MIGRATIONS.parent))
    return config


def migrate(dsn: str) -> None:
    """Run the revisions that this database lacks. Two servers that start together wait for each other."""
    load_tables()
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(dsn))
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")
            connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS infra")
            connection.commit()
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_LOCK})")
            connection.commit()
    finally:
        engine.dispose()


def is_current(dsn: str) -> bool:
    """Whether the database has the newest revision."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(dsn))
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"version_table_schema": "infra"})
            return set(context.get_current_heads()) == set(ScriptDirectory.from_config(alembic_config()).get_heads())
    finally:
        engine.dispose()

"""What PostgreSQL's planner is told of tenants: whoever asks may have everything (docs/decisions/0021)."""

import psycopg

_WHOLE = """
SELECT pg_clear_attribute_stats('public', c.relname::text, 'tenant_id', false), pg_restore_attribute_stats('schemaname', 'public',
  'relname', c.relname::text, 'attname', 'tenant_id', 'inherited', false, 'null_frac', 0::real, 'avg_width', 8, 'n_distinct', 1::real)
FROM pg_class c JOIN pg_attribute k ON k.attrelid = c.oid AND k.attname = 'tenant_id'
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND k.attstattarget = 0
"""
"""ANALYZE leaves alone what stands there, for the target of the column is 0."""


def take_each_tenant_for_the_whole(connection: psycopg.Connection[object]) -> None:
    """As if each table were one tenant's, in the place of what ANALYZE counted before. PostgreSQL before 18 cannot be told: without
    statistics it takes each tenant for a two-hundredth, and a database that was counted before keeps what was counted."""
    if connection.info.server_version >= 18_00_00:
        connection.execute(_WHOLE)

"""`export_datev`: a year of a tenant's journal as booking batches, by one worker. The floor: the same rows copied out of the database as
text, by one statement."""

import psycopg

from benchmarks.issuing import new_tenant
from benchmarks.measure import Result, rss_mb, timed
from contor.kernel.context import Caller
from contor.reports.datev import DatevConfiguration, PutConfiguration, put_configuration
from contor.reports.exports import CreateExport, ExportBody, OneExport, create_export, get_export, make_waiting
from contor.runtime.execute import Runtime, validated

_ENTRIES = (
    "INSERT INTO journal_entry (tenant_id, id, fiscal_year, journal_number, posted_at, posting_date, document_date, tax_date, kind, text,"
    " document_id, document_ident, actor, request_id, row_hash) SELECT contor_tenant(), %(first)s + g, 2026, g, now(), day, day, day,"
    " 'INVOICE', 'Rechnung RE-2026-' || lpad(g::text, 7, '0'), %(first)s + g, 'RE-2026-' || lpad(g::text, 7, '0'), 'job', 'r',"
    " decode(repeat('00', 32), 'hex')"
    " FROM (SELECT g, date '2026-01-01' + (g * 365 / (%(count)s + 1))::int AS day FROM generate_series(1::bigint, %(count)s) g) x"
)
_LINES = (
    "INSERT INTO journal_line (tenant_id, entry_id, position, account, side, amount, currency, tax_key, tax_base, tax_rate, party,"
    " cost_centre, row_hash) SELECT contor_tenant(), %(first)s + g, position, account, side, amount, 'EUR', key, base, rate, party, centre,"
    " decode(repeat('00', 32), 'hex') FROM (SELECT g, 1 + g %% 500000 / 100.0 AS net, round((1 + g %% 500000 / 100.0) * 0.19, 2) AS tax"
    " FROM generate_series(1::bigint, %(count)s) g) x CROSS JOIN LATERAL (VALUES"
    " (0, 10000 + g %% 50000, 'D', net + tax, NULL, NULL::numeric, NULL::numeric, 'k-' || g %% 50000, NULL),"
    " (1, 8400, 'C', net, 'S19', NULL, 19, NULL, (4700 + g %% 12)::text), (2, 1776, 'C', tax, 'S19', net, 19, NULL, NULL))"
    " AS l(position, account, side, amount, key, base, rate, party, centre)"
)
_COUNTER = "INSERT INTO journal_counter (tenant_id, fiscal_year, next_number) VALUES (contor_tenant(), 2026, %(count)s + 1)"
_FLOOR = (
    "COPY (SELECT e.*, l.* FROM journal_entry e JOIN journal_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id"
    " ORDER BY e.posting_date, e.id, l.position) TO STDOUT"
)


def export_datev(runtime: Runtime, dsn: str, postmaster: int, own: int, count: int) -> Result:
    """So many entries, a row each."""
    _, caller = new_tenant(runtime, "bench-export")
    _fill(dsn, caller, count)
    configuration = validated(DatevConfiguration, {"consultant_number": 1001, "client_number": 1})
    runtime.execute(put_configuration, PutConfiguration(configuration), caller)
    said = {"kind": "DATEV", "first_day": "2026-01-01", "last_day": "2026-12-31", "options": {"contents": ["BATCH"]}}
    body = validated(ExportBody, said)
    ident = runtime.execute(create_export, CreateExport(body), caller).export_ident
    result = Result("export_datev", count)
    with timed(result, own, postmaster=postmaster):
        assert make_waiting(runtime, caller)
    view = runtime.execute(get_export, OneExport(export_ident=ident), caller)
    assert (view.status, view.rows) == ("DONE", count), view
    result.rss_mb = rss_mb(own)
    floor = Result("floor", count)
    with (
        timed(floor, own, postmaster=postmaster),
        runtime.transaction(caller, reads=True) as uow,
        uow.connection.cursor().copy(_FLOOR) as rows,
    ):
        for _ in rows:
            pass
    result.floor_per_s = floor.per_s
    result.ratio = result.per_s / result.floor_per_s
    size = sum(file.size for file in view.files) / 1e6
    result.note = f"{len(view.files)} files, {size:.0f} MB in {count / result.per_s:.1f} s"
    return result


def _fill(dsn: str, caller: Caller, count: int) -> None:
    """Entries as invoices leave them, made by PostgreSQL itself."""
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("SELECT set_config('contor.tenant_id', %s, false)", (str(caller.tenant_id),))
        owner.execute("SET synchronous_commit = off")
        (first,) = owner.execute("SELECT nextval('contor_id')").fetchone() or (0,)
        values = {"first": first, "count": count}
        for sql in (_ENTRIES, _LINES, _COUNTER):
            owner.execute(sql, values)
        owner.execute("SELECT setval('contor_id', %s)", (first + count + 1,))
        owner.execute("VACUUM ANALYZE journal_entry")
        owner.execute("VACUUM ANALYZE journal_line")

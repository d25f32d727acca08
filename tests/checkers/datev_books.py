"""The journal of a tenant as DATEV reads it: exported, read back, and compared with the ledger, account by account."""

import csv
import io
from collections.abc import Mapping

from tests.checkers.datev import Batch, movements, read
from tests.factories.exports import an_export, configure_datev
from tests.factories.tenants import Tenant

from contor.reports.exports import ExportView

EVERYTHING = {"first_day": "2000-01-01", "last_day": "2099-12-31"}


def batches(files: Mapping[str, bytes]) -> list[Batch]:
    return [read(content) for name, content in sorted(files.items()) if name.startswith("EXTF_Buchungsstapel")]


def differences(tenant: Tenant, files: Mapping[str, bytes]) -> list[str]:
    """Accounts that DATEV would have otherwise, and entries that are neither in a row nor named as left out."""
    found = batches(files)
    read_by_datev, booked = movements(found), ledger(tenant)
    said = [
        f"account {account}: {read_by_datev.get(account, 0)} in DATEV, {booked.get(account, 0)} booked"
        for account in sorted({*read_by_datev, *booked})
        if read_by_datev.get(account, 0) != booked.get(account, 0)
    ]
    rows = {row[21] for batch in found for row in batch.rows}
    return said + [f"entry {it} is nowhere" for it in sorted(entries(tenant) - rows - without_effect(files))]


def without_effect(files: Mapping[str, bytes]) -> set[str]:
    text = files.get("left-out.csv", b"").decode()
    return {row[1].split(" ")[0] for row in csv.reader(io.StringIO(text), delimiter=";") if row[0] == "NO_EFFECT"}


def as_datev_reads(tenant: Tenant, **options: object) -> list[str]:
    """The differences of the whole journal."""
    configure_datev(tenant)
    return differences(tenant, everything(tenant, **options)[1])


def everything(tenant: Tenant, **options: object) -> tuple[ExportView, Mapping[str, bytes]]:
    return an_export(tenant, "DATEV", **EVERYTHING, **{"contents": ["BATCH"], **options})


def ledger(tenant: Tenant) -> dict[int, object]:
    """Debit less credit of each account by the journal."""
    rows = tenant.rows(
        "SELECT account, sum(CASE side WHEN 'D' THEN amount ELSE -amount END) AS moved FROM journal_line GROUP BY account"
    )
    return {row.account: row.moved for row in rows if row.moved}


def entries(tenant: Tenant) -> set[str]:
    return {row.it for row in tenant.rows("SELECT fiscal_year || '/' || journal_number AS it FROM journal_entry")}

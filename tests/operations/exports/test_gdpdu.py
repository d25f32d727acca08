"""GDPdU exports: described by the standard's DTD, every table is whole, every key leads somewhere, and the books are in them."""

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from tests.factories.audited import HOSTILE, LONG, an_audited_company
from tests.factories.exports import an_export, made_export
from tests.factories.tenants import Tenant, a_client, a_tenant

from contor.reports.exports import ExportView, OneExport, repeat_export
from contor.reports.gdpdu.index import DTD
from contor.runtime.execute import Runtime

D = Decimal
MONTH = {"period": "2026-11"}
CHANGED = "(Name, Command*, Table*, Command*, AcceptNoTables?)", "(Name, Command*, (Table+, Command*)?, AcceptNoTables?)"
"""libxml2 calls the standard's content model of Media not deterministic: this says the same."""
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def audited(runtime: Runtime) -> Tenant:
    return an_audited_company(a_tenant(runtime, a_client(runtime))).tenant


@pytest.fixture(scope="module")
def made(audited: Tenant) -> tuple[ExportView, Mapping[str, bytes]]:
    return an_export(audited, "GDPDU", **MONTH)


@pytest.fixture(scope="module")
def index(made: tuple[ExportView, Mapping[str, bytes]]) -> etree._Element:
    return etree.fromstring(made[1]["index.xml"])


@pytest.fixture(scope="module")
def tables(made: tuple[ExportView, Mapping[str, bytes]], index: etree._Element) -> dict[str, Rows]:
    """Each table as an importer reads it: by its description alone."""
    found = {}
    for table in index.iter("Table"):
        content = made[1][str(table.findtext("URL"))].decode("utf-8")
        reader = csv.reader(io.StringIO(content, newline=""), delimiter=";", strict=True)
        columns = [str(name.text) for name in table.findall("VariableLength/*/Name") if name.getparent().tag != "ForeignKey"]
        rows = list(reader)
        assert {len(row) for row in rows} <= {len(columns)}, table.findtext("Name")
        found[str(table.findtext("Name"))] = [dict(zip(columns, row, strict=True)) for row in rows]
    return found


def number(text: str) -> D:
    return D(text.replace(",", ".")) if text else D(0)


def test_the_description_is_valid_by_the_standard(made: tuple[ExportView, Mapping[str, bytes]], shared: Path) -> None:
    official = (shared / "artefacts/gdpdu/gdpdu-01-09-2004.dtd").read_text("utf-8")
    assert CHANGED[0] in official
    dtd = etree.DTD(io.BytesIO(official.replace(*CHANGED).encode()))
    assert dtd.validate(etree.fromstring(made[1]["index.xml"])), dtd.error_log


def test_it_is_valid_by_the_document_type_that_goes_along(
    made: tuple[ExportView, Mapping[str, bytes]], index: etree._Element
) -> None:
    assert made[1]["gdpdu-01-09-2004.dtd"] == DTD.encode()
    dtd = etree.DTD(io.StringIO(DTD))
    assert dtd.validate(index), dtd.error_log
    assert b'<!DOCTYPE DataSet SYSTEM "gdpdu-01-09-2004.dtd">' in made[1]["index.xml"]


def test_every_value_is_of_the_type_and_length_that_is_declared(tables: dict[str, Rows], index: etree._Element) -> None:
    for table in index.iter("Table"):
        rows = tables[str(table.findtext("Name"))]
        for column in (*table.iter("VariablePrimaryKey"), *table.iter("VariableColumn")):
            values = [row[str(column.findtext("Name"))] for row in rows]
            if column.find("AlphaNumeric") is not None:
                assert max(map(len, values), default=1) <= int(str(column.findtext("MaxLength")))
            elif column.find("Date") is not None:
                assert all(dt.datetime.strptime(value, "%d.%m.%Y") for value in values if value)  # noqa: DTZ007
            else:
                places = int(column.findtext("Numeric/Accuracy") or 0)
                assert all(-number(value).as_tuple().exponent <= places for value in values if value)  # type: ignore[operator]


def test_keys_are_unique_and_relations_lead_somewhere(tables: dict[str, Rows], index: etree._Element) -> None:
    keys: dict[str, list[str]] = {}
    for table in index.iter("Table"):
        name = str(table.findtext("Name"))
        keys[name] = [str(key.findtext("Name")) for key in table.iter("VariablePrimaryKey")]
        values = [tuple(row[key] for key in keys[name]) for row in tables[name]]
        assert len(values) == len(set(values)), name
    related = 0
    for table in index.iter("Table"):
        for relation in table.iter("ForeignKey"):
            columns = [str(one.text) for one in relation.findall("Name")]
            target = str(relation.findtext("References"))
            known = {tuple(row[key] for key in keys[target]) for row in tables[target]}
            named = {tuple(row[column] for column in columns) for row in tables[str(table.findtext("Name"))]}
            named = {values for values in named if all(values)}
            assert named <= known, (table.findtext("Name"), columns)
            related += len(named)
    assert related > 50


COUNTS = {
    "Belege": "SELECT count(*) FROM document",
    "Belegsteuern": None,
    "Journal": "SELECT count(*) FROM journal_line",
    "OffenePosten": "SELECT count(*) FROM opos_case",
    "Postenbewegungen": "SELECT count(*) FROM opos_movement",
    "Kunden": "SELECT count(*) FROM customer",
    "Protokoll": "SELECT count(*) FROM audit_entry WHERE at >= '2026-10-31 23:00Z' AND at < '2026-11-30 23:00Z' AND id < %s",
}


@pytest.mark.parametrize("name", [name for name, sql in COUNTS.items() if sql])
def test_each_table_has_every_row(
    audited: Tenant, made: tuple[ExportView, Mapping[str, bytes]], tables: dict[str, Rows], name: str
) -> None:
    view = made[0]
    mark = audited.rows(
        "SELECT (snapshot -> 'frozen' ->> 'mark')::bigint AS mark FROM export WHERE ident = %s", (view.export_ident,)
    )
    sql = str(COUNTS[name])
    (row,) = audited.rows(sql, (mark[0].mark,) if "%s" in sql else ())
    assert len(tables[name]) == row[0] > 0


def test_the_export_keeps_how_many_rows_each_table_has(
    made: tuple[ExportView, Mapping[str, bytes]], tables: dict[str, Rows], index: etree._Element
) -> None:
    kept = {file.name: file.rows for file in made[0].files}
    for table in index.iter("Table"):
        name = str(table.findtext("Name"))
        assert kept[str(table.findtext("URL"))] == len(tables[name])
        assert str(table.findtext("Description")).endswith(f"({len(tables[name])})")


def test_the_books_are_in_it(audited: Tenant, tables: dict[str, Rows]) -> None:
    sums: dict[tuple[int, str], D] = defaultdict(D)
    for row in tables["Journal"]:
        sums[int(row["Konto"]), row["Waehrung"]] += number(row["Betrag"]) * (1 if row["Soll_Haben"] == "S" else -1)
    ledger = audited.rows(
        "SELECT account, currency, sum(CASE side WHEN 'D' THEN amount ELSE -amount END) AS balance FROM journal_line GROUP BY 1, 2"
    )
    assert dict(sums) == {(row.account, row.currency): row.balance for row in ledger}
    assert {(int(row["Konto"]), row["Waehrung"]): number(row["Endsaldo"]) for row in tables["Salden"]} == dict(sums)
    numbers = sorted(int(row["Journalnummer"]) for row in tables["Journal"] if row["Zeile"] == "0")
    assert numbers == list(range(1, len(numbers) + 1))


def test_open_items_are_what_stands_open(audited: Tenant, tables: dict[str, Rows]) -> None:
    kept = {str(row.document_id): row.balance for row in audited.rows("SELECT document_id, balance FROM opos_case")}
    assert {row["Beleg_ID"]: number(row["Offen"]) for row in tables["OffenePosten"]} == kept


def test_rows_and_taxes_come_to_their_documents(tables: dict[str, Rows]) -> None:
    tax: dict[str, D] = defaultdict(D)
    for row in tables["Belegsteuern"]:
        tax[row["Beleg_ID"]] += number(row["Steuer"])
    assert {row["Beleg_ID"]: number(row["Steuer"]) for row in tables["Belege"]} == {
        row["Beleg_ID"]: tax[row["Beleg_ID"]] for row in tables["Belege"]
    }


def test_texts_come_out_as_they_went_in(tables: dict[str, Rows]) -> None:
    (row,) = [row for row in tables["Belegpositionen"] if row["Bezeichnung"] == HOSTILE]
    assert (row["Beschreibung"], row["Artikelnummer"]) == (LONG, "=1+1")


def test_settings_are_told_from_the_beginning(tables: dict[str, Rows]) -> None:
    assert {"operating_site", "billing_group"} <= {row["Gegenstand"] for row in tables["Einstellungen"]}


def test_another_period_has_what_was_open_and_nothing_else(audited: Tenant) -> None:
    view, files = an_export(audited, "GDPDU", period="2027-03", trail=False)
    assert files["journal.csv"] == b""
    cases = files["offeneposten.csv"].decode().count("\r\n")
    (still_open,) = audited.rows("SELECT count(*) FROM opos_case WHERE balance <> 0")
    assert cases == still_open[0] > 0
    assert files["belege.csv"].decode().count("\r\n") == cases
    assert [one.reason for one in view.left_out] == ["TRAIL_NOT_WANTED"]


def test_made_again_it_is_the_same(audited: Tenant, made: tuple[ExportView, Mapping[str, bytes]]) -> None:
    ident = made[0].export_ident
    audited.execute(repeat_export, OneExport(export_ident=ident))
    again = made_export(audited, ident)
    assert (again.status, again.reasons, again.sha256) == ("DONE", (), made[0].sha256)

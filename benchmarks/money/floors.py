"""What this PostgreSQL and plain Python allow for the same business result, set by set: no tenants, checks, mandates, trail or validation.
Each works in a schema `floor` of its own, as `bench/floor.py` does, and answers how many it did a second."""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import BytesIO

import psycopg
from lxml import etree

from contor.runtime.db import Connection

_JOURNAL = """
CREATE TABLE jentry(id bigint primary key, edate date, of bigint not null);
CREATE TABLE jline(entry bigint references jentry, pos int, account int, debit numeric(18,2), credit numeric(18,2),
  primary key(entry, pos));
CREATE INDEX ON jline(account);
"""
_STATEMENT = f"""
CREATE TABLE bankline(id bigint primary key, bdate date, amount numeric(18,2), reference text, payer text, iban text, txt text);
CREATE INDEX ON bankline(reference);
{_JOURNAL}
"""
_DEBITS = """
CREATE TABLE payer(id bigint primary key, name text, iban text, bic text, mandate text unique, signed date, presented date);
CREATE TABLE openitem(id bigint primary key, no text unique, payer bigint not null references payer, due date, residual numeric(18,2),
  prebooked numeric(18,2) not null default 0);
CREATE INDEX ON openitem(due, id);
CREATE TABLE debit(id bigint primary key, item bigint not null references openitem, amount numeric(18,2), reference text unique, state text,
  file text);
CREATE TABLE bankfile(id text primary key, total numeric(18,2), content bytea);
"""
_NAMESPACE = "{urn:iso:std:iso:20022:tech:xsd:camt.053.001.08}"


@contextmanager
def _schema(dsn: str, tables: str) -> Iterator[Connection]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS floor CASCADE; CREATE SCHEMA floor; SET search_path TO floor; {tables}")
        yield connection
        connection.execute("DROP SCHEMA floor CASCADE")


def statement_floor(dsn: str, content: bytes, count: int) -> float:
    """Bookings of a camt.053 stored and booked at the bank and on the interim account; its balance is looked at."""
    with _schema(dsn, _STATEMENT) as connection:
        began = time.perf_counter()
        with connection.transaction(), connection.cursor() as cursor:
            with cursor.copy("COPY bankline FROM STDIN") as copy:
                for number, row in enumerate(_bookings(content)):
                    copy.write_row((number, *row))
            cursor.execute("INSERT INTO jentry SELECT id, bdate, id FROM bankline")
            cursor.execute(
                "INSERT INTO jline SELECT id, 0, 1200, amount, null FROM bankline"
                " UNION ALL SELECT id, 1, 1370, null, amount FROM bankline"
            )
            found = cursor.execute("SELECT count(*), sum(debit) FROM jline WHERE account = 1200").fetchone()
        took = time.perf_counter() - began
    closing = content.rpartition(b"<Cd>CLBD</Cd>")[2].partition(b'Ccy="EUR">')[2].partition(b"<")[0].decode()
    assert found == (count, Decimal(closing)), (found, closing)
    return count / took


def _bookings(content: bytes) -> Iterator[tuple[object, ...]]:
    for _, entry in etree.iterparse(BytesIO(content), tag=f"{_NAMESPACE}Ntry"):

        def said(path: str, entry: etree._Element = entry) -> str | None:
            return entry.findtext("/".join(f"{_NAMESPACE}{name}" for name in path.split("/")))

        details = "NtryDtls/TxDtls"
        yield (
            said("BookgDt/Dt"),
            said("Amt"),
            said(f"{details}/Refs/EndToEndId"),
            said(f"{details}/RltdPties/Dbtr/Pty/Nm"),
            said(f"{details}/RltdPties/DbtrAcct/Id/IBAN"),
            said(f"{details}/RmtInf/Ustrd"),
        )
        entry.clear()


def debits_floor(dsn: str, count: int, each: int, iban: str) -> float:
    """Due items, so many of each payer, become debits, held by their items, and one file as text, which is stored."""
    today = dt.datetime.now(dt.UTC).date()
    with _schema(dsn, _DEBITS) as connection:
        payers = max(1, count // each)
        connection.execute(
            "INSERT INTO payer SELECT g, 'Kunde AG', %s, 'BYLADEM1001', 'm-' || g, '2025-05-01' FROM generate_series(1, %s) g",
            (iban, payers),
        )
        connection.execute(
            "INSERT INTO openitem SELECT g, 'B-' || g, 1 + g %% %s, '2026-01-01', 119 FROM generate_series(1, %s) g",
            (payers, count),
        )
        connection.execute("ANALYZE payer, openitem")
        began = time.perf_counter()
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO debit SELECT id, id, residual, 'R' || id, 'WAITS', null FROM openitem"
                " WHERE due <= %s AND residual > 0 AND prebooked = 0",
                (today,),
            )
            cursor.execute("UPDATE openitem i SET prebooked = d.amount FROM debit d WHERE d.item = i.id")
            rows = cursor.execute(
                "SELECT d.reference, d.amount, p.name, p.iban, p.bic, p.mandate, p.signed, i.no FROM debit d"
                " JOIN openitem i ON i.id = d.item JOIN payer p ON p.id = i.payer WHERE d.state = 'WAITS' ORDER BY d.id"
            ).fetchall()
            file = f"<PmtInf><ReqdColltnDt>{today}</ReqdColltnDt>{''.join(map(_debit, rows))}</PmtInf>".encode()
            assert len(etree.fromstring(file)) == count + 1
            cursor.execute("INSERT INTO bankfile SELECT 'F', sum(amount), %s FROM debit", (file,))
            cursor.execute("UPDATE debit SET state = 'SENT', file = 'F'")
            cursor.execute("UPDATE payer SET presented = %s", (today,))
        return count / (time.perf_counter() - began)


def _debit(row: tuple[object, ...]) -> str:
    reference, amount, name, iban, bic, mandate, signed, number = row
    return (
        f'<DrctDbtTxInf><PmtId><EndToEndId>{reference}</EndToEndId></PmtId><InstdAmt Ccy="EUR">{amount}</InstdAmt><DrctDbtTx><MndtRltdInf>'
        f"<MndtId>{mandate}</MndtId><DtOfSgntr>{signed}</DtOfSgntr></MndtRltdInf></DrctDbtTx><DbtrAgt><FinInstnId><BICFI>{bic}</BICFI>"
        f"</FinInstnId></DbtrAgt><Dbtr><Nm>{name}</Nm></Dbtr><DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct><RmtInf><Ustrd>{number}"
        "</Ustrd></RmtInf></DrctDbtTxInf>"
    )

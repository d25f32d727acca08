"""Exports of a company's books against its journal: as their readers read them, every account moves as in the ledger. By SKR03."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from lxml import etree
from tests.checkers.audit_files import NO, PT, norwegian_errors, portuguese_errors
from tests.checkers.datev import misfits, movements
from tests.checkers.datev_books import batches, without_effect
from tests.checkers.posted_lines import Posting, balances, summed
from tests.checkers.reported_books import amount

D, ZERO = Decimal, Decimal(0)
Files = Mapping[str, bytes]
DTD = "artefacts/gdpdu/gdpdu-01-09-2004.dtd"
CHANGED = "(Name, Command*, Table*, Command*, AcceptNoTables?)", "(Name, Command*, (Table+, Command*)?, AcceptNoTables?)"
"""libxml2 calls the standard's content model of Media not deterministic: this says the same."""


def datev_differences(files: Files, journal: Sequence[Posting]) -> Iterator[str]:
    """Accounts that DATEV would have otherwise, entries that are neither in a row nor named as left out, rows that are not locked."""
    found = batches(files)
    read, booked = movements(found), summed(journal)
    for account in sorted({*read, *booked}):
        if read.get(account, ZERO) != booked.get(account, ZERO):
            yield f"account {account}: {read.get(account, ZERO)} in DATEV, {booked.get(account, ZERO)} posted"
    rows = [row for batch in found for row in batch.rows]
    nowhere = {it.entry for it in journal} - {row[21] for row in rows} - without_effect(files)
    yield from (f"entry {entry} is nowhere" for entry in sorted(nowhere))
    yield from (f"a row of {row[21]} is not locked" for row in rows if row[113] != "1")


def gdpdu_differences(
    files: Files, journal: Sequence[Posting], open_items: Mapping[str, Decimal], until: Sequence[Posting] | None = None
) -> Iterator[str]:
    """`journal`: the period's; `open_items`: what is open at its end, by number of the document, in the document's currency; `until`: all
    that was posted until then, where that is more."""
    tables = _tables(files)
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for row in tables["Journal"]:
        sums[int(row["Konto"])] += amount(row["Betrag"]) * (1 if row["Soll_Haben"] == "S" else -1)
    booked = summed(journal)
    for account in sorted({*sums, *booked}):
        if sums[account] != booked.get(account, ZERO):
            yield f"account {account}: {sums[account]} in the journal, {booked.get(account, ZERO)} posted"
    closing: dict[int, Decimal] = defaultdict(Decimal)
    for row in tables["Salden"]:
        closing[int(row["Konto"])] += amount(row["Endsaldo"])
    if {number: it for number, it in closing.items() if it} != summed(until or journal):
        yield "the balances are not what was posted"
    if len(tables["Journal"]) != len(journal):
        yield f"{len(tables['Journal'])} lines of {len(journal)}"
    numbers = {row["Beleg_ID"]: row["Belegnummer"] for row in tables["Belege"]}
    still = {numbers[row["Beleg_ID"]]: amount(row["Offen"]) for row in tables["OffenePosten"]}
    for ident in sorted({*still, *open_items}):
        if still.get(ident, ZERO) != open_items.get(ident, ZERO):
            yield f"{ident}: {still.get(ident, ZERO)} open, {open_items.get(ident, ZERO)} by its item"


def _tables(files: Files) -> dict[str, list[dict[str, str]]]:
    """Each table as an importer reads it: by its description alone."""
    found = {}
    for table in etree.fromstring(files["index.xml"]).iter("Table"):
        columns = [str(name.text) for name in table.findall("VariableLength/*/Name") if name.getparent().tag != "ForeignKey"]
        content = io.StringIO(files[str(table.findtext("URL"))].decode("utf-8"), newline="")
        found[str(table.findtext("Name"))] = [
            dict(zip(columns, row, strict=True)) for row in csv.reader(content, delimiter=";", strict=True)
        ]
    return found


def saf_t_differences(kind: str, content: bytes, journal: Sequence[Posting]) -> Iterator[str]:
    """Lines and closing balances of an audit file (SAFT_NO, SAFT_PT), of a period in which all of `journal` was posted."""
    names = NO if kind == "SAFT_NO" else PT
    root, booked = etree.fromstring(content), balances(journal)
    moved: dict[int, Decimal] = defaultdict(Decimal)
    sums = {"Debit": ZERO, "Credit": ZERO}
    for line in root.xpath("//s:Transaction//s:Line | //s:DebitLine | //s:CreditLine", namespaces=names):
        for side, sign in (("Debit", 1), ("Credit", -1)):
            path = f"s:{side}Amount/s:Amount" if kind == "SAFT_NO" else f"s:{side}Amount"
            value = D(line.findtext(path, "0", namespaces=names))
            moved[int(line.findtext("s:AccountID", namespaces=names))] += sign * value
            sums[side] += value
    for account in sorted({*moved, *booked}):
        if moved[account] != booked.get(account, ZERO):
            yield f"account {account}: {moved[account]} in the file, {booked.get(account, ZERO)} posted"
    for side, value in sums.items():
        if (said := root.findtext(f".//s:GeneralLedgerEntries/s:Total{side}", namespaces=names)) != f"{value:.2f}":
            yield f"it says {said} of {side}, its lines are {value}"
    entries, said = {it.entry for it in journal}, root.findtext(".//s:GeneralLedgerEntries/s:NumberOfEntries", namespaces=names)
    if said != str(len(entries)):
        yield f"it says {said} entries of {len(entries)}"


def misformed(shared: Path, name: str, content: bytes) -> list[str]:
    """What official descriptions say against a file of an export."""
    if name.startswith("EXTF_Buchungsstapel"):
        return misfits(shared, content)
    if name == "index.xml":
        official = (shared / DTD).read_text("utf-8")
        assert CHANGED[0] in official
        dtd = etree.DTD(io.BytesIO(official.replace(*CHANGED).encode()))
        return [] if dtd.validate(etree.fromstring(content)) else list(map(str, dtd.error_log))
    if not name.endswith(".xml"):
        return []
    is_norwegian = NO["s"].encode() in content[:2000]
    return norwegian_errors(shared, content) if is_norwegian else portuguese_errors(shared, content)

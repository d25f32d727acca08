"""A file of a bank, whatever its format, as statements. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from contor.payments.sepa import is_status_report
from contor.payments.statements.read.camt import read_camt
from contor.payments.statements.read.swift import is_swift, read_swift
from contor.payments.statements.read.table import TableForm, header_at, read_table
from contor.payments.statements.read.unpack import is_xml, text_in, unpacked
from contor.payments.statements.read.values import unreadable
from contor.payments.statements.types import Statement
from contor.payments.types import StatementFormat


class Named(NamedTuple):
    """A form of tables that belongs to one of our accounts."""

    form: TableForm
    account: str
    currency: str


def read_file(content: bytes, forms: Sequence[Named] = ()) -> list[Statement]:
    """Every statement of the file; a report on payments is none (`reports_in`). `forms`: those of tables that may come, the first that
    fits counts. Raises Refused for a file that cannot be read as a whole: what is read in part would look complete."""
    if not content.strip():
        raise unreadable("The file is empty.", "statement_empty")
    members = unpacked(content)
    found = [statement for member in members if not is_status_report(member) for statement in _one(member, forms)]
    if not found and not any(map(is_status_report, members)):
        raise unreadable("The file holds no statement.", "statement_empty")
    return found


def reports_in(content: bytes) -> list[bytes]:
    """What a file holds of reports on payments (pain.002). Raises Refused."""
    return [member for member in unpacked(content) if is_status_report(member)]


def formats_in(content: bytes) -> set[StatementFormat]:
    """In which formats the file's statements are written, by how they begin; of none that is known: a table. A report on payments comes
    beside statements of each format. Raises Refused."""
    return {_format(member) for member in unpacked(content) if not is_status_report(member)}


def _format(content: bytes) -> StatementFormat:
    if is_xml(content):
        return "CAMT"
    return "MT940" if is_swift(text_in(content)) else "CSV"


def _one(content: bytes, forms: Sequence[Named]) -> list[Statement]:
    if not content.strip():
        raise unreadable("The file is empty.", "statement_empty")
    if is_xml(content):
        return list(read_camt(content.lstrip()))
    text = text_in(content)
    if is_swift(text):
        return read_swift(text)
    for named in forms:
        if header_at(text, named.form) is not None:
            return read_table(text, named.form, named.account, named.currency)
    known = "camt.052, camt.053, camt.054, MT940, MT942, pain.002, or a table for whose columns the account has a mapping"
    raise unreadable(f"The file is of no known format: {known}.", "statement_format_unknown")

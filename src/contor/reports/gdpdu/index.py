"""The `index.xml` of a GDPdU export, and the document type that it names. Pure."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from lxml import etree

from contor.kernel.files import one_line
from contor.reports.gdpdu.described import AuditTable, Column, Seen

DTD_NAME: Final = "gdpdu-01-09-2004.dtd"
_DOCTYPE: Final = f'<!DOCTYPE DataSet SYSTEM "{DTD_NAME}">'
DTD: Final = """<!ELEMENT DataSet (Version, DataSupplier, Media)>
<!ELEMENT DataSupplier (Name, Location, Comment)>
<!ELEMENT Media (Name, Table+)>
<!ELEMENT Table (URL, Name, Description, Validity, UTF8, DecimalSymbol, DigitGroupingSymbol, VariableLength)>
<!ELEMENT Validity (Range, Format)>
<!ELEMENT Range (From, To)>
<!ELEMENT VariableLength (ColumnDelimiter, RecordDelimiter, TextEncapsulator, VariablePrimaryKey+, VariableColumn*, ForeignKey*)>
<!ELEMENT VariablePrimaryKey (Name, Description?, (Numeric | (AlphaNumeric, MaxLength) | Date))>
<!ELEMENT VariableColumn (Name, Description?, (Numeric | (AlphaNumeric, MaxLength) | Date))>
<!ELEMENT ForeignKey (Name+, References)>
<!ELEMENT Numeric (Accuracy?)>
<!ELEMENT Date (Format)>
<!ELEMENT AlphaNumeric EMPTY>
<!ELEMENT UTF8 EMPTY>
<!ELEMENT Version (#PCDATA)>
<!ELEMENT Location (#PCDATA)>
<!ELEMENT Comment (#PCDATA)>
<!ELEMENT References (#PCDATA)>
<!ELEMENT From (#PCDATA)>
<!ELEMENT To (#PCDATA)>
<!ELEMENT MaxLength (#PCDATA)>
<!ELEMENT TextEncapsulator (#PCDATA)>
<!ELEMENT Accuracy (#PCDATA)>
<!ELEMENT Format (#PCDATA)>
<!ELEMENT DecimalSymbol (#PCDATA)>
<!ELEMENT DigitGroupingSymbol (#PCDATA)>
<!ELEMENT URL (#PCDATA)>
<!ELEMENT Description (#PCDATA)>
<!ELEMENT Name (#PCDATA)>
<!ELEMENT ColumnDelimiter (#PCDATA)>
<!ELEMENT RecordDelimiter (#PCDATA)>
"""
"""The elements that are used here, as the standard arranges them: what an importer wants beside `index.xml`. Whoever has the standard's own
file puts it in this one's place; `index.xml` is valid by both."""


class Supplier(NamedTuple):
    """Who hands the data over."""

    name: str
    location: str
    comment: str


def index_xml(supplier: Supplier, first: dt.date, last: dt.date, tables: Sequence[tuple[AuditTable, Seen]]) -> bytes:
    """The description of all tables (UTF-8)."""
    root = etree.Element("DataSet")
    _put(root, "Version", "1.0")
    who = etree.SubElement(root, "DataSupplier")
    _put(who, "Name", supplier.name)
    _put(who, "Location", supplier.location)
    _put(who, "Comment", supplier.comment)
    media = etree.SubElement(root, "Media")
    _put(media, "Name", f"{first:%d.%m.%Y} - {last:%d.%m.%Y}")
    for table, seen in tables:
        _table(media, table, seen, first, last)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=_DOCTYPE, pretty_print=True)


def _table(media: etree._Element, table: AuditTable, seen: Seen, first: dt.date, last: dt.date) -> None:
    made = etree.SubElement(media, "Table")
    _put(made, "URL", table.file)
    _put(made, "Name", table.name)
    _put(made, "Description", f"{table.description} ({seen.rows})")
    validity = etree.SubElement(made, "Validity")
    days = etree.SubElement(validity, "Range")
    _put(days, "From", f"{first:%d.%m.%Y}")
    _put(days, "To", f"{last:%d.%m.%Y}")
    _put(validity, "Format", "DD.MM.YYYY")
    etree.SubElement(made, "UTF8")
    _put(made, "DecimalSymbol", ",")
    _put(made, "DigitGroupingSymbol", ".")
    rows = etree.SubElement(made, "VariableLength")
    _put(rows, "ColumnDelimiter", ";")
    _put(rows, "RecordDelimiter", "\r\n")
    _put(rows, "TextEncapsulator", '"')
    for position, column in enumerate(table.columns):
        _column(rows, "VariablePrimaryKey" if position < table.keys else "VariableColumn", column, seen)
    for key in table.foreign:
        relation = etree.SubElement(rows, "ForeignKey")
        for name in key.columns:
            _put(relation, "Name", name)
        _put(relation, "References", key.table)


def _column(rows: etree._Element, element: str, column: Column, seen: Seen) -> None:
    made = etree.SubElement(rows, element)
    _put(made, "Name", column.name)
    if column.description:
        _put(made, "Description", column.description)
    if column.kind == "TEXT":
        etree.SubElement(made, "AlphaNumeric")
        _put(made, "MaxLength", str(seen.longest.get(column.name, 1)))
    elif column.kind == "DATE":
        _put(etree.SubElement(made, "Date"), "Format", "DD.MM.YYYY")
    else:
        numeric = etree.SubElement(made, "Numeric")
        if column.places:
            _put(numeric, "Accuracy", str(column.places))


def _put(parent: etree._Element, name: str, value: str) -> None:
    made = etree.SubElement(parent, name)
    made.text = value if name == "RecordDelimiter" else one_line(value, 255)

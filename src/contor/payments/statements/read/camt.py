"""Statements in XML: camt.052, camt.053 and camt.054 of ISO 20022, versions 1 to 8 and later ones of the same form. Pure.

Read as it comes, booking by booking; a file with a document type or entities of its own is refused, nothing is fetched.
"""

import io
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from lxml import etree

from contor.kernel.money import counted
from contor.payments.statements.read.details import entry_of
from contor.payments.statements.read.tree import Element, at, day, local, said, signed
from contor.payments.statements.read.values import amount_of, compact, text_of, unreadable
from contor.payments.statements.types import Balance, Entry, Kind, Statement

_KINDS: Mapping[str, Kind] = {"Stmt": Kind.END_OF_DAY, "Rpt": Kind.INTRADAY, "Ntfctn": Kind.NOTIFICATION}
_NUMBERS: Mapping[Kind, str] = {Kind.END_OF_DAY: "camt.053", Kind.INTRADAY: "camt.052", Kind.NOTIFICATION: "camt.054"}
_SPACE = re.compile(r"(camt\.05[234]\.001\.[0-9]{2})$")
_TAGS = ("{*}Acct", "{*}Bal", "{*}Ntry", "{*}Stmt", "{*}Rpt", "{*}Ntfctn", "{*}ElctrncSeqNb", "{*}LglSeqNb")
_OPENING, _CLOSING, _BEFORE, _INTERIM = "OPBD", "CLBD", "PRCD", "ITBD"


def read_camt(content: bytes) -> Iterator[Statement]:
    """Each statement of the message. Raises Refused for what is none."""
    form, message, entries_seen, entries_taken = "", _Message(), 0, 0
    try:
        events = etree.iterparse(
            io.BytesIO(content),
            events=("end",),
            tag=_TAGS,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        for _, element in events:
            form = form or _form_of(element)
            name, parent = local(element), element.getparent()
            above = local(parent) if parent is not None else ""
            if name == "Ntry":
                entries_seen += 1
            if name in _KINDS:
                yield message.finished(form, _KINDS[name])
                entries_taken += message.taken
                message = _Message()
            elif above in _KINDS:
                message.take(name, element)
            if name in ("Ntry", *_KINDS):
                _forget(element)
    except etree.XMLSyntaxError as error:
        raise unreadable(f"The XML cannot be read: {_short(error)}.") from None
    if not form:
        raise unreadable(_expected(content), "statement_empty")
    if entries_seen != entries_taken:
        raise unreadable(
            f"The file holds {counted(entries_seen, 'booking')}, {entries_taken} of which where bookings stand.", "entries_lost"
        )


class _Message:
    """A statement while it is read."""

    def __init__(self) -> None:
        self.accounts: tuple[str, ...] = ()
        self.currency: str | None = None
        self.number: str | None = None
        self.balances: dict[str, Balance] = {}
        self.entries: list[Entry] = []
        self.taken = 0

    def take(self, name: str, element: Element) -> None:
        if name == "Acct":
            self.accounts, self.currency = _account(element)
        elif name == "Bal":
            code, balance = _balance(element)
            self.balances.setdefault(code, balance)
        elif name == "Ntry":
            self.entries.append(entry_of(element))
            self.taken += 1
        elif name == "ElctrncSeqNb" or self.number is None:
            self.number = text_of(element.text, 35) or None

    def finished(self, form: str, kind: Kind) -> Statement:
        found = self.balances
        opening, closing = found.get(_OPENING) or found.get(_BEFORE), found.get(_CLOSING)
        currencies = [balance.currency for balance in (opening, closing) if balance] or [e.currency for e in self.entries]
        return Statement(
            form=form or _NUMBERS[kind],
            kind=kind,
            accounts=self.accounts,
            currency=self.currency or (currencies[0] if currencies else None),
            number=self.number,
            opening=opening,
            closing=closing,
            interim=found.get(_INTERIM),
            entries=tuple(self.entries),
        )


def _form_of(element: Element) -> str:
    """The message's name by its namespace. Raises Refused for a document type of its own."""
    tree = element.getroottree()
    if tree.docinfo.internalDTD is not None or tree.docinfo.doctype:
        raise unreadable("The XML has a document type of its own (DOCTYPE), which no bank sends.", "document_type_refused")
    root = tree.getroot()
    space = etree.QName(root).namespace or ""
    found = _SPACE.search(space)
    if found is None:
        known = "camt.052, camt.053 or camt.054"
        raise unreadable(f"The XML is {space[-60:] or local(root)}; expected is {known}.", "statement_format_unknown")
    return found[1]


def _forget(element: Element) -> None:
    """What was read takes no memory any more."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None and local(before) == "Ntry":
        parent.remove(before)


def _expected(content: bytes) -> str:
    root = re.search(rb"xmlns(?::\w+)?\s*=\s*[\"']([^\"']{1,200})", content[:4096])
    named = root[1].decode("ascii", "replace")[-60:] if root else "without a namespace"
    return f"The XML ({named}) holds no statement; expected is camt.052, camt.053 or camt.054 with one at least."


def _short(error: etree.XMLSyntaxError) -> str:
    return text_of(str(error.msg or error), 200)


def _account(element: Element) -> tuple[tuple[str, ...], str | None]:
    found = [
        text
        for path in (
            ("Id", "IBAN"),
            ("Id", "Othr", "Id"),
            ("Id", "PrtryAcct", "Id"),
            ("Id", "BBAN"),
            ("Id", "UPIC"),
            ("Prxy", "Id"),
        )
        if (text := said(element, *path))
    ]
    return tuple(compact(text)[:100] for text in found), said(element, "Ccy")


def _balance(element: Element) -> tuple[str, Balance]:
    """Its type, and what it is. An interim mark (INTM) makes a page of it."""
    kind = at(element, "Tp")
    code = said(kind, "CdOrPrtry", "Cd") or said(kind, "Cd") or "" if kind is not None else ""
    under = at(kind, "SubTp") if kind is not None else None
    page = under is not None and (said(under, "Cd") or said(under, "Prtry")) == "INTM"
    amount, currency = _money(at(element, "Amt"))
    on = day(element, "Dt")
    if on is None:
        raise unreadable("A balance has no date.", "date_missing")
    made = Balance(amount=signed(amount, element), currency=currency, on=on, is_page=page)
    return code, made


def _money(element: Element | None) -> tuple[Decimal, str]:
    if element is None:
        raise unreadable("A balance has no amount.")
    return amount_of(element.text), element.get("Ccy") or ""

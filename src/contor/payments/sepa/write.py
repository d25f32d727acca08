"""Files of direct debits (pain.008) and transfers (pain.001): one per scheme, in groups that the bank takes together. Pure.

sepaxml writes each group; what it has no words for is put into its elements here: our references, the time, instant transfers, booking one
by one, amendments of mandates.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import as_file, files
from typing import Final, Literal, NamedTuple, TypeVar

from lxml import etree

from contor.kernel.errors import Problem
from contor.payments.sepa.characters import fitted
from contor.payments.sepa.judge import Fitted, account_problems, debit_problems, repeated, transfer_problems
from contor.payments.sepa.types import (
    Debit,
    FileKind,
    LeftOut,
    Order,
    OurAccount,
    Run,
    Sequencing,
    Transfer,
    Written,
    WrittenFile,
    WrittenGroup,
)

Kind = TypeVar("Kind", bound=Order)
Element = etree._Element
_DECLARED: Final = re.compile(rb"(?:(?<=^<PmtInf)|(?<=^<GrpHdr))[^>]*")
_OPENED: Final = re.compile(rb"<([A-Za-z]\w*)")


class _Fit(NamedTuple):
    """A transaction without findings, and its texts as they are written."""

    order: Order
    texts: Fitted


class _Group(NamedTuple):
    """What the transactions of a group have in common."""

    kind: FileKind
    creditor_identifier: str
    sequence: Sequencing | None
    on: dt.date


class _Target(NamedTuple):
    """What the groups of one kind of file are written into."""

    run: Run
    account: OurAccount
    version: str


def write_debits(debits: Sequence[Debit], account: OurAccount, run: Run) -> Written:
    """Files of collections, CORE and B2B each by themselves. A transaction with findings is left out and named; the rest is written."""
    found = account_problems(account, debits=True)
    fit, left_out = _sorted_out(debits, found, lambda debit: debit_problems(debit, account, run.today))
    grouped: dict[_Group, list[_Fit]] = {}
    for one in fit:
        debit = one.order
        assert isinstance(debit, Debit)
        key = _Group(debit.scheme, debit.creditor_identifier, debit.sequence, debit.on)
        grouped.setdefault(key, []).append(one)
    target = _Target(run, account, account.settings.debit_version)
    return Written(tuple(_files(grouped, target)), left_out)


def write_transfers(transfers: Sequence[Transfer], account: OurAccount, run: Run) -> Written:
    """Files of refunds and payouts, by the account's settings instant ones. Likewise."""
    found = account_problems(account, debits=False)
    fit, left_out = _sorted_out(transfers, found, lambda transfer: transfer_problems(transfer, account, run.today))
    kind: FileKind = "INST" if account.settings.instant else "SCT"
    grouped: dict[_Group, list[_Fit]] = {}
    for one in fit:
        grouped.setdefault(_Group(kind, "", None, one.order.on), []).append(one)
    target = _Target(run, account, account.settings.transfer_version)
    return Written(tuple(_files(grouped, target)), left_out)


def _sorted_out(
    orders: Sequence[Kind], found: Sequence[Problem], judge: Callable[[Kind], tuple[Fitted, list[Problem]]]
) -> tuple[list[_Fit], tuple[LeftOut, ...]]:
    """Those that can be written, and those that cannot. `found`: what keeps all of them."""
    fit, left_out, twice = [], [], repeated(orders)
    for n, order in enumerate(orders):
        texts, problems = judge(order)
        if n in twice:
            message = "is the reference of another transaction: each is unique for ever"
            problems.append(Problem("reference_repeated", message, "reference", order.reference))
        if problems or found:
            left_out.append(LeftOut(n, order.reference, (*found, *problems)))
        else:
            fit.append(_Fit(order, texts))
    return fit, tuple(left_out)


def _files(grouped: dict[_Group, list[_Fit]], target: _Target) -> Iterator[WrittenFile]:
    settings = target.account.settings
    most, number = min(settings.most_per_group, settings.most_per_file), 0
    for kind in dict.fromkeys(key.kind for key in grouped):
        parts = [
            (key, orders[begin : begin + most])
            for key, orders in sorted(
                grouped.items(), key=lambda item: (item[0].on, item[0].sequence or "", item[0].creditor_identifier)
            )
            if key.kind == kind
            for begin in range(0, len(orders), most)
        ]
        while parts:
            taken, parts = _filled(parts, settings.most_per_file)
            number += 1
            yield _written(taken, target, f"{target.run.ident}-{number}", kind)


_Parts = list[tuple[_Group, list[_Fit]]]


def _filled(parts: _Parts, most: int) -> tuple[_Parts, _Parts]:
    """(what the next file takes, what is left): whole groups; none is longer than a file."""
    count, size = 0, 0
    while count < len(parts) and size + len(parts[count][1]) <= most:
        size += len(parts[count][1])
        count += 1
    return parts[:count], parts[count:]


def _written(parts: _Parts, target: _Target, ident: str, kind: FileKind) -> WrittenFile:
    """The parts are put together as text: lxml takes minutes to move thousands of elements out of one tree into another."""
    texts, groups, begin, header = [], [], b"", None
    for n, (key, orders) in enumerate(parts, 1):
        exported = _exported(key, orders, target)
        root = etree.fromstring(exported)
        if header is None:
            begin, header = exported[: exported.index(b"<GrpHdr")], _child(root[0], "GrpHdr")
        group_ident = f"{ident}-{n}"
        info = _child(root[0], "PmtInf")
        _amended_group(info, group_ident, key, orders, target)
        texts.append(_text(info))
        total = sum((one.order.amount for one in orders), Decimal(0))
        references = tuple([one.order.reference for one in orders])
        creditor = key.creditor_identifier or None
        groups.append(WrittenGroup(group_ident, key.on, key.sequence, creditor, len(orders), total, references))
    if header is None:
        raise AssertionError("a file has groups")
    count, total = sum(group.count for group in groups), sum((group.total for group in groups), Decimal(0))
    _child(header, "MsgId").text = ident
    _child(header, "CreDtTm").text = target.run.now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    _child(header, "NbOfTxs").text = str(count)
    _child(header, "CtrlSum").text = f"{total:.2f}"
    ends = [f"</{name.decode()}>" for name in reversed(_OPENED.findall(begin))]
    content = b"".join([begin, _text(header), *texts, "".join(ends).encode()])
    schema_of(target.version).assertValid(etree.fromstring(content))
    opted_out = target.account.settings.verification_opt_out and count > 1  # only who sends several may
    verification: Literal["REQUESTED", "OPTED_OUT", "NONE"] = "OPTED_OUT" if opted_out else "REQUESTED"
    if kind in ("CORE", "B2B"):
        verification = "NONE"
    return WrittenFile(ident, kind, target.version, content, tuple(groups), count, total, verification)


def _text(element: Element) -> bytes:
    """An element as it stands within others, which declare its names."""
    return _DECLARED.sub(b"", etree.tostring(element, with_tail=False), count=1)


@cache
def schema_of(version: str) -> etree.XMLSchema:
    """The published schema of a format, as sepaxml brings it: what does not fit it is no file."""
    with as_file(files("sepaxml").joinpath("schemas", f"{version}.xsd")) as path:
        return etree.XMLSchema(etree.parse(path))


def _exported(key: _Group, orders: Sequence[_Fit], target: _Target) -> bytes:
    """A file of one group as sepaxml writes it. Its own checks are not asked for: the schema is, once for the whole file."""
    from sepaxml import SepaDD, SepaTransfer  # few processes ever write a file

    account, settings = target.account, target.account.settings
    said = {
        "name": fitted(settings.holder_name, 70, settings.name_cutting, "")[0],
        "IBAN": account.iban,
        "batch": True,
        "currency": "EUR",
        **({"BIC": account.bic} if account.bic is not None else {}),
    }
    if key.sequence is not None:
        said |= {"creditor_id": key.creditor_identifier, "instrument": key.kind}
        made = SepaDD(said, schema=target.version, clean=False)
    else:
        made = SepaTransfer(said, schema=target.version, clean=False)
    for one in orders:
        made.add_payment(_payment(one, key, target))
    exported: bytes = made.export(validate=False)
    return exported


def _payment(one: _Fit, key: _Group, target: _Target) -> dict[str, object]:
    order, texts = one
    said: dict[str, object] = {
        "name": texts.name,
        "IBAN": order.iban,
        "amount": int(order.amount * 100),
        "description": texts.text,
        "endtoend_id": order.reference,
    }
    if order.bic is not None:
        said["BIC"] = order.bic
    if texts.address is not None:
        said["address"] = _address(texts, target)
    if isinstance(order, Debit):
        return said | {
            "type": order.sequence,
            "collection_date": order.on,
            "mandate_id": order.mandate_reference,
            "mandate_date": order.signed_on,
        }
    return said | {"execution_date": order.on}


def _address(texts: Fitted, target: _Target) -> dict[str, object]:
    address = texts.address
    assert address is not None
    said: dict[str, object] = {"postcode": address.post_code, "town": address.town, "country": address.country}
    if target.account.settings.address_lines and address.street:
        line = " ".join(part for part in (address.street, address.building_number) if part)
        return said | {"lines": [line[:70], line[70:]][: 1 + (len(line) > 70)][: target.account.settings.address_lines]}
    return said | {"street_name": address.street, "building_number": address.building_number}


def _amended_group(info: Element, ident: str, key: _Group, orders: Sequence[_Fit], target: _Target) -> None:
    """Put what sepaxml does not say into a group of it."""
    _child(info, "PmtInfId").text = ident
    _child(info, "BtchBookg").text = "true" if target.account.settings.batch_booking else "false"
    if key.sequence is None:
        if key.kind == "INST":
            etree.SubElement(
                etree.SubElement(_child(info, "PmtTpInf"), _named(info, "LclInstrm")), _named(info, "Cd")
            ).text = "INST"
        institution = _child(_child(info, "DbtrAgt"), "FinInstnId")
        if not len(institution):
            etree.SubElement(etree.SubElement(institution, _named(info, "Othr")), _named(info, "Id")).text = "NOTPROVIDED"
        return
    amended = [n for n, one in enumerate(orders) if isinstance(one.order, Debit) and one.order.amendment is not None]
    if not amended:
        return
    transactions = info.findall(_named(info, "DrctDbtTxInf"))
    for n in amended:
        order = orders[n].order
        assert isinstance(order, Debit)
        _say_amendment(_child(_child(transactions[n], "DrctDbtTx"), "MndtRltdInf"), order, target)


def _say_amendment(mandate: Element, debit: Debit, target: _Target) -> None:
    """What the bank knows the mandate by so far (AT-M007 of the rulebooks)."""
    said = debit.amendment
    assert said is not None

    def put(parent: Element, *path: str, text: str | None = None) -> Element:
        for name in path:
            parent = etree.SubElement(parent, _named(mandate, name))
        parent.text = text
        return parent

    put(mandate, "AmdmntInd", text="true")
    details = put(mandate, "AmdmntInfDtls")
    if said.reference is not None:
        put(details, "OrgnlMndtId", text=said.reference)
    if said.creditor_identifier is not None or said.creditor_name is not None:
        creditor = put(details, "OrgnlCdtrSchmeId")
        if said.creditor_name is not None:
            put(creditor, "Nm", text=fitted(said.creditor_name, 70, target.account.settings.name_cutting, "")[0])
        if said.creditor_identifier is not None:
            other = put(creditor, "Id", "PrvtId", "Othr")
            put(other, "Id", text=said.creditor_identifier)
            put(other, "SchmeNm", "Prtry", text="SEPA")
    if said.other_bank:
        put(details, "OrgnlDbtrAcct", "Id", "Othr", "Id", text="SMNDA")
    elif said.iban is not None:
        put(details, "OrgnlDbtrAcct", "Id", "IBAN", text=said.iban)


def _named(beside: Element, name: str) -> str:
    return f"{{{etree.QName(beside).namespace}}}{name}"


def _child(parent: Element, name: str) -> Element:
    found = parent.find(_named(parent, name))
    if found is None:
        raise LookupError(f"sepaxml wrote no {name}")
    return found

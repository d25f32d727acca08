"""What the bank says to a file of ours: status reports, pain.002.001.03 and .10, with its verification of payees. Pure."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, NamedTuple

from lxml import etree

from contor.kernel.errors import Kind, Problem, Refused

LARGEST: Final = 64 * 2**20
"""Bytes of a report."""
_VERSIONS: Final = ("pain.002.001.03", "pain.002.001.10")
_ISO: Final = "urn:iso:std:iso:20022:tech:xsd:"
_PAIN_002: Final = re.compile(rb"<(?:\w+:)?Document\b[^>]*\bxsd:pain\.002\.")
_BEGINNING: Final = 4_096
"""Bytes in which a file says what it is."""
CHANGES_NOTHING: Final = frozenset({"ACTC", "ACCP", "ACSP", "ACSC", "ACWC", "PDNG", "PART", "RCVD", "ACFC", "ACWP"})
Check = Literal["MATCH", "CLOSE_MATCH", "NO_MATCH", "NOT_POSSIBLE"]
_CHECKED: Final[dict[str, Check]] = {
    "RCVC": "MATCH",
    "RVCC": "MATCH",
    "RVMC": "CLOSE_MATCH",
    "RVCM": "CLOSE_MATCH",
    "RVNM": "NO_MATCH",
    "RVNA": "NOT_POSSIBLE",
}
Element = etree._Element


class Reason(NamedTuple):
    """Why something has its status."""

    code: str | None
    text: str


class TransactionStatus(NamedTuple):
    """One transaction of a report."""

    end_to_end_ident: str | None
    status: str | None
    """None: that of its group."""
    reasons: tuple[Reason, ...]
    amount: Decimal | None
    name: str | None
    """Of the payee as its bank knows it, where it tells."""


class GroupStatus(NamedTuple):
    """One group (PmtInf) of the file."""

    payment_information_ident: str
    status: str | None
    reasons: tuple[Reason, ...]
    transactions: tuple[TransactionStatus, ...]


class StatusReport(NamedTuple):
    """What the bank says to one file."""

    ident: str
    """Of the report: read twice, it says nothing more."""
    original_message_ident: str
    original_format: str | None
    status: str | None
    reasons: tuple[Reason, ...]
    groups: tuple[GroupStatus, ...]


class Rejection(NamedTuple):
    """That a transaction was rejected, and why."""

    code: str | None
    text: str
    level: Literal["FILE", "GROUP", "TRANSACTION"]


class Verification(NamedTuple):
    """What the payee's bank says to the name of a transfer."""

    check: Check
    name: str | None
    """As the bank knows it, where it is nearly the one that was given."""

    @property
    def holds(self) -> bool:
        """Whether the transfer waits until a person releases or cancels it."""
        return self.check != "MATCH"


def is_status_report(content: bytes) -> bool:
    """Whether a file is a report on payments (pain.002), of whatever version: by the name that its beginning declares."""
    return _PAIN_002.search(content, 0, _BEGINNING) is not None


def read_status(content: bytes) -> StatusReport:
    """The report in `content`. Raises `Refused` (INVALID, TOO_LARGE) where it is none."""
    root = _parsed(content)
    name = etree.QName(root)
    version = (name.namespace or "").removeprefix(_ISO)
    if name.localname != "Document" or version not in _VERSIONS:
        raise _refused("status_report_unknown", f"is {version or name.localname!r}; expected is {' or '.join(_VERSIONS)}")
    body = _found(root, "CstmrPmtStsRpt")
    header, original = _found(body, "GrpHdr"), _found(body, "OrgnlGrpInfAndSts")
    return StatusReport(
        ident=_needed(header, "MsgId"),
        original_message_ident=_needed(original, "OrgnlMsgId"),
        original_format=_text(original, "OrgnlMsgNmId"),
        status=_text(original, "GrpSts"),
        reasons=_reasons(original),
        groups=tuple(_group(group) for group in _all(body, "OrgnlPmtInfAndSts")),
    )


def rejection_of(report: StatusReport, payment_information_ident: str, end_to_end_ident: str) -> Rejection | None:
    """Whether a transaction of our file was rejected: RJCT of the file, or of a group, rejects all below it."""
    if report.status == "RJCT":
        return _rejected(report.reasons, "FILE")
    for group in report.groups:
        if group.payment_information_ident != payment_information_ident:
            continue
        if group.status == "RJCT":
            own = [one for one in group.transactions if one.end_to_end_ident == end_to_end_ident and one.reasons]
            return _rejected(own[0].reasons if own else group.reasons, "GROUP")
        for one in group.transactions:
            if one.end_to_end_ident == end_to_end_ident and one.status == "RJCT":
                return _rejected(one.reasons, "TRANSACTION")
    return None


def verification_of(report: StatusReport, payment_information_ident: str, end_to_end_ident: str) -> Verification | None:
    """What the bank says to the payee's name; what it does not know how to say is no match. None: the report is about something else."""
    for group in report.groups:
        if group.payment_information_ident != payment_information_ident:
            continue
        for one in group.transactions:
            if one.end_to_end_ident == end_to_end_ident:
                said = one.status or group.status or report.status
                return _verified(said, one.name if said in ("RVMC", "RVCM") else None)
        whole = group.status or report.status
        # who names transactions names those that do not match; who names none speaks of all
        return _of_all(whole) if whole == "RCVC" or not group.transactions else None
    return None if report.groups else _of_all(report.status)


def unknown_statuses(report: StatusReport) -> list[str]:
    """Statuses that mean nothing here, each once: somebody has to look."""
    known = CHANGES_NOTHING | _CHECKED.keys() | {"RJCT"}
    said = [report.status, *[group.status for group in report.groups]]
    said += [one.status for group in report.groups for one in group.transactions]
    return sorted({status for status in said if status is not None and status not in known})


def _of_all(status: str | None) -> Verification | None:
    """RVCM: some do not match, and it is not said which."""
    return _verified("RVNA" if status == "RVCM" else status, None)


def _verified(status: str | None, name: str | None) -> Verification | None:
    if status is None or status in CHANGES_NOTHING or status == "RJCT":
        return None
    return Verification(_CHECKED.get(status, "NOT_POSSIBLE"), name)


def _rejected(reasons: Sequence[Reason], level: Literal["FILE", "GROUP", "TRANSACTION"]) -> Rejection:
    first = reasons[0] if reasons else Reason(None, "")
    return Rejection(first.code, " ".join(reason.text for reason in reasons if reason.text), level)


def _parsed(content: bytes) -> Element:
    if len(content) > LARGEST:
        raise Refused(Kind.TOO_LARGE, Problem("file_too_large", f"is larger than {LARGEST // 2**20} MB", "file"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise _refused("xml_malformed", "is no XML that can be read to its end") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused("xml_with_document_type", "has a document type, which payment messages do not have")
    return root


def _group(element: Element) -> GroupStatus:
    return GroupStatus(
        payment_information_ident=_needed(element, "OrgnlPmtInfId"),
        status=_text(element, "PmtInfSts"),
        reasons=_reasons(element),
        transactions=tuple(_transaction(one) for one in _all(element, "TxInfAndSts")),
    )


def _transaction(element: Element) -> TransactionStatus:
    reasons = _reasons(element)
    status = _text(element, "TxSts")
    name = _text(element, "OrgnlTxRef", "Cdtr", "Pty", "Nm") or _text(element, "OrgnlTxRef", "Cdtr", "Nm")
    told = next((reason.text for reason in reasons if reason.text), None) if status in ("RVMC", "RVCM") else None
    return TransactionStatus(
        end_to_end_ident=_text(element, "OrgnlEndToEndId"),
        status=status,
        reasons=reasons,
        amount=_amount(_text(element, "OrgnlTxRef", "Amt", "InstdAmt")),
        name=told or name,
    )


def _reasons(element: Element) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            _text(one, "Rsn", "Cd") or _text(one, "Rsn", "Prtry"),
            " ".join(text for info in _all(one, "AddtlInf") if (text := (info.text or "").strip())),
        )
        for one in _all(element, "StsRsnInf")
    )


def _amount(text: str | None) -> Decimal | None:
    try:
        found = Decimal(text) if text is not None else None
    except InvalidOperation:
        raise _refused("amount_malformed", f"says {text!r} for an amount") from None
    return found if found is None or found.is_finite() else None


def _all(parent: Element, name: str) -> Iterator[Element]:
    return parent.iterchildren(f"{{{etree.QName(parent).namespace}}}{name}")


def _found(parent: Element, name: str) -> Element:
    found = next(_all(parent, name), None)
    if found is None:
        raise _refused("status_report_incomplete", f"lacks {name}")
    return found


def _text(parent: Element, *path: str) -> str | None:
    found: Element | None = parent
    for name in path:
        found = next(_all(found, name), None) if found is not None else None
    text = (found.text or "").strip() if found is not None else ""
    return text or None


def _needed(parent: Element, name: str) -> str:
    text = _text(parent, name)
    if text is None:
        raise _refused("status_report_incomplete", f"lacks {name}")
    return text


def _refused(code: str, message: str) -> Refused:
    return Refused(Kind.INVALID, Problem(code, message, "file"))

"""What the bank says to a file (pain.002): rejections at every level, what changes nothing, verification of payees, hostile files."""

from decimal import Decimal

import pytest

from contor.kernel.errors import Kind, Refused
from contor.payments.sepa import Verification, read_status, rejection_of, status, unknown_statuses, verification_of

HEAD = "<GrpHdr><MsgId>S-1</MsgId><CreDtTm>2026-12-01T10:00:00Z</CreDtTm></GrpHdr>"


def report(*groups: str, version: str = "pain.002.001.10", said: str = "") -> bytes:
    original = f"<OrgnlMsgId>R1-1</OrgnlMsgId><OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId>{said}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"><CstmrPmtStsRpt>{HEAD}'
        f"<OrgnlGrpInfAndSts>{original}</OrgnlGrpInfAndSts>{''.join(groups)}</CstmrPmtStsRpt></Document>"
    ).encode()


def reason(code: str, text: str = "") -> str:
    return f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn>{f'<AddtlInf>{text}</AddtlInf>' if text else ''}</StsRsnInf>"


def group(*transactions: str, ident: str = "R1-1-1", said: str = "") -> str:
    return f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{ident}</OrgnlPmtInfId>{said}{''.join(transactions)}</OrgnlPmtInfAndSts>"


def transaction(ident: str, said: str = "", status: str = "", more: str = "") -> str:
    told = f"<TxSts>{status}</TxSts>" if status else ""
    return f"<TxInfAndSts><OrgnlEndToEndId>{ident}</OrgnlEndToEndId>{told}{said}{more}</TxInfAndSts>"


@pytest.mark.parametrize("version", ["pain.002.001.03", "pain.002.001.10"])
def test_a_rejected_transaction(version: str) -> None:
    amount = '<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">119.00</InstdAmt></Amt></OrgnlTxRef>'
    told = transaction("E-1", reason("AC04", "closed"), "RJCT", amount)
    read = read_status(report(group(told, transaction("E-2", status="ACCP"), said="<PmtInfSts>PART</PmtInfSts>"), version=version))
    assert (read.ident, read.original_message_ident, read.original_format) == ("S-1", "R1-1", "pain.008.001.08")
    assert rejection_of(read, "R1-1-1", "E-1") == ("AC04", "closed", "TRANSACTION")
    assert read.groups[0].transactions[0].amount == Decimal("119.00")
    for one in ("E-2", "E-3"):
        assert rejection_of(read, "R1-1-1", one) is None
    assert rejection_of(read, "R1-1-2", "E-1") is None


def test_a_rejected_group_rejects_all_below_it() -> None:
    read = read_status(
        report(
            group(transaction("E-1", reason("MD01")), said=f"<PmtInfSts>RJCT</PmtInfSts>{reason('AM05')}"), group(ident="R1-1-2")
        )
    )
    assert rejection_of(read, "R1-1-1", "E-1") == ("MD01", "", "GROUP")
    assert rejection_of(read, "R1-1-1", "E-2") == ("AM05", "", "GROUP")
    assert rejection_of(read, "R1-1-2", "E-3") is None


def test_a_rejected_file_rejects_all_of_it() -> None:
    read = read_status(report(said=f"<GrpSts>RJCT</GrpSts>{reason('FF01', 'not read')}"))
    assert rejection_of(read, "R1-1-7", "E-9") == ("FF01", "not read", "FILE")


@pytest.mark.parametrize("said", ["ACTC", "ACCP", "ACSP", "ACSC", "ACWC", "PDNG", "PART"])
def test_what_changes_nothing(said: str) -> None:
    read = read_status(
        report(group(transaction("E-1", status=said), said=f"<PmtInfSts>{said}</PmtInfSts>"), said=f"<GrpSts>{said}</GrpSts>")
    )
    assert rejection_of(read, "R1-1-1", "E-1") is None
    assert verification_of(read, "R1-1-1", "E-1") is None
    assert unknown_statuses(read) == []


@pytest.mark.parametrize(
    ("said", "check", "holds"),
    [
        ("RCVC", "MATCH", False),
        ("RVMC", "CLOSE_MATCH", True),
        ("RVNM", "NO_MATCH", True),
        ("RVNA", "NOT_POSSIBLE", True),
        ("WHAT", "NOT_POSSIBLE", True),
    ],
)
def test_verification_of_a_payee(said: str, check: str, holds: bool) -> None:
    more = "<StsRsnInf><AddtlInf>Kunde Aktiengesellschaft</AddtlInf></StsRsnInf>" if said == "RVMC" else ""
    read = read_status(report(group(transaction("E-1", more, said), said="<PmtInfSts>RVCM</PmtInfSts>")))
    found = verification_of(read, "R1-1-1", "E-1")
    assert found == Verification(check, "Kunde Aktiengesellschaft" if said == "RVMC" else None)  # type: ignore[arg-type]
    assert found is not None
    assert found.holds is holds
    assert unknown_statuses(read) == (["WHAT"] if said == "WHAT" else [])


def test_names_that_all_match_may_be_said_of_the_group_or_the_file() -> None:
    for told in (report(group(said="<PmtInfSts>RCVC</PmtInfSts>")), report(said="<GrpSts>RCVC</GrpSts>")):
        assert verification_of(read_status(told), "R1-1-1", "E-1") == Verification("MATCH", None)


def test_names_that_do_not_match_may_be_said_of_the_group_or_the_file() -> None:
    """Who names transactions names those that do not match; who names none holds all."""
    for told in (report(group(said="<PmtInfSts>RVNM</PmtInfSts>")), report(said="<GrpSts>RVNM</GrpSts>")):
        assert verification_of(read_status(told), "R1-1-1", "E-1") == Verification("NO_MATCH", None)
    named = group(transaction("E-2", status="RVNM"), said="<PmtInfSts>RVCM</PmtInfSts>")
    assert verification_of(read_status(report(named)), "R1-1-1", "E-1") is None
    assert verification_of(read_status(report(named)), "R1-1-1", "E-2") == Verification("NO_MATCH", None)


BOMB = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
FILE = b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
GOOD = report(group(transaction("E-1")))
HEADLESS = GOOD.partition(b"?>")[2]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "xml_malformed"),
        (b"\x00\xff", "xml_malformed"),
        (GOOD[:-30], "xml_malformed"),
        (GOOD.replace(b"UTF-8", b"EBCDIC-NO-SUCH"), "xml_malformed"),
        (BOMB + HEADLESS, "xml_with_document_type"),
        (FILE + HEADLESS.replace(b"S-1", b"&a;"), "xml_with_document_type"),
        (b"<html/>", "status_report_unknown"),
        (GOOD.replace(b"pain.002.001.10", b"pain.002.001.99"), "status_report_unknown"),
        (GOOD.replace(b"OrgnlMsgId", b"Other"), "status_report_incomplete"),
        (GOOD.replace(b"OrgnlPmtInfId", b"Other"), "status_report_incomplete"),
        (report(group(transaction("E-1", more="<OrgnlTxRef><Amt><InstdAmt>x</InstdAmt></Amt></OrgnlTxRef>"))), "amount_malformed"),
    ],
)
def test_what_is_no_report_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_status(content)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "LARGEST", 100)
    with pytest.raises(Refused) as refused:
        read_status(GOOD)
    assert refused.value.kind is Kind.TOO_LARGE

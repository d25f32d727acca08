"""Statements of a bank of our own, in each format, and a company that reads them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.factories.companies import Company

from contor.kernel.files import FileContent
from contor.payments.statements.files import ReceiveFile, receive_statement
from contor.payments.statements.take import ReadFile, read_statement

IBAN = "DE36100100100000000001"
OWN = {"iban": IBAN}
"""The company's account in the sample files."""


def sample(shared: Path, name: str) -> bytes:
    """A file of the shared samples; the test is skipped where they are absent."""
    path = shared / "artefacts" / name
    if not path.exists():
        pytest.skip(f"{path} is absent")
    return path.read_bytes()


@dataclass
class BankLine:
    """A booking as the bank tells it."""

    amount: Decimal
    day: dt.date
    text: str = ""
    name: str = "Muster"
    iban: str = ""
    end_to_end: str = ""
    reference: str = ""
    charges: Decimal = Decimal(0)
    reason: str = ""
    parts: Sequence["BankLine"] = ()
    status: str = "BOOK"
    group: str = ""
    """Of a file of ours (PmtInfId), of which the bank says no more ..."""
    many: int = 5
    """... than how many transactions it has."""

    @property
    def gross(self) -> Decimal:
        return self.amount + self.charges


@dataclass
class BankPaper:
    """A statement: balance, bookings, balance."""

    opening: Decimal
    day: dt.date
    lines: list[BankLine] = field(default_factory=list)
    iban: str = IBAN
    currency: str = "EUR"
    number: int = 1

    @property
    def closing(self) -> Decimal:
        return self.opening + sum((line.amount for line in self.lines if line.status == "BOOK"), Decimal(0))

    def camt(self, message: str = "camt.053.001.08", *, closing: Decimal | None = None, balances: bool = True) -> bytes:
        body, holder = {
            "camt.053": ("BkToCstmrStmt", "Stmt"),
            "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
            "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
        }[message[:8]]
        shown = (
            self._balance("OPBD", self.opening) + self._balance("CLBD", self.closing if closing is None else closing)
            if balances
            else ""
        )
        entries = "".join(self._entry(line) for line in self.lines)
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:{message}"><{body}><GrpHdr>'
            f"<MsgId>M</MsgId><CreDtTm>{self.day}T20:00:00</CreDtTm></GrpHdr><{holder}><Id>S{self.number}</Id>"
            f"<ElctrncSeqNb>{self.number}</ElctrncSeqNb><CreDtTm>{self.day}T20:00:00</CreDtTm><Acct><Id><IBAN>{self.iban}</IBAN></Id>"
            f"<Ccy>{self.currency}</Ccy></Acct>{shown}{entries}</{holder}></{body}></Document>"
        ).encode()

    def _balance(self, code: str, amount: Decimal) -> str:
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{self.currency}">{abs(amount)}</Amt>'
            f"<CdtDbtInd>{_mark(amount)}</CdtDbtInd><Dt><Dt>{self.day}</Dt></Dt></Bal>"
        )

    def _entry(self, line: BankLine) -> str:
        parts = "".join(self._part(part) for part in line.parts or [line])
        if line.group:
            parts = f"<Btch><PmtInfId>{line.group}</PmtInfId><NbOfTxs>{line.many}</NbOfTxs></Btch>"
        reference = f"<AcctSvcrRef>{line.reference}</AcctSvcrRef>" if line.reference else ""
        return (
            f'<Ntry><Amt Ccy="{self.currency}">{abs(line.amount)}</Amt><CdtDbtInd>{_mark(line.amount)}</CdtDbtInd>'
            f"<Sts><Cd>{line.status}</Cd></Sts><BookgDt><Dt>{line.day}</Dt></BookgDt><ValDt><Dt>{line.day}</Dt></ValDt>{reference}"
            f"<NtryDtls>{parts}</NtryDtls></Ntry>"
        )

    def _part(self, line: BankLine) -> str:
        role = "Dbtr" if (line.amount > 0) != bool(line.reason) else "Cdtr"
        charges = (
            f'<Chrgs><Rcrd><Amt Ccy="{self.currency}">{line.charges}</Amt><CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd>'
            "</Rcrd></Chrgs>"
            if line.charges
            else ""
        )
        account = f"<{role}Acct><Id><IBAN>{line.iban}</IBAN></Id></{role}Acct>" if line.iban else ""
        named = f"<{role}><Pty><Nm>{line.name}</Nm></Pty></{role}>" if line.name else ""
        parties = f"<RltdPties>{named}{account}</RltdPties>" if named or account else ""
        reason = f"<RtrInf><Rsn><Cd>{line.reason}</Cd></Rsn></RtrInf>" if line.reason else ""
        text = f"<RmtInf><Ustrd>{line.text}</Ustrd></RmtInf>" if line.text else ""
        return (
            f"<TxDtls><Refs><EndToEndId>{line.end_to_end or 'NOTPROVIDED'}</EndToEndId></Refs>"
            f'<Amt Ccy="{self.currency}">{abs(line.gross)}</Amt><CdtDbtInd>{_mark(line.amount)}</CdtDbtInd>'
            f"{charges}{parties}{text}{reason}</TxDtls>"
        )

    def swift(self, *, before: dt.date | None = None) -> bytes:
        """An MT940; `before`: the day of the opening balance."""
        lines = "".join(self._line(line) for line in self.lines)
        return (
            f":20:STARTUMS\r\n:25:{self.iban}\r\n:28C:{self.number:05}/001\r\n:60F:{self._mt(self.opening, before or self.day)}\r\n"
            f"{lines}:62F:{self._mt(self.closing, self.day)}\r\n-\r\n"
        ).encode("latin-1")

    def _mt(self, amount: Decimal, day: dt.date) -> str:
        return f"{'C' if amount >= 0 else 'D'}{day:%y%m%d}{self.currency}{_comma(abs(amount))}"

    def _line(self, line: BankLine) -> str:
        sign, code = "C" if line.amount > 0 else "D", "109" if line.reason else "166"
        reference = f"//{line.reference}" if line.reference else ""
        below = f"\r\n/OCMT/EUR{_comma(abs(line.gross))}//CHGS/EUR{_comma(line.charges)}/" if line.charges else ""
        text = (f"EREF+{line.end_to_end}" if line.end_to_end else "") + f"SVWZ+{line.reason} {line.text}".replace("+ ", "+")
        fields = "".join(f"?{20 + n}{text[start : start + 27]}" for n, start in enumerate(range(0, len(text), 27)))
        iban = f"?31{line.iban}" if line.iban else ""
        return (
            f":61:{line.day:%y%m%d%m%d}{sign}R{_comma(abs(line.amount))}N{code}NONREF{reference}{below}\r\n"
            f":86:{code}?00UMSATZ{fields}{iban}?32{line.name}\r\n"
        )


def _mark(amount: Decimal) -> str:
    return "CRDT" if amount >= 0 else "DBIT"


def _comma(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


class Reader:
    """A company's statements, read at once."""

    def __init__(self, company: Company) -> None:
        self.company = company

    def take(self, content: bytes, name: str = "statement") -> Any:
        """Received without an account, and read; what became of it."""
        tenant = self.company.tenant
        made = tenant.execute(receive_statement, ReceiveFile(FileContent(content, "application/octet-stream", name)))
        return tenant.execute(read_statement, ReadFile(statement_ident=made.statement_ident))

    def send(self, content: bytes, account: str = "bank", name: str = "statement.xml") -> Any:
        """Uploaded to an account, and read."""
        answer = self.company.client.post(
            f"/v2/merchant-payment-accounts/{account}/statements",
            files={"file": (name, content, "application/octet-stream")},
            headers=self.company.headers,
        )
        assert answer.status_code == 202, answer.text
        ident = answer.json()["statementIdent"]
        self.company.tenant.execute(read_statement, ReadFile(statement_ident=ident))
        return self.company.call("GET", f"/v2/merchant-payment-accounts/{account}/statements/{ident}")

    def payments(self, account: str = "bank") -> list[Any]:
        """Those that stand, in the order of their days."""
        return self.company.tenant.rows(
            "SELECT p.*, CASE p.credit_debit_indicator WHEN 'CREDIT' THEN p.base_amount ELSE -p.base_amount END AS signed FROM payment p"
            " WHERE p.account_ident = %s AND p.replaced_at IS NULL ORDER BY p.booking_date, p.id",
            (account,),
        )

    def amounts(self, account: str = "bank") -> list[Decimal]:
        return [row.signed for row in self.payments(account)]

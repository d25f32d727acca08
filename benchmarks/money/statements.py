"""`statement_in`: a bank's statement (camt.053) read, proved, and made into payments that are looked at and booked."""

import datetime as dt
from decimal import Decimal

from benchmarks.issuing import new_tenant
from benchmarks.measure import Result, rss_mb, timed
from benchmarks.money.floors import statement_floor
from contor.kernel.files import FileContent
from contor.payments.accounts import ACCOUNTS
from contor.payments.statements.files import ReceiveFile, receive_statement
from contor.payments.statements.take import ReadFile, read_statement
from contor.runtime.execute import Runtime
from contor.runtime.resource import Written

IBAN = "DE36100100100000000001"
ACCOUNT = {
    "ident": "bank",
    "name": "Bank",
    "active": True,
    "country": "DE",
    "currency": "EUR",
    "payment_service_provider_id": 1,
    "iban": IBAN,
}


def statement(count: int, day: dt.date) -> bytes:
    """A day at the bank: transfers of many payers, each with its reference, account and text."""
    entries, total = [], Decimal(0)
    for number in range(count):
        amount = Decimal(1_000 + number % 90_000) / 100
        total += amount
        entries.append(
            f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>'
            f"<ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>B{number:09}</AcctSvcrRef><BkTxCd><Prtry><Cd>NTRF+166</Cd><Issr>DK</Issr></Prtry>"
            f"</BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>E{number:09}</EndToEndId></Refs>"
            f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>Kunde {number} GmbH</Nm></Pty></Dbtr>'
            f"<DbtrAcct><Id><IBAN>{IBAN}</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>Rechnung {number} vom {day}, danke</Ustrd>"
            "</RmtInf></TxDtls></NtryDtls></Ntry>"
        )

    def balance(code: str, amount: Decimal) -> str:
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
            f"<Dt><Dt>{day}</Dt></Dt></Bal>"
        )

    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr>'
        f"<MsgId>M</MsgId></GrpHdr><Stmt><Id>S</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{balance('OPBD', Decimal(0))}{balance('CLBD', total)}{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def statement_in(runtime: Runtime, dsn: str, postmaster: int, pid: int, count: int) -> Result:
    """One file; the floor behind it."""
    _, caller = new_tenant(runtime, "bench-statements")
    runtime.execute(ACCOUNTS.create, Written((), ACCOUNT), caller)
    content = statement(count, dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1))
    result = Result("statement_in", count)
    with timed(result, pid, postmaster=postmaster):
        made = runtime.execute(receive_statement, ReceiveFile(FileContent(content, "application/xml", "bank.xml")), caller)
        view = runtime.execute(read_statement, ReadFile(statement_ident=made.statement_ident), caller)
    assert (view.state, view.counts.new, view.counts.payments) == ("READ", count, count), view
    result.rss_mb = rss_mb(pid)
    result.floor_per_s = statement_floor(dsn, content, count)
    result.ratio = result.per_s / result.floor_per_s
    result.note = f"one camt.053 of {len(content) / 1e6:.1f} MB, from receiving it to booked payments"
    return result

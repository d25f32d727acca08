"""Files of payment providers as they send them, made of a few values, and a company whose money stands with one."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from tests.factories.companies import BANK, Company, day_here

from contor.payments.settlements import ReadUpload, read_upload

ACCOUNT = "/v2/merchant-payment-accounts/psp"
REPORTS = f"{ACCOUNT}/settlement-reports"
_STRIPE = (
    "automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created_utc,created,available_on,currency,gross,fee,net,"
    "reporting_category,source_id,description,charge_id,payment_intent_id"
)
_ADYEN = (
    "Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,Modification Reference,"
    "Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),"
    "Markup (NC),Scheme Fees (NC),Interchange (NC),Payment Method Variant,Modification Merchant Reference,Batch Number,Reserved4"
)
_PAYPAL = (
    '"CH","Transaction ID","Invoice ID","PayPal Reference ID","PayPal Reference ID Type","Transaction Event Code",'
    '"Transaction Initiation Date","Transaction Completion Date","Transaction  Debit or Credit","Gross Transaction Amount",'
    '"Gross Transaction Currency","Fee Debit or Credit","Fee Amount","Fee Currency","Custom Field","Consumer ID"'
)


class Moved(NamedTuple):
    """A movement, whatever the format."""

    kind: str
    """The provider's own word."""
    gross: str
    fee: str = "0"
    ident: str = "1"
    text: str = ""
    original: str = ""
    """What it takes back."""


def stripe_file(*rows: Moved, payout: str = "po_1", day: str | None = None, currency: str = "eur") -> bytes:
    """The itemised payout reconciliation of one payout (`day`: default today)."""
    day = day or day_here()
    lines = [_STRIPE]
    for row in rows:
        net = Decimal(row.gross) - Decimal(row.fee)
        source = f"re_{row.ident}" if row.kind == "refund" else payout if row.kind == "payout" else f"ch_{row.ident}"
        charge, intent = (f"ch_{row.original}", f"pi_{row.original}") if row.original else (f"ch_{row.ident}", f"pi_{row.ident}")
        at = f"{day} 10:00:00"
        cells = (payout, at, f"txn_{row.ident}", at, at, at, currency, row.gross, row.fee, net, row.kind, source, f'"{row.text}"')
        lines.append(",".join(map(str, (*cells, charge, intent))))
    return ("\n".join(lines) + "\n").encode()


def adyen_file(*rows: Moved, batch: int = 4, day: str | None = None, merchant: str = "OurMerchant") -> bytes:
    """The settlement details of one batch; a fee stands as the commission."""
    day = day or day_here()
    lines = [_ADYEN]
    for row in rows:
        gross, fee = Decimal(row.gross), Decimal(row.fee)
        net = gross - fee

        def sides(amount: Decimal) -> tuple[str, str]:
            return (f"{-amount}" if amount < 0 else "", f"{amount}" if amount > 0 else "")

        stands_alone = row.kind in ("Fee", "MerchantPayout", "Balancetransfer", "DepositCorrection")
        own = "" if stands_alone else f"MOD{row.ident:0>13}"
        psp = "" if stands_alone else f"PSP{row.original or row.ident:0>13}"
        cells = ("OurCompany", merchant, psp, row.text, "visa", f"{day} 11:26:49", "CET", row.kind, own)
        grosses = ("", "", "") if stands_alone else ("EUR", *sides(gross))
        costs = ("", "", "", "") if stands_alone else (str(fee) if fee else "", "", "", "")
        lines.append(",".join((*cells, *grosses, "1", "EUR", *sides(net), *costs, "visaclassic", "", str(batch), "")))
    return ("\n".join(lines) + "\n").encode()


def paypal_file(*rows: Moved, opening: str = "0", day: str | None = None, said: str | None = None) -> bytes:
    """The settlement report of one day; `said`: the balance at the end, where it is not what the rows lead to."""
    day = day or day_here()
    at = f"{day.replace('-', '/')} 10:00:00 +0000"

    def cents(amount: Decimal) -> str:
        return str(int(abs(amount) * 100))

    def side(amount: Decimal) -> str:
        return '"DR"' if amount < 0 else '"CR"'

    lines = [
        f'"RH",{at},"A","MERCHANT1",009,',
        '"FH",01',
        f'"SH",{day.replace("-", "/")} 00:00:00 +0000,{day.replace("-", "/")} 23:59:59 +0000,"MERCHANT1",""',
        _PAYPAL,
    ]
    balance = Decimal(opening)
    for row in rows:
        gross, fee = Decimal(row.gross), Decimal(row.fee)
        balance += gross - fee
        costs = (side(-fee), cents(fee), '"EUR"') if fee else ('""', "", '""')
        names = (f'"TX{row.ident}"', f'"{row.text}"', f'"{f"TX{row.original}" if row.original else ""}"', '"TXN"', f'"{row.kind}"')
        lines.append(",".join(('"SB"', *names, at, at, side(gross), cents(gross), '"EUR"', *costs, '""', '""')))
    gross, fees = [Decimal(row.gross) for row in rows], [Decimal(row.fee) for row in rows]
    sums = (
        sum((one for one in gross if one > 0), Decimal(0)),
        sum((one for one in gross if one < 0), Decimal(0)),
        sum((one for one in fees if one < 0), Decimal(0)),
        sum((one for one in fees if one > 0), Decimal(0)),
    )
    end = Decimal(said) if said is not None else balance
    said_balances = (side(Decimal(opening)), cents(Decimal(opening)), side(end), cents(end))
    lines += [
        ",".join(('"SF"', '"EUR"', *map(cents, sums), *said_balances, '"CR"', "0", '"CR"', "0", str(len(rows)))),
        f'"SC",{len(rows)}',
        '"RF","EUR",0,0,0,0,"CR",0,"CR",0',
        f'"RC",{len(rows)}',
        f'"FF",{len(rows)}',
    ]
    return ("\n".join(lines) + "\n").encode()


class Settled(Company):
    """A company whose customers pay through a provider, which pays out to its bank."""

    def open_provider(self, **more: Any) -> None:
        self.call("POST", "/v2/merchant-payment-accounts", {**BANK, "ident": "psp", "name": "Provider", **more}, 201)

    def upload(self, content: bytes, status: int = 202, *, account: str = "psp", name: str = "report.csv") -> Any:
        """Send a file, and let it be read."""
        path = f"/v2/merchant-payment-accounts/{account}/settlement-reports/actions/upload"
        answer = self.client.post(path, files={"file": (name, content, "text/csv")}, headers=self.headers)
        assert answer.status_code == status, answer.text
        if status != 202:
            return answer.json()
        assert answer.json()["state"] == "RECEIVED"
        ident = answer.json()["settlementUploadIdent"]
        self.tenant.execute(read_upload, ReadUpload(upload_ident=ident))
        return self.call("GET", f"/v2/merchant-payment-accounts/{account}/settlement-uploads/{ident}")

    def begin(self, closing: str, **more: Any) -> str:
        """A report by its header."""
        self.requests += 1
        body = {
            "provider": "STRIPE",
            "externalIdent": f"report-{self.requests}",
            "periodStart": day_here(),
            "periodEnd": day_here(),
            "closingBalance": closing,
            **more,
        }
        return str(self.call("POST", REPORTS, body, 201)["settlementReportIdent"])

    def add(self, report: str, kind: str, gross: str, fee: str = "0", status: int = 201, **more: Any) -> Any:
        """An item of it."""
        self.requests += 1
        body = {
            "externalIdent": f"item-{self.requests}",
            "type": kind,
            "gross": gross,
            "fee": fee,
            "net": str(Decimal(gross) - Decimal(fee)),
            "bookingDate": day_here(),
            **more,
        }
        return self.call("POST", f"{REPORTS}/{report}/settlement-items", body, status)

    def items(self, search: str = "") -> list[Any]:
        found = self.call("GET", f"/v2/settlement-items?size=100{f'&search={search}' if search else ''}")
        return list(found["_embedded"])

    def booked(self) -> list[tuple[str, list[tuple[int, str, Decimal]]]]:
        """The entries of money, in their order: what each is, and its lines."""
        rows = self.tenant.rows(
            "SELECT e.id, e.kind, l.account, l.side, l.amount FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id"
            " WHERE e.kind IN ('PAYMENT', 'PAYMENT_UNASSIGNED', 'PAYMENT_OUT', 'PAYMENT_COST', 'PAYOUT') ORDER BY e.id, l.position"
        )
        entries: dict[int, tuple[str, list[tuple[int, str, Decimal]]]] = {}
        for row in rows:
            entries.setdefault(row.id, (row.kind, []))[1].append((row.account, row.side, row.amount))
        return list(entries.values())


def days_ago(days: int) -> str:
    return (dt.date.fromisoformat(day_here()) - dt.timedelta(days=days)).isoformat()

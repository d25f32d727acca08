"""Whoever keeps a company's books over a simulated year: closes its months, and has reports and exports made, by the API alone."""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Callable, Mapping
from typing import Any

from tests.factories.insistent import Api

PERIODS = "/v2/posting-periods"
CONFIGURATION = "/v2/billing/configuration"
WHOLE_CHART = {"accountFrom": 1, "accountTo": 99_999}
_TAXED = (("19", "NOR", "3"), ("7", "RED", "33"), ("16", "NOR", "3"), ("20", "OUT", "3"), ("22", "OUT", "3"))
Until = Callable[[Callable[[], bool], str], None]
"""Waits until something is true, while whoever has to works; and what it is, in words."""
Row = Mapping[str, str]


def before(day: dt.date) -> str:
    """The month before that of the day."""
    return f"{day.replace(day=1) - dt.timedelta(days=1):%Y-%m}"


class Accountant:
    """Of the company of `api`."""

    def __init__(self, api: Api, until: Until) -> None:
        self.api, self.until = api, until
        self.closed: list[str] = []
        self.acknowledged: set[str] = set()

    # --- months ---

    def close(self, month: str) -> None:
        """What may be acknowledged is; what is to be mended first would be said."""
        found = self.api.call("GET", f"{PERIODS}/{month}/closing")
        assert found["closable"], found["findings"]
        taken = sorted(it["code"] for it in found["findings"])
        self.acknowledged |= {*taken}
        self.api.call("POST", f"{PERIODS}/{month}/actions/close", {"acknowledgements": taken})
        self.until(lambda: self.api.call("GET", f"{PERIODS}/{month}")["status"] == "CLOSED", f"{month} is closed")
        self.closed.append(month)

    # --- reports ---

    def reports_are_there(self) -> None:
        """Those that came with the closing of each month."""
        self.until(lambda: not self._count("status==WAITING"), "reports are built")
        assert not self._count("status==FAILED"), list(self.api.all("/v2/reports", "status==FAILED"))

    def _count(self, search: str) -> int:
        return int(self.api.call("GET", f"/v2/reports?size=1&search={search}")["page"]["totalElements"])

    def of_closing(self, kind: str, month: str) -> list[Row]:
        """The rows of the report that was built when the month was closed."""
        found = list(self.api.all(f"/v2/reports/periods/{month}", f"type=={kind};format==CSV"))
        (one,) = [it for it in found if not it["reportIdent"].startswith("anew-")]
        assert one["periodClosed"], one
        return self._read(one)

    def anew(self, kind: str, month: str) -> list[Row]:
        """The rows of one that is asked for now."""
        ident = f"anew-{kind}-{month}".lower().replace("_", "-")
        asked = {"type": kind, "period": month, "format": "CSV", "language": "de", "reportIdent": ident}
        self.api.call("POST", "/v2/reports", asked)
        self.until(lambda: self.api.call("GET", f"/v2/reports/{ident}")["status"] != "WAITING", f"{kind} of {month} is built")
        return self._read(self.api.call("GET", f"/v2/reports/{ident}"))

    def _read(self, report: Any) -> list[Row]:
        assert report["status"] == "DONE", report
        content = self.api.call("GET", f"/v2/reports/{report['reportIdent']}/file")
        assert hashlib.sha256(content).hexdigest() == report["sha256"]
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))
        assert len(rows) == report["rows"], report
        return rows

    # --- exports ---

    def export(self, kind: str, first: str, last: str, **options: Any) -> tuple[Any, dict[str, bytes]]:
        """An export of all that was posted from `first` to `last` (days): the object and its files by name, each as it says."""
        made = self.api.call("POST", "/v2/exports", {"kind": kind, "from": first, "to": last, "options": options})
        view = self._made(made["exportIdent"])
        files = {}
        for it in view["files"]:
            content = self.api.call("GET", f"/v2/exports/{view['exportIdent']}/files/{it['name']}")
            assert (hashlib.sha256(content).hexdigest(), len(content)) == (it["sha256"], it["size"]), it
            files[it["name"]] = content
        return view, files

    def repeat(self, view: Any) -> None:
        """Made again it is the same, byte for byte."""
        self.api.call("POST", f"/v2/exports/{view['exportIdent']}/actions/repeat")
        again = self._made(view["exportIdent"])
        assert (again["sha256"], again["reasons"]) == (view["sha256"], []), again

    def _made(self, ident: str) -> Any:
        done = ("DONE", "FAILED")
        self.until(lambda: self.api.call("GET", f"/v2/exports/{ident}")["status"] in done, "the export is made")
        view = self.api.call("GET", f"/v2/exports/{ident}")
        assert view["status"] == "DONE", view
        return view


def configure_exports(api: Api, valid_from: str) -> None:
    """As tax advisers and auditors know the company; for the Portuguese file it has its seat there."""
    api.call("PUT", f"{CONFIGURATION}/datev", {"consultantNumber": 1001, "clientNumber": 456})
    norway = {
        "ident": "no",
        "country": "NO",
        "taxpayerNumber": "988077917",
        "softwareCertificate": "C-9",
        "productId": "Muster/Kontor",
        "accountGroups": [{**WHOLE_CHART, "category": "RF-1167", "code": "1500"}],
        "taxCodes": [{"categoryCode": "S", "rate": rate, "code": code} for rate, _, code in _TAXED],
        "validFrom": valid_from,
    }
    portugal = {
        "ident": "pt",
        "country": "PT",
        "taxpayerNumber": "501442600",
        "softwareCertificate": "2893",
        "productId": "Contor/Contor",
        "taxonomyReference": "S",
        "accountGroups": [{**WHOLE_CHART, "code": "1"}],
        "taxCodes": [{"categoryCode": "S", "rate": rate, "code": code} for rate, code, _ in _TAXED],
        "validFrom": valid_from,
    }
    for body in (norway, portugal):
        api.call("POST", f"{CONFIGURATION}/saf-t", body)


def move_to_lisbon(api: Api, site: str) -> None:
    known = api.call("GET", f"{CONFIGURATION}/operating-sites/{site}")
    kept = {name: it for name, it in known.items() if name not in ("createdAt", "lastModifiedAt", "ident") and it is not None}
    address = {"street": "Rua Augusta", "streetNo": "1", "zip": "1100-048", "city": "Lisboa", "country": "PT"}
    api.call("PUT", f"{CONFIGURATION}/operating-sites/{site}", {**kept, "address": address})

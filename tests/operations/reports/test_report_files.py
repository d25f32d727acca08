"""Reports as files: asked for, built, downloaded, repeated byte for byte, deleted; whatever a cell begins with."""

import hashlib
import io
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest
from starlette.testclient import TestClient
from tests.factories.reported import Reported
from tests.factories.tenants import Tenant

from contor.reports.files import look

HOSTILE = "=cmd|' /C calc'!A0"


@pytest.mark.parametrize("form", ["CSV", "XLSX"])
def test_the_same_rows_are_the_same_bytes(company: Reported, form: str) -> None:
    company.sell("2026-10-02", "100.00")
    one, two = (company.report("JOURNAL", "2026-10", form) for _ in range(2))
    assert one["sha256"] == two["sha256"] == hashlib.sha256(company.content(one)).hexdigest()
    assert one["size"] == len(company.content(one))
    assert one["rows"] == 3


def test_german_spreadsheets_open_it(company: Reported) -> None:
    company.sell("2026-10-02", "1234.50")
    text = company.content(company.report("OPEN_ITEMS", "2026-10", "CSV", "de"))
    assert text.startswith(b"\xef\xbb\xbfKunde;Art;Beleg;")
    assert text.decode("utf-8-sig").split("\r\n")[1].endswith(";02.10.2026;16.10.2026;15;0;EUR;1469,06;1469,06;1469,06")


def test_a_workbook_holds_numbers_and_days(company: Reported) -> None:
    company.sell("2026-10-02", "1234567.89")
    answer = company.client.get(
        f"/v2/reports/{company.report('JOURNAL', '2026-10', 'XLSX')['reportIdent']}/file", headers=company.headers
    )
    assert answer.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''2026-10_journal.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert (sheet.title, sheet.freeze_panes) == ("Journal", "A2")
    named = {cell.value: place for place, cell in enumerate(sheet[1])}
    row = sheet[3]
    assert Decimal(repr(row[named["Credit"]].value)) == Decimal("1234567.89")
    assert row[named["Credit"]].number_format == "#,##0.00"
    assert row[named["Posting date"]].value.isoformat() == "2026-10-02T00:00:00"


def test_file_and_sheet_have_the_name_of_the_report(company: Reported) -> None:
    """A sheet's as far as a workbook takes it: 31 characters."""
    said = {"VAT": ("umsatzsteuer-voranmeldung", "Umsatzsteuer-Voranmeldung")}
    said["TRIAL_BALANCE"] = ("summen-und-saldenliste", "Summen- und Saldenliste")
    said["SETTLEMENT"] = ("abrechnungen-der-zahlungsanbieter", "Abrechnungen der Zahlungsanbiet")
    for kind, (file, sheet) in said.items():
        made = company.report(kind, "2026-10", "XLSX", "de")
        answer = company.client.get(f"/v2/reports/{made['reportIdent']}/file", headers=company.headers)
        assert answer.headers["content-disposition"].endswith(f"''2026-10_{file}.xlsx")
        assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames == [sheet]


def test_a_text_is_never_a_formula(company: Reported) -> None:
    company.sell("2026-10-02", "100.00", name=HOSTILE)
    rows = company.read("REVENUE", "2026-10")
    assert [row["Name"] for row in rows] == [f"'{HOSTILE}"]
    sheet = openpyxl.load_workbook(io.BytesIO(company.content(company.report("REVENUE", "2026-10", "XLSX")))).worksheets[0]
    assert (sheet["B2"].value, sheet["B2"].data_type) == (HOSTILE, "s")


def test_a_month_that_has_not_begun_has_none(company: Reported) -> None:
    company.turn("2026-10-31")
    refused = company.call("POST", "/v2/reports", {"type": "VAT", "period": "2026-11"}, 400)
    assert refused["errors"][0]["error"] == "2026-11 has not begun: a report is of 2026-10 or of a month before it."
    refused = company.call("POST", "/v2/reports", {"type": "NOTHING", "period": "2026-13", "format": "PDF"}, 400)
    assert [it["fieldName"] for it in refused["errors"]] == ["type", "period", "format"]
    company.call("GET", "/v2/reports/periods/2026-13", status=400)


def test_a_file_is_downloaded_once_it_is_built(company: Reported) -> None:
    made = company.call("POST", "/v2/reports", {"type": "VAT", "period": "2026-10", "reportIdent": "mine"}, 202)
    assert (made["reportIdent"], made["status"]) == ("mine", "WAITING")
    for path in ("/v2/reports/mine", "/v2/reports/mine/file"):
        answer = company.client.get(path, headers={**company.headers, "Prefer": "wait=0"})
        assert (answer.headers["retry-after"], answer.headers["preference-applied"]) == ("1", "wait=0"), path
    company.call("GET", "/v2/reports/mine/file", status=409)
    company.call("POST", "/v2/reports", {"type": "VAT", "period": "2026-10", "reportIdent": "mine"}, 409)
    look(company.tenant.runtime, company.tenant.id)
    assert company.client.get("/v2/reports/mine/file", headers=company.headers).status_code == 200
    told = company.tenant.rows("SELECT payload FROM event WHERE name = 'report.created'")
    assert [row.payload for row in told] == [{"report_idents": ["mine"]}]


def test_reports_are_listed_and_deleted(company: Reported) -> None:
    for kind, period in (("VAT", "2026-09"), ("VAT", "2026-10"), ("JOURNAL", "2026-10")):
        company.call("POST", "/v2/reports", {"type": kind, "period": period, "reportIdent": f"{kind}-{period}"}, 202)
    listed = company.call("GET", "/v2/reports/periods/2026-10")
    assert sorted(it["reportIdent"] for it in listed["_embedded"]) == ["JOURNAL-2026-10", "VAT-2026-10"]
    found = company.call("GET", "/v2/reports?search=type==VAT;status==WAITING")
    assert sorted(it["reportIdent"] for it in found["_embedded"]) == ["VAT-2026-09", "VAT-2026-10"]
    company.call("DELETE", "/v2/reports/VAT-2026-09", status=204)
    company.call("DELETE", "/v2/reports/VAT-2026-09", status=404)
    company.call("DELETE", "/v2/reports/periods/2026-10", status=204)
    assert company.call("GET", "/v2/reports")["page"]["totalElements"] == 0
    look(company.tenant.runtime, company.tenant.id)
    company.sound()


def test_other_tenants_and_other_rights_see_none(
    company: Reported, new_tenant: Callable[[], Tenant], client: TestClient, bearer: Callable[..., dict[str, str]]
) -> None:
    made = company.report("JOURNAL", "2026-10")
    stranger = bearer(new_tenant())
    for path in (f"/v2/reports/{made['reportIdent']}", f"/v2/reports/{made['reportIdent']}/file"):
        assert client.get(path, headers=stranger).status_code == 404
    assert client.delete(f"/v2/reports/{made['reportIdent']}", headers=stranger).status_code == 404
    assert client.delete("/v2/reports/periods/2026-10", headers=stranger).status_code == 204
    assert client.get("/v2/reports", headers=stranger).json()["page"]["totalElements"] == 0
    reader = bearer(company.tenant, "nbx-customer-management-read")
    assert client.get("/v2/reports", headers=reader).status_code == 403
    only = bearer(company.tenant, "nbx-accounting-management-read")
    assert client.post("/v2/reports", headers=only, json={"type": "VAT", "period": "2026-10"}).status_code == 403
    assert company.call("GET", f"/v2/reports/{made['reportIdent']}")["status"] == "DONE"


def test_a_report_that_fails_says_so_and_holds_up_no_other(company: Reported, monkeypatch: pytest.MonkeyPatch) -> None:
    from contor.reports.kinds import KINDS

    def broken(uow: object, month: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setitem(KINDS, "OSS", KINDS["OSS"]._replace(rows=broken))
    company.call("POST", "/v2/reports", {"type": "OSS", "period": "2026-10", "reportIdent": "bad"}, 202)
    company.report("VAT", "2026-10")
    failed = company.call("GET", "/v2/reports/bad")
    assert failed["status"] == "FAILED"
    assert failed["reason"].startswith("A fault of the program;")
    company.call("GET", "/v2/reports/bad/file", status=400)
    company.sound()

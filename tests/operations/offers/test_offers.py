"""An offer from its first word to the draft that bills it: judged as the invoice would be, numbered by itself, no fact of the books."""

import io
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader
from tests.factories.drafts import PARTIES, a_row, at_once
from tests.factories.mailing import CUSTOMER, TESTER, Mailing
from tests.factories.post_offices import PostOffice

from contor.runtime.schema import METADATA

OFFERS = "/v2/offers"


def a_body(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "offerIdent": "o-1",
        "currency": "EUR",
        "documentDate": "2026-11-30",
        **PARTIES,
        "items": list(rows) or [a_row()],
        **more,
    }


def offered(company: Mailing, *rows: dict[str, Any], **more: Any) -> Any:
    return company.call("POST", OFFERS, a_body(*rows, **more), 201)


def everything(company: Mailing) -> dict[str, int]:
    tables = [
        t.name for t in METADATA.sorted_tables if t.info["tenant"] and t.name not in ("audit_entry", "event", "idempotency_key")
    ]
    return {name: company.tenant.rows(f"SELECT count(*) FROM {name}")[0][0] for name in tables}


def text_of(company: Mailing, ident: str = "o-1") -> str:
    answer = company.client.get(f"{OFFERS}/{ident}/file", headers=company.headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    again = company.client.get(f"{OFFERS}/{ident}/file", headers=company.headers)
    assert again.content == answer.content
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())


def test_an_offer_is_no_document(company: Mailing) -> None:
    before = everything(company)
    made = offered(company)
    after = everything(company)
    assert {name for name in after if after[name] != before[name]} == {"offer", "offer_series", "row_tally"} - (
        {"row_tally"} if after["row_tally"] == before["row_tally"] else set()
    )
    assert (made["number"], made["status"], made["version"], made["validUntil"]) == ("AN-2026-000001", "CREATED", 1, "2026-12-30")
    assert (made["totals"]["net"], made["totals"]["tax"], made["totals"]["gross"]) == (100, 19, 119)
    assert company.call("GET", f"{OFFERS}/o-1") == made
    assert company.call("GET", "/v2/documents")["page"]["totalElements"] == 0
    company.sound()


def test_offers_are_numbered_by_themselves(company: Mailing) -> None:
    assert offered(company)["number"] == "AN-2026-000001"
    assert offered(company, offerIdent="o-2", documentDate="2025-06-01")["number"] == "AN-2025-000001"
    assert offered(company, offerIdent="o-3")["number"] == "AN-2026-000002"
    company.call("PUT", f"{OFFERS}/configuration", {"prefix": "O-", "mask": "00", "reset": "NEVER", "validDays": 0})
    made = offered(company, offerIdent="o-4")
    assert (made["number"], made.get("validUntil")) == ("O-01", None)
    company.call("PUT", f"{OFFERS}/configuration", {"prefix": "O-", "mask": "00", "reset": "NEVER", "validDays": 30})
    assert offered(company, offerIdent="o-5", validUntil=None)["validUntil"] == "2026-12-30"
    assert "validUntil" not in offered(company, offerIdent="o-6", validUntil="9999-12-31")  # it says itself that it has no end
    wrong = company.call("PUT", f"{OFFERS}/configuration", {"prefix": "O/", "reset": "NEW_YEAR"}, 400)
    assert [entry["fieldName"] for entry in wrong["errors"]] == ["prefix", "reset"]
    assert company.call("GET", f"{OFFERS}/configuration")["prefix"] == "O-"


def test_many_at_once_have_different_numbers(company: Mailing) -> None:
    made = at_once([lambda place=place: offered(company, offerIdent=f"o-{place}") for place in range(6)])
    assert sorted(one["number"] for one in made) == [f"AN-2026-{place:06}" for place in range(1, 7)]


def test_what_could_not_be_billed_is_not_offered(company: Mailing) -> None:
    body = {"offerIdent": "o-1", "currency": "EUR", "validUntil": "2026-01-01", "documentDate": "2026-11-30", "requestId": "r"}
    refused = company.call("POST", OFFERS, {**body, "items": [a_row(amount="100.001")]}, 400)
    assert {entry["fieldName"] for entry in refused["errors"]} >= {"requestId", "billingGroupIdent", "customerDetail", "validUntil"}
    assert everything(company)["offer"] == 0


def test_the_page_says_what_it_is_in_both_languages(company: Mailing) -> None:
    offered(company, introduction=["Vielen Dank für Ihre Anfrage."], validUntil="2026-12-24")
    german = text_of(company)
    assert "Angebot Nr. AN-2026-000001" in german
    for said in ("Vielen Dank für Ihre Anfrage.", "Gültig bis 24.12.2026", "Gesamtbetrag 119,00 €", "Dieses Angebot gilt bis zum"):
        assert said in german
    for said in ("Rechnung Nr", "Zahlbar bis", "Leistungsdatum", "IBAN DE", "GiroCode"):
        assert said not in german.split("Contor Demo GmbH")[0] + german.split("Konditionen")[1].split("Contor Demo")[0]
    offered(company, offerIdent="o-2", language="en", validUntil="2026-12-24")
    english = text_of(company, "o-2")
    for said in (
        "Estimate No. AN-2026-000002",
        "Valid until 24 Dec 2026",
        "Total €119.00",
        "This estimate is valid until 24 Dec 2026.",
    ):
        assert said in english


def test_an_offer_is_changed_until_somebody_decides(company: Mailing) -> None:
    offered(company)
    changed = company.call("PATCH", f"{OFFERS}/o-1", {"version": 1, "items": [a_row(amount="200.00")], "validUntil": None})
    assert (changed["version"], changed["totals"]["gross"], changed["number"]) == (2, 238, "AN-2026-000001")
    assert "validUntil" not in changed
    outdated = company.call("PATCH", f"{OFFERS}/o-1", {"version": 1, "language": "en"}, 412)
    assert outdated["errors"][0]["error"] == "Offer o-1 has version 2; version 1 was named."
    assert company.call("PATCH", f"{OFFERS}/o-1", {"language": "en"}, 400)["errors"][0]["fieldName"] == "version"
    company.call("POST", f"{OFFERS}/o-1/actions/mark", {"status": "ACCEPTED", "reason": "by phone"})
    refused = company.call("PATCH", f"{OFFERS}/o-1", {"version": 2, "language": "en"}, 409)
    assert refused["message"] == "The offer AN-2026-000001 is ACCEPTED: it stays as it was decided on."
    company.sound()


@pytest.mark.parametrize(
    ("said", "last", "answered"),
    [
        (["SENT", "NEGOTIATION", "ACCEPTED"], "REJECTED", 200),
        (["REJECTED"], "NEGOTIATION", 200),
        (["REJECTED"], "ACCEPTED", 409),
        (["ACCEPTED"], "SENT", 409),
        (["SENT"], "SENT", 200),
    ],
)
def test_what_follows_what(company: Mailing, said: list[str], last: str, answered: int) -> None:
    offered(company)
    for status in said:
        company.call("POST", f"{OFFERS}/o-1/actions/mark", {"status": status})
    company.call("POST", f"{OFFERS}/o-1/actions/mark", {"status": last}, answered)
    assert company.call("GET", f"{OFFERS}/o-1")["status"] == (last if answered == 200 else said[-1])
    company.sound()


def test_an_offer_becomes_a_draft_and_an_invoice(company: Mailing) -> None:
    offered(company, a_row(), a_row("i-2", "50.00", 7), documentDate="2025-06-01")
    made = company.call("POST", f"{OFFERS}/o-1/actions/create-invoice", None, 201)
    offer = company.call("GET", f"{OFFERS}/o-1")
    assert (offer["status"], offer["draftIdents"]) == ("INVOICED", [made["draftIdent"]])
    preview = company.call("GET", f"/v2/drafts/{made['draftIdent']}/preview")
    assert (preview["findings"], preview["totals"]) == ([], offer["totals"])
    draft = company.call("GET", f"/v2/drafts/{made['draftIdent']}")
    assert "documentDate" not in draft
    done = company.call("POST", f"/v2/drafts/{made['draftIdent']}/actions/complete")
    document = company.call("GET", f"/v2/documents/{done['documentIdent']}")
    assert document["totals"]["gross"] == offer["totals"]["gross"] == Decimal("172.50")
    refused = company.call("DELETE", f"{OFFERS}/o-1", status=409)
    assert refused["message"] == f"The offer {offer['number']} is INVOICED: it is kept with what came of it."
    company.sound()


def test_each_call_makes_one_draft(company: Mailing) -> None:
    offered(company)
    path = f"{OFFERS}/o-1/actions/create-invoice"
    made = at_once([lambda: company.call("POST", path, None, 201)["draftIdent"] for _ in range(3)])
    assert sorted(made) == sorted(company.call("GET", f"{OFFERS}/o-1")["draftIdents"])
    assert len(set(made)) == 3
    company.sound()


def test_an_offer_whose_draft_is_deleted_is_accepted(company: Mailing) -> None:
    offered(company)
    made = company.call("POST", f"{OFFERS}/o-1/actions/create-invoice", None, 201)
    company.call("DELETE", f"/v2/drafts/{made['draftIdent']}", status=204)
    offer = company.call("GET", f"{OFFERS}/o-1")
    assert (offer["status"], offer.get("draftIdents", [])) == ("ACCEPTED", [])
    company.sound()


def test_nobody_is_billed_for_what_he_rejected(company: Mailing) -> None:
    offered(company)
    company.call("POST", f"{OFFERS}/o-1/actions/mark", {"status": "REJECTED"})
    refused = company.call("POST", f"{OFFERS}/o-1/actions/create-invoice", None, 409)
    assert refused["message"] == "The offer AN-2026-000001 is rejected: nobody is billed for it."
    stale = company.client.delete(f"{OFFERS}/o-1", headers={**company.headers, "If-Match": '"7"'})
    assert stale.status_code == 412, stale.text
    company.call("DELETE", f"{OFFERS}/o-1", status=204)
    assert company.call("GET", f"{OFFERS}/o-1", status=404)["message"] == "No offer 'o-1' exists."


def test_an_offer_is_mailed_with_its_page(company: Mailing, office: PostOffice) -> None:
    offered(company)
    refused = company.call("POST", f"{OFFERS}/o-1/actions/send", {}, 400)
    assert refused["message"].startswith("No mail configuration exists")
    assert company.call("GET", f"{OFFERS}/o-1")["status"] == "CREATED"
    company.configure(office)
    sent = company.call("POST", f"{OFFERS}/o-1/actions/send", {"recipients": [CUSTOMER, "chefin@muster-handel.example"]}, 202)
    assert [mail["recipient"] for mail in sent["mails"]] == [CUSTOMER, "chefin@muster-handel.example"]
    company.mail()
    assert [posted.recipients for posted in office.taken] == [(TESTER,), (TESTER,)]
    posted = office.taken[0]
    assert (posted.subject, posted.names) == ("[MUSTER] Angebot AN-2026-000001", ["AN-2026-000001.pdf"])
    assert "über 119,00\N{NO-BREAK SPACE}€ an" in posted.text
    offer = company.call("GET", f"{OFFERS}/o-1")
    assert (offer["status"], "sentAt" in offer) == ("SENT", True)
    again = company.call("POST", f"{OFFERS}/o-1/actions/send", {"recipients": [CUSTOMER]}, 202)
    assert [mail["ident"] for mail in again["mails"]] == [sent["mails"][0]["ident"]]
    wrong = company.call("POST", f"{OFFERS}/o-1/actions/send", {"recipients": ["nobody"]}, 400)
    assert wrong["errors"]
    company.sound()


def test_planted_faults_are_found(company: Mailing) -> None:
    offered(company)
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE offer SET gross = 1, status = 'INVOICED'")
        uow.audit("offer", "o-1")
    assert sorted((it.check, it.finding) for it in company.tenant.broken()) == [
        ("offers.an_invoiced_offer_has_its_draft", "offer AN-2026-000001 is INVOICED without a draft, or has one without being so"),
        ("offers.are_found_by_what_they_say", "offer AN-2026-000001 has other sums than its page"),
    ]

"""What is mailed of each thing: one mail of each kind that has a cause, with what happened in it."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.administrators import PASSWORD, Administrator
from tests.factories.catalogue import OPTION, OPTIONS, PHASE, PLAN, PLANS
from tests.factories.companies import day_here
from tests.factories.contracts import CONTRACTS, TERM, a_contract
from tests.factories.creditors import AT_ONCE, OUR_IBAN, Creditor
from tests.factories.mailing import CUSTOMER, MAILS, SENDER, TEMPLATES, TESTER, Mailing
from tests.factories.post_offices import Posted, PostOffice
from tests.factories.reminding import Reminding
from tests.factories.statements import BankLine, BankPaper, Reader
from tests.factories.telling import ROUTES
from tests.factories.tenants import Tenant

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Operation
from contor.notifications.events import RoutesPaused
from contor.notifications.mail.causes import Digest, digest
from contor.notifications.mail.log import SendMail, send_mail
from contor.notifications.mail.sending import composing
from contor.runtime.uow import Uow

NOON = dt.datetime(2026, 5, 10, 10, tzinfo=dt.UTC)
KEEPER = "leitung@contor-demo.example"


def as_other(company: Mailing, kind: Callable[..., Any]) -> Any:
    """The same company, doing something else."""
    return kind(company.tenant, company.client, company.headers)


def one_of(company: Mailing, office: PostOffice, kind: str) -> Posted:
    """The only mail of a kind, sent to whom it is meant."""
    company.mail()
    mail = company.the_mail(f"kind=={kind}")
    assert mail["status"] == "SENT", mail
    (posted,) = [one for one in office.taken if one.message["Message-ID"] == mail["messageId"]]
    return posted


def test_a_reminder_with_its_letter(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    reminding: Reminding = as_other(company, Reminding)
    reminding.turn("2026-01-05")
    ident = reminding.document(paymentTerm={"periodInDays": 14})
    reminding.duns()
    reminding.turn("2026-03-01")
    reminding.run()
    reminding.file_all()
    (letter,) = reminding.letters()
    posted = one_of(company, office, "DUNNING_LETTER")
    assert posted.subject == f"[MUSTER] Zahlungserinnerung {letter['letterIdent']}"
    assert (ident in posted.text, posted.names) == (True, [f"{letter['letterIdent']}.pdf"])
    assert posted.message["Date"].startswith("Sun, 01 Mar 2026"), "the day is that of the tenant's clock"


def test_money_that_came_once_for_each_payment(company: Mailing, office: PostOffice) -> None:
    company.configure(office, kinds=["PAYMENT_RECEIVED"])
    company.open_bank()
    company.take_parts()
    first, second = company.document(), company.document()
    company.pay("238.00", f"{first} {second}")
    posted = one_of(company, office, "PAYMENT_RECEIVED")
    assert posted.subject == "[MUSTER] Zahlungseingang 238,00 €"
    assert f"{first}, {second}" in posted.text


def test_money_that_could_not_be_collected(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    creditor: Creditor = as_other(company, Creditor).furnish()
    creditor.account("fail-AM04")
    ident = creditor.document(**AT_ONCE)
    creditor.intend(ident, paymentIntentIdent="i-1")
    creditor.submit()
    posted = one_of(company, office, "PAYMENT_FAILED")
    assert posted.subject == f"[MUSTER] Zahlung zu {ident} fehlgeschlagen"
    assert company.the_mail("kind==PAYMENT_FAILED")["documentIdent"] == ident


def test_money_that_came_back_in_the_language_of_who_owes_it(company: Mailing, office: PostOffice) -> None:
    company.configure(office, kinds=["PAYMENT_FAILED"])
    creditor: Creditor = as_other(company, Creditor).furnish("SEPA_FILE")
    creditor.mandate()
    ident, bank, day = creditor.document(**AT_ONCE), Reader(creditor), dt.date.fromisoformat(day_here())
    creditor.collect()
    creditor.write()
    company.change_customer(language="en")
    (intent,) = creditor.intents(f"&search=documentIdent=={ident}")
    key = creditor.intent(intent["paymentIntentIdent"])["attempts"][-1]["endToEndIdent"]
    bank.send(BankPaper(Decimal(0), day, [BankLine(Decimal("119.00"), day, end_to_end=key, reference="B1")], iban=OUR_IBAN).camt())
    assert company.mails() == []
    back = BankLine(Decimal("-119.00"), day, "RETOURE", end_to_end=key, reason="AC04", reference="C1")
    bank.send(BankPaper(Decimal("119.00"), day, [back], iban=OUR_IBAN).camt())
    posted = one_of(company, office, "PAYMENT_FAILED")
    assert posted.subject == f"[MUSTER] Payment of {ident} failed"
    assert "failed (AC04)." in posted.text
    assert company.call("GET", f"/v2/documents/{ident}/mails")["_embedded"] == company.mails()


def test_a_mandate_that_was_given_with_its_account_masked(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    creditor: Creditor = as_other(company, Creditor).furnish("SEPA_FILE")
    creditor.mandate("M-77")
    posted = one_of(company, office, "MANDATE")
    assert posted.subject == "[MUSTER] SEPA-Lastschriftmandat M-77"
    assert ("01.05.2025" in posted.text, "DE02120300000000202051" in posted.text) == (True, False)


def test_contracts_that_end_or_are_cancelled(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    company.tenant.turn_clock(NOON)
    company.call("POST", OPTIONS, {**OPTION, "status": "FINAL"}, 201)
    company.call("POST", PLANS, {**PLAN, "phases": [{**PHASE, **TERM}]}, 201)
    company.call("POST", CONTRACTS, a_contract(), 201)
    company.call("POST", CONTRACTS, a_contract("v-2"), 201)
    company.call("PUT", f"{CONTRACTS}/v-1/labels", {"title": "Mein Server"})
    company.call("POST", f"{CONTRACTS}/v-1/actions/terminate", {})
    company.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-2"]}, 204)
    company.mail()
    said = {posted.subject: posted.text for posted in office.taken}
    begun = a_contract()["startDate"]
    on = dt.date.fromisoformat(begun).strftime("%d.%m.%Y")
    ends = f"wir bestätigen das Ende Ihres Vertrags Mein Server vom {on}. Der letzte Tag ist der 30.04.2027."
    assert ends in said["[MUSTER] Ende Ihres Vertrags Mein Server"]
    name = PLAN["name"]
    assert f"Ihr Vertrag {name} vom {on} wurde aufgehoben." in said[f"[MUSTER] Ende Ihres Vertrags {name}"]


def pause(uow: Uow, ident: str) -> None:
    uow.run("UPDATE notification_route SET status = 'PAUSED', paused_because = 'HTTP 503' WHERE ident = %s", (ident,))
    uow.audit("notification_route", ident, {"status": "PAUSED"})
    uow.emit(RoutesPaused(route_idents=(ident,)))


def test_people_of_the_company_hear_of_paused_routes_and_once_a_day_of_troubles(company: Mailing, office: PostOffice) -> None:
    company.configure(office, kinds=["DOCUMENT", "ROUTE_PAUSED", "DIGEST"], noticeRecipients=[KEEPER])
    assert company.tenant.execute(digest, Digest(findings=0)) == 0
    company.call("POST", ROUTES, {"ident": "shop", "type": "*", "url": "https://shop.example.com/"}, 201)
    paused: Operation[str, None] = Operation("notification_route.pause", "notifications.write", None, None, pause)
    company.tenant.execute(paused, "shop")
    ident = company.issued()
    office.at_recipient = lambda address: "250 OK" if address == KEEPER else "550 unknown"
    company.mail()
    (posted,) = office.to(KEEPER)
    assert (posted.subject, "HTTP 503" in posted.text) == ("[MUSTER] Benachrichtigungen an shop ruhen", True)
    assert [company.tenant.execute(digest, Digest(findings=3)) for _ in range(2)] == [1, 0]
    company.mail()
    _, posted = office.to(KEEPER)
    lines = [line for line in posted.text.splitlines() if line.startswith("* ")]
    assert [line.partition(":")[0] for line in lines] == [f"* {ident}", "* shop", "* contor check"]
    assert "550 unknown" in lines[0]


@pytest.fixture
def own_server(company: Mailing, office: PostOffice) -> Iterator[PostOffice]:
    """The installation has a mail server."""
    runtime, before = company.tenant.runtime, company.tenant.runtime.config
    url = f"smtp://127.0.0.1:{office.port}?from=no-reply@contor.example"
    runtime.config = dataclasses.replace(before, smtp_url=url, public_url="https://billing.example.com")
    yield office
    runtime.config = before


def test_who_is_invited_gets_a_link_that_works_once(
    company: Mailing, own_server: PostOffice, tenant: Tenant, client: TestClient
) -> None:
    administrator = Administrator(client, tenant)
    email = administrator.invite(first_name="Alex", last_name="Beispiel")["email"]
    company.mail()
    (posted,) = own_server.to(email)
    assert (posted.sender, posted.message["To"]) == ("no-reply@contor.example", f"Alex Beispiel <{email}>")
    link = next(line for line in posted.text.splitlines() if line.startswith("https://"))
    assert link.startswith("https://billing.example.com/account/password?token=")
    token = link.partition("token=")[2]
    assert token not in str(company.mails()) + str(company.tenant.rows("SELECT facts::text AS said FROM mail"))
    form = {"token": token, "password": PASSWORD}
    assert client.post("/account/password", data=form).status_code == 200
    assert client.post("/account/password", data=form).status_code != 200
    Administrator(client, tenant, email=email, password=PASSWORD)


def test_an_invitation_that_was_taken_back_is_not_sent(
    company: Mailing, own_server: PostOffice, tenant: Tenant, client: TestClient
) -> None:
    administrator = Administrator(client, tenant)
    invited = administrator.invite()
    number = tenant.rows("SELECT split_part(about, ':', 2) AS id FROM mail")[0].id
    assert invited["email"] and administrator.send("DELETE", f"{administrator.own}/users/{number}").status_code < 300
    company.mail()
    assert (company.the_mail()["status"], own_server.taken) == ("HELD", [])


def test_a_database_that_is_away_makes_no_mail_unfit(
    company: Mailing, own_server: PostOffice, tenant: Tenant, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    Administrator(client, tenant).invite()

    def away(*_: Any) -> None:
        raise Refused(Kind.UNAVAILABLE, Problem("try_again", "The server is busy; try again."))

    monkeypatch.setattr(composing, "_facts", away)
    company.mail()
    mail = company.the_mail()
    assert (mail["status"], mail.get("statusReason"), own_server.taken) == ("SENDING", None, []), mail


def test_without_a_server_nobody_is_written_to(company: Mailing, tenant: Tenant, client: TestClient) -> None:
    Administrator(client, tenant).invite()
    assert company.mails() == []


def test_without_a_server_of_its_own_a_company_writes_by_the_installations(company: Mailing, own_server: PostOffice) -> None:
    company.configure(None)
    company.issued()
    company.mail()
    (posted,) = own_server.taken
    assert (posted.sender, posted.message["Reply-To"]) == ("no-reply@contor.example", SENDER)
    assert posted.message["From"] == "Contor Demo GmbH <no-reply@contor.example>"


def test_other_packages_send_once_and_what_is_secret_is_sealed_and_forgotten(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    facts = {
        "company": {"name": "Contor Demo GmbH"},
        "customer": {"number": "muster-handel", "name": "Muster"},
        "password": {"code": "48151623", "until": "10:00"},
    }
    command = SendMail(kind="ONE_TIME_PASSWORD", about="login:1", recipient=CUSTOMER, language="de-AT", facts=facts)
    ident = company.tenant.execute(send_mail, command)
    assert company.tenant.execute(send_mail, command) is None
    assert "48151623" not in company.tenant.rows("SELECT facts::text AS said FROM mail")[0].said
    posted = one_of(company, office, "ONE_TIME_PASSWORD")
    assert ("48151623" in posted.text, posted.recipients) == (True, (TESTER,))
    assert company.tenant.rows("SELECT facts::text AS said FROM mail")[0].said == "{}"
    company.call("POST", f"/v2/mails/{ident}/actions/resend", None, 400)


def test_a_subject_that_names_what_is_secret_is_not_kept(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    own = {
        "ident": "code",
        "kind": "ONE_TIME_PASSWORD",
        "language": "de",
        "subject": "{{ password.code }}",
        "text": "{{ password.until }}",
    }
    company.call("POST", TEMPLATES, own, 201)
    facts = {
        "company": {"name": "Contor Demo GmbH"},
        "customer": {"number": "muster-handel", "name": "Muster"},
        "password": {"code": "48151623", "until": "10:00"},
    }
    company.tenant.execute(
        send_mail, SendMail(kind="ONE_TIME_PASSWORD", about="login:1", recipient=CUSTOMER, language="de", facts=facts)
    )
    assert "48151623" in one_of(company, office, "ONE_TIME_PASSWORD").subject
    assert "48151623" not in str(company.call("GET", MAILS))
    assert "48151623" not in str(company.tenant.rows("SELECT m::text AS said FROM mail m"))
    assert "48151623" not in str(company.tenant.rows("SELECT change::text AS said FROM audit_entry"))


def test_a_company_writes_in_its_own_words_and_languages(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    own = {
        "ident": "rechnung",
        "kind": "DOCUMENT",
        "language": "de",
        "subject": "Post für {{ customer.name }}",
        "text": "{% for row in document.rows %}{{ row.name }}: {{ row.net }}{% endfor %}",
        "html": "<p>{{ customer.name }}</p>",
    }
    company.call("POST", TEMPLATES, own, 201)
    company.call("POST", TEMPLATES, {**own, "ident": "again"}, 409)
    company.issued()
    posted = one_of(company, office, "DOCUMENT")
    assert (posted.subject, posted.text.strip()) == ("[MUSTER] Post für Muster Handel GmbH", "Work: 100,00\N{NO-BREAK SPACE}€")
    html = posted.message.get_body(("html",))
    assert html is not None and html.get_content().strip() == "<p>Muster Handel GmbH</p>"
    changed = company.call("PUT", f"{TEMPLATES}/rechnung", {**own, "text": "anders"})
    assert changed["text"] == company.call("GET", f"{TEMPLATES}/rechnung")["text"] == "anders"
    assert [one["ident"] for one in company.call("GET", TEMPLATES)["_embedded"]] == ["rechnung"]
    company.call("DELETE", f"{TEMPLATES}/rechnung", None, 204)
    preview = company.call("POST", f"{TEMPLATES}/actions/preview", {"kind": "DOCUMENT", "language": "fr"})
    assert preview["subject"] == "Rechnung RE-2026-000042"
    assert "document.rows[].net" in preview["names"]


def test_a_document_without_files_is_held_and_says_who_makes_none(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    company.call("PUT", "/v2/document-output/configuration", {"pdf": False, "cii": False, "ubl": False})
    company.issued()
    company.mail()
    mail = company.the_mail()
    reason = "the document has no file to send: none was to be made (pdf, cii, ubl of document-output/configuration)"
    assert (office.taken, mail["status"], mail["reason"]) == ([], "HELD", reason)


def test_a_subject_is_one_line(company: Mailing) -> None:
    own = {"ident": "s", "kind": "DOCUMENT", "language": "de", "subject": "Rechnung\nBcc: x@example.com", "text": "y"}
    for method, path in (("POST", TEMPLATES), ("PUT", f"{TEMPLATES}/s"), ("POST", f"{TEMPLATES}/actions/preview")):
        if method == "PUT":
            company.call("POST", TEMPLATES, {**own, "subject": "Rechnung"}, 201)
        body = {key: value for key, value in own.items() if key != "ident" or path == TEMPLATES}
        (refused,) = company.call(method, path, body, 400)["errors"]
        assert (refused["fieldName"], refused["error"]) == ("subject", "must be a text of one line")


@pytest.mark.parametrize("path", [TEMPLATES, f"{TEMPLATES}/actions/preview"])
def test_a_template_that_is_wrong_is_refused_with_every_line(company: Mailing, path: str) -> None:
    body = {
        **({"ident": "wrong"} if path == TEMPLATES else {}),
        "kind": "DOCUMENT",
        "language": "de",
        "subject": "{{ document.numbr }}",
        "text": "a\n{{ ''.__class__ }}\n{% for i in range(10**9) %}x{% endfor %}",
        "html": "{{ x }}",
    }
    answer = company.call("POST", path, body, 400)
    assert [(one["fieldName"], one["error"].partition(" names")[0].partition(" goes")[0]) for one in answer["errors"]] == [
        ("subject", "line 1"),
        ("text", "line 2"),
        ("text", "line 3"),
        ("html", "line 1"),
    ]

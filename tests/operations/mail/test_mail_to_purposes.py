"""To which of a customer's addresses mail goes: documents to those that are meant for them, reminders to theirs, all else to his own."""

from typing import Any

import pytest
from tests.factories.mailing import CUSTOMER, CUSTOMER_PATH, Mailing
from tests.factories.post_offices import PostOffice
from tests.factories.reminding import Reminding

from contor.customers.emails import readers
from contor.kernel.errors import Refused
from contor.notifications.mail.passwords import RequestPassword, SignIn, request_password, sign_in

EMAILS = f"{CUSTOMER_PATH}/emails"


def add(company: Mailing, email: str, **more: Any) -> Any:
    return company.call("POST", EMAILS, {"email": email, **more}, 201)


def to(company: Mailing, kind: str) -> list[tuple[str, str | None]]:
    rows = company.tenant.rows("SELECT recipient, recipient_name FROM mail WHERE kind = %s ORDER BY recipient", (kind,))
    return [(row.recipient, row.recipient_name) for row in rows]


def test_without_a_purpose_everything_goes_to_his_own(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    add(company, "lager@muster-handel.example")
    company.issued()
    assert to(company, "DOCUMENT") == [(CUSTOMER, "Muster Handel GmbH")]


def test_documents_go_to_all_addresses_for_invoices(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    add(company, "a@muster-handel.example", forInvoices=True, receiverName="Frau A")
    add(company, "b@muster-handel.example", forInvoices=True)
    ident = company.issued()
    credit = {"relatedDocumentIdent": ident}
    company.document("credit-memos", **credit)
    company.file()
    both = [("a@muster-handel.example", "Frau A"), ("b@muster-handel.example", "Muster Handel GmbH")]
    assert to(company, "DOCUMENT") == sorted(both * 2)


@pytest.mark.parametrize(
    ("purposes", "wanted"),
    [
        ([], [CUSTOMER]),
        ([{"forInvoices": True}], ["0@muster-handel.example"]),
        ([{"forInvoices": True}, {"forDunning": True}], ["1@muster-handel.example"]),
        ([{"forDunning": True}, {"forDunning": True}], ["0@muster-handel.example", "1@muster-handel.example"]),
    ],
)
def test_reminders_go_where_they_are_meant_to(
    company: Mailing, office: PostOffice, purposes: list[dict[str, bool]], wanted: list[str]
) -> None:
    company.configure(office)
    for number, purpose in enumerate(purposes):
        add(company, f"{number}@muster-handel.example", **purpose)
    reminding = Reminding(company.tenant, company.client, company.headers)
    reminding.turn("2026-01-05")
    reminding.duns([{"daysAfter": 1, "daysToPay": 7}])
    reminding.document(paymentTerm={"periodInDays": 14})
    reminding.turn("2026-02-20")
    reminding.run()
    reminding.file_all()
    assert [recipient for recipient, _ in to(company, "DUNNING_LETTER")] == wanted


def test_the_default_one_is_the_customers_own(company: Mailing) -> None:
    made = add(company, "neu@muster-handel.example", default=True)
    assert company.call("GET", CUSTOMER_PATH)["email"] == "neu@muster-handel.example"
    shown = company.call("GET", EMAILS)["emails"]
    assert [(one["email"], one["default"]) for one in shown] == [("neu@muster-handel.example", True), (CUSTOMER, False)]
    company.change_customer(email=CUSTOMER)
    shown = company.call("GET", EMAILS)["emails"]
    assert [(one["email"], one["default"]) for one in shown] == [(CUSTOMER, True)], "who was the default one is had no more"
    company.call("GET", f"{EMAILS}/{made['ident']}", status=404)
    company.change_customer(email="dritte@muster-handel.example")
    assert [one["email"] for one in company.call("GET", EMAILS)["emails"]] == ["dritte@muster-handel.example"]
    assert company.tenant.broken() == []


def test_the_default_one_is_not_removed_while_there_are_others(company: Mailing) -> None:
    own = company.call("GET", EMAILS)["emails"][0]["ident"]
    other = add(company, "lager@muster-handel.example")["ident"]
    company.call("DELETE", f"{EMAILS}/{own}", status=409)
    company.call("DELETE", f"{EMAILS}/{other}", status=204)
    company.call("DELETE", f"{EMAILS}/{own}", status=204)
    assert "email" not in company.call("GET", CUSTOMER_PATH)
    assert company.tenant.broken() == []


def test_a_password_is_mailed_once_and_good_once(company: Mailing, office: PostOffice) -> None:
    company.configure(office, testRecipient="test@contor-demo.example")
    company.tenant.execute(request_password, RequestPassword(email=CUSTOMER.upper()))
    assert [recipient for recipient, _ in to(company, "ONE_TIME_PASSWORD")] == [CUSTOMER]
    (row,) = company.tenant.rows("SELECT mark, tries FROM customer_one_time")
    assert (len(row.mark), row.tries) == (64, 0)
    company.mail()
    (posted,) = office.to("test@contor-demo.example")
    words = [word.strip(".,") for word in posted.text.split()]
    code = next(word for word in words if word.isdigit() and len(word) == 8)
    assert company.tenant.execute(sign_in, SignIn(email=CUSTOMER, otp=code)).token
    with pytest.raises(Refused):
        company.tenant.execute(sign_in, SignIn(email=CUSTOMER, otp=code))


def test_nobody_learns_who_has_an_e_mail(company: Mailing, office: PostOffice) -> None:
    with pytest.raises(Refused):
        company.tenant.execute(request_password, RequestPassword(email=CUSTOMER))  # for whoever asks, nothing is mailed at all
    company.configure(office)
    assert company.tenant.execute(request_password, RequestPassword(email="niemand@muster-handel.example")) is None
    assert to(company, "ONE_TIME_PASSWORD") == []


def test_who_reads_is_named(company: Mailing) -> None:
    add(company, "a@muster-handel.example", forInvoices=True, receiverName="Frau A")
    with company.tenant.runtime.transaction(company.tenant.caller(), reads=True) as uow:
        reader = readers(uow, ["muster-handel"])["muster-handel"]
    assert (reader.documents_to, reader.reminders_to) == (["a@muster-handel.example"], ["a@muster-handel.example"])
    assert [reader.name_at(one) for one in (CUSTOMER, "a@muster-handel.example", "x@y.example")] == [
        "Muster Handel GmbH",
        "Frau A",
        None,
    ]

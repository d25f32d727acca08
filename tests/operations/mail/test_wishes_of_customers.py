"""A customer gets his documents as he wants them: that goes before what the tenant sends by itself."""

import pytest
from tests.factories.mailing import ALL, CUSTOMER, Mailing
from tests.factories.post_offices import PostOffice

COPY = "kopie@muster-handel.example"


@pytest.mark.parametrize(
    ("wish", "kinds", "mailed"),
    [
        (None, ALL, True),
        (None, [], False),
        ("MAIL", [], True),
        ("BOTH", [], True),
        ("NONE", ALL, False),
        ("POST", ALL, False),
    ],
)
def test_documents_are_mailed_as_the_customer_wants(
    company: Mailing, office: PostOffice, wish: str | None, kinds: list[str], mailed: bool
) -> None:
    company.configure(office, kinds=kinds)
    company.change_customer(invoiceDelivery=wish)
    company.issued()
    assert [mail["recipient"] for mail in company.mails("kind==DOCUMENT")] == ([CUSTOMER] if mailed else [])


def test_who_wants_no_mail_gets_none(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    company.change_customer(invoiceDelivery="MAIL", properties=[{"key": "mail", "value": "NONE"}])
    company.issued()
    assert company.mails("kind==DOCUMENT") == []


def test_copies_go_to_whom_the_customer_names(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    company.change_customer(profile={"emailCc": [COPY]})
    company.issued()
    assert sorted(mail["recipient"] for mail in company.mails("kind==DOCUMENT")) == [CUSTOMER, COPY]

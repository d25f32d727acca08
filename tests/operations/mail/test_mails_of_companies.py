"""Two companies of one tenant may give one number: each document is mailed, with its own files and in the name of its company; what was
taken over from another system was sent by that."""

from pathlib import Path

import pytest
from tests.factories.einvoices.examples import of_two_rates
from tests.factories.mailing import Mailing
from tests.factories.post_offices import PostOffice

from contor.commands.importing import import_files
from contor.documents.einvoice import ubl_of

SITES = "/v2/billing/configuration/operating-sites"
HOME, OTHER = "hamburg", "wien"
AUSTRIAN = {
    "ident": OTHER,
    "name": "Wien",
    "companyName": "Wiener Werk GmbH",
    "address": {"street": "Ring", "streetNo": "1", "zip": "1010", "city": "Wien", "country": "AT"},
    "vatId": "ATU12345675",
    "contact": {"name": "Büro", "email": "buero@wien.example"},
}


@pytest.fixture
def group(company: Mailing, office: PostOffice) -> Mailing:
    company.call("POST", SITES, AUSTRIAN, 201)
    company.configure(office)
    return company


def test_one_number_of_two_companies_is_two_mails(group: Mailing, office: PostOffice) -> None:
    number, same = (group.document(operatingSiteIdent=site) for site in (HOME, OTHER))
    assert number == same
    group.file()
    group.mail()
    signed = {posted.text.strip().splitlines()[-1]: posted.names for posted in office.taken}
    assert signed == {name: [f"{number}.pdf", f"{number}.ubl.xml"] for name in ("Contor Demo GmbH", "Wiener Werk GmbH")}
    for row in group.tenant.rows("SELECT id, operating_site_ident AS site FROM document"):
        (mail,) = group.call("GET", f"/v2/documents/{row.id}/mails")["_embedded"]
        (told,) = group.call("POST", f"/v2/documents/{row.id}/actions/send", {}, 202)["mails"]
        assert (mail["documentIdent"], mail["documentId"], mail["status"], told) == (number, row.id, "SENT", mail)
        files = {file["sha256"] for file in group.call("GET", f"/v2/documents/{row.id}")["files"]}
        assert {file["sha256"] for file in mail["attachments"]} <= files
        assert group.the_mail(f"documentId=={row.id}") == mail
    assert len(group.mails(f"documentIdent=={number}")) == 2
    group.sound()


def test_money_is_confirmed_by_the_company_that_it_paid(group: Mailing, office: PostOffice) -> None:
    group.configure(office, kinds=["PAYMENT_RECEIVED"])
    group.open_bank()
    number = group.document(operatingSiteIdent=OTHER)
    group.pay("119.00", number)
    group.mail()
    (posted,) = office.taken
    assert posted.text.strip().endswith("Wiener Werk GmbH")


def test_what_another_system_has_sent_is_not_mailed_again(group: Mailing, office: PostOffice, tmp_path: Path) -> None:
    path = tmp_path / "invoice.xml"
    path.write_bytes(ubl_of(of_two_rates()))
    import_files(group.tenant.runtime, [path], group.tenant.realm, lambda stage, count: None)
    group.work()
    group.file()
    (document,) = group.tenant.rows("SELECT id FROM document")
    assert group.mails() == []
    group.call("POST", f"/v2/documents/{document.id}/actions/send", {"recipients": ["wieder@kunde.example"]}, 202)
    group.mail()
    assert [(it["recipient"], it["status"]) for it in group.mails()] == [("wieder@kunde.example", "SENT")]

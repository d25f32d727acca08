"""A document is mailed to whom a person names, in the words that a person says, with a copy and a receipt; once its files are there."""

from typing import Any

from tests.factories.drafts import a_body, at_once
from tests.factories.mailing import TESTER, Mailing
from tests.factories.post_offices import PostOffice

BODY: dict[str, Any] = {
    "recipients": ["einkauf@example.com"],
    "cc": ["chef@example.com"],
    "bcc": ["archiv@example.com"],
    "subject": "Ihre Rechnung",
    "message": "Guten Tag,\nanbei die {{ Rechnung }}.",
    "receiptConfirmation": True,
    "language": "en",
}


def send(company: Mailing, ident: str, status: int = 202, **body: Any) -> Any:
    return company.call("POST", f"/v2/documents/{ident}/actions/send", body or None, status)


def test_as_it_is_said(live: Mailing, office: PostOffice) -> None:
    live.configure(office, kinds=[], replyTo="fragen@contor-demo.example")
    ident = live.issued()
    (mail,) = send(live, ident, **BODY)["mails"]
    assert (mail["recipient"], mail["cc"], mail["bcc"], mail["receiptConfirmation"], mail["language"]) == (
        "einkauf@example.com",
        ["chef@example.com"],
        ["archiv@example.com"],
        True,
        "en",
    )
    live.mail()
    (posted,) = office.taken
    assert posted.recipients == ("einkauf@example.com", "chef@example.com", "archiv@example.com")
    assert (posted.subject, posted.text.strip().replace("\r", "")) == ("Ihre Rechnung", "Guten Tag,\nanbei die {{ Rechnung }}.")
    message = posted.message
    assert (message["To"], message["Cc"], message["Bcc"]) == ("einkauf@example.com", "chef@example.com", None)
    assert message["Disposition-Notification-To"] == "fragen@contor-demo.example"
    assert [name.rpartition(".")[2] for name in posted.names] == ["pdf", "xml"]
    logged = live.the_mail(f"documentIdent=={ident}")
    assert (logged["status"], logged["subject"]) == ("SENT", "Ihre Rechnung")
    live.sound()


def test_in_own_words_it_is_sent_each_time_and_else_once(company: Mailing, office: PostOffice) -> None:
    company.configure(office, kinds=[])
    ident = company.issued()
    send(company, ident)
    send(company, ident)
    company.mail()
    assert len(office.taken) == 1
    send(company, ident, again=True)
    send(company, ident, subject="Noch einmal")
    company.mail()
    assert [posted.subject for posted in office.taken] == [
        f"[MUSTER] Rechnung {ident}",
        f"[MUSTER] Rechnung {ident}",
        "[MUSTER] Noch einmal",
    ]


def test_from_test_nobody_is_copied(company: Mailing, office: PostOffice) -> None:
    company.configure(office, kinds=[])
    send(company, company.issued(), **BODY)
    company.mail()
    (posted,) = office.taken
    assert (posted.recipients, posted.message["Cc"]) == ((TESTER,), None)


def test_before_its_files_are_there_it_waits_for_them(company: Mailing, office: PostOffice) -> None:
    company.configure(office, kinds=[])
    ident = company.document()
    answer = send(company, ident, **BODY)
    assert answer == {"mails": [], "waits": f"The files of {ident} are being made: it is mailed when they are there."}
    company.mail()
    assert office.taken == []
    company.file()
    company.mail()
    (posted,) = office.taken
    assert (posted.subject, len(posted.names)) == ("[MUSTER] Ihre Rechnung", 2)
    assert company.tenant.rows("SELECT ident FROM mail_wish") == []
    company.sound()


def test_asked_for_while_the_files_are_being_made_it_is_mailed_once(company: Mailing, office: PostOffice) -> None:
    company.configure(office, kinds=[])
    for _ in range(3):
        ident = company.document()
        path = f"/v2/documents/{ident}/actions/send"
        at_once([lambda: company.client.request("POST", path, json=BODY, headers=company.headers), company.file])  # noqa: B023
    company.mail()
    assert len(office.taken) == 3
    assert company.tenant.rows("SELECT ident FROM mail_wish") == []
    company.sound()


def test_what_cannot_be_mailed_is_refused_in_words(company: Mailing, office: PostOffice) -> None:
    ident = company.issued()
    refused = send(company, ident, 400, **BODY)
    assert refused["errors"][0]["error"] == "No mail configuration exists: PUT /v2/mail/configuration says how mails are sent."
    company.configure(office, kinds=[])
    refused = send(company, ident, 400, recipients=["x"], cc=["y"], bcc=["z@"])
    assert [one["fieldName"] for one in refused["errors"]] == ["recipients[0]", "cc[0]", "bcc[0]"]
    send(company, ident, 400, subject="a\nb")
    company.call("POST", "/v2/drafts", {"draftIdent": "d-1", **a_body()}, 201)
    assert "is a draft" in send(company, "d-1", 400)["errors"][0]["error"]
    assert office.taken == []

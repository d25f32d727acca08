"""Mails are sent once, to whom they are meant, with what they are about; what may pass is tried again, what is refused says so."""

from typing import Any

import pytest
from tests.checkers.round_trips import counted
from tests.checkers.tampering import OURS, sentences
from tests.factories.mailing import CUSTOMER, MAILS, SENDER, TESTER, Mailing
from tests.factories.post_offices import Posted, PostOffice

from contor.notifications.mail.sending.claiming import NO_TEST_RECIPIENT, ClaimMail, claim


def test_an_issued_document_is_mailed_with_its_files_once_they_are_there(company: Mailing, office: PostOffice) -> None:
    company.configure(office, replyTo="fragen@contor-demo.example")
    ident = company.document()
    company.mail()
    assert (office.taken, company.mails()) == ([], [])
    company.file()
    company.mail()
    (posted,) = office.taken
    assert (posted.sender, posted.recipients) == (SENDER, (TESTER,))
    assert posted.subject == f"[MUSTER] Rechnung {ident}"
    assert "Betrag: 119,00\N{NO-BREAK SPACE}€" in posted.text
    assert len(posted.names) == 2
    assert [name.rpartition(".")[2] for name in posted.names] == ["pdf", "xml"]
    message = posted.message
    assert (message["From"], message["Reply-To"]) == (f"Contor Demo GmbH <{SENDER}>", "fragen@contor-demo.example")
    assert message["Auto-Submitted"] == "auto-generated"
    mail = company.the_mail(f"documentIdent=={ident}")
    assert (mail["status"], mail["recipient"], mail["deliveredTo"], mail["tries"]) == ("SENT", CUSTOMER, TESTER, 1)
    assert (mail["messageId"], mail["subject"]) == (message["Message-ID"], posted.subject)
    assert [(one["outcome"], one["code"]) for one in mail["attempts"]] == [("SENT", 250)]
    assert company.call("GET", f"/v2/documents/{ident}/mails")["_embedded"] == [mail]
    company.mail()
    company.file()
    assert len(office.taken) == 1
    company.sound()


def test_the_attached_files_are_those_of_the_document(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    ident = company.issued()
    company.mail()
    files = {file["name"]: file["fileIdent"] for file in company.call("GET", f"/v2/documents/{ident}")["files"]}
    for part in office.taken[0].message.iter_attachments():
        kept = company.client.get(f"/v2/files/{files[str(part.get_filename())]}", headers=company.headers)
        assert part.get_content() in (kept.content, kept.text), part.get_filename()


def test_without_a_configuration_or_a_switch_nothing_is_mailed(company: Mailing, office: PostOffice) -> None:
    company.issued()
    company.configure(office, kinds=["DUNNING_LETTER"])
    company.issued()
    company.mail()
    assert (company.mails(), office.taken) == ([], [])


def test_a_customer_without_an_address_or_who_wants_none_gets_no_mail(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    company.change_customer(properties=[{"key": "mail", "value": "NONE"}])
    company.issued()
    company.change_customer(properties=None, email=None)
    company.issued()
    company.mail()
    assert (company.mails(), office.taken) == ([], [])


def test_from_test_nothing_reaches_a_customer(company: Mailing, office: PostOffice) -> None:
    company.configure(office, testRecipient=None, bcc=["archiv@contor-demo.example"])
    company.issued()
    company.mail()
    mail = company.the_mail()
    assert (office.taken, mail["status"]) == ([], "HELD")
    assert mail["reason"].startswith("From TEST nothing is mailed to customers")
    company.configure(office, bcc=["archiv@contor-demo.example"])
    company.call("POST", f"{MAILS}/{mail['ident']}/actions/resend", status=202)
    company.mail()
    assert [posted.recipients for posted in office.taken] == [(TESTER,)]


def test_from_live_it_goes_to_the_customer_and_who_is_copied(company: Mailing, office: PostOffice, live: Mailing) -> None:
    live.configure(office, bcc=["archiv@contor-demo.example"])
    ident = live.issued()
    live.mail()
    (posted,) = office.taken
    assert (posted.recipients, posted.subject) == ((CUSTOMER, "archiv@contor-demo.example"), f"Rechnung {ident}")
    assert "archiv" not in posted.content.decode()
    assert "MUSTER" not in posted.subject


def test_a_copy_that_is_not_taken_is_said_with_the_answer(office: PostOffice, live: Mailing) -> None:
    """Who is copied decides nothing; that an archive lacks the mail is told all the same."""
    live.configure(office, bcc=["archiv@contor-demo.example", "zweit@contor-demo.example"])
    live.issued()
    office.at_recipient = lambda address: "550 no such user" if address.startswith("archiv") else "250 OK"
    live.mail()
    (posted,) = office.taken
    assert posted.recipients == (CUSTOMER, "zweit@contor-demo.example")
    (mail,) = live.mails()
    assert (mail["status"], mail["attempts"][0]["answer"]) == (
        "SENT",
        "250 Message accepted for delivery; the copy to archiv@contor-demo.example is not taken: 550 no such user",
    )


@pytest.mark.parametrize("answer", ["450 mailbox busy", "451 greylisted", "421 too many connections"])
def test_a_passing_refusal_is_tried_again_with_growing_pauses(company: Mailing, office: PostOffice, answer: str) -> None:
    company.configure(office)
    company.issued()
    office.at_recipient = lambda address: answer
    for passed, tries in ((0, 1), (59, 1), (61, 2), (200, 2), (245, 3)):
        with company.later(seconds=passed):
            company.mail()
        mail = company.the_mail()
        assert (mail["tries"], mail["status"]) == (tries, "WAITING"), passed
    assert mail["reason"] == f"The mail server does not take the recipient {TESTER}: {answer}"
    office.at_recipient = lambda address: "250 OK"
    with company.later(days=1):
        company.mail()
    assert (company.the_mail()["status"], len(office.taken)) == ("SENT", 1)
    assert [one["outcome"] for one in company.the_mail()["attempts"]] == ["PASSING"] * 3 + ["SENT"]
    company.sound()


def test_a_mail_that_nobody_takes_is_given_up_after_three_days(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    company.issued()
    office.at_recipient = lambda address: "450 busy"
    for hours in range(0, 90, 4):
        with company.later(hours=hours, minutes=hours):
            company.mail()
    mail = company.the_mail()
    assert (mail["status"], mail["reason"]) == ("FAILED", f"The mail server does not take the recipient {TESTER}: 450 busy")
    assert office.taken == []


def test_a_refused_recipient_shows_on_the_document_and_is_not_tried_again(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    ident = company.issued()
    office.at_recipient = lambda address: "550 5.1.1 no such user"
    for hours in (0, 1, 30):
        with company.later(hours=hours):
            company.mail()
    (mail,) = company.call("GET", f"/v2/documents/{ident}/mails")["_embedded"]
    assert (mail["status"], mail["tries"], mail["attempts"][0]["code"]) == ("REFUSED", 1, 550)
    assert mail["reason"] == f"The mail server does not take the recipient {TESTER}: 550 5.1.1 no such user"


def test_one_refused_mail_holds_up_no_other(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    company.issued()
    company.issued()
    refused: list[Posted] = []

    def first_no(posted: Posted) -> str:
        refused.append(posted)
        return "554 spam" if len(refused) == 1 else "250 OK"

    office.at_end = first_no
    company.mail()
    assert sorted(mail["status"] for mail in company.mails()) == ["REFUSED", "SENT"]


def test_a_server_that_is_away_is_waited_for(company: Mailing, office: PostOffice) -> None:
    from tests.factories.post_offices import a_post_office

    with a_post_office() as gone:
        pass
    company.configure(gone)
    company.issued()
    company.mail()
    mail = company.the_mail()
    assert (mail["status"], mail["reason"]) == ("WAITING", "The connection was broken off, or could not be made.")
    company.configure(office)
    with company.later(minutes=2):
        company.mail()
    assert [posted.recipients for posted in office.taken] == [(TESTER,)]


def test_a_document_is_sent_to_recipients_once_each_and_again_by_resending(company: Mailing, office: PostOffice) -> None:
    company.configure(office, kinds=[])
    ident = company.issued()
    send = f"/v2/documents/{ident}/actions/send"
    first = company.call("POST", send, None, 202)["mails"]
    assert [(one["recipient"], one["status"]) for one in first] == [(CUSTOMER, "WAITING")]
    both = company.call("POST", send, {"recipients": [CUSTOMER.upper(), "chef@muster-handel.example"]}, 202)["mails"]
    assert {one["recipient"] for one in both} == {CUSTOMER, "chef@muster-handel.example"}
    company.mail()
    assert len(office.taken) == 2
    company.call("POST", send, None, 202)
    company.mail()
    assert len(office.taken) == 2
    again = company.call("POST", f"{MAILS}/{first[0]['ident']}/actions/resend", status=202)
    assert (again["status"], again["resends"]) == ("WAITING", 1)
    company.mail()
    ids = [posted.message["Message-ID"] for posted in office.taken]
    assert len(ids) == len(set(ids)) == 3
    company.sound()


def test_what_cannot_be_sent_is_refused_with_everything_that_is_wrong(company: Mailing, office: PostOffice) -> None:
    ident = company.document()
    send = f"/v2/documents/{ident}/actions/send"
    assert "No mail configuration exists" in company.call("POST", send, None, 400)["message"]
    company.configure(office, kinds=[])
    company.file()
    answer = company.call("POST", send, {"recipients": ["nobody", "a@b", "x\r\nBcc: evil@example.com"]}, 400)
    assert len(answer["errors"]) == 3
    company.call("POST", "/v2/documents/nothing/actions/send", None, 404)
    company.call("POST", f"{MAILS}/nothing/actions/resend", None, 404)
    company.call("GET", f"{MAILS}/nothing", None, 404)
    assert company.mails() == []


def test_attachments_have_a_limit_and_a_higher_one_lets_them_go(company: Mailing, office: PostOffice, monkeypatch: Any) -> None:
    company.configure(office)
    company.issued()
    files = company.tenant.rows("SELECT files FROM mail")[0].files
    assert sum(file["size"] for file in files) < 1024 * 1024
    monkeypatch.setattr("contor.notifications.mail.sending.claiming.MEGABYTE", 1_000)
    company.mail()
    mail = company.the_mail()
    assert (mail["status"], office.taken) == ("HELD", [])
    assert "mostAttachmentMegabytes" in mail["reason"]
    monkeypatch.undo()
    company.call("POST", f"{MAILS}/{mail['ident']}/actions/resend", status=202)
    company.mail()
    assert company.call("GET", f"{MAILS}/{mail['ident']}")["status"] == "SENT"


def test_letters_that_languages_make_small_otherwise_are_one_recipient(company: Mailing, office: PostOffice) -> None:
    """Python makes two characters of the capital I with a dot, the database one, and it keeps mails apart."""
    company.configure(office, kinds=[])
    ident = company.issued()
    send = f"/v2/documents/{ident}/actions/send"
    for address in ("\u0130nci@muster-handel.example", "\u00c4rzte@muster-handel.example"):
        (first,) = company.call("POST", send, {"recipients": [address]}, 202)["mails"]
        (again,) = company.call("POST", send, {"recipients": [address]}, 202)["mails"]
        assert (first["recipient"], first["ident"]) == (address, again["ident"])
    company.mail()
    assert len(office.taken) == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("status = 'WAITING'", "is WAITING, the trail says SENT"),  # it would be sent again
        ("sent_at = sent_at - interval '1 day'", "was sent"),
    ],
)
def test_what_was_sent_is_what_the_trail_says(
    company: Mailing, office: PostOffice, database_dsn: str, change: str, says: str
) -> None:
    company.configure(office)
    company.issued()
    company.mail()
    check = "notifications.mails_were_sent_as_the_trail_says"
    (said,) = sentences(database_dsn, company.tenant, check, f"UPDATE mail SET {change} WHERE {OURS}")
    assert said.startswith(f"mail {company.the_mail()['ident']} {says}")


def test_a_mail_that_waits_is_not_called_sent(company: Mailing, office: PostOffice, database_dsn: str) -> None:
    company.configure(office)
    company.issued()
    change = f"UPDATE mail SET status = 'SENT', message_id = 'x', sent_at = now() WHERE {OURS}"
    (said,) = sentences(database_dsn, company.tenant, "notifications.mails_were_sent_as_the_trail_says", change)
    assert said == f"mail {company.the_mail()['ident']} is SENT, the trail says nothing"


@pytest.mark.parametrize("column", ["recipient", "about", "document_ident"])
def test_whom_and_what_a_mail_is_for_is_as_it_was_written(
    company: Mailing, office: PostOffice, database_dsn: str, column: str
) -> None:
    company.configure(office)
    company.issued()
    change = f"UPDATE mail SET {column} = {column} || 'x' WHERE {OURS}"
    (said,) = sentences(database_dsn, company.tenant, "runtime.rows_are_as_they_were_written", change)
    assert said == f"mail {company.the_mail()['ident']} is not as it was written"


def test_what_nobody_can_send_is_held_at_once_however_much_it_is(
    company: Mailing, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.configure(office, kinds=[], testRecipient=None)
    statements = []
    for copies in (1, 15):
        send = f"/v2/documents/{company.issued()}/actions/send"
        recipients = [f"reader-{number}@muster-handel.example" for number in range(copies)]
        company.call("POST", send, {"recipients": recipients}, 202)
        with counted(monkeypatch) as said:
            assert company.tenant.execute(claim, ClaimMail(holder="sender")) is None
        statements.append(len(said))
        held = company.mails("status==HELD")
        assert {mail["reason"] for mail in held} == {NO_TEST_RECIPIENT}
    assert (len(held), statements[0]) == (16, statements[1])

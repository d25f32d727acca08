"""A letter of dunning says whether it was mailed, when and to whom; or why not. By mail it has come when it was sent (§§ 130, 286 BGB)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.checkers.tampering import OURS, sentences
from tests.factories.mailing import CUSTOMER, MAILS, TESTER, Mailing
from tests.factories.post_offices import PostOffice
from tests.factories.reminding import LETTERS, Reminding

from contor.notifications.mail.causes import Digest, digest
from contor.notifications.mail.sending.claiming import UNKNOWN, ClaimMail, EndMail, claim, say_end

INTEREST = [{"daysAfter": 14, "daysToPay": 7}, {"daysAfter": 14, "daysToPay": 7, "fee": "10.00", "interest": True}]


@pytest.fixture
def reminding(company: Mailing) -> Reminding:
    """A document that is overdue, in a company that duns."""
    made = Reminding(company.tenant, company.client, company.headers)
    made.turn("2026-01-05")
    made.duns(INTEREST)
    made.document(paymentTerm={"periodInDays": 14})  # due on 2026-01-19, a Monday
    made.turn("2026-01-20")
    return made


def the_letter(reminding: Reminding) -> Any:
    (letter,) = reminding.letters()
    return letter


def stands(reminding: Reminding, search: str = "status==MADE") -> tuple[Any, ...]:
    """(sent, recipient, why not) of the only letter; the list finds it by what it says."""
    (letter,) = reminding.letters(search)
    found = reminding.letters(f"{search};sent=={'true' if letter['sent'] else 'false'}")
    assert [one["letterIdent"] for one in found] == [letter["letterIdent"]]
    assert reminding.letters(f"{search};sent=={'false' if letter['sent'] else 'true'}") == []
    return letter["sent"], letter.get("recipient"), letter.get("notSentReason")


def test_a_letter_that_mail_has_sent_says_when_and_to_whom(company: Mailing, reminding: Reminding, office: PostOffice) -> None:
    company.configure(office)
    reminding.previewed()
    (previewed,) = reminding.letters("status==PREVIEWED")
    assert (previewed["sent"], previewed["notSentReason"]) == (False, "its run is not approved yet")
    company.call("POST", f"/v2/dunning-runs/{previewed['runIdent']}/actions/approve")
    reminding.look()
    assert stands(reminding) == (False, None, "its file is being made")
    reminding.file_all()
    assert stands(reminding) == (False, CUSTOMER, f"the mail to {CUSTOMER} waits to be sent")
    company.mail()
    assert stands(reminding) == (True, TESTER, None)
    sent_at = the_letter(reminding)["sentAt"]
    assert dt.datetime.fromisoformat(sent_at).date() == dt.date(2026, 1, 20)
    assert [one["sentAt"] for one in reminding.letters(f"sentAt=={sent_at}")] == [sent_at]
    reminding.turn("2026-01-22")
    company.call("POST", f"{MAILS}/{company.the_mail()['ident']}/actions/resend", status=202)
    company.mail()
    assert (len(office.taken), the_letter(reminding)["sentAt"]) == (2, sent_at), "it came with the first"
    company.sound()


def test_from_live_it_is_sent_to_the_customer(live: Mailing, office: PostOffice) -> None:
    live.configure(office)
    live.document(paymentTerm={"periodInDays": 1})
    with live.later(days=20):
        made = Reminding(live.tenant, live.client, {"Authorization": f"Bearer {live.tenant.token()}"})
        made.duns([{"daysAfter": 1, "daysToPay": 7}])
        made.run()
        made.file_all()
        live.mail()
        assert stands(made) == (True, CUSTOMER, None)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"email": None}, "the customer has no e-mail address"),
        ({"properties": [{"key": "mail", "value": "NONE"}]}, "the customer wants no mail"),
    ],
)
def test_who_cannot_be_written_to_is_said(
    company: Mailing, reminding: Reminding, office: PostOffice, values: dict[str, Any], why: str
) -> None:
    company.configure(office)
    company.change_customer(**values)
    reminding.run()
    assert stands(reminding) == (False, None, why)
    reminding.file_all()
    company.mail()
    assert (stands(reminding), company.mails()) == ((False, None, why), [])


def test_without_mail_or_its_kind_a_letter_says_so(company: Mailing, reminding: Reminding, office: PostOffice) -> None:
    reminding.run()
    reminding.file_all()
    assert stands(reminding) == (False, None, "no mail is configured")
    company.configure(office, kinds=["DOCUMENT"])
    reminding.turn("2026-02-03")
    reminding.run()
    reminding.file_all()
    *_, last = reminding.letters()
    assert last["notSentReason"] == "DUNNING_LETTER is not among the kinds of the mail configuration"


@pytest.mark.parametrize(
    ("answer", "status", "begins"),
    [
        ("550 5.1.1 no such user", "REFUSED", f"the mail to {CUSTOMER} was refused: The mail server does not take the recipient"),
        ("450 busy", "WAITING", f"the mail to {CUSTOMER} waits: The mail server does not take the recipient"),
    ],
)
def test_a_mail_that_did_not_arrive_says_why_at_the_letter(
    company: Mailing, reminding: Reminding, office: PostOffice, answer: str, status: str, begins: str
) -> None:
    company.configure(office)
    reminding.run()
    reminding.file_all()
    office.at_recipient = lambda address: answer
    company.mail()
    assert company.the_mail()["status"] == status
    assert stands(reminding) == (False, CUSTOMER, f"{begins} {TESTER}: {answer}")
    office.at_recipient = lambda address: "250 OK"
    company.call("POST", f"{MAILS}/{company.the_mail()['ident']}/actions/resend", status=202)
    assert stands(reminding) == (False, CUSTOMER, f"the mail to {CUSTOMER} waits to be sent")
    company.mail()
    assert stands(reminding) == (True, TESTER, None)


def test_the_digest_names_the_letter(company: Mailing, reminding: Reminding, office: PostOffice) -> None:
    company.configure(
        office, kinds=["DUNNING_LETTER", "DIGEST"], noticeRecipients=["leitung@contor-demo.example"], testRecipient=None
    )
    reminding.run()
    reminding.file_all()
    company.mail()
    assert company.tenant.execute(digest, Digest(findings=0)) == 1
    company.mail()
    (posted,) = office.taken
    assert f"* {the_letter(reminding)['letterIdent']}: HELD: From TEST nothing is mailed" in posted.text


def test_a_mail_in_doubt_is_in_doubt_at_the_letter_until_it_is_confirmed(
    company: Mailing, reminding: Reminding, office: PostOffice
) -> None:
    company.configure(office)
    reminding.run()
    reminding.file_all()
    mail = company.tenant.execute(claim, ClaimMail(holder="killed"))
    assert mail is not None and company.tenant.execute(say_end, EndMail(mail_ident=mail.ident, holder="killed", seconds=1))
    with company.later(seconds=2):
        company.mail()
    assert stands(reminding) == (False, CUSTOMER, f"the mail to {CUSTOMER} is held: {UNKNOWN}")
    company.call("POST", f"{MAILS}/{mail.ident}/actions/confirm")
    assert stands(reminding) == (True, TESTER, None)


def test_a_letter_that_is_withdrawn_while_its_mail_waits_is_not_sent(
    company: Mailing, reminding: Reminding, office: PostOffice
) -> None:
    company.configure(office)
    reminding.run()
    reminding.file_all()
    letter = the_letter(reminding)
    company.call("POST", f"{LETTERS}/{letter['letterIdent']}/actions/withdraw")
    company.mail()
    assert (office.taken, company.the_mail()["reason"]) == ([], "the letter was withdrawn")
    assert stands(reminding, "status==WITHDRAWN")[2] == f"the mail to {CUSTOMER} is held: the letter was withdrawn"


def test_a_letter_that_is_withdrawn_before_its_file_is_there_is_not_sent(
    company: Mailing, reminding: Reminding, office: PostOffice
) -> None:
    company.configure(office)
    reminding.run()
    company.call("POST", f"{LETTERS}/{the_letter(reminding)['letterIdent']}/actions/withdraw")
    reminding.file_all()
    company.mail()
    assert (office.taken, company.mails()) == ([], [])
    assert stands(reminding, "status==WITHDRAWN") == (False, None, "the letter was withdrawn")


def by_post(company: Mailing, reminding: Reminding, office: PostOffice) -> None:
    reminding.run()


def by_mail(company: Mailing, reminding: Reminding, office: PostOffice) -> None:
    company.configure(office)
    reminding.run()
    reminding.file_all()
    company.mail()


def by_a_mail_that_waits(company: Mailing, reminding: Reminding, office: PostOffice) -> None:
    company.configure(office, testRecipient=None)
    reminding.run()
    reminding.file_all()
    company.mail()


@pytest.mark.parametrize(
    ("sends", "begins"),
    [
        (by_post, "2026-01-24"),  # the letter of 20 January has come on the 23rd
        (by_mail, "2026-01-21"),
        (by_a_mail_that_waits, None),  # 30 days are not over on 3 February
    ],
)
def test_default_begins_when_the_letter_has_come(
    company: Mailing, reminding: Reminding, office: PostOffice, sends: Callable[..., None], begins: str | None
) -> None:
    sends(company, reminding, office)
    reminding.turn("2026-02-03")
    reminding.run()
    _, second = reminding.letters()
    (item,) = second["items"]
    assert (second["level"], item.get("interestFrom"), item["fee"]) == (2, begins, 10 if begins else 0)


@pytest.mark.parametrize("sent_at", ["NULL", "now()"])
def test_a_letter_that_says_otherwise_than_its_mail_is_found(
    company: Mailing, reminding: Reminding, office: PostOffice, database_dsn: str, sent_at: str
) -> None:
    company.configure(office)
    reminding.run()
    reminding.file_all()
    if sent_at == "NULL":
        company.mail()
    changed = f"UPDATE dunning_letter SET sent_at = {sent_at} WHERE {OURS}"
    (said,) = sentences(database_dsn, company.tenant, "notifications.letters_say_what_became_of_their_mails", changed)
    ident = the_letter(reminding)["letterIdent"]
    assert (
        said
        == {
            "NULL": f"letter {ident} was not sent, its mail was",
            "now()": f"letter {ident} was sent, its mail was not",
        }[sent_at]
    )


@pytest.mark.parametrize(
    ("change", "stored"),
    [
        ("sent_at = sent_at - interval '10 days'", "2026-01-10 10:00:00+00:00 to {tester}"),
        ("recipient = NULL", "2026-01-20 10:00:00+00:00 to nobody"),  # as if it had gone by post
        ("recipient = 'another@muster-handel.example'", "2026-01-20 10:00:00+00:00 to another@muster-handel.example"),
    ],
)
def test_when_and_to_whom_a_letter_was_sent_is_what_the_trail_says(
    company: Mailing, reminding: Reminding, office: PostOffice, database_dsn: str, change: str, stored: str
) -> None:
    company.configure(office)
    reminding.run()
    reminding.file_all()
    company.mail()
    company.sound()
    changed = f"UPDATE dunning_letter SET {change} WHERE {OURS}"
    (said,) = sentences(database_dsn, company.tenant, "dunning.letters_were_sent_as_the_trail_says", changed)
    letter = the_letter(reminding)
    sent_at = dt.datetime.fromisoformat(letter["sentAt"])
    assert sent_at == dt.datetime(2026, 1, 20, 10, tzinfo=dt.UTC)
    trail = f"{letter['sentAt']} to {TESTER}"
    assert said == f"letter {letter['letterIdent']} was sent {stored.format(tester=TESTER)}, the trail says {trail}"

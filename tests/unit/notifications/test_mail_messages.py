"""What a mail looks like on the wire, which addresses there are, and what becomes of a mail after a try."""

import datetime as dt
import email
import email.policy

import pytest

from contor.notifications.mail.addresses import address_problem, in_ascii
from contor.notifications.mail.message import Enclosure, Letter, content_of, message_id_of
from contor.notifications.mail.sending.plan import LONGEST_PAUSE, after

NOW = dt.datetime(2026, 11, 30, 9, 30, tzinfo=dt.UTC)
LETTER = Letter(
    "rechnung@example.com", "Muster GmbH", "kunde@example.com", None, None, "Rechnung", "Guten Tag", None, "<1.0@example.com>", NOW
)


def sent(letter: Letter) -> email.message.Message:
    return email.message_from_bytes(content_of(letter), policy=email.policy.default)


@pytest.mark.parametrize(
    "evil", ["A\r\nBcc: evil@example.com", "A\nX-Evil: 1", "A\r\n\r\nbody", "A\x00B", "A\u2028Bcc: x", "\x85X: 1"]
)
def test_no_name_ends_a_line_of_the_header(evil: str) -> None:
    letter = LETTER._replace(
        sender_name=evil, recipient_name=evil, subject=evil, enclosures=[Enclosure(f"{evil}.pdf", "application/pdf", b"x")]
    )
    message = sent(letter)
    assert set(message.keys()) == {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}
    assert [one.addr_spec for one in message["To"].addresses] == ["kunde@example.com"]
    assert b"\r\nBcc" not in content_of(letter)


@pytest.mark.parametrize("name", ["Jörg Müller", 'A "quoted" name', "Müller & Söhne, GmbH <x@y.z>", "株式会社", "a" * 500])
def test_names_come_as_they_are(name: str) -> None:
    message = sent(LETTER._replace(recipient_name=name, subject=name))
    assert message["To"].addresses[0].display_name == name[:200]
    assert message["Subject"] == name
    assert content_of(LETTER._replace(recipient_name=name)).isascii()


def test_text_and_files_come_as_they_are() -> None:
    text = "Grüße\n.\n..\nFrom here\n" + "x" * 2_000 + "\n"
    message = sent(
        LETTER._replace(text=text, html="<p>ü</p>", enclosures=[Enclosure("Rechnung ü.pdf", "application/pdf", b"\x00\r\n.\r\n")])
    )
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    (attached,) = message.iter_attachments()
    assert (plain.get_content().replace("\r\n", "\n"), html.get_content().strip()) == (text, "<p>ü</p>")
    assert (attached.get_filename(), attached.get_content(), attached.get_content_type()) == (
        "Rechnung ü.pdf",
        b"\x00\r\n.\r\n",
        "application/pdf",
    )
    assert max(len(line) for line in content_of(LETTER._replace(text=text)).split(b"\r\n")) <= 998
    assert (message["Date"].datetime, message["Message-ID"]) == (NOW, "<1.0@example.com>")


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("a@example.com", "a@example.com"),
        ("A.b+c@Example.COM", "A.b+c@example.com"),
        ("x@müller.example", "x@xn--mller-kva.example"),
        ("jürgen@example.com", "jürgen@example.com"),
    ],
)
def test_addresses(address: str, written: str) -> None:
    assert (address_problem(address), in_ascii(address)) == (None, written)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "@b.example",
        "a@b",
        "a b@c.example",
        "a@b.example\r\nBcc: x@y.example",
        "<a@b.example>",
        "a@b.example, c@d.example",
        "a@-b.example",
        "a@b..example",
        ".a@b.example",
        "a..b@c.example",
        "a@b.example\x00",
        "a@[127.0.0.1]",
        f"{'a' * 65}@b.example",
        f"a@{'b' * 64}.example",
        '"a"@b.example',
    ],
)
def test_what_is_no_address(address: str) -> None:
    assert address_problem(address)


def test_a_message_id_is_that_of_the_mail_and_of_how_often_it_was_resent() -> None:
    assert message_id_of("m-1", 2, "rechnung@müller.example") == "<m-1.2@xn--mller-kva.example>"


@pytest.mark.parametrize(
    ("outcome", "tries", "passed_hours", "status", "pause"),
    [
        ("SENT", 1, 0, "SENT", None),
        ("REFUSED", 1, 0, "REFUSED", None),
        ("UNKNOWN", 1, 0, "HELD", None),
        ("UNFIT", 1, 0, "HELD", None),
        ("PASSING", 1, 0, "WAITING", dt.timedelta(minutes=1)),
        ("PASSING", 2, 0, "WAITING", dt.timedelta(minutes=3)),
        ("PASSING", 6, 10, "WAITING", LONGEST_PAUSE),
        ("PASSING", 1_000_000, 10, "WAITING", LONGEST_PAUSE),
        ("PASSING", 20, 68, "WAITING", LONGEST_PAUSE),
        ("PASSING", 20, 69, "FAILED", None),
    ],
)
def test_what_becomes_of_a_mail(outcome: str, tries: int, passed_hours: int, status: str, pause: dt.timedelta | None) -> None:
    following = after(outcome, tries, NOW - dt.timedelta(hours=passed_hours), NOW)  # type: ignore[arg-type]
    assert following == (status, None if pause is None else NOW + pause)

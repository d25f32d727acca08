"""How mails are sent is configured: what is accepted, what is refused, what is never shown; and over which connections they go."""

import datetime as dt
import logging
import ssl
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.factories.mailing import CONFIGURATION, MAILS, SENDER, TEMPLATES, Mailing
from tests.factories.post_offices import PostOffice, a_post_office
from tests.factories.tenants import Tenant

from contor.notifications.mail.sending import postman_of

PASSWORD = "hunter2-and-more"
PUBLIC = {"host": "mail.example.com", "port": 587, "security": "STARTTLS"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Of a server on this machine, signed by itself: certificate and key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("mail-certificate")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(private)
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def secured(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def believe(monkeypatch: pytest.MonkeyPatch, certificate: tuple[Path, Path]) -> None:
    """The operator's own authority."""
    context = ssl.create_default_context(cafile=str(certificate[0]))
    monkeypatch.setattr("contor.runtime.outbound.smtp.trusted", lambda: context)


def fields(answer: Any) -> set[str]:
    return {entry["fieldName"] for entry in answer["errors"]}


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"sender": "nobody"}, {"sender"}),
        ({"sender": "a@b.example\r\nBcc: x@y.example"}, {"sender"}),
        ({"bcc": ["x@y.example", "xxx"]}, {"bcc[1]"}),
        ({"kinds": ["DIGEST"]}, {"noticeRecipients"}),
        ({"server": {**PUBLIC, "security": "NONE", "host": "8.8.8.8"}}, {"server.host"}),
        ({"server": {**PUBLIC, "host": "mail.example.com/x"}}, {"server.host"}),
        ({"server": {**PUBLIC, "host": "a b"}}, {"server.host"}),
        ({"server": {**PUBLIC, "userName": "contor"}}, {"server.password"}),
        ({"server": {**PUBLIC, "password": "x"}}, {"server.userName"}),
        ({"server": {**PUBLIC, "userName": "cöntor", "password": "x"}}, {"server.userName"}),
        ({"server": None}, {"server"}),
        ({"sender": "xxx", "testRecipient": "yyy", "server": {**PUBLIC, "host": "-"}}, {"sender", "testRecipient", "server.host"}),
    ],
)
def test_what_cannot_work_is_refused_with_everything_that_is_wrong(company: Mailing, body: Any, wrong: set[str]) -> None:
    whole = {"sender": SENDER, "server": PUBLIC, **body}
    answer = company.call("PUT", CONFIGURATION, {name: value for name, value in whole.items() if value is not None}, 400)
    assert fields(answer) == wrong
    company.call("GET", CONFIGURATION, None, 404)


def test_the_password_is_sealed_never_shown_and_told_to_the_same_server_only(company: Mailing, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    server = {**PUBLIC, "userName": "contor", "password": PASSWORD}
    shown = company.configure(server)
    assert shown["server"] == {**PUBLIC, "userName": "contor"}
    assert company.call("GET", CONFIGURATION) == shown
    del server["password"]
    company.configure(server)
    company.configure({**server, "host": "elsewhere.example.com"}, 400)
    company.configure({**server, "userName": "other"}, 400)
    company.configure({**server, "port": 25}, 400)
    (row,) = company.tenant.rows("SELECT password, content::text AS content FROM mail_configuration")
    assert row.password.startswith("v1.")
    trail = company.tenant.rows("SELECT string_agg(change::text, '') AS said FROM audit_entry")[0].said
    assert PASSWORD not in row.password + row.content + trail + caplog.text


def test_without_tls_verified_nothing_is_sent(company: Mailing, secured: ssl.SSLContext) -> None:
    for at_once, security in ((True, "TLS"), (False, "STARTTLS")):
        with a_post_office(context=secured, is_tls_at_once=at_once) as office:
            company.configure({"host": "localhost", "port": office.port, "security": security})
            company.issued()
            company.mail()
            mail = company.mails()[-1]
            assert (mail["status"], office.taken) == ("WAITING", [])
            assert mail["reason"].startswith("The connection could not be secured")


@pytest.mark.parametrize(("at_once", "security"), [(True, "TLS"), (False, "STARTTLS")])
def test_over_tls_with_user_and_password(
    company: Mailing, secured: ssl.SSLContext, certificate: Any, monkeypatch: Any, at_once: bool, security: str
) -> None:
    believe(monkeypatch, certificate)
    with a_post_office(context=secured, is_tls_at_once=at_once, credentials=("contor", PASSWORD)) as office:
        server = {"host": "localhost", "port": office.port, "security": security, "userName": "contor"}
        company.configure({**server, "password": "wrong"})
        company.issued()
        company.mail()
        mail = company.the_mail()
        assert mail["reason"] == "The mail server refuses the user name or the password (535)."
        company.configure({**server, "password": PASSWORD})
        with company.later(minutes=2):
            company.mail()
    (posted,) = office.taken
    assert (posted.is_secured, posted.user, company.the_mail()["status"]) == (True, "contor", "SENT")


def test_a_server_that_offers_no_tls_is_told_nothing(company: Mailing, office: PostOffice) -> None:
    company.configure({**office.server(security="STARTTLS"), "userName": "contor", "password": PASSWORD})
    company.issued()
    company.mail()
    assert company.the_mail()["reason"] == "The mail server offers no STARTTLS."
    assert office.taken == []


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254"])
def test_a_server_at_an_address_that_is_not_spoken_to_is_not_called(company: Mailing, host: str) -> None:
    company.configure({"host": host, "port": 25, "security": "STARTTLS"})
    company.issued()
    company.mail()
    assert "CONTOR_OUTBOUND_NETWORKS" in company.the_mail()["reason"]


def test_letters_of_the_world_in_names_and_addresses(company: Mailing, office: PostOffice, live: Mailing) -> None:
    live.configure(office, sender="rechnung@müller-söhne.example", senderName="Müller & Söhne,\r\nBcc: evil@example.com", kinds=[])
    ident = live.issued()
    recipients = ["jürgen@example.com", "einkauf@bücher.example"]
    live.call("POST", f"/v2/documents/{ident}/actions/send", {"recipients": recipients}, 202)
    live.mail()
    assert office.to("jürgen@example.com")[0].options
    (posted,) = office.to("einkauf@xn--bcher-kva.example")
    domain = "müller-söhne.example".encode("idna").decode()
    assert posted.message["From"] == f'"Müller & Söhne, Bcc: evil@example.com" <rechnung@{domain}>'
    assert (posted.recipients, posted.message["Bcc"]) == (("einkauf@xn--bcher-kva.example",), None)
    assert posted.content.isascii()


def test_a_server_that_knows_no_such_letters_is_a_refusal(live: Mailing) -> None:
    with a_post_office(knows_utf8=False) as office:
        live.configure(office, kinds=[])
        ident = live.issued()
        live.call("POST", f"/v2/documents/{ident}/actions/send", {"recipients": ["jürgen@example.com"]}, 202)
        live.mail()
    assert (live.the_mail()["status"], office.taken) == ("REFUSED", [])


def test_other_tenants_and_missing_scopes(company: Mailing, office: PostOffice, new_tenant: Any, bearer: Any) -> None:
    company.configure(office)
    ident = company.issued()
    mail = company.the_mail()
    company.call("POST", TEMPLATES, {"ident": "t", "kind": "DOCUMENT", "language": "de", "subject": "x", "text": "y"}, 201)
    stranger: Tenant = new_tenant()
    other = Mailing(stranger, company.client, bearer(stranger))
    paths = (CONFIGURATION, f"{MAILS}/{mail['ident']}", f"{TEMPLATES}/t", f"/v2/documents/{ident}/mails")
    for path in paths:
        other.call("GET", path, None, 404)
    other.call("POST", f"{MAILS}/{mail['ident']}/actions/resend", None, 404)
    other.call("POST", f"{MAILS}/{mail['ident']}/actions/confirm", None, 404)
    assert (other.mails(), other.call("GET", TEMPLATES)["_embedded"]) == ([], [])
    reader = Mailing(company.tenant, company.client, bearer(company.tenant, "nbx-notification-management-read"))
    assert reader.the_mail()["ident"] == mail["ident"]
    for method, path, body in (
        ("PUT", CONFIGURATION, {"sender": SENDER, "server": PUBLIC}),
        ("POST", TEMPLATES, {"kind": "DOCUMENT", "language": "de", "subject": "x", "text": "y"}),
        ("DELETE", f"{TEMPLATES}/t", None),
        ("POST", f"{MAILS}/{mail['ident']}/actions/resend", None),
        ("POST", f"/v2/documents/{ident}/actions/send", None),
    ):
        reader.call(method, path, body, 403)
    nobody = Mailing(company.tenant, company.client, bearer(company.tenant, "nbx-customer-management-read"))
    nobody.call("GET", MAILS, None, 403)
    nobody.call("GET", CONFIGURATION, None, 403)


def test_only_what_is_in_doubt_is_confirmed(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    company.issued()
    mail = company.the_mail()
    answer = company.call("POST", f"{MAILS}/{mail['ident']}/actions/confirm", None, 400)
    assert "only one that is HELD" in answer["message"]


def test_an_answer_that_never_comes_leaves_the_mail_in_doubt(company: Mailing, office: PostOffice, monkeypatch: Any) -> None:
    monkeypatch.setattr(postman_of(company.tenant.runtime), "_end_seconds", 1)
    company.configure(office)
    company.issued()
    office.at_end = lambda posted: time.sleep(2) or "250 OK"  # type: ignore[func-returns-value]
    company.mail()
    for hours in (1, 80):
        with company.later(hours=hours):
            company.mail()
    mail = company.the_mail()
    assert (mail["status"], mail["attempts"][0]["outcome"], mail["tries"]) == ("HELD", "UNKNOWN", 1)
    assert company.call("POST", f"{MAILS}/{mail['ident']}/actions/confirm")["status"] == "SENT"
    company.sound()

"""Calls by HTTP: where to, with which certificate, for how long and how much; and what is never called."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.factories.receivers import Receiver, Says, a_receiver

from contor.runtime.config import Config
from contor.runtime.outbound import Allowed, Call, NotReached, Outbound, url_problem
from contor.runtime.outbound.urls import Target, target_of

HERE = Allowed(local=False, private=False, networks="127.0.0.0/8,::1/128")
PUBLIC_ONLY = Allowed(local=False, private=False)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as made:
        yield made


def refusal(caller: Outbound, url: str, **said: object) -> str:
    with pytest.raises(NotReached) as failed:
        caller.call(Call(url, b"{}", **said))  # type: ignore[arg-type]
    return failed.value.code


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://receiver.example.com", Target("https", "receiver.example.com", 443, "/")),
        ("HTTPS://Receiver.Example.COM:8443/a/b?c=d", Target("https", "receiver.example.com", 8443, "/a/b?c=d")),
        ("http://10.1.2.3?x", Target("http", "10.1.2.3", 80, "/?x")),
        ("https://[2A00::1]:444/", Target("https", "2a00::1", 444, "/")),
        ("https://bücher.example/", Target("https", "xn--bcher-kva.example", 443, "/")),
    ],
)
def test_an_address_is_read_once(url: str, target: Target) -> None:
    assert target_of(url) == target


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("receiver.example.com", "is no address such as https://receiver.example.com/path"),
        ("ftp://receiver.example.com/", "begins with neither https:// nor http://"),
        ("file:///etc/passwd", "begins with neither https:// nor http://"),
        ("https://user:word@receiver.example.com/", "has credentials, which belong into the security configuration"),
        ("https://receiver.example.com@127.0.0.1/", "has credentials, which belong into the security configuration"),
        ("https://receiver.example.com/#part", "has a fragment (#), which is sent nowhere"),
        ("https://receiver.example.com\\@127.0.0.1/", "has credentials, which belong into the security configuration"),
        ("https://receiver.example.com/a b", "has characters that are to be written as %xx"),
        ("https://receiver.example.com/\r\nX: y", "has characters that are to be written as %xx"),
        ("https://receiver.example.com/ä", "has characters that are to be written as %xx"),
        ("https://", "has no host's name or address, with a port behind it where needed"),
        ("https://:443/", "has no host's name or address, with a port behind it where needed"),
        ("https://receiver.example.com:99999/", "has a port that does not exist"),
        ("https://receiver.example.com:0/", "has a port that does not exist"),
        ("https://a..b/", "has a host's name that is none"),
        ("https://re ceiver/", "has a host's name that is none"),
        ("https://[fe80::1%eth0]/", "has no host's name or address, with a port behind it where needed"),
        ("https://[1:2]/", "has an address (IPv6) that is none"),
        ("http://2130706433/", "has an address that is not written as four decimal numbers"),
        ("http://0x7f000001/", "has an address that is not written as four decimal numbers"),
        ("http://0x7f.0.0.1/", "has an address that is not written as four decimal numbers"),
        ("http://127.0.0.0x1/", "has an address that is not written as four decimal numbers"),
        ("http://0177.0.0.1/", "has an address that is not written as four decimal numbers"),
        ("http://127.1/", "has an address that is not written as four decimal numbers"),
        ("http://017700000001/", "has an address that is not written as four decimal numbers"),
        ("http://1.2.3.4.5/", "has an address that is not written as four decimal numbers"),
        ("https://receiver.example.com/" + "a" * 2048, "is longer than 2048 characters"),
    ],
)
def test_what_two_readers_could_read_differently_is_none(url: str, why: str) -> None:
    assert url_problem(url) == why


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://[fd00:ec2::254]/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::]/",
        "http://0.0.0.0/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.0.1/",
        "http://100.64.0.1/",
        "http://100.100.100.200/",
        "http://224.0.0.1/",
        "http://[ff02::1]/",
        "http://[fe80::1]/",
        "http://[fd12::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[::ffff:0:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::1]/",
        "http://[::7f00:1]/",
        "https://localhost/",
    ],
)
def test_what_is_not_public_is_not_called(url: str) -> None:
    assert refusal(Outbound(PUBLIC_ONLY), url) == "address_refused"


def test_no_tls_no_call_but_to_networks_that_the_operator_lists(receiver: Receiver) -> None:
    async def public(host: str, port: int) -> Sequence[str]:
        return ["203.0.113.7"] if host == "documentation.example" else ["8.8.8.8"]

    assert refusal(Outbound(PUBLIC_ONLY, public), "http://receiver.example.com/") == "unencrypted"
    assert refusal(Outbound(PUBLIC_ONLY, public), "http://documentation.example/") == "address_refused"
    assert Outbound(HERE).call(Call(receiver.url(), b"{}")).status == 204


def test_what_is_connected_to_is_the_address_that_was_judged_and_each_time_anew(receiver: Receiver) -> None:
    """A name that is public when it is looked up first and local the next time gets nothing."""
    answers = [["127.0.0.1"], ["10.0.0.1"], ["8.8.8.8", "10.0.0.1"]]
    asked: list[str] = []

    async def turning(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return answers.pop(0)

    caller = Outbound(HERE, turning)
    url = receiver.url(host="turning.example")
    receiver.answer = lambda request: Says(headers={"Connection": "close"})
    assert caller.call(Call(url, b"{}")).status == 204
    assert refusal(caller, url) == "address_refused"
    assert refusal(caller, url) == "address_refused"  # one of two is enough
    assert asked == ["turning.example"] * 3
    assert [request.headers["host"] for request in receiver.received] == [f"turning.example:{receiver.port}"]


def test_a_redirect_is_an_answer_and_not_followed(receiver: Receiver) -> None:
    receiver.answer = lambda request: Says(302, headers={"Location": "http://169.254.169.254/"})
    answer = Outbound(HERE).call(Call(receiver.url(), b"{}"))
    assert (answer.status, answer.headers["location"], len(receiver.received)) == (302, "http://169.254.169.254/", 1)


def test_connections_are_used_again(receiver: Receiver) -> None:
    caller = Outbound(HERE)
    for number in range(5):
        caller.call(Call(receiver.url(f"/{number}"), b"{}", {"X-Mine": "1", "Host": "else", "Content-Length": "7"}))
    assert len(receiver.connections) == 1
    assert [request.path for request in receiver.received] == ["/0", "/1", "/2", "/3", "/4"]
    headers = receiver.received[0].headers
    assert (headers["x-mine"], headers["host"], headers["content-length"]) == ("1", f"127.0.0.1:{receiver.port}", "2")


def test_a_slow_answer_and_one_too_long_are_none(receiver: Receiver) -> None:
    receiver.answer = lambda request: Says(seconds=5) if request.path == "/slow" else Says(200, b"x" * 5000)
    caller = Outbound(HERE)
    assert refusal(caller, receiver.url("/slow"), seconds=0.2) == "timed_out"
    assert refusal(caller, receiver.url("/long"), longest=4999) == "answer_too_long"
    assert caller.call(Call(receiver.url("/long"), b"{}", longest=5000)).body == b"x" * 5000
    assert caller.call(Call(receiver.url("/long"), b"{}", longest=100, cut=True)).body == b"x" * 100


def test_who_is_not_there_says_so() -> None:
    with a_receiver() as gone:
        pass
    assert refusal(Outbound(HERE), gone.url()) == "not_connected"
    assert refusal(Outbound(HERE), "https://nobody.invalid/") == "not_resolved"
    assert refusal(Outbound(HERE), "https://127.0.0.1:port/") == "url_invalid"


def test_certificates_are_verified_by_the_name_that_was_called(tmp_path: Path) -> None:
    certificate, key = a_certificate(tmp_path, "receiver.example")

    async def here(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    believing = ssl.create_default_context(cafile=certificate)
    with a_receiver(tls=(certificate, key)) as receiver:
        assert Outbound(HERE, here, believing).call(Call(receiver.url(host="receiver.example"), b"{}")).status == 204
        assert refusal(Outbound(HERE, here, believing), receiver.url(host="another.example")) == "tls_failed"
        assert refusal(Outbound(HERE, here), receiver.url(host="receiver.example")) == "tls_failed"
        assert len(receiver.received) == 1


def test_an_installation_calls_public_addresses_and_those_it_lists() -> None:
    config = Config(home=Path("/h"), local_servers=True, private_servers=True, outbound_networks="10.1.0.0/16")
    assert Allowed.of_calls(config) == Allowed(local=False, private=False, networks="10.1.0.0/16")
    assert Allowed.by(config) == Allowed(local=True, private=True, networks="10.1.0.0/16")


def a_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    began = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    alternatives = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("192.0.2.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + dt.timedelta(days=30))
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return certificate, private

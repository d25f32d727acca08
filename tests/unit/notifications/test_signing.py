"""Signatures of notifications, by the vectors of Standard Webhooks and of its reference libraries."""

import base64
import hashlib
import hmac

import pytest

from contor.notifications.delivering.signing import headers_of, signature
from contor.notifications.routes.secrets import signing_key, signing_secret_problem

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
IDENT = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_vector() -> None:
    assert signature(signing_key(SECRET), IDENT, 1614265330, BODY) == SIGNED


def test_headers_are_those_of_the_standard_and_the_older_one() -> None:
    key = signing_key(SECRET)
    assert headers_of(IDENT, 1614265330, BODY, [key]) == {
        "webhook-id": IDENT,
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNED,
        "X-Webhook-Signature": hmac.new(key, BODY, hashlib.sha256).hexdigest(),
    }


def test_without_a_secret_nothing_is_signed() -> None:
    assert headers_of(IDENT, 1614265330, BODY, []) == {"webhook-id": IDENT, "webhook-timestamp": "1614265330"}


def test_while_a_secret_is_replaced_both_sign_and_the_new_one_comes_first() -> None:
    new, former = b"n" * 32, signing_key(SECRET)
    said = headers_of(IDENT, 1614265330, BODY, [new, former])
    assert said["webhook-signature"] == f"{signature(new, IDENT, 1614265330, BODY)} {SIGNED}"
    assert said["X-Webhook-Signature"] == hmac.new(new, BODY, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("changed", [(IDENT + "x", 1614265330, BODY), (IDENT, 1614265331, BODY), (IDENT, 1614265330, BODY + b" ")])
def test_every_part_is_signed(changed: tuple[str, int, bytes]) -> None:
    assert signature(signing_key(SECRET), *changed) != SIGNED


@pytest.mark.parametrize(
    ("secret", "taken"),
    [
        (SECRET, True),
        (f"whsec_{base64.b64encode(b'k' * 24).decode()}", True),
        (f"whsec_{base64.b64encode(b'k' * 64).decode()}", True),
        (f"whsec_{base64.b64encode(b'k' * 23).decode()}", False),
        (f"whsec_{base64.b64encode(b'k' * 65).decode()}", False),
        (SECRET.removeprefix("whsec_"), False),
        ("whsec_", False),
        ("whsec_not base64!", False),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", False),
        ("whsec_äöü", False),
    ],
)
def test_a_secret_has_the_form_of_the_standard_and_is_never_repeated(secret: str, taken: bool) -> None:
    problem = signing_secret_problem(secret)
    assert (problem is None) is taken
    if problem is not None:
        assert (problem.code, problem.field, problem.rejected_value) == ("signing_secret_invalid", "signingSecret", None)
        assert secret.removeprefix("whsec_") == "" or secret not in problem.message

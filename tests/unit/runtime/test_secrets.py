"""Tokens, API secrets, passwords, sealed credentials, the server's key."""

import base64
import datetime as dt
import json
import threading
from pathlib import Path

import jwt
import pytest

from contor.kernel.errors import Kind, Refused
from contor.runtime.config import Config
from contor.runtime.secrets import (
    SealBroken,
    Secrets,
    hash_of,
    hash_of_password,
    new_name,
    new_secret,
    password_is_outdated,
    password_matches,
    secret_matches,
)

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
LATER = dt.timedelta
SECRETS = Secrets(b"k" * 32)


def refusal(token: str, use: str = "access", audience: str = "/v2", now: dt.datetime = NOW, by: Secrets = SECRETS) -> str:
    with pytest.raises(Refused) as refused:
        by.verified(use, token, audience=audience, now=now)  # type: ignore[arg-type]
    assert refused.value.kind is Kind.UNAUTHENTICATED
    (problem,) = refused.value.problems
    return problem.code


def token(use: str = "access", seconds: int = 300, **claims: object) -> str:
    return SECRETS.sign(use, {"sub": "key:1", **claims}, audience="/v2", now=NOW, seconds=seconds)  # type: ignore[arg-type]


def test_a_token_carries_its_claims_until_it_expires() -> None:
    issued = int(NOW.timestamp())
    made = token(scope="a b")
    expected = {"sub": "key:1", "scope": "a b", "iss": "contor", "aud": "/v2", "use": "access", "iat": issued, "exp": issued + 300}
    assert SECRETS.verified("access", made, audience="/v2", now=NOW) == expected
    assert SECRETS.verified("access", made, audience="/v2", now=NOW + LATER(seconds=299)) == expected
    assert refusal(made, now=NOW + LATER(seconds=300)) == "token_expired"


def test_a_token_is_good_for_its_use_its_audience_and_its_server_only() -> None:
    assert refusal(token("refresh", 600)) == "token_invalid"
    assert refusal(token(), use="refresh") == "token_invalid"
    assert refusal(token(), audience="/api/v0") == "token_invalid"
    assert refusal(token(), by=Secrets(b"x" * 32)) == "token_invalid"
    assert refusal(token(), now=NOW - LATER(seconds=61)) == "token_invalid"


def test_a_token_that_was_seen_is_judged_no_milder() -> None:
    made, own = token(), Secrets(b"k" * 32)
    assert own.verified("access", made, audience="/v2", now=NOW)["sub"] == "key:1"
    assert refusal(made, use="refresh", by=own) == "token_invalid"
    assert refusal(made, audience="/api/v0", by=own) == "token_invalid"
    assert refusal(f"{made}x", by=own) == "token_invalid"
    assert refusal(made, now=NOW - LATER(seconds=61), by=own) == "token_invalid"
    assert refusal(made, now=NOW + LATER(seconds=300), by=own) == "token_expired"


def test_what_is_kept_of_tokens_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contor.runtime.secrets.MOST_TOKENS", 3)
    own = Secrets(b"k" * 32)
    for number in range(10):
        own.verified("access", token(jti=str(number)), audience="/v2", now=NOW)
    assert len(own._signed_here) <= 3


def test_claims_cannot_replace_what_the_server_says() -> None:
    claims = {"exp": 2**40, "use": "refresh", "aud": "/api/v0", "iss": "me"}
    made = SECRETS.sign("access", claims, audience="/v2", now=NOW, seconds=300)
    assert SECRETS.verified("access", made, audience="/v2", now=NOW)["exp"] == int(NOW.timestamp()) + 300


@pytest.mark.parametrize(("use", "seconds"), [("access", 301), ("access", 0), ("refresh", 30 * 86_400 + 1)])
def test_no_token_lives_longer_than_it_may(use: str, seconds: int) -> None:
    with pytest.raises(ValueError, match="live at most"):
        token(use, seconds)


def _part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "a.b.c",
        "...",
        "ä.b.c",
        "\0",
        "\ud800",
        "x" * 5000,
        f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part({'sub': 'key:1', 'aud': '/v2', 'iss': 'contor', 'iat': 0, 'exp': 2**40})}.",
        f"{base64.urlsafe_b64encode(b'[' * 2000).decode()}.e30.",
        jwt.encode({"aud": "/v2", "iss": "contor", "iat": 0, "exp": 2**40, "use": "access"}, "guess" * 8, algorithm="HS256"),
        token()[:-2] + "AA",
        token() + ".x",
    ],
)
def test_a_forged_token_is_refused(forged: str) -> None:
    assert refusal(forged) == "token_invalid"


def test_a_secret_is_random_and_matches_only_its_own_hash() -> None:
    one, other = new_secret("whsec_"), new_secret("whsec_")
    assert one.startswith("whsec_")
    assert len(one) == 6 + 43
    assert one != other
    assert secret_matches(one, hash_of(one)) is True
    assert secret_matches(other, hash_of(one)) is False
    assert secret_matches(one, None) is False
    assert secret_matches("", None) is False
    assert secret_matches("\ud800", hash_of(one)) is False
    assert hash_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_name_has_lower_case_letters_and_digits() -> None:
    assert len(new_name(30)) == 30
    assert set("".join(new_name() for _ in range(200))) == set("abcdefghijklmnopqrstuvwxyz0123456789")


def test_a_password_matches_only_its_own_salted_hash() -> None:
    stored = hash_of_password("Grüße, 12 Äpfel")
    assert stored.startswith("$argon2id$")
    assert stored != hash_of_password("Grüße, 12 Äpfel")
    assert password_matches("Grüße, 12 Äpfel", stored) is True
    assert password_matches("grüße, 12 äpfel", stored) is False
    assert password_matches("Grüße, 12 Äpfel", None) is False
    assert password_matches("x", "not a hash") is False
    assert password_matches("\ud800", stored) is False
    assert password_is_outdated(stored) is False
    assert password_is_outdated("$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$" + "A" * 43) is True


def test_a_credential_is_read_only_with_the_key_and_at_the_place_it_was_sealed_for() -> None:
    sealed = SECRETS.seal("sk_live_ü", "7/provider/stripe")
    assert "sk_live" not in sealed
    assert sealed != SECRETS.seal("sk_live_ü", "7/provider/stripe")
    assert SECRETS.unseal(sealed, "7/provider/stripe") == "sk_live_ü"
    for reader, text, place in [
        (SECRETS, sealed, "8/provider/stripe"),
        (Secrets(b"x" * 32), sealed, "7/provider/stripe"),
        (SECRETS, sealed[:-4] + "AAA=", "7/provider/stripe"),
        (SECRETS, "v1.", "7/provider/stripe"),
        (SECRETS, "plain text", "7/provider/stripe"),
    ]:
        with pytest.raises(SealBroken, match="cannot be read with this server's key"):
            reader.unseal(text, place)


def test_the_key_is_made_once_for_all_processes_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    config = Config(home=tmp_path / "home")
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.append(Secrets.load(config).seal("x", "p"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reader = Secrets.load(config)
    assert [reader.unseal(sealed, "p") for sealed in made] == ["x"] * 8
    assert [path.name for path in config.home.iterdir()] == ["secret.key"]
    assert (config.home / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_key_from_the_environment_needs_no_file(tmp_path: Path) -> None:
    config = Config(home=tmp_path / "home", secret="s" * 32)
    assert Secrets.load(config).unseal(Secrets.load(config).seal("x", "p"), "p") == "x"
    assert not config.home.exists()


@pytest.mark.parametrize("content", ["", "abcd", "z" * 64])
def test_a_damaged_key_is_named_and_not_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret.key").write_text(content)
    with pytest.raises(Refused) as refused:
        Secrets.load(Config(home=tmp_path))
    assert refused.value.problems[0].code == "secret_key_damaged"
    assert (tmp_path / "secret.key").read_text() == content

"""The settings of an installation: defaults, every wrong one at once, nothing secret shown."""

from pathlib import Path

import pytest

from contor.kernel.errors import Kind, Refused
from contor.runtime.config import Config
from contor.runtime.outbound import own_server


def test_without_any_variable_everything_has_a_default() -> None:
    config = Config.from_environment({})
    assert (config.home, config.host, config.port) == (Path.cwd() / "var", "127.0.0.1", 8000)
    assert (config.database_url, config.pg_bin, config.secret) == (None, None, None)
    assert config.max_body_bytes == 2_097_152
    assert (config.servers, config.workers, config.file_workers, config.pool_size) == (1, None, 1, 10)


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("CONTOR_HOME", "/srv/contor", "home", Path("/srv/contor")),
        ("CONTOR_HOME", "data/here", "home", Path.cwd() / "data/here"),
        ("CONTOR_HOME", "~/contor", "home", Path.home() / "contor"),
        ("CONTOR_PORT", " 9001 ", "port", 9001),
        ("CONTOR_PORT", "", "port", 8000),
        ("CONTOR_HOST", "0.0.0.0", "host", "0.0.0.0"),
        ("DATABASE_URL", "postgresql://u:p@h/d", "database_url", "postgresql://u:p@h/d"),
        ("CONTOR_PG_BIN", "/opt/pg/bin", "pg_bin", Path("/opt/pg/bin")),
        ("CONTOR_MAX_BODY_BYTES", "1024", "max_body_bytes", 1024),
        ("CONTOR_WORKERS", "3", "workers", 3),
        ("CONTOR_LOCAL_SERVERS", "True", "local_servers", True),
        ("CONTOR_PRIVATE_SERVERS", "false", "private_servers", False),
        ("CONTOR_OUTBOUND_NETWORKS", " 10.1.0.0/16, fd00::7", "outbound_networks", "10.1.0.0/16,fd00::7/128"),
        ("CONTOR_FYNN_HOSTS", " API.example.com, *.coreapi.example", "fynn_hosts", "api.example.com,*.coreapi.example"),
        ("CONTOR_LOG_LEVEL", "DEBUG", "log_level", "debug"),
    ],
)
def test_a_variable_sets_its_setting(variable: str, text: str, name: str, value: object) -> None:
    assert getattr(Config.from_environment({variable: text}), name) == value


def test_every_wrong_variable_is_named_at_once_and_secrets_are_not_shown() -> None:
    with pytest.raises(Refused) as refused:
        Config.from_environment(
            {
                "CONTOR_PORT": "70000",
                "DATABASE_URL": "mysql://root:hunter2@h/d",
                "CONTOR_SECRET": "short",
                "CONTOR_WORKERS": "²",
                "CONTOR_LOG_LEVEL": "loud",
                "CONTOR_FYNN_HOSTS": "https://api.example.com:443",
                "CONTOR_OUTBOUND_NETWORKS": "10.1.2.3/16",
                "CONTOR_SMTP_URL": "smtps://u:hunter2@mail.example.com",
                "CONTOR_HOME": "a\0b",
            }
        )
    assert refused.value.kind is Kind.INVALID
    assert [(p.field, p.rejected_value) for p in refused.value.problems] == [
        ("CONTOR_HOME", "a\0b"),
        ("CONTOR_PORT", "70000"),
        ("CONTOR_FYNN_HOSTS", "https://api.example.com:443"),
        ("DATABASE_URL", None),
        ("CONTOR_SECRET", None),
        ("CONTOR_WORKERS", "²"),
        ("CONTOR_OUTBOUND_NETWORKS", "10.1.2.3/16"),
        ("CONTOR_SMTP_URL", None),
        ("CONTOR_LOG_LEVEL", "loud"),
    ]
    assert {p.code for p in refused.value.problems} == {"setting_invalid"}
    assert not any("hunter2" in p.message or "short" in p.message for p in refused.value.problems)


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example.com?from=a@b.example",
        "smtps://?from=a@b.example",
        "smtps://mail.example.com?from=nobody",
        "smtps://mail.example.com:0?from=a@b.example",
        "smtps://mail.example.com:99999?from=a@b.example",
    ],
)
def test_what_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        Config.from_environment({"CONTOR_SMTP_URL": url})


def test_the_mail_server_is_shown_without_its_password() -> None:
    url = "smtp+starttls://contor:hunter2@mail.example.com:587?from=no-reply@example.com"
    config = Config.from_environment({"CONTOR_SMTP_URL": url})
    assert config.smtp_url == url
    assert config.shown()["CONTOR_SMTP_URL"] == "smtp+starttls://contor:***@mail.example.com:587?from=no-reply@example.com"
    assert "hunter2" not in repr(config)
    server, sender = own_server(url)
    assert (server.host, server.port, server.security, server.user_name, server.password, sender) == (
        "mail.example.com",
        587,
        "STARTTLS",
        "contor",
        "hunter2",
        "no-reply@example.com",
    )
    assert "hunter2" not in repr(server)


def test_the_representation_hides_secrets() -> None:
    shown = repr(Config(home=Path("/h"), database_url="postgresql://u:hunter2@h/d", secret="s" * 40))
    assert "hunter2" not in shown
    assert "ssss" not in shown


def test_a_child_process_reads_the_same_settings() -> None:
    own = {"database_url": "postgresql://x/y", "secret": "s" * 32}
    config = Config(
        home=Path("/h"), port=1234, log_level="error", workers=2, private_servers=False, outbound_networks="10.0.0.0/8", **own
    )
    assert Config.from_environment(config.environment()) == config

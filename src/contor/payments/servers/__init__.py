"""Servers of banks by SFTP: spoken to by one way, whatever is fetched there or put there."""

from contor.payments.servers.secrets import host_key_problem, sealed_secret, secret_of_another_server, unsealed_secret
from contor.payments.servers.sftp import SECONDS, Server, Unreachable, talk
from contor.payments.servers.types import Host, HostKey, OneLine, ServerSecret
from contor.runtime.outbound.addresses import Allowed

__all__ = [
    "SECONDS",
    "Allowed",
    "Host",
    "HostKey",
    "OneLine",
    "Server",
    "ServerSecret",
    "Unreachable",
    "host_key_problem",
    "sealed_secret",
    "secret_of_another_server",
    "talk",
    "unsealed_secret",
]

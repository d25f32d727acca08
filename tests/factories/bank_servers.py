"""A bank's server, for real: SFTP on this machine, over a folder; and files in folders."""

import asyncio
import contextlib
import datetime as dt
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh


@dataclass
class BankServer:
    root: Path
    port: int = 0
    host_key: str = ""
    faults: list[str] = field(default_factory=list)
    """What happens next: `write`: the connection is lost after some bytes; `rename`: it is lost after the file has got its name."""
    writes: int = 0

    def names(self) -> list[str]:
        return sorted(path.name for path in self.root.iterdir())

    def body(self, **more: Any) -> dict[str, Any]:
        """How it is told to the API."""
        known = {"host": "127.0.0.1", "port": self.port, "userName": "us", "hostKey": self.host_key, "password": "secret"}
        return {"ident": "own", **known, "folder": "/", **more}

    def source(self, format: str = "CAMT", **more: Any) -> dict[str, Any]:
        """How it is told as a settlement source."""
        known = {"host": "127.0.0.1", "port": self.port, "userName": "us", "hostKey": self.host_key, "directory": "/"}
        credentials = [{"name": "password", "value": "secret"}]
        return {
            "ident": "own",
            "type": "SFTP",
            "format": format,
            "schedule": "QUARTER_HOURLY",
            **known,
            "credentials": credentials,
            **more,
        }


class _Door(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("us", "secret")


def _folder(bank: BankServer) -> type[asyncssh.SFTPServer]:
    class Folder(asyncssh.SFTPServer):
        def __init__(self, channel: Any) -> None:
            super().__init__(channel, chroot=str(bank.root))
            self.mine = channel

        def lost(self, moment: str) -> bool:
            if bank.faults[:1] != [moment]:
                return False
            bank.faults.pop(0)
            self.mine.get_connection().abort()
            return True

        def write(self, file_obj: object, offset: int, data: bytes) -> Any:
            bank.writes += 1
            if bank.faults[:1] == ["write"]:
                super().write(file_obj, offset, data[: len(data) // 2])
                self.lost("write")
                raise asyncssh.SFTPFailure("lost")
            return super().write(file_obj, offset, data)

        def rename(self, oldpath: bytes, newpath: bytes) -> Any:
            done = super().rename(oldpath, newpath)
            if self.lost("rename"):
                raise asyncssh.SFTPFailure("lost")
            return done

    return Folder


@contextlib.contextmanager
def a_bank_server(root: Path) -> Iterator[BankServer]:
    """It runs as long as the block."""
    root.mkdir()
    key = asyncssh.generate_private_key("ssh-ed25519")
    bank = BankServer(root, host_key=key.export_public_key().decode().strip())
    ready, loop = threading.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        server = await asyncssh.listen("127.0.0.1", 0, server_host_keys=[key], server_factory=_Door, sftp_factory=_folder(bank))
        bank.port = server.get_port()
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(120)
    yield bank
    loop.call_soon_threadsafe(loop.stop)
    thread.join(120)


def put(folder: Path, name: str, content: bytes, *, age: int = 60) -> None:
    """A file that was written `age` seconds ago."""
    (folder / name).write_bytes(content)
    then = dt.datetime.now(dt.UTC).timestamp() - age
    os.utime(folder / name, (then, then))


def names(folder: Path) -> dict[str, list[str]]:
    """The files of the folder and of the folders in it, by the names of these."""
    return {
        place.name: sorted(path.name for path in place.iterdir() if path.is_file())
        for place in (folder, *sorted(path for path in folder.iterdir() if path.is_dir()))
    }

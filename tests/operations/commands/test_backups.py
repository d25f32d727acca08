"""The drill: an installation is backed up while it lives, lost, and brought back from the folder alone."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.databases import a_database, in_database
from tests.factories.tenants import Tenant, a_tenant

from contor.app import Application, make_runtime
from contor.commands.backups import MANIFEST, back_up, restore
from contor.commands.demo import master_data
from contor.commands.serving.processes import bring_up
from contor.documents.after import ArchiveDocuments, archive
from contor.kernel.errors import Refused
from contor.runtime.blobs import FileBlobs
from contor.runtime.config import Config
from contor.runtime.execute import Runtime
from contor.runtime.postgres import process_login, start
from contor.runtime.secrets import Secrets
from contor.runtime.work.checking import check_all


def opened(config: Config, dsn: str) -> Runtime:
    runtime = make_runtime(config, process_login(dsn, Secrets.load(config)))
    runtime.database.open()
    return runtime


def business(runtime: Runtime) -> tuple[Tenant, str]:
    """A tenant with an invoice and its files."""
    client = TestClient(Application(runtime), raise_server_exceptions=False)
    tenant = a_tenant(runtime, client)
    master_data(runtime, tenant.caller())
    company = Company(tenant, client, {"Authorization": f"Bearer {tenant.token()}"})
    ident = company.document(net="80.40")
    (number,) = tenant.rows("SELECT id FROM document")
    tenant.execute(archive, ArchiveDocuments(document_ids=(number.id,)))
    return tenant, ident


def said_of(runtime: Runtime, tenant: Tenant, ident: str) -> Any:
    """The document as it is answered, with the bytes of its files."""
    client = TestClient(Application(runtime), raise_server_exceptions=False)
    token = client.post(
        f"/{tenant.realm}/oauth2/token", data={"grant_type": "client_credentials"}, auth=(tenant.api_key, tenant.api_secret)
    )
    headers = {"Authorization": f"Bearer {token.json()['access_token']}"}
    document = client.get(f"/v2/documents/{ident}", headers=headers).json()
    files = {file["fileIdent"]: client.get(f"/v2/files/{file['fileIdent']}", headers=headers).content for file in document["files"]}
    assert len(files) >= 2 and all(files.values())
    return document, files


def test_the_embedded_database_comes_back_from_its_folder(tmp_path: Path) -> None:
    quick = {"fsync": "off", "full_page_writes": "off"}
    home, away = Config(home=tmp_path / "home"), Config(home=tmp_path / "away")
    server = start(home, settings=quick)
    try:
        bring_up(server.dsn, Secrets.load(home))
        runtime = opened(home, server.dsn)
        tenant, ident = business(runtime)
        before = said_of(runtime, tenant, ident)
        made = back_up(home, tmp_path / "backup", lambda _: None)
        assert made.files >= 2 and made.has_key
        with pytest.raises(Refused, match="folder_not_empty"):
            back_up(home, tmp_path / "backup", lambda _: None)
        runtime.database.close()
    finally:
        server.stop()
    assert oct((tmp_path / "backup").stat().st_mode)[-3:] == "700"
    assert oct((tmp_path / "backup" / "secret.key").stat().st_mode)[-3:] == "600"
    shutil.rmtree(home.home)
    restore(away, tmp_path / "backup", lambda _: None)
    with pytest.raises(Refused, match="home_not_empty"):
        restore(away, tmp_path / "backup", lambda _: None)
    server = start(away, settings=quick)
    try:
        runtime = opened(away, server.dsn)
        assert said_of(runtime, tenant, ident) == before
        assert list(check_all(runtime)) == []
        # it is no picture of the past: business goes on, with the next number
        tenant.runtime = runtime
        http = TestClient(Application(runtime), raise_server_exceptions=False)
        company = Company(tenant, http, {"Authorization": f"Bearer {tenant.token()}"})
        company.requests = 1
        assert company.document() != ident
        runtime.database.close()
    finally:
        server.stop()


@pytest.fixture
def reader(server_dsn: str) -> Iterator[str]:
    """A login as an administrator makes it for backups."""
    admin, name = in_database(server_dsn, user="postgres"), f"contor_backup_{os.getpid()}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS IN ROLE pg_read_all_data").format(sql.Identifier(name)))
    yield name
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def test_a_server_of_ones_own(runtime: Runtime, server_dsn: str, database_dsn: str, reader: str, tmp_path: Path) -> None:
    """The owner may not read under forced row-level security; a login with BYPASSRLS may. It comes back into an empty database."""
    tenant, ident = business(runtime)
    before = said_of(runtime, tenant, ident)
    shutil.copytree(runtime.config.home / "blobs" / str(tenant.id), tmp_path / "home" / "blobs" / str(tenant.id))
    shutil.copy(runtime.config.home / "secret.key", tmp_path / "home" / "secret.key")
    for dsn in (database_dsn, in_database(database_dsn, user="contor_app")):
        with pytest.raises(Refused, match="login_may_not_read"):
            back_up(Config(home=tmp_path / "home", database_url=dsn), tmp_path / "refused", lambda _: None)
        shutil.rmtree(tmp_path / "refused")
    back_up(
        Config(home=tmp_path / "home", database_url=in_database(database_dsn, user=reader)), tmp_path / "backup", lambda _: None
    )
    with a_database(server_dsn, "template0") as empty:
        away = Config(home=tmp_path / "away", database_url=empty)
        restore(away, tmp_path / "backup", lambda _: None)
        with pytest.raises(Refused, match="database_not_empty"):
            restore(Config(home=tmp_path / "third", database_url=empty), tmp_path / "backup", lambda _: None)
        back = opened(away, empty)
        try:
            assert said_of(back, tenant, ident) == before
            assert list(check_all(back, tenant.id)) == []
        finally:
            back.database.close()


def test_what_is_no_whole_backup_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="backup_missing"):
        restore(Config(home=tmp_path / "home"), tmp_path, lambda _: None)
    blobs = FileBlobs(tmp_path / "blobs")
    name = blobs.put(1, b"paper")
    damaged = tmp_path / "blobs" / "1" / name[:2] / name
    damaged.write_bytes(b"other")
    from contor.commands.backups import _copy_files

    with pytest.raises(Refused, match="file_damaged"):
        _copy_files(tmp_path / "blobs", tmp_path / "copy")
    assert not (tmp_path / MANIFEST).exists()

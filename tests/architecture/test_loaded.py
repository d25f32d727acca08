"""What a process loads before it does anything, by name: a start is paid by everyone, what few ever call is loaded when it is called."""

import json
import subprocess
import sys

TOLD = """
import json, os, sys
from pydantic import BaseModel

def below(kind):
    for one in kind.__subclasses__():
        yield one
        yield from below(one)

print(json.dumps({
    "libraries": sorted({name.split(".")[0] for name in sys.modules} - {"__main__", "cython_runtime"} - set(sys.stdlib_module_names)),
    "packages": sorted({name.split(".")[1] for name in sys.modules if name.startswith("contor.")}),
    "built": sorted(f"{one.__module__}.{one.__name__}" for one in below(BaseModel)
                    if one.__module__.startswith("contor.") and one.__pydantic_complete__),
    "threads": len(os.listdir("/proc/self/task")) if sys.platform == "linux" else 1,
}))
"""
COMMAND_LINE = {
    *("annotated_doc", "annotated_types", "argon2", "contor", "cryptography", "iso4217", "jwt", "msgspec", "psycopg"),
    *("psycopg_binary", "psycopg_pool", "pycountry", "pydantic", "pydantic_core", "rich", "shellingham", "sqlalchemy", "typer"),
    *("typing_extensions", "typing_inspection"),
}
BUSINESS = {
    *(
        "anyio",
        "babel",
        "croniter",
        "dateutil",
        "dotenv",
        "isal",
        "lxml",
        "pgqueuer",
        "pydantic_settings",
        "re2",
        "rstr",
        "schwifty",
    ),
    *("segno", "six", "starlette", "stdnum", "typst"),
}
SERVER = {"click", "h11", "httptools", "uvicorn", "uvloop", "websockets", "watchfiles", "yaml", "idna"}


def loaded(imports: str) -> dict[str, list[str]]:
    said = subprocess.run([sys.executable, "-c", imports + TOLD], capture_output=True, text=True, check=True).stdout
    told: dict[str, list[str]] = json.loads(said)
    # compiled modules and what an installation in place puts into every interpreter
    told["libraries"] = [name for name in told["libraries"] if not name.startswith(("_", "sitecustomize"))]
    return told


def test_the_command_line_knows_no_business() -> None:
    told = loaded("import contor.cli")
    assert set(told["packages"]) == {"cli", "commands", "kernel", "runtime"}
    assert set(told["libraries"]) <= COMMAND_LINE


def test_a_worker_loads_what_every_document_needs_and_builds_nothing() -> None:
    """No rules of e-invoices by others (saxonche), no reader of PDF, no calendars of holidays: they are loaded by who calls them. The
    borders of bodies are built by the first of each kind."""
    told = loaded("import contor.cli, contor.app; contor.app.load_packages()")
    assert set(told["libraries"]) <= COMMAND_LINE | BUSINESS
    assert told["built"] == []


def test_what_all_are_forked_from_has_one_thread_and_a_server() -> None:
    told = loaded("import contor.cli, contor.app, contor.commands.serving.door; contor.app.load_packages()")
    assert set(told["libraries"]) <= COMMAND_LINE | BUSINESS | SERVER
    assert told["threads"] == 1

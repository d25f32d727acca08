"""Folders hold folders and papers, never themselves; what holds something stays."""

from typing import Any

from tests.factories.received import FILED, FOLDERS, PaperKeeper, a_plain_pdf


def a_folder(keeper: PaperKeeper, ident: str, parent: str | None = None, status: int = 201) -> Any:
    body = {"ident": ident, "name": ident.title(), **({"parentIdent": parent} if parent else {})}
    return keeper.call("POST", FOLDERS, body, status)


def a_paper(keeper: PaperKeeper, ident: str, folder: str | None = None, status: int = 201) -> Any:
    body = {"ident": ident, "type": "contract", "title": "Lease", "date": "2026-03-02", "note": "signed"}
    return keeper.call("POST", FILED, {**body, **({"folderIdent": folder} if folder else {})}, status)


def test_folders_count_what_is_in_them(keeper: PaperKeeper) -> None:
    a_folder(keeper, "a")
    a_folder(keeper, "b", "a")
    a_paper(keeper, "p-1", "a")
    a_paper(keeper, "p-2")
    found = keeper.call("GET", f"{FOLDERS}?sort=ident")["_embedded"]
    assert [(one["ident"], one["contentCount"], one.get("parentIdent")) for one in found] == [("a", 2, None), ("b", 0, "a")]
    assert [one["ident"] for one in keeper.call("GET", f"{FILED}?search=folderIdent==a")["_embedded"]] == ["p-1"]
    assert "holds 2 things" in keeper.call("DELETE", f"{FOLDERS}/a", status=409)["message"]
    keeper.call("DELETE", f"{FOLDERS}/b", status=204)
    keeper.sound()


def test_no_folder_lies_within_itself(keeper: PaperKeeper) -> None:
    a_folder(keeper, "a")
    a_folder(keeper, "b", "a")
    a_folder(keeper, "c", "b")
    for parent in ("a", "c"):
        refused = keeper.call("PUT", f"{FOLDERS}/a", {"name": "A", "parentIdent": parent}, 400)
        assert refused["errors"][0]["fieldName"] == "parentIdent"
    assert a_folder(keeper, "d", "nothing", 400)["errors"][0]["rejectedValue"] == "nothing"


def test_folders_have_a_depth(keeper: PaperKeeper) -> None:
    a_folder(keeper, "f-0")
    for depth in range(1, 20):
        a_folder(keeper, f"f-{depth}", f"f-{depth - 1}")
    assert "20 folders deep" in a_folder(keeper, "f-20", "f-19", 400)["errors"][0]["error"]


def test_a_paper_has_a_file(keeper: PaperKeeper) -> None:
    assert a_paper(keeper, "p-1", "nothing", 400)["errors"][0]["fieldName"] == "folderIdent"
    a_paper(keeper, "p-1")
    content = a_plain_pdf()
    assert keeper.put(f"{FILED}/p-1/file", content, "lease.pdf")["size"] == len(content)
    assert keeper.file(f"{FILED}/p-1") == (content, "application/pdf")
    keeper.call("DELETE", f"{FILED}/p-1", status=204)
    keeper.sound()

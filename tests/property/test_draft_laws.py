"""Laws of drafts: what the preview shows is what is issued, and nothing stands between what is written and what is read."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.factories.drafts import Writer, bodies, findings

from contor.kernel.partial import patched


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(bodies())
def test_the_preview_is_what_is_issued(
    furnished: Any, client: TestClient, bearer: Callable[[Any], dict[str, str]], body: dict[str, Any]
) -> None:
    """Totals, tax groups and every row; where the preview finds something, completing is refused by exactly that."""
    writer = Writer(client, bearer(furnished))
    ident = writer.call("POST", "/drafts", body, 201)["draftIdent"]
    seen = writer.preview(ident)
    if seen["findings"]:
        assert {found["code"] for found in seen["findings"]} <= {"document_total_negative", "payable_negative"}
        assert findings(writer.complete(ident, 400)) == findings(seen)
        writer.call("DELETE", f"/drafts/{ident}", status=204)
        return
    writer.complete(ident)
    issued = writer.document(ident)
    assert (issued["totals"], issued["taxes"]) == (seen["totals"], seen["taxes"])
    assert [(row["ident"], row["prices"]) for row in issued["items"]] == [(row["ident"], row["prices"]) for row in seen["items"]]
    assert furnished.broken() == []


_NAMES = st.sampled_from("abc")
_PLAIN = st.sampled_from(("1", "2", "x"))
_CONTENT: Any = st.recursive(
    st.dictionaries(_NAMES, _PLAIN, max_size=3), lambda inner: st.dictionaries(_NAMES, _PLAIN | inner, max_size=3), max_leaves=8
)
_PATCH: Any = st.recursive(
    st.dictionaries(_NAMES, _PLAIN | st.none(), max_size=3),
    lambda inner: st.dictionaries(_NAMES, _PLAIN | st.none() | inner, max_size=3),
    max_leaves=8,
)


@given(_CONTENT, _PATCH)
def test_a_change_in_part_says_what_it_says_once(content: Any, patch: Any) -> None:
    once = patched(content, patch)
    assert patched(once, patch) == once
    assert patched({}, once) == once
    assert patched(content, {}) == content


@given(_CONTENT, _PATCH, _PATCH)
def test_changes_of_different_fields_can_come_in_any_order(content: Any, first: Any, second: Any) -> None:
    second = {name: value for name, value in second.items() if name not in first}
    assert patched(patched(content, first), second) == patched(patched(content, second), first)

"""Dunning documents, and the rules by which they are made."""

from contor.api.fynn.dunning import documents, overdue
from contor.api.fynn.dunning.answers import DunningDocumentShown, OverdueRuleShown
from contor.api.fynn.dunning.documents import dunning_documents_shown
from contor.api.fynn.kit import route
from contor.api.route import Route

_RULES, _RULE = "/dunning/overdue-rules", "/dunning/overdue-rules/{id}"

ROUTES: list[Route] = [
    route(
        "GET",
        "/dunning/documents",
        documents.list_dunning_documents,
        permission="dunning-document:read",
        id="getDunningDocuments",
        about="dunning_document",
        filterable=documents.FIELDS,
        sought=documents.SOUGHT,
        output=DunningDocumentShown,
    ),
    route(
        "GET",
        "/dunning/documents/{id}",
        documents.get_dunning_document,
        permission="dunning-document:read",
        id="getDunningDocument",
        about="dunning_document",
    ),
    route(
        "GET",
        _RULES,
        overdue.list_rules,
        permission="dunning-rule:read",
        id="getOverdueRules",
        about="overdue_rule",
        filterable=overdue.FIELDS,
        output=OverdueRuleShown,
    ),
    route("GET", _RULE, overdue.get_rule, permission="dunning-rule:read", id="getOverdueRule", about="overdue_rule"),
    route(
        "POST",
        _RULES,
        overdue.create_rule,
        permission="dunning-rule:write",
        id="createOverdueRule",
        about="overdue_rule",
        body="body",
    ),
    route(
        "PUT",
        _RULE,
        overdue.change_rule,
        permission="dunning-rule:write",
        id="updateOverdueRule",
        about="overdue_rule",
        body="body",
    ),
    route("DELETE", _RULE, overdue.delete_rule, permission="dunning-rule:write", id="deleteOverdueRule", about="overdue_rule"),
]

__all__ = ["ROUTES", "dunning_documents_shown"]

"""Writes what the hub speaks out of the shapes it is made of, as OpenAPI: `python -m tests.project.hub_api`."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from safetyapp import protocol
from safetyapp.protocol import COMPLETE, DOCUMENT_TYPE, JSON_TYPE, LENGTH, OFFSET, PROTOCOL
from safetyapp.protocol_refusal import REFUSALS, Refusal
from tests.project import ROOT

FILE = ROOT / "docs" / "hub-api" / "openapi.json"
SHAPES = (
    protocol.Hello,
    protocol.Have,
    protocol.Missing,
    protocol.Listing,
    protocol.Receipt,
    protocol.SignedReceipt,
    protocol.Enrolment,
    protocol.EnrolRequest,
    protocol.Enrolled,
    Refusal,
)
_WHOLE = {"type": "integer", "minimum": 0}
_ONE = "/v1/documents/{sha256}"


def described() -> dict[str, Any]:
    """The whole description, version 3.1."""
    _, shapes = msgspec.json.schema_components(SHAPES, ref_template="#/components/schemas/{name}")
    for shape in shapes.values():
        if "description" in shape:
            shape["description"] = " ".join(shape["description"].split())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "校安检 hub 汇总端",
            "version": str(PROTOCOL),
            "description": "What safetyapp/protocol.py says, for other programs. Unknown keys are to be passed over.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "schemas": dict(sorted(shapes.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "Enrolled.token"}},
        },
    }


def spelled() -> str:
    return json.dumps(described(), ensure_ascii=False, indent=1) + "\n"


def _paths() -> dict[str, Any]:
    receipt = _answers("SignedReceipt")
    sending = {
        "201": {"description": "new here", "content": receipt["200"]["content"]},
        "200": {"description": "was here already", "content": receipt["200"]["content"]},
    }
    more = {"description": "more is to come", "headers": _headers(OFFSET)}
    held = {"description": "how much the hub keeps of it", "headers": _headers(OFFSET, COMPLETE)}
    address = {
        "name": "sha256",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    }
    body = {"required": True, "content": {DOCUMENT_TYPE: {}}}
    fetched = {"description": "the document", "content": {DOCUMENT_TYPE: {}}}
    rest = {**fetched, "description": "from the offset on"}
    plain = {"200": {"description": "as it says"}}
    return {
        "/v1/hello": {"get": _door("hello", _answers("Hello"), security=[{}, {"token": []}])},
        "/v1/have": {"post": _door("have", _answers("Missing"), requestBody=_asked("Have"))},
        "/v1/documents": {"get": _door("listing", _answers("Listing"), parameters=[_query("after"), _query("limit")])},
        _ONE: {
            "parameters": [address],
            "head": _door("head_document", {"204": held}),
            "put": _door("put_document", sending, requestBody=body),
            "patch": _door(
                "patch_document",
                {**sending, "204": more},
                requestBody=body,
                parameters=[_header(OFFSET), _header(LENGTH)],
            ),
            "get": _door(
                "get_document",
                {"200": fetched, "206": rest, "416": {"description": "there are no more bytes"}},
                parameters=[{"name": "Range", "in": "header", "schema": {"type": "string"}}],
            ),
        },
        f"{_ONE}/receipt": {"parameters": [address], "get": _door("get_receipt", receipt)},
        "/v1/enrol": {
            "post": _door(
                "enrol", {"201": _answers("Enrolled")["200"]}, requestBody=_asked("EnrolRequest"), security=[{}]
            )
        },
        "/health": {"get": _door("health", plain, security=[{}])},
        "/metrics": {"get": _door("metrics", plain, security=[{}, {"token": []}])},
    }


def _door(name: str, answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    statuses = ", ".join(sorted({str(meaning.status) for meaning in REFUSALS.values()}))
    refused = {"description": f"the hub says no ({statuses})", "content": _content("Refusal")}
    return {"operationId": name, **more, "responses": {**answers, "default": refused}}


def _content(shape: str) -> dict[str, Any]:
    return {JSON_TYPE: {"schema": {"$ref": f"#/components/schemas/{shape}"}}}


def _answers(shape: str) -> dict[str, Any]:
    return {"200": {"description": shape, "content": _content(shape)}}


def _asked(shape: str) -> dict[str, Any]:
    return {"required": True, "content": _content(shape)}


def _query(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": _WHOLE}


def _header(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": _WHOLE}


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"schema": {"enum": ["?0", "?1"]} if name == COMPLETE else _WHOLE} for name in names}


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(spelled(), encoding="utf-8")

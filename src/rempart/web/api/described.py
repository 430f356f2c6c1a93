"""What the API's own description (`/v1/openapi.json`) says of every route besides what the route says itself.

How programmes sign in, with which scope, and the one shape of every error: taken from what the routes declare.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from rempart.web.access import access_of

SCHEME = "token"
PROBLEM = {"$ref": "#/components/schemas/Problem"}
# Status -> what it means here. Whatever a programme asks for may be answered with one of these.
PROBLEMS = {
    400: "The request cannot be carried out as asked.",
    401: "No token that works came with it.",
    403: "The token lacks the scope.",
    404: "There is no such thing of the caller's.",
    409: "It exists already, or changed meanwhile.",
    413: "Larger than this server takes.",
    422: "Something is missing or not understood.",
    429: "Too much came from this address; see Retry-After.",
    500: "Something is broken here.",
    503: "It cannot be kept now, and nothing was; see Retry-After.",
}


class Problem(BaseModel):
    """Every error, whatever the route: what kind it is, what happened, what to do."""

    error: str = Field(description="a word for the kind of error, such as `mistake` or `unavailable`")
    detail: str = Field(description="what happened, in a sentence")
    help: str = Field(description="what to do about it; may be empty")


def describe(app: FastAPI) -> None:
    """Nothing; the app's description is complete."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(plain(), [route for route in app.routes if isinstance(route, APIRoute)])
        return plain()

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(schema: dict[str, Any], routes: list[APIRoute]) -> None:
    parts = schema.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
    parts["securitySchemes"] = {SCHEME: {"type": "http", "scheme": "bearer", "description": "a service token"}}
    for name in ("HTTPValidationError", "ValidationError"):  # what the framework would answer; we answer a Problem
        parts["schemas"].pop(name, None)
    for route in routes:
        for method in route.methods or ():
            operation = schema["paths"].get(route.path_format, {}).get(method.lower())
            if operation is not None:
                _complete_operation(operation, route)


def _complete_operation(operation: dict[str, Any], route: APIRoute) -> None:
    access = access_of(route)
    answers = operation.setdefault("responses", {})
    for status, meaning in PROBLEMS.items():
        answers[str(status)] = {"description": meaning, "content": {"application/json": {"schema": PROBLEM}}}
    if access is not None and access.scopes:
        operation["security"] = [{SCHEME: []}]
        operation["x-scopes"] = list(access.scopes)

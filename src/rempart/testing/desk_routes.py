"""Every route of a desk as something that can be called: what stands for its parameters, and what it is sent.

A new kind of parameter needs one line in `desk_ground.MAKERS`; a route that wants certain words, one in
`desk_ground.WORDS`. Whoever calls a route without them is told so: none goes untested because nobody thought of it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel

from rempart.errors import Broken
from rempart.testing.desk_ground import WORDS, Ground
from rempart.web.access import SAFE_METHODS, Access, access_of

_PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")


@dataclass(frozen=True, slots=True)
class Call:
    """One method of one route. path: its template, such as `/people/{pid}`."""

    method: str
    path: str
    access: Access
    route: APIRoute

    @property
    def unsafe(self) -> bool:
        """Whether it changes something."""
        return self.method not in SAFE_METHODS

    @property
    def places(self) -> list[str]:
        """What its parameters stand for, such as `people/{pid}`."""
        return [_place(self.path, found) for found in _PARAMETER.finditer(self.path)]

    def filled(self, value_of: Callable[[str], object]) -> str:
        """The path with a value for each parameter."""
        return _PARAMETER.sub(lambda found: str(value_of(_place(self.path, found))), self.path)


def calls(app: FastAPI) -> list[Call]:
    """Everything that can be called, in the order of the paths. Raises Broken for a route without declared access."""
    found = []
    for route in app.router.routes:
        if isinstance(route, APIRoute):
            access = access_of(route)
            if access is None:
                raise Broken(f"the route {route.path} declares no access")
            found += [Call(method, route.path, access, route) for method in sorted((route.methods or set()) - {"HEAD"})]
    return sorted(found, key=lambda call: (call.path, call.method))


def sent(call: Call, ground: Ground) -> dict[str, Any]:
    """What a client sends with this call, as keyword arguments: the words of the table, or the least that is taken."""
    if not call.unsafe:
        return {}
    maker = WORDS.get(f"{call.method} {call.path}")
    words = maker(ground) if maker else None
    fields = call.route.dependant.body_params
    models = [one for one in fields if _is_model(one.field_info.annotation)]
    if models:
        return {"json": words or _least(models[0].field_info.annotation)}
    return {"data": words or {one.alias: _least(one.field_info.annotation) for one in fields if _required(one)}}


def _place(path: str, found: re.Match[str]) -> str:
    """`people/{pid}` for the pid of `/people/{pid}/role`; `entries.{form}` where it is a part of a segment."""
    begin, end = path.rfind("/", 0, found.start()) + 1, path.find("/", found.end())
    segment = path[begin : None if end < 0 else end]
    return path[path.rfind("/", 0, begin - 1) + 1 : begin] + segment if segment == found.group() else segment


def _required(field: Any) -> bool:
    return bool(field.field_info.is_required())


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _least(annotation: Any) -> Any:
    """The least that is taken for this type."""
    if _is_model(annotation):
        fields = annotation.model_fields
        return {name: _least(one.annotation) for name, one in fields.items() if one.is_required()}
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return inner[0]
    if origin in (Union, UnionType):
        return _least(inner[0])
    return {int: 1, float: 1.0, bool: True}.get(annotation, "x") if origin is None else []

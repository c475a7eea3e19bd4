"""The forms that conditions and actions of a rule share: texts, one or more of something, known names."""

from collections.abc import Callable, Collection
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, GetJsonSchemaHandler, StringConstraints, ValidationInfo

from bridge.city import City
from bridge.city.yaml import suggestion

T = TypeVar("T")


def _listed(value: object) -> object:
    if value == []:
        raise ValueError("the list is empty; write at least one value")
    return value if isinstance(value, list) else [value]


class _OneOrList:
    """Tells editors that a single value needs no brackets."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        listed = handler(schema)
        return {"anyOf": [listed["items"], listed | {"minItems": 1}]}


def known(
    what: str, file: str, names: Callable[[City], Collection[str]]
) -> Callable[[str, ValidationInfo], str]:
    """A check that the city knows this name; where it lists no names at all, any will do."""

    def check(value: str, info: ValidationInfo) -> str:
        assert isinstance(info.context, City)
        listed = names(info.context)
        if listed and value not in listed:
            near = suggestion(value, listed) or f"; add it to {file} first"
            raise ValueError(f"unknown {what} {value!r}{near}")
        return value

    return check


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
OneOrMore = Annotated[tuple[T, ...], BeforeValidator(_listed), _OneOrList]
department = known("department", "departments.yaml", lambda city: city.departments)
Department = Annotated[str, AfterValidator(department)]

"""The schema of declared parameters, whose defaults have the types that they declare (PAR-006)."""

from collections.abc import Iterable, Sequence

from samo.config.environment import VARIABLE_NAME
from samo.config.parameters import PARAMETER_KEYS, ParameterType
from samo.config.schema.parts import TAG, Schema, mapping, matching, ref, told

_DEFAULTS: dict[ParameterType, Schema] = {
    ParameterType.STRING: {"type": "string"},
    ParameterType.BOOLEAN: {"anyOf": [{"type": "boolean"}, TAG]},
    ParameterType.INTEGER: {"anyOf": [{"type": "integer"}, TAG]},
    ParameterType.ENUM: {"type": ["string", "number", "boolean"]},
    ParameterType.EXECUTOR: {"type": ["string", "object"]},
    ParameterType.STEPS: ref("steps"),
    ParameterType.ENV_VAR_NAME: matching(VARIABLE_NAME),
}


def parameters_schema(
    owner: str,
    types: Sequence[ParameterType],
    required: Sequence[str] = ("type",),
    reserved: Iterable[str] = (),
) -> Schema:
    """Return the schema of what a command, job, executor or the pipeline declares.

    `types` are those that it may use, `reserved` the names that no parameter may have.
    """
    properties = {
        "type": told({"enum": [str(each) for each in types]}, "The type of its arguments."),
        "description": told({}, "What it is for."),
        "default": told({}, "Its value where no argument is given; without one, it is required."),
        "enum": told({"type": "array", "minItems": 1}, "The values that an enum takes."),
    }
    declaration = mapping(PARAMETER_KEYS, properties, required)
    declaration["allOf"] = [_of_type(each) for each in types]
    section: Schema = {"type": ["object", "null"], "additionalProperties": declaration}
    if reserved:
        section["propertyNames"] = {"not": {"enum": list(reserved)}}
    return told(section, f"The parameters of the {owner}: << parameters.NAME >>.")


def _of_type(parameter_type: ParameterType) -> Schema:
    then: Schema = {"properties": {"default": _DEFAULTS[parameter_type]}}
    if parameter_type is ParameterType.ENUM:
        then["required"] = ["enum"]
    is_type = {"properties": {"type": {"const": str(parameter_type)}}, "required": ["type"]}
    return {"if": is_type, "then": then}

"""The schema of where jobs run: images, machines, and executors by name."""

from samo.config.environment import VARIABLE_NAME
from samo.config.executors import (
    EXECUTOR_KEYS,
    IMAGE_KEYS,
    IMAGE_REFERENCE,
    MACHINE_KEYS,
    MACOS_KEYS,
    SETTING_KEYS,
)
from samo.config.parameters import PIPELINE_TYPES
from samo.config.schema.parameters import parameters_schema
from samo.config.schema.parts import (
    FLAG,
    NAME,
    TAG,
    TEXT,
    TEXT_OR_TEXTS,
    Schema,
    mapping,
    matching,
    or_null,
    ref,
    told,
)

_SETTINGS = {
    "resource_class": told(TEXT, "How large the machine is: small, medium, large, ..."),
    "shell": told(TEXT_OR_TEXTS, "The command line that gets each script as a file."),
    "working_directory": told(TEXT, "Where steps start; ~/project by default."),
    "environment": told(ref("environment"), "Variables of all steps; their values are literal."),
}
_CREDENTIALS: Schema = {"type": ["object", "null"], "additionalProperties": TEXT}
_IMAGE = {
    "image": told(
        {"allOf": [NAME, {"anyOf": [matching(IMAGE_REFERENCE), {"not": {"type": "string"}}]}]},
        "The image: [REGISTRY/]NAME[:TAG][@sha256:DIGEST].",
    ),
    "name": told(TEXT, "The host name under which the other containers reach it."),
    "entrypoint": told(TEXT_OR_TEXTS, "Replaces the entry point of the image."),
    "command": told(TEXT_OR_TEXTS, "Replaces the command of the image."),
    "user": told(TEXT, "The user within the container."),
    "environment": told(ref("environment"), "Variables of the container."),
    "auth": told(_CREDENTIALS, "Credentials of the registry; $NAME is a variable of a context."),
    "aws_auth": told(_CREDENTIALS, "Credentials for Amazon's registry."),
    "gcp_auth": told(_CREDENTIALS, "Credentials for Google's registry."),
}
_NESTED = {
    "resource_class": told({}, "As the job's own."),
    "shell": told({}, "As the job's own."),
}
_MACHINE = {
    **_NESTED,
    "image": told(TEXT, "The image of the virtual machine."),
    "docker_layer_caching": told(FLAG, "Keep the layers of images from run to run."),
    "enabled": told({}, "No effect."),
}
_MACOS = {
    **_NESTED,
    "xcode": told(NAME, "The version of Xcode."),
    "code_signing": told(TEXT, "Whether what signs applications is set up."),
}


def settings_properties() -> dict[str, Schema]:
    """Return the properties that jobs and executors have in common."""
    return {**_executor_properties(), **_SETTINGS}


def executor_schema() -> Schema:
    """Return the schema of a declared executor; a text is the name of another (EXE-002)."""
    properties = {
        **settings_properties(),
        "description": told({}, "What it is for."),
        "parameters": parameters_schema("executor", PIPELINE_TYPES),
    }
    body = mapping((*EXECUTOR_KEYS, *SETTING_KEYS, "description", "parameters"), properties)
    body["anyOf"] = [{"required": [key]} for key in EXECUTOR_KEYS]
    return {"anyOf": [{"type": "string"}, body]}


def environment_schema() -> Schema:
    """Return the schema of variables: a map, or a list of `NAME=value` and small maps (JOB-012)."""
    variables = {
        "type": "object",
        "propertyNames": {"pattern": f"^{VARIABLE_NAME.pattern}$"},
        "additionalProperties": TEXT,
    }
    assignment = {"type": "string", "pattern": f"^{VARIABLE_NAME.pattern}="}
    items = {"anyOf": [variables, assignment, TAG, {"type": "null"}]}
    return {
        "anyOf": [variables, {"type": "array", "items": items}, assignment, TAG, {"type": "null"}]
    }


def _executor_properties() -> dict[str, Schema]:
    images = {"type": "array", "minItems": 1, "items": mapping(IMAGE_KEYS, _IMAGE, ("image",))}
    machine = {"anyOf": [{"const": True}, mapping(MACHINE_KEYS, _MACHINE), TAG]}
    return {
        "docker": told(or_null(images), "Images; the steps run in the first, beside the others."),
        "machine": told(or_null(machine), "A virtual machine; `true` for a runner of your own."),
        "macos": told(or_null(mapping(MACOS_KEYS, _MACOS, ("xcode",))), "A machine with macOS."),
    }
